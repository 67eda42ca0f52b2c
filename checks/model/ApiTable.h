// The API tables: which call of which library plays which role.
//
//   model/apis/*.yaml (compiled in) ──┐
//   .tether.yaml, --model, option  ───┼──▶ ApiTable ──▶ find(FunctionDecl) / find(QualType)
//
// A table is YAML with the top-level keys `library`, `types`, `calls` and, for C, `linkage`; an
// entry is one line in the common case:
//
//   library: std
//   types:
//   - {type: std::stop_source, is: source}
//   - {type: std::jthread, is: thread, on-destroy: [request-stop, join]}
//   - {type: go::chan, is: channel, capacity: 0, capacity-arg: 0}
//   calls:
//   - {call: std::thread::join, is: join}
//   - {call: std::condition_variable::wait_for, is: wait, timeout: 1}
//   - {call: usleep, is: sleep, timeout: 0, unit: us}
//   - {call: std::async, is: spawn, callable: 0, on: result}
//   - {call: std::future::wait, also: [std::__basic_future::wait], is: receive}
//
// Arguments are counted from 0 and without the object. What can be seen in the types of a call is
// not written down: an argument of a token type makes a wait stoppable, a callable argument of a
// wait is its predicate, a lock argument is the lock it gives up.
#ifndef TETHER_MODEL_APITABLE_H
#define TETHER_MODEL_APITABLE_H

#include "model/Role.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clang {
class CallExpr;
class FunctionDecl;
class NamedDecl;
class QualType;
} // namespace clang

namespace tether {

/// Which value of a call the role acts on.
struct Operand {
  enum Place : uint8_t { This, Argument, Result } Where = This;
  unsigned Index = 0; ///< for Argument
};

/// What fixes write in place of something: `{use: TEXT, headers: [...], since: N}`, or the text
/// alone. Arguments and the like stand in it as {0}, {1}, {name}.
struct Idiom {
  std::string Text;
  std::vector<std::string> Headers; ///< that it needs, without brackets
  unsigned Since = 0;               ///< of C++, its two digits

  explicit operator bool() const { return !Text.empty(); }
};

/// One line of `calls:`.
struct Api {
  std::string Call; ///< qualified name, without template arguments and inline namespaces
  std::vector<std::string>
      Also; ///< `also:` other names of it: declared in a base class, old spelling
  Role Is = Role::Neutral;
  /// The object acted on: `on: this|result|N`; by default the object of a method, argument 0 of a
  /// function and of a static method, and the constructed object of a constructor.
  std::optional<Operand> On;
  std::optional<unsigned>
      Arity; ///< `arity:` only for calls that are written with so many arguments
  std::vector<std::string> Params;   ///< `params:` only for overloads whose i-th parameter type
                                     ///< contains the i-th text ("" or "_" = any)
  std::optional<unsigned> Timeout;   ///< `timeout:` argument that bounds the wait
  std::vector<std::string> Infinite; ///< `infinite:` values of that argument that mean "no limit",
                                     ///< as written or as integer
  std::optional<unsigned> Flags;     ///< `flags:` argument that may say "return at once"
  /// `nonblocking:` words and bits of that argument that say so. Flags that are no constant may say
  /// it too.
  std::vector<std::string> NonBlocking;
  std::optional<unsigned>
      Callable;          ///< `callable:` argument that is the body of a task or the callback
  int64_t Unit = 0;      ///< `unit: s|ms|us|ns` of a timeout that is a plain number, in nanoseconds
  bool Blocks = true;    ///< `blocks: false` for try-forms of wait, send, receive, join, lock
  bool Case = false;     ///< `case: true`: the call only makes a case for a select
  bool Detached = false; ///< `detached: true`: the task is detached from birth
  std::optional<unsigned>
      Attributes; ///< `attributes:` argument that may say so too, unless it is null
  /// `result-joins: true`: the destructor of the result waits for the task
  bool ResultJoins = false;
  /// `meets: true`: a receive that also counts as the other end, as at a barrier
  bool Meets = false;
  bool Shared = false; ///< `shared: true`: a lock as one of several readers
  std::string Wakes;   ///< `wakes: all|one|none` for notify, request-stop and close
  /// `while: N` the wait lasts while the object has the value of that argument
  std::optional<unsigned> While;
  std::optional<unsigned> Count; ///< `count:` argument of a send that says how many
  bool Set = false;              ///< `set: true`: a wait on several things, of which one is enough
  std::optional<unsigned>
      TokenArg; ///< `token-arg:` a wait with a predicate takes a token as this argument
  /// `stoppable:` a statement that does the same, and ends when {token} is stopped
  Idiom Stoppable;
  Idiom TimedOut; ///< `timed-out:` of a wait {0}, a condition that its time has passed
  Idiom Joined;   ///< `joined:` of a detach, a call that waits for the task instead
  /// `unwinds: true`: a request to stop that ends the task by an exception, which no handler may
  /// keep
  bool Unwinds = false;
  Idiom Unwound; ///< `unwound:` of such a request, that exception as a handler declares it
  bool ExternC =
      false; ///< `linkage: C` at the top of the table: a C++ function of that name is another
  std::string Where; ///< file:line of the entry, for messages
};

/// One line of `types:`.
struct ApiType {
  std::string Type;              ///< qualified name of the class template, class or typedef
  std::vector<std::string> Also; ///< `also:` other names of it
  TypeKind Is = TypeKind::None;
  std::vector<Role>
      OnDestroy; ///< `on-destroy:` what the destructor does: request-stop, join, close, ...
  std::optional<int64_t>
      Capacity;          ///< `capacity:` of a channel; absent = unlimited, sends never block
  bool MustJoin = false; ///< `must-join: true`: destroyed with a task, it ends the program
  bool Leaks = false;    ///< `leaks: true`: neither joined nor detached, the task is never released
  /// `recursive: true`: who holds the mutex may lock it again, or may if it was made that way
  bool Recursive = false;
  bool Rereads = false; ///< `rereads: true`: who reads may lock it again, also when a writer waits
  bool Shared = false;  ///< `shared: true`: a guard that locks as one of several readers
  bool Owner = false;   ///< `owner: true`: a pointer that ends with what it points to or holds
  std::optional<unsigned> CapacityArg; ///< `capacity-arg:` constructor argument that gives it
  std::optional<unsigned>
      NeedsArg;    ///< `needs-arg:` constructor argument that says how many sends a receive needs
  Idiom Joining;   ///< `joining:` a type that is used alike, and joins when it is destroyed
  Idiom Stoppable; ///< `stoppable:` a type that is used alike, and whose waits take a token
  Idiom LockBy;    ///< `lock-by:` of a mutex {0}, a declaration that holds it
  Idiom Link;      ///< `link:` of a token {0}, a declaration that does {1} when it is stopped
  Idiom Later;     ///< `later:` a declaration of {name}, which is made by `emplace` afterwards
  Idiom Early;    ///< `early:` of a guard, a type that is used alike, and can unlock before its end
  Idiom OwnToken; ///< `own-token:` of a thread, the parameter {name} that its body may take first
  Idiom GiveUp;   ///< `give-up:` a call that tells who waits that nothing comes
  std::optional<unsigned>
      BeginsArg; ///< `begins-arg:` constructor argument that says how many sends count as done
  /// `opens: once`: a receive takes nothing, and ends at once from the last send needed on, as at a
  /// latch; `rounds`: all who come pass together, and it begins anew, as at a barrier; `unknown`:
  /// something else. By default each receive takes what one send gave.
  enum Opening : uint8_t { EachSend, Once, Rounds, Unknown } Opens = EachSend;
  std::string Where;
};

/// Lookup over the built-in tables and the user's. Later tables win over earlier ones.
class ApiTable {
public:
  /// The tables compiled into the program. Never fails: they are validated when the project builds.
  static const ApiTable &builtin();

