// Stops that are told and forgotten: overwritten by the task, or told only while somebody waits.
#include "protocol/Holds.h"
#include "protocol/StopProtocol.h"
#include "protocol/Stops.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// ---- overwritten by the task --------------------------------------------------------------------

namespace {
/// What the stopping code tells a hold, and the task takes back.
class Overwriting {
public:
  Overwriting(const Program &P, const Hold &H, const Stop &S)
      : P(P), H(H), T(*H.Of), S(S), InTask(P.reachableFrom(*T.Body)) {}

  std::optional<Unstoppable> find() {
    S.In->forEach([&](const Event &E, Position) {
      if (tells(P, E, H))
        Said.push_back(&E);
      else if (E.is(Role::Write) && E.On && E.On.leaf()->Flag)
        Flags.push_back(&E);
    });
    const Event *Reset = nullptr;
    for (const Event *E : Said) {
      Reset = takenBack(*E);
      if (!Reset)
        return std::nullopt; // that one lasts
    }
    // A wait alone may be one of many: only with a flag that the task looks at it is the last one.
    if (!Reset || (H.waits() && !looksSomewhere()) || startIsAwaited() || resetIsAwaited(*Reset))
      return std::nullopt;
    for (const auto &F : P.functions())
      if (InTask.contains(F.get()))
        if (const Event *There = forgottenIn(*F, *Reset))
          return story(*There);
    return std::nullopt;
  }

private:
  /// The write of the task that undoes \p E.
  const Event *takenBack(const Event &E) const {
    for (const StateChange &C : H.What->EndedBy)
      // (What is put into a container is taken out again by whoever it is for.)
      if (E.is(Role::Write) && C.doneBy(E) == Change::Up && maybeSamePlace(P, C.What, E.On) &&
          !E.On.leaf()->Container && !P.escapes(P.canonical(E.On)))
        for (const Event &Own : T.Started.What->Inner)
          if (Own.is(Role::Write) && maybeSamePlace(P, Own.On, E.On) &&
              C.doneBy(Own) == Change::Down)
            return &Own;
    return nullptr;
  }

  /// A look at a flag that the stopping code sets and the hold does not know.
  bool looks(const Event &E) const {
    if (const Function *Callee = E.is(Role::Call) && E.Callee ? P.function(E.Callee) : nullptr) {
      bool Looks = false;
      Callee->forEach([&](const Event &Inner, Position) {
        Looks |= Inner.Immediate && !Inner.is(Role::Call) && looks(Inner);
      });
      return Looks;
    }
    return E.is(Role::Read | Role::Poll) && E.On && llvm::any_of(Flags, [&](const Event *F) {
             return P.canonical(F->On) == P.canonical(E.On);
           });
  }

  bool looksSomewhere() const {
    return llvm::any_of(P.functions(), [&](const auto &F) {
      bool Looks = false;
      if (InTask.contains(F.get()))
        F->forEach([&](const Event &E, Position) { Looks |= looks(E); });
      return Looks;
    });
  }

  /// Who starts the task waits for something after that: a stop cannot come before it.
  bool startIsAwaited() const {
    auto Waits = [](const Event &E) { return E.is(Role::Wait | Role::Receive | Role::Sleep); };
    return T.Started.In
        ->findPath({.From = T.Started.At,
                    .Avoiding = [](const Event &) { return false; },
                    .Until = Waits,
                    .Exits = false})
        .has_value();
  }

  /// So does the stopping code, for what the task does.
  bool resetIsAwaited(const Event &Reset) const {
    auto Awaits = [&](const Event &E) {
      return E.is(Role::Turn) &&
             llvm::any_of(E.Reads, [&](const Object &O) { return maybeSamePlace(P, O, Reset.On); });
    };
    auto Tells = [&](const Event &E) { return llvm::is_contained(Said, &E); };
    // (A loop that needs no turn has found it done.)
    auto Leaves = [&](const Block &B, const Edge &E) { return S.In->loopDoes(B, E, Awaits); };
    bool Any = false;
    S.In->forEach([&](const Event &E, Position) { Any |= Awaits(E); });
    return Any && !S.In->findPath({.From = S.From,
                                   .Avoiding = Awaits,
                                   .Until = Tells,
                                   .Exits = false,
                                   .AvoidingEdge = Leaves});
  }

