// Reads sources as text: which files a file may include, and whether any of them mentions a word
// that a check could be about. Much faster than a compiler, and errs on the safe side: what it
// cannot see through it does not answer.
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
  /// Whether a check could have something to say about the job.
  bool mayConcern(const Job &J);

private:
  struct Include {
    std::string Name;
    bool Quoted;
  };
  /// What the text of one file shows.
  struct Text {
    std::vector<Include> Includes;
    std::vector<std::string> Words; ///< those of interest, each once
    bool IsClear = true;            ///< no include or name is put together by macros
  };
  struct Closure {
    std::set<std::string> Files;   ///< of the project, by absolute path
    std::set<std::string> Foreign; ///< names of includes that are not in the project
    bool IsClear = true;
  };

  const Text &textOf(const std::string &File);
  Closure closureOf(const clang::tooling::CompileCommand &Command);
  bool mayConcern(const clang::tooling::CompileCommand &Command);
  bool isFile(const std::string &Path);

  const AnalysisOptions &Options;
  llvm::StringMap<Text> Texts;
  llvm::StringMap<bool> Known;
};

} // namespace tether::tool

#endif
