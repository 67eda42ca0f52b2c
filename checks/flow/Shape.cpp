#include "flow/Shape.h"
#include "model/ApiTable.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {

namespace {

/// Plain state is what a predicate can wait for: flags, counters, containers; not the things that
/// have a role of their own.
bool isPlain(const Object &O) {
  return O && O.kind() == TypeKind::None && O.root()->Where != Symbol::Temporary &&
         (O.isField() || O.root()->Where != Symbol::This);
}

class StateReader : public RecursiveASTVisitor<StateReader> {
public:
  StateReader(Resolver &R, std::vector<Object> &Reads, unsigned Depth = 0)
      : R(R), Reads(Reads), Depth(Depth) {}

  bool VisitMemberExpr(MemberExpr *M) { return add(R.objectOf(M)); }
  bool VisitDeclRefExpr(DeclRefExpr *D) {
    return isa<VarDecl>(D->getDecl()) ? add(R.objectOf(D)) : true;
  }
  bool VisitCallExpr(CallExpr *C) {
    const FunctionDecl *F = C->getDirectCallee();
    const FunctionDecl *Body = F && Depth < 2 && !R.Table.find(*C) ? R.bodyOf(F) : nullptr;
    if (!Body)
      return true;
    const auto *M = dyn_cast<CXXMemberCallExpr>(C);
    const Object On = M ? R.objectOf(M->getImplicitObjectArgument()) : Object();
    for (const Object &O : readBy(*Body))
      add(On && O.root()->Where == Symbol::This ? O.rebased(R.thisObject(), On) : O);
    return true;
  }

private:
  /// Small functions are asked in many places.
  const std::vector<Object> &readBy(const FunctionDecl &Body) {
    auto [It, New] = R.ReadBy.try_emplace({&Body, Depth + 1});
    if (New)
      StateReader(R, It->second, Depth + 1).TraverseStmt(Body.getBody());
    return It->second;
  }
  bool add(const Object &O) {
    if (isPlain(O) && !llvm::is_contained(Reads, O))
      Reads.push_back(O);
    return true;
  }
  Resolver &R;
  std::vector<Object> &Reads;
  unsigned Depth; ///< of functions that were followed
};

bool hasCall(const Stmt *S) {
  if (!S)
    return false;
  if (isa<CallExpr>(S))
    return true;
  if (const auto *C = dyn_cast<CXXConstructExpr>(S); C && C->getNumArgs() > 1)
    return true;
  return llvm::any_of(S->children(), hasCall);
}

class ShapeVisitor : public RecursiveASTVisitor<ShapeVisitor> {
  using Base = RecursiveASTVisitor<ShapeVisitor>;

public:
  ShapeVisitor(Resolver &R, Shape &S) : R(R), S(S) {}

  bool shouldVisitImplicitCode() const { return true; } // the iterators of a range-based for

  // The body of a lambda is a function of its own.
  bool TraverseLambdaExpr(LambdaExpr *L) {
    for (Expr *Init : L->capture_inits())
      if (Init)
        TraverseStmt(Init);
    for (const LambdaCapture &C : L->captures())
      if (C.capturesVariable())
        if (const auto *V = dyn_cast<VarDecl>(C.getCapturedVar());
            V && V->isInitCapture() && V->getInit())
          target(V->getInit(), R.objectOf(V));
    return true;
  }
  bool TraverseWhileStmt(WhileStmt *L) {
    return loop(L, L->getCond(), L->getBody(), &Base::TraverseWhileStmt);
  }
  bool TraverseDoStmt(DoStmt *L) {
    return loop(L, L->getCond(), L->getBody(), &Base::TraverseDoStmt);
  }
  bool TraverseForStmt(ForStmt *L) {
    return loop(L, L->getCond(), L->getBody(), &Base::TraverseForStmt);
  }
  bool TraverseCXXForRangeStmt(CXXForRangeStmt *L) {
    return loop(L, nullptr, L->getBody(), &Base::TraverseCXXForRangeStmt);
  }

