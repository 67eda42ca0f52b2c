// Handlers that keep the exception by which a task is told to end.
#ifndef TETHER_PROTOCOL_SWALLOWED_H
#define TETHER_PROTOCOL_SWALLOWED_H

#include "summary/Program.h"

namespace tether {

struct Swallowed {
  const Handler *By = nullptr;
  /// The thread that is cancelled, whose unwinding no handler may keep; null where the exception is
  /// one that code throws when it hears of a stop.
  Object Thread;
  std::vector<Step> Steps;
  const Event *Request = nullptr; ///< cancels the thread
  const Event *Thrown = nullptr;  ///< by code: there
};

/// By handlers of \p F.
std::vector<Swallowed> findSwallowed(const Program &P, const Function &F);

} // namespace tether

#endif
