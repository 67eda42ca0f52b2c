// Fixes of condition variables: changes under the mutex, and waiters that are told of them.
#ifndef TETHER_FIX_CONDITIONS_H
#define TETHER_FIX_CONDITIONS_H

#include "fix/Editor.h"
#include "protocol/Conditions.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tether {

/// Makes the change under the mutex of the wait, and notifies behind it, as far as either is
/// missing.
Fix tellWaiters(const Program &P, const Missed &M);

/// A statement in \p F that wakes all who wait on \p Condition; none if it cannot be written there.
std::optional<std::string> wakeAll(const Program &P, const Function &F, const Object &Condition);
/// A statement like one with something \p Wanted that a function of the class of \p F has, and that
/// means the same in \p F; none if there is none.
std::optional<std::string> asWritten(const Program &P, const Function &F,
                                     llvm::function_ref<bool(const Event &)> Wanted);
/// A declaration in \p F that holds \p Mutex; none if it cannot be written there.
std::optional<std::string> hold(const Program &P, const Function &F, const Object &Mutex,
                                llvm::StringRef Name);

} // namespace tether

#endif