  bool VisitCompoundStmt(CompoundStmt *C) {
    for (auto It = C->body_begin(); It != C->body_end(); ++It) {
      if (const auto *D = dyn_cast<DeclStmt>(*It))
        for (const Decl *Each : D->decls())
          if (const auto *V = dyn_cast<VarDecl>(Each)) {
            S.ScopeEnd[V] = C->getRBracLoc();
            if (std::all_of(It + 1, C->body_end(), endsQuietly))
              S.DiesAtOnce.insert(V);
          }
      discard(*It);
    }
    return true;
  }
  bool VisitIfStmt(IfStmt *I) {
    discard(I->getThen());
    discard(I->getElse());
    if (!OpenLoops.empty() && leavesLoop(I->getThen()))
      exitIf(I->getCond(), true, I->getThen());
    if (!OpenLoops.empty() && I->getElse() && leavesLoop(I->getElse()))
      exitIf(I->getCond(), false, I->getElse());
    return true;
  }
  bool VisitSwitchCase(SwitchCase *C) {
    discard(C->getSubStmt());
    return true;
  }
  bool VisitReturnStmt(ReturnStmt *Ret) {
    // A struct that is made here has parts.
    const Expr *Made = Ret->getRetValue() ? strip(Ret->getRetValue()) : nullptr;
    if (Made && isa<InitListExpr>(Made) && Made->getType()->isRecordType())
      target(Made, R.temporary(Made));
    return otherExit(Ret);
  }
  bool VisitGotoStmt(GotoStmt *G) { return otherExit(G); }
  bool VisitCXXThrowExpr(CXXThrowExpr *T) {
    if (InTry)
      S.InTry[T] = InTry;
    return otherExit(T);
  }
  bool TraverseCXXTryStmt(CXXTryStmt *T) {
    S.Tries.push_back({T, InTry});
    const unsigned Outer = std::exchange(InTry, S.Tries.size());
    TraverseStmt(T->getTryBlock());
    InTry = Outer;
    for (unsigned I = 0; I != T->getNumHandlers(); ++I)
      TraverseStmt(T->getHandler(I));
    return true;
  }
  bool VisitBreakStmt(BreakStmt *B) { return InSwitch || otherExit(B); }
  bool TraverseSwitchStmt(SwitchStmt *W) {
    bool Outer = std::exchange(InSwitch, true);
    Base::TraverseSwitchStmt(W);
    InSwitch = Outer;
    return true;
  }

