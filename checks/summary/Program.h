// A translation unit as functions whose calls have been followed, with the questions that rules ask
// about the whole of it.
//
//   Extraction ──▶ each call followed by what it does (bottom-up over the call graph)
//              ──▶ classes that are a queue, a latch, a pool, ...: what they come to in one word
//              ──▶ tasks, callers, and who does what to which field or variable
//
// Nothing here refers to the AST.
#ifndef TETHER_SUMMARY_PROGRAM_H
#define TETHER_SUMMARY_PROGRAM_H

#include "flow/Function.h"
#include "summary/Infer.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <map>

namespace clang {
class ASTContext;
class LangOptions;
class SourceManager;
} // namespace clang

namespace tether {

class ApiTable;

/// An event and where it is.
struct Site {
  const Function *In = nullptr;
  const Event *What = nullptr;
  Position At;
};

/// A body that runs in another thread, or later.
struct Task {
  Site Started;
  const Function *Body = nullptr; ///< null when it is in another file
  Object Owner;                   ///< the thread, group or future that the spawn made
};

class Program {
public:
  Program(clang::ASTContext &AST, const ApiTable &Table);

  llvm::ArrayRef<std::unique_ptr<Function>> functions() const { return Code.Functions; }
  const Function *function(const void *Id) const { return ById.lookup(Id); }

  /// Everything that is done to objects of that name anywhere in the translation unit, each place
  /// once.
  llvm::ArrayRef<Site> on(const Symbol *Leaf) const;
  llvm::ArrayRef<Site> on(const Object &O) const { return on(canonical(O)); }
  bool anyOn(const Symbol *Leaf, RoleSet Roles) const;
  /// The fields and variables with a kind, in order of appearance.
  llvm::ArrayRef<const Symbol *> symbols() const { return Named; }
  /// All of them, those without a kind included.
  std::vector<const Symbol *> allSymbols() const;
  /// The one symbol for all names of an object: members that are references go by what they are
  /// bound to.
  const Symbol *canonical(const Object &O) const;

  /// The two may name the same thing.
  bool maybeSame(const Object &A, const Object &B) const;

  llvm::ArrayRef<Task> tasks() const { return Tasks; }
  llvm::ArrayRef<Site> callers(const Function &F) const;
  /// Callbacks whose bodies we see, where they are registered.
  llvm::ArrayRef<Site> callbacks() const { return Callbacks; }
  /// \p F and all functions that it calls, directly or not; tasks that it starts are not among
  /// them.
  llvm::DenseSet<const Function *> reachableFrom(const Function &F) const;
  /// The tasks in whose bodies \p F may run.
  std::vector<const Task *> runningIn(const Function &F) const;
  /// A variable is the thing itself, or points to what was made for it.
  bool isMade(const Symbol *Local) const;
  /// The mutexes that a guard was given.
  llvm::ArrayRef<Object> guarded(const Object &Guard) const;
  /// True when code we cannot see may touch objects of that name.
  bool escapes(const Symbol *Leaf) const;
  /// True when such code was given one of them, or is a part of its class.
  bool handedOut(const Symbol *Leaf) const;

  /// What \p Question finds, which is asked once however many rules want to know.
  template <typename T> const T &answer(T (*Question)(const Program &)) const {
    std::shared_ptr<const void> &Known = Answers[reinterpret_cast<const void *>(Question)];
    if (!Known)
      Known = std::make_shared<const T>(Question(*this));
    return *static_cast<const T *>(Known.get());
  }
  /// The classes of this translation unit whose role was found in their methods, by name.
  const std::map<std::string, std::optional<InferredClass>> &inferred() const { return Inferred; }

  /// What `this` is in every method.
  Object thisObject() const { return Object(&Code.Symbols.front()); }

  const ApiTable &table() const { return Table; }
  /// What `this` is in all functions.
  const Symbol *self() const { return &Code.Symbols.front(); }
  const clang::SourceManager &sources() const { return SM; }
  const clang::LangOptions &language() const { return Lang; }
  /// What it takes to give \p S a type that is used alike, and better; null where there is none.
  const Retyping *successor(const Symbol *S) const;

private:
  struct Inliner;
  void index();
  llvm::SmallVector<const Symbol *, 4> names(const Object &O) const;

  const ApiTable &Table;
  Extraction Code;
  const clang::SourceManager &SM;
  const clang::LangOptions &Lang;
  llvm::DenseMap<const void *, Function *> ById;
  llvm::DenseMap<const Symbol *, std::vector<Site>> Sites;
  /// What members that are references are bound to, by symbol.
  llvm::DenseMap<const Symbol *, llvm::SmallVector<const Symbol *, 2>> Bound;
  std::vector<const Symbol *> Named;
  std::map<std::string, std::optional<InferredClass>> Inferred;
  std::vector<Task> Tasks;
  mutable std::map<const void *, std::shared_ptr<const void>> Answers;
  llvm::DenseMap<const Function *, std::vector<Site>> Callers;
  std::vector<Site> Callbacks;
  llvm::DenseMap<const Function *, std::vector<const Function *>> Callees;
};

} // namespace tether

#endif
