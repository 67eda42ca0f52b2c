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

/// On each path the destructor of \p Class waits for the task, or gives it away, before members are
/// destroyed. Where there is none that is seen, \p Otherwise.
static bool settledByDestructor(const Program &P, const Task &T, llvm::StringRef Class,
                                bool Otherwise) {
  auto Settles = [&](const Event &E) {
    return (E.is(Role::Join | Role::Detach | Role::Overwrite | Role::Remove | Role::Transfer) &&
            E.On && T.Owner.isWithin(E.On)) ||
           E.transfers(T.Owner);
  };
  for (const auto &F : P.functions())
    if (F->IsDestructor && F->Class == Class) {
      auto Impossible = [&](const Block &B, const Edge &E) {
        return E.OnState || saysNoTask(E, T.Owner) || F->loopDoes(B, E, Settles);
      };
      auto Ends = [&](const Event &E) {
        return E.is(Role::Destroy) && E.On.root()->Where == Symbol::This;
      };
      return !F->findPath(
          {.From = F->entry(), .Avoiding = Settles, .Until = Ends, .AvoidingEdge = Impossible});
    }
  return Otherwise;
}

using Uses = std::map<const Symbol *, clang::SourceLocation>;

/// Where the functions of \p Class among \p Reached first use each member that is \p Wanted.
static Uses usesOf(const Program &P, const llvm::DenseSet<const Function *> &Reached,
                   llvm::StringRef Class, llvm::function_ref<bool(const Symbol *)> Wanted) {
  Uses Found;
  auto use = [&](const Object &O, clang::SourceLocation At) {
    if (const Symbol *M = memberOf(O); M && Wanted(M))
      Found.try_emplace(M, At);
  };
  auto uses = [&](const Event &E, Position) {
    if (E.is(Role::Destroy) || !E.Immediate)
      return;
    use(E.On, E.At);
    for (const Object &O : E.Reads)
      use(O, E.At);
    for (const Value &V : E.Args)
      use(V.What, E.At);
  };
  for (const auto &F : P.functions())
    if (Reached.contains(F.get()) && (F->IsLambda || F->Class == Class))
      F->forEach(uses);
  return Found;
}

/// The task works on the object that has started it.
static bool worksOnThis(const Task &T) {
  return T.Body && llvm::any_of(T.Started.What->This.Captures, [](const Capture &C) {
           return C.What && C.What.root()->Where == Symbol::This;
         });
}

/// The functions of derived classes that the task runs on its own object.
static std::vector<const Function *> overridersIn(const Program &P, const Task &T,
                                                  const Symbol *Thread) {
  std::vector<const Function *> Found;
  for (const Function *F : P.reachableFrom(*T.Body))
    if (F->IsLambda || F->Class == Thread->Class)
      F->forEach([&](const Event &E, Position) {
        const Function *Callee =
            E.Immediate && E.is(Role::Call) && E.This.What == P.thisObject() && E.This.What
                ? P.function(E.Callee)
                : nullptr;
        if (Callee && llvm::is_contained(Callee->Bases, Thread->Class) &&
            !llvm::is_contained(Found, Callee))
          Found.push_back(Callee);
      });
  llvm::sort(Found, [](const Function *A, const Function *B) { return A->At < B->At; });
  return Found;
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

/// Members of a derived class end before the destructor of the base class waits for the task, and
/// begin after its constructor has started it.
static std::vector<Misordered> findInherited(const Program &P, bool Strict) {
  std::vector<Misordered> Found;
  llvm::DenseSet<const Symbol *> Known;
  for (const Task &T : P.tasks()) {
    const Symbol *Thread = T.Owner ? memberOf(T.Owner) : nullptr;
    if (!Thread || !worksOnThis(T))
      continue;
    const bool AtStart = T.Started.In->IsConstructor && T.Started.In->Class == Thread->Class;
    // Where the base class does not wait, nobody does: that is another matter.
    const bool Waits =
        endWaits(P, T) || llvm::any_of(P.on(T.Owner), [&](const Site &S) {
          return S.What->is(Role::Join) && S.In->IsDestructor && S.In->Class == Thread->Class;
        });
    for (const Function *Overrider : overridersIn(P, T, Thread)) {
      const std::string &Class = Overrider->Class;
      auto isPart = [&](const Symbol *M) {
        return M->Class == Class && M->ClassKnown && (AtStart || Strict || !M->EndsQuietly);
      };
      for (auto [M, At] : usesOf(P, P.reachableFrom(*Overrider), Class, isPart)) {
        Misordered Mine;
        Mine.AtEnd = Waits && (Strict || !M->EndsQuietly) &&
                     !settledByDestructor(P, T, Class, /*Otherwise=*/false);
        Mine.AtStart = AtStart;
        if ((!Mine.AtEnd && !Mine.AtStart) || !Known.insert(M).second)
          continue;
        Mine.Thread = Thread;
        Mine.Member = Mine.Last = M;
        Mine.Spawn = T.Started.What;
        Mine.Use = At;
        Mine.Inherited = true;
        Found.push_back(Mine);
        break; // one story for a class
      }
    }
  }
  return Found;
}

std::vector<Misordered> findMisordered(const Program &P, bool Strict) {
  std::vector<Misordered> Found;
  llvm::DenseSet<const Symbol *> Known;
  for (const Task &T : P.tasks()) {
    const Symbol *Thread = T.Owner ? memberOf(T.Owner) : nullptr;
    if (!Thread || Known.contains(Thread))
      continue;
    const bool Ends =
        endWaits(P, T) && !settledByDestructor(P, T, Thread->Class, !Thread->ClassKnown);
    Misordered Mine;
    Mine.Thread = Thread;
    auto isBehind = [&](const Symbol *M) { return isDeclaredBehind(M, Thread); };
    Uses Used;
    if (worksOnThis(T))
      Used = usesOf(P, P.reachableFrom(*T.Body), Thread->Class, isBehind);
    for (auto [M, At] : Used) {
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
  llvm::append_range(Found, findInherited(P, Strict));
  return Found;
}

} // namespace tether
