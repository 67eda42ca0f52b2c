// Fixes of what somebody waits for and does not come.
#ifndef TETHER_FIX_PROMISES_H
#define TETHER_FIX_PROMISES_H

#include "fix/Editor.h"
#include "protocol/Promises.h"

namespace tether {

/// Settles it where it is missed, as it is settled elsewhere.
Fix settle(const Program &P, const Owed &O);

} // namespace tether

#endif
