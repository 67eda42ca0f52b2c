#include "protocol/Unfold.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// What is larger is given up: its interleavings would not be explored in time.
constexpr unsigned MaxNodes = 1500, MaxThreads = 12, MaxDepth = 8;
// Turns of a loop whose threads are told apart: of one that runs a constant number of times, and of
// others. What comes after that is not explored.
constexpr int64_t MaxCounted = 5, MaxTurns = 2;

static constexpr RoleSet Synchronises = Role::RequestStop | Role::OnStop | Role::Spawn |
                                        Role::Join | Role::Detach | Role::Wait | Role::Notify |
                                        Role::Send | Role::Receive | Role::Close | Role::Select |
                                        Role::Lock | Role::Unlock | Role::Throw;

// ---- nodes --------------------------------------------------------------------------------------

unsigned Unfolder::fresh() {
  code().Nodes.emplace_back();
  if (code().Nodes.size() > MaxNodes)
    TooLarge = true;
  return code().Nodes.size() - 1;
}

/// Puts an operation at the current place; the code goes on behind it.
Node &Unfolder::op(Node::Kind Is, int Of, const Event *At) {
  const unsigned After = fresh(), Here = Now;
  Node &N = code().Nodes[Here];
  N.Is = Is;
  N.Of = Of;
  N.At = At;
  if (At && Current)
    N.Via = Current->Via;
  N.Next.push_back({After, nullptr, nullptr});
  Now = After;
  return N;
}

void Unfolder::set(int Of, TestRef Value, bool Taken, const Event *At) {
  if (Of < 0 || S.Objects[Of].Is != Shared::Number)
    return;
  Assigned.insert(Of);
  Node &N = op(Node::Set, Of, At);
  N.Value = std::move(Value);
  N.Taken = Taken;
}

void Unfolder::jump(unsigned To, const Edge *By, TestRef When) {
  code().Nodes[Now].Next.push_back(
      {To, std::move(When), By && !By->Decision.Text.empty() ? &By->Decision : nullptr});
}

/// What happens here is not known; the code behind it tells what may follow.
void Unfolder::park(const Event *At, bool Anything) { op(Node::Park, -1, At).Anything = Anything; }

void Unfolder::whole(Node::Kind Is, const Name &Of, const Event *At) {
  if (!Of)
    return;
  Wholes.push_back({Thread, Now, Of});
  op(Is, -1, At);
}

/// What \p Of may have kept of what it was made of goes with it.
void Unfolder::addMadeOf(const Name &Of, std::vector<unsigned> &All) const {
  std::set<Name> Seen{Of};
  std::vector<Name> Work{Of};
  while (!Work.empty()) {
    const Name Now = std::move(Work.back());
    Work.pop_back();
    for (const auto &[Made, Parts] : MadeOf)
      if (Made.startsWith(Now))
        for (const Name &Part : Parts)
          if (Seen.insert(Part).second) {
            llvm::append_range(All, within(Part));
            Work.push_back(Part);
          }
  }
  llvm::sort(All);
  All.erase(llvm::unique(All), All.end());
}

void Unfolder::finish() {
  for (const Whole &W : Wholes) {
    Node &N = S.Threads[W.Thread].Nodes[W.Node];
    N.All = within(W.Of);
    if (N.Is == Node::Escape && W.Of.Element) // whoever has an element does not add others
      if (auto It = Variables.find(W.Of); It != Variables.end())
        llvm::erase(N.All, static_cast<unsigned>(It->second));
    if (N.Is == Node::Escape)
      addMadeOf(W.Of, N.All);
  }
  for (auto [T, N] : Posted ? Unknown : decltype(Unknown)()) {
    S.Threads[T].Nodes[N].Is = Node::Park;
    S.Threads[T].Nodes[N].Anything = true;
  }
}

// ---- functions ----------------------------------------------------------------------------------

