// The edits that fixes are made of. Each refuses (returns nothing) where it cannot be sure: in
// macros, or where the statement is not on a line of its own.
#ifndef TETHER_FIX_EDITS_H
#define TETHER_FIX_EDITS_H

#include "clang/Basic/Diagnostic.h"
#include <set>
#include <string>
#include <vector>

namespace tether {

class Object;
class Program;
struct Event;
struct Symbol;
struct TokenSlot;

/// A statement of its own in front of the statement that starts the line of \p At, indented alike.
std::vector<clang::FixItHint> insertBefore(const Program &P, clang::SourceLocation At,
                                           const std::string &Statement);

/// Triggers \p Source in front of the statement at \p At, by the method that the tables name for
/// its type; nothing if they name none.
std::vector<clang::FixItHint> triggerBefore(const Program &P, clang::SourceLocation At,
                                            const Object &Source);

/// Gives the discarded temporary of \p E a name, so that it lives to the end of its block. The name
/// is one that nothing here has yet, those in \p Given included, and is added to them.
std::vector<clang::FixItHint> nameTemporary(const Program &P, const Event &E,
                                            std::set<std::string> &Given);

/// Moves the declaration of a member, which has a line of its own, behind that of \p Last.
std::vector<clang::FixItHint> moveBehind(const Program &P, const Symbol &Member,
                                         const Symbol &Last);

/// Writes \p Token where a call can take it; nothing unless the call certainly compiles then.
std::vector<clang::FixItHint> passToken(const TokenSlot &Slot, const Object &Token);

} // namespace tether

#endif
