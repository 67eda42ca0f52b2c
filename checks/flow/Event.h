// One occurrence of a role at a place in a function, on an object.
#ifndef TETHER_FLOW_EVENT_H
#define TETHER_FLOW_EVENT_H

#include "flow/Formula.h"
#include "flow/Object.h"
#include "flow/Step.h"
#include "model/Role.h"
#include "model/State.h"
#include <optional>
#include <string>
#include <vector>

namespace tether {

struct Api;
class Function;

/// What a task or callable takes along from where it is written.
struct Capture {
  Object What;
  Object TokenOf; ///< for tokens: the source (or the token parameter) it comes from
  bool ByReference = false;
  clang::SourceLocation At;
  bool Moved = false;               ///< into it: the name outside has it no longer
  bool OnlyRead = false;            ///< what is captured by reference is not changed through it
  clang::SourceRange Brackets = {}; ///< of the lambda's captures
};

/// A value handed to a call: the object itself, the object whose token it is, the body it would
/// run.
struct Value {
  Object What;
  Object TokenOf;                ///< for tokens: the source (or the token parameter) it comes from
  const void *Body = nullptr;    ///< identity of the function that a callable value runs
  std::vector<Capture> Captures; ///< of that callable
  bool IsTemporary = false;      ///< made in this very expression
  bool IsFresh = false;          ///< and nobody else can know it: by a constructor, make_shared
  bool IsToken = false;
  bool NeverStops = false;     ///< a token made in this very expression that never stops
  bool HasToken = false;       ///< something with a token in it, or a callable that has one
  std::optional<int64_t> Time; ///< of a span of time, in milliseconds
  bool Moved = false;
  bool Part = false; ///< an element of What
  FormulaRef Number; ///< of a whole number or bool, as far as it is known
  std::optional<int64_t> constant() const {
    return Number && Number->isConstant() ? std::optional(Number->Plus) : std::nullopt;
  }
  bool IsPart = false;      ///< an element of What, or what it points to
  bool ByReference = false; ///< its address, or a reference to it, is handed over
};

/// A mutex that is held, and since when.
struct HeldLock {
  Object Mutex;
  clang::SourceLocation Since; ///< in the function that holds it
  bool Shared = false;         ///< as one of several readers
  bool Doubtful = false;       ///< by a name that may come to mean another one
};

struct Event;

/// A `catch` of the function, for what is thrown at some place in it.
struct Handler {
  unsigned Block = 0;
  const void *Type = nullptr; ///< what it catches, as in Symbol::TypeId; null for everything
  clang::SourceLocation At;
  TypeKind Kind = TypeKind::None; ///< of what it catches
  bool OfSend = false;            ///< only what a channel throws that does not take what is sent
};

/// A change of plain state that somebody waits for.
struct StateChange {
  Object What;
  Change Way = Change::Unknown;
  std::optional<int64_t> Value; ///< up is to become this one, down to become another
  bool Counts = false; ///< one of many changes, until there are as many as of something else

  /// Up when \p E, which writes \p What, brings the change; down when it undoes it.
  Change doneBy(const Event &E) const;
};

/// A call that could have been given a token, and was not.
struct TokenSlot {
  enum Kind {
    Default,  ///< the parameter got its default, a token that never stops
    Overload, ///< another overload takes one
    Never     ///< a token that never stops is written there
  } Why = Default;
  const void *Taker = nullptr;    ///< function that takes it; identity only
  const void *TypeId = nullptr;   ///< type of the token, as in Symbol
  clang::SourceLocation Declared; ///< that function
  clang::SourceRange Where;       ///< what the token would replace; empty, for Before the end of it
  std::string Before, After;      ///< what stands around it there
  bool SameResult = true;         ///< Overload: it gives the same type
  /// With the token the call compiles, and its result keeps its type.
  bool Certain = false;
};

struct Event {
  Role Is = Role::Neutral;
  Object On;
  clang::SourceLocation At;
  clang::SourceRange Range;   ///< of the expression
  const Api *Entry = nullptr; ///< the table line it comes from, if any

