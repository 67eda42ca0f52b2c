#include "flow/Extract.h"
#include "flow/Resolve.h"
#include "flow/Shape.h"
#include "flow/Time.h"
#include "flow/TokenSlot.h"
#include "model/ApiTable.h"
#include "model/Limit.h"
#include "model/State.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Analysis/CFG.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace tether {

namespace {

/// A number, a pointer or what wraps one number: an atomic, an optional.
bool holdsNumber(QualType T) {
  if (T->isReferenceType())
    return false;
  if (T->isScalarType())
    return true;
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(T->getAsCXXRecordDecl());
  return Spec && Spec->getTemplateArgs().size() == 1 &&
         Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type;
}

/// One function: its graph, and the events of each element.
class Body {
public:
  Body(const FunctionDecl *F, Resolver &R) : F(F), R(R), AST(R.AST), S(shapeOf(F, R)) {}
  std::unique_ptr<Function> extract();

private:
  // Graph.
  void edges(const CFGBlock &From, Block &Into);
  void decide(const CFGBlock &From, unsigned Way, const CFGBlock &To, Edge &E);
  Formula selects(const SwitchStmt &W, const CaseStmt *C);
  std::optional<LoopHead> loopHead(const Stmt *T);
  void number(const Expr *Condition, Edge &E);
  Object asksAbout(const Expr *Condition);
  void askedOfResult(const Expr *Condition, bool True, Edge &E);
  Object flag(const Expr *Condition);
  Object answer(const Expr *Condition, bool &Yes);
  static bool asksForFailure(const Stmt *Condition);
  bool readsState(const Stmt *Condition);
  bool readsParam(const Stmt *Condition) const;
  const Expr *asked(const Expr *Condition, bool &Outcome) const;
  bool polls(const Expr *Condition);
  void selected(const CFG &Graph);
  Handler handler(const CXXCatchStmt &Catch, unsigned Block);
  void findHandlers(const CFG &Graph);
  std::string text(const Stmt *E) const;

  // Elements.
  void element(const CFGElement &E);
  void turn(const Stmt *Loop);
  void receives(const CXXForRangeStmt *Loop);
  void statement(const Stmt *St);
  void call(const CallExpr *C);
  void construct(const CXXConstructExpr *C);
  void declare(const VarDecl *V);
  void initialise(const CXXCtorInitializer *I);
  void assign(const Expr *Left, const Expr *Right, const Expr *Whole);
  void destroy(const Object &O, QualType T, SourceLocation At);
  void destroyParts(const Object &O, QualType T, SourceLocation At, unsigned Depth);
  void runDestructor(const Object &O, const FunctionDecl *Destructor, SourceLocation At);
  void api(const Api &A, const Expr *E, const FunctionDecl *Callee, const Expr *Base,
           ArrayRef<const Expr *> Args);
  void spawn(Event &E, const Api *A, const Expr *Whole, ArrayRef<const Expr *> Args);
  void lock(const CXXConstructExpr *C, const Api *A, const Object &Guard,
            ArrayRef<const Expr *> Args);
  bool mayPointElsewhere(const Stmt *St) const;
  void waits(Event &E, const Api &A, const Expr *Whole, ArrayRef<const Expr *> Args);
  void invoke(const Expr *Callable, const Expr *Whole, ArrayRef<const Expr *> Args);
  void noteLoop(Event &E, const Expr *Whole);
  void done(Event &E, const Expr *Whole);
  Object resultOf(const Expr *Whole);
  void follow(const Expr *E, const FunctionDecl *Callee, const Expr *Base,
              ArrayRef<const Expr *> Args, Object Constructed, bool Perhaps = false);
  void unknown(const Expr *E, const FunctionDecl *Callee, const Expr *Base,
               ArrayRef<const Expr *> Args);
  bool isOwn(const Object &O) const;
  bool mayThrow(const Expr *Whole, const FunctionDecl &Callee) const;
  void hand(const Value &V, SourceLocation At, bool Doubtful = false, bool Constant = false);
  Change changedBy(const FunctionDecl &Method, ArrayRef<const Expr *> Args);
  void changes(Event &E, const FunctionDecl &Method, const Expr *Base, ArrayRef<const Expr *> Args);
  FormulaRef begins(const Object &O, const Expr *Init);
  FormulaRef stepped(const Object &O, const Expr *Named, int64_t Step);

  Event &add(Role Is, Object On, const Stmt *St) {
    Events->push_back({});
    Event &E = Events->back();
    E.Is = Is;
    E.On = std::move(On);
    E.At = St->getBeginLoc();
    E.Range = St->getSourceRange();
    if (const auto *M = dyn_cast<CXXMemberCallExpr>(St))
      E.At = M->getExprLoc();
    E.Immediate = true;
    E.InTry = S.InTry.contains(St);
    for (unsigned T = S.InTry.lookup(St); T; T = S.Tries[T - 1].Outer)
      llvm::append_range(E.Handlers, HandlersOf[S.Tries[T - 1].Stmt]);
    return E;
  }

