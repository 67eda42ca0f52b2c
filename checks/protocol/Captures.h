// What a task takes along by reference, and whether that is there for as long as the task may run.
#ifndef TETHER_PROTOCOL_CAPTURES_H
#define TETHER_PROTOCOL_CAPTURES_H

#include "summary/Program.h"

namespace tether {

/// A task that may run on when something that it uses has gone.
struct Escaping {
  const Event *Spawn = nullptr;
  Capture What;
  std::vector<Step> Steps;     ///< from the start of the task to where the thing ends
  bool DestroyedFirst = false; ///< the thing ends in the same scope, before what waits for the task
};

/// The tasks that \p F starts with its own locals, or with parameters that it has by value.
/// Whatever may wait for the task settles it: a join, a wait for something, the end of an object of
/// \p F that owns the task, code that is given the owner and that we cannot see. Threads that are
/// detached, or lost with their handle, are other checks' business.
std::vector<Escaping> findEscaping(const Program &P, const Function &F, bool Strict);

} // namespace tether

#endif
