// The result of a file as text, for the way between processes and for the cache. What comes out is
// what went in, byte for byte; text that was cut off or changed is recognised, not misread.
#ifndef TETHER_TOOL_ENGINE_ARCHIVE_H
#define TETHER_TOOL_ENGINE_ARCHIVE_H

#include "tool/engine/Analyze.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace tether::tool {

std::string toText(const FileResult &R);
std::optional<FileResult> fromText(llvm::StringRef Text);

} // namespace tether::tool

#endif
