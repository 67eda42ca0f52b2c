// What an analysis found, as plain data: no AST, no source manager, nothing that ties it to the
// process that made it. The outputs, the fixes and (one day) the cache and the gate work on this.
#ifndef TETHER_TOOL_ENGINE_RESULT_H
#define TETHER_TOOL_ENGINE_RESULT_H

#include <map>
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
  /// The same for the same defect, however far lines move and wherever the checkout lies.
  std::string Fingerprint;
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
  unsigned Suppressed = 0;      ///< findings silenced by NOLINT
  unsigned OutsideUserCode = 0; ///< findings in headers that the configuration leaves out
  std::map<std::string, unsigned> PerCheck;
  double Seconds = 0; ///< wall-clock time
};

struct Report {
  std::string Root;              ///< what relative paths are relative to
  std::vector<Finding> Findings; ///< by file, line, column, check
  std::vector<Failure> Failures; ///< by file
  std::vector<Remark> Remarks;   ///< by file, line
  unsigned Analysed = 0;         ///< files, the failed ones left out
  Statistics Stats;
};

} // namespace tether::tool

#endif
