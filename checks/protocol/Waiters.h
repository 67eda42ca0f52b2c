// Who waits on a condition variable for which state, and who tells them of a change.
//
//   waits, with the state that ends them (`Event::EndedBy`) ──▶ Waiters of each condition variable
//   notifications                                           ──┘
//
// An event object or a semaphore that a loop waits on until some state is right is one, too; it
// remembers what it was told.
#ifndef TETHER_PROTOCOL_WAITERS_H
#define TETHER_PROTOCOL_WAITERS_H

#include "flow/HeldLocks.h"
#include "summary/Program.h"
#include <map>
#include <set>

namespace tether {

/// A wake-up that a waiter may miss.
struct Missed {
  clang::SourceLocation Where;
  Object Condition;
  std::string Why; ///< for the message
  std::vector<Step> Steps;
  std::string Advice;
  const Event *Wait = nullptr;
  const Event *Write = nullptr; ///< the change; null where the wait is at fault
  StateChange Goal;             ///< what the wait should have looked at, where that is known
  bool Unlocked = false;        ///< it is made without the mutex
  bool Unnotified = false;      ///< and nobody is told, or was told before
};

/// \p Write brings what \p Wait waits for.
bool ends(const Program &P, const Event &Write, const Event &Wait);

/// The waits on one condition variable, and what is known of the state around it.
struct Waiters {
  Object On;
  std::vector<Site> Waits; ///< that may last for ever; with those of a caller's loop
  std::vector<Site> Notifies;
  std::set<const Symbol *> Bookkeeping; ///< state that the waiting functions write: "I am asleep"
  bool Known = false;                   ///< all code that uses it is seen
  bool Remembers = false;               ///< a notification that comes before the wait is not lost
  bool Bounded = false;                 ///< others wait there for some time only

  /// The wait that \p Write ends, or null.
  const Site *waitingFor(const Program &P, const Event &Write) const;
  /// One of the waits looks at \p O.
  bool isGoal(const Program &P, const Object &O) const;
  /// \p E tells those who wait here.
  bool toldBy(const Program &P, const Event &E) const;
};

std::vector<Waiters> allWaiters(const Program &P);

/// Which mutexes are not held at a place, whoever calls the function it is in.
class NotHeld {
public:
  explicit NotHeld(const Program &P) : P(P) {}
  /// \p Mutex is surely not held; if it is not known, none is.
  bool at(const Function &F, Position At, const Object &Mutex, unsigned Depth = 0);

private:
  const Program &P;
  std::map<const Function *, HeldLocks> Locks;
};

} // namespace tether

#endif
