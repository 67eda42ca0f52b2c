#include "flow/Time.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace tether {

constexpr double Second = 1e9; // in nanoseconds, as all here

/// What one tick of a duration class lasts.
static std::optional<double> nanosecondsPerTick(QualType T) {
  auto isRatio = [](const TemplateArgument &A) -> std::optional<double> {
    const auto *Ratio =
        A.getKind() == TemplateArgument::Type
            ? dyn_cast_or_null<ClassTemplateSpecializationDecl>(A.getAsType()->getAsCXXRecordDecl())
            : nullptr;
    if (!Ratio || Ratio->getTemplateArgs().size() != 2 ||
        Ratio->getTemplateArgs()[0].getKind() != TemplateArgument::Integral ||
        Ratio->getTemplateArgs()[1].getKind() != TemplateArgument::Integral)
      return std::nullopt;
    auto part = [&](unsigned I) {
      return Ratio->getTemplateArgs()[I].getAsIntegral().roundToDouble();
    };
    return part(1) == 0 ? std::nullopt : std::optional(part(0) / part(1) * Second);
  };
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      T.getNonReferenceType()->getAsCXXRecordDecl());
  if (!Spec || !Spec->hasDefinition() || Spec->getTemplateArgs().size() != 2 ||
      std::distance(Spec->field_begin(), Spec->field_end()) != 1 ||
      !Spec->field_begin()->getType()->isArithmeticType())
    return std::nullopt;
  return isRatio(Spec->getTemplateArgs()[1]);
}

static std::optional<double> number(const APValue &V) {
  if (V.isInt())
    return V.getInt().roundToDouble();
  if (V.isFloat())
    return V.getFloat().convertToDouble();
  return std::nullopt;
}

static std::optional<double> constant(const Expr *E, double Unit, const ASTContext &AST) {
  std::optional<double> Tick =
      E->getType()->isArithmeticType() ? std::optional(Unit) : nanosecondsPerTick(E->getType());
  Expr::EvalResult V;
  if (!Tick || *Tick == 0 || E->isValueDependent() || !E->EvaluateAsRValue(V, AST))
    return std::nullopt;
  std::optional<double> Count =
      V.Val.isStruct() && V.Val.getStructNumFields() == 1 && V.Val.getStructNumBases() == 0
          ? number(V.Val.getStructField(0))
          : number(V.Val);
  return Count ? std::optional(*Count * *Tick) : std::nullopt;
}

namespace {
struct Estimate {
  double Unit;
  const Shape &S;
  const ASTContext &AST;
  llvm::DenseSet<const ValueDecl *> Open; ///< a variable that depends on itself grows: unknown

  using Time = std::optional<double>;
  static Time longer(Time A, Time B) { return A && B ? std::max(*A, *B) : A ? A : B; }
  static Time shorter(Time A, Time B) { return A && B ? std::min(*A, *B) : A ? A : B; }

  Time of(const Expr *E) {
    E = strip(E);
    if (!E)
      return std::nullopt;
    if (Time Known = constant(E, Unit, AST))
      return Known;
    if (const auto *D = dyn_cast<DeclRefExpr>(E))
      return variable(D->getDecl());
    if (const auto *M = dyn_cast<MemberExpr>(E)) {
      const auto *F = dyn_cast<FieldDecl>(M->getMemberDecl());
      return F && F->hasInClassInitializer() && F->getInClassInitializer()
                 ? of(F->getInClassInitializer())
                 : std::nullopt;
    }
    if (const auto *C = dyn_cast<ConditionalOperator>(E))
      return longer(of(C->getTrueExpr()), of(C->getFalseExpr()));
    if (const auto *B = dyn_cast<BinaryOperator>(E))
      return combined(B->getOpcode() == BO_Add || B->getOpcode() == BO_Mul, B->getLHS(),
                      B->getRHS());
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(E))
      return Op->getNumArgs() == 2
                 ? combined(Op->getOperator() == OO_Plus || Op->getOperator() == OO_Star,
                            Op->getArg(0), Op->getArg(1))
                 : std::nullopt;
    Time Result;
    if (const auto *C = dyn_cast<CXXConstructExpr>(E)) { // from a number, or from another unit
      double Outer = std::exchange(Unit, nanosecondsPerTick(C->getType()).value_or(0));
      for (const Expr *A : C->arguments())
        Result = longer(Result, of(A));
      Unit = Outer;
    } else if (const auto *C = dyn_cast<CallExpr>(E)) {
      for (const Expr *A : C->arguments())
        Result = shorter(Result, of(A));
    }
    return Result;
  }

private:
  /// What is subtracted or divided by makes a span shorter by nobody knows how much.
  Time combined(bool Grows, const Expr *L, const Expr *R) {
    return Grows ? longer(of(L), of(R)) : std::nullopt;
  }
  Time variable(const ValueDecl *D) {
    const auto *V = dyn_cast<VarDecl>(D);
    if (!V || !Open.insert(V).second)
      return std::nullopt;
    Time Result = V->getInit() && !isa<ParmVarDecl>(V) ? of(V->getInit()) : std::nullopt;
    if (auto It = S.Assigned.find(V); It != S.Assigned.end())
      for (const Expr *E : It->second)
        Result = longer(Result, of(E));
    Open.erase(V);
    return Result;
  }
};
} // namespace

static std::optional<int64_t> milliseconds(std::optional<double> Time) {
  constexpr double Longest = 1e18; // fits into the result
  if (!Time)
    return std::nullopt;
  return static_cast<int64_t>(std::clamp(*Time, 0.0, Longest * 1e6) / 1e6);
}

std::optional<int64_t> tickOf(QualType T) { return milliseconds(nanosecondsPerTick(T)); }

std::optional<int64_t> timeOf(const Expr *E, const ASTContext &AST) {
  return nanosecondsPerTick(E->getType()) ? milliseconds(constant(E, 0, AST)) : std::nullopt;
}

std::optional<int64_t> longestTime(const Expr *E, int64_t Unit, const Shape &S,
                                   const ASTContext &AST) {
  return milliseconds(Estimate{static_cast<double>(Unit), S, AST, {}}.of(E));
}

} // namespace tether
