// What a condition or an assigned value says of state that can be followed: plain data, no AST.
//
//   Expr ──▶ Formula: and, or, not over comparisons of numbers
//
// Everything counts as a number: a flag is 0 or 1, a container how many elements it has, a pointer
// or optional 0 when there is nothing, the result of a wait, send or receive what it says of
// success. What is not understood is unknown, and says what it reads.
#ifndef TETHER_FLOW_FORMULA_H
#define TETHER_FLOW_FORMULA_H

#include "flow/Object.h"
#include <memory>
#include <string>
#include <vector>

namespace clang {
class Expr;
}

namespace tether {

class Resolver;

struct Formula {
  enum Kind : uint8_t {
    Unknown,
    Number, ///< what Of holds, and Plus; true when it is not 0
    Self,   ///< a number of the thread that asks
    Sum,    ///< of the two parts, which are numbers
    Difference,
    Equal,     ///< of the two parts, which are numbers
    Less,      ///< the first one is
    LessEqual, ///< the first one is
    Runs,      ///< the thread that Of owns is the one that asks
    Stopped,   ///< stop has been requested of the source Of, or the channel Of is closed
    Not,
    And,
    Or
  } Is = Unknown;
  Object Of; ///< null for a constant
  int64_t Plus = 0;
  std::vector<Formula> Parts;

  std::string Text;          ///< Unknown: as written
  std::vector<Object> Reads; ///< Unknown: plain state
  bool Asks = false;         ///< Unknown: calls code that may answer differently each time
  bool Certain = false;      ///< Unknown: it is not up to chance how it comes out

  static Formula constant(int64_t Value);
  static Formula number(const Object &O, int64_t Plus = 0);
  static Formula negate(Formula F);
  bool isNumber() const { return Is == Number || Is == Self || Is == Sum || Is == Difference; }
  bool isConstant() const { return Is == Number && !Of; }
};
using FormulaRef = std::shared_ptr<const Formula>;

/// The meaning of \p E, as a condition or as a value.
Formula formulaOf(const clang::Expr *E, Resolver &R);
/// What a callable returns; unknown unless it is one expression.
Formula resultOf(const clang::Expr *Callable, Resolver &R);
/// The number that a variable is initialised with, where it is a constant; null is no initialiser.
std::optional<int64_t> initialNumber(const clang::Expr *Init, Resolver &R);

/// For dumps.
std::string dump(const Formula &F);

} // namespace tether

#endif
