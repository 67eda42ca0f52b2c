// Whether a thread is settled - joined, detached or given away - on the ways through a function.
// Calls count with their own early returns, and decisions that seem to say "there is no thread"
// with what they are worth:
//
//   ~Owner() ──▶ stop(): if (!Running) return; ... Worker.join();      not on every way
//   body of the task: ... Running = false;                             and can still be joined
#ifndef TETHER_PROTOCOL_SETTLEMENT_H
#define TETHER_PROTOCOL_SETTLEMENT_H

#include "summary/Program.h"
#include <set>

namespace tether {

/// \p E joins, detaches or gives away \p Thread, wherever it does.
bool settles(const Event &E, const Object &Thread);
/// \p E ends elements of a container, or what a pointer or optional holds.
bool endsElements(const Event &E);
/// It is one of several, which go by one name.
bool isOneOfMany(const Object &O);

/// A way on which nobody settles a thread.
struct Unsettled {
  std::vector<Step> Steps;
  const Event *Last = nullptr; ///< the event it ends before, if it does not leave the function
  bool Misled = false;         ///< a flag that cannot be trusted has decided
  clang::SourceLocation End;   ///< where it leaves the function
  std::vector<Path> Ways;      ///< this one, and such that end elsewhere
};

class Settlement {
public:
  explicit Settlement(const Program &P) : P(P) {}

  struct Question {
    Position From;
    llvm::function_ref<bool(const Event &)> Until = nullptr;
    bool Exits = true;
    /// Only ways out that are written behind this one count.
    clang::SourceLocation Behind = {};
    bool ByThrow = false;
    /// One of several may run although another one could not be started.
    bool StartMayFail = false;
  };
  /// The simplest way: one on which there is no call that may settle the thread, or one through
  /// such a call, or one on which a flag misleads.
  std::optional<Unsettled> findWay(const Function &F, const Object &Thread, const Question &Q);
  /// The first of these only.
  std::optional<Unsettled> findKnownWay(const Function &F, const Object &Thread,
                                        const Question &Q) {
    return search(F, Thread, Q, Trust::Everything);
  }

private:
  enum class Trust { Everything, Flags, Nothing };
  std::optional<Unsettled> search(const Function &F, const Object &Thread, const Question &Q,
                                  Trust Level);
  bool settlesHere(const Function &F, const Event &E, const Object &Thread, Trust Level,
                   std::vector<Step> &Inside);
  Object inCallee(const Event &Call, const Function &Callee, const Object &Thread) const;
  bool misleads(const Edge &E, const Object &Thread, std::vector<Step> &Why);
  std::optional<Step> brokenBy(const StateChange &Says, const Object &Thread);
  std::optional<Step> setTooLate(const StateChange &Says, const Object &Thread,
                                 const Site &Spawn) const;
  bool leavesUnsettled(const Function &F, Position From, const Object &Thread,
                       const StateChange &Says, unsigned Depth);
  llvm::DenseSet<const Function *> bodiesOf(const Object &Thread) const;

  const Program &P;
  std::set<std::pair<const Function *, Object>> Searching;
};

} // namespace tether

#endif
