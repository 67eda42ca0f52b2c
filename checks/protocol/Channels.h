// The two ends of a channel: who sends, who receives, and who leaves the other one waiting.
#ifndef TETHER_PROTOCOL_CHANNELS_H
#define TETHER_PROTOCOL_CHANNELS_H

#include "summary/Program.h"

namespace tether {

/// One end of a channel that waits for ever.
struct Stuck {
  const Event *End = nullptr; ///< the send or receive that blocks
  Object Channel;
  std::string Why;
  std::vector<Step> Steps;
  bool Joined = false; ///< who started the task waits for its end where it is stuck
};

/// A task that \p F starts sends to, or receives from, a channel of \p F, and a path to the end of
/// the channel's scope leaves it waiting.
/// With \p Strict, code we cannot see is taken not to be the other end.
std::vector<Stuck> abandonedByStarter(const Program &P, const Function &F, bool Strict);
/// The receivers of a channel leave when stop is requested, and a task goes on sending.
std::vector<Stuck> receiversLeave(const Program &P);

} // namespace tether

#endif
