// Fixes of tasks that use what may be gone.
#ifndef TETHER_FIX_CAPTURES_H
#define TETHER_FIX_CAPTURES_H

#include "fix/Editor.h"
#include "protocol/Captures.h"

namespace tether {

/// Gives the task a copy.
Fix captureCopy(const Program &P, const Escaping &E);

} // namespace tether

#endif
