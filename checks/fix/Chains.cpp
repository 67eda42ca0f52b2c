#include "fix/Chains.h"
#include "fix/Text.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

/// The tokens of \p Range that name \p O, which goes by \p Name there; none if one of them may mean
/// something else.
static std::optional<std::vector<SourceRange>> mentions(const Program &P, SourceRange Range,
                                                        StringRef Name) {
  std::vector<Token> Tokens = tokensOf(P, Range);
  StringRef Last = Name.substr(Name.find_last_of(".>") + 1);
  std::vector<SourceRange> Found;
  for (size_t I = 0; I != Tokens.size(); ++I) {
    if (Tokens[I].isNot(tok::raw_identifier) || spelling(P, Tokens[I]) != Last)
      continue;
    size_t First = I;
    while (First > 1 && Tokens[First - 1].isOneOf(tok::period, tok::arrow) &&
           Tokens[First - 2].is(tok::raw_identifier))
      First -= 2;
    const SourceRange Whole{Tokens[First].getLocation(), Tokens[I].getLocation()};
    const bool Bare =
        First == 0 || !Tokens[First - 1].isOneOf(tok::period, tok::arrow, tok::coloncolon);
    if (textOf(P, Whole) == Name && Bare)
      Found.push_back(Whole);
    else if (spelling(P, Tokens[First]) == "this")
      return std::nullopt;
  }
  return Found;
}

/// Other code that runs meanwhile looks at what is set.
static bool isReadMeanwhile(const Program &P, const Function &F, const Chain &C) {
  auto Reached = P.reachableFrom(F);
  return C.What.isField() && llvm::any_of(P.on(C.What.leaf()), [&](const Site &S) {
           return S.In != &F && Reached.contains(S.In) && S.What->Immediate && S.What->At != C.Kept;
         });
}

Fix cutChain(const Program &P, const Function &F, const Chain &C, Names &Given) {
  const Event &Store = *C.Store;
  auto Name = nameIn(C.What, F, P);
  // What a lambda has captured is its own.
  if (!Name && F.IsLambda && C.What.path().empty())
    Name = C.What.root()->Name;
  const int S = Store.At.isMacroID() ? Layout::None : F.Text.at(Store.At);
  if (!Name || Name->empty() || S == Layout::None || F.Text.Statements[S].InMacro)
    return refusal("it is written in a macro");
  const Statement &Set = F.Text.Statements[S];
  StringRef Text = textOf(P, Set.At);
  if (Set.Is != Statement::Plain || !Set.Listed || !Text.consume_front(*Name) ||
      !Text.ltrim().starts_with("=") || Text.ltrim().starts_with("=="))
    return refusal("it is not set by a statement of its own");
  if (C.SetElsewhere || isReadMeanwhile(P, F, C))
    return refusal("other code uses what is set");
  // What comes behind in the same block, up to its end.
  const SourceRange Rest{endOf(P, Set.At.getEnd()), F.Text.Statements[Set.Around].At.getEnd()};
  auto Uses = mentions(P, Rest, *Name);
  if (!Uses)
    return refusal("something else has the same name");
  bool Again = false;
  F.forEach([&](const Event &E, Position) {
    Again |= E.is(Role::Store | Role::Overwrite) && E.Immediate && E.On == C.What &&
             E.At != Store.At && Rest.getBegin() < E.At && E.At < Rest.getEnd();
  });
  if (Again)
    return refusal("it is set again behind that");

  const Object &New = Store.Args[0].What;
  Editor E(P, "let the new one end with the " + std::string(C.EachTurn ? "turn" : "call"));
  E.changesBehaviour();
  std::string Own;
  auto Made = New.isLocal() ? nameIn(New, F, P) : std::nullopt;
  if (Made && Text.ltrim().drop_front().trim() == *Made) { // it has a variable already
    Own = *Made;
    E.removeStatement(F, Store.At);
  } else {
    Own = Given.fresh(P, F, "Next");
    std::vector<Token> Tokens = tokensOf(P, Set.At);
    auto Equal = llvm::find_if(Tokens, [](const Token &T) { return T.is(tok::equal); });
    if (Equal == Tokens.begin() || Equal == Tokens.end())
      return refusal("it is not set by a statement of its own");
    E.replace({Set.At.getBegin(), std::prev(Equal)->getLocation()}, "auto " + Own);
  }
  for (const SourceRange &Use : *Uses)
    E.replace(Use, Own);
  return E.take();
}

} // namespace tether
