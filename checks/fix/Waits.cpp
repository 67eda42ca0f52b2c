#include "fix/Waits.h"
#include "fix/Conditions.h"
#include "fix/Handles.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "protocol/Stops.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

// ---- parts --------------------------------------------------------------------------------------

/// What stands behind a wait that stop has ended: what was waited for is not there.
static void leaveBehind(Editor &E, const Function &F, SourceLocation Wait,
                        const std::string &Stop) {
  const int S = Wait.isMacroID() ? Layout::None : F.Text.at(Wait);
  if (S == Layout::None || F.Text.Statements[S].Is != Statement::Plain)
    return E.refuse("the wait is a part of something else");
  if (!F.ReturnsNothing && !F.ReturnsDefault)
    return E.refuse("what '" + F.Name + "' returns when it is stopped is not known");
  E.after(F, Wait, "if (" + Stop + ")\n  return" + (F.ReturnsNothing ? ";" : " {};"));
}

/// `A && x` from `x`, in parentheses where it would be read in another way.
static void joinCondition(Editor &E, const Program &P, SourceRange Condition,
                          const std::string &With, tok::TokenKind Operator) {
  std::vector<Token> Tokens = tokensOf(P, Condition);
  if (Tokens.empty())
    return E.refuse("it is written in a macro");
  const bool Wrap = llvm::any_of(Tokens, [&](const Token &T) {
    return T.isOneOf(tok::question, tok::equal, tok::comma) ||
           (T.isOneOf(tok::ampamp, tok::pipepipe) && T.isNot(Operator));
  });
  E.insert(Condition.getBegin(),
           With + (Operator == tok::ampamp ? " && " : " || ") + (Wrap ? "(" : ""));
  if (Wrap)
    E.insert(endOf(P, Condition.getEnd()), ")");
}

/// The token that \p F has as a parameter, or has polled.
static const Symbol *tokenOf(const Function &F) {
  for (const Symbol *S : F.Params)
    if (S->Kind == TypeKind::Token && !S->Container && !S->Name.empty())
      return S;
  const Symbol *Polled = nullptr;
  F.forEach([&](const Event &E, Position) {
    if (!Polled && E.Immediate && E.is(Role::Poll) && E.On && E.On.path().empty() &&
        E.On.kind() == TypeKind::Token && !E.On.root()->Name.empty())
      Polled = E.On.root();
  });
  return Polled;
}

static std::string polled(const Program &P, const Symbol &Token, StringRef Name) {
  StringRef Method = Token.Type ? P.table().method(*Token.Type, Role::Poll) : StringRef();
  return Method.empty() ? "" : (Name + (Token.Arrow ? "->" : ".") + Method + "()").str();
}

/// Writes a token into a wait on a condition that takes one; changes the type of the condition if
/// another one does.
static bool waitWith(Editor &E, const Program &P, const Event &Wait, StringRef Token) {
  const Symbol *Condition = Wait.On.leaf();
  auto Call = methodCall(P, Wait.Range);
  if (!Call || !Condition->Type || !Wait.Entry || !Wait.HasPredicate)
    return false;
  StringRef Method = StringRef(Wait.Entry->Call).rsplit("::").second;
  const Api *With = Wait.Entry->TokenArg ? Wait.Entry : nullptr;
  if (const Idiom &Other = Condition->Type->Stoppable; !With && Other) {
    With = P.table().named(Other.Text + "::" + Method.str());
    const Retyping *R = P.successor(Condition);
    if (!With || !With->TokenArg || !R)
      return false;
    if (!R->Refused.empty())
      E.refuse(R->Refused);
    else if (!R->Declared)
      E.require(Other, Condition->At);
    for (const SourceRange &At : R->Where)
      E.replace(At, Other.Text);
  }
  auto Arguments = argumentsIn(P, Call->Arguments);
  if (!With || !With->TokenArg || !Arguments || Arguments->size() <= *With->TokenArg)
    return false;
  E.insert((*Arguments)[*With->TokenArg].getBegin(), Token.str() + ", ");
  return true;
}

// ---- waits that stop does not end ---------------------------------------------------------------

