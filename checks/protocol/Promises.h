// Promises, latches and the like that somebody waits for, and the paths on which they are not
// satisfied.
//
//   a wait ──▶ what it waits on ──▶ who made it, who has to satisfy it ──▶ a path of theirs that
//   does not
//
// A debt goes by the names of what is waited for; instances of a class are not told apart. Calls
// count as settling it when each path through the callee does. Whatever is handed to code that we
// cannot see is settled. All of this errs to silence.
#ifndef TETHER_PROTOCOL_PROMISES_H
#define TETHER_PROTOCOL_PROMISES_H

#include "protocol/Debts.h"

namespace tether {

/// Somebody waits for something that \p F made, and a path through \p F, a task that it starts or a
/// function that it calls leaves without settling it.
std::vector<Owed> neverDelivered(const Program &P, const Function &F);
/// Somebody waits for a member that only a task sends to, and a path of the task does not.
std::vector<Owed> neverDeliveredMembers(const Program &P);
/// What can be fulfilled once is fulfilled again on some path of \p F.
std::vector<Owed> settledTwice(const Program &P, const Function &F);

} // namespace tether

#endif
