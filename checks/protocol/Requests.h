// Requests: what one function makes and waits for, and another one, a task or a callback answers.
//
//   request ──▶ handed over ──▶ whoever takes it ──▶ answer
//      └──▶ wait for it                    └────▶ a failure, and no answer
//
// Who answers when all goes well is the one who has to. That an answer is not there on other ways
// may well be right: it may come later. A failure is nearly always the end.
#ifndef TETHER_PROTOCOL_REQUESTS_H
#define TETHER_PROTOCOL_REQUESTS_H

#include "protocol/Debts.h"

namespace tether {

/// Somebody waits for a part of an object, and who has taken that over fails without satisfying it.
std::vector<Owed> neverAnswered(const Program &P);
/// Somebody waits for state that only one task or callback brings, and that one ends without it.
std::vector<Owed> neverReached(const Program &P);

} // namespace tether

#endif
