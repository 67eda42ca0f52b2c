// A change, as a unified diff: which lines are new, and what the files were before.
#ifndef TETHER_TOOL_GATE_DIFF_H
#define TETHER_TOOL_GATE_DIFF_H

#include "tool/engine/Inputs.h"
#include "tool/engine/Result.h"
#include "llvm/Support/Error.h"
#include <map>

namespace tether::tool {

struct Change {
  /// Numbers of the lines that are new or changed; a removed line counts for those around it only
  /// in Places.
  std::set<unsigned> Lines;
  /// The line at which each piece of the change is, deletions included.
  std::vector<unsigned> Places;
};

struct Diff {
  /// By path relative to the root; a file that is gone has an empty change.
  std::map<std::string, Change> Files;
  Overlay Before; ///< the files that differ, as they were

  bool touches(const Place &P) const;
};

/// Reads what `git diff` and `diff -u` print. Paths are relative to \p Root, with or without the
/// first directory ("a/", "b/"). \p Name is for messages: the error is "NAME:LINE: text", also when
/// the files under \p Root are not what the diff leads to.
llvm::Expected<Diff> parseDiff(llvm::StringRef Text, llvm::StringRef Name, llvm::StringRef Root);

} // namespace tether::tool

#endif
