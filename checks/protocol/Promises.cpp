#include "protocol/Promises.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// A part of an object that a pointer owns: others may have it too.
static bool isShared(const Event &Wait) {
  return Wait.On.isField() && Wait.On.root()->Kind == TypeKind::Pointer;
}

/// A part of an object that can end its waits in several ways, as a queue can.
static bool isManifold(const Event &Wait) {
  return Wait.On.isField() && Wait.On.leaf()->Private && Wait.Reads.size() > 1;
}

std::vector<Owed> neverDelivered(const Program &P, const Function &F) {
  std::vector<Owed> Found;
  auto add = [&](const Event &Wait, const Miss &M, std::vector<Step> Before) {
    // (What a loop around a receive looks at is not what ends it.)
    const Object &What =
        Wait.is(Role::Wait) && Wait.EndedBy.size() == 1 ? Wait.EndedBy.front().What : Wait.On;
    Owed O{M.Where, Object(What.root()),
           "is not satisfied on this path: whoever waits for it waits for ever", std::move(Before)};
    O.Steps.insert(O.Steps.end(), M.Steps.begin(), M.Steps.end());
    O.Steps.push_back({Wait.At, "here it is waited for"});
    O.missedOn(M, &Wait);
    Found.push_back(std::move(O));
  };
  F.forEach([&](const Event &E, Position At) {
    // This function waits.
    if (E.is(Role::Wait | Role::Receive) && madeIn(F, E.On) && !E.Stoppable && !isShared(E) &&
        !isManifold(E)) {
      Debt D = Debt::of(E);
      auto Here = [&](const Event &Other) { return &Other == &E; };
      // (One look at whether it has come already may be all there is to it.)
      bool Nobody = E.is(Role::Receive) && (E.blocks() || E.InLoop) && E.On.isLocal() &&
                    isOneShot(P, E.On) && !E.On.leaf()->Container;
      if (!Nobody && !isOwedWait(E))
        return;
      auto M = findMiss(P, F, D, {.From = F.entry(), .Until = Here, .Exits = false});
      if (M && M->Nested && isOwedWait(E))
        add(E, *M, {});
      else if (M && Nobody && !settlesSomewhere(F, D))
        Found.push_back({E.At,
                         E.On,
                         "is waited for here, and nobody has it to fulfil it",
                         {{E.On.root()->At, "it is made here"}}});
      return;
    }
    // A task that it starts waits.
    if (!E.is(Role::Spawn))
      return;
    for (const Event &Wait : E.Inner) {
      if (!isOwedWait(Wait) || !madeIn(F, Wait.On) || isShared(Wait))
        continue;
      Debt D = Debt::of(Wait);
      auto Here = [&](const Event &Other) { return &Other == &E; };
      auto Before = findMiss(P, F, D, {.From = F.entry(), .Until = Here, .Exits = false});
      auto Ends = [&](const Event &Other) {
        return Other.is(Role::Destroy, Object(Wait.On.root()));
      };
      auto After = Before ? findMiss(P, F, D, {.From = At, .Until = Ends}) : std::nullopt;
      if (!After || (!Before->Nested && !After->Nested))
        continue;
      add(Wait, After->Nested ? *After : *Before, {{E.At, "the task that waits starts here"}});
    }
  });
  return Found;
}

/// The promise whose future \p O is, or \p O.
static const Symbol *behind(const Program &P, const Object &O) {
  for (const Site &S : P.on(O))
    if (O.kind() == TypeKind::Future && S.What->is(Role::Store) && S.What->Args.size() == 1 &&
        S.What->Args[0].What && S.What->Args[0].What.kind() == TypeKind::Channel)
      return P.canonical(S.What->Args[0].What);
  return P.canonical(O);
}

std::vector<Owed> neverDeliveredMembers(const Program &P) {
  std::vector<Owed> Found;
  for (const auto &W : P.functions())
    W->forEach(Role::Receive, [&](const Event &Wait, Position) {
      if (!Wait.Immediate || !Wait.blocks() || !Wait.On)
        return;
      const Symbol *S = behind(P, Wait.On);
      if (S->Where != Symbol::Field || S->Kind != TypeKind::Channel || S->Container || P.escapes(S))
        return;
      std::vector<Site> Sends;
      for (const Site &Each : P.on(S))
        if (Each.What->is(Role::Send) && Each.What->Immediate)
          Sends.push_back(Each);
      Debt D = Debt::of(S);
      for (const Task &T : P.tasks()) {
        if (Sends.empty() || !T.Body || !onlyWithin(P, *T.Body, Sends) ||
            P.reachableFrom(*T.Body).contains(W.get()))
          continue;
        auto M = missedByTask(P, *T.Started.What, D);
        if (!M)
          continue;
        Owed O{M->Where,
               Object(S),
               "is not satisfied on this path: whoever waits for it waits for ever",
               {{T.Started.What->At, "the task that has to satisfy it starts here"}}};
        O.Steps.insert(O.Steps.end(), M->Steps.begin(), M->Steps.end());
        O.Steps.push_back({Wait.At, "here it is waited for"});
        O.missedOn(*M, &Wait);
        Found.push_back(std::move(O));
      }
    });
  return Found;
}

std::vector<Owed> settledTwice(const Program &P, const Function &F) {
  std::vector<Owed> Found;
  F.forEach(Role::Send, [&](const Event &First, Position At) {
    if (!First.Immediate || !First.On || First.On.leaf()->Container || !isOneShot(P, First.On))
      return;
    const Object &O = First.On;
    auto Again = [&](const Event &E) {
      return E.is(Role::Send, O) && E.Immediate && E.At != First.At;
    };
    auto Renewed = [&](const Event &E) {
      return (E.is(Role::Overwrite | Role::Store | Role::Destroy) && E.On && O.isWithin(E.On)) ||
             E.transfers(O);
    };
    auto Way = F.findPath({.From = At, .Avoiding = Renewed, .Until = Again, .Exits = false});
    if (!Way)
      return;
    Owed Twice{Way->Last->At, O, "is fulfilled a second time, which throws", {}};
    Twice.Steps.push_back({First.At, "it is fulfilled here first"});
    Twice.Steps.insert(Twice.Steps.end(), Way->Steps.begin(), Way->Steps.end());
    Found.push_back(std::move(Twice));
  });
  return Found;
}

} // namespace tether
