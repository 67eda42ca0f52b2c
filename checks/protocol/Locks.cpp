#include "protocol/Locks.h"
#include "model/ApiTable.h"
#include "protocol/Recalls.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {

/// A mutex that can be told from others: not a parameter, which may be any.
static bool isKnown(const Object &O) {
  if (!O || O.kind() == TypeKind::Guard || O.leaf()->Where == Symbol::Temporary)
    return false;
  return O.isField() || O.root()->Where == Symbol::Local || O.root()->Where == Symbol::Global;
}

/// Names one mutex only, and always the same.
static bool isSingle(const Program &P, const Object &O) {
  // A shared pointer of which we see all uses, and that is set where the object begins.
  auto isNeverSet = [&](const Symbol *S) {
    return S->ClassKnown && S->Counted && llvm::none_of(P.on(S), [](const Site &Use) {
             return Use.What->is(Role::Store | Role::Overwrite | Role::Write | Role::Transfer) &&
                    !Use.In->IsConstructor;
           });
  };
  auto isFixed = [&](const Symbol *S) { return !S->Container && (S->Fixed || isNeverSet(S)); };
  return isKnown(O) && (O.root()->Where == Symbol::This || isFixed(O.root())) &&
         llvm::all_of(O.path(), isFixed);
}

static bool isRecursive(const Object &O) { return O.leaf()->Type && O.leaf()->Type->Recursive; }

/// What the field is in: `a.b` of `a.b.mutex`.
static bool sameOwner(const Object &A, const Object &B) {
  return A.root() == B.root() && A.path().drop_back() == B.path().drop_back();
}

/// The two may be held by one thread and wanted by another one in the same object: of one class,
/// but reached in different ways, they may well be of two instances.
static bool belongTogether(const Object &A, const Object &B) {
  return !A.isField() || !B.isField() || A.leaf()->Class != B.leaf()->Class || sameOwner(A, B);
}

// ---- who runs at the same time ------------------------------------------------------------------

/// The functions that nobody in this file calls, and that lead to \p F.
static std::vector<const Function *> rootsOf(const Program &P, const Function &F) {
  std::vector<const Function *> Roots, Seen{&F};
  for (unsigned I = 0; I != Seen.size(); ++I) {
    llvm::ArrayRef<Site> Callers = P.callers(*Seen[I]);
    if (Callers.empty())
      Roots.push_back(Seen[I]);
    for (const Site &S : Callers)
      if (!llvm::is_contained(Seen, S.In))
        Seen.push_back(S.In);
  }
  return Roots;
}

/// One task, of which there is one thread only, runs them both, or the main function does.
static bool inOneThread(const Program &P, const Function &A, const Function &B) {
  std::vector<const Function *> Roots = rootsOf(P, A);
  llvm::append_range(Roots, rootsOf(P, B));
  if (Roots.empty() || !llvm::all_equal(Roots))
    return false;
  const Function *Root = Roots.front();
  if (Root->Name == "main" && Root->Class.empty())
    return true;
  unsigned Started = 0;
  for (const Task &T : P.tasks())
    if (T.Body == Root)
      Started += T.Started.What->InLoop || !T.Owner || T.Owner.leaf()->Container ||
                         T.Owner.kind() == TypeKind::Group
                     ? 2
                     : 1;
  return Started == 1;
}

// ---- order --------------------------------------------------------------------------------------

/// Nobody else knows the object yet, or any more.
static bool isPrivateTo(const Function &F, const Object &O) {
  return (F.IsConstructor || F.IsDestructor) && O.root()->Where == Symbol::This;
}

/// Calls \p Visit with each event of \p Roles and each mutex that is held there. First come those
/// of which the function itself holds the mutex, then those that a call brings in with its mutex:
/// what the same places say with the names that the caller has.
static void forEachHeld(
    const Program &P, RoleSet Roles,
    llvm::function_ref<void(const Function &, const Event &, const HeldLock &, const LockSet &)>
        Visit) {
  for (bool Own : {true, false})
    for (const auto &F : P.functions()) {
      if (!F->Roles.intersects(Roles))
        continue;
      const HeldLocks Locks(*F);
      F->forEach(Roles, [&](const Event &E, Position At) {
        if (!E.On)
          return;
        const LockSet Now = Locks.at(At);
        for (const HeldLock &L : Now.Held) {
          bool Brought = llvm::any_of(
              E.Held, [&](const HeldLock &H) { return H.Mutex == L.Mutex && H.Since == L.Since; });
          if (Own != Brought && isKnown(L.Mutex))
            Visit(*F, E, L, Now);
        }
      });
    }
}

