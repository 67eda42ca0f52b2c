#include "protocol/Conditions.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// ---- changed without the mutex -----------------------------------------------------------------

/// Code of other files may call \p F with the mutex held: it can name both.
static bool maybeCalledLocked(const Program &P, const Function &F, const Object &Mutex) {
  return Mutex && Mutex.leaf()->Open && !F.Internal && !F.IsDestructor && P.callers(F).empty() &&
         P.runningIn(F).empty();
}

static void unlocked(const Program &P, const Function &F, const std::vector<Waiters> &All,
                     NotHeld &None, std::vector<Missed> &Found) {
  // Whoever calls it may hold the mutex; what it does is looked at there.
  bool GetsLock = llvm::any_of(F.Params, [](const Symbol *S) {
    return S->Kind == TypeKind::Guard || S->Kind == TypeKind::Mutex;
  });
  if (F.IsConstructor || GetsLock)
    return;
  // What one call does is judged in the function called, where its branches are known.
  auto ofOneCall = [](const Event &A, const Event &B) {
    return !A.Via.empty() && !B.Via.empty() && A.where() == B.where();
  };
  for (const Waiters &W : All) {
    if (W.Remembers)
      continue;
    bool Reported = false;
    auto notifies = [&](const Event &E) { return E.is(Role::Notify) && W.toldBy(P, E); };
    auto changes = [&](const Event &E) {
      return E.is(Role::Write) && E.On && P.canonical(E.On)->Where != Symbol::Param &&
             W.waitingFor(P, E);
    };
    auto add = [&](const Event &Write, std::string Why, std::vector<Step> Steps, bool Late) {
      const Site *Wait = W.waitingFor(P, Write);
      Missed M;
      M.Where = Write.At;
      M.Condition = W.On;
      M.Why = std::move(Why);
      M.Steps = {{Wait->What->At,
                  "a waiter has looked at " + quoted(Write.On) + " here and is about to sleep"}};
      llvm::append_range(M.Steps, Steps);
      M.Advice = "change it under the mutex of the wait, and notify after that";
      M.Wait = Wait->What;
      M.Write = &Write;
      M.Unlocked = !Late;
      M.Unnotified = Late;
      Found.push_back(std::move(M));
      Reported = true;
    };
    F.forEach([&](const Event &E, Position At) {
      if (Reported)
        return;
      if (changes(E)) {
        const Object &Mutex = W.waitingFor(P, E)->What->GivesUp;
        if (maybeCalledLocked(P, F, Mutex) || !None.at(F, At, Mutex))
          return;
        // Taking the mutex between the change and the notification is as good.
        auto takes = [&](const Event &Next) {
          return Next.is(Role::Lock) && (!Mutex || !Next.On || P.maybeSame(Next.On, Mutex) ||
                                         Next.On.kind() != TypeKind::Mutex);
        };
        auto Told = F.findPath({.From = At, .Avoiding = takes, .Until = notifies, .Exits = false});
        const bool Other = !None.at(F, At, {}); // a mutex, but not that one
        if (Told && !ofOneCall(E, *Told->Last))
          add(E,
              quoted(E.On) + " changes without the mutex" +
                  (Other ? " " + quoted(Mutex) + " of the wait" : ""),
              {{Told->Last->At, "this notification comes before it sleeps"}}, /*Late=*/false);
      } else if (notifies(E) && None.at(F, At, {})) {
        // (Who waits himself before it is in another round.)
        auto ends = [&](const Event &Next) {
          return notifies(Next) || (Next.is(Role::Wait) && Next.On && P.maybeSame(Next.On, W.On));
        };
        auto Late = F.findPath({.From = At, .Avoiding = ends, .Until = changes, .Exits = false});
        if (!Late || ofOneCall(E, *Late->Last) || P.escapes(P.canonical(Late->Last->On)))
          return;
        const Event &Write = *Late->Last;
        F.forEach([&](const Event &Again, Position Where) {
          if (&Again == &Write && F.findPath({.From = Where, .Avoiding = notifies}))
            add(Write, quoted(Write.On) + " changes only after the notification",
                {{E.At, "this notification wakes it before the change"}}, /*Late=*/true);
        });
      }
    });
  }
}

std::vector<Missed> findUnlocked(const Program &P) {
  std::vector<Missed> Found;
  NotHeld None(P);
  const std::vector<Waiters> All = allWaiters(P);
  if (!All.empty())
    for (const auto &F : P.functions())
      unlocked(P, *F, All, None, Found);
  return Found;
}

// ---- slept without having looked ---------------------------------------------------------------

/// A wait on a condition variable that does not look by itself.
static bool isBareWait(const Event &E) {
  return E.is(Role::Wait) && isOpenWait(E) && !E.HasPredicate && E.On.kind() == TypeKind::Condition;
}

