#include "fix/Locks.h"
#include "fix/Text.h"
#include "fix/Unlock.h"

using namespace clang;

namespace tether {

/// Both statements of \p N stand beside each other; exchanges them.
static Fix swapThem(const Program &P, const Nested &N) {
  const Layout &Text = N.In->Text;
  const SourceLocation First = N.First.Since, Second = N.Lock->At;
  if (!N.Lock->Immediate || !N.Recalled.empty() || First.isMacroID() || Second.isMacroID())
    return refusal("the mutexes are locked in two functions");
  const int A = Text.at(First), B = Text.at(Second);
  if (A == Layout::None || B == Layout::None || A == B || !Text.Statements[A].Listed ||
      Text.Statements[A].Around != Text.Statements[B].Around)
    return refusal("the mutexes are locked in two functions");
  // Nothing but the two locks stands between, and neither is more than that.
  for (int S = A + 1; S < B; ++S)
    return refusal("there is something between the two locks");
  if (B < A || Text.Statements[A].Is != Text.Statements[B].Is ||
      (Text.Statements[A].Is != Statement::Declares && Text.Statements[A].Is != Statement::Plain))
    return refusal("the locks are parts of something else");
  auto One = textOf(P, Text.Statements[A].At), Other = textOf(P, Text.Statements[B].At);
  if (One.empty() || Other.empty())
    return refusal("it is written in a macro");
  Editor E(P, "lock them in the order that is kept elsewhere");
  E.replace(Text.Statements[A].At, Other);
  E.replace(Text.Statements[B].At, One);
  return E.take();
}

Fix swapLocks(const Program &P, const LockCycle &C) {
  return firstOf(swapThem(P, C.One), swapThem(P, C.Other),
                 unlockBefore(P, *C.One.In, C.One.First, *C.One.Lock),
                 unlockBefore(P, *C.Other.In, C.Other.First, *C.Other.Lock));
}

} // namespace tether