  /// The reset as \p F has it, behind which it comes to the hold without a look.
  const Event *forgottenIn(const Function &F, const Event &Reset) const {
    const Event *Found = nullptr;
    bool Written = false;
    clang::SourceLocation Set; // by a call
    auto IsReset = [&](const Event &E) { return E.is(Role::Write) && E.At == Reset.At; };
    auto IsHold = [&](const Event &E) { return E.is(H.What->Is) && E.At == H.What->At; };
    // In the code that one of them is written in, or that calls a setter before: the order of what
    // one call brings in says less.
    F.forEach([&](const Event &E, Position) {
      Written |= E.Immediate && (IsHold(E) || IsReset(E));
      if (IsReset(E) && E.Via.size() == 1)
        Set = E.where();
      Written |= IsHold(E) && Set.isValid() && E.where() != Set;
    });
    F.forEach([&](const Event &E, Position At) {
      if (!Found && Written && IsReset(E) && !looksFirst(F, IsReset, E) &&
          F.findPath({.From = At,
                      .Avoiding = [&](const Event &Other) { return looks(Other); },
                      .Until = IsHold,
                      .Exits = false}))
        Found = &E;
    });
    return Found;
  }

  /// A look that counts is made under the mutex of the reset; where there is none, before it.
  bool looksFirst(const Function &F, llvm::function_ref<bool(const Event &)> IsReset,
                  const Event &Reset) const {
    auto unlooked = [&](Position From) {
      return F
          .findPath({.From = From,
                     .Avoiding =
                         [&](const Event &E) {
                           return looks(E) || E.is(Role::Unlock | Role::Lock) ||
                                  (E.is(Role::Read) && E.On == Reset.On);
                         },
                     .Until = IsReset,
                     .Exits = false})
          .has_value();
    };
    bool Locks = false, Unlooked = false;
    F.forEach([&](const Event &E, Position At) {
      Locks |= E.is(Role::Lock);
      Unlooked |= E.is(Role::Lock) && unlooked(At);
    });
    return Locks ? !Unlooked : !unlooked(F.entry());
  }

  Unstoppable story(const Event &Reset) const {
    const Event *Flag = Flags.empty() ? nullptr : Flags.back();
    Unstoppable U{Reset.where(), T.Owner, "", {{T.Started.What->At, "the task starts here"}}, ""};
    auto step = [&](const Event &E, std::string Text) { U.Steps.push_back({E.At, Text}); };
    if (H.waits()) {
      U.Why = "the reset of " + quoted(Reset.On) + " overwrites the wake-up of " + S.Name;
      step(*H.What, "it waits here");
      step(*Said.front(), "it is woken by this change, to stop");
      U.Steps.push_back({Reset.where(), "if that comes before this reset, nobody wakes the task: " +
                                            quoted(Flag->On) + " is not looked at again"});
      U.Advice = "look at " + quoted(Flag->On) +
                 " under the same lock, before the reset or in the predicate";
    } else {
      U.Why = "it changes " + quoted(Reset.On) + " itself, and forgets a stop that came before";
      U.Steps.push_back({Reset.where(), "the task changes " + quoted(Reset.On) + " here"});
      step(*Said.front(), S.Name + " changes it back here, to stop the task");
      step(*H.What, "if that comes first, nobody ends this loop");
      U.Advice = "change " + quoted(Reset.On) + " before the task starts";
      U.Missing = Unstoppable::Earlier;
      U.Held = H;
      U.Seen = &Reset;
    }
    return U;
  }

  const Program &P;
  const Hold &H;
  const Task &T;
  const Stop &S;
  llvm::DenseSet<const Function *> InTask;
  std::vector<const Event *> Said;  ///< to the hold
  std::vector<const Event *> Flags; ///< that the stopping code sets, too
};
} // namespace

std::vector<Unstoppable> findOverwritten(const Program &P) {
  std::vector<Unstoppable> Found;
  for (const Task &T : P.tasks()) {
    if (!T.Body || !T.Owner || P.escapes(P.canonical(T.Owner)))
      continue;
    const std::vector<Stop> Stops = stopsOf(P, T);
    for (const Hold &H : holdsOf(P, T))
      for (const Stop &S : Stops)
        if (auto U = S.In ? Overwriting(P, H, S).find() : std::nullopt)
          Found.push_back(std::move(*U));
  }
  return Found;
}

