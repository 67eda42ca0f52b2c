// tether-clangd: clangd with our checks linked in, visible with no configuration at all.
//
// clangd shows a clang-tidy check when the configuration asks for it and it is known to be fast.
// Both answers come from functions of clangd that the linker routes through here (--wrap in
// CMakeLists.txt), so that ours are its default checks like those it chose itself. A configuration
// written as a file would not do: clangd lets the user's own file win over the project's, and any
// check asked for in a file switches its default checks off.
#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Process.h"
#include <optional>
#include <string>
#include <vector>

namespace clang::clangd {

int clangdMain(int ArgCount, char *Args[]); // clangd installs no headers

#if LLVM_VERSION_MAJOR >= 22
using TidyProvider = llvm::unique_function<void(tidy::ClangTidyOptions &, llvm::StringRef) const>;
#else
using TidyProvider = llvm::function_ref<void(tidy::ClangTidyOptions &, llvm::StringRef)>;
#endif

TidyProvider realDefaultChecks() __asm__("__real__ZN5clang6clangd20provideDefaultChecksEv");
TidyProvider ourDefaultChecks() __asm__("__wrap__ZN5clang6clangd20provideDefaultChecksEv");

/// The last step in making the list of checks of a file, after .clang-tidy and .clangd files. Ours
/// go in front of the list, so that every word of the user's, like `-*` or `-tether-*`, counts.
TidyProvider ourDefaultChecks() {
  static const TidyProvider Default = realDefaultChecks();
  static const auto WithOurs = [](tidy::ClangTidyOptions &Options, llvm::StringRef File) {
    Default(Options, File);
    Options.Checks = "tether-*," + Options.Checks.value_or("");
  };
  return WithOurs;
}

std::optional<bool> realIsFast(llvm::StringRef Check) __asm__(
    "__real__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");
std::optional<bool> ourIsFast(llvm::StringRef Check) __asm__(
    "__wrap__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");

std::optional<bool> ourIsFast(llvm::StringRef Check) {
  return Check.starts_with("tether-") ? std::optional(true) : realIsFast(Check);
}

} // namespace clang::clangd

int main(int ArgCount, char *Args[]) {
  std::vector<char *> All(Args, Args + ArgCount);
  auto NamesResourceDir = [](llvm::StringRef Arg) { return Arg.contains("-resource-dir"); };
  // clangd looks for the compiler's own headers beside its binary, where ours has none.
  std::string ResourceDir = "--resource-dir=" TETHER_RESOURCE_DIR;
  if (llvm::none_of(All, NamesResourceDir) &&
      !NamesResourceDir(llvm::sys::Process::GetEnv("CLANGD_FLAGS").value_or("")))
    All.insert(All.begin() + 1, ResourceDir.data());
  All.push_back(nullptr);
  return clang::clangd::clangdMain(All.size() - 1, All.data());
}
