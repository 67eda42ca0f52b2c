// What an analysis found, as plain data: no AST, no source manager, nothing that ties it to the
// process that made it. Workers send it, the cache keeps it; the gate, the fixes and the outputs
// work on it.
#ifndef TETHER_TOOL_ENGINE_RESULT_H
#define TETHER_TOOL_ENGINE_RESULT_H

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tether::tool {

/// A place in a file. Lines and columns count from 1.
struct Position {
  unsigned Offset = 0;    ///< in bytes, from 0
  unsigned Line = 0;      ///< 0: the file as a whole
  unsigned Column = 0;    ///< in bytes, as compilers count
  unsigned Character = 0; ///< the same column in Unicode code points, as SARIF counts
};

struct Place {
  std::string File; ///< relative to the project's root, or absolute when outside of it
  Position At;
  std::string LineText; ///< the line it is on, without its end
};

/// Replaces the text from Begin to End.
struct Edit {
  std::string File;
  Position Begin;
  Position End;
  std::string Text;
};

/// A step on the way to the defect.
struct Note {
  Place Where;
  std::string Message;
  std::vector<Edit> Edits; ///< a fix that changes behaviour on purpose
};

/// Why a finding is not reported.
struct Suppression {
  enum Kind {
    NoLint,   ///< a NOLINT comment
    Allow,    ///< a comment `tether: allow(id) reason`
    Baseline, ///< it is in the baseline
    Before    ///< it was there before the change that is looked at
  } By = NoLint;
  std::string Reason; ///< the user's words, if there are any
};

struct Finding {
  std::string Check; ///< with its prefix: "tether-detached-thread"
  std::string Message;
  bool IsError = false; ///< the configuration says `WarningsAsErrors`
  Place Where;
  unsigned Length = 1;     ///< of the word at Where, in bytes
  std::vector<Note> Notes; ///< in path order
  std::string Advice;      ///< what to do, empty if there is nothing to say
  std::vector<Edit> Edits; ///< the fix, all or nothing
  bool Fixed = false;      ///< the fix was applied in this run
  std::string Refused;     ///< why there is no fix, or why it was not applied; may be empty
  /// From Where to the end of the statement, without white space and comments.
  std::string Statement;
  /// The same for the same defect, however far lines move and wherever the checkout lies.
  std::string Fingerprint;
  /// The same also after a move to another file; several findings may share it.
  std::string Content;
  std::optional<Suppression> Suppressed;
  /// Of a finding that a change introduces although it shows outside of the changed lines: the
  /// place and words that connect it with the change.
  std::optional<Note> Introduced;
};

/// A comment that suppresses findings.
struct Mark {
  Place Where;
  Suppression::Kind By = Suppression::NoLint;
  unsigned FirstLine = 0; ///< of the lines that it covers
  unsigned LastLine = 0;
  std::vector<std::string> Checks; ///< as written
  std::string Reason;
  bool Used = false; ///< something was suppressed by it
};

/// A file that could not be analysed.
struct Failure {
  std::string File;
  std::string Message; ///< the first error, or what became of the analysis
  Place Where;         ///< of the first error; no line if it has none
};

/// Something the user should know about the input that is no finding, such as a malformed NOLINT.
struct Remark {
  Place Where;
  std::string Message;
};

struct Statistics {
  unsigned OutsideUserCode = 0;           ///< findings in headers that the configuration leaves out
  unsigned Scopes = 0, ScopesGivenUp = 0; ///< interleavings explored; too large, or out of budget
  unsigned Cached = 0;                    ///< files whose results were in the cache
  unsigned Skipped = 0;                   ///< files that mention nothing a check could use
  std::map<std::string, unsigned> PerCheck;
  double Seconds = 0;                        ///< wall-clock time
  double ParseSeconds = 0, CheckSeconds = 0; ///< of the processor
};

/// What a run says about a change or against a baseline.
struct Verdict {
  unsigned Introduced = 0;
  unsigned AlreadyThere = 0;
  std::vector<Finding> Fixed; ///< of a baseline's entries only what the entry holds
};

struct Report {
  std::string Root;              ///< what relative paths are relative to
  std::vector<Finding> Findings; ///< by file, line, column, check
  std::vector<Finding> Silenced; ///< the suppressed ones, in the same order
  std::optional<Verdict> Gate;   ///< of runs against a baseline or a change
  std::vector<Failure> Failures; ///< by file
  std::vector<Remark> Remarks;   ///< by file, line
  unsigned Analysed = 0;         ///< files, the failed ones left out
  bool Fixing = false;           ///< fixes were asked for
  /// What the run would have found, had it been there: files of the project, names of checks.
  std::set<std::string> Files, Checks;
  Statistics Stats;
};

} // namespace tether::tool

#endif
