// A defect, ready to be shown: its place, its story, its fixes. No AST, no formatting.
#ifndef TETHER_REPORT_FINDING_H
#define TETHER_REPORT_FINDING_H

#include "flow/Step.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/SourceLocation.h"
#include <string>
#include <utility>
#include <vector>

namespace tether {

struct Finding {
  clang::SourceLocation Where;
  std::string Message;
  std::vector<Step> Steps; ///< in path order
  std::string Advice;      ///< what to do; the last note
  /// Edits that keep the meaning of correct executions; on the warning.
  std::vector<clang::FixItHint> Fixes;

  Finding &step(clang::SourceLocation At, std::string Text) {
    Steps.push_back({At, std::move(Text)});
    return *this;
  }
  Finding &steps(const std::vector<Step> &More) {
    Steps.insert(Steps.end(), More.begin(), More.end());
    return *this;
  }
  Finding &advice(std::string Text) {
    Advice = std::move(Text);
    return *this;
  }
  Finding &fix(std::vector<clang::FixItHint> Edits) {
    Fixes = std::move(Edits);
    return *this;
  }
};

} // namespace tether

#endif