  /// What no expression stands for.
  Event &mark(Role Is, const Object &O, SourceLocation At) {
    Events->push_back({});
    Event &E = Events->back();
    E.Is = Is;
    E.On = O;
    E.At = At;
    E.Immediate = true;
    return E;
  }

  const FunctionDecl *F;
  Resolver &R;
  ASTContext &AST;
  Shape S;
  std::unique_ptr<Function> Out;
  std::vector<Event> *Events = nullptr;
  llvm::DenseMap<const CXXTryStmt *, std::vector<Handler>> HandlersOf;
  std::vector<std::pair<std::string, int>> Conditions;
  struct SelectSite {
    const Expr *E;
    unsigned Block, Index;
  };
  std::vector<SelectSite> Selects;
  unsigned CurrentBlock = 0;
  bool Asserts = false; ///< it ends with the failure of an assertion
};

std::string Body::text(const Stmt *E) const {
  auto Range = CharSourceRange::getTokenRange(E->getSourceRange());
  std::string Text = Lexer::getSourceText(AST.getSourceManager().getExpansionRange(Range),
                                          AST.getSourceManager(), AST.getLangOpts())
                         .str();
  for (char &C : Text)
    if (llvm::isSpace(C))
      C = ' ';
  constexpr size_t Longest = 48; // keeps a note on one line
  return Text.size() <= Longest ? Text : Text.substr(0, Longest - 3) + "...";
}

// ---- graph ------------------------------------------------------------------------------------

static void basesOf(const CXXRecordDecl &Class, const Resolver &R, std::vector<std::string> &Into) {
  for (const CXXBaseSpecifier &Base : Class.bases())
    if (const auto *Record = Base.getType()->getAsCXXRecordDecl();
        Record && Record->hasDefinition() && R.isProjectCode(Record->getLocation())) {
      Into.push_back(Record->getQualifiedNameAsString());
      basesOf(*Record->getDefinition(), R, Into);
    }
}

std::unique_ptr<Function> Body::extract() {
  CFG::BuildOptions Options;
  Options.setAllAlwaysAdd();
  Options.AddInitializers = true;
  Options.AddImplicitDtors = true;
  Options.AddLifetime = true;
  Options.AddTemporaryDtors = false; // a temporary that matters is seen as discarded
  Options.AddCXXDefaultInitExprInCtors = true;
  std::unique_ptr<CFG> Graph = CFG::buildCFG(F, F->getBody(), &AST, Options);
  if (!Graph)
    return nullptr;

  Out = std::make_unique<Function>();
  Out->Id = F->getCanonicalDecl();
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  Out->IsLambda = Method && Method->getParent()->isLambda();
  Out->Name = Out->IsLambda ? "lambda" : F->getNameAsString();
  if (Method && !Out->IsLambda)
    Out->Class = Method->getParent()->getQualifiedNameAsString();
  if (Method) {
    Out->ClassId = Method->getParent()->getCanonicalDecl();
    basesOf(*Method->getParent(), R, Out->Bases);
  }
  if (Out->IsLambda) {
    const DeclContext *Up = Method->getParent()->getDeclContext();
    while (Up && !isa<FunctionDecl>(Up))
      Up = Up->getParent();
    if (Up)
      Out->Parent = cast<FunctionDecl>(Up)->getCanonicalDecl();
  }
  Out->At = F->getLocation();
  Out->End = F->getBody()->getEndLoc();
  Out->Text = layoutOf(F->getBody(), AST.getSourceManager());
  Out->ReturnsNothing = F->getReturnType()->isVoidType();
  Out->ReturnsDefault = R.isMadeOfNothing(F->getReturnType());
  if (Method && !Out->IsLambda)
    for (const FieldDecl *Field : Method->getParent()->fields())
      Out->LastMember = Field->getEndLoc();
  // Once the constructor that is delegated to has ended, the object is there and will be destroyed.
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(F);
  Out->IsConstructor = Constructor && !Constructor->isDelegatingConstructor();
  Out->IsDestructor = isa<CXXDestructorDecl>(F);
  Out->IsStatic = Method && Method->isStatic();
  Out->Public = Method && Method->getAccess() == AS_public;
  const auto *Proto = F->getType()->getAs<FunctionProtoType>();
  Out->IsNoexcept = Proto && Proto->isNothrow();
  Out->IsCoroutine = isa<CoroutineBodyStmt>(F->getBody());
  Out->Suspends = S.Suspends;
  Out->Internal =
      Out->IsLambda || F->getFormalLinkage() != Linkage::External || F->getAccess() == AS_private;
  Out->IsAssignment = F->getOverloadedOperator() == OO_Equal;
  Out->InMainFile =
      AST.getSourceManager().isInMainFile(AST.getSourceManager().getExpansionLoc(Out->At));
  for (const ParmVarDecl *P : F->parameters())
    Out->Params.push_back(R.symbolOf(P));

  Out->Blocks.resize(Graph->getNumBlockIDs());
  Out->Entry = Graph->getEntry().getBlockID();
  Out->Exit = Graph->getExit().getBlockID();
  findHandlers(*Graph);
  for (const CFGBlock *B : *Graph) {
    CurrentBlock = B->getBlockID();
    Block &Into = Out->Blocks[CurrentBlock];
    Events = &Into.Events;
    for (const CFGElement &E : *B)
      element(E);
    if (const Stmt *Loop = B->getLoopTarget())
      turn(Loop);
    if (const auto *Range = dyn_cast_or_null<CXXForRangeStmt>(B->getTerminatorStmt()))
      receives(Range);
    if (auto *Ret = B->empty() ? nullptr : B->getTerminatorStmt(); Ret && isa<CXXThrowExpr>(Ret))
      Into.Throws = true;
    Into.Raises = Into.Throws;
    Into.NoReturn = std::exchange(Asserts, false) || (B->hasNoReturnElement() && !Into.Leaves);
    Into.Dispatches = isa_and_nonnull<CXXTryStmt>(B->getTerminatorStmt());
    Into.Loop = loopHead(B->getTerminatorStmt());
    edges(*B, Into);
  }
  selected(*Graph);
  return std::move(Out);
}

Handler Body::handler(const CXXCatchStmt &Catch, unsigned Block) {
  Handler H{.Block = Block, .At = Catch.getCatchLoc()};
  if (QualType T = Catch.getCaughtType(); !T.isNull()) {
    H.Type = typeId(T);
    H.Kind = R.factsOf(T).Kind;
    const auto *Class = T.getNonReferenceType()->getAsCXXRecordDecl();
    H.OfSend = Class && refusesSend(Class->getQualifiedNameAsString());
  }
  return H;
}

void Body::findHandlers(const CFG &Graph) {
  if (S.Tries.empty())
    return;
  llvm::DenseMap<const Stmt *, unsigned> BlockOf;
  for (const CFGBlock *B : Graph)
    if (const auto *Catch = dyn_cast_or_null<CXXCatchStmt>(B->getLabel()))
      BlockOf[Catch] = B->getBlockID();
  for (const Shape::Try &T : S.Tries)
    for (unsigned I = 0; I != T.Stmt->getNumHandlers(); ++I) {
      const CXXCatchStmt *Catch = T.Stmt->getHandler(I);
      if (auto It = BlockOf.find(Catch); It != BlockOf.end())
        HandlersOf[T.Stmt].push_back(handler(*Catch, It->second));
    }
}

/// The type and all its bases.
static void typesOf(QualType T, std::vector<const void *> &Types) {
  Types.push_back(typeId(T));
  if (const auto *Class = T->getAsCXXRecordDecl(); Class && Class->hasDefinition())
    for (const CXXBaseSpecifier &Base : Class->bases())
      typesOf(Base.getType(), Types);
}

void Body::edges(const CFGBlock &From, Block &Into) {
  unsigned Way = 0;
  for (const CFGBlock::AdjacentBlock &Next : From.succs()) {
    if (const CFGBlock *To = Next.getReachableBlock()) {
      Edge E;
      E.To = To->getBlockID();
      decide(From, Way, *To, E);
      // That no handler fits is only known by types: with a handler, one is taken to fit, which
      // errs to silence.
      bool Unhandled = isa_and_nonnull<CXXTryStmt>(From.getTerminatorStmt()) && E.To == Out->Exit;
      if (!Unhandled || From.succ_size() == 1)
        Into.Next.push_back(std::move(E));
    }
    ++Way;
  }
  // A throw or return that something in this function still follows (a handler) does not leave it.
  if (Into.Throws && !llvm::all_of(Into.Next, [&](const Edge &E) { return E.To == Out->Exit; })) {
    Into.Leaves.reset();
    Into.Throws = false;
  }
}

void Body::decide(const CFGBlock &From, unsigned Way, const CFGBlock &To, Edge &E) {
  const Stmt *T = From.getTerminatorStmt();
  if (!T || From.succ_size() < 2)
    return;
  if (const auto *W = dyn_cast<SwitchStmt>(T)) {
    const Stmt *Label = To.getLabel();
    E.OfSwitch = true;
    if (const auto *C = dyn_cast_or_null<CaseStmt>(Label))
      E.Decision = {C->getCaseLoc(), "case '" + text(C->getLHS()) + "' is taken"};
    else if (const auto *D = dyn_cast_or_null<DefaultStmt>(Label))
      E.Decision = {D->getDefaultLoc(), "the default case is taken"};
    else
      E.Decision = {W->getSwitchLoc(), "no case of '" + text(W->getCond()) + "' is taken"};
    E.OnState = readsState(W->getCond());
    E.OnParam = readsParam(W->getCond());
    E.When = std::make_shared<Formula>(selects(*W, dyn_cast_or_null<CaseStmt>(Label)));
    return;
  }
  const Stmt *Condition = From.getTerminatorCondition();
  bool True = Way == 0;
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(T))
    if (Object O = R.objectOf(Range->getRangeInit());
        O && O.kind() == TypeKind::Channel && !O.leaf()->Container) {
      Formula Got = Formula::number(R.temporary(Range->getCond()));
      E.When = std::make_shared<Formula>(True ? Got : Formula::negate(Got));
    }
  if (isa<CXXForRangeStmt, ForStmt, WhileStmt, DoStmt>(T)) {
    E.Decision = {T->getBeginLoc(), True ? "the loop is entered" : "the loop is left"};
    E.LeavesLoop = !True;
  } else if (Condition && isa<IfStmt, ConditionalOperator, BinaryOperator>(T)) {
    E.Decision = {Condition->getBeginLoc(),
                  "'" + text(Condition) + "' is " + (True ? "true" : "false")};
  }
  if (const auto *C = dyn_cast_or_null<Expr>(Condition); C && !isa<CXXForRangeStmt>(T)) {
    E.Value = True;
    number(C, E);
    bool Outcome = True;
    const Expr *Asked = asked(C, Outcome);
    E.Tests = asksAbout(Asked);
    E.Has = Outcome;
    if (!E.Tests)
      askedOfResult(C, True, E);
    E.Flag = flag(C);
    E.OnFailure = asksForFailure(C);
    E.Yes = True;
    E.Answer = answer(C, E.Yes);
    E.Stopped = E.Value && polls(C);
    E.OnParam = readsParam(C);
    if (!E.Tests && isa<IfStmt, ConditionalOperator, BinaryOperator>(T)) {
      E.OnState = readsState(C) || readsState(Asked);
      E.Says = saidBy(Asked, Outcome, R);
    }
    // The operands before the last one have been decided in blocks of their own.
    while (const auto *B = dyn_cast<BinaryOperator>(C->IgnoreParens())) {
      if (!B->isLogicalOp())
        break;
      C = B->getRHS();
    }
    Formula F = formulaOf(C, R);
    E.When = std::make_shared<Formula>(True ? std::move(F) : Formula::negate(std::move(F)));
  }
}

