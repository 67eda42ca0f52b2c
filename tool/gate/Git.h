// What git knows about a project.
#ifndef TETHER_TOOL_GATE_GIT_H
#define TETHER_TOOL_GATE_GIT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace tether::tool {

/// What `git diff` says about the files in \p Root against the point where \p Revision and HEAD
/// parted, or against the revision itself if they never met.
llvm::Expected<std::string> gitDiff(llvm::StringRef Root, llvm::StringRef Revision);

/// Where the hooks of the repository are that \p Root is in; in a worktree or a submodule that is
/// not below it.
llvm::Expected<std::string> gitHooks(llvm::StringRef Root);

} // namespace tether::tool

#endif
