#include "flow/Formula.h"
#include "flow/Shape.h"
#include "model/ApiTable.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;

namespace tether {

Formula Formula::constant(int64_t Value) {
  Formula F;
  F.Is = Number;
  F.Plus = Value;
  return F;
}

Formula Formula::number(const Object &O, int64_t Plus) {
  Formula F;
  F.Is = Number;
  F.Of = O;
  F.Plus = Plus;
  return F;
}

Formula Formula::negate(Formula F) {
  if (F.Is == Not)
    return std::move(F.Parts.front());
  if (F.isConstant())
    return constant(F.Plus == 0);
  Formula Result;
  Result.Is = Not;
  Result.Parts.push_back(std::move(F));
  return Result;
}

namespace {

/// Reads expressions; of a function that is followed, with its object in place of `this`.
class Reader {
public:
  Reader(Resolver &R, Object Base = {}, unsigned Depth = 0) : R(R), Base(Base), Depth(Depth) {}

  Formula read(const Expr *E) {
    E = strip(E);
    if (!E || E->isValueDependent() || E->isTypeDependent())
      return unknown(E);
    if (auto Value = constant(E))
      return Formula::constant(*Value);
    if (const auto *U = dyn_cast<UnaryOperator>(E)) {
      if (U->getOpcode() == UO_LNot)
        return Formula::negate(read(U->getSubExpr()));
      if (U->isIncrementDecrementOp()) { // the change itself is an event, and comes before
        Object O = named(U->getSubExpr());
        int64_t Before = U->isPrefix() ? 0 : U->isIncrementOp() ? -1 : 1;
        return O ? Formula::number(O, Before) : unknown(E);
      }
      return unknown(E);
    }
    if (const auto *W = dyn_cast<CXXRewrittenBinaryOperator>(E)) {
      Formula F = read(W->getSemanticForm());
      return F;
    }
    if (const auto *B = dyn_cast<BinaryOperator>(E))
      return binary(B);
    if (isa<DeclRefExpr, MemberExpr>(E)) {
      Object O = named(E);
      return O ? Formula::number(O) : unknown(E);
    }
    if (const auto *L = dyn_cast<LambdaExpr>(E))
      return returned(L->getCallOperator(), E);
    if (const auto *C = dyn_cast<CallExpr>(E))
      return call(C);
    return unknown(E);
  }

  /// A function that is one return.
  Formula returned(const FunctionDecl *F, const Expr *E) {
    const auto *Block = dyn_cast_or_null<CompoundStmt>(F->getBody());
    const auto *Return =
        Block && Block->size() == 1 ? dyn_cast<ReturnStmt>(Block->body_front()) : nullptr;
    return Return && Return->getRetValue() ? read(Return->getRetValue()) : unknown(E);
  }

private:
  static constexpr unsigned MaxFollowed = 2; // calls; as far as the reads of a predicate go

  std::optional<int64_t> constant(const Expr *E) {
    return E->getType()->isNullPtrType() ? std::optional<int64_t>(0) : evaluated(E, R.AST);
  }

  /// The variable that \p E names itself, and not a part of it or what it points to.
  Object named(const Expr *E) {
    E = strip(E);
    if (!E || !isa<DeclRefExpr, MemberExpr>(E))
      return {};
    Object O = R.objectOf(E);
    if (!O || O.leaf()->TypeId != typeId(E->getType()))
      return {};
    return rebase(O);
  }

  Object rebase(const Object &O) const {
    return Base && O && O.root()->Where == Symbol::This ? O.rebased(R.thisObject(), Base) : O;
  }

  Formula binary(const BinaryOperator *B) {
    auto both = [&](Formula::Kind Is, const Expr *First, const Expr *Second) {
      Formula F;
      F.Is = Is;
      F.Parts = {read(First), read(Second)};
      bool Numbers = llvm::all_of(F.Parts, [](const Formula &P) { return P.isNumber(); });
      return Is == Formula::And || Is == Formula::Or || Numbers ? F : unknown(B);
    };
    const Expr *L = B->getLHS(), *Right = B->getRHS();
    switch (B->getOpcode()) {
    case BO_LAnd:
      return both(Formula::And, L, Right);
    case BO_LOr:
      return both(Formula::Or, L, Right);
    case BO_EQ:
      return both(Formula::Equal, L, Right);
    case BO_NE:
      return Formula::negate(both(Formula::Equal, L, Right));
    case BO_LT:
      return both(Formula::Less, L, Right);
    case BO_GT:
      return both(Formula::Less, Right, L);
    case BO_LE:
      return both(Formula::LessEqual, L, Right);
    case BO_GE:
      return both(Formula::LessEqual, Right, L);
    case BO_Assign: // which is an event, and comes before
      return read(L);
    case BO_Comma:
      return read(Right);
    case BO_Add:
    case BO_Sub: {
      Formula F = read(L);
      auto By = constant(strip(Right));
      if (F.Is != Formula::Number || !By)
        return both(B->getOpcode() == BO_Add ? Formula::Sum : Formula::Difference, L, Right);
      F.Plus += B->getOpcode() == BO_Add ? *By : -*By;
      return F;
    }
    default:
      return unknown(B);
    }
  }