static Fix endByToken(const Program &P, const Site &W) {
  const Symbol *Token = tokenOf(*W.In);
  if (!Token)
    return refusal("there is no token in reach");
  Editor E(P, "wait with '" + Token->Name + "'");
  E.changesBehaviour();
  if (const auto &Slot = W.What->Slot; Slot && Slot->Certain && Slot->TypeId == Token->TypeId) {
    if (Slot->Where.getEnd().isValid())
      E.replace(Slot->Where, Token->Name);
    else
      E.insert(Slot->Where.getBegin(), Slot->Before + Token->Name + Slot->After);
    return E.take();
  }
  const std::string Stop = polled(P, *Token, Token->Name);
  if (Stop.empty() || !waitWith(E, P, *W.What, Token->Name))
    return refusal("the wait cannot take a token");
  leaveBehind(E, *W.In, W.What->At, Stop);
  return E.take();
}

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
    if (!S->Flag || !S->Scalar || S->Where != Symbol::Field || S->Class != Class)
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

/// The predicate of the wait also looks at \p Flag.
static void addToPredicate(Editor &E, const Program &P, const Site &W, const std::string &Flag) {
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

static Fix endByFlag(const Program &P, const Site &W) {
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
  // A flag of its own.
  if (!Join)
    return refusal("nobody in sight joins the task");
  // Where the end of the handle waits as well, nothing would set the flag.
  const ApiType *Handle = Waiting->Owner.leaf()->Type;
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

/// It waits for tasks that nobody stops: that comes first.
static Fix stopThemFirst(const Program &P, const Site &W) {
  for (const Symbol *S : P.symbols())
    if (S->Kind == TypeKind::Source && S->Where == Symbol::Field && waitsForUnstopped(P, W, S) &&
        W.What->On.root()->Where == Symbol::This && outermost(P, W.In)->Class == S->Class) {
      Fix F = triggerBefore(P, *W.In, W.What->At, Object(W.What->On.root()).field(S));
      F.ChangesBehaviour = true;
      return F;
    }
  return refusal("it does not wait for tasks that a source could stop");
}

Fix endOnStop(const Program &P, const Site &W) {
  return firstOf(stopThemFirst(P, W), endByFlag(P, W), endByToken(P, W));
}

Fix listenToStop(const Program &P, SourceLocation Wait) {
  Site W;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position At) {
      if (!W.What && E.Immediate && E.is(Role::Wait) && E.At == Wait)
        W = {F.get(), &E, At};
    });
  return W.What ? firstOf(endByToken(P, W), endByFlag(P, W)) : refusal("its function is not known");
}

Fix leaveOnTimeout(const Program &P, const Function &F, const Event &Wait) {
  const int S = Wait.At.isMacroID() ? Layout::None : F.Text.at(Wait.At);
  if (S == Layout::None || F.Text.Statements[S].Is != Statement::Plain || !Wait.Entry ||
      !Wait.Entry->TimedOut)
    return refusal("the tables do not say how it tells that its time has passed");
  StringRef Call = textOf(P, Wait.Range);
  if (Call.empty())
    return refusal("it is written in a macro");
  Editor E(P, "leave the loop when the time has passed");
  const Line L = lineOf(P, F.Text.Statements[S].At.getBegin());
  E.replace(F.Text.Statements[S].At,
            "if (" + filled(Wait.Entry->TimedOut.Text, {{"0", Call.str()}}) + ")" +
                (L.startsHere() ? "\n" + L.indent().str() + indentStep(P, Wait.At) : " ") +
                "break");
  return E.changesBehaviour().take();
}

// ---- tokens that are not looked at --------------------------------------------------------------

/// The name of a token, which a parameter without one is given.
static std::string nameOf(Editor &E, const Program &P, const Function &F, const Symbol &Token,
                          Names &Given) {
  if (!Token.Name.empty())
    return Token.Name;
  if (Token.Where != Symbol::Param || Token.Whole.isInvalid() || Token.Whole.getEnd().isMacroID()) {
    E.refuse("the token has no name");
    return "";
  }
  const std::string Name = Given.fresh(P, F, "Stop");
  E.insert(endOf(P, Token.Whole.getEnd()), " " + Name);
  return Name;
}

