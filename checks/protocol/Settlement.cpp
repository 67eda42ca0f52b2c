#include "protocol/Settlement.h"
#include "protocol/Handles.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

bool endsElements(const Event &E) { return E.is(Role::Remove) && E.Way == Change::Down; }

bool isOneOfMany(const Object &O) {
  return O &&
         (O.kind() == TypeKind::Group || O.root()->Container || O.root()->HoldsMany ||
          llvm::any_of(O.path(), [](const Symbol *S) { return S->Container || S->HoldsMany; }));
}

bool settles(const Event &E, const Object &Thread) {
  if (E.is(Role::Join | Role::Detach | Role::Remove) && E.On && Thread.isWithin(E.On))
    return !endsElements(E);
  return E.transfers(Thread);
}

/// The code that \p Call runs starts a task of \p Thread.
static bool startsIn(const Function &F, const Event &Call, const Object &Thread) {
  bool Starts = false;
  F.forEach([&](const Event &E, Position) {
    Starts |= E.is(Role::Spawn, Thread) && !E.Via.empty() && E.Via.front().Where == Call.At;
  });
  return Starts;
}

std::optional<Unsettled> Settlement::findWay(const Function &F, const Object &Thread,
                                             const Question &Q) {
  for (Trust Level : {Trust::Everything, Trust::Flags, Trust::Nothing})
    if (auto Found = search(F, Thread, Q, Level)) {
      Found->Misled = Level == Trust::Nothing;
      return Found;
    }
  return std::nullopt;
}

std::optional<Unsettled> Settlement::search(const Function &F, const Object &Thread,
                                            const Question &Q, Trust Level) {
  if (!Searching.insert({&F, Thread}).second)
    return std::nullopt; // recursion: what the inner call does is left out
  std::vector<Step> Inside, Why;
  auto Avoiding = [&](const Event &E) { return settlesHere(F, E, Thread, Level, Inside); };
  auto Excused = [&](const Block &B, const Edge &E) {
    const Block &To = F.Blocks[E.To];
    if (Q.Behind.isValid() && To.Leaves && To.Leaves->Where < Q.Behind)
      return true;
    if ((saysNoTask(E, Thread) && !Q.StartMayFail) ||
        F.loopDoes(B, E, [&](const Event &In) { return settles(In, Thread); }))
      return true;
    // What a call that starts the task gives may say whether it could.
    if (llvm::any_of(B.Events, [&](const Event &Call) {
          return Call.is(Role::Call) && Call.Immediate && !(Call.At < E.Decision.Where) &&
                 startsIn(F, Call, Thread);
        }))
      return true;
    // Where another thread of the object is not there, this one may not be either.
    if (E.Tests && !E.Has && E.Tests != Thread && E.Tests.root() == Thread.root())
      return true;
    // What depends on a flag or a counter of the program's own may well agree with whether there is
    // a thread.
    return E.OnState && !(Level == Trust::Nothing && misleads(E, Thread, Why));
  };
  const Function::Query Asked = {.From = Q.From,
                                 .Avoiding = Avoiding,
                                 .Until = Q.Until,
                                 .Exits = Q.Exits,
                                 .ByThrow = Q.ByThrow,
                                 .AvoidingEdge = Excused};
  auto Way = F.findPath(Asked);
  auto Ways = Way && Level == Trust::Everything ? F.findPaths(Asked) : std::vector<Path>();
  Searching.erase({&F, Thread});
  if (!Way)
    return std::nullopt;
  Unsettled Found{{}, Way->Last, false, Way->End, std::move(Ways)};
  if (Level != Trust::Everything)
    Found.Steps = std::move(Inside);
  llvm::append_range(Found.Steps, Way->Steps);
  llvm::append_range(Found.Steps, Why);
  return Found;
}

