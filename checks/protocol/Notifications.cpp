#include "protocol/Notifications.h"
#include "model/ApiTable.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

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

/// The first event that \p Tells after \p From, or null.
template <typename Predicate>
static const Event *firstAfter(const Function &F, Position From, Predicate Tells) {
  auto Path = F.findPath({.From = From,
                          .Avoiding = [](const Event &) { return false; },
                          .Until = Tells,
                          .Exits = false});
  return Path ? Path->Last : nullptr;
}

namespace {

/// A change in \p F that those who wait at \p W wait for, and that some way on does not tell.
struct Silent {
  const Program &P;
  const Function &F;
  const Event &Write;
  Position At;
  const Waiters &W;
  const Event &Wait;
  const std::vector<Waiters> &All;

  bool tells(const Event &E) const {
    return W.toldBy(P, E) || (E.is(Role::Transfer) && E.On && P.maybeSame(E.On, W.On));
  }
  /// Whoever looks at the state again, or at who waits, knows whether anybody has to be told.
  bool looks(const Event &E) const {
    return E.is(Role::Read) && E.On &&
           (P.canonical(E.On) == P.canonical(Write.On) || W.Bookkeeping.count(P.canonical(E.On)));
  }
  bool looksInside(const Event &E) const {
    const Function *Callee = E.is(Role::Call) && E.Callee ? P.function(E.Callee) : nullptr;
    bool Looks = looks(E);
    if (Callee)
      Callee->forEach([&](const Event &Inner, Position) { Looks |= looks(Inner); });
    return Looks;
  }
  std::optional<Path> find() const {
    return F.findPath(
        {.From = At, .Avoiding = [&](const Event &E) { return tells(E) || looksInside(E); }});
  }
  /// A caller does it on each way on.
  bool toldByCaller() const {
    return llvm::any_of(P.callers(F), [&](const Site &Call) {
      return !Call.In->findPath({.From = Call.At, .Avoiding = [&](const Event &E) {
                                   bool OfCall =
                                       !E.Via.empty() && E.Via.front().Where == Call.What->At;
                                   return !OfCall && tells(E);
                                 }});
    });
  }
  /// Where the same change is told, in this function or another one.
  const Event *toldElsewhere() const {
    for (bool Same : {true, false}) // the very same, or another one that ends the wait
      for (const Site &S : P.on(Write.On))
        if (S.What->is(Role::Write) && S.In != &F && ends(P, *S.What, Wait) &&
            Same == (S.What->Way == Write.Way && S.What->Written == Write.Written))
          if (const Event *Told = firstAfter(*S.In, S.At, [&](const Event &E) { return tells(E); }))
            return Told;
    return nullptr;
  }
  const Event *othersTold() const;
  bool othersAreTold() const;
  bool neverTold() const;
};

} // namespace

/// Somebody may run both functions in one thread, one after the other.
static bool mayShareThread(const Program &P, const Function &A, const Function &B) {
  if (P.reachableFrom(A).contains(&B) || P.reachableFrom(B).contains(&A))
    return true;
  auto InA = P.runningIn(A), InB = P.runningIn(B);
  return llvm::any_of(InA, [&](const Task *T) { return llvm::is_contained(InB, T); });
}

/// Whoever notifies here does so for another change that he makes.
bool Silent::othersAreTold() const {
  return llvm::all_of(W.Notifies, [&](const Site &S) {
    bool ForAnother = false;
    S.In->forEach([&](const Event &E, Position) {
      const bool IsThis = E.On && P.canonical(E.On) == P.canonical(Write.On) && ends(P, E, Wait);
      ForAnother |= E.is(Role::Write) && E.On && W.waitingFor(P, E) && !IsThis;
    });
    return ForAnother;
  });
}

/// Others wait for the same change, and are told of it here; they do not hand it on.
const Event *Silent::othersTold() const {
  for (const Waiters &Other : All) {
    const bool HandOn = llvm::any_of(Other.Waits, [&](const Site &S) {
      bool Tells = false;
      S.In->forEach([&](const Event &E, Position) { Tells |= tells(E); });
      return Tells;
    });
    if (Other.On.leaf() == W.On.leaf() || !Other.waitingFor(P, Write) ||
        (HandOn && !othersAreTold()))
      continue;
    if (const Event *Told = firstAfter(F, At, [&](const Event &E) { return Other.toldBy(P, E); }))
      return Told;
  }
  return nullptr;
}

/// Nobody ever notifies for this change.
bool Silent::neverTold() const {
  const Function &Waiter = *W.waitingFor(P, Write)->In;
  if (W.Bounded || mayShareThread(P, F, Waiter))
    return false;
  return othersAreTold();
}

