#include "protocol/Conditions.h"
#include "flow/HeldLocks.h"
#include "model/ApiTable.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace tether {

namespace {

/// The waits on one condition variable, and what is known of the state around it.
struct Waiters {
  Object On;
  std::vector<Site> Waits; ///< that may last for ever
  std::vector<Site> Notifies;
  std::set<const Symbol *> Bookkeeping; ///< state that the waiting functions write: "I am asleep"

  const Site *waitingFor(const Program &P, const Event &Write) const {
    for (const Site &W : Waits)
      for (const StateChange &C : W.What->EndedBy)
        if (P.canonical(C.What) == P.canonical(Write.On) && C.doneBy(Write) == Change::Up)
          return &W;
    return nullptr;
  }
  bool isGoal(const Program &P, const Object &O) const {
    return llvm::any_of(Waits, [&](const Site &W) {
      return llvm::any_of(W.What->Reads,
                          [&](const Object &R) { return P.canonical(R) == P.canonical(O); });
    });
  }
};

} // namespace

static std::vector<Waiters> allWaiters(const Program &P) {
  std::vector<Waiters> All;
  for (const Symbol *C : P.symbols()) {
    if (C->Kind != TypeKind::Condition || P.escapes(C))
      continue;
    Waiters W;
    for (const Site &S : P.on(C)) {
      if (isOpenWait(*S.What))
        W.Waits.push_back(S);
      else if (S.What->is(Role::Notify))
        W.Notifies.push_back(S);
    }
    if (W.Waits.empty() || W.Notifies.empty())
      continue;
    W.On = W.Waits.front().What->On;
    for (const Site &S : W.Waits)
      S.In->forEach([&](const Event &E, Position) {
        if (E.is(Role::Write) && E.On && !W.isGoal(P, E.On))
          W.Bookkeeping.insert(P.canonical(E.On));
      });
    All.push_back(std::move(W));
  }
  return All;
}

/// One task at most waits there: nobody else can take a wake-up that was meant for two.
static bool oneWaiter(const Program &P, const Waiters &W) {
  return llvm::all_of(W.Waits, [&](const Site &S) {
    auto In = P.runningIn(*S.In);
    return In.size() == 1 && !In.front()->Started.What->InLoop &&
           In.front()->Owner.kind() == TypeKind::Thread && !In.front()->Owner.leaf()->Container &&
           S.In->Class == W.On.leaf()->Class;
  });
}

/// \p F is a whole operation, not a part of one that its caller begins and ends: it takes a mutex.
static bool isOperation(const Function &F) {
  bool Locks = false;
  F.forEach([&](const Event &E, Position) { Locks |= E.is(Role::Lock) && E.Immediate; });
  return Locks && !F.IsConstructor && !F.IsDestructor;
}

static void unnotified(const Program &P, const Function &F, const std::vector<Waiters> &All,
                       std::vector<Missed> &Found) {
  if (!isOperation(F))
    return;
  for (const Waiters &W : All) {
    bool Reported = false; // one way without a notification is one defect, whatever changes on it
    auto notifies = [&](const Event &E) {
      return E.is(Role::Notify | Role::Close | Role::Transfer) && E.On && P.maybeSame(E.On, W.On);
    };
    auto looks = [&](const Event &E) {
      return E.is(Role::Read) && E.On &&
             (W.isGoal(P, E.On) || W.Bookkeeping.count(P.canonical(E.On)));
    };
    auto looksInside = [&](const Event &E) {
      const Function *Callee = E.is(Role::Call) && E.Callee ? P.function(E.Callee) : nullptr;
      bool Looks = looks(E);
      if (Callee)
        Callee->forEach([&](const Event &Inner, Position) { Looks |= looks(Inner); });
      return Looks;
    };
    // Whoever knows that nobody waits, or that those who do have been told, may stay silent.
    bool KnowsWaiters = false, LooksBefore = false, WakesAll = false;
    F.forEach([&](const Event &E, Position) {
      KnowsWaiters |= E.is(Role::Read) && E.On && W.Bookkeeping.count(P.canonical(E.On));
      LooksBefore |= E.is(Role::Read) && E.On && W.isGoal(P, E.On);
      WakesAll |= notifies(E) && E.Entry && E.Entry->Wakes == "all";
    });
    if (KnowsWaiters)
      continue;
    F.forEach([&](const Event &Write, Position At) {
      if (Reported || !Write.is(Role::Write) || !Write.On || P.escapes(P.canonical(Write.On)))
        return;
      const Site *Wait = W.waitingFor(P, Write);
      if (!Wait || Wait->In == &F)
        return;
      auto Silent = F.findPath(
          {.From = At, .Avoiding = [&](const Event &E) { return notifies(E) || looksInside(E); }});
      if (!Silent || Silent->Throws)
        return;
      // A caller may do it.
      if (llvm::any_of(P.callers(F), [&](const Site &Call) {
            return !Call.In->findPath({.From = Call.At, .Avoiding = [&](const Event &E) {
                                         bool OfCall =
                                             !E.Via.empty() && E.Via[0].Where == Call.What->At;
                                         return !OfCall && notifies(E);
                                       }});
          }))
        return;
      // That this change has to be told is known from where it is told: here on another way, or in
      // another function.
      const Event *Told = nullptr;
      auto tells = [&](const Function &Where, Position From) {
        if (Told)
          return;
        if (auto Path = Where.findPath({.From = From,
                                        .Avoiding = [](const Event &) { return false; },
                                        .Until = notifies,
                                        .Exits = false}))
          Told = Path->Last;
      };
      tells(F, At);
      const bool Here = Told != nullptr;
      for (const Site &S : P.on(Write.On))
        if (S.What->is(Role::Write) && S.What->Way == Write.Way &&
            S.What->Written == Write.Written && S.In != &F)
          tells(*S.In, S.At);
      if (!Told)
        return;
      // Only the first element is told of: right with one waiter, and where all are woken.
      if (LooksBefore && (WakesAll || oneWaiter(P, W)))
        return;
      Missed M;
      M.Where = Write.At;
      M.Condition = W.On;
      M.Why = Here && LooksBefore
                  ? "of several waiters only one is woken, and nobody for the next change of " +
                        quoted(Write.On)
              : Here ? quoted(Write.On) + " changes here, and not every way on notifies"
                     : quoted(Write.On) + " changes here without a notification";
      M.Steps = Write.Via;
      llvm::append_range(M.Steps, Silent->Steps);
      M.Steps.push_back({Wait->What->At, "whoever waits here for that goes on waiting"});
      if (!Here)
        M.Steps.push_back({Told->At, "elsewhere the same change is followed by a notification"});
      M.Advice = "notify on every way on";
      M.Wait = Wait->What;
      M.Write = &Write;
      M.Unnotified = true;
      Found.push_back(std::move(M));
      Reported = true;
    });
  }
}