/// For a call, on each way through what is called. What that does is among the events of \p F, too.
bool Settlement::settlesHere(const Function &F, const Event &E, const Object &Thread, Trust Level,
                             std::vector<Step> &Inside) {
  if (!settles(E, Thread))
    return false;
  if (Level == Trust::Everything || E.Immediate || E.Via.empty())
    return true;
  const Event *Call = nullptr;
  F.forEach([&](const Event &Other, Position) {
    if (Other.is(Role::Call) && Other.Immediate && Other.At == E.Via.front().Where)
      Call = &Other;
  });
  const Function *Callee = Call ? P.function(Call->Callee) : nullptr;
  Object Inner = Callee ? inCallee(*Call, *Callee, Thread) : Object();
  if (!Inner)
    return true;
  auto Lost = search(*Callee, Inner, {.From = Callee->entry()}, Level);
  if (!Lost)
    return true;
  Inside.assign(1, E.Via.front());
  llvm::append_range(Inside, Lost->Steps);
  return false;
}

/// The name of \p Thread in the function that is called; null where it has none.
Object Settlement::inCallee(const Event &Call, const Function &Callee, const Object &Thread) const {
  if (Callee.IsLambda || Thread.root()->Where == Symbol::Global)
    return Thread;
  if (const Object &Base = Call.This.What; Base && Thread.isWithin(Base))
    return Thread.rebased(Base, P.thisObject());
  for (unsigned I = 0; I != Call.Args.size() && I != Callee.Params.size(); ++I)
    if (const Object &Arg = Call.Args[I].What; Arg && Thread.isWithin(Arg))
      return Thread.rebased(Arg, Object(Callee.Params[I]));
  return {};
}

/// Each of the flags that the decision tells of may be so while there is a thread.
bool Settlement::misleads(const Edge &E, const Object &Thread, std::vector<Step> &Why) {
  if (E.Says.empty())
    return false;
  std::optional<Step> Broken;
  for (const StateChange &Says : E.Says)
    if (!(Broken = brokenBy(Says, Thread)))
      return false;
  if (llvm::none_of(Why, [&](const Step &S) { return S.Where == Broken->Where; }))
    Why.push_back(*Broken);
  return true;
}

/// The functions that run in a task of \p Thread.
llvm::DenseSet<const Function *> Settlement::bodiesOf(const Object &Thread) const {
  llvm::DenseSet<const Function *> Bodies;
  for (const Task &T : P.tasks())
    if (T.Body && T.Owner && T.Owner.leaf() == Thread.leaf())
      for (const Function *F : P.reachableFrom(*T.Body))
        Bodies.insert(F);
  return Bodies;
}

/// Where the flag comes to be as the decision says although the thread can be joined: the task
/// itself does it, or a function that leaves the thread as it is.
std::optional<Step> Settlement::brokenBy(const StateChange &Says, const Object &Thread) {
  const Symbol *Flag = Says.What.leaf();
  if (!Flag->Flag || Flag->Where == Symbol::Local || Flag->Where == Symbol::Param)
    return std::nullopt;
  const auto Bodies = bodiesOf(Thread);
  bool SetElsewhere = false; // that there is a task
  std::optional<Step> Found, SetByTask;
  for (const Site &S : P.on(Flag)) {
    const Event &E = *S.What;
    if (!E.Immediate || !E.is(Role::Write | Role::Store | Role::Overwrite))
      continue;
    const Change Does = Says.doneBy(E);
    const bool InTask = Bodies.contains(S.In);
    if (Does == Change::Down && InTask)
      SetByTask = {E.At, "only the task itself sets " + quoted(Says.What) +
                             ", after it has been started"};
    SetElsewhere |= Does != Change::Up && !InTask && !E.Initial;
    if (Does != Change::Up || S.In->IsConstructor || S.In->IsDestructor || E.Initial)
      continue;
    if (InTask) // whatever comes then, somebody else has to join
      return Step{E.At,
                  "the task sets " + quoted(Says.What) + " itself here, and can still be joined"};
    if (!Found && leavesUnsettled(*S.In, S.At, Thread, Says, 0))
      Found = {E.At, "'" + S.In->Name + "' sets " + quoted(Says.What) +
                         " here, and does not join " + quoted(Thread)};
  }
  if (SetByTask && !SetElsewhere)
    return SetByTask;
  for (const Site &S : P.on(Thread))
    if (!Found && S.What->is(Role::Spawn) && !Bodies.contains(S.In))
      Found = setTooLate(Says, Thread, S);
  return Found;
}

