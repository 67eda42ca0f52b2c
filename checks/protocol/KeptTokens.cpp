#include "protocol/KeptTokens.h"
#include "protocol/Reach.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// What lives longer than a call and has \p O as a part; null if there is nothing.
static const Symbol *keeperOf(const Object &O) {
  if (!O || O.path().empty())
    return nullptr;
  const Symbol *Root = O.root();
  if (Root->Where == Symbol::Global)
    return Root;
  // The member itself, kept alone, is another question.
  return Root->Where == Symbol::This && O.path().size() > 1 ? O.path().front() : nullptr;
}

static bool isTakenOut(const Program &P, const Symbol *Keeper, const Function &F) {
  return llvm::any_of(P.on(Keeper), [&](const Site &S) {
    return S.What->is(Role::Remove | Role::Overwrite) ||
           (S.What->is(Role::Transfer) && !S.What->Returned && S.In != &F);
  });
}

/// Where a token that \p F was given has come into \p Bundle, or null.
static const Event *filledBy(const Function &F, const Object &Bundle,
                             llvm::ArrayRef<Object> Given) {
  Object Token = Bundle;
  for (const Symbol *Member : Bundle.root()->TokenPath)
    Token = Token.field(Member);
  const Event *Found = nullptr;
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::Store) && E.On == Token && E.Args.size() == 1 &&
        llvm::is_contained(Given, E.Args[0].TokenOf))
      Found = &E;
  });
  return Found;
}

std::vector<KeptToken> findKeptTokens(const Program &P, const Function &F) {
  std::vector<KeptToken> Found;
  const std::vector<Object> Given = givenTokens(F);
  if (Given.empty() || F.IsConstructor) // what a constructor is given, the object lives with
    return Found;
  F.forEach([&](const Event &E, Position) {
    const Symbol *Keeper = E.is(Role::Store) ? keeperOf(E.On) : nullptr;
    // One that is neither one of many, nor an object with a life of its own, is set anew each time.
    if (!Keeper || !(Keeper->Container || Keeper->HoldsMany || !E.Via.empty()) ||
        isTakenOut(P, Keeper, F))
      return;
    for (const Value &V : E.Args) {
      if (V.TokenOf && isToken(E.On.leaf()) && E.On.leaf()->OfTask &&
          llvm::is_contained(Given, V.TokenOf))
        Found.push_back({V.TokenOf, E.where(), &E, Keeper, E.On.leaf()});
      const bool IsBundle = V.HasToken && V.What && V.What.path().empty() &&
                            !V.What.root()->TokenPath.empty() &&
                            V.What.root()->Where != Symbol::This;
      if (const Event *Filled = IsBundle ? filledBy(F, V.What, Given) : nullptr)
        Found.push_back({Filled->Args[0].TokenOf, Filled->where(), &E, Keeper, Filled->On.leaf()});
    }
  });
  return Found;
}

} // namespace tether
