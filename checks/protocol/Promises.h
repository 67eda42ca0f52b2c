// What is owed to those who wait, and the paths on which it never comes.
//
//   a wait ──▶ what ends it: a send, a change of the state it reads ──▶ who does that
//          ──▶ a path of theirs that does not
//
// A debt goes by the names of what is waited for; instances of a class are not told apart. Calls
// count as settling it when each path through the callee does. Whatever is handed to code that we
// cannot see is settled. All of this errs to silence.
#ifndef TETHER_PROTOCOL_PROMISES_H
#define TETHER_PROTOCOL_PROMISES_H

#include "protocol/Debts.h"

namespace tether {

/// A debt that is not settled.
struct Owed {
  clang::SourceLocation Where; ///< where the path ends, or where the wait is
  Object What;                 ///< what somebody waits for
  std::string Why;
  std::vector<Step> Steps;
  enum Kind {
    Missed,   ///< a path does not settle it
    Early,    ///< it is waited for in the loop that starts those who settle it
    Forgotten, ///< code that settles another one leaves it out
    Other
  } Is = Other;
  std::optional<Miss> Path = {};         ///< Missed
  const Event *Wait = nullptr;           ///< Missed, Early: who waits
  const Function *In = nullptr;          ///< Early: of the wait; Forgotten: the code
  const Symbol *InPlaceOf = nullptr;     ///< Forgotten: what is settled
};

/// Somebody waits for something that \p F made, and a path through \p F, a task that it starts or a
/// function that it calls leaves without settling it.
std::vector<Owed> neverDelivered(const Program &P, const Function &F);
/// State that a wait reads is changed for the time of some work, and a path leaves it so.
std::vector<Owed> leftUnfinished(const Program &P);
/// Somebody waits for a member that only a task sends to, and a path of the task does not.
std::vector<Owed> neverDeliveredMembers(const Program &P);
/// A permit is taken, and not given back on some path of the function that gives it back on others.
std::vector<Owed> notGivenBack(const Program &P);
/// What can be fulfilled once is fulfilled again on some path of \p F.
std::vector<Owed> settledTwice(const Program &P, const Function &F);
/// Something of \p F waits for more than comes, or before all who have to come are started.
std::vector<Owed> countsShort(const Program &P, const Function &F);
/// Code that settles everything of one kind forgets others of the same class.
std::vector<Owed> forgottenOnes(const Program &P);

} // namespace tether

#endif
