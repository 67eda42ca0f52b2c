#include "flow/Body.h"
#include "flow/Time.h"
#include "flow/TokenSlot.h"
#include "model/Limit.h"
#include "model/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {

void Body::waits(Event &E, const Api &A, const Expr *Whole, ArrayRef<const Expr *> Args) {
  E.Bounded = returnsAtOnce(A, Args, AST);
  if (const Expr *Timeout = timeoutOf(A, Args, AST)) {
    E.Bounded = E.HasTimeout = true;
    E.TimeFrom = R.objectOf(Timeout);
    E.TimeoutIsParameter =
        E.TimeFrom && E.TimeFrom.path().empty() && E.TimeFrom.root()->Where == Symbol::Param;
    E.Time = longestTime(Timeout, A.Unit, S, AST);
    constexpr int64_t Millisecond = 1'000'000;
    E.Tick = A.Unit ? std::optional(A.Unit / Millisecond) : tickOf(strip(Timeout)->getType());
  }
  if (const auto *Call = dyn_cast<CallExpr>(Whole);
      Call && Call->getDirectCallee() && !E.is(Role::Join | Role::Sleep))
    E.Slot = tokenSlot(Whole, Call->getDirectCallee(), R);
  for (const Expr *Arg : Args) {
    TypeFacts Facts = R.factsOf(Arg->getType());
    if (E.is(Role::Wait) && (Facts.Kind == TypeKind::Guard || Facts.Kind == TypeKind::Mutex))
      E.GivesUp = R.objectOf(Arg);
    if (Facts.Kind == TypeKind::Token) {
      E.Stoppable = true;
      E.StoppedBy = R.tokenOrigin(Arg);
    } else if (Facts.Callable && E.is(Role::Wait)) {
      E.HasPredicate = true;
      E.Reads = stateReadBy(Arg, R);
      Enough Ends = enoughFor(Arg, true, R);
      E.EndedBy = std::move(Ends.Changes);
      E.ExitsKnown = Ends.All;
      E.Predicate = std::make_shared<Formula>(tether::resultOf(Arg, R));
    }
  }
  if (A.While && *A.While < Args.size() && E.On) { // the object itself is the state
    E.HasPredicate = true;
    E.Reads = {E.On};
    if (std::optional<int64_t> Old = constantOf(Args[*A.While], R))
      E.EndedBy = {{E.On, Change::Down, Old}};
    else
      E.EndedBy = {{E.On, opposite(changeTo(Args[*A.While], R)), {}}};
    E.ExitsKnown = true;
  }
  if (unsigned L = S.InLoop.lookup(Whole)) {
    E.InLoop = true;
    E.LoopHasOtherExit = S.Loops[L - 1].HasOtherExit;
    E.Limited = S.Loops[L - 1].Limited;
    if (!E.HasPredicate) {
      E.Reads.insert(E.Reads.end(), S.Loops[L - 1].Reads.begin(), S.Loops[L - 1].Reads.end());
      E.EndedBy = S.Loops[L - 1].EndedBy;
      E.ExitsKnown = S.Loops[L - 1].ExitsKnown;
    }
  }
}

/// What \p E was made as, if it is a variable that stays as it was made.
const Expr *Body::initialised(const Expr *E) const {
  E = strip(E);
  const auto *D = dyn_cast<DeclRefExpr>(E);
  const auto *V = D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;
  return V && V->isLocalVarDecl() && V->getInit() && !S.Modified.contains(V) ? strip(V->getInit())
                                                                             : E;
}