/// What is true when a switch comes to the label \p C, or to its default.
Formula Body::selects(const SwitchStmt &W, const CaseStmt *C) {
  const Formula Value = formulaOf(W.getCond(), R);
  auto is = [&](const CaseStmt &Each) {
    Formula F;
    if (Value.Is != Formula::Number || Each.getRHS())
      return Value.Is == Formula::Unknown ? Value : F;
    F.Is = Formula::Equal;
    F.Parts = {Value, formulaOf(Each.getLHS(), R)};
    return F.Parts.back().isConstant() ? F : Formula();
  };
  Formula Result;
  if (C) {
    // Labels that follow one another lead to the same place.
    Result = is(*C);
    for (const auto *Next = dyn_cast<CaseStmt>(C->getSubStmt()); Next;
         Next = dyn_cast<CaseStmt>(Next->getSubStmt())) {
      Formula Either;
      Either.Is = Formula::Or;
      Either.Parts = {std::move(Result), is(*Next)};
      Result = std::move(Either);
    }
    return Result;
  }
  Result.Is = Formula::And;
  for (const SwitchCase *Each = W.getSwitchCaseList(); Each; Each = Each->getNextSwitchCase())
    if (const auto *Case = dyn_cast<CaseStmt>(Each))
      Result.Parts.push_back(Formula::negate(is(*Case)));
  return Result;
}