  bool TraverseCoawaitExpr(CoawaitExpr *A) {
    S.Suspends |= !A->isImplicit();
    ++InAwait;
    Base::TraverseCoawaitExpr(A);
    --InAwait;
    return true;
  }
  bool VisitCallExpr(CallExpr *C) {
    inLoop(C);
    if (InAwait)
      S.Awaited.insert(C);
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(C); Op && Op->getOperator() == OO_Equal) {
      assigned(Op->getArg(0), Op->getArg(1));
      target(Op->getArg(1), R.objectOf(Op->getArg(0)));
    }
    // What a container or pointer is given belongs to it: push_back(std::thread(...)).
    if (const auto *M = dyn_cast<CXXMemberCallExpr>(C);
        M && M->getMethodDecl() && !M->getMethodDecl()->isConst() && !R.bodyOf(M->getMethodDecl()))
      for (const Expr *A : M->arguments())
        target(A, R.objectOf(M->getImplicitObjectArgument()));
    for (const Expr *A : C->arguments())
      mutableUse(A);
    return true;
  }
  bool VisitCXXNewExpr(CXXNewExpr *N) {
    if (N->getConstructExpr())
      R.onHeap(N->getConstructExpr());
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *C) {
    inLoop(C);
    if (R.factsOf(C->getType()).Kind == TypeKind::Guard &&
        !C->getConstructor()->isCopyOrMoveConstructor())
      for (Object &M : R.mutexesIn({C->getArgs(), C->getNumArgs()}))
        if (auto &Known = R.Guarded[R.objectOf(C)]; !llvm::is_contained(Known, M))
          Known.push_back(std::move(M));
    for (const Expr *A : C->arguments())
      mutableUse(A);
    return true;
  }
  bool VisitVarDecl(VarDecl *V) {
    if (V->getInit()) {
      const Expr *Init = strip(V->getInit());
      S.VarOf[Init] = V;
      if (!V->getType()->isReferenceType())
        target(Init, R.objectOf(V));
    }
    return true;
  }
  bool VisitInitListExpr(InitListExpr *L) {
    // A bundle with a token in it has parts, wherever it is made.
    if (L->isSemanticForm() && L->getType()->isRecordType() && R.carriesToken(L->getType()))
      target(L, R.temporary(L));
    return true;
  }
  bool VisitBinaryOperator(BinaryOperator *B) {
    if (B->isAssignmentOp()) {
      modified(B->getLHS());
      assigned(B->getLHS(), B->getRHS());
      if (B->getOpcode() == BO_Assign)
        target(B->getRHS(), R.objectOf(B->getLHS()));
    }
    return true;
  }
  bool VisitUnaryOperator(UnaryOperator *U) {
    if (U->isIncrementDecrementOp() || U->getOpcode() == UO_AddrOf)
      modified(U->getSubExpr());
    return true;
  }

