// Stop requests that are not heard, or too late: the function has a token, and goes on without
// looking at it.
#ifndef TETHER_PROTOCOL_UNHEARD_H
#define TETHER_PROTOCOL_UNHEARD_H

#include "summary/Program.h"

namespace tether {

struct Unheard {
  enum Kind {
    Never,    ///< the token is not looked at at all, and What lasts
    Loop,     ///< What, a sleep or the turn of a loop without end, comes again without a look
    Pause,    ///< What is a sleep or bounded wait between two looks, and long
    Wait,     ///< What waits without end, and nothing that follows from a stop ends it
    FlagOnly, ///< the callback sets state, which does not end the wait What
    Callback  ///< What asks a callable whether to end, and that never says so
  } Why = Never;
  clang::SourceLocation Where;
  std::string Token; ///< as it would be written; empty where it has no name
  const Event *What = nullptr;
  std::optional<int64_t> Time; ///< Pause: how long at most, in milliseconds, where that is known
  std::vector<Step> Steps;
  const Symbol *By = nullptr; ///< the token, where it has a name of its own
};
/// In \p F. A pause of up to \p LongestPause milliseconds is none.
std::vector<Unheard> findUnheard(const Program &P, const Function &F, int64_t LongestPause);

} // namespace tether

#endif
