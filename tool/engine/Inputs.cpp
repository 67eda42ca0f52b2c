#include "tool/engine/Inputs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/Path.h"
#include <set>

namespace vfs = llvm::vfs;

namespace tether::tool {
namespace {

constexpr llvm::StringRef There = "+", Absent = "-";

/// The names in a directory.
std::string listing(vfs::FileSystem &FS, llvm::StringRef Dir) {
  std::error_code Error;
  std::set<std::string> Names;
  for (vfs::directory_iterator It = FS.dir_begin(Dir, Error), End; It != End && !Error;
       It.increment(Error))
    Names.insert(llvm::sys::path::filename(It->path()).str());
  return Error ? Absent.str() : digestOf(llvm::join(Names, "\n"));
}

class OverlaidFiles final : public vfs::ProxyFileSystem {
public:
  OverlaidFiles(llvm::IntrusiveRefCntPtr<vfs::FileSystem> Disk, const Overlay &Over)
      : ProxyFileSystem(std::move(Disk)), Over(Over) {
    for (const auto &[Path, Text] : Over)
      if (Text)
        Texts.addFile(Path, /*ModificationTime=*/0, llvm::MemoryBuffer::getMemBufferCopy(*Text));
  }

  llvm::ErrorOr<vfs::Status> status(const llvm::Twine &Path) override {
    std::string Where = absolute(Path);
    auto Found = Over.find(Where);
    if (Found == Over.end())
      return ProxyFileSystem::status(Path);
    if (!Found->second)
      return std::make_error_code(std::errc::no_such_file_or_directory);
    auto S = Texts.status(Where);
    return S ? vfs::Status::copyWithNewName(*S, Path) : S;
  }
  bool exists(const llvm::Twine &Path) override { return static_cast<bool>(status(Path)); }
  llvm::ErrorOr<std::unique_ptr<vfs::File>> openFileForRead(const llvm::Twine &Path) override {
    std::string Where = absolute(Path);
    auto Found = Over.find(Where);
    if (Found == Over.end())
      return ProxyFileSystem::openFileForRead(Path);
    if (!Found->second)
      return std::make_error_code(std::errc::no_such_file_or_directory);
    return vfs::File::getWithPath(Texts.openFileForRead(Where), Path);
  }

private:
  std::string absolute(const llvm::Twine &Path) const {
    llvm::SmallString<256> Result;
    Path.toVector(Result);
    if (!makeAbsolute(Result))
      llvm::sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
    return Result.str().str();
  }

  const Overlay &Over;
  vfs::InMemoryFileSystem Texts;
};

/// Tells what was read through it.
class WatchedFile final : public vfs::File {
public:
  WatchedFile(std::unique_ptr<vfs::File> File, std::string Path, Inputs &Owner)
      : Inner(std::move(File)), Path(std::move(Path)), Owner(Owner) {}

  llvm::ErrorOr<vfs::Status> status() override { return Inner->status(); }
  llvm::ErrorOr<std::string> getName() override { return Inner->getName(); }
  std::error_code close() override { return Inner->close(); }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>>
  getBuffer(const llvm::Twine &Name, int64_t Size, bool NullTerminator, bool Volatile) override {
    auto Text = Inner->getBuffer(Name, Size, NullTerminator, Volatile);
    Owner.note(Path, Look::Content, Text ? digestOf((*Text)->getBuffer()) : Absent.str());
    return Text;
  }

private:
  std::unique_ptr<vfs::File> Inner;
  std::string Path;
  Inputs &Owner; // outlives its files: Clang closes them before it lets go of the file system
};

} // namespace

std::string digestOf(llvm::StringRef Text) {
  auto Digest = llvm::BLAKE3::hash<16>(llvm::arrayRefFromStringRef(Text));
  return llvm::toHex(Digest, /*LowerCase=*/true);
}

llvm::IntrusiveRefCntPtr<vfs::FileSystem> fileSystemWith(const Overlay *Over) {
  llvm::IntrusiveRefCntPtr<vfs::FileSystem> Disk(vfs::createPhysicalFileSystem());
  if (!Over)
    return Disk;
  return llvm::IntrusiveRefCntPtr<vfs::FileSystem>(new OverlaidFiles(std::move(Disk), *Over));
}

std::string Inputs::absolute(const llvm::Twine &Path) const {
  llvm::SmallString<256> Result;
  Path.toVector(Result);
  (void)makeAbsolute(Result);
  return Result.str().str();
}

void Inputs::note(llvm::StringRef Path, Look How, std::string What) {
  Seen &S = Looks[Path.str()];
  // The text says more than that the file is there.
  if (S.What.empty() || S.How == Look::Exists)
    S = {How, std::move(What)};
}

llvm::ErrorOr<vfs::Status> Inputs::status(const llvm::Twine &Path) {
  auto S = ProxyFileSystem::status(Path);
  note(absolute(Path), Look::Exists, (S ? There : Absent).str());
  return S;
}

bool Inputs::exists(const llvm::Twine &Path) { return static_cast<bool>(status(Path)); }

llvm::ErrorOr<std::unique_ptr<vfs::File>> Inputs::openFileForRead(const llvm::Twine &Path) {
  auto File = ProxyFileSystem::openFileForRead(Path);
  std::string Where = absolute(Path);
  note(Where, Look::Exists, (File ? There : Absent).str());
  if (!File)
    return File;
  return std::make_unique<WatchedFile>(std::move(*File), std::move(Where), *this);
}

vfs::directory_iterator Inputs::dir_begin(const llvm::Twine &Dir, std::error_code &EC) {
  std::string Where = absolute(Dir);
  note(Where, Look::List, listing(getUnderlyingFS(), Where));
  return ProxyFileSystem::dir_begin(Dir, EC);
}

std::string LookAgain::look(llvm::StringRef Path, Look How) {
  auto Key = std::pair(Path.str(), How);
  {
    std::lock_guard<std::mutex> Held(Lock);
    if (auto It = Known.find(Key); It != Known.end())
      return It->second;
  }
  std::string What;
  if (How == Look::List)
    What = listing(*FS, Path);
  else if (How == Look::Exists)
    What = (FS->exists(Path) ? There : Absent).str();
  else if (auto Text = FS->getBufferForFile(Path))
    What = digestOf((*Text)->getBuffer());
  else
    What = Absent.str();
  std::lock_guard<std::mutex> Held(Lock);
  return Known[Key] = What;
}

} // namespace tether::tool
