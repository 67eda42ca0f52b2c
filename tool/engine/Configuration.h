// The options of a file: ours, then the `.clang-tidy` files found upwards, then the command line,
// read as clang-tidy does. What it says about other checks does not concern us.
#ifndef TETHER_TOOL_ENGINE_CONFIGURATION_H
#define TETHER_TOOL_ENGINE_CONFIGURATION_H

#include "clang-tidy/ClangTidyOptions.h"
#include "tool/engine/Analyze.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

namespace tether::tool {

class Configuration final : public clang::tidy::ClangTidyOptionsProvider {
public:
  /// Says in \p Errors, "file:line: message", what is wrong in the files it reads.
  Configuration(const AnalysisOptions &Options, llvm::raw_ostream &Errors);

  const clang::tidy::ClangTidyGlobalOptions &getGlobalOptions() override {
    return Inner->getGlobalOptions();
  }
  std::vector<OptionsSource> getRawOptions(llvm::StringRef File) override;

private:
  std::string Asked;
  std::unique_ptr<clang::tidy::ClangTidyOptionsProvider> Inner;
};

} // namespace tether::tool

#endif
