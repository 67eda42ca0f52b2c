// The arguments with which Clang's front end reads a file, from its compile command.
#ifndef TETHER_TOOL_ENGINE_ARGUMENTS_H
#define TETHER_TOOL_ENGINE_ARGUMENTS_H

#include "clang-tidy/ClangTidyOptions.h"
#include "clang/Tooling/CompilationDatabase.h"

namespace tether::tool {

/// Without outputs and plugins, with what the configuration adds and removes, and told where
/// Clang's own headers are. \p File is the file's absolute path.
std::vector<std::string> adjustedArguments(const clang::tooling::CompileCommand &Command,
                                           llvm::StringRef File,
                                           const clang::tidy::ClangTidyOptions &Options);

} // namespace tether::tool

#endif
