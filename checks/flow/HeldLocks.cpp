#include "flow/HeldLocks.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

const HeldLock *LockSet::find(const Object &Mutex) const {
  auto It = llvm::find_if(Held, [&](const HeldLock &L) { return L.Mutex == Mutex; });
  return It == Held.end() ? nullptr : &*It;
}
bool LockSet::freed(const Object &Mutex) const { return llvm::is_contained(Freed, Mutex); }
bool LockSet::mayHold(const Object &Mutex) const {
  return Unknown || llvm::is_contained(Maybe, Mutex);
}

static void add(std::vector<Object> &To, const Object &O) {
  if (!llvm::is_contained(To, O))
    To.push_back(O);
}
static void hold(std::vector<HeldLock> &Held, const HeldLock &L) {
  auto Same = [&](const HeldLock &H) { return H.Mutex == L.Mutex; };
  if (llvm::none_of(Held, Same))
    Held.insert(llvm::partition_point(Held, [&](const HeldLock &H) { return H.Mutex < L.Mutex; }),
                L);
}
static void drop(std::vector<HeldLock> &Held, const Object &Mutex) {
  llvm::erase_if(Held, [&](const HeldLock &H) { return H.Mutex == Mutex; });
}

void HeldLocks::apply(const Event &E, LockSet &S) {
  // A guard that nobody knows the mutex of stands for any.
  if (E.is(Role::Lock | Role::Transfer) && E.On && E.On.kind() == TypeKind::Guard)
    S.Unknown = true;
  if (E.is(Role::Lock) && E.On && !E.Released) {
    add(S.Maybe, E.On);
    add(S.Ever, E.On);
    if (!E.Bounded && !E.MayHappen)
      hold(S.Held, {E.On, E.where(), E.Shared, E.Doubtful});
  }
  if (E.is(Role::Unlock) && E.On) {
    // By a pointer that may mean any of them.
    if (E.On.leaf()->Indirect && !S.holds(E.On))
      S.Held.clear();
    // A guard unlocks what it has locked, or what it was given as locked already.
    if (E.AtScopeEnd ? !llvm::is_contained(S.Ever, E.On) : !S.holds(E.On))
      add(S.Freed, E.On);
    drop(S.Held, E.On);
    if (!E.MayHappen)
      llvm::erase(S.Maybe, E.On);
  }
}

bool HeldLocks::merge(LockSet &Into, const LockSet &S) {
  const size_t Held = Into.Held.size(), Freed = Into.Freed.size(), Maybe = Into.Maybe.size(),
               Ever = Into.Ever.size();
  const bool Unknown = Into.Unknown;
  llvm::erase_if(Into.Held, [&](const HeldLock &L) { return !S.holds(L.Mutex); });
  for (const Object &O : S.Freed)
    add(Into.Freed, O);
  for (const Object &O : S.Maybe)
    add(Into.Maybe, O);
  for (const Object &O : S.Ever)
    add(Into.Ever, O);
  Into.Unknown |= S.Unknown;
  return Ever != Into.Ever.size() || Held != Into.Held.size() || Freed != Into.Freed.size() ||
         Maybe != Into.Maybe.size() || Unknown != Into.Unknown;
}

HeldLocks::HeldLocks(const Function &Code) : F(Code), In(Code.Blocks.size()) {
  bool Any = false;
  F.forEach(Role::Lock | Role::Unlock, [&](const Event &, Position) { Any = true; });
  if (!Any)
    return;
  In[F.Entry].emplace().Unknown =
      llvm::any_of(F.Params, [](const Symbol *P) { return P->Kind == TypeKind::Guard; });
  solve({F.Entry});

  // Handlers, which no edge leads to.
  std::vector<bool> Entered(F.Blocks.size(), false);
  for (const Block &B : F.Blocks)
    for (const Edge &E : B.Next)
      Entered[E.To] = true;
  std::vector<unsigned> Handlers;
  const LockSet Thrown = whereThrown();
  for (unsigned B = 0; B != F.Blocks.size(); ++B)
    if (!Entered[B] && B != F.Entry) {
      In[B] = Thrown;
      Handlers.push_back(B);
    }
  solve(std::move(Handlers));
}

void HeldLocks::solve(std::vector<unsigned> Work) {
  while (!Work.empty()) {
    const unsigned Now = Work.back();
    Work.pop_back();
    if (F.Blocks[Now].NoReturn)
      continue;
    LockSet S = *In[Now];
    for (const Event &E : F.Blocks[Now].Events)
      apply(E, S);
    for (const Edge &E : F.Blocks[Now].Next) {
      if (!In[E.To]) {
        In[E.To] = S;
        Work.push_back(E.To);
      } else if (merge(*In[E.To], S)) {
        Work.push_back(E.To);
      }
    }
  }
}

/// What holds at each place from which an exception may come to a handler of this function. The
/// guards of the try block are not yet there where the first of them is made.
LockSet HeldLocks::whereThrown() const {
  std::optional<LockSet> Result;
  F.forEach([&](const Event &E, Position At) {
    if (!E.InTry || !In[At.Block])
      return;
    LockSet S = at(At);
    if (Result)
      merge(*Result, S);
    else
      Result = std::move(S);
  });
  if (!Result)
    Result.emplace();
  Result->Unknown = true;
  return *Result;
}

LockSet HeldLocks::at(Position At) const {
  LockSet S = In[At.Block].value_or(LockSet());
  const std::vector<Event> &Events = F.Blocks[At.Block].Events;
  for (unsigned I = 0; I < Events.size() && I < At.Index; ++I)
    apply(Events[I], S);
  if (At.Index >= Events.size())
    return S;
  const Event &E = Events[At.Index];
  for (const Object &O : E.Freed) {
    if (!S.mayHold(O))
      add(S.Freed, O);
    drop(S.Held, O);
  }
  for (const HeldLock &L : E.Held) {
    hold(S.Held, L);
    add(S.Maybe, L.Mutex);
  }
  return S;
}

LockSet HeldLocks::atExit() const { return In[F.Exit].value_or(LockSet()); }

} // namespace tether
