// Unfolder: what each event does.
#include "model/ApiTable.h"
#include "protocol/Unfold.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

void Unfolder::take(const Event &E, const Place &At) {
  switch (E.Is) {
  case Role::Lock:
    return lock(E, At);
  case Role::Unlock:
    if (E.MayHappen)
      return park(&E);
    for (int M : mutexes(E.On, At)) {
      // A pointer that was not bound to anything known, and by which none was locked, may mean any.
      auto locksIt = [&](const Node &N) {
        return N.Is == Node::Lock && llvm::is_contained(N.All, static_cast<unsigned>(M));
      };
      if (E.On.kind() == TypeKind::Mutex && E.On.leaf()->Indirect &&
          (M < 0 || (S.Objects[M].What.leaf()->Indirect && llvm::none_of(code().Nodes, locksIt))))
        return park(&E);
      if (M >= 0 && S.Objects[M].Is == Shared::Mutex)
        op(Node::Unlock, M, &E);
    }
    return;
  case Role::Wait:
    if (Interrupted.contains(Thread)) // by an exception, which is not followed
      return park(&E, true);
    return wait(E, At);
  case Role::Notify:
    if (int On = shared(E.On, At); On >= 0)
      op(Node::Notify, On, &E).Everybody = !E.Entry || E.Entry->Wakes != "one";
    return;
  case Role::Send:
  case Role::Receive:
  case Role::Close:
    if (!E.Chosen)
      meet(E, At);
    return;
  case Role::Select:
    return select(E, At);
  case Role::Join:
    if (int On = shared(E.On, At); On >= 0 && !E.Bounded) {
      op(Node::Join, On, &E);
    }
    return;
  case Role::Detach:
    if (int On = shared(E.On, At); On >= 0)
      op(Node::Detach, On, &E);
    return;
  case Role::Remove:
    if (E.On && E.On.kind() != TypeKind::None)
      destroy(name(E.On, At), &E);
    return;
  case Role::RequestStop:
    return requestStop(stopOf(E.On, At), &E);
  case Role::OnStop:
    return onStop(E, At);
  case Role::Spawn:
    return spawn(E, At);
  case Role::Call:
  case Role::Invoke:
    return invoke(E, At);
  case Role::Bind:
    if (E.On && E.Args.size() == 1) {
      Name From = name(E.On, At), To = name(E.Args[0].What, At);
      if (From && !(From.startsWith(To) || To.startsWith(From)))
        Aliases[From] = To;
    }
    return;
  case Role::Store:
    return store(E, At);
  case Role::Write:
    return write(E, At);
  case Role::Overwrite:
    // A thread that gets a new task, and what is not followed any more.
    if (E.On.kind() != TypeKind::Thread && E.On.kind() != TypeKind::Future &&
        E.On.kind() != TypeKind::None)
      whole(Node::Escape, name(E.On, At), &E);
    return;
  case Role::Destroy:
    // (A parameter or token that goes is a name of something else that stays.)
    if (Name N = name(E.On, At);
        N && E.On.kind() != TypeKind::Token &&
        (E.On.root()->Where == Symbol::This || Roots[N.Root].S == E.On.root()))
      destroy(N, &E);
    return;
  case Role::Transfer:
    if (Here->Returned && E.On == Here->Returned &&
        (At.In->Result || (E.On.kind() == TypeKind::None && E.On.leaf()->Direct)))
      return; // to code that is followed, or a copy
    if (const Runnable *Runs = runnable(E.On, At); Runs && Runs->Body) {
      Posted |= !isBoring(*Runs->Body);
      escapeUsed(*Runs->Body, E, At);
    }
    if (!E.On && E.Args.size() == 1)
      if (const Function *Body = P.function(E.Args[0].Body))
        escapeUsed(*Body, E, At);
    if (const Runnable *Runs = runnable(E.On, At); Runs && Runs->Made.In)
      return escapeCaptured(Value(Runs->Callable), E, Place(Runs->Made));
    if (E.On && E.On.kind() == TypeKind::None &&
        (E.On.leaf()->Holds.empty() || (E.On.leaf()->Direct && !E.On.leaf()->OfProject))) {
      if (!E.Constant)
        set(shared(E.On, At), nullptr);
      if (E.On.leaf()->Indirect) // and with the pointer what it points to
        whole(Node::Escape, name(E.On, At), &E);
    } else if (E.On)
      whole(Node::Escape, name(E.On, At), &E);
    return;
  default:
    return;
  }
}