std::vector<Step> Nested::steps() const {
  std::vector<Step> Steps{
      {First.Since, "'" + In->Name + "' locks " + quoted(First.Mutex) + " here"}};
  llvm::append_range(Steps, Recalled);
  llvm::append_range(Steps, Lock->Via);
  return Steps;
}

/// The same for what callables lock that are called while mutexes are held.
static void
forEachRecalled(const Program &P,
                llvm::function_ref<void(const Recall &, const Event &, const HeldLock &)> Visit) {
  for (const Recall &R : P.answer(findRecalls))
    R.Body->forEach([&](const Event &E, Position) {
      if (E.is(Role::Lock) && isKnown(E.On) && !E.Bounded)
        for (const HeldLock &L : R.Holding)
          if (isKnown(L.Mutex))
            Visit(R, E, L);
    });
}

/// Each lock that is taken while others are held, once a place.
static std::vector<Nested> findNested(const Program &P) {
  std::vector<Nested> Result;
  std::set<std::pair<unsigned, unsigned>> Seen;
  forEachHeld(P, Role::Lock,
              [&](const Function &F, const Event &E, const HeldLock &L, const LockSet &Now) {
                // Those of one call are locked together.
                if (E.Bounded || !isKnown(E.On) || L.Since == E.At || L.Since == E.where())
                  return;
                if (Seen.insert({L.Since.getRawEncoding(), E.At.getRawEncoding()}).second &&
                    !isPrivateTo(F, L.Mutex) && !isPrivateTo(F, E.On))
                  Result.push_back({&F, &E, L, Now.Held});
              });
  forEachRecalled(P, [&](const Recall &R, const Event &E, const HeldLock &L) {
    if (Seen.insert({L.Since.getRawEncoding(), E.At.getRawEncoding()}).second)
      Result.push_back({R.In, &E, L, R.Holding, R.Steps});
  });
  return Result;
}

/// A third mutex lets only one of the two in.
static bool haveGate(const Program &P, const Nested &A, const Nested &B) {
  return llvm::any_of(A.Holding, [&](const HeldLock &L) {
    return llvm::any_of(B.Holding, [&](const HeldLock &M) {
      return isKnown(L.Mutex) && isKnown(M.Mutex) && P.canonical(L.Mutex) == P.canonical(M.Mutex) &&
             !(L.Shared && M.Shared) && P.canonical(L.Mutex) != P.canonical(A.First.Mutex) &&
             P.canonical(L.Mutex) != P.canonical(B.First.Mutex);
    });
  });
}

/// Each holds what the other one wants, and neither lets the other one in.
static bool canMeet(const Program &P, const Nested &A, const Nested &B) {
  const bool Blocked = !(A.First.Shared && B.Lock->Shared) && !(B.First.Shared && A.Lock->Shared);
  return Blocked && !haveGate(P, A, B) && !inOneThread(P, *A.In, *B.In);
}

std::vector<LockCycle> findLockCycles(const Program &P) {
  std::map<std::pair<unsigned, unsigned>, std::vector<Nested>> Orders;
  for (const Nested &N : P.answer(findNested)) {
    const Symbol *A = P.canonical(N.First.Mutex), *B = P.canonical(N.Lock->On);
    if (A != B && belongTogether(N.First.Mutex, N.Lock->On))
      Orders[{A->Id, B->Id}].push_back(N);
  }
  std::vector<LockCycle> Cycles;
  for (const auto &[Order, There] : Orders) {
    auto Back = Orders.find({Order.second, Order.first});
    if (Order.first > Order.second || Back == Orders.end())
      continue;
    const std::vector<Nested> &Here = Back->second;
    std::optional<LockCycle> Found;
    for (const Nested &A : There)
      for (const Nested &B : Here)
        if (!Found && canMeet(P, A, B)) {
          bool Rarer =
              There.size() != Here.size() ? There.size() < Here.size() : B.where() < A.where();
          Found = Rarer ? LockCycle{A, B} : LockCycle{B, A};
        }
    if (Found)
      Cycles.push_back(*Found);
  }
  return Cycles;
}

