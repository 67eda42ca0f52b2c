// Makes the automata of a scope small, without changing who may wait for whom.
#ifndef TETHER_PROTOCOL_SLICE_H
#define TETHER_PROTOCOL_SLICE_H

#include "protocol/Scope.h"

namespace tether {

/// Leaves out decisions that make no difference, and state that decides nothing; joins places from
/// which the same goes on.
void slice(Scope &S);
/// Finds the state that can be looked at and changed without regard to what others do meanwhile: it
/// belongs to one thread, nobody changes it, or it is always used under the same mutex.
void findPrivate(Scope &S);

} // namespace tether

#endif
