// All interleavings of a scope, up to a budget, and the threads that one of them leaves waiting for
// good.
//
//   Scope ──▶ graph of moments ──▶ threads that wait in a moment from which no way on, whatever the
//                                  others do, leads to one in which they can go on
//
// See docs/design/interleavings.md.
#ifndef TETHER_PROTOCOL_EXPLORE_H
#define TETHER_PROTOCOL_EXPLORE_H

#include "protocol/World.h"

namespace tether {

/// Threads that wait for good, and how it comes to that.
struct Standstill {
  struct Waiting {
    unsigned Thread = 0;
    const Node *At = nullptr;
    bool Oversleeps = false; ///< what it waits for is there, and nobody tells it
  };
  /// The first one is what the others wait for, directly or not, or one of a circle.
  std::vector<Waiting> Threads;
  unsigned Circle = 0; ///< so many of the first ones wait for one another; 0 if they do not
  std::vector<Taken> Trace;
  Moment At;
};

/// A mutex that a function leaves locked in one way, and gives back in another.
struct LeftLocked {
  unsigned Mutex = 0;
  const Node *Locked = nullptr; ///< the lock that is not given back
  std::vector<Taken> Trace;
};

struct Exploration {
  bool OutOfBudget = false;
  unsigned Moments = 0;
  unsigned Steps = 0;            ///< what it has cost
  std::vector<Standstill> Found; ///< one for each place at which a thread waits for good
  std::vector<LeftLocked> Left;
};

/// Gives up when it has taken more than \p Budget steps.
Exploration explore(const Scope &S, unsigned Budget);

} // namespace tether

#endif
