// Changes that waiters wait for, and whether anybody tells them.
//
//   a change that ends a wait ──▶ the ways on from it ──▶ one that notifies nobody
//   a notification            ──▶ what was changed before it ──▶ nothing that a wait looks at
#ifndef TETHER_PROTOCOL_NOTIFICATIONS_H
#define TETHER_PROTOCOL_NOTIFICATIONS_H

#include "protocol/Waiters.h"

namespace tether {

/// Changes after which some way on notifies nobody, though it has to be told: another change of
/// that kind is, other waiters are, or nobody ever tells those who wait for it.
std::vector<Missed> findUnnotified(const Program &P);
/// Notifications of a change that no wait looks at, though those who wait do when they have woken.
std::vector<Missed> findUnread(const Program &P);

} // namespace tether

#endif
