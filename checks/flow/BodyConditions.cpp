#include "flow/Body.h"
#include "model/State.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {

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
    auto isResult = [&](const Expr *E) { return initialised(E) == Site.E; };
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

} // namespace tether
