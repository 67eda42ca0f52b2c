// What lives on by reference in a task or callback, and whether that is there for as long as it may
// run.
#ifndef TETHER_PROTOCOL_CAPTURES_H
#define TETHER_PROTOCOL_CAPTURES_H

#include "summary/Program.h"

namespace tether {

/// Something that may run on when what it uses has gone.
struct Escaping {
  enum { Task, Callback, Coroutine } Is = Task;
  const Event *Start = nullptr; ///< Spawn, Store or Call
  Capture What;
  std::vector<Step> Steps;     ///< from there to where the thing ends
  bool DestroyedFirst = false; ///< the thing ends in the same scope, before what waits for the task
};

/// What \p F starts, or leaves behind, with its own locals, with parameters that it has by value,
/// with temporaries, or with callables that may be temporaries of its caller:
///
/// - tasks;
/// - callables that it keeps in a global, or where the tasks of a class take what they run;
/// - coroutines that nobody awaits.
///
/// Whatever may wait for the end settles it: a join, a wait for something, the end of an object of
/// \p F that owns the task, code that is given the owner and that we cannot see; for a callable,
/// whatever takes it out again. Threads that are detached, or lost with their handle, are other
/// checks' business.
std::vector<Escaping> findEscaping(const Program &P, const Function &F, bool Strict);

} // namespace tether

#endif