  void target(const Expr *Init, Object O) {
    Init = strip(Init);
    if (O && isa<CXXConstructExpr, InitListExpr, CallExpr>(Init))
      R.Targets.try_emplace(Init, O);
  }

private:
  template <typename Loop>
  bool loop(Loop *L, Expr *Cond, Stmt *Body, bool (Base::*Traverse)(Loop *, DataRecursionQueue *)) {
    bool Outer = std::exchange(InSwitch, false);
    S.Loops.emplace_back();
    OpenLoops.push_back(S.Loops.size());
    if (InTry)
      S.InTry[L] = InTry;
    S.LoopOf[L] = S.Loops.size();
    S.Loops.back().ExitsKnown = reads(Cond, false);
    limits(Cond);
    if constexpr (std::is_same_v<Loop, CXXForRangeStmt>)
      S.Loops.back().Limited = true;
    else
      S.Loops.back().Endless = isAlwaysTrue(Cond);
    if constexpr (std::is_same_v<Loop, ForStmt>)
      S.Loops.back().Limited |= Cond && L->getInc();
    discard(Body);
    (this->*Traverse)(L, nullptr);
    OpenLoops.pop_back();
    InSwitch = Outer;
    return true;
  }
  /// The loop is left when \p Cond is \p Left. False if other things than state decide that, too.
  bool reads(const Expr *Cond, bool Left) {
    if (!Cond || isAlwaysTrue(Cond))
      return true;
    LoopShape &Loop = S.Loops[OpenLoops.back() - 1];
    llvm::append_range(Loop.Reads, stateReadBy(Cond, R));
    Enough Leaves = enoughFor(Cond, Left, R);
    llvm::append_range(Loop.EndedBy, Leaves.Changes);
    if (!Loop.StoppedBy)
      Loop.StoppedBy = Leaves.StoppedBy;
    results(Cond, Left);
    return Leaves.All;
  }
  void results(const Expr *Cond, bool Left) {
    const Expr *E = strip(Cond);
    if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_LNot)
      return results(U->getSubExpr(), !Left);
    if (const auto *B = dyn_cast<BinaryOperator>(E)) {
      if (B->isLogicalOp()) {
        results(B->getLHS(), Left);
        results(B->getRHS(), Left);
      } else if (B->isEqualityOp() && changeTo(B->getRHS(), R) == Change::Down) {
        results(B->getLHS(), Left == (B->getOpcode() == BO_NE));
      }
      return;
    }
    if (const auto *D = dyn_cast<DeclRefExpr>(E)) // bool GoesOn = Each(); if (!GoesOn)
      if (const auto *V = dyn_cast<VarDecl>(D->getDecl());
          V && !isa<ParmVarDecl>(V) && V->hasLocalStorage() && V->getInit())
        E = strip(V->getInit());
    if (isa<CallExpr>(E))
      S.EndsLoop.try_emplace(E, Left);
  }
  void exitIf(const Expr *Cond, bool Taken, const Stmt *Branch) {
    const auto *Block = dyn_cast<CompoundStmt>(Branch);
    if (reads(Cond, Taken) && !(Block && Block->body_empty()))
      KnownExits.insert(Block ? Block->body_back() : Branch);
    limits(Cond);
  }
  bool isAlwaysTrue(const Expr *Cond) {
    bool Value = true;
    return !Cond ||
           (!Cond->isValueDependent() && Cond->EvaluateAsBooleanCondition(Value, R.AST) && Value);
  }
  void limits(const Stmt *Cond) {
    if (Cond && comparesNumbers(Cond))
      S.Loops[OpenLoops.back() - 1].Limited = true;
  }
  /// An order, a step or a number: what ends when it has come far enough.
  static bool comparesNumbers(const Stmt *Cond) {
    auto isCount = [](const Expr *E) {
      E = E->IgnoreParenImpCasts();
      return isa<DeclRefExpr>(E) && E->getType()->isIntegerType() &&
             !E->getType()->isBooleanType() && !E->getType()->isEnumeralType();
    };
    if (const auto *B = dyn_cast<BinaryOperator>(Cond))
      if (B->isRelationalOp() ||
          (B->isEqualityOp() && (isCount(B->getLHS()) || isCount(B->getRHS()))))
        return true;
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Cond))
      if (llvm::is_contained({OO_Less, OO_LessEqual, OO_Greater, OO_GreaterEqual, OO_Spaceship},
                             Op->getOperator()))
        return true;
    if (const auto *U = dyn_cast<UnaryOperator>(Cond); U && U->isIncrementDecrementOp())
      return true;
    return llvm::any_of(Cond->children(), [](const Stmt *C) { return C && comparesNumbers(C); });
  }
  bool otherExit(const Stmt *Exit) {
    for (unsigned L : OpenLoops) {
      S.Loops[L - 1].HasOtherExit = true;
      // The test before it counts for the innermost loop only.
      S.Loops[L - 1].ExitsKnown &= L == OpenLoops.back() && KnownExits.contains(Exit);
    }
    return true;
  }
  static bool leavesLoop(const Stmt *S) {
    if (!S || isa<ForStmt, WhileStmt, DoStmt, CXXForRangeStmt>(S))
      return false;
    if (isa<ReturnStmt, BreakStmt, CXXThrowExpr>(S))
      return true;
    return llvm::any_of(S->children(), leavesLoop);
  }
  static bool endsQuietly(const Stmt *S) {
    return isa<NullStmt>(S) || (isa<ReturnStmt>(S) && !hasCall(S));
  }
  void discard(const Stmt *Child) {
    if (const auto *E = dyn_cast_or_null<Expr>(Child))
      if (!E->IgnoreParens()->getType()->isVoidType() || isa<CallExpr>(E->IgnoreParens()))
        S.Discarded.insert(strip(E));
  }
  void inLoop(const Expr *E) {
    if (!OpenLoops.empty())
      S.InLoop[E] = OpenLoops.back();
    if (InTry)
      S.InTry[E] = InTry;
  }
  void modified(const Expr *E) {
    if (const auto *D = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts()))
      S.Modified.insert(D->getDecl());
  }
  void assigned(const Expr *Left, const Expr *Right) {
    if (const auto *D = dyn_cast<DeclRefExpr>(Left->IgnoreParenImpCasts()))
      S.Assigned[D->getDecl()].push_back(Right);
  }
  void mutableUse(const Expr *E) {
    if (E->isGLValue() && !E->getType().isConstQualified())
      modified(E);
  }

  Resolver &R;
  Shape &S;
  std::vector<unsigned> OpenLoops;
  llvm::DenseSet<const Stmt *> KnownExits; ///< the test in front of them is understood
  bool InSwitch = false;
  unsigned InAwait = 0;
  unsigned InTry = 0; ///< index + 1
};

} // namespace

