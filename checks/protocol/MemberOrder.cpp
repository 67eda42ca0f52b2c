#include "protocol/MemberOrder.h"
#include "model/ApiTable.h"
#include "protocol/Handles.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// The member of this object that \p O is, or is a part of.
static const Symbol *memberOf(const Object &O) {
  return O && O.isField() && O.root()->Where == Symbol::This ? O.path().front() : nullptr;
}

static bool isDeclaredBehind(const Symbol *M, const Symbol *Thread) {
  return M && M->Class == Thread->Class && Thread->At < M->At;
}

/// The end of the member waits for the task.
static bool endWaits(const Program &P, const Task &T) {
  const Symbol *Owner = T.Owner.leaf();
  if (T.Owner.path().size() > 1) // in a class of the project that owns the thread
    return llvm::any_of(P.on(Owner),
                        [](const Site &S) { return S.What->is(Role::Join) && S.In->IsDestructor; });
  if (Owner->Indirect)
    return false;
  const Api *Entry = T.Started.What->Entry;
  return (Entry && Entry->ResultJoins) ||
         (Owner->Type && llvm::is_contained(Owner->Type->OnDestroy, Role::Join));
}

/// On each path the destructor waits for the task, or gives it away, before members are destroyed.
/// True also where the destructor cannot be seen.
static bool settledByDestructor(const Program &P, const Task &T, const Symbol *Thread) {
  auto Settles = [&](const Event &E) {
    return (E.is(Role::Join | Role::Detach | Role::Overwrite | Role::Remove | Role::Transfer) &&
            E.On && T.Owner.isWithin(E.On)) ||
           E.transfers(T.Owner);
  };
  for (const auto &F : P.functions())
    if (F->IsDestructor && F->Class == Thread->Class) {
      auto Impossible = [&](const Block &B, const Edge &E) {
        return E.OnState || saysNoTask(E, T.Owner) || F->loopDoes(B, E, Settles);
      };
      auto Ends = [&](const Event &E) {
        return E.is(Role::Destroy) && E.On.root()->Where == Symbol::This;
      };
      return !F->findPath(
          {.From = F->entry(), .Avoiding = Settles, .Until = Ends, .AvoidingEdge = Impossible});
    }
  return !Thread->ClassKnown;
}

/// Where the body of the task first uses each member that is declared behind \p Thread.
static std::map<const Symbol *, clang::SourceLocation> usedBehind(const Program &P, const Task &T,
                                                                  const Symbol *Thread) {
  std::map<const Symbol *, clang::SourceLocation> Uses;
  auto use = [&](const Object &O, clang::SourceLocation At) {
    if (const Symbol *M = memberOf(O); isDeclaredBehind(M, Thread))
      Uses.try_emplace(M, At);
  };
  auto uses = [&](const Event &E) {
    if (E.is(Role::Destroy))
      return;
    use(E.On, E.At);
    for (const Object &O : E.Reads)
      use(O, E.At);
    for (const Value &V : E.Args)
      use(V.What, E.At);
  };
  auto isOfThis = [](const Capture &C) { return C.What && C.What.root()->Where == Symbol::This; };
  const Event &Spawn = *T.Started.What;
  if (!T.Body || !llvm::any_of(Spawn.This.Captures, isOfThis))
    return Uses; // works on something else
  auto Reached = P.reachableFrom(*T.Body);
  for (const auto &F : P.functions())
    if (Reached.contains(F.get()) && (F->IsLambda || F->Class == Thread->Class))
      F->forEach([&](const Event &E, Position) {
        if (E.Immediate)
          uses(E);
      });
  return Uses;
}

/// In the constructor the member \p M begins after the task has started by the initialiser of
/// \p Thread.
static bool startsBefore(const Task &T, const Symbol *Thread, const Symbol *M) {
  const Function &F = *T.Started.In;
  if (!F.IsConstructor)
    return false;
  auto Never = [](const Event &) { return false; };
  auto initialises = [](const Symbol *S) {
    return [S](const Event &E) { return E.Initial && E.Immediate && memberOf(E.On) == S; };
  };
  return F.findPath({.From = T.Started.At,
                     .Avoiding = Never,
                     .Until = initialises(Thread),
                     .Exits = false}) &&
         F.findPath(
             {.From = T.Started.At, .Avoiding = Never, .Until = initialises(M), .Exits = false});
}

std::vector<Misordered> findMisordered(const Program &P, bool Strict) {
  std::vector<Misordered> Found;
  llvm::DenseSet<const Symbol *> Known;
  for (const Task &T : P.tasks()) {
    const Symbol *Thread = T.Owner ? memberOf(T.Owner) : nullptr;
    if (!Thread || Known.contains(Thread))
      continue;
    const bool Ends = endWaits(P, T) && !settledByDestructor(P, T, Thread);
    Misordered Mine;
    Mine.Thread = Thread;
    for (auto [M, At] : usedBehind(P, T, Thread)) {
      const bool AtEnd = Ends && (Strict || !M->EndsQuietly);
      const bool AtStart = startsBefore(T, Thread, M);
      if (!AtEnd && !AtStart)
        continue;
      if (!Mine.Last || Mine.Last->At < M->At)
        Mine.Last = M;
      // One story: the end of a member says more than its start.
      if (Mine.Member && (Mine.AtEnd >= AtEnd) && (Mine.AtEnd > AtEnd || Mine.Member->At < M->At))
        continue;
      Mine.Member = M;
      Mine.Spawn = T.Started.What;
      Mine.Use = At;
      Mine.AtStart = AtStart;
      Mine.AtEnd = AtEnd;
    }
    if (Mine.Member) {
      Known.insert(Thread);
      Found.push_back(Mine);
    }
  }
  return Found;
}

} // namespace tether