void Unfolder::follow(const Function &F) {
  llvm::SmallVector<const Function *> Work{&F};
  while (!Work.empty()) {
    const Function *Code = Work.pop_back_val();
    if (!Followed.insert(Code).second)
      continue;
    Code->forEach([&](const Event &E, Position) {
      if (const Function *Next = E.Callee ? P.function(E.Callee) : nullptr)
        Work.push_back(Next);
    });
  }
}

bool Unfolder::spawns(const Function &F) {
  auto [It, New] = Spawning.try_emplace(&F, false);
  if (New) {
    bool Found = false;
    F.forEach([&](const Event &E, Position) {
      const Function *Callee = E.Immediate && E.is(Role::Call | Role::Invoke) && E.Callee
                                   ? P.function(E.Callee)
                                   : nullptr;
      Found |= (E.is(Role::Spawn) && !E.Inferred) || (Callee && spawns(*Callee));
    });
    Spawning[&F] = Found;
    return Found;
  }
  return It->second;
}

/// Nothing in it matters to other threads.
bool Unfolder::isBoring(const Function &F) {
  auto [It, New] = Boring.try_emplace(&F, true);
  if (!New)
    return It->second;
  bool Matters = false;
  F.forEach([&](const Event &E, Position) {
    if (Matters || !E.Immediate || E.Inferred)
      return;
    const Function *Callee =
        E.is(Role::Call | Role::Invoke) && E.Callee ? P.function(E.Callee) : nullptr;
    Matters |= E.is(Synchronises | Role::Transfer | Role::Remove | Role::Bind) ||
               (E.is(Role::Write | Role::Store | Role::Overwrite) && E.On && !E.On.isLocal()) ||
               (E.is(Role::Invoke) && !Callee) || (Callee && !isBoring(*Callee)) ||
               (E.is(Role::Destroy) && E.On.kind() != TypeKind::None);
  });
  for (const Block &B : F.Blocks)
    Matters |= B.Returns != nullptr || B.Raises || B.NoReturn || B.EndsThread;
  Boring[&F] = !Matters;
  return !Matters;
}

Unfolder::Frame &Unfolder::frame(const Function &F) {
  Frames.emplace_back(F);
  Frame &Made = Frames.back();
  Made.Id = Frames.size();
  Made.Graph.unroll([&](const Event &E) {
    const Function *Callee =
        E.Immediate && E.is(Role::Call | Role::Invoke) && E.Callee ? P.function(E.Callee) : nullptr;
    return (E.Immediate && !E.Inferred && E.is(Role::Spawn)) || (Callee && spawns(*Callee));
  });
  for (unsigned B = 0; B != F.Blocks.size(); ++B)
    if (int L = F.Blocks[B].Loop && F.Blocks[B].Loop->Over ? Made.Graph.decidedBy(B) : -1; L >= 0)
      for (unsigned Each = 0; Each != F.Blocks.size(); ++Each)
        Made.Graph.All[L].Unrolled |=
            Made.Graph.All[L].Blocks[Each] &&
            llvm::any_of(F.Blocks[Each].Events, [](const Event &E) { return E.is(Synchronises); });
  return Made;
}

/// A task for a pool that the scope does not have: its threads run it.
bool Unfolder::isJobOfOthers(const Event &E, const Place &At) {
  if (!E.Inferred || !E.Immediate || !E.is(Role::Spawn) || !E.On || !E.Callee)
    return false;
  Name Pool = name(E.On, At);
  return Pool && isOutside(Pool);
}

/// Follows all that can be reached in \p F from the blocks that wait in its list.
void Unfolder::run(Frame &F) {
  while (!F.Work.empty() && !TooLarge) {
    // Blocks are numbered against the flow: the entry has the highest number.
    auto Last = std::prev(F.Work.end());
    auto [Number, At] = *Last;
    F.Work.erase(Last);
    fill(F, At, Number);
  }
}

