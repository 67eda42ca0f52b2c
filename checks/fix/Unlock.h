// Fixes of mutexes that are held for too long: while their holder waits, or locks them again; or
// for good.
#ifndef TETHER_FIX_UNLOCK_H
#define TETHER_FIX_UNLOCK_H

#include "fix/Editor.h"
#include "flow/HeldLocks.h"

namespace tether {

/// Gives \p Held, which \p F holds by a guard, back before \p Waits, and takes it again behind that
/// where it is still needed.
Fix unlockBefore(const Program &P, const Function &F, const HeldLock &Held, const Event &Waits);

/// Unlocks on the ways that leave locked what \p Lock locks.
Fix unlockOnWays(const Program &P, const Event &Lock);

} // namespace tether

#endif
