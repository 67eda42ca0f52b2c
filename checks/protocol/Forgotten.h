// Promises and callbacks that a class keeps for others, and forgets when it is closed.
#ifndef TETHER_PROTOCOL_FORGOTTEN_H
#define TETHER_PROTOCOL_FORGOTTEN_H

#include "protocol/Debts.h"

namespace tether {

/// Code that settles everything of one kind forgets others of the same class.
std::vector<Owed> forgottenOnes(const Program &P);

} // namespace tether

#endif
