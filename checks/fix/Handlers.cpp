#include "fix/Handlers.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

/// Handles \p Exception by \p Action in front of the handler of \p S.
static void handleFirst(Editor &E, const Program &P, const Swallowed &S,
                        const std::string &Exception, const std::string &Action) {
  const SourceLocation At = S.By->At;
  if (At.isMacroID())
    return E.refuse("it is written in a macro");
  const Line L = lineOf(P, At);
  const std::string Indent = L.indent().str();
  E.insert(At, "catch (" + Exception + ") {\n" + Indent + indentStep(P, At) + Action + "\n" +
                   Indent + "}" + (L.startsHere() ? "\n" + Indent : " "));
}

/// A class is defined under that name for all of the file that comes behind.
static bool isNamedBefore(const Program &P, SourceLocation Where, StringRef Class) {
  const SourceManager &SM = P.sources();
  const SourceLocation Begin = SM.getLocForStartOfFile(SM.getFileID(Where));
  int Depth = 0;
  StringRef Before;
  for (const Token &T : tokensOf(P, {Begin, Where})) {
    Depth += T.is(tok::l_brace);
    Depth -= T.is(tok::r_brace);
    if (!T.is(tok::raw_identifier)) {
      Before = StringRef();
      continue;
    }
    if (Depth == 0 && spelling(P, T) == Class && (Before == "struct" || Before == "class"))
      return true;
    Before = spelling(P, T);
  }
  return false;
}

/// The class of what is thrown at \p Throw, as it is written there.
static std::string thrownClass(const Program &P, const Event &Throw) {
  if (Throw.Range.isInvalid())
    return {};
  std::vector<Token> Tokens = tokensOf(P, Throw.Range);
  return Tokens.size() > 2 && spelling(P, Tokens[0]) == "throw" &&
                 Tokens[1].is(tok::raw_identifier) && Tokens[2].isOneOf(tok::l_paren, tok::l_brace)
             ? spelling(P, Tokens[1]).str()
             : "";
}

/// How \p F, whose handler it is, lets the exception out; empty if that is not certain.
static std::string wayOut(const Program &P, const Function &F) {
  const bool IsBody = llvm::any_of(P.tasks(), [&](const Task &T) { return T.Body == &F; });
  if (IsBody) // nobody catches what leaves it
    return F.ReturnsNothing ? "return;" : "";
  return P.runningIn(F).empty() && !F.IsDestructor && !F.IsNoexcept ? "throw;" : "";
}

Fix throwAgain(const Program &P, const Function &F, const Swallowed &S) {
  Editor E(P, "throw it again");
  if (S.Request) {
    const Api *Request = S.Request->Entry;
    if (!Request || !Request->Unwound)
      return refusal("the tables do not say what unwinds it");
    handleFirst(E, P, S, Request->Unwound.Text, "throw;");
    E.require(Request->Unwound, S.By->At);
    return E.take();
  }
  const std::string Class = thrownClass(P, *S.Thrown);
  if (Class.empty() || S.By->At.isMacroID() || S.Thrown->At.isMacroID() ||
      P.sources().getFileID(S.By->At) != P.sources().getFileID(S.Thrown->At) ||
      !isNamedBefore(P, S.By->At, Class))
    return refusal("whether '" + Class + "' means the same here is not known");
  const std::string Out = wayOut(P, F);
  if (Out.empty())
    return refusal("who would catch it further up is not known");
  handleFirst(E, P, S, "const " + Class + " &", Out);
  return E.changesBehaviour().take();
}

} // namespace tether
