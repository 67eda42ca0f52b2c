// Applies the fixes of findings to the files.
#ifndef TETHER_TOOL_ENGINE_FIX_H
#define TETHER_TOOL_ENGINE_FIX_H

#include "tool/engine/Result.h"
#include "llvm/Support/Error.h"

namespace tether::tool {

/// Applies what can be applied together, in the order of the findings; each fix as a whole or not
/// at all. Touched lines are formatted as the project's `.clang-format` says. Files are written
/// whole; the error names the first that cannot be. Sets Finding::Fixed.
llvm::Error applyFixes(Report &R);

} // namespace tether::tool

#endif
