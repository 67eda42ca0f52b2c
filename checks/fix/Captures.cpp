#include "fix/Captures.h"
#include "fix/Text.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {

Fix captureCopy(const Program &P, const Escaping &E) {
  const Capture &C = E.What;
  const Symbol *S = C.What.root();
  if (C.Brackets.isInvalid())
    return refusal("it is not captured by a lambda");
  if (!C.What.path().empty() || !S->Copyable)
    return refusal("it cannot be copied");
  if (!C.OnlyRead)
    return refusal("the task changes it");
  std::vector<Token> Tokens = tokensOf(P, C.Brackets);
  if (Tokens.size() < 3)
    return refusal("it is written in a macro");
  Editor Edit(P, "capture a copy of '" + S->Name + "'");
  Edit.changesBehaviour();
  const bool ByDefault = Tokens[1].is(tok::amp) && Tokens[2].isNot(tok::raw_identifier);
  auto Named = llvm::find_if(Tokens, [&](const Token &T) {
    return T.is(tok::raw_identifier) && spelling(P, T) == S->Name;
  });
  if (Named != Tokens.end() && std::prev(Named)->is(tok::amp) && Tokens[1].isNot(tok::equal))
    Edit.remove({std::prev(Named)->getLocation(), std::prev(Named)->getLocation()});
  else if (Named == Tokens.end() && ByDefault)
    Edit.insert(Tokens.back().getLocation(), ", " + S->Name);
  else
    return refusal("its capture is not understood");
  return Edit.take();
}

} // namespace tether
