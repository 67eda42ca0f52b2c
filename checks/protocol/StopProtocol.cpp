#include "protocol/StopProtocol.h"
#include "model/ApiTable.h"
#include "protocol/Verdict.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

template <typename Predicate> static bool anyEvent(const Function &F, Predicate Wanted) {
  bool Found = false;
  F.forEach([&](const Event &E, Position) { Found |= Wanted(E); });
  return Found;
}

/// \p E wakes each of several that wait: it comes several times, or is for all, as the last arrival
/// at a latch is and the value of a promise.
static bool wakesAll(const Program &P, const Event &E) {
  if (E.is(Role::Notify))
    return E.InLoop || (E.Entry && E.Entry->Wakes == "all");
  return !E.is(Role::Send) || E.InLoop || E.Several || E.On.leaf()->NeedsSeveral ||
         P.anyOn(P.canonical(E.On), Role::GetFuture);
}

namespace {
class Protocol {
public:
  Protocol(const Program &P, const Task &T) : P(P), T(T), Holds(holdsOf(P, T)) {
    // Who gives up the handle waits for nothing.
    if (Holds.empty() || P.anyOn(T.Owner.leaf(), Role::Detach))
      return;
    InTask = P.reachableFrom(*T.Body);
    Stops = stopsOf(P, T);
  }

  std::vector<Unstoppable> find() const {
    std::vector<Unstoppable> Found;
    std::vector<const Event *> Told;
    // Of a wait and the loop around it one story is enough: that of the wait, which comes first.
    for (const Hold &H : Holds)
      if (llvm::none_of(Told, [&](const Event *E) { return isAround(P, *H.What, *E); }))
        for (const Stop &S : Stops)
          if (auto V = judge(H, S)) {
            Found.push_back(tell(*V));
            Told.push_back(H.What);
            break; // one story for a hold
          }
    return Found;
  }

private:
  // ---- what the stopping code means ----

  bool taskLooksAt(const Object &O) const {
    auto reads = [&](const Event &E) {
      return llvm::any_of(E.Reads, [&](const Object &R) { return maybeSamePlace(P, R, O); });
    };
    return llvm::any_of(T.Started.What->Inner, reads) || llvm::any_of(P.on(O), [&](const Site &S) {
             return S.What->is(Role::Read) && InTask.contains(S.In);
           });
  }

  /// A number that is set counts as well, one that counts does not.
  bool setsFlag(const Event &E) const {
    return E.is(Role::Write) && E.On && (!E.Written.empty() || E.On.leaf()->Flag) &&
           taskLooksAt(E.On);
  }

  Intent intentOf(const Stop &S) const {
    Intent I;
    auto first = [](const Event *&Known, const Event &E, bool Is) {
      if (!Known && Is)
        Known = &E;
    };
    if (S.In)
      S.In->forEach([&](const Event &E, Position) {
        const bool Stops = requestsStop(P, E, T);
        first(I.Flag, E, setsFlag(E));
        first(I.Request, E, Stops);
        first(I.Source, E, E.is(Role::RequestStop) && !Stops);
        const bool Wakes = E.isWakeUp() && llvm::any_of(Holds, [&](const Hold &H) {
                             return H.waits() && wakes(P, E, H);
                           });
        first(I.Wake, E, Wakes);
        first(I.Notify, E, E.is(Role::Notify) && !Wakes);
        first(I.Twin, E, E.isWakeUp() && !Wakes && isTwin(E));
        first(I.Close, E,
              E.is(Role::Close) && !E.isWakeUp() && llvm::any_of(Holds, [&](const Hold &H) {
                return H.isKernelWait() && maybeSamePlace(P, E.On, H.What->On);
              }));
      });
    return I;
  }

  /// Wakes another object of the class that the task waits in.
  bool isTwin(const Event &E) const {
    return llvm::any_of(Holds, [&](const Hold &H) {
      return H.waits() && P.maybeSame(E.On, H.What->On) && !maybeSamePlace(P, E.On, H.What->On);
    });
  }

  /// The end of the handle requests the stop.
  bool requestedByEnd(const Stop &S) const {
    const ApiType *Type = T.Owner.leaf()->Type;
    return (!S.Join || S.Join->is(Role::Destroy)) && Type &&
           llvm::is_contained(Type->OnDestroy, Role::RequestStop);
  }

  /// The task has the token of its own handle: it is meant to be stopped by that.
  bool hasOwnToken() const {
    auto isOwn = [&](const Object &O) { return O && maybeSamePlace(P, O, T.Owner); };
    const Event &Spawn = *T.Started.What;
    return llvm::any_of(Spawn.Args, [&](const Value &V) { return isOwn(V.TokenOf); }) ||
           llvm::any_of(Spawn.Inner, [&](const Event &E) { return isOwn(E.StoppedBy); });
  }

  // ---- what else may end the hold ----

  /// In the terms of the class of a member: which of several objects it is about is not known, and
  /// whoever calls it for this one is looked at.
  static bool isOfAPart(const Object &O, const Hold &H) {
    return O && H.What->On && O.root() == H.What->On.root() &&
           O.path().size() < H.What->On.path().size();
  }

