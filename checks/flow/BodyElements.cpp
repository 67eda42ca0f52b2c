#include "flow/Body.h"
#include "model/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {

bool holdsNumber(QualType T) {
  if (T->isReferenceType())
    return false;
  if (T->isScalarType())
    return true;
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(T->getAsCXXRecordDecl());
  return Spec && Spec->getTemplateArgs().size() == 1 &&
         Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type;
}

void Body::element(const CFGElement &E) {
  if (auto St = E.getAs<CFGStmt>()) {
    statement(St->getStmt());
  } else if (auto I = E.getAs<CFGInitializer>()) {
    initialise(I->getInitializer());
  } else if (auto D = E.getAs<CFGAutomaticObjDtor>()) {
    const VarDecl *V = D->getVarDecl();
    destroy(Object(R.symbolOf(V)), V->getType(), D->getTriggerStmt()->getEndLoc());
  } else if (auto L = E.getAs<CFGLifetimeEnds>()) {
    // One with a destructor has said so.
    const VarDecl *V = L->getVarDecl();
    if (V->getType().isDestructedType() == QualType::DK_none && !V->getType()->isReferenceType()) {
      destroy(Object(R.symbolOf(V)), V->getType(), L->getTriggerStmt()->getEndLoc());
      Events->back().AtScopeEnd = true;
    }
  } else if (auto D = E.getAs<CFGMemberDtor>()) {
    destroy(R.thisObject().field(R.symbolOf(D->getFieldDecl())), D->getFieldDecl()->getType(),
            F->getBody()->getEndLoc());
  } else if (auto D = E.getAs<CFGBaseDtor>()) {
    const CXXBaseSpecifier *Base = D->getBaseSpecifier();
    Object O = R.inherited(*Base, cast<CXXMethodDecl>(F)->getParent());
    if (O != R.thisObject() || R.bodyOf(Base->getType()->getAsCXXRecordDecl()->getDestructor()))
      destroy(O, Base->getType(), F->getBody()->getEndLoc());
  }
}

void Body::turn(const Stmt *Loop) {
  unsigned L = S.LoopOf.lookup(Loop);
  if (!L)
    return;
  Event &E = add(Role::Turn, {}, Loop);
  E.InLoop = true;
  E.Endless = S.Loops[L - 1].Endless;
  E.Limited = S.Loops[L - 1].Limited;
  E.LoopHasOtherExit = S.Loops[L - 1].HasOtherExit;
  E.Reads = S.Loops[L - 1].Reads;
  E.EndedBy = S.Loops[L - 1].EndedBy;
  E.StoppedBy = S.Loops[L - 1].StoppedBy;
  E.ExitsKnown = S.Loops[L - 1].ExitsKnown;
}

/// A range-based for over a channel receives before each turn, until it is closed.
void Body::receives(const CXXForRangeStmt *Loop) {
  Object O = R.objectOf(Loop->getRangeInit());
  if (!O || O.kind() != TypeKind::Channel || O.leaf()->Container)
    return;
  Event &E = add(Role::Receive, O, Loop->getRangeInit());
  E.Result = R.temporary(Loop->getCond());
  E.Success = 1;
  E.InLoop = true;
}

