#include "protocol/Stops.h"
#include "model/ApiTable.h"
#include "protocol/Holds.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

const Function *outermost(const Program &P, const Function *F) {
  while (F->IsLambda && F->Parent)
    if (const Function *Up = P.function(F->Parent))
      F = Up;
    else
      break;
  return F;
}

/// The end of the handle waits for the task.
static bool endAwaits(const Task &T) {
  const Symbol *Owner = T.Owner.leaf();
  const Api *Entry = T.Started.What->Entry;
  return !Owner->Indirect &&
         ((Entry && Entry->ResultJoins) ||
          (Owner->Type && llvm::is_contained(Owner->Type->OnDestroy, Role::Join)));
}

bool awaits(const Program &P, const Event &E, const Task &T) {
  if (E.Bounded || !E.On || !T.Owner)
    return false;
  const bool Joins = E.is(Role::Join) || (E.is(Role::Receive) && E.On.kind() == TypeKind::Future) ||
                     (E.is(Role::Destroy) && endAwaits(T));
  return Joins && maybeSamePlace(P, E.On, T.Owner);
}

/// In the terms of the function that started the task: `this` is the same object, or a local is.
static bool sameTerms(const Task &T, const Event &Join, const Function &F) {
  if (T.Owner.isLocal())
    return &F == T.Started.In;
  return Join.On.path().size() == T.Owner.path().size() || Join.On.root() != T.Owner.root();
}

/// A call of somebody else's that is judged where it is made.
static bool judgedByCallers(const Program &P, const Function &F) {
  return F.Internal && !F.IsDestructor && !P.callers(F).empty();
}

std::vector<Stop> stopsOf(const Program &P, const Task &T) {
  std::vector<Stop> Stops;
  if (!T.Owner || !T.Body)
    return Stops;
  const auto InTask = P.reachableFrom(*T.Body);
  bool HasDestructor = false;
  for (const auto &F : P.functions()) {
    HasDestructor |=
        F->IsDestructor && T.Owner.isField() && F->Class == T.Owner.path().front()->Class;
    if (InTask.contains(F.get()) || F->IsConstructor || judgedByCallers(P, *F))
      continue;
    const Position From = F.get() == T.Started.In ? T.Started.At : F->entry();
    for (unsigned B = F->Blocks.size(); B-- > 0;) // in the order of the flow
      for (unsigned I = 0; I != F->Blocks[B].Events.size(); ++I)
        if (const Event &E = F->Blocks[B].Events[I]; awaits(P, E, T) && sameTerms(T, E, *F))
          Stops.push_back(
              {F.get(), &E, From, {B, I}, E.where(), "'" + outermost(P, F.get())->Name + "'"});
  }
  // A destructor that is not written ends its members, and does nothing before.
  if (T.Owner.isField() && T.Owner.root()->Where == Symbol::This && !HasDestructor) {
    const Symbol *Member = T.Owner.path().front();
    const bool Joins =
        T.Owner.path().size() == 1 ? endAwaits(T) : llvm::any_of(P.on(T.Owner), [&](const Site &S) {
          return S.What->is(Role::Join) && S.In->IsDestructor;
        });
    if (Joins && Member->ClassKnown)
      Stops.push_back(
          {nullptr, nullptr, {}, {}, Member->At, "the destructor of '" + Member->Class + "'"});
  }
  return Stops;
}

Done doneBefore(const Program &P, const Stop &S, const Task &T, Predicate Wanted) {
  if (!S.In)
    return {};
  const Function &F = *S.In;
  auto IsJoin = [&](const Event &E) { return &E == S.Join; };
  auto leadsThere = [&](const Edge &E) {
    return F.findPath({.From = {E.To, ~0u}, .Avoiding = IsJoin, .Until = Wanted, .Exits = false})
        .has_value();
  };
  // What was started, and whether it has been stopped, is known to the state: where it decides
  // about what is wanted, it does so rightly.
  auto decidedByState = [&](const Block &B, const Edge &E) {
    return (E.OnState || E.Tests) && !leadsThere(E) && llvm::any_of(B.Next, leadsThere);
  };
  auto Missing = F.findPath(
      {.From = S.From,
       .Avoiding = [&](const Event &E) { return Wanted(E) || (awaits(P, E, T) && !IsJoin(E)); },
       .Until = IsJoin,
       .Exits = false,
       .AvoidingEdge =
           [&](const Block &B, const Edge &E) {
             return decidedByState(B, E) || F.loopDoes(B, E, Wanted);
           }});
  Done Result;
  if (!Missing) {
    Result.How = Done::Always;
    return Result;
  }
  if (F.findPath({.From = S.From, .Avoiding = IsJoin, .Until = Wanted, .Exits = false})) {
    Result.How = Done::Sometimes;
    Result.Missing = std::move(Missing->Steps);
    return Result;
  }
  if (auto Late = F.findPath({.From = S.At,
                              .Avoiding = [](const Event &) { return false; },
                              .Until = Wanted,
                              .Exits = false})) {
    Result.How = Done::TooLate;
    Result.Last = Late->Last;
  }
  return Result;
}

} // namespace tether
