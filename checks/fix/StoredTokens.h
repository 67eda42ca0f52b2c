// Fixes of tokens that are kept for longer than what they were given for.
#ifndef TETHER_FIX_STOREDTOKENS_H
#define TETHER_FIX_STOREDTOKENS_H

#include "fix/Editor.h"

namespace tether {

/// The functions that use \p Member take the token from who calls them, and nothing keeps it: it is
/// put there by \p In, at \p Where.
Fix passInstead(const Program &P, const Symbol &Member, const Function &In,
                clang::SourceLocation Where, Names &Given);

} // namespace tether

#endif