// ---- told only while somebody waits -------------------------------------------------------------

namespace {
/// Every write of a symbol outside of constructors.
std::vector<Site> writesOf(const Program &P, const Symbol *S) {
  std::vector<Site> Writes;
  for (const Site &Each : P.on(S))
    if (Each.What->is(Role::Write) && !Each.In->IsConstructor)
      Writes.push_back(Each);
  return Writes;
}
} // namespace

/// The only place that sets \p Flag; once set, it stays set: it is meant to be remembered.
static std::optional<Site> onlySetter(const Program &P, const Symbol *Flag) {
  std::vector<Site> Writes = writesOf(P, Flag);
  auto sets = [&](const Site &S) {
    return S.What->Way == Change::Up && S.What->At == Writes.front().What->At;
  };
  return !Writes.empty() && llvm::all_of(Writes, sets) ? std::optional(Writes.front())
                                                       : std::nullopt;
}

/// \p Waiter, and nobody else, sets \p Mark before a wait and clears it after that.
static bool marksWait(const Program &P, const Function &Waiter, const Symbol *Mark) {
  bool Sets = false, Clears = false;
  for (const Site &S : writesOf(P, Mark)) {
    if (S.In != &Waiter)
      return false;
    Sets |= S.What->Way == Change::Up;
    Clears |= S.What->Way == Change::Down;
  }
  return Sets && Clears;
}

/// \p Setter is reached only behind a look at a mark that \p Waiter makes around its wait.
static const Event *guardingMark(const Program &P, const Site &Setter, const Symbol *Flag,
                                 const Function &Waiter) {
  const Function &F = *Setter.In;
  auto IsSetter = [&](const Event &E) { return &E == Setter.What; };
  const Event *Found = nullptr;
  F.forEach([&](const Event &Mark, Position At) {
    if (Found || !Mark.is(Role::Read) || !Mark.On || !Mark.On.leaf()->Flag ||
        P.canonical(Mark.On) == Flag)
      return;
    const Symbol *Around = P.canonical(Mark.On);
    auto IsMark = [&](const Event &E) {
      return E.is(Role::Read) && E.On && P.canonical(E.On) == Around;
    };
    if (!F.findPath({.From = F.entry(), .Avoiding = IsMark, .Until = IsSetter}) &&
        F.findPath({.From = At, .Avoiding = IsSetter}) && marksWait(P, Waiter, Around))
      Found = &Mark;
  });
  return Found;
}

std::vector<Unstoppable> findForgotten(const Program &P) {
  std::vector<Unstoppable> Found;
  for (const auto &Waiter : P.functions())
    Waiter->forEach([&](const Event &Wait, Position) {
      if (!Wait.Immediate || !Wait.is(Role::Wait) || Wait.On.kind() != TypeKind::Condition)
        return;
      for (const StateChange &C : Wait.EndedBy) {
        const Symbol *Flag = P.canonical(C.What);
        if (!Flag->Flag || P.escapes(Flag) || C.Way != Change::Up)
          continue;
        const std::optional<Site> Setter = onlySetter(P, Flag);
        if (!Setter || Setter->In == Waiter.get() || !Setter->What->Immediate)
          continue;
        const Event *Mark = guardingMark(P, *Setter, Flag, *Waiter);
        if (!Mark)
          continue;
        const std::string Name = "'" + Flag->Name + "'";
        Found.push_back(
            {Setter->What->At,
             Wait.On,
             Name + " is set only while " + quoted(Mark->On) + " says that somebody waits",
             {{Wait.At, "'" + Waiter->Name + "' waits here, and ends when " + Name + " is set"},
              {Mark->At, "a stop that comes between two waits is forgotten here"}},
             "set " + Name + " in any case, and look at it before the wait"});
        Found.back().Missing = Unstoppable::InAnyCase;
        Found.back().Stopping = Setter->In;
        Found.back().Seen = Setter->What;
      }
    });
  return Found;
}

} // namespace tether
