#include "fix/StopFlags.h"
#include "fix/Conditions.h"
#include "fix/Text.h"
#include "fix/Waits.h"
#include "model/ApiTable.h"
#include "protocol/Stops.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

namespace {
/// How a class tells one of its tasks to end.
struct Stopping {
  std::string Flag;    ///< empty: there is none yet
  Site Set;            ///< where it is set
  bool IsRead = false; ///< by the wait
};
} // namespace

/// A flag of the class that code outside of the task sets for good.
static Stopping findStopping(const Program &P, const Site &W, const Task *T, StringRef Class) {
  Stopping Found;
  llvm::DenseSet<const Function *> InTask;
  if (T && T->Body)
    InTask = P.reachableFrom(*T->Body);
  for (const Symbol *S : P.allSymbols()) {
    // An atomic one is no number.
    if (!S->Flag || !(S->Scalar || textOf(P, S->Whole).contains("bool")) ||
        S->Where != Symbol::Field || S->Class != Class)
      continue;
    Site Set;
    bool Other = false;
    for (const Site &Use : P.on(S))
      if (Use.What->is(Role::Write) && Use.What->Immediate && !Use.In->IsConstructor) {
        Other |= Use.What->Way != Change::Up || InTask.contains(Use.In) || Use.In == W.In ||
                 outermost(P, Use.In)->Class != Class;
        Set = Use;
      }
    if (Other || !Set.What)
      continue;
    const bool Read =
        llvm::any_of(W.What->EndedBy, [&](const StateChange &C) { return C.What.leaf() == S; });
    if (!Found.Set.What || Read)
      Found = {S->Name, Set, Read};
  }
  return Found;
}

void addToPredicate(Editor &E, const Program &P, const Site &W, const std::string &Flag) {
  const Function *Predicate = nullptr;
  for (const auto &F : P.functions())
    if (F->IsLambda && F->Parent == W.In->Id && W.What->Range.getBegin() <= F->At &&
        F->At <= W.What->Range.getEnd())
      Predicate = F.get();
  if (!W.What->HasPredicate || !Predicate || Predicate->Text.Statements.size() != 2 ||
      Predicate->Text.Statements[1].Is != Statement::Leaves ||
      Predicate->Text.Statements[1].InMacro)
    return E.refuse("its predicate is not a lambda that returns an expression");
  std::vector<Token> Tokens = tokensOf(P, Predicate->Text.Statements[1].At);
  if (Tokens.size() < 2)
    return E.refuse("it is written in a macro");
  joinCondition(E, P, {Tokens[1].getLocation(), Tokens.back().getLocation()}, Flag, tok::pipepipe);
}

