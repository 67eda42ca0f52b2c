// Applies the fixes of findings to the files.
#ifndef TETHER_TOOL_ENGINE_FIX_H
#define TETHER_TOOL_ENGINE_FIX_H

#include "tool/engine/Result.h"
#include "llvm/Support/Error.h"

namespace tether::tool {

/// Applies what can be applied together, in the order of the findings; each fix as a whole or not
/// at all. Touched lines are formatted as the project's `.clang-format` says. Files are written
/// whole; the error names the first that cannot be. Sets Finding::Fixed. \p NotesToo: where a
/// finding itself has no fix, the first that one of its notes has.
llvm::Error applyFixes(Report &R, bool NotesToo);

/// The same as a unified diff against the files, which stay as they are.
llvm::Expected<std::string> diffFixes(Report &R, bool NotesToo);

} // namespace tether::tool

#endif
