// Edits of a file as a unified diff, as patch and git take it.
#ifndef TETHER_TOOL_ENGINE_UNIFIEDDIFF_H
#define TETHER_TOOL_ENGINE_UNIFIEDDIFF_H

#include "clang/Tooling/Core/Replacement.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace tether::tool {

std::string unifiedDiff(llvm::StringRef Name, llvm::StringRef OldText,
                        const clang::tooling::Replacements &Edits);

} // namespace tether::tool

#endif
