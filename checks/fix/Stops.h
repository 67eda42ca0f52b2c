// Fixes of tasks that do not end when they are told to.
#ifndef TETHER_FIX_STOPS_H
#define TETHER_FIX_STOPS_H

#include "fix/Editor.h"
#include "protocol/StopProtocol.h"

namespace tether {

/// Does what is missing between the stopping code and what holds the task.
Fix endTask(const Program &P, const Unstoppable &U, Names &Given);

} // namespace tether

#endif
