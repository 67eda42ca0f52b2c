// One decision or place on the way to a defect; shown as a note, and as a step of a code flow.
#ifndef TETHER_FLOW_STEP_H
#define TETHER_FLOW_STEP_H

#include "clang/Basic/SourceLocation.h"
#include <string>

namespace tether {

struct Step {
  clang::SourceLocation Where;
  std::string Text;
  std::string Thread = {}; ///< who does it, in a story of several threads
};

} // namespace tether

#endif
