#include "protocol/Forwarding.h"
#include "protocol/Handles.h"
#include "protocol/Reach.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// Waits, sleeps, loops without limit, or runs code that cannot be seen.
static bool mayLast(const Program &P, const Function &F) {
  bool Lasts = false;
  for (const Function *G : P.reachableFrom(F)) {
    Lasts |= G->CallsUnknown;
    G->forEach([&](const Event &E, Position) {
      Lasts |= E.blocks() || E.HasTimeout || E.is(Role::Sleep) || (E.is(Role::Turn) && !E.Limited);
    });
  }
  return Lasts;
}

static bool hasOpenWait(const Function &F) {
  bool Found = false;
  F.forEach([&](const Event &E, Position) { Found |= isOpenWait(E); });
  return Found;
}

bool isWorthwhile(const Program &P, const Event &Call) {
  const Function *Taker = P.function(Call.Slot->Taker);
  if (Taker &&
      llvm::none_of(Taker->Params, [](const Symbol *S) { return isToken(S) && S->Mentioned; }))
    return false;
  const Function *Callee =
      Call.Slot->Why == TokenSlot::Overload ? P.function(Call.Callee) : nullptr;
  // What gives another type may do another thing, unless it waits: then the type says that it may
  // end without what it has waited for.
  if (!Call.Slot->SameResult)
    return Callee && hasOpenWait(*Callee);
  return !Callee || mayLast(P, *Callee);
}

/// The functions that have such calls, or lead to them.
static llvm::DenseSet<const Function *> leadingToSlots(const Program &P) {
  llvm::DenseSet<const Function *> Found;
  std::vector<const Function *> Work;
  auto add = [&](const Function *F) {
    if (Found.insert(F).second)
      Work.push_back(F);
  };
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position) {
      if (E.is(Role::Call) && E.Immediate && E.Slot)
        add(F.get());
    });
  while (!Work.empty()) {
    const Function *F = Work.back();
    Work.pop_back();
    for (const Site &Call : P.callers(*F))
      add(Call.In);
  }
  return Found;
}

/// A call with a slot that \p From leads to, through functions that have no token; \p Steps tells
/// how.
static const Event *slotBehind(const Program &P, const Function &From, std::vector<Step> &Steps,
                               unsigned Depth = 0) {
  if (From.IsDestructor || Depth == 4 || !P.answer(leadingToSlots).contains(&From) ||
      !givenTokens(From).empty())
    return nullptr;
  const Event *Found = nullptr;
  From.forEach([&](const Event &E, Position) {
    const Function *Callee = E.is(Role::Call) && E.Immediate ? P.function(E.Callee) : nullptr;
    if (Found || !Callee)
      return;
    Steps.push_back({E.At, "'" + Callee->Name + "' is called here"});
    if (E.Slot)
      Found = hasOpenWait(*Callee) ? &E : nullptr;
    else
      Found = slotBehind(P, *Callee, Steps, Depth + 1);
    if (!Found)
      Steps.pop_back();
  });
  return Found;
}

// ---- children ---------------------------------------------------------------------------------

Object freshSource(const Program &P, const Function &F, const Event &Call) {
  Object Child;
  for (const Value &V : Call.Args)
    if (V.TokenOf && V.TokenOf.isLocal() && V.TokenOf.kind() == TypeKind::Source &&
        V.TokenOf.root()->Owner == F.Id && !V.TokenOf.root()->Indirect)
      Child = V.TokenOf;
  if (!Child)
    return {};
  auto has = [&](const Value &V) {
    return (V.What == Child && !V.IsToken) ||
           llvm::any_of(V.Captures, [&](const Capture &C) { return C.What == Child; });
  };
  bool Shared = false;
  F.forEach([&](const Event &E, Position) {
    Shared |= E.transfers(Child) || has(E.This) || llvm::any_of(E.Args, has) ||
              (E.is(Role::Store | Role::Overwrite) && E.On == Child) ||
              (E.is(Role::RequestStop, Child) && E.InLoop); // stopped from within the work
  });
  return Shared ? Object() : Child;
}

/// Work that gets the token of a source made here, while nothing links it to \p Token.
static void findUnlinked(const Program &P, const Function &F, const Object &Token,
                         std::vector<Unforwarded> &Found) {
  bool Linked = false;
  F.forEach([&](const Event &E, Position) { Linked |= E.is(Role::OnStop); });
  if (Linked)
    return; // to what is not asked, which errs to silence
  const Looks Looked(P, F);
  auto hands = [&](const Event &E) {
    return E.handsTokenOf(Token) || llvm::any_of(E.Args, [&](const Value &V) {
             return V.HasToken && V.What && Token.isWithin(V.What);
           });
  };
  F.forEach([&](const Event &E, Position At) {
    if (!E.Immediate || !E.is(Role::Call | Role::Invoke | Role::Spawn) || hands(E))
      return;
    Object Child = freshSource(P, F, E);
    if (!Child || !beforeStop(F, E))
      return;
    // Work that goes on behind the call can be stopped by who looks at the token meanwhile.
    bool Returns = E.is(Role::Invoke) || (E.is(Role::Call) && P.function(E.Callee));
    if (!Returns && F.findPath({.From = At,
                                .Avoiding = [](const Event &) { return false; },
                                .Until = [&](const Event &Other) { return Looked(Other); },
                                .Exits = false}))
      return;
    Found.push_back({Unforwarded::Child,
                     &E,
                     Token,
                     nullptr,
                     Child,
                     {{Child.root()->At, quoted(Child) + " is made here"}}});
  });
}

// ---- calls ------------------------------------------------------------------------------------

std::vector<Unforwarded> findUnforwarded(const Program &P, const Function &F) {
  std::vector<Unforwarded> Found;
  if (F.IsDestructor || llvm::is_contained(endingCode(P, F.Class), &F))
    return Found; // what must be done when the work ends is not to be stopped
  F.forEach(Role::Call, [&](const Event &E, Position) {
    if (!E.Immediate || E.AtScopeEnd || handsToken(F, E))
      return;
    const Function *Callee = E.Callee ? P.function(E.Callee) : nullptr;
    std::vector<Step> Steps;
    const Event *Behind = nullptr;
    if (E.Slot ? E.Slot->Taker == F.Id || !isWorthwhile(P, E)
               : !Callee || Callee == &F || !(Behind = slotBehind(P, *Callee, Steps)))
      return;
    Object Token = tokenAt(P, F, E);
    if (!Token || !beforeStop(F, E))
      return;
    Found.push_back({Behind ? Unforwarded::Behind : Unforwarded::Direct,
                     &E,
                     std::move(Token),
                     &*(Behind ? Behind : &E)->Slot,
                     {},
                     std::move(Steps)});
  });
  for (const Object &Token : givenTokens(F))
    findUnlinked(P, F, Token, Found);
  llvm::append_range(Found, findLost(P, F));
  llvm::append_range(Found, findTasksWithout(P, F));
  return Found;
}

} // namespace tether