std::vector<Missed> findUnnotified(const Program &P) {
  std::vector<Missed> Found;
  const std::vector<Waiters> All = allWaiters(P);
  if (!All.empty())
    for (const auto &F : P.functions())
      unnotified(P, *F, All, Found);
  return Found;
}

namespace {
/// Whether no mutex is held at a place, whoever calls the function it is in.
struct NoLocks {
  const Program &P;
  std::map<const Function *, HeldLocks> Known;

  bool at(const Function &F, Position At, unsigned Depth = 0) {
    constexpr unsigned MaxDepth = 4; // callers of callers: beyond that it is not known
    LockSet S = Known.try_emplace(&F, F).first->second.at(At);
    return Depth != MaxDepth && S.Held.empty() && S.Maybe.empty() && !S.Unknown &&
           llvm::all_of(P.callers(F), [&](const Site &Call) {
             return Call.In == &F || at(*Call.In, Call.At, Depth + 1);
           });
  }
};
} // namespace

static void unlocked(const Program &P, const Function &F, const std::vector<Waiters> &All,
                     NoLocks &None, std::vector<Missed> &Found) {
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
    bool Reported = false;
    auto notifies = [&](const Event &E) {
      return E.is(Role::Notify) && E.On && P.maybeSame(E.On, W.On);
    };
    auto changes = [&](const Event &E) {
      return E.is(Role::Write) && E.On && !P.escapes(P.canonical(E.On)) && W.waitingFor(P, E);
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
      if (changes(E) && None.at(F, At)) {
        // Taking the mutex between the change and the notification is as good.
        auto Told = F.findPath({.From = At,
                                .Avoiding = [](const Event &Next) { return Next.is(Role::Lock); },
                                .Until = notifies,
                                .Exits = false});
        if (Told && !ofOneCall(E, *Told->Last))
          add(E, quoted(E.On) + " changes without the mutex",
              {{Told->Last->At, "this notification comes before it sleeps"}}, /*Late=*/false);
      } else if (notifies(E) && None.at(F, At)) {
        auto Late =
            F.findPath({.From = At, .Avoiding = notifies, .Until = changes, .Exits = false});
        if (!Late || ofOneCall(E, *Late->Last))
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
  NoLocks None{P, {}};
  const std::vector<Waiters> All = allWaiters(P);
  if (!All.empty())
    for (const auto &F : P.functions())
      unlocked(P, *F, All, None, Found);
  return Found;
}

static void blindWaits(const Function &F, std::vector<Missed> &Found) {
  F.forEach([&](const Event &Lock, Position At) {
    if (!Lock.is(Role::Lock) || Lock.Bounded || !Lock.Immediate)
      return;
    auto blind = [](const Event &E) {
      return E.is(Role::Wait) && E.Immediate && isOpenWait(E) && !E.HasPredicate &&
             E.On.kind() == TypeKind::Condition;
    };
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

std::vector<Missed> findBlindWaits(const Program &P) {
  std::vector<Missed> Found;
  for (const auto &F : P.functions())
    blindWaits(*F, Found);
  return Found;
}

} // namespace tether
