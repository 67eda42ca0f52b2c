#include "flow/Body.h"
#include "flow/TokenSlot.h"
#include "model/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {

void Body::call(const CallExpr *C) {
  const FunctionDecl *Callee = C->getDirectCallee();
  if (!Callee) {
    Out->CallsUnknown = true;
    // A call through a pointer or of a callable object.
    if (R.objectOf(C->getCallee())) {
      SmallVector<const Expr *, 4> Given(C->arguments());
      invoke(C->getCallee(), C, Given);
    } else {
      for (const Expr *A : C->arguments())
        hand(R.valueOf(A), C->getBeginLoc());
    }
    return;
  }
  SmallVector<const Expr *, 4> Args(C->arguments());
  const Expr *Base = nullptr;
  if (const auto *M = dyn_cast<CXXMemberCallExpr>(C)) {
    Base = M->getImplicitObjectArgument();
  } else if (isa<CXXOperatorCallExpr>(C) && isa<CXXMethodDecl>(Callee)) {
    Base = Args.front();
    Args.erase(Args.begin());
  }
  if (const Api *A = R.Table.find(*C))
    return api(*A, C, Callee, Base, Args);
  if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(C)) {
    if (Op->getOperator() == OO_Equal && Args.size() == 1 && Base)
      return assign(Base, Args[0], C);
    if (Object Called =
            Op->getOperator() == OO_Call && Base && !R.bodyOf(Callee) ? R.objectOf(Base) : Object();
        Called && Called.leaf()->Callable)
      return invoke(Base, C, Args);
  }
  // Written with the class, it is that very function.
  const auto *Named = dyn_cast<MemberExpr>(C->getCallee()->IgnoreParens());
  SmallVector<const FunctionDecl *, 2> Bodies;
  if (!Named || !Named->hasQualifier())
    Bodies = R.bodiesOf(Callee);
  else if (const FunctionDecl *Own = R.bodyOf(Callee))
    Bodies.push_back(Own);
  for (const FunctionDecl *Body : Bodies)
    follow(C, Body, Base, Args, {}, /*Perhaps=*/Bodies.size() > 1);
  if (Bodies.empty())
    unknown(C, Callee, Base, Args);
}

/// What \p Callable holds is called.
void Body::invoke(const Expr *Callable, const Expr *Whole, ArrayRef<const Expr *> Args) {
  Event &E = add(Role::Invoke, R.objectOf(Callable), Whole);
  noteLoop(E, Whole);
  if (auto Ends = S.EndsLoop.find(Whole); Ends != S.EndsLoop.end())
    E.EndsLoop = Ends->second;
  for (const Expr *A : Args)
    E.Args.push_back(R.valueOf(A));
  add(Role::MayThrow, R.objectOf(Callable), Whole);
}

/// The loop around \p Whole, if there is one.
void Body::noteLoop(Event &E, const Expr *Whole) {
  unsigned L = S.InLoop.lookup(Whole);
  if (!L)
    return;
  E.InLoop = true;
  E.Limited = S.Loops[L - 1].Limited;
  E.LoopHasOtherExit = S.Loops[L - 1].HasOtherExit;
  E.Reads = S.Loops[L - 1].Reads;
  E.EndedBy = S.Loops[L - 1].EndedBy;
}

void Body::construct(const CXXConstructExpr *C) {
  const CXXConstructorDecl *Callee = C->getConstructor();
  if (Callee->isCopyOrMoveConstructor())
    return;
  SmallVector<const Expr *, 4> Args;
  for (const Expr *A : C->arguments())
    if (!isa<CXXDefaultArgExpr>(A))
      Args.push_back(A);
  Object O = R.objectOf(C);
  R.noteCapacity(O, C);
  const Api *A = R.Table.find(*Callee, Args.size());
  if (R.factsOf(C->getType()).Kind == TypeKind::Guard)
    return lock(C, A, O, Args);
  if (A)
    return api(*A, C, Callee, C, Args);
  if (R.bodyOf(Callee))
    return follow(C, Callee, nullptr, llvm::to_vector<4>(C->arguments()), O);
  if (const ApiType *T = R.Table.find(C->getType()); T && T->Is == TypeKind::Callable)
    return; // a lambda on its way into a function object: judged where that goes
  unknown(C, Callee, nullptr, Args);
}

