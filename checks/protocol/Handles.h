// Who can stop a task: the sources and callables of a function or a class, and who listens to them.
#ifndef TETHER_PROTOCOL_HANDLES_H
#define TETHER_PROTOCOL_HANDLES_H

#include "summary/Program.h"

namespace tether {

/// Something in a function that stops a task when it is triggered.
struct Handle {
  Object What;      ///< a source, or a callable that triggers one
  Position Started; ///< where the task got the token
  clang::SourceLocation At;
  Object Owner; ///< what the task belongs to; joining it settles the handle
  /// The source is part of an object that the task shares: it may end by itself, so that only a way
  /// on which the handle is forgotten and not one on which it is kept tells of a mistake.
  bool Shared = false;

  /// For messages: "source 'Stop'", "the source in 'Tx'".
  std::string describe() const;
};

/// The local handles of \p F whose token a task has.
std::vector<Handle> findHandles(const Program &P, const Function &F);

/// A way out of the function on which nobody triggers or keeps the handle.
struct Forgotten {
  std::vector<Step> Steps;
  bool Ever = false;      ///< on other ways somebody does
  std::vector<Path> Ways; ///< one for each place where such a way ends
};
/// With \p Strict, code we cannot see is taken not to keep it.
std::optional<Forgotten> findForgotten(const Program &P, const Function &F, const Handle &H,
                                       bool Strict);

/// \p E triggers the handle.
bool triggers(const Event &E, const Handle &H);
/// \p E waits, in code and not by the end of a scope, until the task of \p Owner has ended.
bool joins(const Event &E, const Object &Owner);

/// A task that was given a token of \p Source, or null.
const Task *listenerOf(const Program &P, const Symbol *Source);
/// The decision says that \p Owner cannot be joined, so that it has no task.
inline bool saysNoTask(const Edge &E, const Object &Owner) {
  return E.Tests && E.Tests == Owner && !E.Has;
}

/// \p E, in \p F, replaces a source that a task still listens to, one of several that run at once;
/// null if it does not.
const Task *listenerLostBy(const Program &P, const Function &F, const Event &E);
/// \p E takes a token whose source is a temporary that ends right here.
bool takesOrphan(const Event &E);

/// A member source of which the class uses one side only.
struct OneSided {
  const Task *Listener = nullptr; ///< has a token that nobody ever stops
  const Event *Stop = nullptr;    ///< requests a stop that nobody hears
};
/// Neither, when code we cannot see may do the other side.
OneSided findOneSided(const Program &P, const Symbol *Source);

/// \p E starts a task in a function that gives back the handle, and here nobody takes it.
bool isDroppedHere(const Function &F, const Event &E);

/// A member callable whose only use would be to stop a task, and that nobody calls.
OneSided findUncalled(const Program &P, const Symbol *Field);

/// Of several members of one class, each with a source, one is never stopped while another is.
struct Mistaken {
  Object Source, Other;            ///< the one that is never stopped, and one that is
  const Event *Listener = nullptr; ///< the task that has its token
  const Event *Stop = nullptr;     ///< stops the other one
};
std::vector<Mistaken> findMistaken(const Program &P);

/// True when a lambda takes \p S itself along: it may do there what we look for.
bool capturedAnywhere(const Program &P, const Symbol *S);
/// True when some member of \p Class starts tasks.
bool ownsTasks(const Program &P, llvm::StringRef Class);
/// The functions of \p Class that end its work: the destructor, and what it calls.
std::vector<const Function *> endingCode(const Program &P, llvm::StringRef Class);
/// True when a function of the class waits for the tasks that listen to \p Source: there the
/// missing stop is an unbounded wait, and is reported as one.
bool waitsForListeners(const Program &P, const Symbol *Source);

} // namespace tether

#endif
