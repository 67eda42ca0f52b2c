// A report in one of the formats people and programs read.
#ifndef TETHER_TOOL_OUTPUT_OUTPUT_H
#define TETHER_TOOL_OUTPUT_OUTPUT_H

#include "tool/engine/Result.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace tether::tool {

enum class Format { Text, Json, Sarif, Github, Gitlab, Junit, Html };

/// In the format asked for. For text, paths are as seen from \p Directory.
void write(Format F, const Report &R, llvm::StringRef Directory, bool Color, llvm::raw_ostream &OS);

/// As Clang prints warnings: place, message, line and caret, the steps as notes. Paths are as seen
/// from \p Directory.
void writeText(const Report &R, llvm::StringRef Directory, bool Color, llvm::raw_ostream &OS);

/// One line for each suppressed finding, with what suppresses it.
void writeSuppressed(const Report &R, llvm::StringRef Directory, llvm::raw_ostream &OS);

/// Numbers about the run, one a line.
void writeStats(const Report &R, llvm::raw_ostream &OS);

/// Our own format; docs/design/json.md tells its members, "version" counts its changes.
void writeJson(const Report &R, llvm::raw_ostream &OS);

/// SARIF 2.1.0.
void writeSarif(const Report &R, llvm::raw_ostream &OS);

/// Annotations that GitHub shows beside the lines of a pull request.
void writeGithub(const Report &R, llvm::raw_ostream &OS);

/// What GitLab takes as a code quality report.
void writeGitlab(const Report &R, llvm::raw_ostream &OS);

/// JUnit's XML: one test case for each finding, an error for each file that failed.
void writeJunit(const Report &R, llvm::raw_ostream &OS);

/// One page that needs nothing else: the findings in their sources, which are read from the disk.
void writeHtml(const Report &R, llvm::raw_ostream &OS);

/// What several threads do in turn, as the notes of a finding tell it: "[worker_] locks 'm'".
struct Story {
  struct Turn {
    unsigned Thread;
    llvm::StringRef Does;
    const Place *Where;
  };
  std::vector<llvm::StringRef> Threads; ///< in the order in which they appear
  std::vector<Turn> Turns;
};
/// None unless two threads take part.
std::optional<Story> storyOf(const Finding &F);

/// One column for each thread.
void writeColumns(const Story &Told, llvm::raw_ostream &OS);

/// "nolint", "allow", "baseline", "before"
llvm::StringRef spelling(Suppression::Kind By);

/// "3 findings in 2 files (40 files analysed, 1 failed)"
std::string summaryLine(const Report &R);

/// "src/a.cpp: cannot be analysed: src/b.h:3:1: unknown type name 'x'", paths as seen from \p
/// Directory.
std::string failureLine(const Report &R, const Failure &F, llvm::StringRef Directory);

/// "src/a.cpp:3:1: not fixed: reason [check]"
std::string refusalLine(const Report &R, const Finding &F, llvm::StringRef Directory);

/// "src/a.cpp:3:1: text"
std::string remarkLine(const Report &R, const Remark &M, llvm::StringRef Directory);

/// A string that JSON can hold: sources need not be UTF-8.
inline llvm::json::Value jsonText(llvm::StringRef Text) {
  return llvm::json::isUTF8(Text) ? Text.str() : llvm::json::fixUTF8(Text);
}

} // namespace tether::tool

#endif