unsigned Unfolder::block(Frame &F, const Turns &At, unsigned Number) {
  auto [It, New] = F.Blocks.try_emplace({At, Number}, 0);
  if (New) {
    It->second = fresh();
    F.Work.insert({Number, At});
  }
  return It->second;
}

void Unfolder::fill(Frame &F, const Turns &T, unsigned Number) {
  const Block &B = F.F->Blocks[Number];
  const Place At{&F, T};
  Now = F.Blocks[{T, Number}];
  Current = &F;
  Here = &B;
  // What is returned is looked at before the locals end.
  size_t Return = B.Events.size();
  while (Return > 0 && (B.Events[Return - 1].AtScopeEnd || B.Events[Return - 1].is(Role::Destroy) ||
                        !B.Events[Return - 1].Immediate))
    --Return;
  auto returns = [&] {
    // What is pointed to by what goes to somebody outside.
    if (B.Returned && !F.Caller.In && !B.Returned.leaf()->Direct)
      whole(Node::Escape, name(B.Returned, At), nullptr);
    if (!B.Returns || !F.Result)
      return;
    set(shared(F.Result), testOf(B.Returns, At));
    Name Returned = name(B.Returned, At);
    if (Returned && F.Result.leaf(*this)->Container) { // one of several, which are not told apart
      whole(Node::Escape, Returned, nullptr);
    } else if (Returned && F.Result.Path.empty()) {
      auto [It, New] = Aliases.try_emplace(F.Result, Returned);
      if (!New && (It->second < Returned || Returned < It->second))
        It->second = Name(); // one or the other
    }
  };
  for (size_t I = 0; I != B.Events.size() && !TooLarge; ++I) {
    if (I == Return)
      returns();
    const Event &E = B.Events[I];
    if (!E.Immediate)
      continue;
    if (E.Inferred) { // what the class does in detail says more than its role, if it is at hand
      if (isJobOfOthers(E, At) && S.Root)
        spawn(E, At, /*Owned=*/false);
      else if (isJobOfOthers(E, At)) // in which order callers post and go on is not known
        park(&E, /*Anything=*/true);
      continue;
    }
    if (E.is(Role::Call) && llvm::any_of(B.Events, [&](const Event &Each) {
          return Each.At == E.At && isJobOfOthers(Each, At);
        }))
      continue;
    if (!E.is(Role::Lock)) {
      take(E, At);
      Here = &B;
      continue;
    }
    size_t Last = I + 1; // those of one call are locked together
    while (Last != B.Events.size() && B.Events[Last].Immediate && B.Events[Last].is(Role::Lock) &&
           B.Events[Last].At == E.At)
      ++Last;
    lock(llvm::ArrayRef(B.Events).slice(I, Last - I), At);
    I = Last - 1;
  }
  if (Return == B.Events.size())
    returns();
  leave(At, B, Number);
}

/// The loop around a block that waits without a predicate: its own conditions are the predicate.
static bool isWaitLoop(const Function &F, const Loops::Loop &L) {
  for (unsigned B = 0; B != F.Blocks.size(); ++B)
    if (L.Blocks[B] && llvm::any_of(F.Blocks[B].Events, [](const Event &E) {
          return E.Immediate && E.is(Role::Wait) && E.GivesUp && !E.HasPredicate;
        }))
      return true;
  return false;
}

/// What is not known of \p T is not taken to be up to chance.
static void makeCertain(Test &T) {
  T.Certain |= T.Is == Formula::Unknown;
  llvm::for_each(T.Parts, makeCertain);
}

