// tether-clangd: clangd with our checks linked in, visible with no configuration at all.
//
// clangd shows a clang-tidy check when the configuration asks for it and it is known to be fast.
// Both answers, and the page that a diagnostic links to, come from functions of clangd that the
// linker routes through here (--wrap in CMakeLists.txt), so that ours are its default checks like those it chose itself. A configuration
// written as a file would not do: clangd lets the user's own file win over the project's, and any
// check asked for in a file switches its default checks off.
#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
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

/// Where the pages are installed, or stand in the sources; empty if nowhere.
static const std::string &pages() {
  static const std::string Found = [] {
    llvm::SmallString<256> Installed(llvm::sys::fs::getMainExecutable("tether-clangd", nullptr));
    llvm::sys::path::remove_filename(Installed);
    llvm::sys::path::append(Installed, "..", TETHER_INSTALLED_PAGES);
    for (llvm::StringRef Dir : {llvm::StringRef(Installed), llvm::StringRef(TETHER_SOURCE_PAGES)}) {
      llvm::SmallString<256> Real;
      if (!llvm::sys::fs::real_path(Dir, Real))
        return Real.str().str();
    }
    return std::string();
  }();
  return Found;
}

std::optional<std::string> realDocs(unsigned Source, unsigned Id, llvm::StringRef Name) __asm__(
    "__real__ZN5clang6clangd19getDiagnosticDocURIB5cxx11ENS0_4Diag10DiagSourceEjN4llvm9StringRefE");
std::optional<std::string> ourDocs(unsigned Source, unsigned Id, llvm::StringRef Name) __asm__(
    "__wrap__ZN5clang6clangd19getDiagnosticDocURIB5cxx11ENS0_4Diag10DiagSourceEjN4llvm9StringRefE");

/// What the link behind a diagnostic leads to. clangd knows clang-tidy's own pages, and takes every
/// check for one of them.
std::optional<std::string> ourDocs(unsigned Source, unsigned Id, llvm::StringRef Name) {
  llvm::StringRef Check = Name;
  if (!Check.consume_front("tether-"))
    return realDocs(Source, Id, Name);
  llvm::SmallString<256> Page(pages());
  llvm::sys::path::append(Page, Check + ".md");
  if (!llvm::sys::fs::exists(Page))
    return std::nullopt;
  std::string Uri = "file://";
  for (unsigned char C : Page)
    if (llvm::isAlnum(C) || llvm::StringRef("/-._~+@,=").contains(C))
      Uri += C;
    else
      Uri += "%" + llvm::utohexstr(C, /*LowerCase=*/false, /*Width=*/2);
  return Uri;
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
