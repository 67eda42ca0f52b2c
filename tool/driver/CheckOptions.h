// What the command line of `tether check` asks for.
#ifndef TETHER_TOOL_DRIVER_CHECKOPTIONS_H
#define TETHER_TOOL_DRIVER_CHECKOPTIONS_H

#include "tool/driver/Verb.h"
#include "tool/engine/Analyze.h"
#include "tool/output/Output.h"

namespace tether::tool {

enum class FailOn { New, Any, Never };
enum class FixMode { None, Apply, Show };

struct CheckOptions {
  std::string Build;
  std::vector<std::string> Paths;
  AnalysisOptions Analysis; ///< but for the root, which the project knows
  unsigned Jobs = 0, TimeLimit = 0;

  bool UsesCache = true;
  std::string CacheDirectory; ///< empty: the user's

  std::string DiffRevision, DiffFile; ///< one of them or none
  std::string BaselineFile;
  bool WritesBaseline = false;

  FixMode Fix = FixMode::None;
  bool FixesOfNotes = false;

  std::string Output;
  Format ReportFormat = Format::Text;
  FailOn Fails = FailOn::New;
  bool ShowsSuppressed = false, ShowsStats = false, ShowsProgress = false;
  bool IsQuiet = false, UsesColor = false;
  bool OnlyListsReasons = false; ///< why each file is parsed
};

/// The error is about values, and options that contradict each other.
llvm::Expected<CheckOptions> readCheckOptions();

/// The verb itself, in Check.cpp.
ExitStatus check(Invocation &I);

} // namespace tether::tool

#endif