void Unfolder::leave(const Place &At, const Block &B, unsigned Number) {
  Frame &F = *At.In;
  if (B.NoReturn) {
    op(Node::Halt);
    return;
  }
  if (B.EndsThread) {
    op(Node::End);
    return;
  }
  if (B.Throws)
    return jump(thrown(F));
  if (Number == F.F->Exit)
    return jump(F.Returns);
  auto endsSomething = [](const Event &E) { return E.Immediate && E.AtScopeEnd; };
  if (B.Raises && llvm::any_of(F.F->Blocks, [&](const Block &Each) {
        return llvm::any_of(Each.Events, endsSomething);
      }))
    park(nullptr); // what ends on the way to the handler is not in the graph
  const int Decided = F.Graph.decidedBy(Number);
  const LoopHead *Head = Decided >= 0 ? &*B.Loop : nullptr;
  const Loops::Loop *Loop = Decided >= 0 ? &F.Graph.All[Decided] : nullptr;
  // A loop over threads does the same for all of them.
  const bool ForAll =
      Loop && Loop->Unrolled && Head->Over &&
      llvm::is_contained({TypeKind::Thread, TypeKind::Future, TypeKind::Group}, Head->Over.kind());
  const bool Awaited = llvm::any_of(B.Next, [](const Edge &E) { return E.LeavesLoop; }) &&
                       llvm::any_of(F.Graph.All, [&](const Loops::Loop &L) {
                         return L.Blocks[Number] && isWaitLoop(*F.F, L);
                       });
  for (const Edge &E : B.Next) {
    const Turns There = F.Graph.along(At.At, Number, E.To);
    TestRef When = testOf(E.When, At);
    if (Awaited && When) {
      Test Known = *When;
      makeCertain(Known);
      When = std::make_shared<Test>(std::move(Known));
    }
    if (Loop && When) { // of so many turns, where it is not known how many, there is one
      Test Counts = *When;
      markLimits(Counts, S.Objects);
      When = std::make_shared<Test>(std::move(Counts));
    }
    const bool Enters = Loop && Loop->Unrolled && !E.LeavesLoop && Loop->Blocks[E.To];
    if (Loop && Loop->Unrolled) {
      const int64_t Done = std::max(At.At[Decided], There[Decided]);
      const int64_t Limit = ForAll                       ? 1
                            : !Head->Turns               ? MaxTurns
                            : *Head->Turns <= MaxCounted ? *Head->Turns
                                                         : MaxTurns;
      if (ForAll || (Head->Turns && *Head->Turns <= MaxCounted)) {
        if (Enters ? Done >= Limit : E.LeavesLoop && Done < Limit)
          continue;
      } else if (Enters && Done >= Limit) {
        // More turns are not explored; what they could do is what the first ones do.
        const unsigned Before = Now, Cut = fresh();
        jump(Cut, &E, When);
        Now = Cut;
        park(nullptr);
        jump(block(F, F.Graph.along(F.Graph.begin(), Number, E.To), E.To));
        Now = Before;
        continue;
      }
      if (Head->Over && !Head->Turns && !ForAll)
        if (int Size = shared(Head->Over, At);
            Size >= 0 && S.Objects[Size].Is == Shared::Number && !S.Objects[Size].Outside) {
          Test Less;
          Less.Is = Formula::Less;
          Less.Parts.resize(2);
          Less.Parts[0].Is = Less.Parts[1].Is = Formula::Number;
          Less.Parts[0].Plus = Done;
          Less.Parts[1].Of = Size;
          Test Not;
          Not.Is = Formula::Not;
          Not.Parts = {Less};
          When = std::make_shared<Test>(Enters ? Less : Not);
        }
    }
    jump(block(F, There, E.To), &E, std::move(When));
  }
  if (B.Next.empty())
    park(nullptr, true);
}