  Formula call(const CallExpr *C) {
    const FunctionDecl *F = C->getDirectCallee();
    const auto *M = dyn_cast<CXXMemberCallExpr>(C);
    const Expr *Of = M ? M->getImplicitObjectArgument()
                     : F && isa<CXXMethodDecl>(F) && C->getNumArgs() ? C->getArg(0)
                                                                     : nullptr;
    if (const Api *A = R.Table.find(*C)) {
      if (A->Is == Role::Self) {
        Formula Mine;
        Mine.Is = Formula::Self;
        return Mine;
      }
      if (A->Is == Role::Poll)
        return polled(Of ? Of : C->getNumArgs() ? C->getArg(0) : nullptr, C);
      if (A->Is == Role::Owns && Of)
        return Formula::number(rebase(R.objectOf(Of)));
      if (A->Is == Role::Spawn && C->getType()->isIntegralOrEnumerationType())
        return result(C);
      return RoleSet(Role::Wait | Role::Receive | Role::Send | Role::Join | Role::Lock |
                     Role::Select)
                     .contains(A->Is)
                 ? result(C)
                 : unknown(C);
    }
    if (!F)
      return unknown(C);
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(C);
        Op && Op->getOperator() == OO_EqualEqual && C->getNumArgs() == 2)
      return asksWho(Op);
    if (const FunctionDecl *Body = R.bodyOf(F))
      return followed(C, Body, M);
    if (isa<CXXConversionDecl>(F) && Of)
      return read(Of);
    if (!F->getDeclName().isIdentifier() || !Of)
      return unknown(C);
    // The value before the change, or whether it was changed, which the event of the call keeps.
    if (assigns(F->getName()) || exchangesIf(F->getName()) ||
        changedBy(F->getName()) != Change::Unknown)
      return result(C);
    const auto *Method = cast<CXXMethodDecl>(F);
    Object O = Method->isConst() && C->getNumArgs() <= 1 ? named(Of) : Object();
    switch (O ? askedBy(F->getName()) : Change::Unknown) {
    case Change::Up:
      return Formula::number(O);
    case Change::Down:
      return Formula::negate(Formula::number(O));
    default:
      return unknown(C);
    }
  }

  /// Of two threads, whether they are the same.
  Formula asksWho(const CXXOperatorCallExpr *C) {
    Formula F;
    for (const Expr *Side : C->arguments()) {
      const auto *Id = dyn_cast<CXXMemberCallExpr>(strip(Side));
      const Api *A = Id ? R.Table.find(*Id) : nullptr;
      if (A && A->Is == Role::Owns)
        F.Of = rebase(R.objectOf(Id->getImplicitObjectArgument()));
      else
        F.Parts.push_back(read(Side));
    }
    const bool Asks =
        llvm::any_of(F.Parts, [](const Formula &Part) { return Part.Is == Formula::Self; });
    if (Asks && F.Parts.size() == 1 && F.Of) {
      F.Is = Formula::Runs;
      F.Parts.clear();
      return F;
    }
    if (!Asks || !llvm::all_of(F.Parts, [](const Formula &Part) { return Part.isNumber(); }))
      return unknown(C);
    F.Is = Formula::Equal;
    return F;
  }

  Formula polled(const Expr *Of, const Expr *Whole) {
    Formula F;
    F.Is = Formula::Stopped;
    if (Of)
      F.Of = R.factsOf(Of->getType()).Kind == TypeKind::Token ? R.tokenOrigin(Of) : R.objectOf(Of);
    F.Of = rebase(F.Of);
    return F.Of ? F : unknown(Whole);
  }

  Formula followed(const CallExpr *C, const FunctionDecl *Body, const CXXMemberCallExpr *M) {
    // Inside of what is followed there is no call event whose result could be looked at.
    Formula Simple = unknown(C);
    if (Depth < MaxFollowed && !Body->getReturnType()->isVoidType() && C->getNumArgs() == 0) {
      Object On = M ? rebase(R.objectOf(M->getImplicitObjectArgument())) : Object();
      if (On)
        Simple = Reader(R, On, Depth + 1).returned(Body, C);
    }
    return mentionsUnknown(Simple) && Depth == 0 ? result(C) : Simple;
  }

  static bool mentionsUnknown(const Formula &F) {
    return F.Is == Formula::Unknown || llvm::any_of(F.Parts, mentionsUnknown);
  }

  Formula result(const CallExpr *C) {
    if (Base) // of another function: its events are not those of this one
      return unknown(C);
    auto Target = R.Targets.find(C);
    return Formula::number(Target != R.Targets.end() ? Target->second : R.temporary(C));
  }

