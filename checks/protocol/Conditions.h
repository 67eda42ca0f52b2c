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
  const Event *Wait = nullptr;
  const Event *Write = nullptr; ///< the change; null where the wait is at fault
  bool Unlocked = false;        ///< it is made without the mutex
  bool Unnotified = false;      ///< and nobody is told, or was told before
};

/// Changes that waiters wait for, and some way on from them notifies nobody, although other changes
/// of that kind do.
std::vector<Missed> findUnnotified(const Program &P);
/// Changes that waiters wait for, made while no mutex is held, or after the notification.
std::vector<Missed> findUnlocked(const Program &P);
/// Waits that have looked at no state since the mutex was taken.
std::vector<Missed> findBlindWaits(const Program &P);

} // namespace tether

#endif