  bool Bounded = false;    ///< cannot block for ever by itself: a finite timeout, or a try-form
  bool HasTimeout = false; ///< bounded by a timeout argument (not a try-form)
  bool TimeoutIsParameter = false; ///< whose value the caller of this function chose
  bool Stoppable = false;          ///< takes a token
  Object StoppedBy;        ///< where that token comes from; Turn: the one that the loop polls
  bool Discarded = false;  ///< the result is not used
  bool DiesAtOnce = false; ///< the result's life ends before anything else happens
  /// Sleep, or a wait that HasTimeout: how long at most, in milliseconds. Of what is not constant
  /// the longest value that is seen.
  std::optional<int64_t> Time;
  Object TimeFrom;             ///< the variable that says how long
  std::optional<int64_t> Tick; ///< what the type of that time counts, in milliseconds
  bool Limited = false;        ///< the loop around it ends by a count or at a time
  bool Endless = false;        ///< Turn: the loop has no condition, or one that is always true
  bool ExitsKnown = false;     ///< Wait, Turn: nothing but EndedBy, or StoppedBy, ends it
  std::shared_ptr<const TokenSlot> Slot; ///< Call; Wait, Receive, Send; null if it takes none
  bool Ends = false;                     ///< control does not go on from here
  bool MayHappen = false;                ///< not on every way through the call it stands for
  bool InLoop = false;
  bool Several = false; ///< Send: of a number of values that is not one
  bool HasPredicate = false;
  bool LoopHasOtherExit = false;    ///< the loop around it can be left by break, return or throw
  std::optional<bool> EndsLoop;     ///< Invoke: the loop around it is left only on this result
  bool FreshValue = false;          ///< Overwrite, Store: by a newly made object
  bool AtScopeEnd = false;          ///< done by the destructor of a local
  bool InTry = false;               ///< an exception thrown here has a handler in this function
  std::vector<Handler> Handlers;    ///< InTry: innermost first
  std::vector<const void *> Thrown; ///< Throw: the type and its bases; empty if unknown
  bool Doubtful = false; ///< Transfer: to code we cannot see; Spawn: it may be detached by
                         ///< attributes; Select: one of its cases is not known
  bool Awaited = false;  ///< Call: in what a `co_await` waits for
  bool Returned = false; ///< the object is what the function returns
  bool Initial = false;  ///< Store, Bind: by the initialiser of a member
  bool Shared = false;   ///< Lock: as one of several readers
  bool Released = false; ///< Lock: given back before the call that it is in returns
  /// Write, Store: what it does to plain state; Overwrite, Remove: down when nothing is left there.
  Change Way = Change::Unknown;
  std::vector<int64_t> Written; ///< Write: the constants that it may become; empty if unknown
  bool Immediate = false;       ///< written in this function, not brought in by a call
  bool Constant = false;        ///< Transfer: to code that cannot change it
  FormulaRef Becomes;           ///< Write, Store: the new number of plain state; null is unknown
  FormulaRef OnlyIf; ///< Write: the number that it must have had; Result says whether it had
  /// The role that a call was found to play; what it does in detail follows.
  bool Inferred = false;
  bool Detail = false; ///< brought in by such a call

  const void *Callee = nullptr; ///< Call, Spawn, Invoke, OnStop: identity of the function that runs
  Value This;                   ///< object of that function
  Object Result; ///< what the result of the call becomes; Write: the number before the change
  /// Wait, Send, Receive, Lock: the number that Result is when what was wanted was done.
  std::optional<int64_t> Success;
  bool Chosen = false; ///< Send, Receive: as a case of a select that comes before
  std::vector<Value> Args;
  /// Wait, Turn: the state that ends it, as read by its predicate or loop; Call: by the loop around
  /// it.
  std::vector<Object> Reads;
  FormulaRef Predicate; ///< Wait: what has to be true for it to end
  /// The changes each of which is enough to end that; what needs two of them is left out.
  std::vector<StateChange> EndedBy;
  std::vector<Event>
      Inner;      ///< Select: its cases; Spawn: what the task does, in the terms of who starts it
  Object GivesUp; ///< Wait: the mutex, or the guard, that it releases meanwhile
  std::vector<HeldLock> Held; ///< what the functions called on the way to it surely hold here
  std::vector<Object> Freed;  ///< what they may have released, though others have locked it
  CallPath Via;               ///< the calls that lead from this function to the event

  /// In the code of the function itself: the event, or the call that leads to it.
  clang::SourceLocation where() const { return Via.empty() ? At : Via.front().Where; }
  /// The handler of this function that takes the exception of the Throw \p E, or null. What is
  /// thrown or caught by a type that is not known fits, which errs to the exception being caught.
  const Handler *handlerOf(const Event &E) const;
  /// Those that may take what the MayThrow \p E throws.
  std::vector<const Handler *> handlersOfUnknown() const;
  bool is(Role R) const { return Is == R; }
  bool is(RoleSet S) const { return S.contains(Is); }
  bool is(Role R, const Object &O) const { return Is == R && On == O; }
  /// \p O is handed to somebody else here: moved, stored, or captured by something that runs later.
  bool transfers(const Object &O) const;
  /// A token of \p O is handed over here.
  bool handsTokenOf(const Object &O) const;
  /// Is one that wakes who waits, not one that only looks like it.
  bool isWakeUp() const;
  /// May wait for another thread without end, and nothing but that thread ends it.
  bool blocks() const {
    return is(Role::Wait | Role::Receive | Role::Send | Role::Join | Role::Select) && !Bounded &&
           !Stoppable;
  }
};

} // namespace tether

#endif
