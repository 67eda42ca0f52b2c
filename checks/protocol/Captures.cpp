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

/// A callable that the caller may have written into the call: who takes it by such a reference
/// invites to that.
static bool isLent(const Function &F, const Object &O) {
  const Symbol *S = O.root();
  return O.path().empty() && S->Where == Symbol::Param && S->Owner == F.Id && S->MayEnd &&
         S->Callable;
}

static bool isTemporary(const Event &Start, const Object &O) {
  return !Start.Via.empty() && O.root()->Where == Symbol::Temporary && !O.root()->Indirect;
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

/// A decision of \p F tells whether there is a task on \p Owner.
static bool asksForTask(const Function &F, const Object &Owner) {
  return llvm::any_of(F.Blocks, [&](const Block &B) {
    return llvm::any_of(B.Next, [&](const Edge &E) { return E.Tests && E.Tests == Owner; });
  });
}

namespace {
using Settler = llvm::function_ref<bool(const Event &)>;

class EscapeSearch {
public:
  EscapeSearch(const Program &P, const Function &F, bool Strict) : P(P), F(F), Strict(Strict) {}

  std::vector<Escaping> run() {
    // The variables of main are there until the program ends.
    if (F.Name == "main" && F.Class.empty())
      return {};
    F.forEach([&](const Event &E, Position At) {
      if (E.is(Role::Spawn))
        task(E, At);
      else if (E.is(Role::Store))
        callback(E, At);
      else if (E.is(Role::Call))
        coroutine(E, At);
    });
    return std::move(Found);
  }

private:
  void task(const Event &Spawn, Position At);
  void callback(const Event &Store, Position At);
  void coroutine(const Event &Call, Position At);
  bool escapes(Escaping E, Position At, const Object &Owner, bool Leaves, Settler Settles);
  bool takenByTasks(const Object &Holder) const;

  const Program &P;
  const Function &F;
  bool Strict;
  std::vector<Escaping> Found;
};
} // namespace

/// Notes it when what \p E has by reference ends first.
bool EscapeSearch::escapes(Escaping E, Position At, const Object &Owner, bool Leaves,
                           Settler Settles) {
  const Capture &C = E.What;
  const Event &Start = *E.Start;
  if (!C.ByReference || !C.What)
    return false;
  const bool Temporary = isTemporary(Start, C.What);
  if (!Temporary && !isOwn(F, C.What) && !(Leaves && isLent(F, C.What)))
    return false;
  auto Ends = [&](const Event &Other) {
    // With the expression that it was written in.
    if (Temporary)
      return Other.Via.empty() ? Other.At != Start.Via.front().Where
                               : Other.Via.front().Where != Start.Via.front().Where;
    return Other.is(Role::Destroy) && Other.On.path().empty() && Other.On.root() == C.What.root();
  };
  auto NoTask = [&](const Block &B, const Edge &Way) {
    return (Owner && saysNoTask(Way, Owner)) || F.loopDoes(B, Way, Settles);
  };
  auto Lost = F.findPath({.From = At,
                          .Avoiding = Settles,
                          .Until = Ends,
                          .Exits = Leaves || Temporary,
                          .AvoidingEdge = NoTask});
  if (!Lost)
    return false;
  E.Steps = Start.Via;
  if (!Temporary)
    llvm::append_range(E.Steps, Lost->Steps);
  E.DestroyedFirst = Lost->Last != nullptr && !Leaves && !Temporary;
  Found.push_back(std::move(E));
  return true;
}

void EscapeSearch::task(const Event &Spawn, Position At) {
  if ((Spawn.Entry && Spawn.Entry->Detached) || endsAtOnce(Spawn))
    return;
  // In C the result says whether there is a task; where it is not known which way means "none", the
  // path may be one without.
  if (Spawn.Entry && Spawn.Entry->ExternC && !Spawn.Discarded && !Strict &&
      !asksForTask(F, Spawn.On))
    return;
  // What a called function keeps in a variable of its own ends there, and is judged there.
  if (Spawn.On && Spawn.On.root()->Where == Symbol::Local && Spawn.On.root()->Owner != F.Id &&
      !Spawn.Returned)
    return;
  const bool Leaves = leaves(F, Spawn);
  auto Settles = [&](const Event &E) {
    // Code that is given what the task changes may wait for it by that.
    auto isGiven = [&](const Capture &C) {
      return C.ByReference && !C.OnlyRead && C.What && C.What == E.On;
    };
    if (E.is(Role::Transfer) && E.Doubtful && !E.Constant && !Strict &&
        llvm::any_of(Spawn.This.Captures, isGiven))
      return true;
    return &E != &Spawn && settlesTask(E, Spawn, Strict) &&
           !(Leaves && E.is(Role::Destroy) && E.On == Spawn.On);
  };
  for (const Capture &C : Spawn.This.Captures)
    if (escapes({Escaping::Task, &Spawn, C, {}, false}, At, Spawn.On, Leaves, Settles))
      return; // one story for a task
}

/// The tasks of a class run callables that they find in \p Holder, for all that is known.
bool EscapeSearch::takenByTasks(const Object &Holder) const {
  const Symbol *Field = Holder.leaf();
  for (const Task &T : P.tasks()) {
    if (!T.Body || !T.Owner || !T.Owner.isField() || T.Owner.leaf()->Class != Field->Class)
      continue;
    bool Runs = false, Takes = false;
    for (const Function *Body : P.reachableFrom(*T.Body))
      Body->forEach([&](const Event &E, Position) {
        Runs |= E.is(Role::Invoke) && !E.Callee;
        Takes |= E.Immediate && E.On && E.On.leaf() == Field;
        for (const Value &V : E.Args)
          Takes |= V.What && V.What.leaf() == Field;
      });
    if (Runs && Takes)
      return true;
  }
  return false;
}

void EscapeSearch::callback(const Event &Store, Position At) {
  if (!Store.On || !Store.On.leaf()->Callable || Store.Initial)
    return;
  const Symbol *Root = Store.On.root();
  const bool Global = Root->Where == Symbol::Global;
  if (!Global &&
      !(Store.On.isField() && (Root->Where == Symbol::This || Root->Where == Symbol::Param) &&
        takenByTasks(Store.On)))
    return;
  auto Settles = [&](const Event &E) {
    if (E.is(Role::Join | Role::Wait | Role::Receive | Role::Select))
      return true;
    if (&E == &Store || !E.On || !(Store.On.isWithin(E.On) || E.On.isWithin(Store.On)) ||
        E.Range == Store.Range)
      return false;
    return E.is(Role::Remove | Role::Overwrite | Role::Transfer) ||
           (E.is(Role::Store) && !Store.On.leaf()->Container) ||
           (E.is(Role::Write) && E.Way == Change::Down);
  };
  for (const Value &V : Store.Args)
    for (const Capture &C : V.Captures)
      if (escapes({Escaping::Callback, &Store, C, {}, false}, At, {}, /*Leaves=*/true, Settles))
        return;
}

void EscapeSearch::coroutine(const Event &Call, Position At) {
  const Function *Body = Call.Immediate ? P.function(Call.Callee) : nullptr;
  if (!Body || !Body->IsCoroutine || !Body->Suspends || Call.Awaited || Call.Returned)
    return;
  // Left to itself, or given to somebody who runs it.
  const Event *Spawn = nullptr;
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::Spawn) && Call.Result &&
        llvm::any_of(E.Args, [&](const Value &V) { return V.What == Call.Result; }))
      Spawn = &E;
  });
  if (!Call.Discarded && !(Spawn && (!Spawn->On || !Spawn->On.isLocal())))
    return;
  auto Settles = [&](const Event &E) {
    return E.is(Role::Join | Role::Wait | Role::Receive | Role::Select);
  };
  for (unsigned I = 0; I != Call.Args.size() && I != Body->Params.size(); ++I) {
    const Symbol *Param = Body->Params[I];
    if (!Param->Indirect || !Param->Mentioned)
      continue;
    const Value &V = Call.Args[I];
    Capture C{V.What, {}, true, Body->At};
    if (!V.What)
      continue;
    if (V.What.root()->Where == Symbol::Temporary && V.IsTemporary) {
      Found.push_back({Escaping::Coroutine, &Call, C, {}, false});
      return;
    }
    if (escapes({Escaping::Coroutine, &Call, C, {}, false}, At, {}, /*Leaves=*/true, Settles))
      return;
  }
}

std::vector<Escaping> findEscaping(const Program &P, const Function &F, bool Strict) {
  return EscapeSearch(P, F, Strict).run();
}

} // namespace tether