/// Where what is thrown in \p F leads to: what ends with the locals, then the caller.
unsigned Unfolder::thrown(Frame &F) {
  if (F.Thrown >= 0)
    return F.Thrown;
  const unsigned Before = Now;
  F.Thrown = Now = fresh();
  Frame *Up = std::exchange(Current, &F);
  const Place At{&F, F.Graph.begin()};
  bool Unknown = false;
  std::set<Object> Ended;
  for (const Block &B : F.F->Blocks)
    for (const Event &E : B.Events) {
      if (!E.Immediate || !(E.AtScopeEnd || E.is(Role::Destroy)))
        continue;
      if (E.is(Role::Call)) {
        const Function *Ends = P.function(E.Callee);
        Unknown |= Ends && !isBoring(*Ends); // is it there already?
      } else if (Ended.insert(E.On).second) {
        if (E.is(Role::Unlock))
          take(E, At); // if it is held
        else if (E.is(Role::Destroy) && E.On.kind() != TypeKind::None)
          take(E, At);
      }
    }
  if (Unknown)
    park(nullptr);
  if (F.ThrowsTo >= 0) {
    jump(F.ThrowsTo);
  } else if (!F.Caller.In) {
    op(Node::Halt);
  } else if (!F.HasHandler) {
    jump(thrown(*F.Caller.In));
  } else {
    Frame &Caller = *F.Caller.In;
    llvm::SmallVector<unsigned, 2> Tries;
    for (unsigned B = 0; B != Caller.F->Blocks.size(); ++B)
      if (Caller.F->Blocks[B].Dispatches)
        Tries.push_back(B);
    if (Tries.size() != 1)
      park(nullptr, true);
    else {
      park(nullptr); // what ends on the way to the handler is not in the graph
      jump(block(Caller, F.Caller.At, Tries.front()));
    }
  }
  Now = Before;
  Current = Up;
  return F.Thrown;
}

// ---- calls --------------------------------------------------------------------------------------

/// The code that \p E runs, with its object and the place where a lambda is written.
const Function *Unfolder::bodyOf(const Event &E, const Place &At, Value &This, Place &Made) {
  This = E.This;
  auto madeIn = [&](const Function &F) {
    if (F.IsLambda)
      for (Place Where = At; Where.In; Where = Where.In->Caller)
        for (Place Up = Where; Up.In; Up = Up.In->Lexical)
          if (Up.In->F->Id == F.Parent)
            return Up;
    return Place();
  };
  if (E.Callee) {
    const Function *F = P.function(E.Callee);
    if (F)
      Made = madeIn(*F);
    return F;
  }
  const Object &Who = E.is(Role::Invoke) ? E.On : E.Args.empty() ? Object() : E.Args[0].What;
  if (!Who)
    return nullptr;
  const Runnable *Known = runnable(Who, At);
  if (!Known)
    return nullptr;
  This = Known->Callable;
  Made = Known->Made;
  return Known->Body;
}

/// What the callable \p Who runs, or null.
const Unfolder::Runnable *Unfolder::runnable(const Object &Who, const Place &At) {
  if (!Who)
    return nullptr;
  if (auto Known = Stored.find(name(Who, At)); Known != Stored.end() && Known->second.Body)
    return &Known->second;
  if (Who.path().empty())
    for (Place Where = At; Where.In; Where = Where.In->Lexical)
      if (auto Known = Where.In->Runs.find(Who.root()); Known != Where.In->Runs.end())
        return &Known->second;
  return nullptr;
}

