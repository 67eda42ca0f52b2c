// What is to be analysed: the compile database, the files asked for, the project's root.
//
//   -p, cwd, PATH... ──▶ compile_commands.json | compile_flags.txt | flags after -- ──▶ Jobs
#ifndef TETHER_TOOL_ENGINE_PROJECT_H
#define TETHER_TOOL_ENGINE_PROJECT_H

#include "tool/engine/Result.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>

namespace tether::tool {

struct ProjectRequest {
  std::string BuildDirectory;     ///< of `-p`; empty: searched for upwards
  std::vector<std::string> Paths; ///< files and directories to restrict to; empty: everything
  /// The flags after `--`, used in place of a compile database.
  std::unique_ptr<clang::tooling::CompilationDatabase> Flags;
};

/// A file with the commands that compile it, each of them different.
struct Job {
  std::string File; ///< absolute
  std::vector<clang::tooling::CompileCommand> Commands;
};

struct Project {
  std::string Root;      ///< absolute
  std::vector<Job> Jobs; ///< sorted by file
  bool IsWhole = false;  ///< all that the database lists
};

/// The error is the user's: it has one line that says what is wrong.
llvm::Expected<Project> openProject(ProjectRequest Request);

/// An error with the text given; all errors for users are made by this.
llvm::Error inputError(const llvm::Twine &Text);

/// \p Path seen from \p Directory if it lies below it, \p Path otherwise.
std::string relativeTo(llvm::StringRef Directory, llvm::StringRef Path);

std::string currentDirectory();
/// Absolute and without dots.
std::string absolutePath(llvm::StringRef Path, llvm::StringRef Directory = currentDirectory());

} // namespace tether::tool

#endif