// ---- locks and waits ----------------------------------------------------------------------------

void Unfolder::lock(llvm::ArrayRef<Event> Together, const Place &At) {
  std::vector<unsigned> All;
  const Event &E = Together.front();
  for (const Event &Each : Together)
    for (int M : mutexes(Each.On, At)) {
      if (Each.Doubtful)
        return park(&E);
      if (M >= 0 && S.Objects[M].Is == Shared::Mutex)
        All.push_back(M);
    }
  if (All.empty())
    return;
  const int Result = E.Bounded ? shared(E.Result, At) : -1;
  if (Result >= 0)
    Assigned.insert(Result);
  Node &N = op(Node::Lock, All.front(), &E);
  N.All = std::move(All);
  N.AtOnce = E.Bounded && !E.HasTimeout;
  N.Bounded = E.Bounded;
  N.IsShared = E.Shared;
  N.Result = Result;
  N.Success = E.Success.value_or(1);
}

/// What ends a wait, send or receive, other than what it waits for.
void Unfolder::fillCase(Node &N, const Event &E, const Place &At) {
  N.At = &E;
  N.Bounded = E.Bounded || E.HasTimeout;
  N.AtOnce = E.Bounded && !E.HasTimeout;
  N.Success = E.Success.value_or(1);
  if (E.Stoppable) {
    N.Stop = E.StoppedBy ? stopOf(E.StoppedBy, At) : -1;
    N.Stoppable = N.Stop < 0 || S.Objects[N.Stop].Outside;
  }
  if (E.Result)
    if (int Result = shared(E.Result, At); Result >= 0 && S.Objects[Result].Is == Shared::Number) {
      Assigned.insert(Result);
      N.Result = Result;
    }
}

/// What waits until there is less of one thing than another says waits for room.
void markLimits(Test &T, std::vector<Shared> &Objects) {
  if ((T.Is == Formula::Less || T.Is == Formula::LessEqual) && T.Parts[0].Of >= 0 &&
      T.Parts[1].Of >= 0)
    T.Limits = Objects[T.Parts[1].Of].Limits = true;
  for (Test &Part : T.Parts)
    markLimits(Part, Objects);
}

void Unfolder::wait(const Event &E, const Place &At) {
  const int On = shared(E.On, At);
  if (On < 0)
    return;
  Node N;
  fillCase(N, E, At);
  if (E.Predicate) {
    Test Awaited = test(*E.Predicate, At);
    markLimits(Awaited, S.Objects);
    N.Value = std::make_shared<Test>(std::move(Awaited));
  }
  if (E.GivesUp) {
    std::vector<int> M = mutexes(E.GivesUp, At);
    N.Mutex = M.size() == 1 ? M.front() : -1;
  }
  // What it gives up is not known: nor is who can come in meanwhile.
  const bool Known = S.Objects[On].Is == Shared::Condition
                         ? N.Mutex >= 0 && S.Objects[N.Mutex].Is == Shared::Mutex
                         : S.Objects[On].Is == Shared::Number && N.Value;
  if (!Known)
    return park(&E);
  Node &Put = op(Node::Wait, On, &E);
  N.Next = Put.Next;
  N.Is = Node::Wait;
  N.Of = On;
  Put = std::move(N);
}

