// Condition variables: who changes the state that waiters look at, and whether they hear of it.
//
// A wait says with its predicate, or the loop around it, which state has to change, and how
// (`Event::EndedBy`). A change that reaches that has to be made under the waiter's mutex and to be
// followed by a notification; whatever else goes on with the state is nobody's business here.
#ifndef TETHER_PROTOCOL_CONDITIONS_H
#define TETHER_PROTOCOL_CONDITIONS_H

#include "summary/Program.h"

namespace tether {

/// A wake-up that a waiter may miss.
struct Missed {
  clang::SourceLocation Where;
  Object Condition;
  std::string Why; ///< for the message
  std::vector<Step> Steps;
  std::string Advice;
};

/// A change in \p F that waiters wait for, and some way on from it notifies nobody, although other
/// changes of that kind do.
std::vector<Missed> findUnnotified(const Program &P, const Function &F);
/// A change in \p F that waiters wait for is made while no mutex is held, or after the
/// notification.
std::vector<Missed> findUnlocked(const Program &P, const Function &F);
/// \p F goes to sleep without having looked at any state since it took the mutex.
std::vector<Missed> findBlindWaits(const Program &P, const Function &F);

} // namespace tether

#endif