void Body::statement(const Stmt *St) {
  Block &Now = Out->Blocks[CurrentBlock];
  if (const auto *C = dyn_cast<CallExpr>(St))
    return call(C);
  if (const auto *C = dyn_cast<CXXConstructExpr>(St))
    return construct(C);
  if (const auto *D = dyn_cast<DeclStmt>(St)) {
    for (const Decl *Each : D->decls())
      if (const auto *V = dyn_cast<VarDecl>(Each))
        declare(V);
    return;
  }
  if (const auto *B = dyn_cast<BinaryOperator>(St); B && B->isAssignmentOp())
    return assign(B->getLHS(), B->getRHS(), B);
  if (const auto *U = dyn_cast<UnaryOperator>(St); U && U->isIncrementDecrementOp()) {
    Object O = R.objectOf(U->getSubExpr());
    Event &E = add(Role::Write, O, U);
    E.Way = U->isIncrementOp() ? Change::Up : Change::Down;
    E.Becomes = stepped(O, U->getSubExpr(), U->isIncrementOp() ? 1 : -1);
    if (!S.Discarded.contains(U)) // the new value is looked at
      add(Role::Read, O, U);
    return;
  }
  if (const auto *C = dyn_cast<ImplicitCastExpr>(St); C && C->getCastKind() == CK_LValueToRValue) {
    if (isa<MemberExpr, DeclRefExpr>(C->getSubExpr()->IgnoreParens()))
      if (Object O = R.objectOf(C->getSubExpr()); O && O.kind() == TypeKind::None && !isOwn(O))
        add(Role::Read, O, C);
    return;
  }
  if (const auto *Ret = dyn_cast<ReturnStmt>(St)) {
    Now.Leaves = Step{Ret->getReturnLoc(), "'" + Out->Name + "' returns here"};
    if (const Expr *V = Ret->getRetValue()) {
      // A macro that says something and returns nothing is an assertion of a test, which has failed
      // either way.
      Asserts = V->getType()->isVoidType() && Ret->getReturnLoc().isMacroID();
      if (Asserts)
        add(Role::Neutral, {}, V).Ends = true;
      Value Result = R.valueOf(V);
      Out->Returns.push_back(Result);
      Now.Gives = evaluated(V, AST);
      if (!Now.Gives && changeTo(V, R) == Change::Down) // a null pointer, nullopt
        Now.Gives = 0;
      for (Block &B : Out->Blocks)
        for (Event &E : B.Events)
          E.Returned |=
              Result.What && (E.On == Result.What || (E.is(Role::Call) && E.Result == Result.What));
      Now.Returns = std::make_shared<Formula>(formulaOf(V, R));
      Now.Returned = Result.What;
      const size_t Before = Events->size();
      hand(Result, Ret->getReturnLoc());
      if (const auto *List = dyn_cast<InitListExpr>(strip(V)))
        for (const Expr *Item : List->inits())
          hand(R.valueOf(Item), Ret->getReturnLoc());
      for (size_t I = Before; I != Events->size(); ++I)
        (*Events)[I].Returned = true;
    }
    return;
  }
  if (const auto *T = dyn_cast<CXXThrowExpr>(St)) {
    Now.Leaves = Step{T->getThrowLoc(), "'" + Out->Name + "' throws here"};
    Now.Throws = true;
    if (S.InTry.contains(T))
      return;
    Event &E = add(Role::Throw, {}, T);
    if (T->getSubExpr()) // or again, whatever it was
      typesOf(T->getSubExpr()->getType(), E.Thrown);
    return;
  }
  if (const auto *D = dyn_cast<CXXDeleteExpr>(St)) {
    destroy(R.objectOf(D->getArgument()), D->getDestroyedType(), D->getBeginLoc());
    return;
  }
  if (const auto *L = dyn_cast<InitListExpr>(St)) {
    // An aggregate: references are bound, the rest is kept.
    const auto *Record = L->getType()->getAsCXXRecordDecl();
    auto Target = R.Targets.find(L);
    if (!L->isSemanticForm())
      return;
    if (!Record || Target == R.Targets.end()) {
      for (const Expr *Item : L->inits()) // a list of what is in it
        hand(R.valueOf(Item), Item->getBeginLoc(), /*Doubtful=*/true);
      return;
    }
    unsigned Index = 0;
    for (const FieldDecl *Field : Record->fields()) {
      if (Index >= L->getNumInits())
        break;
      const Expr *Init = L->getInit(Index++);
      Event &E = add(Field->getType()->isReferenceType() || Field->getType()->isPointerType()
                         ? Role::Bind
                         : Role::Store,
                     Target->second.field(R.symbolOf(Field)), Init);
      E.Way = changeTo(Init, R);
      if (E.is(Role::Store))
        E.Becomes = begins(E.On, Init);
      E.Args.push_back(R.valueOf(Init));
    }
  }
}

/// The value goes to somebody else, and with it what it captured or stands for.
void Body::hand(const Value &V, SourceLocation At, bool Doubtful, bool Constant) {
  auto give = [&](const Object &O) {
    if (!O)
      return;
    Event &E = mark(Role::Transfer, O, At);
    E.Doubtful = Doubtful;
    E.Constant = Constant || V.IsPart;
  };
  // Plain state is still there when an element of it has gone.
  const bool IsState = V.Part && V.What.kind() == TypeKind::None;
  // A number has nothing to give, unless it is a handle of C.
  const bool IsNumber =
      V.What && V.What.leaf()->Scalar && !V.ByReference && V.What.kind() == TypeKind::None;
  if (V.What && V.What != R.thisObject() && !IsNumber && !IsState)
    give(V.What);
  if (V.What && V.What.kind() == TypeKind::Guard) { // whoever has it now may unlock
    Event Gone = Events->back();
    Gone.Is = Role::Unlock;
    Gone.MayHappen = true;
    Events->push_back(std::move(Gone));
  }
  for (const Capture &C : V.Captures)
    if (C.What != R.thisObject())
      give(C.What);
  if (V.Body) { // whoever has it may run it
    Events->push_back({});
    Event &E = Events->back();
    E.Is = Role::Transfer;
    E.At = At;
    E.Doubtful = Doubtful;
    E.Immediate = true;
    E.Args.push_back(V);
  }
}

