// The code that is to end a task, and what it does on its ways to the join.
//
//   a task ──▶ who waits for its end: a destructor, stop(), close(), the function that started it
//          ──▶ what comes before that on every way, on some, only after it, or never
#ifndef TETHER_PROTOCOL_STOPS_H
#define TETHER_PROTOCOL_STOPS_H

#include "summary/Program.h"

namespace tether {

/// A place where somebody waits for the end of a task.
struct Stop {
  const Function *In = nullptr; ///< null: a destructor that is not written
  const Event *Join = nullptr;
  Position From, At; ///< where its way begins, and where the join is
  clang::SourceLocation Where;
  std::string Name; ///< of the function, quoted
};

/// Each of them once, as seen by whoever owns the task.
std::vector<Stop> stopsOf(const Program &P, const Task &T);

/// How far something is done before the join.
struct Done {
  enum Kind { Always, Sometimes, TooLate, Never } How = Never;
  std::vector<Step> Missing;   ///< Sometimes: the way without it
  const Event *Last = nullptr; ///< TooLate: the event behind the join
};
using Predicate = llvm::function_ref<bool(const Event &)>;
Done doneBefore(const Program &P, const Stop &S, const Task &T, Predicate Wanted);

/// \p E waits until the task has ended.
bool awaits(const Program &P, const Event &E, const Task &T);
/// The function that a lambda is written in, or \p F itself.
const Function *outermost(const Program &P, const Function *F);

} // namespace tether

#endif
