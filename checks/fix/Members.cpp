#include "fix/Members.h"
#include "fix/Text.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

namespace {
/// The lines of a declaration.
struct Lines {
  SourceLocation Begin, End; ///< End is the beginning of the next line
};
} // namespace

/// The lines that a declaration has to itself; or why it has none.
static std::optional<Lines> linesOf(const Program &P, const Symbol &S, std::string &Why) {
  const SourceManager &SM = P.sources();
  if (S.Whole.isInvalid() || S.Whole.getBegin().isMacroID() || S.Whole.getEnd().isMacroID()) {
    Why = "it is written in a macro";
    return std::nullopt;
  }
  std::vector<Token> Tokens = tokensOf(P, S.Whole);
  auto Name = llvm::find_if(Tokens, [&](const Token &T) { return T.getLocation() == S.At; });
  const SourceLocation End = endOfStatement(P, S.Whole.getEnd());
  if (Name == Tokens.begin() || Name == Tokens.end() || std::prev(Name)->is(tok::comma) ||
      End == endOf(P, S.Whole.getEnd())) {
    Why = "its declaration is one of several members";
    return std::nullopt;
  }
  const Line First = lineOf(P, S.Whole.getBegin()), Last = lineOf(P, End);
  if (!First.startsHere() || !endsLine(P, End)) {
    Why = "its declaration shares a line";
    return std::nullopt;
  }
  StringRef Text = SM.getBufferData(SM.getFileID(S.At));
  StringRef Before = Text.take_front(SM.getFileOffset(First.Begin)).rtrim();
  StringRef Above = Before.substr(Before.rfind('\n') + 1).trim();
  if (Above.starts_with("//") || Above.ends_with("*/")) {
    Why = "a comment belongs to it";
    return std::nullopt;
  }
  const size_t Next = Text.find('\n', SM.getFileOffset(Last.Begin));
  if (Next == StringRef::npos) {
    Why = "its declaration ends the file";
    return std::nullopt;
  }
  return Lines{
      First.Begin,
      SM.getLocForStartOfFile(SM.getFileID(S.At)).getLocWithOffset(static_cast<int>(Next + 1))};
}

void removeMember(Editor &E, const Program &P, const Symbol &Member) {
  std::string Why;
  auto Whole = linesOf(P, Member, Why);
  if (!Whole)
    return E.refuse(Why);
  E.removeUpTo(Whole->Begin, Whole->End);
}

/// Keeps the order in which a constructor initialises that of the declarations.
static void moveInitialiser(Editor &E, const Program &P, const Function &Constructor,
                            const Symbol &Member, const Symbol &Last) {
  const Event *Mine = nullptr;
  std::vector<const Event *> Written;
  Constructor.forEach([&](const Event &I, Position) {
    if (!I.Initial || !I.Immediate || !I.On || I.On.path().size() != 1 || I.At < Constructor.At ||
        Constructor.End < I.At || // by default, in the class
        !textOf(P, I.Range).starts_with(I.On.leaf()->Name))
      return;
    Written.push_back(&I);
    if (I.On.leaf() == &Member)
      Mine = &I;
  });
  if (!Mine)
    return;
  auto InText = [](const Event *A, const Event *B) { return A->At < B->At; };
  llvm::sort(Written, InText);
  const Event *Next = nullptr, *Behind = nullptr;
  for (const Event *I : Written) {
    if (!Next && Mine->At < I->At)
      Next = I;
    if (Mine->At < I->At && !(Last.At < I->On.leaf()->At))
      Behind = I;
  }
  if (!Behind)
    return;
  Constructor.forEach([&](const Event &Use, Position) {
    if (Use.Immediate && Use.On && Use.On.leaf() == &Member && Behind->Range.getEnd().isFileID() &&
        Mine->Range.getEnd() < Use.At && Use.At <= Behind->Range.getEnd())
      E.refuse("another member is made from it");
  });
  StringRef Text = textOf(P, Mine->Range);
  if (Text.empty())
    return E.refuse("it is written in a macro");
  E.removeUpTo(Mine->Range.getBegin(), Next->Range.getBegin());
  E.insert(endOf(P, Behind->Range.getEnd()), ", " + Text.str());
}

Fix moveBehind(const Program &P, const Symbol &Member, const Symbol &Last) {
  const SourceManager &SM = P.sources();
  std::string Why;
  auto From = linesOf(P, Member, Why);
  if (!From)
    return refusal(Why);
  auto To = linesOf(P, Last, Why);
  if (!To) { // what stands on the line of the last one does not matter, if it ends there
    const SourceLocation End = Last.Whole.isValid() && Last.Whole.getEnd().isFileID()
                                   ? endOfStatement(P, Last.Whole.getEnd())
                                   : SourceLocation();
    if (End.isInvalid() || !endsLine(P, End))
      return refusal("'" + Last.Name + "' is not declared on a line of its own");
    const Line L = lineOf(P, End);
    To = Lines{L.Begin, L.Begin.getLocWithOffset(static_cast<int>(L.Text.size()) + 1)};
  }
  if (SM.getFileID(From->Begin) != SM.getFileID(To->Begin))
    return refusal("'" + Last.Name + "' is declared in another file");
  StringRef Code = SM.getBufferData(SM.getFileID(From->Begin));
  StringRef Moved = Code.slice(SM.getFileOffset(From->Begin), SM.getFileOffset(From->End));
  Editor E(P, "declare it behind '" + Last.Name + "'");
  E.removeUpTo(From->Begin, From->End);
  E.insert(To->End, Moved.str());
  for (const auto &F : P.functions())
    if (F->IsConstructor && F->Class == Member.Class)
      moveInitialiser(E, P, *F, Member, Last);
  return E.take();
}

} // namespace tether