void Unfolder::meet(const Event &E, const Place &At) {
  const int On = shared(E.On, At);
  if (On < 0)
    return;
  if (E.is(Role::Close)) {
    op(Node::Close, On, &E);
    return;
  }
  Node N;
  fillCase(N, E, At);
  if (S.Objects[On].Is == Shared::Thread) { // the result of a task
    if (!N.Bounded && !N.Stoppable && N.Stop < 0)
      op(Node::Join, On, &E);
    return;
  }
  const ApiType *Type = E.On.leaf()->Type;
  if (E.is(Role::Send) && Type && (Type->BeginsArg || Type->NeedsArg) && !E.Args.empty() &&
      E.Args[0].Number)
    N.Value = testOf(E.Args[0].Number, At);
  // Who receives it can use what is sent.
  if (E.is(Role::Send))
    for (const Value &V : E.Args)
      if (V.What && !V.IsToken && !V.What.leaf()->Scalar && V.What.root()->Where != Symbol::This &&
          V.What.root()->Where != Symbol::Temporary)
        whole(Node::Escape, name(V.What, At), &E);
  Node &Put = op(E.is(Role::Send) ? Node::Send : Node::Receive, On, &E);
  N.Next = Put.Next;
  N.Is = Put.Is;
  N.Of = On;
  Put = std::move(N);
  if (E.is(Role::Receive)) // what it fills in is chosen by the sender
    for (const Value &V : E.Args)
      if (V.What && !V.IsToken && V.What.kind() == TypeKind::None)
        set(shared(V.What, At), nullptr, /*Taken=*/true);
}

void Unfolder::select(const Event &E, const Place &At) {
  if (E.Doubtful || E.Inner.empty())
    return park(&E);
  Node N;
  fillCase(N, E, At);
  for (const Event &Each : E.Inner) {
    Node Case;
    Case.Is = Each.is(Role::Send) ? Node::Send : Node::Receive;
    Case.Of = shared(Each.On, At);
    Case.At = &Each;
    if (Case.Of < 0)
      return park(&E);
    // What a receive fills in is there, or is chosen by the sender.
    for (const Value &V : Each.Args)
      if (V.What && Each.is(Role::Receive) && V.What.kind() == TypeKind::None)
        if (int Filled = shared(V.What, At);
            Filled >= 0 && S.Objects[Filled].Is == Shared::Number) {
          Case.Result = Filled;
          Case.Taken = V.What.leaf()->Scalar;
          Assigned.insert(Filled);
        }
    N.Cases.push_back(std::move(Case));
  }
  Node &Put = op(Node::Select, -1, &E);
  N.Next = Put.Next;
  N.Is = Node::Select;
  Put = std::move(N);
}

// ---- code that runs -----------------------------------------------------------------------------

/// Whatever \p E is given may be used by code that is not seen.
void Unfolder::escapeAll(const Event &E, const Place &At) {
  auto value = [&](const Value &V) {
    if (V.What && V.What.root()->Where != Symbol::This && !V.What.leaf()->Scalar && !V.IsToken)
      whole(Node::Escape, name(V.What, At), &E);
    escapeCaptured(V, E, At);
  };
  value(E.This);
  for (const Value &V : E.Args)
    value(V);
}

/// Code that is not seen may run \p Callable, which is written at \p At, or never.
void Unfolder::escapeCaptured(const Value &Callable, const Event &E, const Place &At,
                              unsigned Depth) {
  constexpr unsigned MaxDepth = 8; // callables in callables
  for (const Capture &C : Callable.Captures) {
    if (C.What && C.What.root()->Where != Symbol::This && !C.TokenOf &&
        (C.ByReference || !C.What.leaf()->Scalar))
      whole(Node::Escape, name(C.What, At), &E);
    // With a callable comes what that has captured.
    if (const Runnable *Inner = runnable(C.What, At); Inner && Inner->Made.In && Depth != MaxDepth)
      escapeCaptured(Value(Inner->Callable), E, Place(Inner->Made), Depth + 1);
  }
}

