// Which mutexes are held at a place in a function.
//
//   Function ──▶ HeldLocks ──▶ at(Position): surely held, maybe held
//
// Goes by the lock and unlock events of the function, in which guards stand for their mutexes and
// calls for what they lock and leave locked. What the caller of the function holds is not known
// here.
//
// "Surely" errs to fewer: a try that may have failed, a guard that was handed on and a mutex locked
// on one path only are not held. "Maybe" errs to more.
#ifndef TETHER_FLOW_HELDLOCKS_H
#define TETHER_FLOW_HELDLOCKS_H

#include "flow/Function.h"

namespace tether {

/// The locks at one place.
struct LockSet {
  std::vector<HeldLock> Held; ///< surely, in order of the mutexes
  /// Mutexes that this function may have unlocked though others have locked them.
  std::vector<Object> Freed;
  std::vector<Object> Maybe; ///< may be held, the surely held ones included
  std::vector<Object> Ever;  ///< may have been locked by this function before
  bool Unknown = false;      ///< others may be held too

  const HeldLock *find(const Object &Mutex) const;
  bool holds(const Object &Mutex) const { return find(Mutex) != nullptr; }
  bool freed(const Object &Mutex) const;
  bool mayHold(const Object &Mutex) const;
};

class HeldLocks {
public:
  explicit HeldLocks(const Function &F);
  /// Before the event at \p At; for an event that a call has brought in, with what the functions
  /// called on the way hold there.
  LockSet at(Position At) const;
  /// Where the function returns.
  LockSet atExit() const;

private:
  static void apply(const Event &E, LockSet &S);
  static bool merge(LockSet &Into, const LockSet &S);
  void solve(std::vector<unsigned> Work);
  LockSet whereThrown() const;

  const Function &F;
  std::vector<std::optional<LockSet>> In; ///< at the beginning of each block that is reached
};

} // namespace tether

#endif