void Body::api(const Api &A, const Expr *Whole, const FunctionDecl *Callee, const Expr *Base,
               ArrayRef<const Expr *> Args) {
  const bool RunsHere = A.Is == Role::Neutral && A.Callable;
  if (A.Is == Role::Same || (A.Is == Role::Neutral && !RunsHere) || A.Case)
    return;
  if (A.Is == Role::Exit) {
    Block &Here = Out->Blocks[CurrentBlock];
    Here.Leaves = Step{Whole->getBeginLoc(), "the thread ends here"};
    Here.EndsThread = true;
    return;
  }
  if (A.Is == Role::Construct) {
    const FunctionDecl *Made = R.constructorFor(Base ? Base->getType() : Whole->getType(), Args);
    auto Target = R.Targets.find(Whole);
    Object Holder = Base                        ? R.objectOf(Base)
                    : Target != R.Targets.end() ? Target->second
                                                : R.objectOf(Whole);
    if (!Base)
      R.onHeap(Whole); // lives as long as who has the pointer wants
    if (Made && Holder)
      return follow(Whole, Made, nullptr, Args, Holder);
    return unknown(Whole, Callee, Base, Args);
  }
  Operand On = A.On.value_or(Base ? Operand{Operand::This, 0} : Operand{Operand::Argument, 0});
  Object O;
  if (On.Where == Operand::This && Base)
    O = R.receiver(Base);
  else if (On.Where == Operand::Argument && On.Index < Args.size())
    // A copy of a descriptor is as good as the descriptor.
    O = R.objectOf(A.ExternC && strip(Args[On.Index])->getType()->isIntegerType()
                       ? initialised(Args[On.Index])
                       : Args[On.Index]);
  else if (On.Where == Operand::Result)
    if (auto T = R.Targets.find(Whole); T != R.Targets.end())
      O = T->second;
  if (!O)
    O = R.temporary(Whole);

  if (RunsHere) { // what it is given, before it returns
    if (*A.Callable >= Args.size())
      return;
    Value Called = R.valueOf(Args[*A.Callable]);
    Event &E = add(Role::Invoke, O, Whole);
    E.Entry = &A;
    E.Callee = Called.Body;
    E.This.What = R.thisObject();
    E.This.Captures = std::move(Called.Captures);
    for (const Expr *Arg : Args.drop_front(*A.Callable + 1))
      E.Args.push_back(R.valueOf(Arg));
    return;
  }

  if (A.Is == Role::Select) {
    Event &E = add(Role::Select, O, Whole);
    E.Entry = &A;
    E.Result = resultOf(Whole);
    waits(E, A, Whole, Args);
    for (const Expr *Arg : Args) {
      const auto *C = dyn_cast<CallExpr>(initialised(Arg));
      const Api *Each = C ? R.Table.find(*C) : nullptr;
      if (!Each || !Each->Case || C->getNumArgs() == 0) {
        E.Doubtful |= !R.valueOf(Arg).IsToken; // a case that is made elsewhere
        continue;
      }
      Event Case;
      Case.Is = Each->Is;
      Case.On = R.objectOf(C->getArg(0));
      Case.At = C->getBeginLoc();
      Case.Range = C->getSourceRange();
      Case.Entry = Each;
      Case.Immediate = true;
      for (const Expr *Filled : llvm::drop_begin(C->arguments()))
        Case.Args.push_back(R.valueOf(Filled));
      E.Inner.push_back(std::move(Case));
    }
    Selects.push_back({Whole, CurrentBlock, static_cast<unsigned>(Events->size() - 1)});
    return;
  }

  if (A.Is == Role::Lock || A.Is == Role::Unlock) {
    SmallVector<Object, 2> Locked{O};
    for (const Expr *Arg : Base ? ArrayRef<const Expr *>() : Args) // std::lock(a, b)
      if (Object Other = R.objectOf(Arg);
          Other && Other != O &&
          llvm::is_contained({TypeKind::Mutex, TypeKind::Guard}, Other.kind()))
        Locked.push_back(Other);
    for (const Object &M : Locked) {
      Event &E = add(A.Is, M, Whole);
      E.Entry = &A;
      E.Bounded = !A.Blocks || A.Timeout;
      E.Shared = A.Shared;
      done(E, Whole);
      E.Doubtful = mayPointElsewhere(Whole);
      E.InLoop = S.InLoop.lookup(Whole) != 0;
    }
    return;
  }
  if (A.Is == Role::Remove)
    changes(add(Role::Write, O, Whole), *Callee, Base ? Base : Whole, Args);
  if (A.Is == Role::Limit && A.Flags && !returnsAtOnce(A, Args, AST))
    return; // sets something else
  if (A.Meets)
    add(Role::Send, O, Whole).Bounded = true;
  Event &E = add(A.Is, O, Whole);
  E.Entry = &A;
  if (A.Is == Role::Remove)
    E.Way = changedBy(*Callee, Args);
  E.Discarded = S.Discarded.contains(Whole);
  if (const VarDecl *V = S.VarOf.lookup(Whole))
    E.DiesAtOnce = S.DiesAtOnce.contains(V);
  E.InLoop = S.InLoop.lookup(Whole) != 0;
  if (A.Is == Role::Spawn) {
    if (Whole->getType()->isIntegralOrEnumerationType())
      done(E, Whole);
    return spawn(E, &A, Whole, Args);
  }
  if (E.is(Role::Wait | Role::Receive | Role::Send | Role::Join | Role::Sleep | Role::Input)) {
    waits(E, A, Whole, Args);
    done(E, Whole);
    if (E.is(Role::Send | Role::Receive)) // how many, or what it fills in
      for (const Expr *Arg : Args)
        E.Args.push_back(R.valueOf(Arg));
    // An atomic is waited on until it is another number than the one that is given.
    if (E.is(Role::Wait) && O.kind() == TypeKind::None && !Args.empty() && Base) {
      Formula Old;
      Old.Is = Formula::Equal;
      Old.Parts = {Formula::number(O), formulaOf(Args[0], R)};
      if (Old.Parts[1].Is == Formula::Number)
        E.Predicate = std::make_shared<Formula>(Formula::negate(std::move(Old)));
    }
  }
  if (A.Is == Role::OnStop) {
    for (const Expr *Arg : Args)
      E.Args.push_back(R.valueOf(Arg));
    for (const Value &V : E.Args) {
      if (V.IsToken)
        E.StoppedBy = V.TokenOf;
      if (V.Body)
        E.Callee = V.Body;
    }
    return;
  }
  if (A.Is == Role::Transfer || A.Is == Role::Store)
    for (const Expr *Arg : Args)
      E.Args.push_back(R.valueOf(Arg));
  if (A.Is == Role::Remove) // swap and splice: elements come to, or from, the other container
    for (const Expr *Arg : Args)
      if (Value V = R.valueOf(Arg); V.What && V.What != O && V.What.leaf()->Container)
        hand(V, Whole->getBeginLoc());
  if (A.Count && *A.Count < Args.size() && !isa<CXXDefaultArgExpr>(Args[*A.Count]))
    E.Several = constantOf(Args[*A.Count], R) != 1;
  // What is put into a channel belongs to whoever takes it out.
  if (A.Is == Role::Send)
    for (const Expr *Arg : Args) {
      Value V = R.valueOf(Arg);
      if (V.Moved || !V.Captures.empty())
        hand(V, Whole->getBeginLoc());
    }
}

