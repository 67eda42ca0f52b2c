#include "protocol/Threads.h"
#include "model/ApiTable.h"
#include "protocol/Handles.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

Loss lossOf(const Object &Thread) {
  const ApiType *Type = Thread ? Thread.leaf()->Type : nullptr;
  // (A deleter is there to do what the end takes.)
  if (!Type || Thread.leaf()->Deleter ||
      !llvm::is_contained({TypeKind::Thread, TypeKind::Group}, Thread.kind()))
    return Loss::None;
  if (Type->MustJoin)
    return Loss::Terminates;
  if (Type->Leaks)
    return Loss::Leaks;
  return llvm::is_contained(Type->OnDestroy, Role::Detach) ? Loss::Detaches : Loss::None;
}

std::vector<Step> storyOf(const Event &Spawn, std::vector<Step> Steps) {
  Steps.insert(Steps.begin(), {Spawn.At, "the task starts here"});
  return Steps;
}

bool throwsAfter(const Event &E, const Event &Spawn) {
  bool SameCall =
      !E.Via.empty() && !Spawn.Via.empty() && E.Via.front().Where == Spawn.Via.front().Where;
  // A macro that throws is an assertion of a test, which has failed either way; what is thrown deep
  // below is not what the author of the function thinks of.
  constexpr size_t MaxDeep = 2;
  const bool Counts = !E.where().isMacroID() && E.Via.size() <= MaxDeep;
  return E.is(Role::Throw) && !E.InTry && !SameCall && Counts;
}

bool mayBeLeftAlone(const Program &P, const Event &Spawn) {
  const Function *Body = Spawn.Callee ? P.function(Spawn.Callee) : nullptr;
  if (Spawn.Doubtful || !Body)
    return true;
  bool Alone = false;
  for (const Function *F : P.reachableFrom(*Body))
    F->forEach([&](const Event &E, Position) {
      // What else would it detach than itself?
      Alone |= E.is(Role::Detach) && (!E.On || E.On.root()->Where != Symbol::This);
      Alone |= E.is(Role::Turn) && E.Endless && !E.LoopHasOtherExit;
    });
  return Alone;
}

/// A local's destructor settles the thread, also when an exception passes.
static bool hasGuard(const Function &F, const Object &Thread) {
  bool Guarded = false;
  F.forEach([&](const Event &E, Position) { Guarded |= E.AtScopeEnd && settles(E, Thread); });
  return Guarded;
}

/// The function asks in other ways than a plain test whether there is a thread.
static bool asksOtherwise(const Function &F, const Object &Thread) {
  unsigned Asked = 0, Tested = 0;
  F.forEach([&](const Event &E, Position) { Asked += E.Immediate && E.is(Role::Owns, Thread); });
  for (const Block &B : F.Blocks)
    Tested += llvm::any_of(B.Next, [&](const Edge &E) { return E.Tests && E.Tests == Thread; });
  return Asked > Tested;
}

/// The life of \p T ends here, or that of what it is a part of.
static bool ends(const Event &E, const Object &T) {
  if (endsElements(E))
    return E.On && T.isWithin(E.On);
  // A pointer ends alone; what it points to is deleted.
  return E.is(Role::Destroy) && E.On && T.isWithin(E.On) && !(E.AtScopeEnd && T.leaf()->Indirect);
}

/// A thread that runs from some place on, by the name it has there.
struct Running {
  Object Thread;
  const Event *Spawn;
  Position At;
};

/// The threads of \p F itself: where they start, and where they are moved to another variable.
static std::vector<Running> runningIn(const Function &F) {
  std::vector<Running> Found;
  auto isOwn = [&](const Object &T) {
    return T && T.root()->Where == Symbol::Local && T.root()->Owner == F.Id &&
           lossOf(T) != Loss::None &&
           // What becomes of the parts of a class with code elsewhere is not known.
           (T.isLocal() ? !T.leaf()->Indirect || lossOf(T) == Loss::Terminates
                        : T.leaf()->ClassKnown && !T.leaf()->Indirect && !T.root()->Indirect);
  };
  F.forEach([&](const Event &E, Position At) {
    if (E.is(Role::Spawn) && isOwn(E.On))
      Found.push_back({E.On, &E, At});
  });
  const size_t Started = Found.size();
  F.forEach(Role::Store, [&](const Event &E, Position At) {
    if (!E.Immediate || !E.On)
      return;
    for (const Value &V : E.Args)
      for (size_t I = 0; V.What && I != Started; ++I)
        if (Object T = Found[I].Thread;
            T.isWithin(V.What) && !E.On.isWithin(V.What) && (V.Moved || lossOf(T) == Loss::Leaks))
          if (Object There = T.rebased(V.What, E.On); isOwn(There))
            Found.push_back({There, Found[I].Spawn, At});
  });
  return Found;
}