// ---- the same mutex again -----------------------------------------------------------------------

/// Who reads waits for himself when he reads again, where somebody comes between who writes.
static bool readsTwice(const Program &P, const Event &E, const HeldLock &L) {
  return E.Shared && L.Shared && !(E.On.leaf()->Type && E.On.leaf()->Type->Rereads) &&
         llvm::any_of(P.on(E.On), [](const Site &S) {
           return S.What->is(Role::Lock) && !S.What->Shared && !S.What->Bounded &&
                  !S.In->IsConstructor && !S.In->IsDestructor;
         });
}

std::vector<Nested> findRelocked(const Program &P, bool Strict) {
  std::vector<Nested> Found;
  std::set<unsigned> Seen;
  forEachHeld(P, Role::Lock,
              [&](const Function &F, const Event &E, const HeldLock &L, const LockSet &Now) {
                if (L.Mutex != E.On || E.Bounded || E.MayHappen || E.Doubtful || L.Doubtful ||
                    !isSingle(P, E.On) || isRecursive(E.On) ||
                    (E.Shared && L.Shared && !Strict && !readsTwice(P, E, L)))
                  return;
                // What one call locks twice is judged in the function that is called.
                if (!E.Via.empty() && L.Since == E.Via.front().Where)
                  return;
                if (Seen.insert(E.At.getRawEncoding()).second)
                  Found.push_back({&F, &E, L, Now.Held});
              });
  forEachRecalled(P, [&](const Recall &R, const Event &E, const HeldLock &L) {
    if (L.Mutex == E.On && isSingle(P, E.On) && !isRecursive(E.On) && !(E.Shared && L.Shared) &&
        !E.MayHappen && !E.Doubtful && Seen.insert(R.Call->At.getRawEncoding()).second)
      Found.push_back({R.In, &E, L, R.Holding, R.Steps});
  });
  return Found;
}

// ---- waits --------------------------------------------------------------------------------------

static bool locks(const Event &E, const HeldLock &L) {
  return E.is(Role::Lock) && E.On == L.Mutex && !E.Bounded && !(E.Shared && L.Shared);
}

static bool sendMayBlock(const Event &E) {
  return E.is(Role::Send) && E.On.leaf()->Capacity.has_value();
}

/// \p S comes only after \p L has been locked: before it, or in the turn of a loop before it.
static bool needsFirst(const Site &S, const HeldLock &L) {
  const LockSet There = HeldLocks(*S.In).at(S.At);
  if (llvm::any_of(There.Held, [&](const HeldLock &H) {
        return H.Mutex == L.Mutex && !(H.Shared && L.Shared);
      }))
    return true;
  bool Needs = false;
  auto never = [](const Event &) { return false; };
  S.In->forEach([&](const Event &E, Position At) {
    if (!locks(E, L) || Needs)
      return;
    auto isThis = [&](const Event &Other) { return &Other == S.What; };
    auto isLock = [&](const Event &Other) { return &Other == &E; };
    // A wait that may end with nothing does not do its part.
    auto done = [&](const Event &Other) { return isThis(Other) && !Other.Stoppable; };
    Needs =
        S.In->findPath({.From = At, .Avoiding = never, .Until = isThis, .Exits = false}) ||
        S.In->findPath({.From = S.In->entry(), .Avoiding = done, .Until = isLock, .Exits = false});
  });
  return Needs;
}

/// The task that ends the wait, where that is one of ours.
static const Task *awaitedTask(const Program &P, const Event &E) {
  if (!E.is(Role::Join) && E.On.kind() != TypeKind::Future)
    return nullptr;
  for (const Task &T : P.tasks())
    if (T.Owner && P.canonical(T.Owner) == P.canonical(E.On) && T.Owner.kind() == E.On.kind())
      return &T;
  return nullptr;
}

