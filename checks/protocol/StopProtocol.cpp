#include "protocol/StopProtocol.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// The function that a lambda is written in, or \p F itself.
static const Function *outermost(const Program &P, const Function *F) {
  while (F->IsLambda && F->Parent)
    if (const Function *Up = P.function(F->Parent))
      F = Up;
    else
      break;
  return F;
}

/// Where the task of \p T is waited for, by code that is not the task itself.
static std::vector<Site> joinsOf(const Program &P, const Task &T) {
  std::vector<Site> Joins;
  auto InTask = P.reachableFrom(*T.Body);
  for (const Site &S : P.on(T.Owner))
    if (S.What->is(Role::Join) && !S.What->Bounded && !InTask.contains(S.In))
      Joins.push_back(S);
  return Joins;
}

static void forEachIn(const llvm::DenseSet<const Function *> &Functions, const Program &P,
                      llvm::function_ref<void(const Site &)> Visit) {
  for (const auto &F : P.functions()) // in source order
    if (Functions.contains(F.get()))
      F->forEach([&](const Event &E, Position At) {
        if (E.Immediate)
          Visit({F.get(), &E, At});
      });
}

std::optional<Unstoppable> stopOverwritten(const Program &P, const Task &T) {
  if (!T.Body || !T.Owner || P.escapes(P.canonical(T.Owner)))
    return std::nullopt;
  auto InTask = P.reachableFrom(*T.Body);
  std::optional<Unstoppable> Found;
  for (const Site &Join : joinsOf(P, T)) {
    // What the stopping code says, and to whom.
    std::vector<const Event *> Said;
    Join.In->forEach([&](const Event &E, Position) {
      if (E.is(Role::Write) && E.On)
        Said.push_back(&E);
    });
    auto said = [&](const Object &O) -> const Event * {
      for (const Event *E : Said)
        if (P.canonical(E->On) == P.canonical(O))
          return E;
      return nullptr;
    };
    forEachIn(InTask, P, [&](const Site &Wait) {
      if (Found || !isOpenWait(*Wait.What))
        return;
      auto waitsFor = [&](const Object &O) {
        return llvm::any_of(Wait.What->Reads, [&](const Object &Read) {
          return P.canonical(Read) == P.canonical(O);
        });
      };
      // A look at a flag that the stopping code sets and the wait does not know.
      auto looks = [&](const Event &E) {
        return E.is(Role::Read | Role::Poll) && E.On && E.On.leaf()->Flag && said(E.On) &&
               !waitsFor(E.On);
      };
      bool Looks = false;
      forEachIn(InTask, P, [&](const Site &S) { Looks |= looks(*S.What); });
      if (!Looks)
        return;
      for (const StateChange &G : Wait.What->EndedBy) {
        const Event *Wake = said(G.What);
        if (!Wake || G.doneBy(*Wake) != Change::Up || P.escapes(P.canonical(G.What)))
          continue;
        Wait.In->forEach([&](const Event &Reset, Position At) {
          if (Found || !Reset.Immediate || !Reset.is(Role::Write) || !Reset.On ||
              P.canonical(Reset.On) != P.canonical(G.What) || G.doneBy(Reset) != Change::Down)
            return;
          // A look that counts is made under the mutex of the reset, or after it.
          auto IsReset = [&](const Event &E) { return &E == &Reset; };
          auto IsWait = [&](const Event &E) { return &E == Wait.What; };
          bool LooksBefore = true;
          Wait.In->forEach([&](const Event &Lock, Position Where) {
            if (Lock.is(Role::Lock) &&
                Wait.In->findPath({.From = Where,
                                   .Avoiding =
                                       [&](const Event &E) {
                                         return looks(E) || E.is(Role::Unlock | Role::Lock);
                                       },
                                   .Until = IsReset,
                                   .Exits = false}))
              LooksBefore = false;
          });
          if (LooksBefore ||
              !Wait.In->findPath({.From = At, .Avoiding = looks, .Until = IsWait, .Exits = false}))
            return;
          const Event *Flag = nullptr;
          for (const Event *E : Said)
            if (E->On.leaf()->Flag && !waitsFor(E->On))
              Flag = E;
          Found =
              Unstoppable{Reset.At,
                          T.Owner,
                          "the reset of " + quoted(Reset.On) + " overwrites the wake-up of '" +
                              Join.In->Name + "'",
                          {{T.Started.What->At, "the task starts here"},
                           {Wait.What->At, "it waits here"},
                           {Wake->At, "it is woken by this change, to stop"},
                           {Reset.At, "if that comes before this reset, nobody wakes the task: " +
                                          quoted(Flag->On) + " is not looked at again"}},
                          "look at " + quoted(Flag->On) +
                              " under the same lock, before the reset or in the predicate"};
        });
      }
    });
  }
  return Found;
}

