// How long sleeps and waits with a timeout last, and whether whoever stops the work ends a wait.
#ifndef TETHER_PROTOCOL_PAUSES_H
#define TETHER_PROTOCOL_PAUSES_H

#include "summary/Program.h"

namespace tether {

/// A wait that ends by itself, and that nobody who stops the work ends sooner.
bool isPause(const Program &P, const Function &F, const Event &E);

/// In milliseconds; of a member or parameter, the longest that callers are seen to give.
std::optional<int64_t> longestPause(const Program &P, const Event &E);

/// A function that waits for the time that it is given, or until the token that it is given says
/// so; null if this translation unit calls none.
const Function *stoppablePause(const Program &P);

/// The wait \p E of \p F, which has no end by itself, may be ended by code that runs when things
/// end.
bool mayEndWithStop(const Program &P, const Function &F, const Event &E);

} // namespace tether

#endif
