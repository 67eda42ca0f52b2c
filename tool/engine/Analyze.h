// One file through Clang and the checks.
//
//   compile command ──adjust──▶ clang (no bodies of system headers) ──▶ clang-tidy checks ──▶
//   FileResult
//
// Every call works in a file system, a clang-tidy context and a diagnostics engine of its own, so
// that calls may run side by side.
#ifndef TETHER_TOOL_ENGINE_ANALYZE_H
#define TETHER_TOOL_ENGINE_ANALYZE_H

#include "tool/engine/Result.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace tether::tool {

struct AnalysisOptions {
  std::string Checks;     ///< of the command line, in the syntax of `.clang-tidy`; may be empty
  std::string ConfigFile; ///< used in place of the `.clang-tidy` files found upwards; may be empty
  std::vector<std::string> Models; ///< absolute paths of the user's API tables
  bool ParseAllBodies = false;     ///< those in system headers too: slow, for comparison
};

/// What one compile command gave. Paths are absolute.
struct FileResult {
  std::vector<Finding> Findings;
  std::optional<Failure> Failed; ///< then there are no findings
  std::vector<Remark> Remarks;
  unsigned Suppressed = 0;
  unsigned OutsideUserCode = 0;
};

/// Contains crashes: they become a Failure.
FileResult analyze(const clang::tooling::CompileCommand &Command, const AnalysisOptions &Options);

/// Reads every configuration file that the analysis of \p Files will need; the error has one line
/// "file:line: message" for each that is wrong.
llvm::Error checkConfiguration(llvm::ArrayRef<std::string> Files, const AnalysisOptions &Options);

} // namespace tether::tool

#endif
