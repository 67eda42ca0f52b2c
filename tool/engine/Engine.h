// The analysis of a project: its files on a pool of threads, their results put together.
//
//   Jobs ──pool──▶ analyze() ──▶ one slot per job ──merge──▶ Report: sorted, each finding once
//
// The order of the slots is that of the jobs, so that the report does not depend on the threads.
#ifndef TETHER_TOOL_ENGINE_ENGINE_H
#define TETHER_TOOL_ENGINE_ENGINE_H

#include "tool/engine/Analyze.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tether::tool {

/// Told after each file: how many are done, and which one was just finished. Calls do not overlap.
using ProgressFn = llvm::function_ref<void(size_t Done, size_t All, llvm::StringRef File)>;

/// \p Threads: 0 for as many as the machine has.
Report analyzeProject(const Project &P, const AnalysisOptions &Options, unsigned Threads,
                      ProgressFn Progress);

} // namespace tether::tool

#endif
