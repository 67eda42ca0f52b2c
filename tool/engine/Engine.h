// The analysis of a project: its files side by side, their results put together.
//
//   Jobs ──▶ cache ──what it does not know──▶ workers ──▶ one slot per job ──merge──▶ Report
//
// The order of the slots is that of the jobs, so that the report does not depend on who was faster.
#ifndef TETHER_TOOL_ENGINE_ENGINE_H
#define TETHER_TOOL_ENGINE_ENGINE_H

#include "tool/cache/Cache.h"
#include "tool/engine/Analyze.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tether::tool {

/// Told after each file: how many are done, and which one was just finished. Calls do not overlap.
using ProgressFn = llvm::function_ref<void(size_t Done, size_t All, llvm::StringRef File)>;

struct RunOptions {
  unsigned Jobs = 0;            ///< files side by side; 0 for as many as the machine has processors
  unsigned TimeLimit = 0;       ///< seconds for one file; 0 for none
  const Cache *Store = nullptr; ///< of earlier results, may be null
};

/// The findings come sorted, each once, with fingerprints; the suppressed ones apart.
Report analyzeProject(const Project &P, const AnalysisOptions &Options, const RunOptions &Run,
                      ProgressFn Progress);

/// Sorted, and each once.
void sortRemarks(std::vector<Remark> &Remarks);

} // namespace tether::tool

#endif