  /// Code other than the task and \p S lets go of the hold for good: whoever owns the object may
  /// have called it before.
  bool endsElsewhere(const Hold &H, const Stop &S) const {
    for (const auto &F : P.functions()) {
      if (F.get() == S.In || InTask.contains(F.get()) || F->IsConstructor)
        continue;
      bool Tells = !H.needsTelling(P), Wakes = !H.waits(), Closes = false, Flags = false;
      F->forEach([&](const Event &E, Position) {
        if (isOfAPart(E.On, H))
          return;
        const bool Told = tells(P, E, H), Woken = wakes(P, E, H);
        Tells |= Told;
        Wakes |= Woken;
        Flags |= setsFlag(E);
        Closes |= (Woken && E.is(Role::Close)) || (Told && E.is(Role::RequestStop));
      });
      if (Closes || (Tells && Wakes && Flags))
        return true;
    }
    return false;
  }

  /// Another task brings it for as long as it runs, or another one of several of this kind.
  bool endedByPeer(const Hold &H) const {
    for (const Task &Other : P.tasks()) {
      if (Other.Started.What == T.Started.What && !T.Started.What->InLoop)
        continue;
      bool Tells = !H.needsTelling(P), Wakes = !H.waits();
      for (const Event &E : Other.Started.What->Inner) {
        Tells |= tells(P, E, H);
        Wakes |= wakes(P, E, H);
      }
      if (Tells && Wakes)
        return true;
    }
    return false;
  }

  /// A callback that is registered with a token does it.
  bool endedByCallback(const Hold &H) const {
    return llvm::any_of(P.functions(), [&](const auto &F) {
      return anyEvent(*F, [&](const Event &E) {
        if (!E.is(Role::OnStop))
          return false;
        const Function *Body = E.Callee ? P.function(E.Callee) : nullptr;
        return !Body || anyEvent(*Body, [&](const Event &Inner) { return wakes(P, Inner, H); });
      });
    });
  }

  /// A callable that somebody keeps, and that the task may come to run, does it.
  bool endedByKept(const Hold &H) const {
    return llvm::any_of(P.functions(), [&](const auto &F) {
      return F->IsLambda && P.callers(*F).empty() && !isTask(*F) &&
             anyEvent(*F, [&](const Event &E) { return tells(P, E, H); });
    });
  }
  bool isTask(const Function &F) const {
    return llvm::any_of(P.tasks(), [&](const Task &Each) { return Each.Body == &F; });
  }

  /// The end of another member, which may come before that of the thread, does it.
  bool endedByMember(const Hold &H) const {
    return llvm::any_of(P.functions(), [&](const auto &F) {
      return F->IsDestructor && anyEvent(*F, [&](const Event &E) { return wakes(P, E, H); });
    });
  }

  /// The descriptor is set up so that waits end by themselves, or what it has was waited for
  /// before.
  bool isLimited(const Hold &H) const {
    return (H.What->On.isField() && P.anyOn(P.canonical(H.What->On), Role::Limit)) ||
           llvm::any_of(T.Started.What->Inner, [&](const Event &E) {
             return &E != H.What && E.is(Role::Wait) && E.Entry && E.Entry->Set;
           });
  }

  /// Of the classes whose code the task may run, \p F is in the one with the hold.
  static bool isOfClass(const Hold &H, const Function &F) {
    auto isOf = [&](const Object &O) {
      return O && O.isField() && O.path().front()->Class == F.Class;
    };
    return H.waits()
               ? isOf(H.What->On)
               : llvm::any_of(H.What->EndedBy, [&](const StateChange &C) { return isOf(C.What); });
  }

  /// \p F is a part of what a derived class does, which is judged as a whole.
  bool callersKnowMore(const Hold &H, const Function &F) const {
    return llvm::any_of(P.callers(F), [&](const Site &S) { return isOfClass(H, *S.In); });
  }

  /// The hold, or a loop around it, may end without anybody's help.
  bool mayEndItself(const Hold &H) const {
    return llvm::any_of(T.Started.What->Inner, [&](const Event &E) {
      return E.is(Role::Turn) && isAround(P, E, *H.What) && tether::mayEndItself(P, T, E);
    });
  }

  // ---- the judgement ----

  /// Whether it is known well enough what ends the hold, and that \p S has to do it.
  bool isClear(const Hold &H, const Stop &S, const Intent &I, bool Requested) const {
    if (isForeign(P, H, /*Anyhow=*/!I.any()) || endedByPeer(H) || endedByCallback(H) ||
        endedByKept(H))
      return false;
    if (!S.In && endedByMember(H))
      return false;
    if (S.In && !isOfClass(H, *S.In) && (H.What->MayHappen || callersKnowMore(H, *S.In)))
      return false;
    // Of a wait that comes once, the stopping code has to show that it means it.
    if (H.waits() && !H.What->InLoop && !I.any())
      return false;
    if (!H.waits() && tether::mayEndItself(P, T, *H.What))
      return false;
    if (H.isKernelWait() && ((!I.Flag && !I.Close && !I.Request && !Requested) || isLimited(H)))
      return false;
    if (I.any() || Requested)
      return true;
    return !endsElsewhere(H, S) && !mayEndItself(H);
  }