/// A guard is made: it locks what it is given, unless the tables say that it does not.
void Body::lock(const CXXConstructExpr *C, const Api *A, const Object &Guard,
                ArrayRef<const Expr *> Args) {
  std::vector<Object> Mutexes = R.mutexesIn(Args);
  if (Guard.isField() && Mutexes.size() == 1) { // the destructor of the class knows it by this name
    Event &E = add(Role::Bind, Guard, C);
    E.Args.emplace_back();
    E.Args.back().What = Mutexes.front();
  }
  if (A && A->Is == Role::Neutral)
    return;
  for (const Object &M : Mutexes) {
    Event &E = add(Role::Lock, M, C);
    E.Entry = A;
    E.Shared = Guard.leaf()->Type && Guard.leaf()->Type->Shared;
    E.Bounded = (A && !A->Blocks) || Args.size() > Mutexes.size(); // tries, or for some time only
    E.Result = Guard;
    E.Success = 1;
    E.Doubtful = llvm::any_of(Args, [&](const Expr *Arg) { return mayPointElsewhere(Arg); });
    E.InLoop = S.InLoop.lookup(C) != 0;
  }
  // A temporary unlocks at the end of its expression, or belongs to somebody else.
  if (Guard.root()->Where == Symbol::Temporary)
    for (const Object &M : Mutexes)
      add(Role::Unlock, M, C).MayHappen = true;
}

/// Goes through a pointer variable that is set more than once.
bool Body::mayPointElsewhere(const Stmt *St) const {
  if (const auto *D = dyn_cast<DeclRefExpr>(St))
    return D->getType()->isPointerType() && S.Modified.contains(D->getDecl());
  return llvm::any_of(St->children(),
                      [&](const Stmt *Child) { return Child && mayPointElsewhere(Child); });
}

/// What a call of \p Method does to plain state.
Change Body::changedBy(const FunctionDecl &Method, ArrayRef<const Expr *> Args) {
  if (Method.getOverloadedOperator() == OO_PlusEqual)
    return Change::Up;
  if (Method.getOverloadedOperator() == OO_MinusEqual)
    return Change::Down;
  if (!Method.getDeclName().isIdentifier())
    return Change::Unknown;
  return assigns(Method.getName()) && !Args.empty() ? changeTo(Args[0], R)
                                                    : tether::changedBy(Method.getName());
}

/// Fills in what a call of \p Method of \p Base does to the plain state that \p E writes.
void Body::changes(Event &E, const FunctionDecl &Method, const Expr *Base,
                   ArrayRef<const Expr *> Args) {
  E.Way = changedBy(Method, Args);
  Base = Base->IgnoreParenImpCasts(); // as written, not the base class that has the method
  std::optional<int64_t> By = Args.empty() ? std::nullopt : constantOf(Args[0], R);
  if (Method.getOverloadedOperator() == OO_PlusEqual && By && holdsNumber(Base->getType()))
    E.Becomes = stepped(E.On, Base, *By);
  if (Method.getOverloadedOperator() == OO_MinusEqual && By && holdsNumber(Base->getType()))
    E.Becomes = stepped(E.On, Base, -*By);
  if (!Method.getDeclName().isIdentifier() || E.On.leaf()->TypeId != typeId(Base->getType()))
    return;
  if (exchangesIf(Method.getName()) && Args.size() > 1) {
    E.OnlyIf = std::make_shared<Formula>(formulaOf(Args[0], R));
    E.Becomes = begins(E.On, Args[1]);
  } else if (assigns(Method.getName()) && !Args.empty())
    E.Becomes = begins(E.On, Args[0]);
  else if (auto Step = stepOf(Method.getName(), By))
    E.Becomes = stepped(E.On, Base, *Step);
  else if (auto Number = leaves(Method.getName()))
    E.Becomes = std::make_shared<Formula>(Formula::constant(*Number));
}

/// What becomes of the result of a call.
Object Body::resultOf(const Expr *Whole) {
  auto Target = R.Targets.find(Whole);
  return Target != R.Targets.end() ? Target->second : R.temporary(Whole);
}