/// Code that is not seen may run \p Body at some time: what that does to the object of the scope is
/// done by somebody else from now on.
void Unfolder::escapeUsed(const Function &Body, const Event &E, const Place &At) {
  Body.forEach([&](const Event &Does, Position) {
    const bool Acts = Does.isWakeUp() || Does.is(Role::Write | Role::Store | Role::Overwrite |
                                                 Role::Remove | Role::Receive | Role::RequestStop);
    if (Acts && Does.On && Does.On.root()->Where == Symbol::This && !Does.On.path().empty())
      whole(Node::Escape, name(Does.On, At), &E);
  });
}

/// Code that is not seen, and is handed the object of the scope, may call its functions.
void Unfolder::mayCallBack(const Event &E, const Place &At) {
  auto isObject = [&](const Value &V) {
    Name N = V.What ? name(V.What, At) : Name();
    return N && N.Path.empty() && Roots[N.Root].Object;
  };
  if (llvm::none_of(E.Args, isObject))
    return;
  const unsigned Begin = Now, After = fresh();
  jump(After);
  for (const Function *M : Methods) {
    if (isBoring(*M) || llvm::is_contained(Stack, M) || M->IsStatic)
      continue;
    Now = fresh();
    code().Nodes[Begin].Next.push_back({Now, nullptr, nullptr});
    Frame &F = frame(*M);
    F.This = At.In->This;
    F.Caller = At;
    F.Via = At.In->Via;
    F.Via.push_back(
        {E.At, "code that is called here has the object, and may call '" + M->Name + "'"});
    const unsigned Start = Now;
    op(Node::Reset);
    enter(F, Start);
    jump(After);
    Current = At.In;
  }
  Now = After;
}

void Unfolder::invoke(const Event &E, const Place &At) {
  Value This;
  Place Made;
  const Function *Body = bodyOf(E, At, This, Made);
  if (!Body) {
    if (E.is(Role::Invoke) || E.Callee)
      escapeAll(E, At);
    if (E.is(Role::Invoke)) {
      mayCallBack(E, At);
      Unknown.push_back({Thread, Now});
      op(Node::Pass, -1, &E);
    }
    return;
  }
  if (Body->IsConstructor && E.This.What)
    for (const Value &V : E.Args)
      if (V.What && !V.What.leaf()->Scalar && !V.IsToken && V.What.root()->Where != Symbol::This)
        if (Name Part = name(V.What, At))
          MadeOf[name(E.This.What, At)].push_back(Part);
  const bool Once = E.is(Role::Invoke) && E.Entry;
  if (!Once) {
    call(*Body, E, At, This, Made);
    return;
  }
  Name Flag = name(E.On, At);
  const int V = shared(Flag);
  if (V < 0 || isBoring(*Body))
    return;
  S.Objects[V].Is = Shared::Once;
  const unsigned Begin = Now;
  op(Node::Enter, V, &E);
  call(*Body, E, At, This, Made);
  op(Node::Leave, V, &E);
  code().Nodes[Begin].Next.push_back({Now, nullptr, nullptr});
}

void Unfolder::spawn(const Event &E, const Place &At, bool Owned) {
  Value This;
  Place Made;
  const Function *Body = bodyOf(E, At, This, Made);
  if (!Body || Body->IsCoroutine)
    return escapeAll(E, At);
  const bool Detached = E.Entry && E.Entry->Detached;
  const int Owner = Detached || !Owned ? -1 : shared(E.On, At);
  // What the task has a share of may end with it: whether it is the last one is not known. So is
  // who keeps the promise of a task that has one.
  for (const Capture &C : This.Captures)
    if (!C.ByReference && C.What && C.What.kind() == TypeKind::Channel && !C.What.leaf()->Direct &&
        C.What.leaf()->Type && !C.What.leaf()->Type->OnDestroy.empty())
      whole(Node::Escape, name(C.What, Made.In ? Made : At), &E);
  for (const Value &V : E.Args)
    if (V.What && V.What.kind() == TypeKind::Channel && runnable(V.What, At))
      whole(Node::Escape, name(V.What, At), &E);
  if (E.On && llvm::any_of(P.on(E.On.leaf()), [](const Site &Use) {
        return Use.What->is(Role::RequestStop) && Use.What->Entry &&
               Use.What->Entry->Wakes == "all";
      }))
    Interrupted.insert(S.Threads.size());
  const unsigned Index = thread(E, *Body, At, This, Made);
  op(Node::Start, Owner, &E).Body = Index;
  if (E.Success && E.Result) // that there are no more threads is not explored
    set(shared(E.Result, At), std::make_shared<Test>(test(Formula::constant(*E.Success), At)));
  if (Owner < 0)
    return;
  const ApiType *Type = E.On.leaf()->Type;
  const bool Joins = (E.Entry && E.Entry->ResultJoins) ||
                     (Type && llvm::is_contained(Type->OnDestroy, Role::Join));
  if (E.Entry && E.Entry->ResultJoins)
    JoinsAtEnd.insert(Owner);
  if (E.Discarded && Joins && E.On.root()->Where == Symbol::Temporary) { // it ends right here
    if (Type && llvm::is_contained(Type->OnDestroy, Role::RequestStop))
      requestStop(stopOf(E.On, At), &E);
    op(Node::Join, Owner, &E);
  }
}

