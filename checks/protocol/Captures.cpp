#include "protocol/Captures.h"
#include "model/ApiTable.h"
#include "protocol/Handles.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// A variable of \p F itself.
static bool isOwn(const Function &F, const Object &O) {
  const Symbol *S = O.root();
  return (S->Where == Symbol::Local || S->Where == Symbol::Param) && S->Owner == F.Id &&
         !S->Indirect;
}

static bool ownsTasks(const Object &O) {
  return llvm::is_contained({TypeKind::Thread, TypeKind::Group, TypeKind::Future}, O.kind());
}

/// Its handle is a temporary that waits for the task.
static bool endsAtOnce(const Event &Spawn) {
  const ApiType *Type = Spawn.On ? Spawn.On.leaf()->Type : nullptr;
  return Spawn.Discarded && ((Spawn.Entry && Spawn.Entry->ResultJoins) ||
                             (Spawn.On && Spawn.On.root()->Where == Symbol::Temporary && Type &&
                              llvm::is_contained(Type->OnDestroy, Role::Join)));
}

/// After \p E the task of \p Spawn has ended, or somebody may have waited for it.
static bool settlesTask(const Event &E, const Event &Spawn, bool Strict) {
  // Whatever the wait is for, the task may be what brings it.
  if (E.is(Role::Join | Role::Wait | Role::Receive | Role::Select))
    return !E.Bounded || !Strict;
  const Object &Owner = Spawn.On;
  if (!Owner || !E.On || E.On.root() != Owner.root())
    return false;
  // The assignment that the task is started for.
  if (E.is(Role::Overwrite) && E.Range.getBegin() <= Spawn.At && Spawn.At <= E.Range.getEnd())
    return false;
  if (E.is(Role::Detach | Role::Remove | Role::Overwrite))
    return true;
  if (E.is(Role::Destroy))
    return Owner.root()->Where == Symbol::Local;
  if (E.is(Role::Transfer))
    return E.Doubtful && !Strict;
  // An executor that is run here, and other things that we know nothing of.
  return !ownsTasks(Owner) && !E.is(Role::Spawn);
}

/// It is given away: what is left here can neither wait for the task nor end it.
static bool leaves(const Function &F, const Event &Spawn) {
  const Object &Owner = Spawn.On;
  if (!Owner || !Owner.isLocal() || Owner.root()->Owner != F.Id)
    return true;
  bool Stored = Spawn.Returned;
  F.forEach([&](const Event &E, Position) {
    Stored |= E.is(Role::Store) && E.On.root()->Where != Symbol::Local && E.On.isField() &&
              llvm::any_of(E.Args, [&](const Value &V) { return V.What == Owner && V.Moved; });
  });
  return Stored;
}

std::vector<Escaping> findEscaping(const Program &P, const Function &F, bool Strict) {
  std::vector<Escaping> Found;
  // The variables of main are there until the program ends.
  if (F.Name == "main" && F.Class.empty())
    return Found;
  F.forEach([&](const Event &Spawn, Position At) {
    if (!Spawn.is(Role::Spawn) || (Spawn.Entry && Spawn.Entry->Detached) || endsAtOnce(Spawn))
      return;
    // In C the result says whether there is a task; which way means "none" is not known.
    if (Spawn.Entry && Spawn.Entry->ExternC && !Spawn.Discarded && !Strict)
      return;
    // What a called function keeps in a variable of its own ends there, and is judged there.
    if (Spawn.On && Spawn.On.root()->Where == Symbol::Local && Spawn.On.root()->Owner != F.Id &&
        !Spawn.Returned)
      return;
    const bool Leaves = leaves(F, Spawn);
    auto Settles = [&](const Event &E) {
      return &E != &Spawn && settlesTask(E, Spawn, Strict) &&
             !(Leaves && E.is(Role::Destroy) && E.On == Spawn.On);
    };
    for (const Capture &C : Spawn.This.Captures) {
      if (!C.ByReference || !C.What || !isOwn(F, C.What))
        continue;
      auto Ends = [&](const Event &E) {
        return E.is(Role::Destroy) && E.On.path().empty() && E.On.root() == C.What.root();
      };
      auto NoTask = [&](const Block &B, const Edge &E) {
        return saysNoTask(E, Spawn.On) || F.loopDoes(B, E, Settles);
      };
      auto Lost = F.findPath({.From = At,
                              .Avoiding = Settles,
                              .Until = Ends,
                              .Exits = Leaves,
                              .AvoidingEdge = NoTask});
      if (!Lost)
        continue;
      std::vector<Step> Steps = Spawn.Via;
      llvm::append_range(Steps, Lost->Steps);
      Found.push_back({&Spawn, C, Steps, Lost->Last != nullptr && !Leaves});
      return; // one story for a task
    }
  });
  return Found;
}

} // namespace tether
