#include "tool/engine/Arguments.h"
#include "tool/engine/Versions.h"
#include "clang/Basic/Version.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace clang::tidy;
using clang::tooling::CompileCommand;

namespace tether::tool {

/// Where Clang's own headers (stddef.h and the like) are.
static const std::string &resourceDir() {
  static const std::string Found = [] {
    llvm::SmallVector<std::string> Candidates = {TETHER_RESOURCE_DIR};
    for (llvm::StringRef Name : {"clang-" CLANG_VERSION_MAJOR_STRING, "clang"})
      if (auto Compiler = llvm::sys::findProgramByName(Name)) {
        llvm::SmallString<128> Real, Dir;
        if (llvm::sys::fs::real_path(*Compiler, Real))
          continue;
        Dir = llvm::sys::path::parent_path(llvm::sys::path::parent_path(Real));
        llvm::sys::path::append(Dir, "lib", "clang", CLANG_VERSION_MAJOR_STRING);
        Candidates.push_back(Dir.str().str());
      }
    for (const std::string &Dir : Candidates)
      if (llvm::sys::fs::is_directory(Dir + "/include"))
        return Dir;
    return Candidates.front();
  }();
  return Found;
}

std::vector<std::string> adjustedArguments(const CompileCommand &Command, llvm::StringRef File,
                                           const ClangTidyOptions &Options) {
  using namespace clang::tooling;
  std::vector<std::string> Args = Command.CommandLine;
  for (const ArgumentsAdjuster &Adjust :
       {getClangSyntaxOnlyAdjuster(), getClangStripOutputAdjuster(),
        getClangStripDependencyFileAdjuster(), getStripPluginsAdjuster()})
    Args = Adjust(Args, File);

  const std::vector<std::string> Removed = removedArgs(Options);
  llvm::erase_if(Args, [&](const std::string &Arg) { return llvm::is_contained(Removed, Arg); });
  auto Insert = [&](const std::optional<std::vector<std::string>> &Extra,
                    ArgumentInsertPosition Where) {
    if (Extra)
      Args = getInsertArgumentAdjuster(*Extra, Where)(Args, File);
  };
  Insert(Options.ExtraArgsBefore, ArgumentInsertPosition::BEGIN);
  Insert(Options.ExtraArgs, ArgumentInsertPosition::END);
  if (llvm::none_of(Args, [](llvm::StringRef Arg) { return Arg.starts_with("-resource-dir"); }))
    Insert(std::vector<std::string>{"-resource-dir=" + resourceDir()},
           ArgumentInsertPosition::BEGIN);
  return Args;
}

} // namespace tether::tool