std::optional<LoopHead> Body::loopHead(const Stmt *T) {
  if (!isa_and_nonnull<CXXForRangeStmt, ForStmt, WhileStmt, DoStmt>(T))
    return std::nullopt;
  LoopHead Head;
  if (const auto *Range = dyn_cast<CXXForRangeStmt>(T)) {
    const Expr *Over = strip(Range->getRangeInit());
    if (const auto *Array = AST.getAsConstantArrayType(Over->getType()))
      Head.Turns = Array->getSize().getLimitedValue();
    else if (const auto *List = dyn_cast<CXXStdInitializerListExpr>(Over))
      if (const auto *Items = dyn_cast<InitListExpr>(strip(List->getSubExpr())))
        Head.Turns = Items->getNumInits();
    Head.Over = R.objectOf(Over);
    return Head;
  }
  // for (int I = 0; I < 3; ++I)
  const auto *For = dyn_cast<ForStmt>(T);
  const auto *Init = For ? dyn_cast_or_null<DeclStmt>(For->getInit()) : nullptr;
  const auto *V = Init && Init->isSingleDecl() ? dyn_cast<VarDecl>(Init->getSingleDecl()) : nullptr;
  const auto *Step = For && For->getInc() ? dyn_cast<UnaryOperator>(strip(For->getInc())) : nullptr;
  const auto *Until =
      For && For->getCond() ? dyn_cast<BinaryOperator>(strip(For->getCond())) : nullptr;
  if (!V || !V->getInit() || !Step || !Step->isIncrementOp() || !Until)
    return Head;
  auto First = constantOf(V->getInit(), R), Last = constantOf(Until->getRHS(), R);
  const auto *Counter = dyn_cast<DeclRefExpr>(strip(Until->getLHS()));
  if (!First || !Last || !Counter || Counter->getDecl() != V)
    return Head;
  if (Until->getOpcode() == BO_LT || Until->getOpcode() == BO_NE)
    Head.Turns = *Last - *First;
  else if (Until->getOpcode() == BO_LE)
    Head.Turns = *Last - *First + 1;
  return Head;
}

