// What a wait waits for, and whether a function brings it on each of its paths.
//
// A debt goes by names: instances of a class are not told apart. A call settles a debt when each
// path through the callee does; what is handed to code that we cannot see is settled. Both err to
// silence.
#ifndef TETHER_PROTOCOL_DEBTS_H
#define TETHER_PROTOCOL_DEBTS_H

#include "summary/Program.h"
#include <map>

namespace tether {

class Debt {
public:
  /// Everything that may end \p Wait: what it waits on, and the state that it reads.
  static Debt of(const Event &Wait);
  /// Plain state that has to change in some way; or a channel.
  static Debt of(const Symbol *S, const StateChange &Needed = {});

  bool owes(const Symbol *S) const { return Owed.count(S) != 0; }
  /// \p E itself settles the debt, or may do so.
  bool settledBy(const Event &E) const;
  /// What is owed goes into the task that \p Spawn starts, and ends with it.
  bool diesWith(const Event &Spawn) const;
  /// The debt in the terms of the function that \p Call runs.
  Debt within(const Program &P, const Event &Call, const Function &Callee) const;

private:
  Debt() = default;
  bool owes(const Object &O) const {
    return O && (owes(O.leaf()) || (O.path().empty() && Roots.count(O.root())));
  }

  std::map<const Symbol *, StateChange> Owed; ///< and how it has to change; unknown is any way
  std::map<const Symbol *, bool> Roots;       ///< locals that what is owed is a part of
};

/// A way on which a function leaves a debt unsettled.
struct Miss {
  clang::SourceLocation Where;
  std::vector<Step> Steps;
  bool Nested = false; ///< by a call or task that does settle it on other paths
  const Function *In = nullptr; ///< the function that is left
  clang::SourceLocation End;    ///< where it is left
  const Event *Settler = nullptr; ///< what settles it there on another path, or the call that does
};

struct MissQuery {
  Position From;
  llvm::function_ref<bool(const Event &)> Until = nullptr; ///< as for Function::findPath
  bool Exits = true;
  bool Throws = true; ///< exceptions are ways out
};

/// A path of \p F that does not settle \p D.
std::optional<Miss> findMiss(const Program &P, const Function &F, const Debt &D, const MissQuery &Q,
                             unsigned Depth = 0);
/// The same for the task that \p Spawn starts, from its beginning, where it settles the debt on
/// other paths.
std::optional<Miss> missedByTask(const Program &P, const Event &Spawn, const Debt &D,
                                 unsigned Depth = 0);
/// Something in \p F, or in what it calls, settles \p D.
bool settlesSomewhere(const Function &F, const Debt &D);

} // namespace tether

#endif