static std::vector<Unjoined> findTemporaries(const Function &F) {
  std::vector<Unjoined> Found;
  F.forEach(Role::Spawn, [&](const Event &E, Position) {
    if (!E.Immediate || !E.Discarded || !E.On || !E.On.path().empty() ||
        E.On.root()->Where != Symbol::Temporary || lossOf(E.On) != Loss::Terminates)
      return;
    // What was made before has a name.
    bool Named = false;
    F.forEach([&](const Event &Other, Position) {
      Named |= &Other != &E &&
               (Other.is(Role::Transfer, E.On) ||
                (Other.is(Role::Bind | Role::Store) &&
                 llvm::any_of(Other.Args, [&](const Value &V) { return V.What == E.On; })));
    });
    if (Named)
      return;
    const bool Heap = E.On.root()->Indirect;
    Found.push_back(
        {E.At,
         E.On,
         Heap ? "is lost while it can be joined" : "is destroyed while it can be joined",
         {},
         "give it a name, and join it",
         Heap ? "nothing can wait for its end" : ""});
  });
  return Found;
}

std::vector<Unjoined> findUnjoinedLocals(const Program &P, const Function &F) {
  std::vector<Unjoined> Found = findTemporaries(F);
  Settlement Settled(P);
  for (const Running &R : runningIn(F)) {
    const Object &T = R.Thread;
    const bool Leaks = lossOf(T) == Loss::Leaks;
    // With main the process ends.
    if (asksOtherwise(F, T) ||
        (Leaks && (mayBeLeftAlone(P, *R.Spawn) || (F.Name == "main" && F.Class.empty()))))
      continue;
    // (A pointer may point to the first one of several.)
    const bool Guarded = hasGuard(F, T), Alone = !isOneOfMany(T) && !T.root()->Indirect;
    auto Ends = [&](const Event &E) {
      // Another turn of a loop gives the same thread a new task.
      if (Alone && &E == R.Spawn && R.Spawn->On == T)
        return true;
      if (Alone && E.is(Role::Overwrite, T) && E.Immediate)
        return !(E.Range.getBegin() <= R.Spawn->At && R.Spawn->At <= E.Range.getEnd());
      return ends(E, T) || (throwsAfter(E, *R.Spawn) && !Guarded && !Leaks);
    };
    // A way out on which the thread has not ended goes through an exception that is caught.
    auto Lost = Settled.findKnownWay(
        F, T,
        {.From = R.At, .Until = Ends, .Exits = !Guarded && !F.IsCoroutine && !T.leaf()->Indirect});
    // One that cannot be started leaves those before it.
    auto Next = [&](const Event &E) { return &E == R.Spawn; };
    if (!Lost && Leaks && !Alone &&
        Settled.findKnownWay(F, T, {.From = R.At, .Until = Next, .Exits = false}))
      Lost = Settled.findKnownWay(
          F, T, {.From = R.At, .Until = Ends, .Exits = false, .StartMayFail = true});
    if (!Lost)
      continue;
    std::vector<Step> Steps = storyOf(*R.Spawn, Lost->Steps);
    if (Lost->Last && Lost->Last->is(Role::Throw) && !Lost->Last->Via.empty()) {
      llvm::append_range(Steps, Lost->Last->Via);
      Steps.push_back({Lost->Last->At, "it throws here"});
    }
    const bool Again = Lost->Last && (Lost->Last == R.Spawn || Lost->Last->is(Role::Overwrite, T));
    Found.push_back({T.root()->At, T,
                     Again   ? "gets a new task while it can be joined"
                     : Leaks ? "is lost while it can be joined"
                             : "is destroyed while it can be joined",
                     Steps});
    Found.back().with(Again ? Unjoined::Other : Unjoined::Local, &F, R.Spawn,
                      std::move(Lost->Ways));
  }
  return Found;
}

/// The destructor of the class settles the thread, or may.
static bool settledByDestructor(const Program &P, const Object &Thread) {
  if (Thread.root()->Where == Symbol::Global)
    return false;
  return !Thread.leaf()->ClassKnown || llvm::any_of(P.functions(), [&](const auto &F) {
    bool Settles = false;
    if (F->IsDestructor)
      F->forEach([&](const Event &E, Position) {
        Settles |= E.On && E.On.leaf() == Thread.leaf() &&
                   E.is(Role::Join | Role::Detach | Role::Remove | Role::Transfer);
      });
    return Settles;
  });
}