/// The object of which the condition asks whether it has something left to settle.
Object Body::asksAbout(const Expr *Condition) {
  const auto *Call = dyn_cast<CXXMemberCallExpr>(strip(Condition));
  const Api *A = Call ? R.Table.find(*Call) : nullptr;
  return A && A->Is == Role::Owns ? R.receiver(Call->getImplicitObjectArgument()) : Object();
}

/// Functions of C that start a task return zero when there is one.
void Body::askedOfResult(const Expr *Condition, bool True, Edge &E) {
  const Expr *Result = strip(Condition);
  bool IsZero = !True; // the result, on this edge
  while (const auto *U = dyn_cast<UnaryOperator>(Result)) {
    if (U->getOpcode() != UO_LNot)
      return;
    IsZero = !IsZero;
    Result = strip(U->getSubExpr());
  }
  if (const auto *B = dyn_cast<BinaryOperator>(Result)) {
    const Expr *Left = strip(B->getLHS()), *Right = strip(B->getRHS());
    if (B->isAssignmentOp()) { // if ((error = pthread_create(...)))
      Result = Right;
    } else {
      if (constantOf(Left, R))
        std::swap(Left, Right);
      // thrd_success and EOK are zero, too; what is compared with an error says nothing.
      if (!B->isEqualityOp() || constantOf(Right, R) != 0)
        return;
      if (B->getOpcode() == BO_EQ)
        IsZero = !IsZero;
      Result = Left;
      if (const auto *A = dyn_cast<BinaryOperator>(Result); A && A->isAssignmentOp())
        Result = strip(A->getRHS());
    }
  }
  auto spawning = [&](const Expr *From) -> const CallExpr * {
    const auto *Call = dyn_cast<CallExpr>(strip(From));
    const Api *A = Call ? R.Table.find(*Call) : nullptr;
    return A && A->Is == Role::Spawn && A->ExternC && Call->getType()->isIntegerType() ? Call
                                                                                       : nullptr;
  };
  const CallExpr *Call = spawning(Result);
  if (const auto *D = dyn_cast<DeclRefExpr>(Result)) {
    // A variable that also holds other results is taken to hold this one, which errs to silence.
    const auto *V = dyn_cast<VarDecl>(D->getDecl());
    if (V && V->getInit() && !isa<ParmVarDecl>(V))
      Call = spawning(V->getInit());
    if (auto Assigned = V ? S.Assigned.find(V) : S.Assigned.end(); Assigned != S.Assigned.end())
      for (const Expr *From : Assigned->second)
        Call = Call ? Call : spawning(From);
  }
  if (!Call)
    return;
  const Api *A = R.Table.find(*Call);
  unsigned On = A->On && A->On->Where == Operand::Argument ? A->On->Index : 0;
  if (On < Call->getNumArgs())
    E.Tests = R.objectOf(Call->getArg(On));
  E.Has = IsZero;
}

/// The plain bool that the condition is, or negates.
Object Body::flag(const Expr *Condition) {
  Condition = Condition->IgnoreParenImpCasts();
  while (const auto *U = dyn_cast<UnaryOperator>(Condition)) {
    if (U->getOpcode() != UO_LNot)
      return {};
    Condition = U->getSubExpr()->IgnoreParenImpCasts();
  }
  Object O = isa<DeclRefExpr, MemberExpr>(Condition) && Condition->getType()->isBooleanType()
                 ? R.objectOf(Condition)
                 : Object();
  return O && O.leaf()->Flag ? O : Object();
}

/// By the names of what it reads, and of their types.
bool Body::asksForFailure(const Stmt *Condition) {
  if (!Condition || isa<LambdaExpr>(Condition))
    return false;
  const NamedDecl *Read = nullptr;
  if (const auto *D = dyn_cast<DeclRefExpr>(Condition))
    Read = D->getDecl();
  else if (const auto *M = dyn_cast<MemberExpr>(Condition))
    Read = M->getMemberDecl();
  auto tells = [](const NamedDecl *D) {
    return D && D->getDeclName().isIdentifier() && tellsFailure(D->getName());
  };
  const auto *Value = dyn_cast_or_null<ValueDecl>(Read);
  const TagDecl *Type = Value && !isa<FunctionDecl>(Value)
                            ? Value->getType().getNonReferenceType()->getAsTagDecl()
                            : nullptr;
  return tells(Read) || tells(Type) || llvm::any_of(Condition->children(), asksForFailure);
}