Fix endByFlag(const Program &P, const Site &W, const Site &Setter) {
  const Object &C = W.What->On;
  const std::string Class = outermost(P, W.In)->Class;
  if (Class.empty() || C.root()->Where != Symbol::This || C.path().size() != 1 ||
      C.leaf()->Class != Class || C.kind() != TypeKind::Condition)
    return refusal("it is not a condition of the object itself");
  const Task *Waiting = nullptr;
  const Site *Join = nullptr;
  for (const Task *T : P.runningIn(*W.In))
    if (T->Owner && !Join) {
      Waiting = T;
      auto InTask = P.reachableFrom(*T->Body);
      for (const Site &S : P.on(T->Owner))
        if (S.What->is(Role::Join) && S.What->Immediate && !InTask.contains(S.In) &&
            outermost(P, S.In)->Class == Class && !S.In->IsLambda)
          Join = &S;
    }
  Editor E(P, "let a flag end it");
  E.changesBehaviour();
  const Stopping Known = findStopping(P, W, Waiting, Class);
  if (!Known.Flag.empty()) {
    if (!Known.IsRead) {
      addToPredicate(E, P, W, Known.Flag);
      leaveBehind(E, *W.In, W.What->At, Known.Flag);
    }
    bool Wakes = false;
    Known.Set.In->forEach([&](const Event &E, Position) { Wakes |= wakesWait(P, E, *W.What); });
    if (Wakes && Known.IsRead)
      return refusal("whoever sets '" + Known.Flag + "' wakes it");
    auto Wake = wakeAll(P, *Known.Set.In, C);
    const int S =
        Known.Set.What->At.isMacroID() ? Layout::None : Known.Set.In->Text.at(Known.Set.What->At);
    if (!Wake || S == Layout::None || Known.Set.In->Text.Statements[S].Is != Statement::Plain)
      return refusal("whoever sets '" + Known.Flag + "' cannot wake it there");
    if (!Wakes)
      E.after(*Known.Set.In, Known.Set.What->At, *Wake);
    return E.take();
  }
  // A flag of its own, set before the task is joined, or before who would wake it is stopped.
  if (!Join && Setter.What && Setter.In->Class == Class && !Setter.In->IsLambda)
    Join = &Setter;
  if (!Join)
    return refusal("nobody in sight joins the task");
  // Where the end of the handle waits as well, nothing would set the flag.
  const ApiType *Handle = Waiting ? Waiting->Owner.leaf()->Type : nullptr;
  if (Handle && llvm::is_contained(Handle->OnDestroy, Role::Join) &&
      llvm::none_of(P.functions(), [&](const auto &D) {
        return D->IsDestructor && D->Class == Class &&
               (D.get() == Join->In || P.reachableFrom(*D).contains(Join->In));
      }))
    return refusal("the end of " + quoted(Waiting->Owner) + " waits for the task, too");
  // Beside the condition: whoever has that may use the flag.
  const SourceLocation Last = C.leaf()->Whole.getEnd();
  auto Wake = wakeAll(P, *Join->In, C);
  auto Lock = hold(P, *Join->In, W.What->GivesUp, "Lock");
  if (!Wake || !Lock || Last.isInvalid() || Last.isMacroID())
    return refusal("the condition or its mutex cannot be named where the task is joined");
  const std::string Flag = freshWord(P, Last, "Stopping");
  addToPredicate(E, P, W, Flag);
  leaveBehind(E, *W.In, W.What->At, Flag);
  // Before all of them are joined.
  SourceLocation At = Join->What->At;
  const int S = At.isMacroID() ? Layout::None : Join->In->Text.at(At);
  const int Loop = S == Layout::None ? S : Join->In->Text.around(S, Statement::Loop);
  if (Loop != Layout::None)
    At = Join->In->Text.Statements[Loop].At.getBegin();
  else if (S != Layout::None && !Join->In->Text.Statements[S].Listed)
    At = Join->In->Text.Statements[Join->In->Text.Statements[S].Around].At.getBegin();
  E.before(*Join->In, At, "{\n  " + *Lock + "\n  " + Flag + " = true;\n}\n" + *Wake);
  E.require(W.What->GivesUp.leaf()->Type->LockBy, At);
  const Line L = lineOf(P, Last);
  E.insert(endOfStatement(P, Last), "\n" + L.indent().str() + "bool " + Flag + " = false;");
  return E.take();
}

Fix closeWhereSet(const Program &P, const Site &W, const Site &Setter) {
  const Object &C = W.What->On;
  const ApiType *Type = C.kind() == TypeKind::Channel ? C.leaf()->Type : nullptr;
  StringRef Close = Type ? P.table().method(*Type, Role::Close) : StringRef();
  if (!Setter.What || Close.empty() || !Setter.What->is(Role::Write))
    return refusal("no flag is set that a close could go along with");
  auto Name = accessIn(C, *Setter.In, P);
  const int S = Setter.What->At.isMacroID() ? Layout::None : Setter.In->Text.at(Setter.What->At);
  if (!Name || S == Layout::None || Setter.In->Text.Statements[S].Is != Statement::Plain)
    return refusal("it cannot be closed where the flag is set");
  Editor E(P, "close it, too");
  E.after(*Setter.In, Setter.What->At, *Name + Close.str() + "();");
  return E.changesBehaviour().take();
}

} // namespace tether