  Formula unknown(const Expr *E) {
    Formula F;
    if (!E)
      return F;
    F.Reads = stateReadBy(E, R);
    for (Object &O : F.Reads)
      O = rebase(O);
    F.Asks = asks(E);
    F.Certain = asksSelf(E);
    auto Range = CharSourceRange::getTokenRange(E->getSourceRange());
    F.Text = Lexer::getSourceText(R.AST.getSourceManager().getExpansionRange(Range),
                                  R.AST.getSourceManager(), R.AST.getLangOpts())
                 .str();
    return F;
  }

  /// Which thread runs it decides.
  bool asksSelf(const Stmt *S) const {
    if (!S)
      return false;
    if (const auto *C = dyn_cast<CallExpr>(S))
      if (const Api *A = R.Table.find(*C); A && A->Is == Role::Self)
        return true;
    // Of several threads that put in another value, one sees the old one.
    if (const auto *C = dyn_cast<CallExpr>(S); C && C->getDirectCallee())
      if (const FunctionDecl *F = C->getDirectCallee();
          F->getIdentifier() && F->isInStdNamespace() && replaces(F->getName()))
        return true;
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return asksSelf(Child); });
  }

  /// Calls something other than an operator or a question to a plain object.
  bool asks(const Stmt *S) const {
    if (!S)
      return false;
    const auto *Op = dyn_cast<CXXOperatorCallExpr>(S);
    if (Op && Op->getOperator() == OO_Call)
      return true;
    if (const auto *C = dyn_cast<CallExpr>(S); C && !Op) {
      const auto *Method = dyn_cast_or_null<CXXMethodDecl>(C->getDirectCallee());
      if (!Method || !Method->isConst() || R.isProjectCode(Method->getLocation()))
        return true;
    }
    return llvm::any_of(S->children(), [&](const Stmt *Child) { return asks(Child); });
  }

  Resolver &R;
  Object Base;
  unsigned Depth;
};

} // namespace

Formula formulaOf(const Expr *E, Resolver &R) { return Reader(R).read(E); }

Formula resultOf(const Expr *Callable, Resolver &R) {
  const Expr *E = strip(Callable);
  if (const auto *D = dyn_cast<DeclRefExpr>(E)) // a predicate that has a name
    if (const auto *V = dyn_cast<VarDecl>(D->getDecl());
        V && !isa<ParmVarDecl>(V) && V->getInit() && isa<LambdaExpr>(strip(V->getInit())))
      E = strip(V->getInit());
  return Reader(R).read(E);
}

std::optional<int64_t> initialNumber(const Expr *Init, Resolver &R) {
  const Expr *E = strip(Init);
  for (unsigned Depth = 0; E && Depth != 4; ++Depth) { // braces in braces
    const Expr *Inner = nullptr;
    if (const auto *L = dyn_cast<InitListExpr>(E); L && L->getNumInits() == 1)
      Inner = L->getInit(0);
    else if (const auto *C = dyn_cast<CXXConstructExpr>(E);
             C && C->getNumArgs() == 1 && !R.isProjectCode(C->getConstructor()->getLocation()))
      Inner = C->getArg(0);
    if (!Inner)
      break;
    E = strip(Inner);
  }
  if (!E)
    return std::nullopt;
  if (isa<ImplicitValueInitExpr>(E) || changeTo(E, R) == Change::Down)
    return 0;
  return evaluated(E, R.AST);
}

std::string dump(const Formula &F) {
  auto part = [&](unsigned I) { return dump(F.Parts[I]); };
  switch (F.Is) {
  case Formula::Unknown:
    return "unknown";
  case Formula::Number:
    return !F.Of         ? std::to_string(F.Plus)
           : F.Plus == 0 ? dump(F.Of)
                         : dump(F.Of) + (F.Plus > 0 ? "+" : "") + std::to_string(F.Plus);
  case Formula::Sum:
    return "(" + part(0) + " + " + part(1) + ")";
  case Formula::Difference:
    return "(" + part(0) + " - " + part(1) + ")";
  case Formula::Equal:
    return "(" + part(0) + " = " + part(1) + ")";
  case Formula::Less:
    return "(" + part(0) + " < " + part(1) + ")";
  case Formula::LessEqual:
    return "(" + part(0) + " <= " + part(1) + ")";
  case Formula::Self:
    return "self";
  case Formula::Runs:
    return "runs in " + dump(F.Of);
  case Formula::Stopped:
    return "stopped " + dump(F.Of);
  case Formula::Not:
    return "not " + part(0);
  case Formula::And:
    return "(" + part(0) + " and " + part(1) + ")";
  case Formula::Or:
    return "(" + part(0) + " or " + part(1) + ")";
  }
  return {};
}

} // namespace tether
