// The documents that are open in the editor: in which of them somebody is typing, and what was
// found in them before.
//
//                 change                                no change for a moment, or saved
//   settled  ───────────────▶  typing  ◀─┐ change      ────────────────────────────────▶  settled
//   rebuilds have our checks   rebuilds go without them;                one more rebuild, with them
//                              what they found before stays,
//                              moved along with its lines
//
// Three kinds of threads come here: the one that reads the editor's messages, the one that waits
// for pauses (Debounce.h), and clangd's workers, one for each document, which build and publish.
#ifndef TETHER_CLANGD_DOCUMENTS_H
#define TETHER_CLANGD_DOCUMENTS_H

#include "Change.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace tether {

class Documents {
public:
  // What the editor says.
  void opened(llvm::StringRef Uri, std::optional<int64_t> Version);
  void changed(llvm::StringRef Uri, std::optional<int64_t> Version,
               const llvm::json::Array &Changes);
  void saved(llvm::StringRef Uri);
  void closed(llvm::StringRef Uri);

  /// Waits until typing has paused in some document, or until it is told to stop.
  void waitForPause(std::stop_token Stop);
  struct Pause {
    std::string Uri;
    int64_t Version;
  };
  /// Where typing has paused; these documents are settled from now on.
  std::vector<Pause> settle();

  // What clangd's workers do, for a file by its path.
  /// A build begins, for which the user wants some of our checks or none; answers whether it should
  /// have them.
  bool startBuild(llvm::StringRef File, bool Wanted);
  /// A number that grows each time the file has to be built although its text is the same; empty
  /// for a file that is not open.
  std::string generation(llvm::StringRef File) const;
  /// The diagnostics of the last build are about to be shown: those that it left out are added, and
  /// those that it could not find because of an error.
  void publish(llvm::StringRef Uri, std::optional<int64_t> Version, llvm::json::Array &Diagnostics);

private:
  using Clock = std::chrono::steady_clock;
  struct Edit {
    int64_t Version;
    Change What;
  };
  struct Document {
    std::string Uri; // as the editor writes it
    int64_t Version;
    unsigned Generation;
    Clock::time_point Changed;
    Clock::time_point Due = Clock::time_point::max(); // while somebody types, when that has paused
    bool LeftOut = false;                             // the last build went without our checks
    std::vector<llvm::json::Object> Shown = {};       // our diagnostics, as shown last
    std::vector<Edit> Since = {};                     // what has changed in the text since then

    bool isTyping() const { return Due != Clock::time_point::max(); }
  };

  Document *find(llvm::StringRef Uri);
  Clock::time_point firstDue() const;

  mutable std::mutex Lock;
  std::condition_variable_any DueChanged;
  llvm::StringMap<Document> Open; // by path, which is what clangd's workers know
  unsigned LastGeneration = 0;
};

/// Those of the one editor that this process serves.
Documents &documents();

} // namespace tether

#endif