/// The result, pointer or the like whose being true, there or not zero decides. \p Yes is what the
/// condition is, and becomes what that is.
Object Body::answer(const Expr *Condition, bool &Yes) {
  const Expr *E = strip(Condition);
  auto isNothing = [&](const Expr *Side) {
    return constantOf(Side, R) == 0 || changeTo(Side, R) == Change::Down;
  };
  // The other side of a comparison with nothing, or null.
  auto compared = [&](const Expr *Left, const Expr *Right) -> const Expr * {
    return isNothing(Right) ? strip(Left) : isNothing(Left) ? strip(Right) : nullptr;
  };
  while (E) {
    const auto *U = dyn_cast<UnaryOperator>(E);
    const auto *B = dyn_cast<BinaryOperator>(E);
    const auto *Op = dyn_cast<CXXOperatorCallExpr>(E);
    const auto *M = dyn_cast<CXXMemberCallExpr>(E);
    if ((U && U->getOpcode() == UO_LNot) || (Op && Op->getOperator() == OO_Exclaim)) {
      Yes = !Yes;
      E = strip(U ? U->getSubExpr() : Op->getArg(0));
    } else if (B && B->isEqualityOp()) {
      Yes ^= B->getOpcode() == BO_EQ;
      E = compared(B->getLHS(), B->getRHS());
    } else if (Op && (Op->getOperator() == OO_EqualEqual || Op->getOperator() == OO_ExclaimEqual) &&
               Op->getNumArgs() == 2) {
      Yes ^= Op->getOperator() == OO_EqualEqual;
      E = compared(Op->getArg(0), Op->getArg(1));
    } else if (B && B->getOpcode() == BO_Assign) {
      E = strip(B->getLHS());
    } else if (M && isa_and_nonnull<CXXConversionDecl>(M->getMethodDecl())) {
      E = strip(M->getImplicitObjectArgument());
    } else {
      break;
    }
  }
  if (isa_and_nonnull<DeclRefExpr, MemberExpr>(E))
    return R.objectOf(E);
  if (!isa_and_nonnull<CallExpr>(E))
    return {};
  auto Target = R.Targets.find(E);
  return Target != R.Targets.end() ? Target->second : R.temporary(E);
}

/// True for a poll, negated or not, also where a function does nothing else.
bool Body::polls(const Expr *Condition) {
  const Expr *E = strip(Condition);
  for (unsigned Depth = 0; E && Depth != 4; ++Depth) {
    while (const auto *U = dyn_cast<UnaryOperator>(E))
      E = strip(U->getSubExpr());
    const auto *Call = dyn_cast<CallExpr>(E);
    const FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee)
      return false;
    if (const Api *A = R.Table.find(*Callee, Call->getNumArgs()))
      return A->Is == Role::Poll;
    const FunctionDecl *Definition = R.bodyOf(Callee);
    const auto *Block = Definition ? dyn_cast<CompoundStmt>(Definition->getBody()) : nullptr;
    const auto *Return =
        Block && Block->size() == 1 ? dyn_cast<ReturnStmt>(Block->body_front()) : nullptr;
    E = Return && Return->getRetValue() ? strip(Return->getRetValue()) : nullptr;
    if (isa_and_nonnull<UnaryOperator>(E))
      return false; // says the opposite
  }
  return false;
}

/// A member of this object, a predicate of its class, or a local that changes.
bool Body::readsState(const Stmt *Condition) {
  if (!Condition || isa<LambdaExpr>(Condition))
    return false;
  const auto *E = dyn_cast<Expr>(Condition);
  if (const auto *Call = dyn_cast<CXXMemberCallExpr>(Condition)) {
    Object Base = R.objectOf(Call->getImplicitObjectArgument());
    // An optional, a pointer: whether there is something.
    if (isa_and_nonnull<CXXConversionDecl>(Call->getMethodDecl()) && Base &&
        Base.kind() != TypeKind::Callable) {
      const Expr *Named = Call->getImplicitObjectArgument()->IgnoreParenImpCasts();
      const ApiType *Listed = R.Table.find(Named->getType());
      if (Base.kind() != TypeKind::None ||
          (Base.isField() && Listed && Listed->Is == TypeKind::Pointer))
        return true;
    }
    // What another object answers is its business.
    return Base && (Base == R.thisObject() || Base.leaf()->Flag ||
                    llvm::is_contained({TypeKind::Thread, TypeKind::Source}, Base.kind()));
  }
  if (isa_and_nonnull<MemberExpr>(E)) {
    Object O = R.objectOf(E);
    return O && O.isField() && !E->getType().isConstQualified();
  }
  if (const auto *D = dyn_cast<DeclRefExpr>(Condition)) {
    Object O = R.objectOf(D);
    return S.Modified.contains(D->getDecl()) || (O && O.kind() == TypeKind::Thread);
  }
  return llvm::any_of(Condition->children(), [&](const Stmt *Child) { return readsState(Child); });
}

/// What a condition asks, without negations: \p Outcome becomes what that has come out as. A
/// variable that keeps its first value stands for it.
const Expr *Body::asked(const Expr *Condition, bool &Outcome) const {
  const Expr *E = strip(Condition);
  // The operands before the last one have been decided in blocks of their own.
  while (const auto *B = dyn_cast<BinaryOperator>(E)) {
    if (!B->isLogicalOp())
      break;
    E = strip(B->getRHS());
  }
  for (unsigned Depth = 0; Depth != 4; ++Depth) { // names of names are rare
    while (const auto *U = dyn_cast<UnaryOperator>(E)) {
      if (U->getOpcode() != UO_LNot)
        return E;
      Outcome = !Outcome;
      E = strip(U->getSubExpr());
    }
    const auto *D = dyn_cast<DeclRefExpr>(E);
    const auto *V = D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;
    if (!V || !V->hasLocalStorage() || isa<ParmVarDecl>(V) || !V->getInit() ||
        V->getType()->isReferenceType() || S.Modified.contains(V))
      return E;
    E = strip(V->getInit());
  }
  return E;
}

