// Diagnostics into plain data.
#ifndef TETHER_TOOL_ENGINE_FINDINGS_H
#define TETHER_TOOL_ENGINE_FINDINGS_H

#include "tool/engine/Analyze.h"
#include "tool/engine/Listeners.h"
#include "clang/Tooling/Core/Replacement.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

namespace tether::tool {

/// Reads the sources again for lines, columns and words. Paths are made absolute.
class SourceReader {
public:
  SourceReader(llvm::vfs::FileSystem &FS, llvm::StringRef Directory)
      : FS(FS), Directory(Directory) {}

  std::string absolute(llvm::StringRef Path) const;
  Place place(llvm::StringRef Path, unsigned Offset);
  /// Sorted by file and offset.
  std::vector<Edit> edits(const llvm::StringMap<clang::tooling::Replacements> &PerFile);
  /// Of a file by its absolute path; empty if it cannot be read.
  llvm::StringRef text(llvm::StringRef Path);

private:
  llvm::vfs::FileSystem &FS;
  std::string Directory;
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> Texts;
};

Finding toFinding(const clang::tidy::ClangTidyError &E, SourceReader &Read);
Finding toFinding(const SuppressionListener::Suppressed &S, SourceReader &Read);

/// Connects findings with the comments that suppress them, in the files of the project.
void applyMarks(FileResult &R, SourceReader &Read);

} // namespace tether::tool

#endif
