// Fixes of mutexes that are locked in the wrong order.
#ifndef TETHER_FIX_LOCKS_H
#define TETHER_FIX_LOCKS_H

#include "fix/Editor.h"
#include "protocol/Locks.h"

namespace tether {

/// Locks the two in the order that is kept elsewhere, where one is locked right behind the other.
Fix swapLocks(const Program &P, const LockCycle &C);

} // namespace tether

#endif
