// What becomes of a token that a function was given: whether it is looked at in time, and whether
// it is handed on.
//
// To look at a token is to poll it, to wait with it or to hand it on. Anything that may be a way of
// doing so counts, which errs to silence.
#ifndef TETHER_PROTOCOL_TOKENS_H
#define TETHER_PROTOCOL_TOKENS_H

#include "summary/Program.h"
#include <set>

namespace tether {

/// A stop request that is not heard, or too late.
struct Unheard {
  enum Kind {
    Never,   ///< the token is not looked at at all, and What lasts
    Loop,    ///< What, a sleep or the turn of a loop without end, comes again without a look
    Pause,   ///< What is a sleep or bounded wait between two looks, and long
    FlagOnly ///< the callback sets state, which does not end the wait What
  } Why = Never;
  clang::SourceLocation Where;
  const Symbol *Token = nullptr; ///< null where it has no name of its own
  const Event *What = nullptr;
  std::optional<int64_t> Time; ///< Pause: how long at most, in milliseconds
  std::vector<Step> Steps;
};
/// In \p F. A pause of up to \p LongestPause milliseconds is none. Of the waits in \p Told somebody
/// else tells.
std::vector<Unheard> findUnheard(const Program &P, const Function &F, int64_t LongestPause,
                                 const std::set<clang::SourceLocation> &Told);

/// A call that does not get the token at hand.
struct Unforwarded {
  const Event *Call = nullptr;
  const Symbol *Token = nullptr;
  const TokenSlot *Slot = nullptr; ///< of the call, or of one that it leads to
  bool Direct = true;              ///< the slot is that of Call
  Object Child;                    ///< the source whose token it gets instead, if any
  std::vector<Step> Steps;
};
std::vector<Unforwarded> findUnforwarded(const Program &P, const Function &F);

} // namespace tether

#endif
