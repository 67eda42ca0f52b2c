// Fixes of waits and loops that a stop request does not end.
#ifndef TETHER_FIX_WAITS_H
#define TETHER_FIX_WAITS_H

#include "fix/Editor.h"
#include "protocol/Unheard.h"
#include "protocol/Waits.h"
#include "clang/Basic/TokenKinds.h"

namespace tether {

/// Lets a stop end the wait: by the token at hand, or by a flag that whoever joins the task sets.
Fix endOnStop(const Program &P, const Site &Wait, const Unwoken &Found, Names &Given);

/// The same for a wait that does not hear the stop that is requested.
Fix listenToStop(const Program &P, clang::SourceLocation Wait, Names &Given);

/// Lets the loop whose turn is at \p Turn end when stop is requested, where a token is at hand.
Fix leaveLoop(const Program &P, clang::SourceLocation Turn);

/// Leaves the loop around a wait when its time has passed.
Fix leaveOnTimeout(const Program &P, const Function &F, const Event &Wait);

/// Lets a loop, a sleep or a wait look at the token.
Fix hearStop(const Program &P, const Function &F, const Unheard &U, Names &Given);

/// Writes \p Token, which goes by \p Name, into the wait, and what follows if it was stopped.
void endWaitBy(Editor &E, const Program &P, const Site &Wait, const Symbol &Token,
               const std::string &Name);
/// Behind a wait that stop has ended: what was waited for is not there.
void leaveBehind(Editor &E, const Function &F, clang::SourceLocation Wait, const std::string &Stop);
/// `A && x` from `x`, in parentheses where it would be read in another way.
void joinCondition(Editor &E, const Program &P, clang::SourceRange Condition,
                   const std::string &With, clang::tok::TokenKind Operator);

} // namespace tether

#endif