std::vector<Unstoppable> stopForgotten(const Program &P) {
  std::vector<Unstoppable> Found;
  for (const auto &Waiter : P.functions())
    Waiter->forEach([&](const Event &Wait, Position) {
      if (!Wait.Immediate || !Wait.is(Role::Wait) || Wait.On.kind() != TypeKind::Condition)
        return;
      for (const StateChange &G : Wait.EndedBy) {
        const Symbol *Flag = P.canonical(G.What);
        if (!Flag->Flag || P.escapes(Flag) || G.Way != Change::Up)
          continue;
        // Once set, it stays set: it is meant to be remembered.
        bool Sticky = true;
        const Site *Stop = nullptr;
        for (const Site &S : P.on(Flag)) {
          if (!S.What->is(Role::Write) || S.In->IsConstructor)
            continue;
          Sticky &= S.What->Way == Change::Up;
          if (Stop && Stop->What->At != S.What->At)
            Sticky = false; // set elsewhere too: more than one story
          if (!Stop)
            Stop = &S;
        }
        if (!Sticky || !Stop || Stop->In == Waiter.get() || !Stop->What->Immediate)
          continue;
        // It is set only if a mark says so that the waiting function makes around its wait.
        const Function &K = *Stop->In;
        auto IsStop = [&](const Event &E) { return &E == Stop->What; };
        K.forEach([&](const Event &Mark, Position MarkAt) {
          if (!Mark.is(Role::Read) || !Mark.On || !Mark.On.leaf()->Flag ||
              P.canonical(Mark.On) == Flag)
            return;
          const Symbol *Around = P.canonical(Mark.On);
          auto IsMark = [&](const Event &E) {
            return E.is(Role::Read) && E.On && P.canonical(E.On) == Around;
          };
          if (K.findPath({.From = K.entry(), .Avoiding = IsMark, .Until = IsStop}) ||
              !K.findPath({.From = MarkAt, .Avoiding = IsStop}))
            return;
          bool SetBefore = false, ClearedAfter = false, Elsewhere = false;
          for (const Site &S : P.on(Around)) {
            if (!S.What->is(Role::Write) || S.In->IsConstructor)
              continue;
            Elsewhere |= S.In != Waiter.get();
          }
          Waiter->forEach([&](const Event &E, Position At) {
            if (!E.is(Role::Write) || !E.On || P.canonical(E.On) != Around)
              return;
            SetBefore |= E.Way == Change::Up;
            ClearedAfter |= E.Way == Change::Down;
          });
          if (!SetBefore || !ClearedAfter || Elsewhere)
            return;
          Found.push_back({Stop->What->At,
                           Wait.On,
                           "'" + Flag->Name + "' is set only while '" + Around->Name +
                               "' says that somebody waits",
                           {{Wait.At, "'" + Waiter->Name + "' waits here, and ends when '" +
                                          Flag->Name + "' is set"},
                            {Mark.At, "a stop that comes between two waits is forgotten here"}},
                           "set '" + Flag->Name + "' in any case, and look at it before the wait"});
        });
      }
    });
  return Found;
}

/// \p E, or the function it calls, asks which thread it runs in.
static bool asksWhoRuns(const Program &P, const Event &E) {
  if (E.is(Role::Self))
    return true;
  const Function *Callee = E.is(Role::Call) && E.Callee ? P.function(E.Callee) : nullptr;
  bool Asks = false;
  if (Callee)
    Callee->forEach([&](const Event &Inner, Position) { Asks |= Inner.is(Role::Self); });
  return Asks;
}

/// A way to the event that does not ask for the thread first.
static bool reachedUnasked(const Program &P, const Site &S) {
  return S.In
      ->findPath({.From = S.In->entry(),
                  .Avoiding = [&](const Event &E) { return asksWhoRuns(P, E); },
                  .Until = [&](const Event &E) { return &E == S.What; },
                  .Exits = false})
      .has_value();
}