/// The function that starts the task sets the flag, but not on every way.
std::optional<Step> Settlement::setTooLate(const StateChange &Says, const Object &Thread,
                                           const Site &Spawn) const {
  const Function &F = *Spawn.In;
  auto Sets = [&](const Event &E) {
    return E.is(Role::Write | Role::Store | Role::Overwrite) && E.On &&
           E.On.leaf() == Says.What.leaf() && Says.doneBy(E) == Change::Down;
  };
  bool Ever = false;
  F.forEach([&](const Event &E, Position) { Ever |= Sets(E) && !E.Initial; });
  if (!Ever || !F.findPath({.From = F.entry(),
                            .Avoiding = Sets,
                            .Until = [&](const Event &E) { return &E == Spawn.What; },
                            .Exits = false}))
    return std::nullopt;
  const Object &Named = Spawn.What->On;
  auto Settles = [&](const Event &E) { return Sets(E) || settles(E, Named); };
  auto NoTask = [&](const Block &B, const Edge &E) {
    return saysNoTask(E, Named) || F.loopDoes(B, E, Settles);
  };
  auto Late =
      F.findPath({.From = Spawn.At, .Avoiding = Settles, .ByThrow = false, .AvoidingEdge = NoTask});
  if (!Late)
    return std::nullopt;
  return Step{Late->End, "'" + F.Name + "', which starts the task, is left here without setting " +
                             quoted(Says.What)};
}

/// Somebody can make \p F come to \p From, and leave \p Thread and the flag as they are then.
bool Settlement::leavesUnsettled(const Function &F, Position From, const Object &Thread,
                                 const StateChange &Says, unsigned Depth) {
  auto isThread = [&](const Event &E) {
    return E.is(Role::Spawn | Role::Overwrite) && E.On && E.On.leaf() == Thread.leaf();
  };
  bool Starts = false;
  F.forEach([&](const Event &E, Position) { Starts |= isThread(E); });
  if (Starts || F.IsConstructor)
    return false;
  auto Settles = [&](const Event &E) {
    return (E.is(Role::Join | Role::Detach | Role::Transfer | Role::Remove) && E.On &&
            E.On.leaf() == Thread.leaf()) ||
           settles(E, Thread) ||
           (E.is(Role::Write | Role::Store | Role::Overwrite) && E.On &&
            E.On.leaf() == Says.What.leaf() && Says.doneBy(E) == Change::Down);
  };
  auto NoTask = [&](const Block &B, const Edge &E) {
    // Asks about the thread itself, or says that the flag has been so before.
    const bool Knows =
        E.OnState && (E.Says.empty() || llvm::any_of(E.Says, [&](auto &Said) {
                        return Said.What.leaf() == Says.What.leaf() && Said.Way == Says.Way;
                      }));
    return Knows || (E.Tests && E.Tests.leaf() == Thread.leaf() && !E.Has) ||
           F.loopDoes(B, E, Settles);
  };
  const Event *Write = &F.Blocks[From.Block].Events[From.Index];
  if (!F.findPath({.From = F.entry(),
                   .Avoiding = Settles,
                   .Until = [&](const Event &E) { return &E == Write; },
                   .Exits = false,
                   .AvoidingEdge = NoTask}) ||
      !F.findPath({.From = From, .Avoiding = Settles, .ByThrow = false, .AvoidingEdge = NoTask}))
    return false;
  if (F.IsDestructor)
    return false;
  if (F.Public)
    return true;
  constexpr unsigned MaxDepth = 3; // of helpers that only others of the class call
  return Depth != MaxDepth && llvm::any_of(P.callers(F), [&](const Site &Caller) {
           return leavesUnsettled(*Caller.In, Caller.At, Thread, Says, Depth + 1);
         });
}

} // namespace tether
