// What an analysis has read: every file, every look for a file that was or was not there, every
// list of a directory. The result of an analysis is a function of its settings and of these, and
// so the cache can tell, without analysing, that nothing has changed.
//
// Also lays other texts over the files on disk, to see a project as it was before a change.
#ifndef TETHER_TOOL_ENGINE_INPUTS_H
#define TETHER_TOOL_ENGINE_INPUTS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace tether::tool {

/// Text by absolute path, in place of what is on disk; none: the file is not there.
using Overlay = std::map<std::string, std::optional<std::string>>;

/// A digest in hexadecimal digits: BLAKE3, cut to 128 bits.
std::string digestOf(llvm::StringRef Text);

/// How much of a file was looked at.
enum class Look : char { Exists = '?', Content = '=', List = '/' };

/// What a look has shown: a digest, "+" for something that is there, "-" for nothing.
struct Seen {
  Look How = Look::Exists;
  std::string What;
};

/// A file system with an overlay; a working directory of its own, since threads do not share one.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystemWith(const Overlay *Over);

/// Remembers all looks at the file system below it.
class Inputs final : public llvm::vfs::ProxyFileSystem {
public:
  explicit Inputs(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS)
      : ProxyFileSystem(std::move(FS)) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override;
  bool exists(const llvm::Twine &Path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &Path) override;
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine &Dir, std::error_code &EC) override;

  void note(llvm::StringRef AbsolutePath, Look How, std::string What);
  /// By absolute path.
  const std::map<std::string, Seen> &all() const { return Looks; }

private:
  std::string absolute(const llvm::Twine &Path) const;
  std::map<std::string, Seen> Looks;
};

/// Looks again, each place once for all files of a run.
class LookAgain {
public:
  explicit LookAgain(const Overlay *Over) : FS(fileSystemWith(Over)) {}
  std::string look(llvm::StringRef Path, Look How);

private:
  std::mutex Lock;
  std::map<std::pair<std::string, Look>, std::string> Known;
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS;
};

} // namespace tether::tool

#endif