/// The loop goes on only while stop is not requested.
static void pollInLoop(Editor &E, const Program &P, const Function &F, int Loop,
                       const std::string &Stop) {
  if (Loop == Layout::None || F.Text.Statements[Loop].InMacro)
    return E.refuse("it is written in a macro");
  const Statement &L = F.Text.Statements[Loop];
  if (L.Condition.isValid()) {
    StringRef Text = textOf(P, L.Condition);
    return Text == "true" || Text == "1"
               ? E.replace(L.Condition, "!" + Stop)
               : joinCondition(E, P, L.Condition, "!" + Stop, tok::ampamp);
  }
  // for (;;)
  std::vector<Token> Tokens = tokensOf(P, L.At);
  if (Tokens.empty() || spelling(P, Tokens.front()) != "for")
    return E.refuse("the loop has no condition of its own");
  unsigned Semicolons = 0;
  for (const Token &T : Tokens)
    if (T.is(tok::semi) && ++Semicolons == 2)
      return E.insert(T.getLocation(), " !" + Stop);
}

Fix leaveLoop(const Program &P, SourceLocation Turn) {
  for (const auto &F : P.functions()) {
    bool Here = false;
    F->forEach(
        [&](const Event &E, Position) { Here |= E.Immediate && E.is(Role::Turn) && E.At == Turn; });
    const Symbol *Token = Here ? tokenOf(*F) : nullptr;
    if (!Here)
      continue;
    const std::string Stop = Token ? polled(P, *Token, Token->Name) : "";
    if (Stop.empty())
      return refusal("there is no token in reach");
    if (!F->ReturnsNothing)
      return refusal("what '" + F->Name + "' returns when it is stopped is not known");
    Editor E(P, "look at the token on each turn");
    pollInLoop(E, P, *F, Turn.isMacroID() ? Layout::None : F->Text.at(Turn), Stop);
    return E.changesBehaviour().take();
  }
  return refusal("its function is not known");
}

Fix hearStop(const Program &P, const Function &F, const Unheard &U, Names &Given) {
  if (!U.By || !U.By->Type)
    return refusal("the token has no name of its own");
  if (U.Why == Unheard::Callback)
    return refusal("what it has to say when stop is requested is not known");
  const Event &E = *U.What;
  Editor Edit(P, E.is(Role::Turn) ? "look at the token on each turn" : "let the token end it");
  Edit.changesBehaviour();
  // The loop around it may look at the token all the same.
  if (!E.Immediate && U.Why != Unheard::Loop)
    return refusal("it is in a function that has no token");
  if (E.where().isMacroID())
    return refusal("it is written in a macro");
  if (U.Why == Unheard::FlagOnly)
    return refusal("the wait cannot take a token");
  const std::string Name = nameOf(Edit, P, F, *U.By, Given);
  const std::string Stop = polled(P, *U.By, Name);
  if (Stop.empty())
    return refusal("the tables do not say how the token is looked at");
  const int At = F.Text.at(E.where());
  const int Loop = At == Layout::None || F.Text.Statements[At].Is == Statement::Loop
                       ? At
                       : F.Text.around(At, Statement::Loop);
  const bool Ends = F.ReturnsNothing || U.Why == Unheard::Pause;
  if (!Ends)
    Edit.refuse("what '" + F.Name + "' returns when it is stopped is not known");
  if (E.is(Role::Turn) || U.Why != Unheard::Pause) {
    if (Loop != Layout::None)
      pollInLoop(Edit, P, F, Loop, Stop);
    if (E.is(Role::Turn) || U.Why == Unheard::Loop)
      return Edit.take();
  }
  if (E.is(Role::Sleep)) {
    const Idiom *Other = E.Entry ? &E.Entry->Stoppable : nullptr;
    StringRef Call = textOf(P, E.Range);
    auto Arguments = Call.split('(').second;
    if (!Other || !*Other || At == Layout::None || !Arguments.consume_back(")") ||
        F.Text.Statements[At].Is != Statement::Plain)
      return refusal("the tables do not say how to sleep until a stop");
    Edit.require(*Other, E.At);
    Edit.replaceStatement(F, E.At,
                          filled(Other->Text, {{"0", Arguments.trim().str()}, {"token", Name}}));
  } else if (!waitWith(Edit, P, E, Name)) {
    return refusal("the wait cannot take a token");
  }
  return Edit.take();
}

} // namespace tether
