// Whether a call ends by itself, as its arguments say: by a timeout, or at once.
//
// A timeout that is no limit in practice is none: the values that the table lists for the call, and
// durations of a year and more. Errs to "bounded": what is no constant may be finite.
#ifndef TETHER_MODEL_LIMIT_H
#define TETHER_MODEL_LIMIT_H

#include "llvm/ADT/ArrayRef.h"

namespace clang {
class ASTContext;
class Expr;
} // namespace clang

namespace tether {

struct Api;

/// The argument that bounds a call of \p A with \p Args (default arguments included), or null.
const clang::Expr *timeoutOf(const Api &A, llvm::ArrayRef<const clang::Expr *> Args,
                             const clang::ASTContext &AST);
/// The call is a try-form: by its name, or by a flag among \p Args.
bool returnsAtOnce(const Api &A, llvm::ArrayRef<const clang::Expr *> Args,
                   const clang::ASTContext &AST);

} // namespace tether

#endif
