// Reads sources as text: which files a file may include. Much faster than a compiler, and errs on
// the safe side: what it cannot see through may include anything.
#ifndef TETHER_TOOL_ENGINE_SKIM_H
#define TETHER_TOOL_ENGINE_SKIM_H

#include "tool/engine/Analyze.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/StringMap.h"
#include <set>

namespace tether::tool {

class Skim {
public:
  Skim(const AnalysisOptions &Options) : Options(Options) {}

  /// Whether one of the files, by absolute path, may take part in the job.
  bool mayRead(const Job &J, const std::set<std::string> &Files);

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
  Closure closureOf(const clang::tooling::CompileCommand &Command);
  bool isFile(const std::string &Path);

  const AnalysisOptions &Options;
  llvm::StringMap<Text> Texts;
  llvm::StringMap<bool> Known;
};

} // namespace tether::tool

#endif
