// Fixes of threads that nobody waits for.
#ifndef TETHER_FIX_THREADS_H
#define TETHER_FIX_THREADS_H

#include "fix/Guard.h"
#include "protocol/Threads.h"

namespace tether {

/// Gives the variable the type that the tables name as like its own, and better.
Fix changeType(const Program &P, const Symbol *S);

/// Joins the thread on the ways on which it is lost.
Fix joinThread(const Program &P, const Unjoined &U, const GuardStyle &Guards, Names &Given);

/// Waits for the thread that \p Detach gives up; \p Spawn starts it, and may be null.
Fix keepThread(const Program &P, const Function &F, const Event &Detach, const Event *Spawn,
               const GuardStyle &Guards, Names &Given);

} // namespace tether

#endif
