#include "fix/Stops.h"
#include "fix/Conditions.h"
#include "fix/Text.h"
#include "fix/Waits.h"
#include "model/ApiTable.h"
#include "protocol/Stops.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

/// The statement of \p F at \p Where that stands directly in a block, or None.
static int listedAt(const Function &F, SourceLocation Where) {
  int S = Where.isMacroID() ? Layout::None : F.Text.at(Where);
  while (S != Layout::None && !F.Text.Statements[S].Listed)
    S = F.Text.Statements[S].Around;
  return S;
}

/// In front of what waits for the task, and for all of several: a loop over them comes behind.
static SourceLocation beforeJoin(const Unstoppable &U) {
  const Layout &Text = U.Stopping->Text;
  const int S = listedAt(*U.Stopping, U.Join->where());
  const int Loop = S == Layout::None ? S : Text.around(S, Statement::Loop);
  return S == Layout::None ? SourceLocation()
                           : Text.Statements[Loop == Layout::None ? S : Loop].At.getBegin();
}

/// One wake-up is not enough where each of several tasks waits.
static bool isOneOfSeveral(const Unstoppable &U) { return U.Held.Of->Started.What->InLoop; }

/// The code that does both, the one before the other, if it is not the stopping code itself but a
/// function that this calls.
static Unstoppable whereTold(const Program &P, Unstoppable U) {
  if (U.Flag->where() != U.Join->where())
    return U;
  for (const auto &F : P.functions()) {
    const Event *Flag = nullptr, *Join = nullptr;
    if (F->Class == U.Stopping->Class && !F->IsLambda)
      F->forEach([&](const Event &E, Position) {
        if (E.is(U.Flag->Is) && E.At == U.Flag->At)
          Flag = &E;
        if (E.is(U.Join->Is) && E.At == U.Join->At)
          Join = &E;
      });
    if (!Flag || !Join || Flag->where() == Join->where())
      continue;
    U.Stopping = F.get();
    U.Flag = Flag;
    U.Join = Join;
    return U;
  }
  return U;
}

static Fix wake(const Program &P, Unstoppable U) {
  if (U.Stopping && U.Flag && U.Join)
    U = whereTold(P, U);
  const Object &On = U.Held.What->On;
  if (!U.Stopping || !U.Flag || U.Held.isKernelWait() || !On || On.root()->Where != Symbol::This)
    return refusal("what would end its wait is not known");
  const SourceLocation At = beforeJoin(U);
  bool Told = !U.Held.needsTelling(P);
  U.Stopping->forEach([&](const Event &E, Position) {
    Told |= At.isValid() && E.where() < At && tells(P, E, U.Held);
  });
  const bool Condition = On.kind() == TypeKind::Condition && On.path().size() == 1;
  auto Wake = Condition && Told ? wakeAll(P, *U.Stopping, On) : std::nullopt;
  if (!Wake && !isOneOfSeveral(U)) {
    Wake = asWritten(P, *U.Stopping,
                     [&](const Event &E) { return E.isWakeUp() && wakes(P, E, U.Held); });
    // Who goes back to sleep has to be told by the same call.
    if (!Told &&
        Wake != asWritten(P, *U.Stopping, [&](const Event &E) { return tells(P, E, U.Held); }))
      return refusal("it would go on waiting");
  }
  if (!Wake || At.isInvalid())
    return refusal("it cannot be woken where its end is waited for");
  if (!U.Stopping->Text.contains(0, U.Flag->where()) || !(U.Flag->where() < At))
    return refusal("it is told elsewhere to end");
  Editor E(P, "wake it before its end is waited for");
  E.before(*U.Stopping, At, *Wake);
  if (!Condition)
    E.changesBehaviour();
  return E.take();
}

static Fix wakeEach(const Program &P, const Unstoppable &U) {
  auto Call = U.Seen->Immediate ? methodCall(P, U.Seen->Range) : std::nullopt;
  const ApiType *Type = U.Seen->On ? U.Seen->On.leaf()->Type : nullptr;
  StringRef All = Type ? P.table().method(*Type, Role::Notify, "all") : StringRef();
  if (!Call || All.empty())
    return refusal("the tables do not say how all of them are woken");
  Editor E(P, "wake all of them");
  E.replace(Call->Name, All);
  return E.take();
}