void Unfolder::onStop(const Event &E, const Place &At) {
  Value This;
  Place Made;
  const int Stop = E.StoppedBy ? stopOf(E.StoppedBy, At) : -1, On = shared(E.On, At);
  const Function *Body = bodyOf(E, At, This, Made);
  if (Stop < 0 || S.Objects[Stop].Outside || On < 0 || S.Objects[On].Is != Shared::Callback)
    return escapeAll(E, At);
  if (!Body)
    return park(&E, true);
  if (isBoring(*Body))
    return;
  const unsigned Index = thread(E, *Body, At, This, Made);
  for (int V : {Stop, On})
    if (!llvm::is_contained(S.Objects[V].Bodies, Index))
      S.Objects[V].Bodies.push_back(Index);
  Node &N = op(Node::Register, On, &E);
  N.Stop = Stop;
  N.Body = Index;
  op(Node::Await, On, &E); // it may have run right here
}

void Unfolder::requestStop(int Stop, const Event *E) {
  if (Stop < 0)
    return;
  op(Node::RequestStop, Stop, E);
  op(Node::Await, Stop, E);
}

// ---- state --------------------------------------------------------------------------------------

/// More than nothing.
static TestRef something() {
  Test Something;
  Something.Is = Formula::Number;
  Something.Asks = true;
  Something.Plus = 1;
  return std::make_shared<Test>(std::move(Something));
}

void Unfolder::write(const Event &E, const Place &At) {
  Name N = name(E.On, At);
  if (!N)
    return;
  const Symbol *Leaf = N.leaf(*this);
  if (Leaf->Kind != TypeKind::None)
    return;
  if (Leaf->OfProject) // a method of the project that is not seen
    whole(Node::Escape, N, &E);
  const int V = shared(N);
  if (E.OnlyIf)
    return exchange(E, V, At);
  if (E.Result && !S.Objects[V].Outside) {
    Test Before;
    Before.Is = Formula::Number;
    Before.Of = V;
    set(shared(E.Result, At), std::make_shared<Test>(Before));
  }
  TestRef Becomes = testOf(E.Becomes, At);
  // Who hands over a pointer has something to hand over.
  if (E.Becomes && E.Becomes->Is == Formula::Number && E.Becomes->Of &&
      E.Becomes->Of.leaf()->Indirect && E.Becomes->Of.leaf()->Where == Symbol::Param) {
    Becomes = something();
  }
  if ((!Becomes || Becomes->Is == Formula::Unknown) && E.Way != Change::Unknown) {
    Test Something; // more than nothing, or nothing
    Something.Is = Formula::Number;
    Something.Asks = E.Way == Change::Up;
    Something.Plus = Something.Asks;
    if (Something.Asks || E.Becomes)
      Becomes = std::make_shared<Test>(Something);
  }
  const bool Lost = !Becomes; // erase, a sum of several numbers
  const unsigned Here = Now;
  set(V, std::move(Becomes), false, &E);
  code().Nodes[Here].Lost = Lost;
}

