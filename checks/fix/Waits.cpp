#include "fix/Waits.h"
#include "fix/Handles.h"
#include "fix/Parameters.h"
#include "fix/StopFlags.h"
#include "fix/Text.h"
#include "fix/Tokens.h"
#include "model/ApiTable.h"
#include "protocol/Stops.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

// ---- parts --------------------------------------------------------------------------------------

void leaveBehind(Editor &E, const Function &F, SourceLocation Wait, const std::string &Stop) {
  const int S = Wait.isMacroID() ? Layout::None : F.Text.at(Wait);
  if (S == Layout::None || F.Text.Statements[S].Is != Statement::Plain)
    return E.refuse("the wait is a part of something else");
  if (!F.ReturnsNothing && !F.ReturnsDefault)
    return E.refuse("what '" + F.Name + "' returns when it is stopped is not known");
  E.after(F, Wait, "if (" + Stop + ")\n  return" + (F.ReturnsNothing ? ";" : " {};"));
}

void joinCondition(Editor &E, const Program &P, SourceRange Condition, const std::string &With,
                   tok::TokenKind Operator) {
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

void endWaitBy(Editor &E, const Program &P, const Site &W, const Symbol &Token,
               const std::string &Name) {
  if (const auto &Slot = W.What->Slot; Slot && Slot->Certain && Slot->TypeId == Token.TypeId) {
    if (Slot->Where.getEnd().isValid())
      return E.replace(Slot->Where, Name);
    return E.insert(Slot->Where.getBegin(), Slot->Before + Name + Slot->After);
  }
  const std::string Stop = polled(P, Token, Name);
  if (Stop.empty() || !waitWith(E, P, *W.What, Name))
    return E.refuse("the wait cannot take a token");
  leaveBehind(E, *W.In, W.What->At, Stop);
}

static Fix endByToken(const Program &P, const Site &W, Names &Given) {
  const Symbol *Token = tokenOf(*W.In);
  if (!Token)
    return endByParameter(P, W, Given);
  Editor E(P, "wait with '" + Token->Name + "'");
  endWaitBy(E, P, W, *Token, Token->Name);
  return E.changesBehaviour().take();
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

Fix endOnStop(const Program &P, const Site &W, const Unwoken &Found, Names &Given) {
  Fix Captured = Found.Token && !tokenOf(*W.In) ? captureFor(P, W, *Found.Token) : refusal("");
  return Captured ? std::move(Captured)
                  : firstOf(stopThemFirst(P, W), closeWhereSet(P, W, Found.Setter),
                            endByFlag(P, W, Found.Setter), endByToken(P, W, Given));
}

Fix listenToStop(const Program &P, SourceLocation Wait, Names &Given) {
  Site W;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position At) {
      if (!W.What && E.Immediate && E.is(Role::Wait) && E.At == Wait)
        W = {F.get(), &E, At};
    });
  return W.What ? firstOf(endByToken(P, W, Given), endByFlag(P, W, {}))
                : refusal("its function is not known");
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

/// The callable that is asked whether to go on says no once stop is requested.
static Fix sayStop(const Program &P, const Function &F, const Unheard &U) {
  const Function *Body = P.function(U.What->Callee);
  const std::string Name = U.By->Name, Stop = Name.empty() ? "" : polled(P, *U.By, Name);
  if (!Body || Stop.empty() || !Body->IsLambda || Body->Parent != F.Id)
    return refusal("it is not a lambda that the token is in reach of");
  // A variable of the function that keeps the callable ends before the token does.
  bool Local = false, Kept = false;
  F.forEach([&](const Event &Store, Position) {
    if (Store.is(Role::Store) && Store.On &&
        llvm::any_of(Store.Args, [&](const Value &V) { return V.Body == Body->Id; }))
      (Store.On.root()->Where == Symbol::Local && Store.On.root()->Owner == F.Id &&
               !Store.On.root()->Indirect && Store.On.root() != U.By
           ? Local
           : Kept) = true;
  });
  Editor E(P, "say so when stop is requested");
  E.changesBehaviour();
  capture(E, P, *Body, Name, Name, Local && !Kept);
  for (const Statement &S : Body->Text.Statements) {
    std::vector<Token> Tokens =
        S.Is == Statement::Leaves ? tokensOf(P, S.At) : std::vector<Token>();
    if (Tokens.empty() || spelling(P, Tokens[0]) != "return")
      continue;
    const bool Goes = Tokens.size() == 2 && spelling(P, Tokens[1]) == "true";
    if (!Goes && (Tokens.size() != 2 || spelling(P, Tokens[1]) != "false"))
      return refusal("what it has to say when stop is requested is not known");
    E.replace({Tokens[1].getLocation(), Tokens[1].getLocation()}, (Goes ? "!" : "") + Stop);
  }
  return E.take();
}

Fix hearStop(const Program &P, const Function &F, const Unheard &U, Names &Given) {
  if (!U.By || !U.By->Type)
    return refusal("the token has no name of its own");
  if (U.Why == Unheard::Callback)
    return sayStop(P, F, U);
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