/// Hands the arguments, the object and what was captured to a frame.
void Unfolder::give(Frame &To, const Event &E, const Value &This, const Place &At,
                    const Place &Made) {
  To.Lexical = Made;
  if (To.F->IsLambda)
    To.This = Made.In ? Made.In->This : Name();
  else
    To.This = name(E.This.What, At);
  // Numbers are copied, everything else is the thing itself.
  auto copy = [&](const Symbol *Into, TestRef Value) {
    Name N;
    N.Root = root(Into, {&To, To.Graph.begin()}, false);
    To.Given[Into] = N;
    set(shared(N), std::move(Value));
  };
  for (const Capture &C : This.Captures)
    if (!C.ByReference && C.What && C.What.path().empty() && C.What.root()->Scalar &&
        C.What.root()->Where != Symbol::Global)
      copy(C.What.root(),
           std::make_shared<Test>(test(Formula::number(C.What), Made.In ? Made : At)));
  // (A spawn of a callable that was handed to this function has it among its arguments.)
  const size_t First = E.is(Role::Spawn) && !E.Callee ? 1 : 0;
  for (size_t I = 0; I < To.F->Params.size() && I + First < E.Args.size(); ++I) {
    const Symbol *Param = To.F->Params[I];
    const Value &V = E.Args[I + First];
    Value Callable;
    Place Written;
    Event Called;
    Called.Is = Role::Invoke;
    Called.Callee = V.Body;
    Called.On = V.What;
    Called.This.Captures = V.Captures;
    const Function *Body = V.Body || (V.What && V.What.root()->Callable)
                               ? bodyOf(Called, At, Callable, Written)
                               : nullptr;
    if (Body) {
      To.Runs[Param] = {Body, Written, Callable};
      copy(Param, std::make_shared<Test>(test(Formula::constant(1), At))); // there is one
    } else if (V.IsToken && V.TokenOf)
      To.Given[Param] = name(V.TokenOf, At);
    else if (Param->Scalar && !Param->Indirect)
      copy(Param, testOf(V.Number, At));
    else if (V.What) {
      To.Given[Param] = name(V.What, At);
      To.Given[Param].Element = V.Part && V.What.kind() == TypeKind::None;
    }
  }
}

/// What goes too deep is not followed.
bool Unfolder::cutsOff(const Function &Callee, const Event *E) {
  if (!Callee.IsCoroutine && Stack.size() < MaxDepth && !llvm::is_contained(Stack, &Callee))
    return false;
  park(E, true);
  return true;
}

/// Follows the function of \p F, whose variables begin anew at the node \p Start.
void Unfolder::enter(Frame &F, unsigned Start) {
  F.Returns = fresh();
  Stack.push_back(F.F);
  jump(block(F, F.Graph.begin(), F.F->Entry));
  run(F);
  Stack.pop_back();
  Now = F.Returns;
  for (const auto &[N, V] : Variables)
    if (Roots[N.Root].Declared.In == &F)
      code().Nodes[Start].All.push_back(V);
}

const Function *Unfolder::destructorOf(const Name &N) const {
  const std::string &Class = N.leaf(*this)->Holds;
  if (!Class.empty())
    for (const auto &F : P.functions())
      if (F->IsDestructor && F->Class == Class)
        return F.get();
  return nullptr;
}

/// The destructor of \p N, where the class has one of its own.
void Unfolder::end(const Name &N, const Event *E) {
  const Function *Destructor = destructorOf(N);
  if (!Destructor || isBoring(*Destructor) || cutsOff(*Destructor, E))
    return;
  Frame *Up = Current;
  Frame &F = frame(*Destructor);
  F.This = N;
  if (Up) {
    F.Caller = {Up, Up->Graph.begin()};
    F.Via = Up->Via;
  }
  const unsigned Start = Now;
  op(Node::Reset);
  enter(F, Start);
  Current = Up;
}

bool Unfolder::call(const Function &Callee, const Event &E, const Place &At, const Value &This,
                    const Place &Made) {
  if (isBoring(Callee))
    return false;
  if (cutsOff(Callee, &E))
    return true;
  if (!Callee.IsLambda && !Callee.Class.empty() && !Callee.IsStatic && !name(E.This.What, At)) {
    park(&E, true); // of which object is not known
    return true;
  }
  Frame &F = frame(Callee);
  F.Caller = At;
  F.HasHandler = E.InTry;
  F.Via = At.In->Via;
  F.Via.push_back({E.At, Callee.IsLambda ? "the lambda is called here"
                                         : "'" + Callee.Name + "' is called here"});
  const unsigned Start = Now;
  op(Node::Reset);
  give(F, E, This, At, Made);
  if (E.Result && !E.Discarded) {
    F.Result = name(E.Result, At);
    Assigned.insert(shared(F.Result));
  }
  enter(F, Start);
  Current = At.In;
  return true;
}

