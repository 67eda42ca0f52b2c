// Results by content. No time stamp decides: a result is taken from the cache when the settings of
// the analysis and everything that it has looked at are the same.
//
//   settings of a file ──▶ what its analysis looked at ──look again──▶ digest ──▶ its result
//
// Both steps are entries of LLVM's cache directory (Support/Caching). Each entry begins with the
// digest of the rest, so that one that was torn by a full disk or a killed process is no entry.
// Paths below the project's root are kept relative to it: checkouts and machines can share a cache.
#ifndef TETHER_TOOL_CACHE_CACHE_H
#define TETHER_TOOL_CACHE_CACHE_H

#include "tool/engine/Inputs.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace tether::tool {

class Cache {
public:
  /// The error says why the directory cannot be used.
  static llvm::Expected<Cache> open(llvm::StringRef Directory, llvm::StringRef Root);
  /// Of the user, empty if there is none.
  static std::string defaultDirectory();

  /// The result stored for these settings if all that it depends on looks the same.
  std::optional<std::string> find(llvm::StringRef Settings, LookAgain &Now) const;
  void store(llvm::StringRef Settings, const std::map<std::string, Seen> &Inputs,
             llvm::StringRef Result) const;
  /// Removes what has not been used for long, and the oldest of what takes too much room.
  void prune() const;

private:
  Cache(llvm::StringRef Directory, llvm::StringRef Root);

  std::string keyOf(llvm::StringRef Settings) const;
  std::string portable(llvm::StringRef Path) const;
  std::optional<std::string> read(llvm::StringRef Key) const;
  void write(llvm::StringRef Key, llvm::StringRef Text) const;

  std::string Directory, Root;
  std::string Tool; ///< what names this program: another one may find something else
};

} // namespace tether::tool

#endif
