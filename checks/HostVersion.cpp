// Stops a plugin that was loaded into another version's clang-tidy, where its checks would be
// missing without a word: their registration ends up in a list that nobody reads.
#include "clang/Basic/Version.h"
#include "llvm/ADT/StringRef.h"
#include <cstdio>
#include <cstdlib>
#include <string>

static const bool Verified = [] {
  std::string Host = clang::getClangFullVersion(); // of the program that loads us
  if (llvm::StringRef(Host).contains("clang version " CLANG_VERSION_MAJOR_STRING "."))
    return true;
  std::fprintf(stderr,
               "error: this is Tether for clang-tidy-" CLANG_VERSION_MAJOR_STRING
               ", loaded into %s\n",
               Host.c_str());
  std::_Exit(1);
}();