/// \p V becomes another number if it is the one that is expected, all at once.
void Unfolder::exchange(const Event &E, int V, const Place &At) {
  Test Is;
  Is.Is = Formula::Equal;
  Is.Parts.resize(2);
  Is.Parts[0].Is = Formula::Number;
  Is.Parts[0].Of = V;
  Is.Parts[1] = test(*E.OnlyIf, At);
  const int Result = E.Result ? shared(E.Result, At) : -1;
  if (S.Objects[V].Outside) // others may have changed it, too
    return set(Result, nullptr);
  if (S.Objects[V].Is != Shared::Number || Is.Parts[1].Is != Formula::Number)
    return park(&E);
  Assigned.insert(V);
  if (Result >= 0)
    Assigned.insert(Result);
  TestRef Becomes = testOf(E.Becomes, At);
  Node &Put = op(Node::Set, V, &E);
  Put.Only = std::make_shared<Test>(std::move(Is));
  Put.Value = std::move(Becomes);
  Put.Result = Result;
}

void Unfolder::store(const Event &E, const Place &At) {
  Name N = name(E.On, At);
  if (!N)
    return;
  const Symbol *Leaf = N.leaf(*this);
  if (E.Args.size() == 1 && E.Args[0].Body) {
    Event Called = E;
    Called.Is = Role::Invoke;
    Called.Callee = E.Args[0].Body;
    Called.This.Captures = E.Args[0].Captures;
    Value This;
    Place Made;
    const Function *Body = bodyOf(Called, At, This, Made);
    if (isOutside(N)) // whoever has it may call it
      escapeAll(Called, At);
    if (auto [It, New] = Stored.try_emplace(N, Runnable{Body, Made, This}); !New) {
      escapeAll(Called, At); // one of several
      It->second = Runnable();
    }
    if (Body && N.Path.empty())
      At.In->Runs[E.On.root()] = {Body, Made, This};
    if (Leaf->Kind == TypeKind::None) // there is one now
      set(shared(N), std::make_shared<Test>(test(Formula::constant(1), At)), false, &E);
    return;
  }
  if (E.Args.size() == 1 && E.Args[0].IsToken && E.Args[0].TokenOf &&
      Leaf->Kind == TypeKind::Token) {
    Aliases[N] = name(E.Args[0].TokenOf, At);
    return;
  }
  switch (Leaf->Kind) {
  case TypeKind::None:
    if (TestRef Becomes = testOf(E.Becomes, At)) {
      if (Becomes->Is == Formula::Unknown && E.Args.size() == 1 && E.Args[0].IsFresh)
        Becomes = something(); // a pointer to a new object
      set(shared(N), std::move(Becomes), false, &E);
    }
    return;
  case TypeKind::Thread:
  case TypeKind::Future:
    for (const Value &V : E.Args)
      if (V.What && V.What != E.On && V.What.kind() == Leaf->Kind && !V.IsTemporary)
        if (int From = shared(V.What, At), To = shared(N); From >= 0 && To >= 0 && From != To)
          op(Node::Move, To, &E).Mutex = From;
    return;
  case TypeKind::Channel: {
    const ApiType &T = *Leaf->Type;
    const int V = shared(N);
    if (T.CapacityArg && *T.CapacityArg < E.Args.size() && !S.Objects[V].Capacity) {
      const FormulaRef &Room = E.Args[*T.CapacityArg].Number;
      if (Room && Room->isConstant()) {
        S.Objects[V].Capacity = Room->Plus;
        S.Objects[V].Outside = isOutside(N) || !isOneThing(Leaf);
      }
    }
    const std::optional<unsigned> Count = T.NeedsArg ? T.NeedsArg : T.BeginsArg;
    // (A member that is initialised by what was made in its place is not given a count.)
    if (Count && *Count < E.Args.size() && E.Args[0].What != E.On) {
      Node &Put = op(Node::Set, V, &E);
      const unsigned Here = &Put - code().Nodes.data();
      TestRef Value = testOf(E.Args[*Count].Number, At);
      code().Nodes[Here].Value = std::move(Value);
    }
    return;
  }
  default:
    return;
  }
}

