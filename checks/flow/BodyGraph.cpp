#include "flow/Body.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace tether {

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

void typesOf(QualType T, std::vector<const void *> &Types) {
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
      decide(From, Way, *To, E, Into.Next.empty() ? nullptr : &Into.Next.front());
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

void Body::decide(const CFGBlock &From, unsigned Way, const CFGBlock &To, Edge &E,
                  const Edge *Other) {
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
    E.Flag = Other ? Other->Flag : flag(C);
    E.OnFailure = Other ? Other->OnFailure : asksForFailure(C);
    E.Yes = True;
    E.Answer = answer(C, E.Yes);
    E.Stopped = E.Value && polls(C);
    E.OnParam = Other ? Other->OnParam : readsParam(C);
    if (!E.Tests && isa<IfStmt, ConditionalOperator, BinaryOperator>(T)) {
      E.OnState = readsState(C) || readsState(Asked);
      E.Says = saidBy(Asked, Outcome, R);
    }
    if (Other && Other->When) {
      E.When = std::make_shared<Formula>(Formula::negate(*Other->When));
      return;
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

} // namespace tether
