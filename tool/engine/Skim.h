// Reads sources as text: which files a file may include, and what they mention. Much faster than a
// compiler, and errs on the safe side: what it cannot see through may include anything.
#ifndef TETHER_TOOL_ENGINE_SKIM_H
#define TETHER_TOOL_ENGINE_SKIM_H

#include "tool/engine/Analyze.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/StringMap.h"
#include <set>

namespace tether::tool {

class Skim {
public:
  Skim(const AnalysisOptions &Options) : Root(Options.Root) {}

  /// Whether one of the files, by absolute path, may take part in the job.
  bool mayRead(const Job &J, const std::set<std::string> &Files);
  /// Why the file has to be parsed, where the texts of the file and of what it may include in the
  /// project show it; empty if somebody has to look closer.
  std::string whyParse(const clang::tooling::CompileCommand &Command, const WordList &Words);

private:
  struct Include {
    std::string Name;
    bool Quoted;
  };
  /// What the text of one file shows.
  struct Text {
    std::vector<Include> Includes;
    bool IsClear = true; ///< no include is put together by macros
  };
  struct Closure {
    std::set<std::string> Files;   ///< of the project, by absolute path
    std::set<std::string> Foreign; ///< names of includes that are not in the project
    bool IsClear = true;
  };

  const Text &textOf(const std::string &File);
  /// \p Stop is asked about each file of the project, with whether it is a system header there, and
  /// may end the search.
  Closure closureOf(
      const clang::tooling::CompileCommand &Command,
      llvm::function_ref<bool(const std::string &, bool)> Stop = [](const std::string &, bool) {
        return false;
      });
  bool isFile(const std::string &Path);

  const std::string Root;
  llvm::StringMap<Text> Texts;
  llvm::StringMap<bool> Known;
  llvm::StringMap<std::string> Mentions; ///< by file
};

} // namespace tether::tool

#endif