/// A thread of its own; its automaton is made at once.
unsigned Unfolder::thread(const Event &E, const Function &Body, const Place &At, const Value &This,
                          const Place &Made) {
  auto [It, New] = KnownThreads.try_emplace({&E, At.In->Id, At.At}, S.Threads.size());
  const unsigned Index = It->second;
  if (!New)
    return Index;
  if (S.Threads.size() >= MaxThreads) {
    TooLarge = true;
    return Index;
  }
  S.Threads.emplace_back();
  Frame &F = frame(Body);
  give(F, E, This, At, Made); // by whoever starts it
  const unsigned Starter = Thread, Where = Now;
  auto Calls = std::exchange(Stack, {&Body});
  Thread = Index;
  code().Started = &E;
  code().Code = &Body;
  code().Name = E.On && !E.On.leaf()->Name.empty() ? E.On.leaf()->Name : "the task";
  Now = fresh();
  std::set<int> Copies;
  for (const auto &[Param, N] : F.Given)
    if (Roots[N.Root].Declared.In == &F)
      Copies.insert(shared(N));
  op(Node::Reset);
  F.Returns = fresh();
  jump(block(F, F.Graph.begin(), Body.Entry));
  run(F);
  Now = F.Returns;
  // What was moved into the task ends with it.
  for (const Capture &C : This.Captures)
    if (!C.ByReference && C.What && C.What.kind() == TypeKind::Channel && C.What.leaf()->Direct)
      destroy(name(C.What, Made.In ? Made : At), nullptr);
  for (const auto &[Param, N] : std::map(F.Given))
    if (Param->Kind == TypeKind::Channel && Param->Direct)
      destroy(N, nullptr);
  op(Node::End);
  for (const auto &[N, V] : Variables)
    if (Roots[N.Root].Declared.In == &F && !Copies.contains(V))
      code().Nodes[0].All.push_back(V);
  Thread = Starter;
  Now = Where;
  Current = At.In;
  Stack = std::move(Calls);
  return Index;
}

// ---- scopes -------------------------------------------------------------------------------------

void Unfolder::runRoot(const Function &F) {
  follow(F);
  S.Threads.emplace_back();
  code().Name = F.Name;
  code().Code = &F;
  Frame &Main = frame(F);
  Now = fresh();
  Main.This.Root = F.Class.empty() && !F.IsLambda ? -1 : root(P.self(), {}, true);
  Main.Returns = fresh();
  Main.ThrowsTo = Main.Returns; // to whoever calls it
  Stack = {&F};
  jump(block(Main, Main.Graph.begin(), F.Entry));
  run(Main);
  Now = Main.Returns;
  op(Node::End);
  finish();
}

std::set<std::string> Unfolder::classes() const {
  std::set<std::string> Classes;
  for (const Root &R : Roots)
    if (R.S->Where == Symbol::Local && !R.Outside && !R.PointsOut && !R.S->Holds.empty())
      Classes.insert(R.S->Holds);
  return Classes;
}

void Unfolder::client(unsigned Index, const std::vector<const Function *> &Calls, unsigned Idle,
                      const Name &This) {
  Thread = Index;
  code().Nodes[Idle].Is = Node::Idle;
  for (const Function *M : Calls) {
    Frame &F = frame(*M);
    F.This = This;
    F.ThrowsTo = Idle; // the client goes on
    Now = fresh();
    const unsigned Start = Now;
    S.Calls.push_back(std::make_unique<Step>(Step{M->At, "'" + M->Name + "' is called"}));
    code().Nodes[Idle].Next.push_back({Start, nullptr, S.Calls.back().get()});
    op(Node::Reset);
    F.Returns = Idle;
    Stack = {M};
    jump(block(F, F.Graph.begin(), M->Entry));
    run(F);
    for (const auto &[N, V] : Variables)
      if (Roots[N.Root].Declared.In == &F)
        code().Nodes[Start].All.push_back(V);
  }
}