std::vector<Object> stateReadBy(const Stmt *S, Resolver &R) {
  std::vector<Object> Reads;
  StateReader(R, Reads).TraverseStmt(const_cast<Stmt *>(S));
  return Reads;
}

namespace {

class StateWish {
public:
  StateWish(Resolver &R, Enough &Into) : R(R), Into(Into) {}

  void require(const Expr *E, bool Wanted, const Object &Base = {}, unsigned Depth = 0) {
    E = strip(E);
    if (const auto *L = dyn_cast<LambdaExpr>(E))
      return returned(L->getCallOperator(), Wanted, Base, Depth);
    if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_LNot)
      return require(U->getSubExpr(), !Wanted, Base, Depth);
    if (const auto *B = dyn_cast<BinaryOperator>(E)) {
      if (B->getOpcode() == (Wanted ? BO_LOr : BO_LAnd)) {
        require(B->getLHS(), Wanted, Base, Depth);
        require(B->getRHS(), Wanted, Base, Depth);
      } else if (B->isComparisonOp()) {
        compare(B->getOpcode(), B->getLHS(), B->getRHS(), Wanted, Base);
      } else {
        Into.All = false;
      }
      return;
    }
    const auto *M = dyn_cast<CXXMemberCallExpr>(E);
    const FunctionDecl *Body = M ? R.bodyOf(M->getMethodDecl()) : nullptr;
    if (!Body || Depth >= MaxFollowed)
      return add(E, Wanted ? Change::Up : Change::Down, Base);
    if (Object On = R.objectOf(M->getImplicitObjectArgument()))
      returned(Body, Wanted, On == R.thisObject() && Base ? Base : On, Depth + 1);
    else
      Into.All = false;
  }

private:
  static constexpr unsigned MaxFollowed = 2; // calls; as far as the reads of a predicate go

  /// A function that is one return.
  void returned(const FunctionDecl *F, bool Wanted, const Object &Base, unsigned Depth) {
    const auto *Block = dyn_cast_or_null<CompoundStmt>(F->getBody());
    const auto *Return =
        Block && Block->size() == 1 ? dyn_cast<ReturnStmt>(Block->body_front()) : nullptr;
    if (Return && Return->getRetValue())
      require(Return->getRetValue(), Wanted, Base, Depth);
    else
      Into.All = false;
  }

  void compare(BinaryOperatorKind Op, const Expr *Left, const Expr *Right, bool Wanted,
               const Object &Base) {
    if (Op == BO_Cmp)
      return void(Into.All = false);
    if (!Wanted)
      Op = BinaryOperator::negateComparisonOp(Op);
    if (constantOf(Left, R) || changeTo(Left, R) != Change::Unknown) {
      std::swap(Left, Right);
      Op = BinaryOperator::reverseComparisonOp(Op);
    }
    Change To = changeTo(Right, R);
    if (Op != BO_EQ && Op != BO_NE)
      add(Left, Op == BO_GT || Op == BO_GE ? Change::Up : Change::Down, Base);
    else if (To == Change::Down || strip(Left)->getType()->isBooleanType())
      add(Left, Op == BO_EQ ? To : opposite(To), Base);
    else if (auto Value = constantOf(Right, R))
      add(Left, Op == BO_EQ ? Change::Up : Change::Down, Base, Value);
    else if (const Expr *Count = Op == BO_EQ ? counted(Left, Right) : nullptr)
      add(Count, Change::Up, Base, {}, /*Counts=*/true);
    else
      Into.All = false;
  }

