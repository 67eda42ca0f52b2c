// Threads that are members, and the members that they use: which of them is there for longer.
//
// Members begin in the order in which they are declared, and end in the opposite order.
#ifndef TETHER_PROTOCOL_MEMBERORDER_H
#define TETHER_PROTOCOL_MEMBERORDER_H

#include "summary/Program.h"

namespace tether {

/// The body of a task uses a member that is not there for as long as the task runs.
struct Misordered {
  const Symbol *Thread = nullptr; ///< the member that waits for the task when it is destroyed
  const Symbol *Member = nullptr; ///< declared behind it
  const Symbol *Last = nullptr;   ///< the last such member
  const Event *Spawn = nullptr;
  clang::SourceLocation Use;
  bool AtStart = false;   ///< the task starts before the member begins
  bool AtEnd = false;     ///< the member ends before the task
  bool Inherited = false; ///< the thread belongs to a base class of the member's
};

/// One for each member that owns a task, and one for each class whose base class owns one that runs
/// its virtual functions. None where the destructor waits for the task first, and none where the
/// destructor cannot be seen.
/// Members whose end does nothing count for the start only, unless \p Strict: their storage is
/// there until the whole object is gone.
std::vector<Misordered> findMisordered(const Program &P, bool Strict);

} // namespace tether

#endif