void Unfolder::runClass(const std::vector<const Function *> &Constructors,
                        const std::vector<const Function *> &Anybody,
                        const std::vector<const Function *> &Owners, const Function *Destructor,
                        llvm::ArrayRef<const Symbol *> Fields) {
  for (const auto *Code : {&Constructors, &Anybody, &Owners})
    for (const Function *F : *Code)
      follow(*F);
  if (Destructor)
    follow(*Destructor);
  Name This;
  This.Root = root(P.self(), {}, false);
  Roots[This.Root].Object = true;
  Methods = Anybody;
  llvm::append_range(Methods, Owners);

  S.Threads.resize(2);
  S.Threads[0].Name = "the owner";
  S.Threads[1].Name = "another caller";
  S.Threads[0].Client = S.Threads[1].Client = true;
  Thread = 0;
  Now = fresh();
  const unsigned First = Now, Made = fresh(), Idle = fresh();
  Current = nullptr;
  for (const Function *C : Constructors) {
    Frame &F = frame(*C);
    F.This = This;
    F.Returns = Made;
    Now = First;
    const unsigned Begin = block(F, F.Graph.begin(), C->Entry);
    jump(Begin);
    F.Thrown = fresh();
    Now = F.Thrown;
    op(Node::Halt); // there is no object
    Stack = {C};
    run(F);
  }
  Now = First;
  if (Constructors.empty())
    jump(Made);
  Now = Made;
  Node &Client = code().Nodes[Made];
  Client.Is = Node::Start;
  Client.Body = 1;
  Client.Next.push_back({Idle, nullptr, nullptr});
  client(0, Methods, Idle, This);

  // The end of the object.
  Now = fresh();
  Current = nullptr;
  S.Calls.push_back(std::make_unique<Step>(
      Step{Destructor ? Destructor->At : Fields.front()->At, "the object is destroyed"}));
  code().Nodes[Idle].Next.push_back({Now, nullptr, S.Calls.back().get()});
  whole(Node::Alone, This, nullptr);
  if (Destructor) {
    Frame &F = frame(*Destructor);
    F.This = This;
    F.Returns = fresh();
    F.ThrowsTo = F.Returns;
    Stack = {Destructor};
    jump(block(F, F.Graph.begin(), Destructor->Entry));
    run(F);
    Now = F.Returns;
    Current = nullptr;
  } else {
    for (const Symbol *Field : llvm::reverse(Fields)) {
      // Who lets a group end without a word has called what lets its tasks end: what that is, is
      // not known.
      if (Field->Kind == TypeKind::Group)
        park(nullptr, /*Anything=*/true);
      Name N = This;
      N.Path.push_back(Field);
      destroy(N, nullptr);
    }
  }
  op(Node::End);

  Thread = 1;
  client(1, Anybody, fresh(), This);
  S.Reserve = S.Threads.size();
  S.Threads.emplace_back();
  S.Threads.back().Name = "one more caller";
  S.Threads.back().Client = true;
  Thread = S.Reserve;
  client(S.Reserve, Methods, fresh(), This);
  finish();
  // A constructor that is not written has initialised the parts all the same, as is not seen here,
  // by constructors that are.
  auto isWritten = [&](const Symbol *Part) {
    return Part->Holds.empty() || llvm::any_of(P.functions(), [&](const auto &F) {
             return F->IsConstructor && F->Class == Part->Holds;
           });
  };
  if (Constructors.empty())
    for (const auto &[N, V] : Variables)
      TooLarge |=
          N.Root == This.Root &&
          (llvm::any_of(llvm::ArrayRef(N.Path).drop_back(N.Path.empty() ? 0 : 1), isWritten) ||
           (N.Path.size() == 1 && N.Path[0]->Initialised && S.Objects[V].Is == Shared::Thread));
}

} // namespace tether
