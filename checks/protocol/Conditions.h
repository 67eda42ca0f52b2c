// Condition variables have no memory: what a waiter looks at must be changed under its mutex, and
// looked at under it.
//
//   a change, without that mutex ──▶ the notification after it is lost between look and sleep
//   a wait that has not looked   ──▶ the change, and its notification, came before
#ifndef TETHER_PROTOCOL_CONDITIONS_H
#define TETHER_PROTOCOL_CONDITIONS_H

#include "protocol/Waiters.h"

namespace tether {

/// Changes that waiters wait for, made while the mutex of the wait is not held, or after the
/// notification.
std::vector<Missed> findUnlocked(const Program &P);
/// Waits that may begin though what they wait for has come: it was not looked at since the mutex
/// was taken.
std::vector<Missed> findUnseen(const Program &P);

} // namespace tether

#endif