/// Everybody who could end the wait needs the mutex first; the one that shows it.
static std::optional<Hostage> everyoneNeeds(const Program &P, const Function &F, const Event &E,
                                            const HeldLock &L) {
  Hostage Found{&F, &E, L, {}, {}};
  if (const Task *T = awaitedTask(P, E)) {
    for (const Event &Inner : T->Started.What->Inner)
      if (locks(Inner, L)) {
        Found.Why = "the task that it waits for locks the same mutex";
        Found.Steps.push_back({T->Started.What->At, "the task starts here"});
        llvm::append_range(Found.Steps, Inner.Via);
        Found.Steps.push_back({Inner.At, "it locks " + quoted(Inner.On) + " here"});
        return Found;
      }
    return std::nullopt;
  }
  const RoleSet Ends = E.is(Role::Wait)   ? RoleSet(Role::Notify)
                       : E.is(Role::Send) ? Role::Receive | Role::Close
                                          : Role::Send | Role::Close;
  if (!E.is(Role::Wait | Role::Send | Role::Receive) || P.escapes(P.canonical(E.On)))
    return std::nullopt;
  const Site *Shown = nullptr;
  for (const Site &S : P.on(E.On)) {
    if (!S.What->is(Ends) || (S.What->is(Role::Receive) && S.What->At == E.At))
      continue;
    if (!needsFirst(S, L))
      return std::nullopt;
    Shown = Shown ? Shown : &S;
  }
  if (!Shown)
    return std::nullopt;
  Found.Why = "'" + Shown->In->Name + "', which ends the wait, needs the same mutex";
  Shown->In->forEach([&](const Event &Inner, Position) {
    if (Found.Steps.empty() && locks(Inner, L)) {
      llvm::append_range(Found.Steps, Inner.Via);
      Found.Steps.push_back(
          {Inner.At, "'" + Shown->In->Name + "' locks " + quoted(Inner.On) + " here"});
    }
  });
  Found.Steps.push_back({Shown->What->At, "here it would end the wait"});
  return Found;
}

/// A send that always waits for a receiver, while others need the mutex.
static bool isRendezvous(const Program &P, const Function &F, const Event &E, const HeldLock &L) {
  return E.is(Role::Send) && E.On.leaf()->Capacity == 0 &&
         llvm::any_of(P.on(L.Mutex), [&](const Site &S) {
           return S.In != &F && S.What->is(Role::Lock) && !S.What->Bounded;
         });
}

std::vector<Hostage> findHostages(const Program &P, bool All) {
  std::vector<Hostage> Result;
  std::set<unsigned> Seen;
  const RoleSet Waits = Role::Wait | Role::Receive | Role::Send | Role::Join | Role::Select;
  forEachHeld(P, Waits | (All ? RoleSet(Role::Sleep) : Waits),
              [&](const Function &F, const Event &E, const HeldLock &L, const LockSet &) {
                const bool Blocks = E.blocks() && (!E.is(Role::Send) || sendMayBlock(E));
                // A guard that is not known may be that of this mutex.
                const bool Unknown = E.is(Role::Wait) && E.On.kind() == TypeKind::Condition &&
                                     (!E.GivesUp || E.GivesUp.root()->Where == Symbol::Temporary);
                const bool GivesUp = Unknown || L.Mutex == E.GivesUp || L.Mutex == E.On ||
                                     (E.GivesUp && E.GivesUp.kind() == TypeKind::Guard);
                if (GivesUp || !(Blocks || E.is(Role::Sleep)))
                  return;
                auto Found = Blocks ? everyoneNeeds(P, F, E, L) : std::optional<Hostage>();
                if (!Found && (All || isRendezvous(P, F, E, L)))
                  Found = Hostage{&F, &E, L, {}, {}};
                if (Found && Seen.insert(E.At.getRawEncoding()).second)
                  Result.push_back(std::move(*Found));
              });
  return Result;
}

} // namespace tether
