// A file that is written whole or not at all.
#ifndef TETHER_TOOL_ENGINE_WRITEFILE_H
#define TETHER_TOOL_ENGINE_WRITEFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include <optional>
#include <string>

namespace tether::tool {

/// Opened before the work starts, so that a place that cannot be written is found out early.
/// What was there stays until commit(), and for good if that fails or is never called.
class OutputFile {
public:
  static llvm::Expected<OutputFile> open(llvm::StringRef Path);
  OutputFile(OutputFile &&Other) : Path(std::move(Other.Path)), Temp(std::move(Other.Temp)) {
    Other.Temp.reset();
  }
  ~OutputFile();

  llvm::Error commit(llvm::StringRef Text);

private:
  explicit OutputFile(llvm::StringRef Path) : Path(Path) {}

  std::string Path;                            ///< of the file itself, symbolic links followed
  std::optional<llvm::sys::fs::TempFile> Temp; ///< none for pipes and devices
};

} // namespace tether::tool

#endif
