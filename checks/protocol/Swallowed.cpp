#include "protocol/Swallowed.h"
#include "model/ApiTable.h"
#include "protocol/Reach.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// Some way through the handler does not throw again.
static bool keeps(const Function &F, const Handler &H) {
  return F
      .findPath(
          {.From = {H.Block, ~0u}, .Avoiding = [](const Event &E) { return E.is(Role::Throw); }})
      .has_value();
}

// ---- threads that are unwound -----------------------------------------------------------------

static bool unwinds(const Site &S) {
  return S.What->is(Role::RequestStop) && S.What->Entry && S.What->Entry->Unwinds;
}

static bool anyUnwinds(const Program &P) {
  return llvm::any_of(P.symbols(), [&](const Symbol *S) { return llvm::any_of(P.on(S), unwinds); });
}

/// Where a thread in whose task \p F runs is ended by an exception.
static const Site *unwoundAt(const Program &P, const Function &F) {
  if (!P.answer(anyUnwinds))
    return nullptr;
  for (const Task *T : P.runningIn(F))
    if (T->Owner)
      for (const Site &S : P.on(T->Owner))
        if (unwinds(S))
          return &S;
  return nullptr;
}

/// The exception may come out of here. Much of what the system does is such a point, so code that
/// is not seen may be one.
static bool mayUnwind(const Program &P, const Event &E) {
  auto isPoint = [](const Event &E) {
    return E.is(Role::Wait | Role::Sleep | Role::Receive | Role::Send | Role::Join | Role::Poll |
                Role::Input | Role::Invoke);
  };
  const Function *Callee = E.is(Role::Call) && E.Callee ? P.function(E.Callee) : nullptr;
  return isPoint(E) || (Callee && llvm::any_of(P.reachableFrom(*Callee), [&](const Function *G) {
                          bool Any = G->CallsUnknown;
                          G->forEach([&](const Event &E, Position) { Any |= isPoint(E); });
                          return Any;
                        }));
}

static const Handler *unwindingHandler(const Event &E) {
  for (const Handler &H : E.Handlers)
    if (!H.Type || H.Kind == TypeKind::Unwinding)
      return &H;
  return nullptr;
}

// ---- exceptions that tell of a stop -----------------------------------------------------------

/// The Throw \p E is reached only once somebody has requested a stop.
static bool tellsOfStop(const Program &P, const Event &E) {
  bool Tells = false;
  for (const auto &G : P.functions())
    G->forEach([&](const Event &Origin, Position) {
      Tells |= Origin.is(Role::Throw) && Origin.Immediate && Origin.At == E.At &&
               !beforeStop(*G, Origin);
    });
  return Tells;
}

/// Stopped all the same, \p F comes back to \p E from the handler \p H.
static bool goesOn(const Function &F, const Handler &H, const Event &E) {
  auto saysItGoesOn = [](const Block &B, const Edge &Way) {
    return !Way.Stopped && llvm::any_of(B.Next, [](const Edge &Other) { return Other.Stopped; });
  };
  return F
      .findPath({.From = {H.Block, ~0u},
                 .Avoiding = [](const Event &) { return false; },
                 .Until = [&](const Event &Other) { return &Other == &E; },
                 .Exits = false,
                 .AvoidingEdge = saysItGoesOn})
      .has_value();
}

// -----------------------------------------------------------------------------------------------

std::vector<Swallowed> findSwallowed(const Program &P, const Function &F) {
  std::vector<Swallowed> Found;
  bool Catches = false;
  F.forEach([&](const Event &E, Position) { Catches |= !E.Handlers.empty(); });
  if (!Catches)
    return Found;
  const Site *Unwound = unwoundAt(P, F);
  F.forEach([&](const Event &E, Position) {
    const Handler *H = Unwound && E.Immediate ? unwindingHandler(E) : nullptr;
    if (H && mayUnwind(P, E) && keeps(F, *H))
      Found.push_back({H,
                       Unwound->What->On,
                       {{E.At, "this may be where the thread ends"},
                        {Unwound->What->At, "the thread is cancelled here"}},
                       Unwound->What});
    const Handler *Caught = E.is(Role::Throw) && E.InTry ? E.handlerOf(E) : nullptr;
    // One for that very exception is there for it.
    if (!Caught || E.Limited || E.Thrown.empty() || Caught->Type == E.Thrown.front() ||
        !tellsOfStop(P, E) || !goesOn(F, *Caught, E))
      return;
    std::vector<Step> Steps = E.Via;
    Steps.push_back({E.At, "this is thrown when stop is requested"});
    Found.push_back({Caught, {}, std::move(Steps), nullptr, &E});
  });
  return Found;
}

} // namespace tether
