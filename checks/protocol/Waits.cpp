#include "protocol/Waits.h"
#include "model/ApiTable.h"
#include "protocol/Handles.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

bool isOpenWait(const Event &E) {
  // What a call was found to come to is judged by what it does in detail.
  return E.is(Role::Wait | Role::Receive) && E.blocks() && E.On && !E.Inferred &&
         E.On.kind() != TypeKind::Future;
}

bool wakesWait(const Program &P, const Event &E, const Event &Wait) {
  return E.isWakeUp() && E.On && P.maybeSame(E.On, Wait.On);
}

template <typename Predicate> static const Event *findIn(const Function &F, Predicate Wanted) {
  const Event *Found = nullptr;
  F.forEach([&](const Event &E, Position) {
    if (!Found && Wanted(E))
      Found = &E;
  });
  return Found;
}

static bool wakesIn(const Program &P, const Function &F, const Event &Wait) {
  return findIn(F, [&](const Event &E) { return wakesWait(P, E, Wait); }) != nullptr;
}

/// What \p Wait waits on is known to the last user.
/// (What a local is made of that is no condition or channel, such as an array of descriptors, is
/// not.)
static bool known(const Program &P, const Event &Wait) {
  return !P.escapes(P.canonical(Wait.On)) &&
         !(Wait.On.isLocal() && Wait.On.kind() == TypeKind::None);
}

/// A channel that is closed somewhere is stopped by that; a callback that wakes does it too.
static bool hasStopPath(const Program &P, const Event &Wait) {
  const Symbol *What = P.canonical(Wait.On);
  return llvm::any_of(
             P.on(What),
             [](const Site &S) { return S.What->is(Role::Close) && S.What->isWakeUp(); }) ||
         llvm::any_of(P.callbacks(),
                      [&](const Site &S) { return wakesIn(P, *P.function(S.What->Callee), Wait); });
}

/// The state that ends the wait contains \p S.
static bool reads(const Program &P, const Event &Wait, const Symbol *S) {
  return llvm::any_of(Wait.Reads, [&](const Object &O) { return P.canonical(O) == S; });
}

std::optional<Unwoken> ignoresToken(const Program &P, const Site &W) {
  const Event &Wait = *W.What;
  if (!known(P, Wait) || hasStopPath(P, Wait))
    return std::nullopt;
  for (const Task *T : P.runningIn(*W.In)) {
    // Who stops this task: through its own token, or through the source whose token it was given.
    std::vector<const Symbol *> Sources;
    for (const Value &V : T->Started.What->Args)
      if (V.IsToken && V.TokenOf)
        Sources.push_back(P.canonical(V.TokenOf));
    for (const Capture &C : T->Started.What->This.Captures)
      if (C.TokenOf)
        Sources.push_back(P.canonical(C.TokenOf));
    const Site *Stopper = nullptr;
    bool Woken = false;
    for (const Symbol *Source : Sources)
      for (const Site &S : P.on(Source))
        if (S.What->is(Role::RequestStop)) {
          Stopper = &S;
          Woken |= wakesIn(P, *S.In, Wait);
          for (const Site &Caller : P.callers(*S.In))
            Woken |= wakesIn(P, *Caller.In, Wait);
        }
    if (!Stopper || Woken)
      continue;
    // Code that sets a flag of the predicate and wakes is a way to stop, if anybody calls it.
    for (const Object &O : Wait.Reads)
      for (const Site &S : P.on(O))
        if (S.What->is(Role::Write) && O.leaf()->Flag && wakesIn(P, *S.In, Wait) &&
            !P.reachableFrom(*T->Body).contains(S.In))
          Woken |= !P.callers(*S.In).empty() || S.In->IsDestructor;
    if (Woken)
      continue;
    return Unwoken{"the task has a stop token that the wait does not take",
                   {{T->Started.What->At, "the task starts here"},
                    {Stopper->What->At, "stop is requested here, which wakes nobody"}}};
  }
  return std::nullopt;
}

std::optional<Unwoken> tokenAtHand(const Program &P, const Site &W) {
  const Function *F = W.In;
  const Symbol *Token = nullptr;
  for (unsigned Depth = 0; F && !Token && Depth != 4; ++Depth) {
    for (const Symbol *Param : F->Params)
      if (Param->Kind == TypeKind::Token)
        Token = Param;
    F = F->Parent ? P.function(F->Parent) : nullptr;
  }
  if (!Token || hasStopPath(P, *W.What))
    return std::nullopt;
  for (const Site &S : P.on(W.What->On))
    if (S.What->is(W.What->Is) && S.What->Stoppable && S.What->At != W.What->At &&
        S.What->Immediate)
      return Unwoken{"token '" + Token->Name + "' is in reach",
                     {{S.What->At, "here " + quoted(S.What->On) + " is waited on with a token"}},
                     Token};
  return std::nullopt;
}

