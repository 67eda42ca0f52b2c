// Fixes of handles that are dropped, overwritten or not triggered.
#ifndef TETHER_FIX_HANDLES_H
#define TETHER_FIX_HANDLES_H

#include "fix/Guard.h"
#include "protocol/Forwarding.h"
#include "protocol/Handles.h"
#include <optional>

namespace tether {

/// Gives what \p E makes a longer life: a name, if it is a temporary; if it has one, a declaration
/// in the block around its own.
Fix keepAlive(const Program &P, const Function &F, const Event &E, Names &Given);

/// Gives a name to what \p E takes a token from and lets go of.
Fix keepSource(const Program &P, const Function &F, const Event &E, Names &Given);

/// Triggers the handle on the ways on which it is lost.
Fix triggerOnWays(const Program &P, const Function &F, const Handle &H,
                  const std::vector<Path> &Ways, const GuardStyle &Guards, Names &Given);

/// Triggers a source in front of the statement at \p At.
Fix triggerBefore(const Program &P, const Function &F, clang::SourceLocation At,
                  const Object &Source);

/// Triggers \p Source where \p Stop triggers another one.
Fix triggerBeside(const Program &P, const Event &Stop, const Object &Source);

/// Triggers a member where its class ends its work, before that waits for \p Listener.
Fix triggerAtTheEnd(const Program &P, const Symbol *Source, const Task &Listener);

/// \p Stop triggers a source that nobody listens to: triggers what the tasks of its class listen
/// to.
Fix triggerTasks(const Program &P, const Symbol *Source, const Event &Stop);

/// Stops the source of \p U when its token, which goes by the name \p Token there, is stopped.
Fix linkSource(const Program &P, const Function &F, const Unforwarded &U,
               std::optional<std::string> Token, Names &Given);

} // namespace tether

#endif