static void blindWaits(const Function &F, std::vector<Missed> &Found) {
  F.forEach(Role::Lock, [&](const Event &Lock, Position At) {
    if (Lock.Bounded || !Lock.Immediate)
      return;
    auto blind = [](const Event &E) { return isBareWait(E) && E.Immediate; };
    // Whatever is looked at or decided may be the state; a task that starts here may need the mutex
    // before it can notify.
    auto Straight =
        F.findPath({.From = At,
                    .Avoiding =
                        [](const Event &E) {
                          return E.is(Role::Read | Role::Poll | Role::Call | Role::Invoke |
                                      Role::Spawn | Role::Unlock | Role::Owns | Role::Transfer);
                        },
                    .Until = blind,
                    .Exits = false,
                    .AvoidingEdge =
                        [](const Block &B, const Edge &E) {
                          return B.Next.size() > 1 && !E.Decision.Text.empty();
                        }});
    if (!Straight)
      return;
    Missed M;
    M.Where = Straight->Last->At;
    M.Condition = Straight->Last->On;
    M.Why = "it waits without having looked at any state: a notification that came before is lost";
    M.Steps = {{Lock.At, "the mutex is taken here"}};
    M.Wait = Straight->Last;
    M.Advice = "wait with a predicate, and change what it reads under the mutex before the "
               "notification";
    Found.push_back(std::move(M));
  });
}

namespace {
/// Looks for a wait of \p F that may begin though \p Goal has been reached.
struct Unseen {
  const Program &P;
  const Function &F;
  const Event &Wait;
  const Symbol *Goal;

  bool isGoal(const Object &O) const { return O && P.canonical(O) == Goal; }

  /// \p E, or what it calls, looks at the goal, or knows it.
  bool looks(const Event &E) const {
    if (E.is(Role::Read | Role::Write | Role::Store | Role::Transfer) && isGoal(E.On))
      return true;
    const Function *Callee =
        E.is(Role::Call | Role::Invoke) && E.Callee ? P.function(E.Callee) : nullptr;
    bool Looks = false;
    if (Callee)
      for (const Function *Each : P.reachableFrom(*Callee))
        Each->forEach([&](const Event &Inner, Position) {
          Looks |= Inner.is(Role::Read | Role::Write) && isGoal(Inner.On);
        });
    return Looks;
  }

  /// Somebody else changes the goal, and tells of it.
  const Event *toldChange(const StateChange &G, const Waiters &W) const {
    for (const Site &S : P.on(Goal)) {
      if (!S.What->is(Role::Write) || G.doneBy(*S.What) != Change::Up || S.In == &F ||
          S.In->IsConstructor)
        continue;
      if (S.In->findPath({.From = S.At,
                          .Avoiding = [](const Event &) { return false; },
                          .Until = [&](const Event &E) { return W.toldBy(P, E); },
                          .Exits = false}))
        return S.What;
    }
    return nullptr;
  }
};
} // namespace

static void unseen(const Program &P, const Waiters &W, const Site &S, std::vector<Missed> &Found) {
  const Function &F = *S.In;
  const Event &Wait = *S.What;
  for (const StateChange &G : Wait.EndedBy) {
    const Symbol *Goal = P.canonical(G.What);
    // What a function has to itself it knows without looking.
    if (Goal->Where == Symbol::Param || (Goal->Where == Symbol::Local && Goal->Owner == F.Id))
      continue;
    const Unseen Look{P, F, Wait, Goal};
    const Event *Change = Look.toldChange(G, W);
    if (!Change)
      continue;
    // The wait is in a function that is called here: that one may look by itself.
    const bool LooksInside = !Wait.Immediate && llvm::any_of(P.functions(), [&](const auto &Other) {
      bool HasWait = false, Looks = false;
      Other->forEach([&](const Event &E, Position) {
        HasWait |= E.is(Role::Wait) && E.At == Wait.At && E.Immediate;
        Looks |= Look.looks(E);
      });
      return HasWait && Looks;
    });
    if (LooksInside)
      continue;
    auto isBarrier = [&](const Event &E) {
      const bool OfWait = !Wait.Via.empty() && E.where() == Wait.where();
      // A task that starts under the mutex cannot notify before the wait.
      return E.is(Role::Unlock | Role::Wait | Role::Spawn) || (!OfWait && Look.looks(E));
    };
    bool Reported = false;
    F.forEach([&](const Event &Lock, Position At) {
      const bool Takes = Lock.is(Role::Lock) && !Lock.Bounded && Lock.On && !Reported &&
                         (!Wait.GivesUp || P.maybeSame(Lock.On, Wait.GivesUp));
      auto Way = Takes ? F.findPath({.From = At,
                                     .Avoiding = isBarrier,
                                     .Until = [&](const Event &E) { return &E == &Wait; },
                                     .Exits = false})
                       : std::nullopt;
      if (!Way)
        return;
      Missed M;
      M.Where = Wait.At;
      M.Condition = W.On;
      M.Wait = &Wait;
      M.Goal = G;
      M.Why = quoted(G.What) + " is not looked at between the lock and this wait, and may have "
                               "changed before";
      M.Steps = {{Change->At, quoted(G.What) + " is changed here, and that is told"},
                 {Lock.At, "if that happens before the mutex is taken here, nobody looks at it"}};
      llvm::append_range(M.Steps, Way->Steps);
      M.Advice = "wait with a predicate that reads " + quoted(G.What);
      Found.push_back(std::move(M));
      Reported = true;
    });
    if (Reported)
      return; // one wait, one defect
  }
}

std::vector<Missed> findUnseen(const Program &P) {
  std::vector<Missed> Found;
  for (const auto &F : P.functions())
    blindWaits(*F, Found);
  for (const Waiters &W : allWaiters(P))
    for (const Site &S : W.Waits)
      if (isBareWait(*S.What))
        unseen(P, W, S, Found);
  return Found;
}

} // namespace tether