bool Body::readsParam(const Stmt *Condition) const {
  if (const auto *D = dyn_cast_or_null<DeclRefExpr>(Condition))
    return isa<ParmVarDecl>(D->getDecl());
  return Condition &&
         llvm::any_of(Condition->children(), [&](const Stmt *Child) { return readsParam(Child); });
}

void Body::number(const Expr *Condition, Edge &E) {
  Condition = Condition->IgnoreParenImpCasts();
  while (const auto *U = dyn_cast<UnaryOperator>(Condition)) {
    if (U->getOpcode() != UO_LNot)
      break;
    E.Value = !E.Value;
    Condition = U->getSubExpr()->IgnoreParenImpCasts();
  }
  // Only names of things that never change, literals and operators: its value is the same each
  // time.
  auto Fixed = [&](const Stmt *St, auto &Self) -> bool {
    if (const auto *D = dyn_cast<DeclRefExpr>(St)) {
      const auto *V = dyn_cast<VarDecl>(D->getDecl());
      if (isa<EnumConstantDecl>(D->getDecl()))
        return true;
      if (!V || V->getType()->isReferenceType() || V->getType().isVolatileQualified() ||
          !V->getType()->isScalarType())
        return false;
      return V->getType().isConstQualified() || (V->hasLocalStorage() && !S.Modified.contains(V));
    }
    if (!isa<IntegerLiteral, CXXBoolLiteralExpr, CXXNullPtrLiteralExpr, CharacterLiteral,
             UnaryOperator, BinaryOperator, ParenExpr, ImplicitCastExpr>(St))
      return false;
    return llvm::all_of(St->children(), [&](const Stmt *C) { return Self(C, Self); });
  };
  if (isa<IntegerLiteral, CXXBoolLiteralExpr>(Condition) || !Fixed(Condition, Fixed))
    return;
  std::string Key = text(Condition);
  auto Known = llvm::find_if(Conditions, [&](const auto &C) { return C.first == Key; });
  if (Known == Conditions.end())
    Known = Conditions.insert(Known, {Key, static_cast<int>(Conditions.size())});
  E.Condition = Known->second;
}

/// The case that a select has done is known where its result is looked at: there the event is put.
void Body::selected(const CFG &Graph) {
  for (const SelectSite &Site : Selects) {
    const Event Whole = Out->Blocks[Site.Block].Events[Site.Index];
    bool Examined = false;
    auto done = [&](unsigned To, unsigned Case) {
      if (Case >= Whole.Inner.size())
        return;
      Examined = true;
      Event Done = Whole.Inner[Case];
      Done.Bounded = Done.Chosen = true; // the wait was the select's
      auto &Into = Out->Blocks[To].Events;
      Into.insert(Into.begin(), std::move(Done));
    };
    auto isResult = [&](const Expr *E) {
      E = strip(E);
      if (E == Site.E)
        return true;
      const auto *D = dyn_cast<DeclRefExpr>(E);
      const auto *V = D ? dyn_cast<VarDecl>(D->getDecl()) : nullptr;
      return V && V->getInit() && strip(V->getInit()) == Site.E && !S.Modified.contains(V);
    };
    for (const CFGBlock *B : Graph) {
      const Stmt *T = B->getTerminatorStmt();
      const auto *Switch = dyn_cast_or_null<SwitchStmt>(T);
      if (Switch && isResult(Switch->getCond())) {
        for (const CFGBlock::AdjacentBlock &Next : B->succs()) {
          const CFGBlock *To = Next.getReachableBlock();
          const auto *C = To ? dyn_cast_or_null<CaseStmt>(To->getLabel()) : nullptr;
          Expr::EvalResult V;
          if (C && C->getLHS()->EvaluateAsInt(V, AST))
            done(To->getBlockID(), V.Val.getInt().getLimitedValue());
        }
        Examined = true;
      }
      const auto *Compare =
          T ? dyn_cast_or_null<BinaryOperator>(B->getTerminatorCondition()) : nullptr;
      if (!Compare || !Compare->isEqualityOp() || B->succ_size() != 2)
        continue;
      const Expr *L = Compare->getLHS(), *Right = Compare->getRHS();
      Expr::EvalResult V;
      if (!isResult(L))
        std::swap(L, Right);
      if (!isResult(L) || !Right->EvaluateAsInt(V, AST))
        continue;
      unsigned Way = Compare->getOpcode() == BO_EQ ? 0 : 1;
      uint64_t Case = V.Val.getInt().getLimitedValue();
      if (const CFGBlock *To = (B->succ_begin() + Way)->getReachableBlock())
        done(To->getBlockID(), Case);
      if (const CFGBlock *To = (B->succ_begin() + (1 - Way))->getReachableBlock();
          To && Whole.Inner.size() == 2)
        done(To->getBlockID(), 1 - Case);
      Examined = true;
    }
    // Nobody looks at which one it was: each may have been done, which errs to silence.
    if (!Examined) {
      auto &Into = Out->Blocks[Site.Block].Events;
      for (Event Done : Whole.Inner) {
        Done.Bounded = Done.MayHappen = Done.Chosen = true;
        Into.push_back(std::move(Done));
      }
    }
  }
}