static Fix wakeAfterwards(const Program &P, const Unstoppable &U) {
  const Function &F = *U.Stopping;
  const Object &On = U.Held.What->On;
  const int S = listedAt(F, U.Seen->where());
  auto Wake =
      On.kind() == TypeKind::Condition && On.path().size() == 1 ? wakeAll(P, F, On) : std::nullopt;
  if (!Wake || !U.Seen->Immediate || S == Layout::None ||
      F.Text.Statements[S].Is != Statement::Plain)
    return refusal("it cannot be woken there");
  Editor E(P, "wake it after the change");
  E.after(F, U.Seen->where(), *Wake);
  return E.take();
}

/// What comes too late stands directly behind: the join changes places with it.
static Fix joinLater(const Program &P, const Unstoppable &U) {
  const Function &F = *U.Stopping;
  const Layout &Text = F.Text;
  if (U.Held.isKernelWait())
    return refusal("what is done to a descriptor may not end the wait");
  const int Last = listedAt(F, U.Seen->where());
  const int Join = Last == Layout::None || U.Join->where().isMacroID()
                       ? Layout::None
                       : Text.childOf(Text.Statements[Last].Around, U.Join->where());
  if (Join == Layout::None || Text.Statements[Join].Is == Statement::Declares)
    return refusal("the two do not stand in one block");
  for (int S = Join + 1; S <= Last; ++S) {
    if (Text.Statements[S].Around != Text.Statements[Join].Around)
      continue; // a part of one of them
    if (Text.Statements[S].Is != Statement::Plain || Text.Statements[S].InMacro)
      return refusal("there is something between the two");
    bool OfTask = false;
    F.forEach([&](const Event &E, Position) {
      OfTask |= E.On && E.On.isWithin(U.Owner) &&
                Text.contains(S, E.where().isMacroID() ? SourceLocation() : E.where());
    });
    if (OfTask)
      return refusal("what stands between the two needs the join");
  }
  StringRef Moved = textOf(P, Text.Statements[Join].At);
  if (Moved.empty() || Moved.contains('\n'))
    return refusal("the join is a part of something else");
  Editor E(P, "wait for its end after that");
  E.removeStatement(F, Text.Statements[Join].At.getBegin());
  const bool Closed = Moved.ends_with("}") || Moved.ends_with(";");
  E.after(F, Text.Statements[Last].At.getBegin(), Moved.str() + (Closed ? "" : ";"));
  return E.changesBehaviour().take();
}

/// `if (waiting) stop = true;` becomes `stop = true;`.
static Fix inAnyCase(const Program &P, const Unstoppable &U) {
  const Layout &Text = U.Stopping->Text;
  const int S = U.Seen->At.isMacroID() ? Layout::None : Text.at(U.Seen->At);
  const int If = S == Layout::None ? S : Text.Statements[S].Around;
  if (If == Layout::None || Text.Statements[S].Is != Statement::Plain ||
      Text.Statements[S].Listed || Text.Statements[If].Is != Statement::Compound ||
      Text.Statements[If].HasElse || !Text.Statements[If].Listed || Text.Statements[If].InMacro ||
      !Text.Statements[If].Condition.isValid())
    return refusal("the condition is about something else, too");
  for (const Token &T : tokensOf(P, Text.Statements[If].Condition))
    if (T.isOneOf(tok::l_paren, tok::equal, tok::plusplus, tok::minusminus))
      return refusal("the condition is about something else, too");
  Editor E(P, "set it in any case");
  E.removeUpTo(Text.Statements[If].At.getBegin(), Text.Statements[S].At.getBegin());
  return E.changesBehaviour().take();
}

Fix endTask(const Program &P, const Unstoppable &U, Names &Given) {
  switch (U.Missing) {
  case Unstoppable::Wake:
    return wake(P, U);
  case Unstoppable::Tell:
    return U.Held.waits() ? (U.Flag ? listenToStop(P, U.Held.What->At, Given)
                                    : refusal("how it should be told is not known"))
                          : leaveLoop(P, U.Held.What->At);
  case Unstoppable::WakeAll:
    return wakeEach(P, U);
  case Unstoppable::Sooner:
    return joinLater(P, U);
  case Unstoppable::Afterwards:
    return wakeAfterwards(P, U);
  case Unstoppable::InAnyCase:
    return inAnyCase(P, U);
  case Unstoppable::Other:
    return refusal("what has to be done depends on what is meant");
  }
  llvm_unreachable("all kinds are listed");
}

} // namespace tether
