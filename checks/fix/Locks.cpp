#include "fix/Locks.h"
#include "fix/Text.h"
#include "fix/Unlock.h"
#include "flow/HeldLocks.h"
#include "llvm/ADT/STLExtras.h"

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

/// The first mutex is given back before the second is locked, if that is the only place.
static Fix unlockFirst(const Program &P, const Nested &N) {
  const HeldLocks Locks(*N.In);
  bool Again = false;
  auto locks = [&](const Event &E) {
    return E.is(Role::Lock) && E.Immediate && E.On.leaf() == N.Lock->On.leaf();
  };
  auto mayLock = [&](const Event &Call) {
    const Function *Callee = Call.Callee ? P.function(Call.Callee) : nullptr;
    return Callee && llvm::any_of(P.reachableFrom(*Callee), [&](const Function *G) {
             bool Any = false;
             G->forEach([&](const Event &E, Position) { Any |= locks(E); });
             return Any;
           });
  };
  N.In->forEach([&](const Event &E, Position At) {
    Again |= E.where() != N.Lock->where() && (locks(E) || (E.is(Role::Call) && mayLock(E))) &&
             Locks.at(At).mayHold(N.First.Mutex);
  });
  return Again ? refusal("it is locked at another place meanwhile, too")
               : unlockBefore(P, *N.In, N.First, *N.Lock);
}

Fix swapLocks(const Program &P, const LockCycle &C) {
  return firstOf(swapThem(P, C.One), swapThem(P, C.Other), unlockFirst(P, C.One),
                 unlockFirst(P, C.Other));
}

} // namespace tether
