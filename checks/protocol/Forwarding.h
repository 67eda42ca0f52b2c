// Work that could be stopped by the token at hand, and does not get it.
#ifndef TETHER_PROTOCOL_FORWARDING_H
#define TETHER_PROTOCOL_FORWARDING_H

#include "summary/Program.h"

namespace tether {

struct Unforwarded {
  enum Kind {
    Direct,   ///< Call could have been given the token
    Behind,   ///< a call that Call leads to could have been, through functions without one
    Child,    ///< Call is given a token of Other, a source that nothing links to the token
    Bundle,   ///< Call is given Other, in which the token was left out
    Replaced, ///< Call takes the token's place by one that nobody stops
    Task,     ///< Call is in a task that was started without the token
    OwnToken  ///< Call is in a task whose thread has a token, and gets none
  } Why = Direct;
  const Event *Call = nullptr;
  Object Token;                    ///< OwnToken: the thread
  const TokenSlot *Slot = nullptr; ///< of the call, or of the one behind it; if any
  Object Other;
  std::vector<Step> Steps;
  const Event *Spawn = nullptr; ///< Task, OwnToken: what starts the task
};

/// Calls of \p F.
std::vector<Unforwarded> findUnforwarded(const Program &P, const Function &F);

/// \p Call gets the token of a source that this function made, and that nobody else has: nobody
/// stops it. The source, or null.
Object freshSource(const Program &P, const Function &F, const Event &Call);
/// With the token, \p Call would end sooner: its slot is worth something.
bool isWorthwhile(const Program &P, const Event &Call);

/// The tokens of \p F that are lost on the way: replaced, or left out of a bundle.
std::vector<Unforwarded> findLost(const Program &P, const Function &F);
/// What tasks that \p F starts do without its token, or without that of their thread.
std::vector<Unforwarded> findTasksWithout(const Program &P, const Function &F);

} // namespace tether

#endif
