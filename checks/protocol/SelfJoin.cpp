#include "protocol/StopProtocol.h"
#include "protocol/Stops.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

static void forEachIn(const llvm::DenseSet<const Function *> &Functions, const Program &P,
                      llvm::function_ref<void(const Site &)> Visit) {
  for (const auto &F : P.functions()) // in source order
    if (Functions.contains(F.get()))
      F->forEach([&](const Event &E, Position At) {
        if (E.Immediate)
          Visit({F.get(), &E, At});
      });
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

static std::optional<Unstoppable> joinsItself(const Program &P, const Task &T) {
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
        if (wakesWait(P, *S.What, E) && S.What->Immediate) {
          Any = true;
          OnlyTask &= InTask.contains(S.In) && !S.What->InLoop;
        }
      if (Any && OnlyTask && reachedUnasked(P, {F.get(), &E, At}))
        add({F.get(), &E, At}, *Callback,
            "a callback of the task may wait for the end of the task");
    });
  return Found;
}

std::vector<Unstoppable> findSelfJoins(const Program &P) {
  std::vector<Unstoppable> Found;
  for (const Task &T : P.tasks())
    if (std::optional<Unstoppable> U = joinsItself(P, T))
      Found.push_back(std::move(*U));
  return Found;
}

} // namespace tether
