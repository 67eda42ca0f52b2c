// Fixes that change the order of the members of a class.
#ifndef TETHER_FIX_MEMBERS_H
#define TETHER_FIX_MEMBERS_H

#include "fix/Editor.h"

namespace tether {

/// Moves the declaration of a member behind that of \p Last, and its initialisers in the
/// constructors in sight behind those of the members that it comes to stand behind.
Fix moveBehind(const Program &P, const Symbol &Member, const Symbol &Last);

/// Removes the declaration of \p Member, which nothing uses any more.
void removeMember(Editor &E, const Program &P, const Symbol &Member);

} // namespace tether

#endif
