// Threads that must be joined, and the ways on which they are not.
#ifndef TETHER_PROTOCOL_THREADS_H
#define TETHER_PROTOCOL_THREADS_H

#include "summary/Program.h"

namespace tether {

/// A thread that is destroyed, or gets a new task, while it can still be joined.
struct Unjoined {
  enum Kind {
    Local,
    Constructor, ///< a member whose constructor In throws
    Assigned,    ///< a member that In gives a new task
    Destructor,  ///< a member that the destructor In joins on some paths only
    Unstarted,   ///< a member that In joins unasked
    Never        ///< a member that nobody joins
  } Is = Local;
  clang::SourceLocation Where;
  Object Thread;
  std::string Why; ///< how it comes to that, for the message
  std::vector<Step> Steps;
  std::string Advice = "join it on every way out, or let an object do it whose destructor joins";
  const Function *In = nullptr; ///< null for Never
  const Event *By = nullptr;    ///< the start; of Unstarted and Destructor, the join
  std::vector<Path> Ways = {};  ///< on which it is lost, one for each place where they end
};

/// Threads that are variables of \p F.
std::vector<Unjoined> findUnjoinedLocals(const Program &P, const Function &F);
/// Threads that are members: of an object whose constructor \p F throws, whose destructor \p F
/// leaves early, or that \p F assigns a new task.
std::vector<Unjoined> findUnjoinedMembers(const Program &P, const Function &F);
/// A thread member that the destructor joins without asking whether it was ever started: a join of
/// no thread throws, and in a destructor that ends the program.
std::vector<Unjoined> findUnstarted(const Program &P, const Function &Destructor);
/// The thread members that no function joins.
std::vector<Unjoined> findNeverJoined(const Program &P);

} // namespace tether

#endif