std::optional<Unstoppable> joinsItself(const Program &P, const Task &T) {
  if (!T.Body || !T.Owner.isField() || T.Owner.root()->Where != Symbol::This)
    return std::nullopt;
  const Function *Start = outermost(P, T.Started.In);
  std::optional<Unstoppable> Found;
  auto add = [&](const Site &Join, const Event &By, std::string Why) {
    Found =
        Unstoppable{Join.What->At,
                    T.Owner,
                    std::move(Why),
                    {{T.Started.What->At, "the task starts here"},
                     {By.At, By.is(Role::Invoke) ? "it calls a callback here, which may call '" +
                                                       outermost(P, Join.In)->Name + "'"
                                                 : "it gets here"},
                     {Join.What->At, "here it waits for its own end"}},
                    "ask first whether this is the task's own thread, or leave the join to "
                    "somebody else"};
  };
  // The body itself, through calls on the same object.
  T.Body->forEach([&](const Event &E, Position) {
    if (Found || !E.is(Role::Join) || E.Bounded || E.On != T.Owner || E.AtScopeEnd)
      return;
    for (const Site &S : P.on(T.Owner))
      if (S.What->At == E.At && S.What->is(Role::Join) && S.What->Immediate && reachedUnasked(P, S))
        add(S, E, "the task joins itself");
  });
  if (Found)
    return Found;
  // A callback that is given the object may call each public function of it.
  const Event *Callback = nullptr;
  auto InTask = P.reachableFrom(*T.Body);
  forEachIn(InTask, P, [&](const Site &S) {
    if (!Callback && S.What->is(Role::Invoke) && S.What->On.isField() &&
        outermost(P, S.In)->Class == Start->Class && llvm::any_of(S.What->Args, [](const Value &V) {
          return V.What && V.What.root()->Where == Symbol::This && V.What.path().empty();
        }))
      Callback = S.What;
  });
  if (!Callback)
    return std::nullopt;
  auto mayBeCalled = [&](const Function *F) {
    F = outermost(P, F);
    return F->Class == Start->Class && F->Public && !F->IsDestructor && !F->IsConstructor &&
           !InTask.contains(F);
  };
  for (const Site &S : P.on(T.Owner))
    if (!Found && S.What->is(Role::Join) && S.What->Immediate && !S.What->Bounded &&
        !S.What->AtScopeEnd && mayBeCalled(S.In) && reachedUnasked(P, S))
      add(S, *Callback, "a callback of the task may join the task");
  // A wait that only the task itself can end, by ending.
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position At) {
      if (Found || !E.Immediate || !isOpenWait(E) || !E.On.isField() ||
          P.escapes(P.canonical(E.On)) || !mayBeCalled(F.get()))
        return;
      bool Any = false, OnlyTask = true;
      for (const Site &S : P.on(E.On))
        if (wakes(P, *S.What, E) && S.What->Immediate) {
          Any = true;
          OnlyTask &= InTask.contains(S.In) && !S.What->InLoop;
        }
      if (Any && OnlyTask && reachedUnasked(P, {F.get(), &E, At}))
        add({F.get(), &E, At}, *Callback,
            "a callback of the task may wait for the end of the task");
    });
  return Found;
}

std::optional<Unstoppable> joinedBeforeWoken(const Program &P, const Task &T) {
  if (!T.Body || !T.Owner || P.escapes(P.canonical(T.Owner)))
    return std::nullopt;
  auto InTask = P.reachableFrom(*T.Body);
  std::optional<Unstoppable> Found;
  forEachIn(InTask, P, [&](const Site &Wait) {
    if (Found || !isOpenWait(*Wait.What) || Wait.What->On.kind() == TypeKind::None ||
        P.escapes(P.canonical(Wait.What->On)))
      return;
    for (const Site &Join : joinsOf(P, T)) {
      if (!Join.What->Immediate || Join.What->AtScopeEnd)
        continue;
      auto ends = [&](const Event &E) {
        return wakes(P, E, *Wait.What) || E.is(Role::RequestStop);
      };
      const Event *Wake = nullptr;
      Join.In->forEach([&](const Event &E, Position) {
        if (ends(E) && !Wake)
          Wake = &E;
      });
      // Only a wait for what the stopping code changes is meant to be ended by it.
      bool Says = Wake && Wake->is(Role::Close);
      Join.In->forEach([&](const Event &E, Position) {
        for (const StateChange &C : Wait.What->EndedBy)
          Says |= E.is(Role::Write) && E.On && P.canonical(E.On) == P.canonical(C.What) &&
                  C.doneBy(E) == Change::Up;
      });
      if (!Wake || !Says || !Wake->is(Role::Notify | Role::Close))
        continue;
      bool Before = Join.In
                        ->findPath({.From = Join.In->entry(),
                                    .Avoiding = [&](const Event &E) { return &E == Join.What; },
                                    .Until = ends,
                                    .Exits = false})
                        .has_value();
      auto Skips = Join.In->findPath({.From = Join.In->entry(),
                                      .Avoiding = ends,
                                      .Until = [&](const Event &E) { return &E == Join.What; },
                                      .Exits = false,
                                      .AvoidingEdge =
                                          [](const Block &B, const Edge &E) {
                                            // What was started, and whether it has been stopped, is
                                            // known to the state.
                                            return B.Next.size() > 1 &&
                                                   (E.OnState || E.Tests || E.LeavesLoop);
                                          }});
      // A caller may have woken it before.
      bool CallerWakes = llvm::any_of(P.callers(*Join.In), [&](const Site &C) {
        bool Wakes = false;
        C.In->forEach([&](const Event &E, Position) {
          Wakes |= ends(E) && (E.Via.empty() || E.Via[0].Where != C.What->At);
        });
        return Wakes;
      });
      if ((Before && !Skips) || CallerWakes || Found)
        continue;
      Found = Unstoppable{
          Join.What->At,
          T.Owner,
          Before ? "not every way to the join wakes it" : "it is woken only after the join",
          {{T.Started.What->At, "the task starts here"}, {Wait.What->At, "it waits here"}},
          "wake it before the join, on every way"};
      if (Before)
        llvm::append_range(Found->Steps, Skips->Steps);
      else
        Found->Steps.push_back({Wake->At, "this comes too late"});
    }
  });
  return Found;
}

} // namespace tether