/// What the function has to itself is nobody else's business.
bool Body::isOwn(const Object &O) const {
  const Symbol *Root = O.root();
  return O.path().empty() && (Root->Where == Symbol::Param || Root->Where == Symbol::Temporary ||
                              (Root->Where == Symbol::Local && Root->Owner == Out->Id));
}

void Body::declare(const VarDecl *V) {
  const Expr *Init = V->getInit();
  if (!Init)
    return;
  Object O(R.symbolOf(V));
  const auto *C = dyn_cast<CXXConstructExpr>(strip(Init));
  R.noteCapacity(O, Init);
  auto *Sym = const_cast<Symbol *>(O.root());
  if (Sym->ScopeEnd == std::nullopt)
    if (auto It = S.ScopeEnd.find(V); It != S.ScopeEnd.end())
      Sym->ScopeEnd = It->second;
  if (Value Bound = R.valueOf(Init); isa<CallExpr>(strip(Init)) && !Bound.Captures.empty())
    hand(Bound, V->getLocation(), /*Doubtful=*/true); // a bound call may do anything with them
  auto state = [&] {
    FormulaRef Begins = begins(O, Init);
    if (Begins && Begins->Is == Formula::Number && Begins->Of == O)
      return; // by the call itself
    Event &E = add(Role::Store, O, Init);
    E.Way = changeTo(Init, R);
    E.Becomes = std::move(Begins);
    E.FreshValue = R.valueOf(Init).IsFresh;
  };
  if (!C && (R.factsOf(V->getType()).Kind != TypeKind::None || O.leaf()->Counted) &&
      !V->getType()->isReferenceType()) {
    Event &E = add(Role::Store, O, Init);
    E.At = V->getLocation();
    E.Args.push_back(R.valueOf(Init));
    E.FreshValue = E.Args[0].IsFresh;
    // auto owner = std::move(other): the other one has nothing left to settle.
    if (E.Args[0].Moved)
      hand(Value(E.Args[0]), V->getLocation());
    if (O.kind() == TypeKind::None)
      state();
  } else if (R.factsOf(V->getType()).Callable) {
    Event &E = add(Role::Store, O, Init);
    E.Args.push_back(R.valueOf(Init));
    E.Becomes = begins(O, Init);
  } else if (O.kind() == TypeKind::None &&
             (O.leaf()->Flag || O.leaf()->Initial || holdsNumber(V->getType()) ||
              (V->getType()->isRecordType() &&
               llvm::any_of(stateReadBy(Init, R), [](const Object &Read) {
                 return Read.isField(); // an element of what others fill
               })))) {
    state();
  } else if (!C && V->getType()->isRecordType()) {
    add(Role::Store, O, Init); // what it was before in a loop is gone
  }
}

/// The number that \p O begins with.
FormulaRef Body::begins(const Object &O, const Expr *Init) {
  if (O.kind() != TypeKind::None)
    return nullptr;
  if (auto Number = initialNumber(Init, R))
    return std::make_shared<Formula>(Formula::constant(*Number));
  return std::make_shared<Formula>(formulaOf(Init, R));
}

/// \p Named, which names \p O itself and no part of it, is changed by \p Step.
FormulaRef Body::stepped(const Object &O, const Expr *Named, int64_t Step) {
  return O && O.leaf()->TypeId == typeId(Named->getType())
             ? std::make_shared<Formula>(Formula::number(O, Step))
             : nullptr;
}

void Body::initialise(const CXXCtorInitializer *I) {
  if (!I->isAnyMemberInitializer())
    return;
  const FieldDecl *Field = I->getAnyMember();
  const Expr *Init = I->getInit();
  bool Names = Field->getType()->isReferenceType() || Field->getType()->isPointerType();
  Event &E = add(Names ? Role::Bind : Role::Store, R.thisObject().field(R.symbolOf(Field)), Init);
  E.Initial = true;
  if (I->isWritten()) {
    E.At = I->getMemberLocation();
    E.Range = I->getSourceRange();
  }
  E.Way = changeTo(Init, R);
  if (!Names)
    E.Becomes = begins(E.On, Init);
  E.Args.push_back(R.valueOf(Init));
  if (E.Args[0].Moved)
    hand(Value(E.Args[0]), E.At);
}