std::optional<Unwoken> flagWithoutWakeup(const Program &P, const Site &W) {
  const Event &Wait = *W.What;
  if (!known(P, Wait) || hasStopPath(P, Wait))
    return std::nullopt;
  std::optional<Unwoken> Found;
  W.In->forEach([&](const Event &Test, Position At) {
    if (Found || !Test.is(Role::Read) || !Test.On.isField() || !Test.On.leaf()->Flag)
      return;
    const Symbol *Flag = P.canonical(Test.On);
    if (reads(P, Wait, Flag) || Flag->Where != Symbol::Field || !Flag->ClassKnown || !Flag->Private)
      return;
    // The flag decides: one way leads out without the wait, the other only through it.
    auto IsWait = [&](const Event &E) { return &E == &Wait; };
    bool Out = false, Through = false;
    for (const Edge &E : W.In->Blocks[At.Block].Next) {
      bool Leaves = W.In->findPath({.From = {E.To, ~0u}, .Avoiding = IsWait}).has_value();
      (Leaves ? Out : Through) = true;
    }
    if (!Out || !Through)
      return;
    const Site *Setter = nullptr;
    bool Woken = false;
    for (const Site &S : P.on(Flag)) {
      if (S.What->is(Role::Transfer) || (S.What->is(Role::Write) && S.In == W.In))
        Woken = true;
      if (!S.What->is(Role::Write) || S.In->IsConstructor)
        continue;
      Woken |= wakesIn(P, *S.In, Wait);
      for (const Site &Caller : P.callers(*S.In))
        Woken |= wakesIn(P, *Caller.In, Wait);
      if (!Setter)
        Setter = &S;
    }
    if (Setter && !Woken)
      Found = Unwoken{"whoever sets '" + Flag->Name + "' wakes nobody",
                      {{Test.At, "'" + Flag->Name + "' is looked at here, before the wait"},
                       {Setter->What->At, "'" + Flag->Name + "' is set here"}},
                      nullptr,
                      *Setter};
  });
  return Found;
}

std::optional<Unwoken> wokenOnlyByStoppedTask(const Program &P, const Site &W) {
  const Event &Wait = *W.What;
  if (!Wait.is(Role::Wait) || !known(P, Wait) || hasStopPath(P, Wait) || W.In->Class.empty())
    return std::nullopt;
  for (const Task &T : P.tasks()) {
    if (!T.Body || !T.Owner || !T.Owner.isField() || T.Owner.leaf()->Class != W.In->Class)
      continue;
    auto InTask = P.reachableFrom(*T.Body);
    if (InTask.contains(W.In))
      continue;
    bool Any = false, OnlyThere = true;
    for (const Site &S : P.on(Wait.On))
      if (S.What->is(Role::Notify) && S.What->Immediate) {
        Any = true;
        OnlyThere &= InTask.contains(S.In);
      }
    auto Wakes = [&](const Event &E) { return E.Immediate && wakesWait(P, E, Wait); };
    if (!Any || !OnlyThere ||
        !T.Body->findPath({.From = T.Body->entry(), .Avoiding = Wakes})) // when it ends, it does
      continue;
    // The destructor may not run while a member function does; any other function may.
    for (const Site &S : P.on(T.Owner))
      if (S.What->is(Role::RequestStop) && S.What->Immediate && !S.In->IsDestructor)
        return Unwoken{"only the task of '" + T.Owner.leaf()->Name + "' ever wakes it, and '" +
                           S.In->Name + "' stops that task",
                       {{T.Started.What->At, "the task starts here"},
                        {S.What->At, "it is stopped here, and whoever waits is not woken"}},
                       nullptr,
                       S};
  }
  return std::nullopt;
}

std::optional<Unwoken> waitsForUnstopped(const Program &P, const Site &W, const Symbol *Source) {
  const Event &Wait = *W.What;
  if (!known(P, Wait) || hasStopPath(P, Wait))
    return std::nullopt;
  for (const Symbol *S : P.symbols()) {
    if (S->Kind != TypeKind::Source || S->Where != Symbol::Field || (Source && S != Source) ||
        P.escapes(S) || P.anyOn(S, Role::RequestStop) || capturedAnywhere(P, S))
      continue;
    const Task *T = listenerOf(P, S);
    if (!T || !T->Body)
      continue;
    auto InTask = P.reachableFrom(*T->Body);
    bool Any = false, OnlyThere = !InTask.contains(W.In);
    for (const Site &N : P.on(Wait.On))
      if (wakesWait(P, *N.What, Wait) && N.What->Immediate) {
        Any = true;
        OnlyThere &= InTask.contains(N.In);
      }
    if (Any && OnlyThere)
      return Unwoken{"it waits for tasks that listen to '" + S->Name + "', which nobody triggers",
                     {{T->Started.What->At, "such a task starts here"}}};
  }
  return std::nullopt;
}

std::optional<Unwoken> findUnwoken(const Program &P, const Site &W) {
  if (!isOpenWait(*W.What))
    return std::nullopt;
  static constexpr decltype(&ignoresToken) Evidence[] = {flagWithoutWakeup, ignoresToken,
                                                         tokenAtHand, wokenOnlyByStoppedTask};
  std::optional<Unwoken> Found = waitsForUnstopped(P, W);
  for (auto Query : Evidence)
    if (!Found)
      Found = Query(P, W);
  return Found;
}

bool waitsForListeners(const Program &P, const Symbol *Source) {
  for (const auto &F : P.functions()) {
    bool Found = false;
    F->forEach([&](const Event &E, Position At) {
      if (!Found && E.Immediate && isOpenWait(E))
        Found = waitsForUnstopped(P, {F.get(), &E, At}, Source).has_value();
    });
    if (Found)
      return true;
  }
  return false;
}

} // namespace tether