  std::optional<Verdict> judge(const Hold &H, const Stop &S) const {
    Verdict V;
    V.H = H;
    V.S = S;
    V.I = intentOf(S);
    V.Requested = requestedByEnd(S) && hasOwnToken();
    // To wake somebody who is told nothing ends nothing, and is not meant to.
    if (V.I.Wake && H.needsTelling(P) &&
        !anyEvent(*S.In, [&](const Event &E) { return tells(P, E, H); }))
      V.I.Notify = std::exchange(V.I.Wake, nullptr);
    if (requestedByEnd(S) && H.What->StoppedBy && maybeSamePlace(P, H.What->StoppedBy, T.Owner))
      return std::nullopt;
    if (!isClear(H, S, V.I, V.Requested))
      return std::nullopt;

    Done Told, Woken;
    Told.How = Woken.How = Done::Always;
    // A callback that is kept for the stop may do all that is needed.
    auto IsCallback = [](const Event &E) { return E.is(Role::Invoke) && !E.Callee; };
    if (H.needsTelling(P))
      Told = doneBefore(P, S, T, [&](const Event &E) { return tells(P, E, H) || IsCallback(E); });
    if (H.waits())
      Woken = doneBefore(P, S, T, [&](const Event &E) { return wakes(P, E, H) || IsCallback(E); });
    const bool WakeIsMissing = Woken.How != Done::Always;
    Done &First = WakeIsMissing ? Woken : Told;
    switch (First.How) {
    case Done::Never:
      V.Missing = WakeIsMissing ? Verdict::NotWoken : Verdict::NotTold;
      return V;
    case Done::Sometimes:
      V.Missing = Verdict::Partly;
      V.Way = std::move(First.Missing);
      return V;
    case Done::TooLate:
      V.Missing = Verdict::Late;
      V.Seen = First.Last;
      return V;
    case Done::Always:
      return tooEarly(V) || oneOfSeveral(V) ? std::optional(V) : std::nullopt;
    }
    return std::nullopt;
  }

  /// Some change that ends the wait is followed by the join without a wake-up, and none before it
  /// has been.
  bool tooEarly(Verdict &V) const {
    const Hold &H = V.H;
    const Function &F = *V.S.In;
    if (!H.waits() || !H.needsTelling(P))
      return false;
    auto Tells = [&](const Event &E) { return tells(P, E, H); };
    auto Wakes = [&](const Event &E) { return wakes(P, E, H); };
    F.forEach([&](const Event &E, Position At) {
      if (V.Seen || !E.is(Role::Write) || !Tells(E) || Wakes(E))
        return;
      auto IsThis = [&](const Event &Other) { return &Other == &E; };
      auto IsJoin = [&](const Event &Other) { return &Other == V.S.Join; };
      auto LeavesWakes = [&](const Block &B, const Edge &Way) {
        return Way.OnState || Way.Tests || F.loopDoes(B, Way, Wakes);
      };
      auto TellsBefore = [&](const Event &Other) { return !IsThis(Other) && Tells(Other); };
      if (F.findPath(
              {.From = V.S.From, .Avoiding = TellsBefore, .Until = IsThis, .Exits = false}) &&
          F.findPath({.From = At,
                      .Avoiding = Wakes,
                      .Until = IsJoin,
                      .Exits = false,
                      .AvoidingEdge = LeavesWakes}))
        V.Seen = &E;
    });
    V.Missing = Verdict::TooEarly;
    return V.Seen != nullptr;
  }

  bool oneOfSeveral(Verdict &V) const {
    const Hold &H = V.H;
    if (!T.Started.What->InLoop || !H.waits() || H.isKernelWait() ||
        llvm::any_of(H.What->On.path(), [](const Symbol *S) { return S->Container; }))
      return false;
    // A task that wakes the next one before it ends.
    if (llvm::any_of(T.Started.What->Inner,
                     [&](const Event &E) { return E.isWakeUp() && wakes(P, E, H); }))
      return false;
    auto All =
        doneBefore(P, V.S, T, [&](const Event &E) { return wakes(P, E, H) && wakesAll(P, E); });
    V.Missing = Verdict::OneWoken;
    V.Seen = V.I.Wake;
    return All.How != Done::Always && V.I.Wake;
  }

  const Program &P;
  const Task &T;
  std::vector<Hold> Holds;
  std::vector<Stop> Stops;
  llvm::DenseSet<const Function *> InTask;
};
} // namespace

std::vector<Unstoppable> findUnstoppable(const Program &P) {
  std::vector<Unstoppable> Found;
  for (const Task &T : P.tasks())
    if (T.Body && T.Owner)
      llvm::append_range(Found, Protocol(P, T).find());
  return Found;
}

std::set<clang::SourceLocation> toldByStopProtocol(const Program &P) {
  std::set<clang::SourceLocation> Told;
  for (const Unstoppable &U : P.answer(findUnstoppable)) {
    Told.insert(U.Where);
    for (const Step &S : U.Steps)
      Told.insert(S.Where);
  }
  return Told;
}

} // namespace tether
