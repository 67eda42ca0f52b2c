// Fixes of handlers that keep what is to end a task.
#ifndef TETHER_FIX_HANDLERS_H
#define TETHER_FIX_HANDLERS_H

#include "fix/Editor.h"
#include "protocol/Swallowed.h"

namespace tether {

/// Lets the exception go on, by a handler of its own in front of the one that keeps it.
Fix throwAgain(const Program &P, const Function &F, const Swallowed &S);

} // namespace tether

#endif
