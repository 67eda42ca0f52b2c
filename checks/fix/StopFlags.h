// Fixes of waits by a flag of their class that says that the work is over.
#ifndef TETHER_FIX_STOPFLAGS_H
#define TETHER_FIX_STOPFLAGS_H

#include "fix/Editor.h"

namespace tether {

/// The wait ends by a flag: the one that the class has, or one that is set before its task is
/// joined, or before \p Setter stops who would wake it.
Fix endByFlag(const Program &P, const Site &W, const Site &Setter);

/// The predicate of the wait also looks at \p Flag.
void addToPredicate(Editor &E, const Program &P, const Site &W, const std::string &Flag);

/// Where \p Setter sets a flag that is looked at before the wait on a channel, that is closed.
Fix closeWhereSet(const Program &P, const Site &W, const Site &Setter);

} // namespace tether

#endif
