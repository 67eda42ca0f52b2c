// Latches and barriers: whether as many come as are waited for.
#ifndef TETHER_PROTOCOL_MEETINGS_H
#define TETHER_PROTOCOL_MEETINGS_H

#include "protocol/Debts.h"

namespace tether {

/// Something of \p F waits for more than comes, or before all who have to come are started.
std::vector<Owed> countsShort(const Program &P, const Function &F);
/// An exception takes \p F past the barrier at which others wait for it, and nobody tells them.
std::vector<Owed> leftMeeting(const Program &P, const Function &F);

} // namespace tether

#endif