/// Notes how the result says that what \p E stands for was done: codes and enumerators are 0 then,
/// everything else is true.
void Body::done(Event &E, const Expr *Whole) {
  QualType T = Whole->getType();
  if (T->isVoidType())
    return;
  E.Result = resultOf(Whole);
  E.Success = !T->isBooleanType() && T->isIntegralOrEnumerationType() ? 0 : 1;
}

void Body::follow(const Expr *Whole, const FunctionDecl *Callee, const Expr *Base,
                  ArrayRef<const Expr *> Args, Object Constructed, bool Perhaps) {
  Event &E = add(Role::Call, {}, Whole);
  E.MayHappen = Perhaps;
  E.Awaited = S.Awaited.contains(Whole);
  E.Callee = R.bodyOf(Callee)->getCanonicalDecl();
  if (!Constructed) {
    auto Target = R.Targets.find(Whole);
    E.Result = Target != R.Targets.end() ? Target->second : R.temporary(Whole);
  }
  E.Discarded = S.Discarded.contains(Whole);
  noteLoop(E, Whole);
  // An object may live longer than the operation that the token is for, unless it is a local one.
  if (!Constructed || Constructed.isLocal())
    E.Slot = tokenSlot(Whole, Callee, R);
  if (Constructed)
    E.This.What = Constructed;
  else if (Base)
    E.This.What = R.objectOf(Base);
  for (const Expr *A : Args)
    E.Args.push_back(R.valueOf(A));
  if (E.This.What)
    E.On = E.This.What;
  // A guard that is moved away unlocks in the callee, or later.
  for (const Value &V : std::vector<Value>(E.Args))
    if (V.Moved && V.What && V.What.kind() == TypeKind::Guard)
      add(Role::Unlock, V.What, Whole).MayHappen = true;
}

/// A call in a `try` whose handlers may be meant for it. The standard library throws for want of
/// memory nearly everywhere, which no handler is written for.
bool Body::mayThrow(const Expr *Whole, const FunctionDecl &Callee) const {
  const auto *Proto = Callee.getType()->getAs<FunctionProtoType>();
  if (!S.InTry.contains(Whole) || (Proto && Proto->isNothrow()) || Callee.isExternC())
    return false;
  if (R.isProjectCode(Callee.getLocation()))
    return true;
  return Callee.getDeclName().isIdentifier() &&
         (!isa<CXXMethodDecl>(Callee) || tether::mayThrow(Callee.getName()));
}

