#include "model/Limit.h"
#include "model/ApiTable.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

static std::string text(const Expr &E, const ASTContext &AST) {
  auto Range = CharSourceRange::getTokenRange(E.getSourceRange());
  return Lexer::getSourceText(AST.getSourceManager().getExpansionRange(Range),
                              AST.getSourceManager(), AST.getLangOpts())
      .str();
}

/// The largest unsigned number is the same as -1 in a table.
static int64_t bits(const llvm::APSInt &Value) {
  return Value.isRepresentableByInt64() ? Value.getExtValue()
                                        : static_cast<int64_t>(Value.getLimitedValue());
}

static std::optional<llvm::APSInt> integer(const Expr &E, const ASTContext &AST) {
  Expr::EvalResult V;
  if (E.isValueDependent() || !E.getType()->isIntegralOrEnumerationType() ||
      !E.EvaluateAsInt(V, AST))
    return std::nullopt;
  return V.Val.getInt();
}

//===----------------------------------------------------------------------===//
// Durations, known by their shape: a number that counts fractions of a second
//===----------------------------------------------------------------------===//

/// The length of one tick in seconds, of a class like duration<Rep, ratio<Num, Den>>.
static std::optional<double> tickOf(const CXXRecordDecl *Class) {
  const auto *Duration = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Class);
  if (!Duration || Duration->getTemplateArgs().size() != 2 ||
      Duration->getTemplateArgs()[1].getKind() != TemplateArgument::Type)
    return std::nullopt;
  const auto *Ratio = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Duration->getTemplateArgs()[1].getAsType()->getAsCXXRecordDecl());
  if (!Ratio || Ratio->getTemplateArgs().size() != 2 ||
      !llvm::all_of(Ratio->getTemplateArgs().asArray(), [](const TemplateArgument &A) {
        return A.getKind() == TemplateArgument::Integral;
      }))
    return std::nullopt;
  double Num = Ratio->getTemplateArgs()[0].getAsIntegral().roundToDouble(),
         Den = Ratio->getTemplateArgs()[1].getAsIntegral().roundToDouble();
  return Den > 0 ? std::optional(Num / Den) : std::nullopt;
}

/// The seconds in \p V, a duration or a class around one, such as a point in time.
static std::optional<double> secondsIn(const APValue &V, const CXXRecordDecl *Class) {
  if (!Class || !V.isStruct() || V.getStructNumFields() != 1)
    return std::nullopt;
  const APValue &Field = V.getStructField(0);
  if (std::optional<double> Tick = tickOf(Class)) {
    if (Field.isInt())
      return Field.getInt().roundToDouble() * *Tick;
    if (Field.isFloat())
      return Field.getFloat().convertToDouble() * *Tick;
    return std::nullopt;
  }
  return secondsIn(Field, Class->field_begin()->getType()->getAsCXXRecordDecl());
}

/// A constant of a year and more, or the sum of one and something else: now() + hours(24 * 365).
static bool isYears(const Expr &E, const ASTContext &AST) {
  const Expr *Plain = E.IgnoreUnlessSpelledInSource();
  if (const auto *Sum = dyn_cast<CXXOperatorCallExpr>(Plain);
      Sum && Sum->getOperator() == OO_Plus && Sum->getNumArgs() == 2)
    return isYears(*Sum->getArg(0), AST) || isYears(*Sum->getArg(1), AST);
  const CXXRecordDecl *Class = E.getType()->getAsCXXRecordDecl();
  Expr::EvalResult V;
  if (!Class || !E.EvaluateAsRValue(V, AST) || V.HasSideEffects)
    return false;
  constexpr double Year = 365.0 * 24 * 60 * 60;
  std::optional<double> Seconds = secondsIn(V.Val, Class);
  return Seconds && *Seconds >= Year;
}

//===----------------------------------------------------------------------===//
// What the table lists
//===----------------------------------------------------------------------===//

static bool isListed(const Api &A, const Expr &Timeout, const ASTContext &AST) {
  const std::string Text = text(Timeout, AST);
  const std::optional<llvm::APSInt> Value = integer(Timeout, AST);
  auto *Unchanging = const_cast<ASTContext *>(&AST); // the question below only looks at it
  const bool IsNull = Timeout.isNullPointerConstant(
                          *Unchanging, Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull;
  return llvm::any_of(A.Infinite, [&](const std::string &Infinite) {
    if (Infinite == "null")
      return IsNull;
    int64_t Number;
    if (!StringRef(Infinite).getAsInteger(0, Number))
      return Value && bits(*Value) == Number;
    return StringRef(Text).ends_with(Infinite);
  });
}

const Expr *timeoutOf(const Api &A, llvm::ArrayRef<const Expr *> Args, const ASTContext &AST) {
  if (!A.Timeout || *A.Timeout >= Args.size())
    return nullptr;
  const Expr *Timeout = Args[*A.Timeout];
  if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(Timeout))
    Timeout = Default->getExpr();
  if (Timeout->isValueDependent())
    return Timeout;
  return isListed(A, *Timeout, AST) || isYears(*Timeout, AST) ? nullptr : Timeout;
}

bool returnsAtOnce(const Api &A, llvm::ArrayRef<const Expr *> Args, const ASTContext &AST) {
  if (!A.Blocks)
    return true;
  if (!A.Flags || *A.Flags >= Args.size() || isa<CXXDefaultArgExpr>(Args[*A.Flags]))
    return false;
  const Expr &Flags = *Args[*A.Flags];
  const std::optional<llvm::APSInt> Value = integer(Flags, AST);
  if (!Value)
    return true;
  const std::string Text = text(Flags, AST);
  return llvm::any_of(A.NonBlocking, [&](const std::string &Word) {
    int64_t Bit;
    if (!StringRef(Word).getAsInteger(0, Bit))
      return (bits(*Value) & Bit) != 0;
    return StringRef(Text).contains(Word);
  });
}

} // namespace tether