  /// What is counted until there are as many as something else has.
  static const Expr *counted(const Expr *Left, const Expr *Right) {
    Left = strip(Left);
    Right = strip(Right);
    if (isa<CXXMemberCallExpr>(Left))
      std::swap(Left, Right);
    return isa<CXXMemberCallExpr>(Right) && isa<DeclRefExpr, MemberExpr>(Left) &&
                   Left->getType()->isIntegerType()
               ? Left
               : nullptr;
  }

  void add(const Expr *E, Change Way, const Object &Base, std::optional<int64_t> Value = {},
           bool Counts = false) {
    E = strip(E);
    if (const auto *M = dyn_cast<CXXMemberCallExpr>(E)) {
      const CXXMethodDecl *F = M->getMethodDecl();
      if (const Api *A = R.Table.find(*M); A && A->Is == Role::Poll && Way == Change::Up)
        return void(Into.StoppedBy = R.tokenOrigin(M->getImplicitObjectArgument()));
      Change Asked = isa_and_nonnull<CXXConversionDecl>(F)  ? Change::Up
                     : F && F->getDeclName().isIdentifier() ? askedBy(F->getName())
                                                            : Change::Unknown;
      if (Asked == Change::Down)
        Way = opposite(Way);
      E = Asked == Change::Unknown ? E : strip(M->getImplicitObjectArgument());
    }
    Object O = isa<DeclRefExpr, MemberExpr>(E) ? R.objectOf(E) : Object();
    if (O && Base && O.root()->Where == Symbol::This)
      O = O.rebased(R.thisObject(), Base);
    if (isPlain(O) && Way != Change::Unknown)
      Into.Changes.push_back({O, Way, Value, Counts});
    else
      Into.All = false;
  }

  Resolver &R;
  Enough &Into;
};

} // namespace

Enough enoughFor(const Expr *Condition, bool Wanted, Resolver &R) {
  Enough Found;
  const Expr *E = strip(Condition);
  if (const auto *D = dyn_cast<DeclRefExpr>(E)) // a predicate that has a name
    if (const auto *V = dyn_cast<VarDecl>(D->getDecl());
        V && !isa<ParmVarDecl>(V) && V->getInit() && isa<LambdaExpr>(strip(V->getInit())))
      E = strip(V->getInit());
  StateWish(R, Found).require(E, Wanted);
  return Found;
}

std::vector<StateChange> saidBy(const Expr *Condition, bool Outcome, Resolver &R) {
  // None of what would be enough for the opposite is the case.
  std::vector<StateChange> Changes = enoughFor(Condition, !Outcome, R).Changes;
  for (StateChange &C : Changes)
    C.Way = opposite(C.Way);
  return Changes;
}

/// False for what surely differs from time to time: it takes Clang longer to find that out.
static bool mayBeConstant(const Expr *E) {
  E = E->IgnoreParenCasts();
  while (const auto *B =
             dyn_cast<BinaryOperator>(E)) { // sums nest to the left, as deep as they are
    if (!mayBeConstant(B->getRHS()))
      return false;
    E = B->getLHS()->IgnoreParenCasts();
  }
  if (const auto *U = dyn_cast<UnaryOperator>(E))
    return mayBeConstant(U->getSubExpr());
  if (const auto *S = dyn_cast<ArraySubscriptExpr>(E))
    return mayBeConstant(S->getBase());
  if (const auto *M = dyn_cast<MemberExpr>(E))
    return !isa<FieldDecl>(M->getMemberDecl()) || mayBeConstant(M->getBase());
  if (const auto *C = dyn_cast<CallExpr>(E)) {
    const FunctionDecl *F = C->getDirectCallee();
    return F && (F->isConstexpr() || F->getBuiltinID());
  }
  if (const auto *D = dyn_cast<DeclRefExpr>(E))
    if (const auto *V = dyn_cast<VarDecl>(D->getDecl()))
      return V->isConstexpr() || V->getType()->isReferenceType() || V->getType().isConstQualified();
  return !isa<CXXThisExpr>(E);
}

