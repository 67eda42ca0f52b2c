// Where a call could have been given a token, and was not.
#ifndef TETHER_FLOW_TOKENSLOT_H
#define TETHER_FLOW_TOKENSLOT_H

#include "flow/Resolve.h"

namespace tether {

/// \p Call is a call of \p Callee, or makes an object by it. An overload that takes a
/// token counts when it has the same parameters otherwise: anything else does another thing. Null
/// where it takes none.
std::shared_ptr<const TokenSlot> tokenSlot(const clang::Expr *Call,
                                           const clang::FunctionDecl *Callee, Resolver &R);

} // namespace tether

#endif
