// Threads that must be joined, and the ways on which they are not.
#ifndef TETHER_PROTOCOL_THREADS_H
#define TETHER_PROTOCOL_THREADS_H

#include "protocol/Settlement.h"

namespace tether {

/// What it comes to when nobody has joined a thread.
enum class Loss {
  None,
  Terminates, ///< its destructor ends the program
  Detaches,   ///< its destructor gives it up
  Leaks       ///< it has no destructor, and keeps what it needs
};
Loss lossOf(const Object &Thread);

/// A thread that ends, gets a new task or is lost while it can still be joined.
struct Unjoined {
  clang::SourceLocation Where;
  Object Thread;
  std::string Why; ///< how it comes to that, for the message
  std::vector<Step> Steps;
  std::string Advice = "join it on every way out, or let an object do it whose destructor joins";
  std::string Then = {}; ///< what it comes to, if not what the type of the thread says
  enum Kind {
    Local,
    Constructor, ///< a member whose constructor In throws
    Assigned,    ///< a member that In gives a new task
    Destructor,  ///< a member that the destructor In joins on some paths only
    Unstarted,   ///< a member that In joins unasked
    Ended,       ///< a member that the destructor In ends, by By
    Never,       ///< a member that nobody joins
    Detached,    ///< joined in In although By has detached it
    Other
  } Is = Other;
  const Function *In = nullptr; ///< null for Never
  const Event *By = nullptr;    ///< the start; of Unstarted and Destructor, the join
  std::vector<Path> Ways = {};  ///< on which it is lost, one for each place where they end

  Unjoined &with(Kind K, const Function *F, const Event *E, std::vector<Path> W = {}) {
    Is = K;
    In = F;
    By = E;
    Ways = std::move(W);
    return *this;
  }
};

/// Threads that are variables of \p F, or parts of one, and such as nothing has a name for.
std::vector<Unjoined> findUnjoinedLocals(const Program &P, const Function &F);
/// Threads that outlive \p F, which starts them and joins them later, but leaves before on some
/// way.
std::vector<Unjoined> findLeftRunning(const Program &P, const Function &F);
/// A join or detach that comes after another one.
std::vector<Unjoined> findJoinedTwice(const Program &P, const Function &F);

// Members.

/// The constructor \p F throws, so that no destructor joins what it has started.
std::vector<Unjoined> findLostByConstructor(const Program &P, const Function &F);
/// The destructor \p F joins on some ways only.
std::vector<Unjoined> findLostByDestructor(const Program &P, const Function &F);
/// \p F gives a thread a new task, or ends it, and nobody has joined it before.
std::vector<Unjoined> findReplaced(const Program &P, const Function &F);
/// A thread member that the destructor joins without asking whether it was ever started: a join of
/// no thread throws, and in a destructor that ends the program.
std::vector<Unjoined> findUnstarted(const Program &P, const Function &Destructor);
/// The thread members and file-level threads that no function joins.
std::vector<Unjoined> findNeverJoined(const Program &P);

/// "the task starts here", before \p Steps.
std::vector<Step> storyOf(const Event &Spawn, std::vector<Step> Steps);
/// An exception leaves the function at \p E. What a call throws comes before what the same call
/// starts, for all that is known.
bool throwsAfter(const Event &E, const Event &Spawn);
/// True when the thread may be of no use to anybody: detached by attributes or by itself, or
/// running for as long as the program does.
bool mayBeLeftAlone(const Program &P, const Event &Spawn);

} // namespace tether

#endif
