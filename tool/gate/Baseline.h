// A baseline: findings that were there when somebody decided to look only at new ones. One line
// each, sorted, so that merges are merges of lines:
//
//   <fingerprint> <content> <check> <file>: <message>
//
// Lines match by fingerprint; what is left matches by content, as code may have moved to another
// file. The words behind are for people.
#ifndef TETHER_TOOL_GATE_BASELINE_H
#define TETHER_TOOL_GATE_BASELINE_H

#include "tool/engine/Result.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace tether::tool {

/// Pairs each of \p Now with the same finding in \p Before: by fingerprint, then, among the rest,
/// by content. The result has an index into Before for each of Now, or none.
std::vector<std::optional<size_t>> match(const std::vector<Finding> &Now,
                                         const std::vector<Finding> &Before);

/// The error is "NAME:LINE: text". Only what a line holds is set in the findings.
llvm::Expected<std::vector<Finding>> parseBaseline(llvm::StringRef Text, llvm::StringRef Name);

/// The text of a baseline with these findings.
std::string baselineText(const std::vector<Finding> &Findings);

/// Moves what the baseline knows of the findings to the suppressed ones. What it knows and nobody
/// finds any more, in files that were read or are gone, is fixed.
void applyBaseline(Report &R, const std::vector<Finding> &Baseline);

/// What the baseline should hold from now on: what this run found, and of the old entries those
/// about files that it did not see.
std::vector<Finding> newBaseline(const Report &R, const std::vector<Finding> &Old);

} // namespace tether::tool

#endif