void Body::spawn(Event &E, const Api *A, const Expr *Whole, ArrayRef<const Expr *> Args) {
  E.Doubtful = A && A->Attributes && *A->Attributes < Args.size() &&
               changeTo(Args[*A->Attributes], R) != Change::Down;
  // The callable is the argument the table names, or the first that can be called.
  unsigned At = 0;
  bool Found = false;
  for (unsigned I = 0; I != Args.size() && !Found; ++I) {
    Value V = R.valueOf(Args[I]);
    Found = A && A->Callable ? *A->Callable == I : V.Body || R.factsOf(Args[I]->getType()).Callable;
    At = I;
  }
  if (!Found)
    return;
  // A bound call is the callable and its arguments, in the same order.
  if (const auto *Bound = dyn_cast<CallExpr>(strip(Args[At])))
    if (const Api *B = R.Table.find(*Bound); B && B->Is == Role::Same && B->Callable) {
      SmallVector<const Expr *, 4> Inner(Bound->arguments());
      return spawn(E, B, Whole, Inner);
    }
  Value Task = R.valueOf(Args[At]);
  ArrayRef<const Expr *> Rest = Args.drop_front(At + 1);
  const auto *Callee = static_cast<const FunctionDecl *>(Task.Body);
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(Callee);
  E.Callee = Task.Body;
  E.This.What = R.thisObject();
  E.This.Captures = Task.Captures;
  if (Method && Method->isInstance() && !Method->getParent()->isLambda() && !Rest.empty()) {
    Value Bound = R.valueOf(Rest.front());
    E.This.What = Bound.What;
    if (Bound.What &&
        (Bound.ByReference || Bound.What == R.thisObject() || Bound.What.leaf()->Indirect))
      E.This.Captures.push_back({Bound.What, {}, true, Rest.front()->getBeginLoc()});
    Rest = Rest.drop_front();
  }
  if (Callee && Callee->getNumParams() == Rest.size() + 1 &&
      R.factsOf(Callee->getParamDecl(0)->getType()).Kind == TypeKind::Token) {
    Value Own; // the token of the thread itself
    Own.IsToken = true;
    Own.TokenOf = E.On;
    E.Args.push_back(Own);
  }
  for (const Expr *Arg : Rest) {
    E.Args.push_back(R.valueOf(Arg));
    if (const Value &V = E.Args.back(); V.ByReference && V.What)
      E.This.Captures.push_back({V.What, {}, true, Arg->getBeginLoc()});
  }
  if (!Task.Body && Task.What) // runs a callable that was handed to this function
    E.Args.insert(E.Args.begin(), Task);
}

} // namespace tether