std::optional<int64_t> evaluated(const Expr *E, const ASTContext &AST) {
  Expr::EvalResult V;
  if (E->isValueDependent() || !E->getType()->isIntegralOrEnumerationType() || !mayBeConstant(E) ||
      !E->EvaluateAsInt(V, AST))
    return std::nullopt;
  return V.Val.getInt().tryExtValue(); // what does not fit is unknown
}

std::optional<int64_t> constantOf(const Expr *E, Resolver &R) {
  E = strip(E);
  return E && !E->getType()->isBooleanType() ? evaluated(E, R.AST) : std::nullopt;
}

std::vector<int64_t> constantsOf(const Expr *E, Resolver &R) {
  E = strip(E);
  if (const auto *C = dyn_cast_or_null<ConditionalOperator>(E)) {
    std::vector<int64_t> All = constantsOf(C->getTrueExpr(), R);
    std::vector<int64_t> Else = constantsOf(C->getFalseExpr(), R);
    if (All.empty() || Else.empty())
      return {};
    All.insert(All.end(), Else.begin(), Else.end());
    return All;
  }
  if (auto Value = constantOf(E, R))
    return {*Value};
  return {};
}

Change changeTo(const Expr *Value, Resolver &R) {
  const Expr *E = strip(Value);
  if (!E || E->isValueDependent() || E->isTypeDependent())
    return Change::Unknown;
  if (const auto *C = dyn_cast<ConditionalOperator>(E)) {
    Change Way = changeTo(C->getTrueExpr(), R);
    return Way == changeTo(C->getFalseExpr(), R) ? Way : Change::Unknown;
  }
  QualType T = E->getType();
  if (T->isNullPtrType())
    return Change::Down;
  if (T->isIntegerType() && !T->isEnumeralType()) {
    const auto Number = evaluated(E, R.AST);
    return !Number ? Change::Unknown : *Number == 0 ? Change::Down : Change::Up;
  }
  if (const auto *L = dyn_cast<InitListExpr>(E))
    return L->getNumInits() == 0 ? Change::Down : Change::Up;
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  if (!Class)
    return T->isArrayType() ? Change::Up : Change::Unknown; // a text
  if (const auto *C = dyn_cast<CXXConstructExpr>(E))
    return C->getNumArgs() == 0 ? Change::Down : Change::Up;
  // An empty class is a mark, as nullopt is; anything else is a value.
  return Class->hasDefinition() && Class->isEmpty() ? Change::Down : Change::Up;
}

Shape shapeOf(const FunctionDecl *F, Resolver &R) {
  Shape S;
  ShapeVisitor V(R, S);
  if (const auto *C = dyn_cast<CXXConstructorDecl>(F)) {
    for (const CXXCtorInitializer *I : C->inits())
      if (I->isAnyMemberInitializer()) {
        V.target(I->getInit(), R.thisObject().field(R.symbolOf(I->getAnyMember())));
        V.TraverseStmt(I->getInit());
      } else if (I->isBaseInitializer() && I->getInit()) {
        for (const CXXBaseSpecifier &Base : C->getParent()->bases())
          if (typeId(Base.getType()) == typeId(QualType(I->getBaseClass(), 0)))
            V.target(I->getInit(), R.inherited(Base, C->getParent()));
        V.TraverseStmt(I->getInit());
      } else if (I->isDelegatingInitializer()) {
        V.target(I->getInit(), R.thisObject());
        V.TraverseStmt(I->getInit());
      }
  }
  V.TraverseStmt(F->getBody());
  return S;
}

} // namespace tether
