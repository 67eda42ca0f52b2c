// Fixes of chains of tokens that grow.
#ifndef TETHER_FIX_CHAINS_H
#define TETHER_FIX_CHAINS_H

#include "fix/Editor.h"
#include "protocol/Chains.h"

namespace tether {

/// Gives what is linked a variable of its own, which ends with the turn or the call.
Fix cutChain(const Program &P, const Function &F, const Chain &C, Names &Given);

} // namespace tether

#endif
