// Fixes of tokens that do not come where they are needed.
#ifndef TETHER_FIX_TOKENS_H
#define TETHER_FIX_TOKENS_H

#include "fix/Editor.h"
#include "protocol/Forwarding.h"

namespace tether {

/// Brings the token of \p U, found in \p F, to where it is lost; nothing unless the call certainly
/// compiles then.
Fix forwardToken(const Program &P, const Function &F, const Unforwarded &U, Names &Given);

} // namespace tether

#endif
