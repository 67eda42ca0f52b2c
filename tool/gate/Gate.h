// Which findings a change answers for.
//
//   report now ─┐
//   report before ─┼──▶ on a changed line, or not there before ──▶ introduced, with the reason
//   diff ───────┘      there before ──▶ suppressed          gone ──▶ fixed
#ifndef TETHER_TOOL_GATE_GATE_H
#define TETHER_TOOL_GATE_GATE_H

#include "tool/engine/Result.h"
#include "tool/gate/Diff.h"

namespace tether::tool {

/// Leaves in \p Now what the change introduces, and says of what shows elsewhere how the change
/// brings it about. Where the files could not be analysed as they were before, only what is on a
/// changed line counts, or has a step there.
void judgeChange(Report &Now, const Report &Before, const Diff &D);

} // namespace tether::tool

#endif