void Body::assign(const Expr *Left, const Expr *Right, const Expr *Whole) {
  Object O = R.objectOf(Left);
  if (!O)
    return hand(R.valueOf(Right), Whole->getBeginLoc());
  if (O.kind() == TypeKind::None && !O.leaf()->Callable) {
    const auto *B = dyn_cast<BinaryOperator>(Whole);
    bool Plain = !B || B->getOpcode() == BO_Assign;
    Event &E = add(Role::Write, O, Whole);
    E.Way = Plain                            ? changeTo(Right, R)
            : B->getOpcode() == BO_AddAssign ? Change::Up
            : B->getOpcode() == BO_SubAssign ? Change::Down
                                             : Change::Unknown;
    if (Plain)
      E.Written = constantsOf(Right, R);
    std::optional<int64_t> By = Plain ? std::nullopt : constantOf(Right, R);
    if (Plain && O.leaf()->TypeId == typeId(Left->getType()))
      E.Becomes = begins(O, Right);
    else if (By && E.Way != Change::Unknown)
      E.Becomes = stepped(O, Left, E.Way == Change::Up ? *By : -*By);
    else if (B && E.Way != Change::Unknown && O.leaf()->Scalar &&
             O.leaf()->TypeId == typeId(Left->getType())) {
      Formula Total;
      Total.Is = E.Way == Change::Up ? Formula::Sum : Formula::Difference;
      Total.Parts = {Formula::number(O), formulaOf(Right, R)};
      if (Total.Parts[1].isNumber())
        E.Becomes = std::make_shared<Formula>(std::move(Total));
    }
  }
  Value V = R.valueOf(Right);
  if (O.kind() != TypeKind::None) {
    Event &E = add(Role::Overwrite, O, Whole);
    E.FreshValue = V.IsTemporary;
    E.Way = changeTo(Right, R);
  }
  if (O.leaf()->Scalar && O.kind() == TypeKind::None)
    return;
  Event &E = add(Role::Store, O, Whole);
  E.Args.push_back(V);
  if (V.What && V.What != O && !V.IsTemporary)
    hand(V, Whole->getBeginLoc());
}

void Body::destroy(const Object &O, QualType T, SourceLocation At) {
  if (!O)
    return;
  const auto *Record = T->getAsCXXRecordDecl();
  const CXXDestructorDecl *D =
      Record && Record->hasDefinition() ? Record->getDestructor() : nullptr;
  // One that is not written has no body that was extracted; of a guard, what it stands for is known
  // at both ends.
  const bool Written = D && !D->isImplicit() && R.factsOf(T).Kind != TypeKind::Guard;
  if (const FunctionDecl *Known = Written ? R.bodyOf(D) : nullptr) {
    runDestructor(O, Known, At);
  } else {
    const ApiType *Listed = R.Table.find(T);
    const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
    const bool Owner = Listed && Listed->Owner && Spec && Spec->getTemplateArgs().size() > 0 &&
                       Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type &&
                       !T->isPointerType() && !T->isReferenceType();
    // (What it points to ends with it; where there is nothing, nothing is missed.)
    destroyParts(O, Owner ? Spec->getTemplateArgs()[0].getAsType() : T, At, Owner);
  }
  mark(Role::Destroy, O, At);
}

void Body::runDestructor(const Object &O, const FunctionDecl *Destructor, SourceLocation At) {
  Event &E = mark(Role::Call, O, At);
  E.Callee = Destructor->getCanonicalDecl();
  E.This.What = O;
  E.AtScopeEnd = true;
}

/// What the end of a guard gives back, and what the members of an object without a destructor of
/// its own do.
void Body::destroyParts(const Object &O, QualType T, SourceLocation At, unsigned Depth) {
  TypeFacts Facts = R.factsOf(T);
  if (Facts.Kind == TypeKind::Guard && !T->isPointerType() && !T->isReferenceType()) {
    mark(Role::Unlock, O, At).AtScopeEnd = true;
    return;
  }
  const auto *Record = T->getAsCXXRecordDecl();
  if (!Record || !Record->hasDefinition() || !R.isProjectCode(Record->getLocation()))
    return;
  if (const CXXDestructorDecl *D = Record->getDestructor(); Depth && D && !D->isImplicit()) {
    if (const FunctionDecl *Known = R.bodyOf(D))
      runDestructor(O, Known, At);
    return;
  }
  constexpr unsigned MaxDepth = 2; // guards lie flat
  if (Depth < MaxDepth)
    for (const FieldDecl *Field : Record->fields())
      destroyParts(O.field(R.symbolOf(Field)), Field->getType(), At, Depth + 1);
}

} // namespace tether
