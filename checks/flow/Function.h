// One function body as events on a graph, and the path query that rules are made of.
//
//   AST ──clang::CFG──▶ blocks of events, edges with the decision they stand for ──▶ findPath()
#ifndef TETHER_FLOW_FUNCTION_H
#define TETHER_FLOW_FUNCTION_H

#include "flow/Event.h"
#include "flow/Layout.h"
#include "flow/Retype.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tether {

/// A way on from a block.
struct Edge {
  unsigned To = 0;
  Step Decision;           ///< empty text where there is nothing to decide
  bool LeavesLoop = false; ///< by the loop's condition
  bool OfSwitch = false;
  bool OnState = false; ///< the decision reads plain state that the function or the object changes
  /// How the decision says that flags are, each as such a change leaves it.
  std::vector<StateChange> Says;
  bool OnParam = false;   ///< the decision reads a parameter
  Object Tests;           ///< the condition asks whether this has something left to settle
  bool Has = true;        ///< the answer on this edge
  Object Flag;            ///< the condition is this plain bool, which is `Value` on this edge
  Object Answer;          ///< the condition is this result, pointer or the like, or negates it
  bool Yes = false;       ///< on this edge that is true, there, or not zero
  int Condition = -1;     ///< number of a condition that cannot change in this function, or -1
  bool Value = false;     ///< what it is on this edge
  bool Stopped = false;   ///< the condition says that stop has been requested
  bool OnFailure = false; ///< the condition asks whether something has failed
  FormulaRef When;        ///< what is true on this way; null where nothing decides
};

/// Of the block that decides whether a loop runs another turn.
struct LoopHead {
  std::optional<int64_t> Turns; ///< how many, where it is a constant
  Object Over;                  ///< what a range-based for goes through
};

struct Block {
  std::vector<Event> Events;
  std::vector<Edge> Next;
  std::optional<Step> Leaves;   ///< "returns here", "throws here": the block leaves the function
  std::optional<int64_t> Gives; ///< the constant that is returned here
  bool Throws = false;
  bool Raises = false;          ///< ends with a throw, which a handler of the function may catch
  bool NoReturn = false;        ///< the process ends here; not a way out of the function
  bool EndsThread = false;      ///< leaves the function, and all that have called it
  bool Dispatches = false;      ///< leads to the handlers of a try block
  FormulaRef Returns;           ///< what the function returns here, as a number
  Object Returned;              ///< and as an object
  std::optional<LoopHead> Loop; ///< whose head it is
};

/// A place in a function: before the event with that index, or at the end of the block.
struct Position {
  unsigned Block = 0, Index = 0;
};

struct Path {
  std::vector<Step> Steps; ///< the decisions on the way, and how it ends
  bool Throws = false;
  bool OnFailure = false;       ///< one of the steps asks whether something has failed
  bool Caught = false;          ///< it goes through a handler
  clang::SourceLocation End;    ///< where it ends
  const Event *Last = nullptr;  ///< the event it ends before, if it does not leave the function
  std::optional<int64_t> Gives; ///< the constant that it returns
};

class Function {
public:
  const void *Id = nullptr;       ///< identity of the declaration
  const void *Parent = nullptr;   ///< the function a lambda is written in
  std::string Name;               ///< for messages
  std::string Class;              ///< qualified name of the class of a member function
  std::vector<std::string> Bases; ///< classes of the project that it is derived from
  const void *ClassId = nullptr;  ///< of that instantiation; identity only
  clang::SourceLocation At;
  clang::SourceLocation End;        ///< closing brace
  Layout Text;                      ///< where its statements stand
  clang::SourceLocation LastMember; ///< of a member function: the end of its class's last field
  bool ReturnsNothing = false;
  bool ReturnsDefault = false; ///< `return {};` is a way to return
  std::vector<const Symbol *> Params;
  std::vector<Value> Returns; ///< what its return statements give
  std::vector<Block> Blocks;
  unsigned Entry = 0, Exit = 0;
  bool IsLambda = false, IsConstructor = false, IsDestructor = false, IsStatic = false;
  bool IsAssignment = false, IsNoexcept = false;
  bool IsCoroutine = false; ///< goes on after it has returned to its caller
  bool Suspends = false;    ///< has a `co_await`
  bool InMainFile = false;
  bool Public = false;       ///< of a class: whoever has the object can call it
  bool Internal = false;     ///< nobody but code of this file, or of the class, can call it
  bool NeverReturns = false; ///< by no way; it may throw
  bool CallsUnknown = false; ///< code that cannot be seen, other than methods of plain state

  /// What its events are, and maybe more: known for sure when its calls have been followed.
  RoleSet Roles = RoleSet::all();

  /// Calls \p Visit with each event and its position, in order of blocks.
  void forEach(llvm::function_ref<void(const Event &, Position)> Visit) const;
  /// Only with those that are one of \p Wanted, which most functions have none of.
  void forEach(RoleSet Wanted, llvm::function_ref<void(const Event &, Position)> Visit) const;

  struct Query {
    Position From;                                    ///< start after the event there
    llvm::function_ref<bool(const Event &)> Avoiding; ///< the path must not pass such an event
    /// The path may also end just before such an event, not only where the function is left.
    llvm::function_ref<bool(const Event &)> Until = nullptr;
    bool Exits = true;   ///< whether leaving the function ends the path
    bool ByThrow = true; ///< whether an exception that leaves it does so, too
    /// The path must not take such a way out of a block.
    llvm::function_ref<bool(const Block &, const Edge &)> AvoidingEdge = nullptr;
    /// Code that cannot be seen may throw, where a handler stands around it: whoever wrote the
    /// handler expects that.
    bool MayThrow = false;
    const std::set<clang::SourceLocation> *NotEnding = nullptr; ///< the path must not end there
  };
  /// A shortest path that respects conditions which cannot change, or nothing. Visible throws are
  /// ways out; calls are taken not to throw, which errs to silence.
  std::optional<Path> findPath(const Query &Q) const;
  /// One for each place where such a path can end, shorter ones first.
  std::vector<Path> findPaths(Query Q) const;
  /// True when \p E leaves a loop by its condition, and an event in its body is \p Wanted: a loop
  /// over what there is does it for all there is, also when it runs no turn.
  bool loopDoes(const Block &B, const Edge &E,
                llvm::function_ref<bool(const Event &)> Wanted) const;
  Position entry() const { return {Entry, ~0u}; }

private:
  /// For each block, whether what \p Q looks for can be reached from its beginning.
  std::vector<bool> losing(const Query &Q) const;
};

/// Everything extraction finds in a translation unit.
struct Extraction {
  std::deque<Symbol> Symbols;                    ///< stable addresses
  std::map<Object, std::vector<Object>> Guarded; ///< the mutexes that a guard was given
  Retypings Successors;                          ///< what it takes to give a variable a better type
  std::vector<std::unique_ptr<Function>> Functions; ///< in source order
  std::set<std::string> Annotated; ///< classes of which the source says what a function of it does
};

} // namespace tether

#endif
