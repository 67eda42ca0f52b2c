// Who holds which mutex while it waits for another one, or for another thread.
//
// All queries go by mutexes that are surely held (flow/HeldLocks.h). Mutexes are told apart by
// their field and by how they are reached; two objects of one class are never taken for one
// another.
#ifndef TETHER_PROTOCOL_LOCKS_H
#define TETHER_PROTOCOL_LOCKS_H

#include "flow/HeldLocks.h"
#include "summary/Program.h"

namespace tether {

/// A mutex is locked while others are held.
struct Nested {
  const Function *In = nullptr;
  const Event *Lock = nullptr;
  HeldLock First;                ///< the one of them that this is about
  std::vector<HeldLock> Holding; ///< all of them
  /// Between the two, where In calls a callable that was registered: the one that locks.
  std::vector<Step> Recalled = {};

  /// What would have to change: the call of the callable, or the second lock.
  clang::SourceLocation where() const {
    return Recalled.empty() ? Lock->where() : Recalled.back().Where;
  }
  /// From the first lock to the second.
  std::vector<Step> steps() const;
};

/// Two mutexes that threads may lock in both orders at the same time.
struct LockCycle {
  Nested One;   ///< the rarer order, or the one that comes later in the file
  Nested Other; ///< the opposite
};
std::vector<LockCycle> findLockCycles(const Program &P);

/// Mutexes that are locked by who holds them already, and cannot be. By a reader that is one
/// already: that hangs when a writer comes between, and counts where there is one, or with \p
/// Strict.
std::vector<Nested> findRelocked(const Program &P, bool Strict);

/// A thread holds a mutex and waits for somebody who needs that mutex first.
struct Hostage {
  const Function *In = nullptr;
  const Event *Wait = nullptr;
  HeldLock Holding;
  std::string Why;
  std::vector<Step> Steps;
};
/// A send on a channel without room is taken to be such a wait wherever others lock the mutex, too.
/// With \p All also waits of which it is not known that who ends them needs the mutex, and sleeps.
std::vector<Hostage> findHostages(const Program &P, bool All);

} // namespace tether

#endif
