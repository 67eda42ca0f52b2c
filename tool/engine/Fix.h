// Applies the fixes of findings to the files.
//
//   findings ──choose what goes together──▶ edits ──format──▶ new texts ──look again──▶ findings
//
// What one fix stood in the way of, and what it has brought to light, is fixed in the next round: a
// second run finds nothing more to do. All rounds happen in memory; files are written at the end.
#ifndef TETHER_TOOL_ENGINE_FIX_H
#define TETHER_TOOL_ENGINE_FIX_H

#include "tool/engine/Inputs.h"
#include "tool/engine/Result.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

namespace tether::tool {

struct FixRequest {
  /// Where a finding itself has no fix, the first that one of its notes has.
  bool NotesToo = false;
  /// Analyses what may read the files of the overlay as if they had these texts.
  llvm::function_ref<Report(const Overlay &)> Again;
};

/// Applies what can be applied together, in the order of the findings; each fix as a whole or not
/// at all. Touched lines are formatted as the project's `.clang-format` says. Files are written
/// whole; the error names the first that cannot be. Sets Finding::Fixed, and Finding::Refused where
/// there is a reason that there is no fix.
llvm::Error applyFixes(Report &R, const FixRequest &Request);

/// The same as a unified diff against the files, which stay as they are.
llvm::Expected<std::string> diffFixes(Report &R, const FixRequest &Request);

} // namespace tether::tool

#endif
