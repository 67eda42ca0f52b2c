// What keeps a task from ending, and what lets go of it.
//
//   task ──▶ its body ──▶ waits and loops that last until somebody ends them
//                           ▲ tells: what they look at changes, or a stop is requested
//                           ▲ wakes: a notification, a value, a close, for who sleeps
//
// A wait that looks at state needs both, in whatever order. All is in the terms of the function
// that starts the task. What is not understood may tell and may wake, which errs to silence.
#ifndef TETHER_PROTOCOL_HOLDS_H
#define TETHER_PROTOCOL_HOLDS_H

#include "summary/Program.h"

namespace tether {

/// A wait or a loop in the body of a task that lasts until somebody ends it.
struct Hold {
  const Task *Of = nullptr;
  const Event *What = nullptr; ///< one of the inner events of the spawn

  bool waits() const { return !What->is(Role::Turn); }
  /// A loop that nothing it looks at ends.
  bool hasNoWayOut() const {
    return What->is(Role::Turn) && What->Endless && !What->LoopHasOtherExit;
  }
  /// In the kernel, for a descriptor or the like: how it is set up is not always seen.
  bool isKernelWait() const;
  /// Nothing but what it looks at ends it, and all of that is known.
  bool needsTelling(const Program &P) const;
};

/// The holds of \p T, in the order of its body.
std::vector<Hold> holdsOf(const Program &P, const Task &T);

/// \p Turn, of a loop in the body of \p T, may be the last one without anybody's help.
bool mayEndItself(const Program &P, const Task &T, const Event &Turn);
/// The loop of \p Turn is around what \p E says, or around a call that leads there.
bool isAround(const Program &P, const Event &Turn, const Event &E);

/// The two may name the same thing. Members of one name that are reached through two different
/// members are two things.
bool maybeSamePlace(const Program &P, const Object &A, const Object &B);

/// \p E changes what the hold looks at into what ends it, or may do so.
bool tells(const Program &P, const Event &E, const Hold &H);
/// \p E wakes the hold, or may do so.
bool wakes(const Program &P, const Event &E, const Hold &H);
/// \p E requests a stop of the task: by its handle, or by a source whose token it has.
bool requestsStop(const Program &P, const Event &E, const Task &T);
/// Code that we cannot see may change what the hold looks at, or wake it. Such code may do so
/// \p Anyhow, or only if it was handed the object: members that others can name are not meant then.
bool isForeign(const Program &P, const Hold &H, bool Anyhow);

} // namespace tether

#endif
