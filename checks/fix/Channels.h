// Fixes of channels one end of which is left waiting.
#ifndef TETHER_FIX_CHANNELS_H
#define TETHER_FIX_CHANNELS_H

#include "fix/Guard.h"
#include "protocol/Channels.h"

namespace tether {

/// Lets the end that waits go on: by room for what is sent, by a close, by what it waits for, or by
/// the token at hand.
Fix releaseEnd(const Program &P, const Stuck &S, const GuardStyle &Guards, Names &Given);

} // namespace tether

#endif
