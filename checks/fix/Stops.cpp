#include "fix/Stops.h"
#include "fix/Conditions.h"
#include "fix/Handles.h"
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
  if (leavesUnused(P, *U.Stopping, Text.Statements[If].Condition))
    return refusal("what the condition is about would not be used any more");
  Editor E(P, "set it in any case");
  E.removeUpTo(Text.Statements[If].At.getBegin(), Text.Statements[S].At.getBegin());
  return E.changesBehaviour().take();
}

/// The loop of the task ends by what nobody says: it is said before the join.
static Fix tellLoop(const Program &P, const Unstoppable &U) {
  const Event &Turn = *U.Held.What;
  const SourceLocation At = U.Stopping && U.Join ? beforeJoin(U) : SourceLocation();
  if (At.isInvalid() || !U.Join->Immediate)
    return refusal("its end is waited for in a function that is called");
  if (Turn.StoppedBy && Turn.EndedBy.empty()) {
    Fix Request = triggerBefore(P, *U.Stopping, At, Turn.StoppedBy);
    Request.ChangesBehaviour = true;
    return Request;
  }
  const Object Flag = Turn.EndedBy.size() == 1 ? Turn.EndedBy[0].What : Object();
  auto Name = Flag ? nameIn(Flag, *U.Stopping, P) : std::nullopt;
  // Another one would need a mutex.
  if (!Name || !Flag.leaf()->Flag || Turn.EndedBy[0].Value ||
      !textOf(P, Flag.leaf()->Whole).contains("atomic<bool>"))
    return refusal("how it should be told is not known");
  Editor E(P, "tell it to end before its end is waited for");
  E.before(*U.Stopping, At, *Name + (Turn.EndedBy[0].Way == Change::Up ? " = true;" : " = false;"));
  return E.changesBehaviour().take();
}

/// It writes \p Member, or calls a function that does nothing else: it means the same in \p There.
static bool isOnlyAbout(const Program &P, SourceRange Statement, const Symbol &Member,
                        const Function &There) {
  std::vector<Token> Tokens = tokensOf(P, Statement);
  for (size_t I = 0; I != Tokens.size(); ++I) {
    if (Tokens[I].isOneOf(tok::l_paren, tok::r_paren, tok::equal, tok::numeric_constant, tok::semi))
      continue;
    StringRef Word = Tokens[I].is(tok::raw_identifier) ? spelling(P, Tokens[I]) : StringRef();
    const bool Calls = I + 1 != Tokens.size() && Tokens[I + 1].is(tok::l_paren);
    auto hides = [&](const Symbol *S) { return S->Owner == There.Id && S->Name == Word; };
    auto isSetter = [&](const auto &F) {
      return F->Name == Word && F->Class == There.Class && F->Text.Statements.size() == 2;
    };
    if (Word != "true" && Word != "false" &&
        ((Calls ? llvm::none_of(P.functions(), isSetter) : Word != Member.Name) ||
         llvm::any_of(P.allSymbols(), hides)))
      return false;
  }
  return !Tokens.empty();
}

/// What the task does at its beginning is done before it starts.
static Fix beforeStart(const Program &P, const Unstoppable &U) {
  const Task &T = *U.Held.Of;
  const Function &Start = *T.Started.In;
  const Function *In = nullptr;
  bool Locks = false;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position) {
      if (&E == U.Seen)
        In = F.get();
    });
  const SourceLocation At = U.Seen->where();
  const int S = !In || At.isMacroID() ? Layout::None : In->Text.at(At);
  if (S == Layout::None || In->Text.Statements[S].Is != Statement::Plain ||
      In->Text.Statements[S].Around != 0 || !In->Text.Statements[S].Listed)
    return refusal("it is not done in any case");
  In->forEach([&](const Event &E, Position) { Locks |= E.is(Role::Lock) && E.Immediate; });
  auto Reachable = P.reachableFrom(*T.Body);
  auto isElsewhere = [&](const Site &Call) { return !Reachable.contains(Call.In); };
  const SourceLocation Where = T.Started.What->where();
  if (Locks || In->Public || !Reachable.contains(In) || llvm::any_of(P.callers(*In), isElsewhere) ||
      P.runningIn(*In).size() != 1)
    return refusal("others may run it, too");
  if (Start.Class != outermost(P, In)->Class || Start.IsStatic || Start.IsLambda ||
      T.Owner.root()->Where != Symbol::This || U.Seen->On.root()->Where != Symbol::This ||
      Where.isMacroID() || !Start.Text.contains(0, Where) ||
      !isOnlyAbout(P, In->Text.Statements[S].At, *U.Seen->On.leaf(), Start))
    return refusal("it does not mean the same where the task starts");
  Editor E(P, "do it before the task starts");
  E.removeStatement(*In, At);
  E.before(Start, Where, textOf(P, In->Text.Statements[S].At).str() + ";");
  return E.changesBehaviour().take();
}

Fix endTask(const Program &P, const Unstoppable &U, Names &Given) {
  switch (U.Missing) {
  case Unstoppable::Wake:
    return wake(P, U);
  case Unstoppable::Tell:
    return U.Held.waits()         ? (U.Flag ? listenToStop(P, U.Held.What->At, Given)
                                            : refusal("how it should be told is not known"))
           : U.Held.hasNoWayOut() ? leaveLoop(P, U.Held.What->At)
                                  : tellLoop(P, U);
  case Unstoppable::WakeAll:
    return wakeEach(P, U);
  case Unstoppable::Sooner:
    return joinLater(P, U);
  case Unstoppable::Afterwards:
    return wakeAfterwards(P, U);
  case Unstoppable::Earlier:
    return beforeStart(P, U);
  case Unstoppable::InAnyCase:
    return inAnyCase(P, U);
  case Unstoppable::Other:
    return refusal("what has to be done depends on what is meant");
  }
  llvm_unreachable("all kinds are listed");
}

} // namespace tether
