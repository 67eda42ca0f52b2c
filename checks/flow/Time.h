// How long a span of time is, as far as the source says it.
#ifndef TETHER_FLOW_TIME_H
#define TETHER_FLOW_TIME_H

#include "flow/Shape.h"
#include <optional>

namespace tether {

/// In milliseconds, where \p E is a constant of a class like std::chrono::duration: one number, and
/// a ratio to seconds in its type.
std::optional<int64_t> timeOf(const clang::Expr *E, const clang::ASTContext &AST);

/// In milliseconds, what a class like std::chrono::duration counts.
std::optional<int64_t> tickOf(clang::QualType T);

/// In milliseconds, the longest that \p E is seen to be: through variables with all that is
/// assigned to them, and sums. The shortest argument of a call that picks one of several counts. \p
/// Unit is what plain numbers count, in nanoseconds. Nothing is said about what is unknown.
std::optional<int64_t> longestTime(const clang::Expr *E, int64_t Unit, const Shape &S,
                                   const clang::ASTContext &AST);

} // namespace tether

#endif
