// Fixes of waits and loops that a stop request does not end.
#ifndef TETHER_FIX_WAITS_H
#define TETHER_FIX_WAITS_H

#include "fix/Editor.h"
#include "protocol/Unheard.h"

namespace tether {

/// Lets a stop end the wait: by the token at hand, or by a flag that whoever joins the task sets.
Fix endOnStop(const Program &P, const Site &Wait);

/// The same for a wait that does not hear the stop that is requested.
Fix listenToStop(const Program &P, clang::SourceLocation Wait);

/// Lets the loop whose turn is at \p Turn end when stop is requested, where a token is at hand.
Fix leaveLoop(const Program &P, clang::SourceLocation Turn);

/// Leaves the loop around a wait when its time has passed.
Fix leaveOnTimeout(const Program &P, const Function &F, const Event &Wait);

/// Lets a loop, a sleep or a wait look at the token.
Fix hearStop(const Program &P, const Function &F, const Unheard &U, Names &Given);

} // namespace tether

#endif
