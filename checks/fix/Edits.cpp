#include "fix/Edits.h"
#include "flow/Event.h"
#include "model/ApiTable.h"
#include "summary/Program.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace tether {

/// The text of the line of \p At and the place of its first character.
static std::pair<StringRef, SourceLocation> lineOf(const SourceManager &SM, SourceLocation At) {
  auto [File, Offset] = SM.getDecomposedLoc(At);
  StringRef Text = SM.getBufferData(File);
  size_t Start = Text.rfind('\n', Offset == 0 ? 0 : Offset - 1);
  Start = Start == StringRef::npos ? 0 : Start + 1;
  StringRef Line = Text.substr(Start).take_until([](char C) { return C == '\n' || C == '\r'; });
  return {Line, SM.getLocForStartOfFile(File).getLocWithOffset(static_cast<int>(Start))};
}

std::vector<FixItHint> insertBefore(const Program &P, SourceLocation At,
                                    const std::string &Statement) {
  const SourceManager &SM = P.sources();
  if (At.isInvalid() || At.isMacroID())
    return {};
  auto [Line, Start] = lineOf(SM, At);
  size_t Indent = Line.find_first_not_of(" \t");
  auto Offset = SM.getFileOffset(At) - SM.getFileOffset(Start);
  // Only a statement at the start of its line, in a block of its own, has a place in front of it:
  // `if (x) return;` on two lines would lose its return.
  if (Indent == StringRef::npos || Indent != Offset)
    return {};
  auto Before = SM.getBufferData(SM.getFileID(Start)).take_front(SM.getFileOffset(Start)).rtrim();
  while (Before.contains('\n') && Before.substr(Before.rfind('\n') + 1).trim().starts_with("//"))
    Before = Before.substr(0, Before.rfind('\n')).rtrim(); // a comment between
  StringRef Above = Before.substr(Before.rfind('\n') + 1).trim();
  bool IsLabel =
      Above.ends_with(":") && (Above.starts_with("case ") || Above.starts_with("default"));
  if (!Before.ends_with("{") && !Before.ends_with("}") && !Before.ends_with(";") && !IsLabel)
    return {};
  // In front of a closing brace the statement is one step further in.
  std::string Step = Line.drop_front(Indent).starts_with("}") ? "  " : "";
  return {FixItHint::CreateInsertion(At, Step + Statement + "\n" + Line.take_front(Indent).str())};
}

std::vector<FixItHint> triggerBefore(const Program &P, SourceLocation At, const Object &Source) {
  const ApiType *Type = Source.leaf()->Type;
  for (const Api &A : P.table().calls()) {
    StringRef Method = A.Call;
    if (A.Is == Role::RequestStop && Type && Method.consume_front(Type->Type) &&
        Method.consume_front("::"))
      return insertBefore(P, At, (Source.leaf()->Name + "." + Method + "();").str());
  }
  return {};
}

std::vector<FixItHint> nameTemporary(const Program &P, const Event &E,
                                     std::set<std::string> &Given) {
  SourceLocation Begin = E.Range.getBegin();
  if (Begin.isInvalid() || Begin.isMacroID() || E.Range.getEnd().isMacroID())
    return {};
  auto [Line, Start] = lineOf(P.sources(), Begin);
  if (Line.find_first_not_of(" \t") !=
      P.sources().getFileOffset(Begin) - P.sources().getFileOffset(Start))
    return {};
  const std::string Base = E.is(Role::OnStop) ? "OnStop" : "Task";
  std::string Name = Base;
  auto isTaken = [&] {
    return Given.count(Name) ||
           llvm::any_of(P.allSymbols(), [&](const Symbol *S) { return S->Name == Name; });
  };
  for (unsigned N = 2; isTaken(); ++N)
    Name = Base + std::to_string(N);
  Given.insert(Name);
  return {FixItHint::CreateInsertion(Begin, "auto " + Name + " = ")};
}

/// The whole line of a declaration that has it for itself, or nothing.
static std::optional<std::pair<StringRef, SourceLocation>> ownLine(const SourceManager &SM,
                                                                   SourceLocation At) {
  if (At.isInvalid() || At.isMacroID())
    return std::nullopt;
  auto [Line, Start] = lineOf(SM, At);
  StringRef Code = Line.trim();
  // An initialiser in braces or a list of names may reach over the end of the line.
  if (!Code.ends_with(";") || Code.count(';') != 1 || Code.contains("//") || Code.contains("/*"))
    return std::nullopt;
  unsigned Depth = 0;
  for (char C : Code) {
    Depth += C == '<' || C == '(' || C == '{';
    Depth -= (C == '>' || C == ')' || C == '}') && Depth != 0;
    if (C == ',' && Depth == 0)
      return std::nullopt;
  }
  StringRef Before =
      SM.getBufferData(SM.getFileID(Start)).take_front(SM.getFileOffset(Start)).rtrim();
  // Not in the middle of a declaration, nor below a comment that belongs to it.
  StringRef Above = Before.substr(Before.rfind('\n') + 1).trim();
  if (Depth != 0 || Above.starts_with("//") || Above.ends_with("*/") ||
      !(Above.ends_with(";") || Above.ends_with("{") || Above.ends_with("}") ||
        Above.ends_with(":") || Above.contains("; //")))
    return std::nullopt;
  return std::pair(Line, Start);
}

std::vector<FixItHint> moveBehind(const Program &P, const Symbol &Member, const Symbol &Last) {
  const SourceManager &SM = P.sources();
  auto From = ownLine(SM, Member.At);
  if (!From || Last.At.isInvalid() || Last.At.isMacroID())
    return {};
  auto [Line, Start] = lineOf(SM, Last.At);
  StringRef Code = Line.take_until([](char C) { return C == '/'; }).trim();
  if (!Code.ends_with(";") || SM.getFileID(Start) != SM.getFileID(From->second))
    return {};
  StringRef Text = SM.getBufferData(SM.getFileID(Start));
  size_t Next = Text.find('\n', SM.getFileOffset(Start));
  SourceLocation Behind =
      SM.getLocForStartOfFile(SM.getFileID(Start)).getLocWithOffset(static_cast<int>(Next + 1));
  std::string Moved = (From->first + "\n").str();
  SourceLocation End = From->second.getLocWithOffset(static_cast<int>(Moved.size()));
  return {FixItHint::CreateRemoval(CharSourceRange::getCharRange(From->second, End)),
          FixItHint::CreateInsertion(Behind, Moved)};
}

std::vector<FixItHint> passToken(const TokenSlot &Slot, const Object &Token) {
  // The token of another function is not there unless it is captured, and a member may be hidden.
  const Symbol &Root = *Token.root();
  bool IsVariable =
      Token.path().empty() && (Root.Where == Symbol::Param || Root.Where == Symbol::Local);
  if (!Slot.Certain || Slot.TypeId != Root.TypeId || !IsVariable)
    return {};
  if (Slot.Where.getEnd().isValid())
    return {FixItHint::CreateReplacement(Slot.Where, Root.Name)};
  return {FixItHint::CreateInsertion(Slot.Where.getBegin(), Slot.Before + Root.Name + Slot.After)};
}

} // namespace tether
