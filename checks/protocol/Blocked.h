// Threads that wait for good, as found by exploring the interleavings of the scopes of a file, in
// words.
#ifndef TETHER_PROTOCOL_BLOCKED_H
#define TETHER_PROTOCOL_BLOCKED_H

#include "summary/Program.h"

namespace tether {

struct Blocked {
  enum Cause {
    Channel, ///< one end of a channel is left waiting for the other
    Promise, ///< a latch, promise, barrier or semaphore does not get what it needs
    Other    ///< mutexes, conditions, joins, or several of all that together
  } Why = Other;
  bool LeftLocked = false;   ///< a mutex is, by At
  const Event *At = nullptr; ///< what never ends
  clang::SourceLocation Where;
  Object What;
  std::string Message;
  std::vector<Step> Steps;
  std::vector<clang::SourceLocation> Circle; ///< where threads wait for one another
  std::vector<clang::SourceLocation> Places; ///< where the threads wait that this is about
};

struct BlockedThreads {
  std::vector<Blocked> All; ///< once for each place
};
BlockedThreads findBlocked(const Program &P);
/// Those with that cause that no other check tells of.
std::vector<Blocked> findBlocked(const Program &P, Blocked::Cause Why);
/// The scopes, and what exploring them gives; for finding out why a check speaks or is silent.
void dumpScopes(const Program &P, llvm::raw_ostream &Out);

} // namespace tether

#endif