// ---- ends ---------------------------------------------------------------------------------------

/// A smart pointer that somebody else has a copy of.
bool Unfolder::isCopied(const Symbol *Sym) {
  if (Sym->Direct || Sym->Container)
    return false;
  auto takes = [&](const Value &V) {
    return llvm::any_of(V.Captures, [&](const Capture &C) {
      return !C.ByReference && C.What && C.What.leaf() == Sym;
    });
  };
  return llvm::any_of(P.functions(), [&](const auto &F) {
    bool Found = false;
    F->forEach([&](const Event &Each, Position) {
      Found |= Each.Immediate && (takes(Each.This) || llvm::any_of(Each.Args, takes));
    });
    return Found;
  });
}

/// The end of \p N does more than to free memory.
bool Unfolder::endsWithEffect(const Name &N) {
  if (const Function *Destructor = destructorOf(N); Destructor && !isBoring(*Destructor))
    return true;
  return llvm::any_of(Variables, [&](const auto &V) {
    const Symbol *Part = V.first.leaf(*this);
    return V.first.startsWith(N) && Part->Type && !Part->Type->OnDestroy.empty();
  });
}

/// \p N ends: what its destructor does, as far as no code of ours says it.
void Unfolder::destroy(const Name &N, const Event *E) {
  if (!N)
    return;
  const Symbol *Leaf = N.leaf(*this);
  if (Leaf->Indirect)
    return;
  // Of a class that was inferred, the destructor itself is followed.
  const ApiType *Type = P.inferred().count(Leaf->Holds) ? nullptr : Leaf->Type;
  if (isCopied(Leaf)) { // it ends here, or with who else has it
    if (endsWithEffect(N))
      whole(Node::Escape, N, E);
    return;
  }
  // Of what has a name of its own the call of the destructor is an event, and came before.
  if (!E || !E->is(Role::Destroy) || !Leaf->Direct)
    end(N, E);
  destroyParts(N, E);
  const bool Known = Variables.contains(N);
  const int V = Type && (Known || !Type->OnDestroy.empty()) ? shared(N) : -1;
  if (V < 0)
    return;
  for (Role R : Type->OnDestroy) {
    const Shared::Kind Kind = S.Objects[V].Is;
    if (R == Role::RequestStop && Kind == Shared::Thread)
      requestStop(StopOf.contains(V) ? StopOf[V] : -1, E);
    else if (R == Role::Join && Kind == Shared::Thread)
      op(Node::Join, V, E);
    else if (R == Role::Close && (Kind == Shared::Queue || Kind == Shared::Gate))
      op(Node::Close, V, E);
  }
  if (JoinsAtEnd.contains(V))
    op(Node::Join, V, E);
  if (Type->MustJoin && S.Objects[V].Is == Shared::Thread)
    op(Node::Halt, V, E);
  if (S.Objects[V].Is == Shared::Callback) {
    op(Node::Unregister, V, E);
    op(Node::Await, V, E);
  }
  const unsigned Here = Now;
  whole(Node::Reset, N, E);
  code().Nodes[Here].Ends = true;
}

/// The parts of an object end with it, in the opposite order of their declaration.
void Unfolder::destroyParts(const Name &N, const Event *E) {
  std::vector<std::pair<const Symbol *, Name>> Parts;
  for (const auto &[Each, V] : Variables)
    if (Each.startsWith(N) && Each.Path.size() > N.Path.size()) {
      const Symbol *Part = Each.Path[N.Path.size()];
      if (llvm::none_of(Parts, [&](const auto &Known) { return Known.first == Part; })) {
        Name Of = N;
        Of.Path.push_back(Part);
        Parts.push_back({Part, Of});
      }
    }
  llvm::sort(Parts, [](const auto &A, const auto &B) { return B.first->At < A.first->At; });
  for (const auto &[Part, Of] : Parts)
    destroy(Of, nullptr);
}

} // namespace tether
