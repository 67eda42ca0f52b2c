// A change of the text that repairs a defect, or the reason why none is offered. Plain data: made
// in fix/, carried by findings, shown by report/.
#ifndef TETHER_FLOW_FIX_H
#define TETHER_FLOW_FIX_H

#include "clang/Basic/Diagnostic.h"
#include <string>
#include <vector>

namespace tether {

struct Fix {
  std::string Title;                   ///< a verb phrase
  std::vector<clang::FixItHint> Edits; ///< all or nothing
  /// What correct executions do changes on purpose: offered with a note, not with the warning.
  bool ChangesBehaviour = false;
  std::string Refused; ///< why there are no edits

  explicit operator bool() const { return !Edits.empty(); }
};

} // namespace tether

#endif
