#include "tool/engine/WriteFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/raw_ostream.h"

namespace fs = llvm::sys::fs;

namespace tether::tool {

static llvm::Error cannotWrite(llvm::StringRef Path, const llvm::Twine &Why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Path + ": cannot write: " + Why);
}

llvm::Expected<OutputFile> OutputFile::open(llvm::StringRef Path) {
  llvm::SmallString<256> Real(Path);
  fs::file_status Status;
  const bool Exists = !fs::status(Path, Status) && fs::exists(Status);
  if (Exists) {
    if (fs::is_directory(Status))
      return cannotWrite(Path, "is a directory");
    if (!fs::is_regular_file(Status))
      return OutputFile(Path);
    if (!fs::can_write(Path))
      return cannotWrite(Path, "permission denied");
    if (std::error_code Error = fs::real_path(Path, Real))
      return cannotWrite(Path, Error.message());
  }
  auto Temp = fs::TempFile::create(Real + ".tmp-%%%%%%",
                                   Exists ? Status.permissions() : fs::all_read | fs::all_write);
  if (!Temp)
    return cannotWrite(Path, llvm::toString(Temp.takeError()));
  // The mask of the process applies to what is created, not to what was there.
  if (Exists)
    if (std::error_code Error = fs::setPermissions(Temp->FD, Status.permissions())) {
      llvm::consumeError(Temp->discard());
      return cannotWrite(Path, Error.message());
    }
  OutputFile Result(Real);
  Result.Temp = std::move(*Temp);
  return Result;
}

OutputFile::~OutputFile() {
  if (Temp)
    llvm::consumeError(Temp->discard());
}

llvm::Error OutputFile::commit(llvm::StringRef Text) {
  std::error_code Error;
  {
    std::optional<llvm::raw_fd_ostream> OS;
    if (Temp)
      OS.emplace(Temp->FD, /*shouldClose=*/false);
    else
      OS.emplace(Path, Error);
    if (!Error) {
      *OS << Text;
      OS->flush();
      Error = OS->error();
    }
    OS->clear_error(); // else its destructor ends the program
  }
  if (Error)
    return cannotWrite(Path, Error.message());
  if (!Temp)
    return llvm::Error::success();
  llvm::Error Kept = Temp->keep(Path);
  Temp.reset();
  return Kept ? cannotWrite(Path, llvm::toString(std::move(Kept))) : llvm::Error::success();
}

} // namespace tether::tool
