#include "protocol/Forgotten.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

static const Event *lastOn(const Function &F, const Symbol *S) {
  const Event *Last = nullptr;
  F.forEach([&](const Event &E, Position) {
    if (E.On && E.On.leaf() == S && (!Last || Last->At < E.At))
      Last = &E;
  });
  return Last;
}

static bool keepsSomethingIn(const Function &F, const Symbol *S) {
  bool Keeps = false;
  F.forEach([&](const Event &E, Position) {
    Keeps |= E.is(Role::Store) && E.On && E.On.leaf() == S && !E.Args.empty();
  });
  return Keeps;
}

/// Nothing more is put into \p S once \p Closed is set.
static bool refusedBy(const Program &P, const Symbol *Closed, const Symbol *S) {
  for (const auto &F : P.functions())
    if (keepsSomethingIn(*F, S))
      for (const Function *Callee : P.reachableFrom(*F))
        for (const Block &B : Callee->Blocks)
          if (llvm::any_of(B.Next,
                           [&](const Edge &E) { return E.Flag && E.Flag.leaf() == Closed; }))
            return true;
  return false;
}

std::vector<Owed> forgottenOnes(const Program &P) {
  std::vector<Owed> Found;
  auto holdsPromises = [](const Symbol *S) {
    return S->Where == Symbol::Field && (S->Kind == TypeKind::Channel || S->Callable) &&
           S->Container && S->Private && S->ClassKnown;
  };
  for (const auto &Close : P.functions()) {
    const Symbol *Closed = nullptr;
    Close->forEach([&](const Event &E, Position) {
      if (E.is(Role::Write) && E.Immediate && E.Way == Change::Up && E.On && E.On.isField() &&
          E.On.leaf()->Flag)
        Closed = E.On.leaf();
    });
    if (!Closed || Close->IsConstructor || !P.callers(*Close).empty())
      continue; // who calls it may do the rest
    const Symbol *Settled = nullptr;
    std::vector<const Symbol *> Forgotten;
    for (const Symbol *S : P.allSymbols()) {
      if (!holdsPromises(S) || S->Class != Closed->Class)
        continue;
      if (lastOn(*Close, S))
        Settled = S;
      else if (refusedBy(P, Closed, S))
        Forgotten.push_back(S);
    }
    // Code that sees to the one and not to the other, and does not put anything there, may be what
    // settles it.
    llvm::erase_if(Forgotten, [&](const Symbol *S) {
      return !Settled || S->Kind != Settled->Kind || S->Type != Settled->Type ||
             llvm::any_of(P.functions(), [&](const auto &F) {
               return lastOn(*F, S) && !lastOn(*F, Settled) && !keepsSomethingIn(*F, S);
             });
    });
    if (Forgotten.empty())
      continue;
    const Symbol *First = Forgotten.front();
    Owed O{lastOn(*Close, Settled)->At,
           Object(First),
           "is left as it is by '" + Close->Name + "', which settles '" + Settled->Name +
               "': whoever waits for what is in it waits for ever",
           {}};
    for (const Symbol *S : Forgotten)
      O.Steps.push_back({S->At, "'" + S->Name + "' is forgotten"});
    O.Is = Owed::Forgotten;
    O.In = Close.get();
    O.InPlaceOf = Settled;
    Found.push_back(std::move(O));
  }
  return Found;
}

} // namespace tether
