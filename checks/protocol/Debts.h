// What a wait waits for, and whether a function brings it on each of its paths.
//
// A debt goes by names: instances of a class are not told apart. A call settles a debt when each
// path through the callee does; what is handed to code that we cannot see is settled. Both err to
// silence.
#ifndef TETHER_PROTOCOL_DEBTS_H
#define TETHER_PROTOCOL_DEBTS_H

#include "summary/Program.h"
#include <map>
#include <set>
#include <string>

namespace tether {

class Debt {
public:
  /// Everything that may end \p Wait: what it waits on, and the state that it reads.
  static Debt of(const Event &Wait);
  /// Plain state that has to change in some way; or a channel.
  static Debt of(const Symbol *S, const StateChange &Needed = {});
  /// A part of a local that a function has taken over: whoever gets the local gets the debt.
  static Debt of(const Object &Part, const StateChange &Needed = {});
  /// The same change of other state would do as well.
  void orElse(const Symbol *S, const StateChange &Needed) { Owed.try_emplace(S, Needed); }

  bool owes(const Symbol *S) const { return Owed.count(S) != 0; }
  /// \p E itself settles the debt, or may do so.
  bool settledBy(const Event &E) const;
  /// What is owed is \p Of, which is of that class, or a part of it.
  bool isPartOf(const Object &Of, llvm::StringRef Class) const;
  /// \p Of is another variable than the one that what is owed is a part of.
  bool isNotOf(const Object &Of) const {
    return Of.root()->Where == Symbol::Local && !Roots.empty() && !Roots.count(Of.root());
  }
  /// The decision has found what is owed as it has to be.
  bool foundSettled(const Edge &E) const;
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
  std::set<std::string> Classes;              ///< of what has, or holds, what is owed
};

/// Waits for another thread without end.
bool isOwedWait(const Event &E);
/// Fulfilled once, by whoever holds it, for who has its future.
bool isOneShot(const Program &P, const Object &O);
/// A local of \p F, or a part of one.
bool madeIn(const Function &F, const Object &O);
/// A field or global that only code of this file changes.
bool isKnownState(const Program &P, const Object &O);
/// \p E is written in its function, and changes plain state.
bool changesState(const Event &E);
/// All of \p Sites are in functions that only \p Root runs, directly or not.
bool onlyWithin(const Program &P, const Function &Root, llvm::ArrayRef<Site> Sites);

/// A way on which a function leaves a debt unsettled.
struct Miss {
  clang::SourceLocation Where;
  std::vector<Step> Steps;
  bool Nested = false; ///< by a call or task that does settle it on other paths
  bool Throws = false; ///< by an exception
  /// Because something has failed: an exception, a condition that asks for it, or the odd case of a
  /// switch.
  bool Failing = false;
  std::optional<int64_t> Gives;   ///< the constant that is returned
  const Function *In = nullptr;   ///< the function that is left
  clang::SourceLocation End;      ///< where it is left
  const Event *Settler = nullptr; ///< what settles it there on another path, or the call that does
};

/// A debt that is not settled.
struct Owed {
  clang::SourceLocation Where; ///< where the path ends, or where the wait is
  Object What;                 ///< what somebody waits for
  std::string Why;
  std::vector<Step> Steps;
  enum Kind {
    Missed,    ///< a path does not settle it
    Early,     ///< it is waited for in the loop that starts those who settle it
    Forgotten, ///< code that settles another one leaves it out
    Other
  } Is = Other;
  std::optional<Miss> Path = {};     ///< Missed
  const Event *Wait = nullptr;       ///< Missed, Early: who waits
  const Function *In = nullptr;      ///< Early: of the wait; Forgotten: the code
  const Symbol *InPlaceOf = nullptr; ///< Forgotten: what is settled

  void missedOn(const Miss &M, const Event *Waiter) {
    Is = Missed;
    Path = M;
    Wait = Waiter;
  }
};

struct MissQuery {
  Position From;
  llvm::function_ref<bool(const Event &)> Until = nullptr; ///< as for Function::findPath
  bool Exits = true;
  bool Throws = true; ///< exceptions are ways out
  /// Only a way that is taken because something has failed is one.
  bool Failing = false;
  llvm::function_ref<bool(const Block &, const Edge &)> AvoidingEdge = nullptr;
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