std::vector<Unjoined> findLeftRunning(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  Settlement Settled(P);
  F.forEach([&](const Event &Spawn, Position At) {
    const Object &T = Spawn.On;
    if (!Spawn.is(Role::Spawn) || lossOf(T) != Loss::Terminates || T.leaf()->Indirect ||
        F.IsConstructor || F.IsDestructor ||
        !(T.root()->Where == Symbol::Global || T.root()->Where == Symbol::This) ||
        settledByDestructor(P, T))
      return;
    // Only who joins the thread later is bound to do so: one who starts it and joins it when
    // something else fails leaves it to others.
    clang::SourceLocation Settles;
    F.forEach([&](const Event &E, Position) {
      if (settles(E, T) && E.is(Role::Join | Role::Detach))
        Settles = std::max(Settles, E.where());
    });
    if (Settles.isInvalid() || Settled.findKnownWay(F, T, {.From = At, .Behind = Settles}))
      return;
    auto Throws = [&](const Event &E) { return throwsAfter(E, Spawn); };
    if (auto Lost = Settled.findKnownWay(F, T, {.From = At, .Until = Throws, .ByThrow = true})) {
      std::vector<Step> Steps = storyOf(Spawn, Spawn.Via);
      llvm::append_range(Steps, Lost->Steps);
      Steps.push_back({Settles, "only here it is joined"});
      Found.push_back({T.leaf()->At, T,
                       "is not joined on every way through '" + F.Name + "', which starts it",
                       Steps});
    }
  });
  return Found;
}

/// The place is reached whenever its function is called, and nobody asks before.
static bool isCertain(const Program &P, const Event &Join) {
  if (Join.Immediate)
    return true;
  if (Join.Via.size() != 1 || Join.MayHappen)
    return false;
  return llvm::any_of(P.on(Join.On), [&](const Site &S) {
    if (!S.What->Immediate || S.What->At != Join.At || !S.What->is(Join.Is))
      return false;
    bool Asks = false;
    S.In->forEach(
        [&](const Event &E, Position) { Asks |= E.is(Role::Owns) && E.On == S.What->On; });
    return !Asks &&
           S.In->findPath(
               {.From = S.In->entry(),
                .Avoiding = [](const Event &) { return false; },
                .Until = [&](const Event &E) { return &E == S.What; },
                .Exits = false,
                .AvoidingEdge = [](const Block &B, const Edge &) { return B.Next.size() > 1; }});
  });
}

std::vector<Unjoined> findJoinedTwice(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  F.forEach([&](const Event &First, Position At) {
    const Object &T = First.On;
    if (!First.is(Role::Join | Role::Detach) || First.Bounded || !T || lossOf(T) == Loss::None ||
        isOneOfMany(T) || First.InTry ||
        // A pointer may have come to point to another one.
        T.root()->Indirect || llvm::any_of(T.path(), [](const Symbol *S) { return S->Indirect; }))
      return;
    auto Again = [&](const Event &E) {
      return E.is(Role::Join | Role::Detach) && E.On == T && isCertain(P, E);
    };
    auto NewTask = [&](const Event &E) {
      return (E.is(Role::Spawn | Role::Overwrite | Role::Store | Role::Destroy) && E.On &&
              T.isWithin(E.On)) ||
             E.transfers(T);
    };
    auto Asked = [&](const Block &, const Edge &E) {
      return E.OnState || (E.Tests && E.Tests == T);
    };
    auto Twice = F.findPath(
        {.From = At, .Avoiding = NewTask, .Until = Again, .Exits = false, .AvoidingEdge = Asked});
    if (!Twice)
      return;
    std::vector<Step> Steps = First.Via;
    Steps.push_back({First.At, First.is(Role::Join) ? "it is joined here" : "it is detached here"});
    llvm::append_range(Steps, Twice->Steps);
    llvm::append_range(Steps, Twice->Last->Via);
    Steps.push_back({Twice->Last->At, "and here again"});
    Found.push_back({Twice->Last->where(), T,
                     Twice->Last->is(Role::Join) ? "is joined a second time"
                                                 : "is detached after it was joined",
                     Steps, "ask whether it can be joined first", "that fails"});
    if (First.is(Role::Detach) && Twice->Last->is(Role::Join))
      Found.back().with(Unjoined::Detached, &F, &First, {*Twice});
  });
  return Found;
}

} // namespace tether
