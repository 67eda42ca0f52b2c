#include "protocol/Pauses.h"
#include "protocol/Reach.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

std::optional<int64_t> longestPause(const Program &P, const Event &E) {
  std::optional<int64_t> Time = E.Time;
  auto take = [&](const std::optional<int64_t> &Other) {
    if (Other)
      Time = std::max(Time.value_or(0), *Other);
  };
  auto argument = [&](const Function &F, const Object &O) {
    if (O && O.path().empty() && O.root()->Where == Symbol::Param && O.root()->Owner == F.Id)
      for (const Site &Caller : P.callers(F))
        if (O.root()->ParamIndex < Caller.What->Args.size())
          take(Caller.What->Args[O.root()->ParamIndex].Time);
  };
  if (!E.TimeFrom)
    return Time;
  if (const Symbol *From = P.canonical(E.TimeFrom); From->Where == Symbol::Field)
    for (const Site &S : P.on(From))
      if (S.What->is(Role::Store) && S.What->Args.size() == 1) {
        take(S.What->Args[0].Time);
        argument(*S.In, S.What->Args[0].What);
      }
  if (E.TimeFrom.root()->Where == Symbol::Param)
    if (const Function *Owner = P.function(E.TimeFrom.root()->Owner))
      argument(*Owner, E.TimeFrom);
  return Time;
}

bool isPause(const Program &P, const Function &F, const Event &E) {
  if (E.is(Role::Sleep))
    return true;
  if (!E.is(Role::Wait | Role::Receive) || !E.HasTimeout || E.Stoppable || !E.On ||
      E.On.kind() == TypeKind::Future || P.escapes(P.canonical(E.On)))
    return false;
  bool Woken = false;
  for (const auto &G : P.functions()) {
    bool Wakes = false, Stops = G->IsDestructor;
    G->forEach([&](const Event &Other, Position) {
      Wakes |= wakesWait(P, Other, E);
      Stops |= Other.is(Role::RequestStop | Role::Join | Role::Close) ||
               (Other.is(Role::Write) && Other.On && Other.On.leaf()->Flag);
      const Function *Callback =
          Other.is(Role::OnStop) && Other.Callee ? P.function(Other.Callee) : nullptr;
      if (Callback)
        Callback->forEach([&](const Event &In, Position) { Woken |= wakesWait(P, In, E); });
    });
    if (Woken || (Wakes && Stops && G.get() != &F))
      return false;
  }
  return true;
}

const Function *stoppablePause(const Program &P) {
  for (const auto &F : P.functions()) {
    if (llvm::none_of(F->Params, isToken) || P.callers(*F).empty())
      continue;
    bool Pauses = false;
    F->forEach([&](const Event &E, Position) {
      Pauses |= E.is(Role::Wait) && E.Immediate && E.Stoppable && E.TimeoutIsParameter;
    });
    if (Pauses)
      return F.get();
  }
  return nullptr;
}

// ---- without end ------------------------------------------------------------------------------

/// Who ends the work may end the wait \p E of \p F by setting state that it reads: somebody
/// from outside, as far as we see.
static bool mayBeTold(const Program &P, const Function &F, const Event &E) {
  llvm::DenseSet<const Function *> Seen;
  auto fromOutside = [&](const Function &G, auto &Self) -> bool {
    if (!Seen.insert(&G).second)
      return false;
    if (llvm::any_of(P.tasks(), [&](const Task &T) { return T.Body == &G; }))
      return false;
    return G.Public || G.IsDestructor || !G.Internal ||
           llvm::any_of(P.callers(G), [&](const Site &S) { return Self(*S.In, Self); });
  };
  return llvm::any_of(E.Reads, [&](const Object &O) {
    const Symbol *Flag = P.canonical(O);
    return Flag->Flag && llvm::any_of(P.on(Flag), [&](const Site &S) {
             return S.What->is(Role::Write) && S.In != &F && !S.In->IsConstructor &&
                    fromOutside(*S.In, fromOutside);
           });
  });
}

/// Some code wakes the wait that runs when things end: a destructor, a callback, who requests a
/// stop, or what is done once stop was requested.
static bool isWokenAtEnd(const Program &P, const Event &Wait) {
  for (const auto &G : P.functions()) {
    // Why somebody outside wakes a wait that reads nothing is not known.
    bool Wakes = false, Stops = G->IsDestructor || (G->Public && Wait.Reads.empty());
    G->forEach([&](const Event &E, Position) {
      Stops |= E.is(Role::RequestStop | Role::Join);
      if (!wakesWait(P, E, Wait))
        return;
      Wakes = true;
      Stops |= !beforeStop(*G, E);
    });
    if (Wakes && Stops)
      return true;
  }
  return llvm::any_of(P.callbacks(), [&](const Site &S) {
    bool Wakes = false;
    P.function(S.What->Callee)->forEach([&](const Event &E, Position) {
      Wakes |= wakesWait(P, E, Wait);
    });
    return Wakes;
  });
}

bool mayEndWithStop(const Program &P, const Function &F, const Event &E) {
  const Symbol *What = P.canonical(E.On);
  return P.escapes(What) || P.anyOn(What, Role::Close) || mayBeTold(P, F, E) || isWokenAtEnd(P, E);
}

} // namespace tether