// ---- elements ---------------------------------------------------------------------------------

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
      Expr::EvalResult Constant;
      if (V->getType()->isIntegralOrEnumerationType() && !V->isValueDependent() &&
          V->EvaluateAsInt(Constant, AST))
        Now.Gives = Constant.Val.getInt().tryExtValue();
      else if (changeTo(V, R) == Change::Down) // a null pointer, nullopt
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

void Body::api(const Api &A, const Expr *Whole, const FunctionDecl *Callee, const Expr *Base,
               ArrayRef<const Expr *> Args) {
  const bool RunsHere = A.Is == Role::Neutral && A.Callable;
  if (A.Is == Role::Same || (A.Is == Role::Neutral && !RunsHere) || A.Case)
    return;
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
    O = R.objectOf(Args[On.Index]);
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
      const auto *C = dyn_cast<CallExpr>(strip(Arg));
      const Api *Each = C ? R.Table.find(*C) : nullptr;
      if (!Each || !Each->Case || C->getNumArgs() == 0)
        continue;
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
  std::optional<TokenSlot> Slot;
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

// ---- all functions ----------------------------------------------------------------------------

class Collector : public RecursiveASTVisitor<Collector> {
public:
  Collector(Resolver &R, std::vector<const FunctionDecl *> &Found, std::set<std::string> &Annotated)
      : R(R), Found(Found), Annotated(Annotated) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitLambdaBody() const { return true; }

  bool TraverseDecl(Decl *D) {
    // System headers are most of the translation unit and none of the user's business.
    if (D && D->getDeclContext() && isa<TranslationUnitDecl>(D->getDeclContext()) &&
        D->getLocation().isValid() && !R.isProjectCode(D->getLocation()))
      return true;
    return RecursiveASTVisitor::TraverseDecl(D);
  }
  bool VisitFunctionDecl(FunctionDecl *F) {
    if (F->isThisDeclarationADefinition() && F->doesThisDeclarationHaveABody() &&
        R.bodyOf(F) == F && !isArithmetic(*F))
      Found.push_back(F);
    return true;
  }
  // A constructor that is not written runs the initialisers of the members all the same.
  bool VisitCXXRecordDecl(CXXRecordDecl *Class) {
    if (!Class->isThisDeclarationADefinition() || Class->isLambda())
      return true;
    if (llvm::any_of(Class->methods(), [](const CXXMethodDecl *M) { return annotatedRole(*M); }))
      Annotated.insert(Class->getQualifiedNameAsString());
    for (const CXXConstructorDecl *C : Class->ctors())
      if (C->isImplicit() && C->isDefaultConstructor() && R.bodyOf(C))
        Found.push_back(R.bodyOf(C));
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr *L) {
    FunctionDecl *F = L->getCallOperator();
    if (!F->isDependentContext()) {
      if (R.bodyOf(F))
        Found.push_back(F);
      return true;
    }
    if (L->isGenericLambda())
      if (const auto *T = L->getDependentCallOperator())
        for (FunctionDecl *Spec : T->specializations())
          if (R.bodyOf(Spec))
            Found.push_back(R.bodyOf(Spec));
    return true;
  }

private:
  /// What may run at compile time, and is given nothing that threads share or run: formatting and
  /// the like, which is most of some headers. What it does to its arguments is unknown.
  bool isArithmetic(const FunctionDecl &F) const {
    return F.isConstexprSpecified() && !F.isCXXInstanceMember() &&
           llvm::none_of(F.parameters(), [&](const ParmVarDecl *P) {
             const TypeFacts Facts = R.factsOf(P->getType().getNonReferenceType());
             return Facts.Callable || Facts.Kind != TypeKind::None;
           });
  }

  Resolver &R;
  std::vector<const FunctionDecl *> &Found;
  std::set<std::string> &Annotated;
};

} // namespace

Extraction extract(ASTContext &AST, const ApiTable &Table) {
  Extraction X;
  Resolver R(AST, Table, X.Symbols);
  std::vector<const FunctionDecl *> Found;
  Collector C(R, Found, X.Annotated);
  for (Decl *D : AST.getTraversalScope())
    C.TraverseDecl(D);
  for (const FunctionDecl *F : Found)
    R.noteOverrider(F);
  llvm::DenseSet<const FunctionDecl *> Seen;
  for (const FunctionDecl *F : Found)
    if (Seen.insert(F).second)
      if (auto Made = Body(F, R).extract())
        X.Functions.push_back(std::move(Made));
  X.Guarded = std::move(R.Guarded);
  if (llvm::any_of(X.Symbols, [](const Symbol &S) {
        return S.Type && (S.Type->Joining || S.Type->Stoppable) && S.Where != Symbol::Temporary;
      }))
    X.Successors = findRetypings(R);
  return X;
}

} // namespace tether
