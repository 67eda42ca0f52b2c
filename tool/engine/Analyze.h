// One file through Clang and the checks.
//
//   compile command ──adjust──▶ clang (no bodies of system headers) ──▶ clang-tidy checks ──▶
//   FileResult
//
// What crashes or never ends here is contained by Workers.h.
#ifndef TETHER_TOOL_ENGINE_ANALYZE_H
#define TETHER_TOOL_ENGINE_ANALYZE_H

#include "tool/engine/Inputs.h"
#include "tool/engine/Result.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>

namespace clang {
class ASTConsumer;
}

namespace tether::tool {

struct AnalysisOptions {
  std::string Root;       ///< of the project; files below it are the project's own
  std::string Checks;     ///< of the command line, in the syntax of `.clang-tidy`; may be empty
  std::string ConfigFile; ///< used in place of the `.clang-tidy` files found upwards; may be empty
  std::vector<std::string> Models; ///< absolute paths of the user's API tables
  const Overlay *Before = nullptr; ///< to analyse the files as they were before a change
  bool ParseAllBodies = false;     ///< those in system headers too: slow, for comparison
  bool ParseAllFiles = false;      ///< those that no check could be about too: slow, for comparison
};

/// What one compile command gave. Paths are absolute.
struct FileResult {
  std::vector<Finding> Findings; ///< the suppressed ones too
  std::optional<Failure> Failed; ///< then there are no findings
  std::vector<Remark> Remarks;
  std::vector<Mark> Marks;         ///< in the project's files that it read
  std::vector<std::string> Files;  ///< the project's files that it read
  std::vector<std::string> Checks; ///< that ran
  unsigned OutsideUserCode = 0;
  unsigned Scopes = 0, ScopesGivenUp = 0; ///< whose interleavings were explored, or too many
  bool Skipped = false;                   ///< not parsed, since no check could be about it
  uint64_t ParseTime = 0, CheckTime = 0;  ///< of the processor, in microseconds; not kept
};

/// Everything beside the files that decides what the analysis finds.
std::string settingsOf(const clang::tooling::CompileCommand &Command,
                       const AnalysisOptions &Options);

/// Adds what it looked at to \p Looks.
FileResult analyze(const clang::tooling::CompileCommand &Command, const AnalysisOptions &Options,
                   std::map<std::string, Seen> &Looks);

/// Gives the file to \p Consumer instead of the checks; says what kept it from being read.
std::optional<Failure> inspect(const clang::tooling::CompileCommand &Command,
                               const AnalysisOptions &Options,
                               std::unique_ptr<clang::ASTConsumer> Consumer);

/// Why the file has to be parsed, for curious people; empty if it is not.
std::string whyParsed(const clang::tooling::CompileCommand &Command,
                      const AnalysisOptions &Options);

/// Reads every configuration file that the analysis of \p Files will need; the error has one line
/// "file:line: message" for each that is wrong.
llvm::Error checkConfiguration(llvm::ArrayRef<std::string> Files, const AnalysisOptions &Options);

} // namespace tether::tool

#endif