/// A call we cannot see into: what it is given may be kept, settled or changed.
void Body::unknown(const Expr *Whole, const FunctionDecl *Callee, const Expr *Base,
                   ArrayRef<const Expr *> Args) {
  if (mayThrow(Whole, *Callee))
    add(Role::MayThrow, {}, Whole);
  // Comparing, stepping and looking through hands nothing over.
  if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Whole))
    if (Op->isComparisonOp() || llvm::is_contained({OO_PlusPlus, OO_MinusMinus, OO_Star, OO_Arrow,
                                                    OO_Subscript, OO_Exclaim, OO_Minus, OO_Plus},
                                                   Op->getOperator())) {
      if (Object Stepped = Base ? R.objectOf(Base) : Object();
          Stepped && Stepped.kind() == TypeKind::None &&
          (Stepped.isField() || holdsNumber(Base->getType()))) {
        const Expr *Written = Base->IgnoreParenImpCasts();
        const int Step = Stepped.leaf()->TypeId != typeId(Written->getType()) ? 0 // an iterator
                         : Op->getOperator() == OO_PlusPlus                   ? 1
                         : Op->getOperator() == OO_MinusMinus                 ? -1
                                                                              : 0;
        Event &E = add(Step ? Role::Write : Role::Read, Stepped, Whole);
        if (Step) {
          E.Way = Step > 0 ? Change::Up : Change::Down;
          E.Becomes = stepped(Stepped, Written, Step);
        }
      }
      return;
    }
  // Who gets a token, or could, is worth knowing also of code we cannot see.
  auto hasToken = [&](const Expr *A) {
    return R.factsOf(A->getType()).Kind == TypeKind::Token || R.carriesToken(A->getType());
  };
  std::shared_ptr<const TokenSlot> Slot;
  if (!isa<CXXConstructExpr>(Whole) || R.objectOf(Whole).isLocal())
    Slot = tokenSlot(Whole, Callee, R);
  const bool IsBundle =
      Base && R.isProjectCode(Callee->getLocation()) && R.carriesToken(Base->getType());
  if (Slot || IsBundle || llvm::any_of(Args, hasToken)) {
    Event &E = add(Role::Call, {}, Whole);
    E.Slot = std::move(Slot);
    if (IsBundle)
      E.This = R.valueOf(Base);
    noteLoop(E, Whole);
    for (const Expr *A : Args)
      E.Args.push_back(R.valueOf(A));
  }
  SourceLocation At = Whole->getBeginLoc();
  Object O = isa<CXXConstructExpr>(Whole) ? R.objectOf(Whole) : Base ? R.objectOf(Base) : Object();
  bool IsContainer = O && O.leaf()->Container;
  const auto *Method = dyn_cast<CXXMethodDecl>(Callee);
  Out->CallsUnknown |=
      !Method || !O || O.kind() != TypeKind::None || R.isProjectCode(Callee->getLocation());
  bool Changes = Method && !Method->isConst() && !Method->isStatic();
  TypeFacts Result = R.factsOf(Whole->getType());

  SmallVector<Value, 4> Values;
  bool HasCallable = false;
  for (const Expr *A : Args) {
    Values.push_back(R.valueOf(A));
    HasCallable |= Values.back().Body != nullptr || R.factsOf(A->getType()).Callable;
  }
  // A container of threads that is given a callable starts a thread: emplace_back, make_unique.
  Object Owner = O;
  if (!Owner && Result.Kind == TypeKind::Thread)
    Owner = R.Targets.count(Whole) ? R.Targets[Whole] : R.temporary(Whole);
  if (HasCallable && Owner && Owner.kind() == TypeKind::Thread && !isa<CXXConstructExpr>(Whole)) {
    Event &E = add(Role::Spawn, Owner, Whole);
    E.InLoop = S.InLoop.lookup(Whole) != 0;
    return spawn(E, nullptr, Whole, Args);
  }
  if (O && Changes && !isa<CXXConstructExpr>(Whole)) {
    // A method of a type of ours that no table lists is code we cannot see; one of plain state
    // changes it.
    if (O.kind() == TypeKind::None) {
      Event &E = add(Role::Write, O, Whole);
      changes(E, *Callee, Base ? Base : Whole, Args);
      if (Callee->getDeclName().isIdentifier() && assigns(Callee->getName()) && !Args.empty())
        E.Written = constantsOf(Args[0], R);
      if (!S.Discarded.contains(Whole) && !Whole->getType()->isVoidType())
        E.Result = resultOf(Whole);
      if (E.Result)
        add(Role::Read, O, Whole);
    } else if (!IsContainer)
      add(Role::Transfer, O, Whole);
  } else if (O && Method && O.kind() == TypeKind::None && O != R.thisObject() && !isOwn(O)) {
    add(Role::Read, O, Whole);
  }
  if (O && !Values.empty() && (Changes || isa<CXXConstructExpr>(Whole))) {
    Event &E = add(Role::Store, O, Whole);
    E.Args.assign(Values.begin(), Values.end());
  }
  for (unsigned I = 0; I != Args.size(); ++I) {
    const Value &V = Values[I];
    QualType Param = I < Callee->getNumParams() ? Callee->getParamDecl(I)->getType() : QualType();
    bool ByValue = !Param.isNull() && !Param->isReferenceType() && !Param->isPointerType();
    // A copy of a plain value or of a token tells the callee nothing it could settle. But a number
    // may be a descriptor.
    if (ByValue && !V.Moved && V.Captures.empty() &&
        (V.IsToken || V.What.kind() == TypeKind::None)) {
      if (V.What && V.What.isField() && V.What.leaf()->Scalar && !V.What.leaf()->Flag &&
          I < Callee->getNumParams())
        add(R.isProjectCode(Callee->getLocation()) ? Role::Limit : Role::Output, V.What, Whole)
            .MayHappen = true;
      continue;
    }
    if (V.IsToken && V.Captures.empty())
      continue;
    const bool Constant = !Param.isNull() && Param->isReferenceType() && !V.Moved &&
                          Param.getNonReferenceType().isConstQualified();
    hand(V, At, /*Doubtful=*/!IsContainer, Constant || (V.What && V.What == O));
  }
}

} // namespace tether