  /// A copy of \p Base with the table in \p Text added. On a user's mistake the error's message is
  /// "file:line:column: what was expected", one line per mistake.
  static llvm::Expected<ApiTable> parse(const ApiTable &Base, llvm::MemoryBufferRef Text);

  /// The entry for a call of \p F with \p NumArgs written arguments, or null. Looks through inline
  /// namespaces, template instantiation, inherited constructors and overriding. In this order: an
  /// attribute of ours, the latest table that has a fitting line (in one table, lines with `arity`
  /// or `params` before those without), Clang's thread-safety attributes, Clang's `blocking` where
  /// there is no body. With Clang's `nonblocking`, a listed call is the try-form.
  /// A copy or move constructor fits only lines with `params`, and a line with `callable: N` only
  /// calls that have such an argument: std::thread{} starts nothing.
  const Api *find(const clang::FunctionDecl &F, unsigned NumArgs) const;
  /// The entry for the function that \p Call names, or null.
  const Api *find(const clang::CallExpr &Call) const;
  /// The roles that calls of \p F may have, whatever they are given: no call has another.
  RoleSet rolesOf(const clang::FunctionDecl &F) const;
  /// The entry for a type, through references, pointers, cv and typedefs (a typedef may be listed
  /// itself), and public base classes; null when it is none of ours.
  const ApiType *find(clang::QualType T) const;

  /// A line is about the class of that qualified name, or about one of its functions: also one that
  /// says it is nothing special.
  bool speaksOf(llvm::StringRef Class) const { return Classes.contains(Class); }
  /// The name of the first listed method of \p Type with that role, of the kind that blocks without
  /// a limit if any blocks; empty if there is none.
  /// With \p Wakes, one that wakes so many.
  llvm::StringRef method(const ApiType &Type, Role Is, llvm::StringRef Wakes = "") const;

  /// The first line for a call of that name, or null.
  const Api *named(llvm::StringRef Call) const;

  llvm::ArrayRef<Api> calls() const { return Calls; }
  llvm::ArrayRef<ApiType> types() const { return Types; }

private:
  struct Spelling {
    std::string Qualified;
    unsigned Entry; ///< index into Calls or Types
  };
  /// From the last part of a name, so that a call of something else costs one hash. Lines that win
  /// come first.
  using Index = llvm::StringMap<std::vector<Spelling>>;

  void add(std::vector<Api> NewCalls, std::vector<ApiType> NewTypes);
  const Api *findListed(const clang::FunctionDecl &F, unsigned NumArgs) const;
  const ApiType *findListed(const clang::NamedDecl &D) const;

  std::vector<Api> Calls;
  std::vector<ApiType> Types;
  Index CallIndex, TypeIndex;
  llvm::StringSet<> Classes;
};

/// The role that the source gives a function: [[clang::annotate("tether::<role>")]], with
/// "tether::blocking" for wait.
std::optional<Role> annotatedRole(const clang::FunctionDecl &F);

/// The nearest `.tether.yaml` in \p Directory or above it, empty if there is none.
std::string findUserTable(llvm::StringRef Directory);

/// The table for a file: built-in, then the nearest `.tether.yaml` above \p SourceFile, then
/// \p ExtraFiles in order. Loaded once per set of files and kept for the life of the process.
llvm::Expected<std::shared_ptr<const ApiTable>> tableFor(llvm::StringRef SourceFile,
                                                         llvm::ArrayRef<std::string> ExtraFiles);

} // namespace tether

#endif
