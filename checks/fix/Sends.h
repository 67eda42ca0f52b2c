// Fixes of sends that nobody is there for.
#ifndef TETHER_FIX_SENDS_H
#define TETHER_FIX_SENDS_H

#include "fix/Editor.h"
#include "protocol/Channels.h"

namespace tether {

/// Lets the send, or receive, end by a token: that of the function, or of the source that ends who
/// receives.
Fix sendWithToken(const Program &P, const Stuck &S);

/// Who receives is started right behind the send: that comes later.
Fix sendLater(const Program &P, const Stuck &S);

} // namespace tether

#endif