static void unnotified(const Program &P, const Function &F, const std::vector<Waiters> &All,
                       std::vector<Missed> &Found) {
  if (!isOperation(F))
    return;
  for (const Waiters &W : All) {
    if (!W.Known)
      continue;
    bool Reported = false; // one way without a notification is one defect, whatever changes on it
    // Whoever knows that nobody waits, or that those who do have been told, may stay silent.
    bool KnowsWaiters = false, LooksBefore = false, WakesAll = false;
    F.forEach([&](const Event &E, Position) {
      KnowsWaiters |= E.is(Role::Read) && E.On && W.Bookkeeping.count(P.canonical(E.On));
      LooksBefore |= E.is(Role::Read) && E.On && W.isGoal(P, E.On);
      WakesAll |= W.toldBy(P, E) && E.Entry && E.Entry->Wakes == "all";
    });
    if (KnowsWaiters)
      continue;
    F.forEach([&](const Event &Write, Position At) {
      if (Reported || !Write.is(Role::Write) || !Write.On || P.escapes(P.canonical(Write.On)))
        return;
      const Site *Wait = W.waitingFor(P, Write);
      if (!Wait || Wait->In == &F)
        return;
      const Silent S{P, F, Write, At, W, *Wait->What, All};
      auto Way = S.find();
      if (!Way || Way->Throws || S.toldByCaller())
        return;
      Missed M;
      M.Wait = Wait->What;
      M.Write = &Write;
      M.Unnotified = true;
      const Event *Told =
          W.Remembers ? nullptr : firstAfter(F, At, [&](const Event &E) { return S.tells(E); });
      const bool Here = Told != nullptr;
      const char *Evidence = "elsewhere the same change is followed by a notification";
      if (!Told && !W.Remembers)
        Told = S.toldElsewhere();
      // Only the first element is told of: right with one waiter, and where all are woken.
      if (Told && LooksBefore && (WakesAll || oneWaiter(P, W)))
        return;
      if (Here) {
        M.Why = LooksBefore ? "of several waiters only one is woken, and nobody for the next "
                              "change of " +
                                  quoted(Write.On)
                            : quoted(Write.On) + " changes here, and not every way on notifies";
      } else {
        M.Why = quoted(Write.On) + " changes here without a notification";
        if (!Told && !firstAfter(F, At, [&](const Event &E) { return S.tells(E); })) {
          Evidence = "others who wait for it are told here";
          Told = S.othersTold();
        }
        if (!Told && !W.Remembers && S.neverTold()) {
          Evidence = "who waits there is told of other changes only";
          Told = W.Notifies.front().What;
        }
        if (!Told)
          return;
      }
      M.Where = Write.At;
      M.Condition = W.On;
      M.Steps = Write.Via;
      llvm::append_range(M.Steps, Way->Steps);
      M.Steps.push_back({Wait->What->At, "whoever waits here for that goes on waiting"});
      if (!Here)
        M.Steps.push_back({Told->At, Evidence});
      M.Advice = "notify on every way on";
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

// ---- told, and not looked at -------------------------------------------------------------------

/// Where \p S looks at \p O when it has woken, or null.
static const Event *looksAfter(const Program &P, const Site &S, const Object &O) {
  return firstAfter(*S.In, S.At, [&](const Event &E) {
    return E.is(Role::Read) && E.On && P.canonical(E.On) == P.canonical(O);
  });
}

/// Whoever has woken at \p S may go back to sleep without having looked at \p O.
static bool sleepsAgain(const Program &P, const Site &S, const Object &O) {
  auto looks = [&](const Event &E) {
    return E.is(Role::Read) && E.On && P.canonical(E.On) == P.canonical(O);
  };
  return S.What->HasPredicate ||
         S.In->findPath({.From = S.At,
                         .Avoiding = looks,
                         .Until = [&](const Event &E) { return &E == S.What; },
                         .Exits = false});
}

static void unread(const Program &P, const Function &F, const Waiters &W,
                   std::vector<Missed> &Found) {
  // A wait for some time looks around by itself, and one without a condition at everything.
  if (!W.Known || W.Remembers || W.Bounded || F.IsConstructor ||
      llvm::any_of(W.Waits, [&](const Site &S) { return S.What->EndedBy.empty() || S.In == &F; }))
    return;
  auto isGoal = [&](const Event &E) {
    return E.is(Role::Write | Role::Store | Role::Overwrite | Role::Remove | Role::Transfer) &&
           E.On && W.isGoal(P, E.On);
  };
  auto tells = [&](const Event &E) { return W.toldBy(P, E); };
  // A part of an element comes with what holds it; a variable of this function nobody looks at.
  auto isPartOfGoal = [&](Object O) {
    while (O.isField() && !W.isGoal(P, O))
      O = O.whole();
    return W.isGoal(P, O) ||
           (O.root()->Where == Symbol::Local && O.root()->Owner == F.Id && !O.root()->Indirect);
  };
  F.forEach(Role::Write, [&](const Event &Write, Position At) {
    if (!Write.Immediate || !Write.On || !Found.empty() || isPartOfGoal(Write.On))
      return;
    const Site *Wait = nullptr;
    const Event *Looked = nullptr;
    for (const Site &S : W.Waits)
      if (const Event *E =
              Looked || !sleepsAgain(P, S, Write.On) ? nullptr : looksAfter(P, S, Write.On)) {
        Wait = &S;
        Looked = E;
      }
    // On the way to the change, and on to the notification, nothing is done that ends a wait.
    if (!Looked || !F.findPath({.From = F.entry(),
                                .Avoiding = isGoal,
                                .Until = [&](const Event &E) { return &E == &Write; },
                                .Exits = false}))
      return;
    auto Told = F.findPath({.From = At, .Avoiding = isGoal, .Until = tells, .Exits = false});
    if (!Told || !Told->Last->Immediate)
      return;
    Missed M;
    M.Where = Write.At;
    M.Condition = W.On;
    M.Why = quoted(Write.On) + " changes here, and no wait looks at it";
    M.Steps = {{Told->Last->At, "this notification wakes those who wait"},
               {Wait->What->At, "whoever waits here does not look at " + quoted(Write.On) +
                                    ", and goes on waiting"},
               {Looked->At, "it is looked at here only, after the wait"}};
    M.Advice = "let the predicate of the wait read " + quoted(Write.On);
    M.Wait = Wait->What;
    M.Goal = {Write.On, Write.Way, {}, false};
    Found.push_back(std::move(M));
  });
}

std::vector<Missed> findUnread(const Program &P) {
  std::vector<Missed> Found;
  for (const Waiters &W : allWaiters(P))
    for (const auto &F : P.functions()) {
      std::vector<Missed> Here;
      unread(P, *F, W, Here);
      llvm::append_range(Found, Here);
    }
  return Found;
}

} // namespace tether
