// A defect, ready to be shown: its place, its story, its fixes. No AST, no formatting.
#ifndef TETHER_REPORT_FINDING_H
#define TETHER_REPORT_FINDING_H

#include "flow/Fix.h"
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
  /// Keeps the meaning of correct executions; on the warning.
  std::vector<clang::FixItHint> Fixes;
  std::vector<Fix> Offers; ///< change behaviour on purpose; on notes
  std::string Refused;     ///< why there is no fix

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
  Finding &fix(Fix F) {
    if (!F)
      Refused = std::move(F.Refused);
    else if (F.ChangesBehaviour)
      Offers.push_back(std::move(F));
    else
      Fixes = std::move(F.Edits);
    return *this;
  }
};

} // namespace tether

#endif
