#include "fix/Handles.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

static Fix nameTemporary(const Program &P, const Function &F, const Event &E, Names &Given) {
  Editor Edit(P, "give it a name, so that it lives to the end of the block");
  const SourceLocation Begin = E.Range.getBegin();
  if (!Begin.isMacroID()) {
    const int S = F.Text.at(Begin);
    if (S == Layout::None || F.Text.Statements[S].At.getBegin() != Begin ||
        !F.Text.Statements[S].Listed || F.Text.Statements[S].Cased)
      return refusal("no variable can be declared there");
    const char *Wish = E.is(Role::OnStop) ? "OnStop" : "Task";
    Edit.insert(Begin, "auto " + Given.fresh(P, F, Wish) + " = ");
  } else {
    Edit.refuse("it is written in a macro");
  }
  return Edit.take();
}

// ---- further out --------------------------------------------------------------------------------

static Fix declareFurtherOut(const Program &P, const Function &F, const Event &E) {
  const Symbol *S = E.On.root();
  if (S->At.isMacroID() || E.Range.getBegin().isMacroID())
    return refusal("it is written in a macro");
  const int Declared = F.Text.at(S->At);
  if (Declared == Layout::None || F.Text.Statements[Declared].Is != Statement::Declares)
    return refusal("it is not declared by a statement of its own");
  int Outer = F.Text.Statements[Declared].Around;
  do
    Outer = Outer == Layout::None ? Layout::None : F.Text.Statements[Outer].Around;
  while (Outer != Layout::None && !F.Text.Statements[Outer].Listed);
  if (Outer == Layout::None)
    return refusal("its block is that of the whole function");
  for (int Up = F.Text.Statements[Declared].Around; Up != Outer; Up = F.Text.Statements[Up].Around)
    if (F.Text.Statements[Up].Is == Statement::Loop)
      return refusal("each turn of the loop makes another one");
  if (F.Text.Statements[Outer].Is == Statement::Loop)
    return refusal("each turn of the loop makes another one");
  // What it refers to has to live as long.
  for (const Value &V : E.Args)
    for (const Capture &C : V.Captures)
      if (C.ByReference && C.What && C.What.root()->Where == Symbol::Local &&
          F.Text.contains(Outer, C.What.root()->At))
        return refusal("it refers to " + quoted(C.What) + ", which ends with the block");

  const SourceRange Whole = F.Text.Statements[Declared].At;
  std::vector<Token> Tokens = tokensOf(P, Whole);
  auto Name = llvm::find_if(Tokens, [&](const Token &T) { return T.getLocation() == S->At; });
  if (Name == Tokens.end() || std::next(Name) == Tokens.end())
    return refusal("its declaration is not understood");
  const Token &Behind = *std::next(Name);
  SourceLocation Last = Tokens.back().getLocation();
  if (Tokens.back().is(tok::semi))
    Last = std::prev(Tokens.end(), 2)->getLocation();
  Editor Edit(P, "declare it where it lives long enough");
  const ApiType *Type = S->Type;
  if (Behind.is(tok::equal)) {
    const SourceRange Init{std::next(Name, 2)->getLocation(), Last};
    StringRef Text = textOf(P, Init);
    if (!P.language().CPlusPlus20 && Text.contains('['))
      return refusal("before C++20 the type of its value cannot be named");
    Edit.before(F, F.Text.Statements[Outer].At.getBegin(),
                "decltype(" + Text.str() + ") " + S->Name + ";");
    Edit.replace({Whole.getBegin(), Name->getLocation()}, S->Name);
  } else if (Type && Type->Later && Behind.isOneOf(tok::l_paren, tok::l_brace)) {
    Edit.before(F, F.Text.Statements[Outer].At.getBegin(),
                filled(Type->Later.Text, {{"name", S->Name}}));
    Edit.require(Type->Later, S->At);
    StringRef Arguments = textOf(P, {Behind.getLocation(), Last}).drop_front().drop_back();
    Edit.replace({Whole.getBegin(), Last}, S->Name + ".emplace(" + Arguments.str() + ")");
  } else {
    return refusal("its type cannot be made later");
  }
  return Edit.take();
}

Fix keepAlive(const Program &P, const Function &F, const Event &E, Names &Given) {
  return E.DiesAtOnce ? declareFurtherOut(P, F, E) : nameTemporary(P, F, E, Given);
}

Fix keepSource(const Program &P, const Function &F, const Event &E, Names &Given) {
  const Symbol *Whole = nullptr;
  for (const Value &V : E.Args)
    if (V.IsToken && V.TokenOf && V.TokenOf.root()->Where == Symbol::Temporary)
      Whole = V.TokenOf.root();
  if (!Whole || Whole->Kind != TypeKind::Source)
    return refusal("which part of it stops the task is not known");
  const Event *Made = nullptr;
  F.forEach([&](const Event &Call, Position) {
    if (Call.Immediate && Call.is(Role::Call) && Call.Range.getBegin() == Whole->At &&
        (!Made || Made->Range.getEnd() < Call.Range.getEnd()) && Call.Result &&
        Call.Result.root() == Whole)
      Made = &Call;
  });
  const int S = !Made || Made->Range.getBegin().isMacroID() ? Layout::None
                                                            : F.Text.at(Made->Range.getBegin());
  StringRef Text = Made ? textOf(P, Made->Range) : StringRef();
  if (S == Layout::None || Text.empty() || !F.Text.Statements[S].Listed ||
      F.Text.Statements[S].Cased)
    return refusal("no variable can be declared there");
  Editor Edit(P, "keep the source");
  const std::string Name = Given.fresh(P, F, "Kept");
  Edit.before(F, F.Text.Statements[S].At.getBegin(), "auto " + Name + " = " + Text.str() + ";");
  Edit.replace(Made->Range, Name);
  return Edit.changesBehaviour().take();
}

// ---- triggering ---------------------------------------------------------------------------------

/// Statements that trigger a handle of a given name; empty if the tables do not say how.
static std::string triggers(const Program &P, const Object &O, StringRef Name) {
  if (O.leaf()->Callable) // a member may hold none
    return (O.isField() ? "if (" + Name + ")\n  " + Name + "();" : Name + "();").str();
  const ApiType *Type = O.leaf()->Type;
  StringRef Method = Type ? P.table().method(*Type, Role::RequestStop) : StringRef();
  return Method.empty() ? "" : (Name + (O.leaf()->Arrow ? "->" : ".") + Method + "();").str();
}

/// A function of the class of the member \p Source that everybody may call, and that does nothing
/// but trigger it.
static const Function *triggerOf(const Program &P, const Symbol *Source) {
  const Function *Found = nullptr;
  for (const Site &S : P.on(Source))
    if (S.What->is(Role::RequestStop) && S.What->Immediate && S.In->Class == Source->Class &&
        S.In->Public && !S.In->IsLambda && !S.In->IsDestructor && !S.In->IsConstructor &&
        !S.In->IsStatic && S.In->Params.empty() && S.In->Text.Statements.size() == 2)
      Found = Found ? Found : S.In;
  return Found;
}

namespace {
/// How a handle is triggered in a function.
struct Trigger {
  std::string Name; ///< what it is called, or what it is a part of
  std::string Text; ///< with {name} for that

  std::string on(StringRef It) const { return filled(Text, {{"name", It.str()}}); }
  explicit operator bool() const { return !Text.empty(); }
};
} // namespace

/// A source that a called function has put into something goes by the name of that.
static Object namedHere(const Object &Handle) {
  const bool Inside =
      Handle.isField() && Handle.leaf()->Where != Symbol::Field &&
      (Handle.whole().kind() == TypeKind::Source || Handle.whole().leaf()->Callable);
  return Inside ? Handle.whole() : Handle;
}

static Trigger triggerIn(const Program &P, const Function &F, Object Handle) {
  Handle = namedHere(Handle);
  if (auto Name = nameIn(Handle, F, P))
    return {*Name, triggers(P, Handle, "{name}")};
  // Private to its class.
  const Function *By = Handle.isField() ? triggerOf(P, Handle.leaf()) : nullptr;
  auto Whole = By ? nameIn(Handle.whole(), F, P) : std::nullopt;
  if (!Whole)
    return {};
  return {*Whole, (Handle.whole().leaf()->Arrow ? "{name}->" : "{name}.") + By->Name + "();"};
}

Fix triggerBefore(const Program &P, const Function &F, SourceLocation At, const Object &Source) {
  const Trigger How = triggerIn(P, F, Source);
  const std::string Text = How.on(How.Name);
  if (Text.empty())
    return refusal("the tables do not say how it is triggered");
  Editor E(P, "request the stop");
  E.before(F, At, Text);
  return E.take();
}

Fix triggerBeside(const Program &P, const Event &Stop, const Object &Source) {
  // Where it is written, rather than where that is called.
  Fix There = refusal("the stop is requested elsewhere");
  for (const auto &F : P.functions()) {
    bool Written = false, Here = false;
    F->forEach([&](const Event &E, Position) {
      Written |= E.Immediate && E.is(Role::RequestStop) && E.At == Stop.At;
      Here |= &E == &Stop;
    });
    Fix Beside = Written || (Here && !There)
                     ? triggerBefore(P, *F, Written ? Stop.At : Stop.where(), Source)
                     : Fix();
    if (Beside && Written)
      return Beside;
    if (Beside)
      There = std::move(Beside);
  }
  return There;
}

/// All that is ever put into the callable does nothing but trigger a source: it may do so twice.
static bool onlyTriggers(const Program &P, const Object &Callable) {
  bool Any = false, Else = false;
  for (const Site &S : P.on(Callable.leaf())) {
    if (!S.What->is(Role::Store))
      continue;
    const Function *Body = S.What->Args.size() == 1 && S.What->Args[0].Body
                               ? P.function(S.What->Args[0].Body)
                               : nullptr;
    Any |= Body != nullptr;
    Else |= !Body || Body->CallsUnknown;
    if (Body)
      Body->forEach([&](const Event &E, Position) {
        Else |= !E.is(Role::RequestStop | Role::Destroy | Role::Read | Role::Call);
      });
  }
  return Any && !Else;
}

static Fix triggerOnEach(const Program &P, const Function &F, const Handle &H,
                         const std::vector<Path> &Ways, const std::string &Text) {
  Editor E(P, "request the stop where it is missed");
  for (const Path &Way : Ways) {
    if (Way.Last && Way.Last->is(Role::Throw) && !Way.Last->Immediate)
      E.refuse("an exception of another function leads out");
    E.before(F, Way.End, Text);
  }
  // To call a function twice may be too much.
  if (const Object What = namedHere(H.What); What.leaf()->Callable && !onlyTriggers(P, What))
    F.forEach([&](const Event &Call, Position At) {
      if (triggers(Call, H))
        for (const Path &On :
             F.findPaths({.From = At, .Avoiding = [](const Event &) { return false; }}))
          for (const Path &Way : Ways)
            if (On.End == Way.End)
              E.refuse("on some ways it has been called before");
    });
  return E.take();
}

Fix triggerOnWays(const Program &P, const Function &F, const Handle &H,
                  const std::vector<Path> &Ways, const GuardStyle &Guards, Names &Given) {
  const Trigger How = triggerIn(P, F, H.What);
  const std::string Text = How.on(How.Name);
  if (Text.empty())
    return refusal("the tables do not say how it is triggered");
  Fix Each = triggerOnEach(P, F, H, Ways, Text);
  const Object What = namedHere(H.What);
  if ((What.leaf()->Callable && !onlyTriggers(P, What)) || (Each && Ways.size() == 1))
    return Each;
  // The guard comes behind what starts the task: it has to end before what waits for it.
  Editor E(P, "let a guard request the stop");
  const int Declared = F.Text.at(H.What.root()->At);
  // In a function that is called it starts where that is.
  const std::vector<Event> &There = F.Blocks[H.Started.Block].Events;
  const SourceLocation At = H.Started.Index < There.size() ? There[H.Started.Index].where() : H.At;
  const int Start = Declared == Layout::None || At.isMacroID()
                        ? Layout::None
                        : F.Text.childOf(F.Text.Statements[Declared].Around, At);
  if (Start == Layout::None)
    return firstOf(Each, refusal("the task starts in another block"));
  Guards.add(
      E, P, F, F.Text.Statements[Start].At.getBegin(), How.Name,
      [&](StringRef It) { return How.on(It); }, Given);
  return firstOf(E.take(), Each);
}

Fix triggerAtTheEnd(const Program &P, const Symbol *Source, const Task &Listener) {
  const Object Member = [&] {
    for (const Site &S : P.on(Source))
      if (S.What->On.root()->Where == Symbol::This && S.What->On.path().size() == 1)
        return S.What->On;
    return Object();
  }();
  if (!Member)
    return refusal("it is not a member of the object itself");
  const Function *Destructor = nullptr;
  for (const Function *F : endingCode(P, Source->Class)) {
    if (F->IsDestructor)
      Destructor = F;
    // Before the work is waited for.
    const Event *Join = nullptr;
    F->forEach([&](const Event &E, Position) {
      if (!Join && E.Immediate && !E.AtScopeEnd && joins(E, Listener.Owner))
        Join = &E;
    });
    if (Join) {
      // A loop over all of them comes behind the stop for all of them.
      SourceLocation At = Join->At;
      const int S = At.isMacroID() ? Layout::None : F->Text.at(At);
      const int Loop = S == Layout::None ? S : F->Text.around(S, Statement::Loop);
      if (Loop != Layout::None)
        At = F->Text.Statements[Loop].At.getBegin();
      return triggerBefore(P, *F, At, Member);
    }
  }
  if (!Destructor)
    return refusal("'" + Source->Class + "' has no destructor in sight");
  const std::string Text = triggers(P, Member, Source->Name);
  if (Text.empty())
    return refusal("the tables do not say how it is triggered");
  Editor E(P, "request the stop in the destructor");
  E.begin(*Destructor, Text);
  return E.take();
}

Fix triggerTasks(const Program &P, const Symbol *Source, const Event &Stop) {
  const Object *Owner = nullptr;
  for (const Task &T : P.tasks()) {
    if (!T.Owner || !T.Owner.isField() || T.Owner.leaf()->Class != Source->Class)
      continue;
    const bool Listens = llvm::any_of(
        T.Started.What->Args, [&](const Value &V) { return V.IsToken && V.TokenOf == T.Owner; });
    if (!Listens || (Owner && Owner->leaf() != T.Owner.leaf()))
      return refusal("which tasks it is meant for is not known");
    Owner = &T.Owner;
  }
  const Site *At = nullptr;
  for (const Site &S : P.on(Source))
    if (S.What->is(Role::RequestStop) && S.What->Immediate && S.What->At == Stop.At)
      At = &S;
  const ApiType *Type = Owner ? Owner->leaf()->Type : nullptr;
  StringRef Method = Type ? P.table().method(*Type, Role::RequestStop) : StringRef();
  if (!At || Method.empty() || Owner->leaf()->Arrow || Owner->path().size() != 1 ||
      Owner->root()->Where != Symbol::This)
    return refusal("there is no task that listens to something else");
  const int S = Stop.At.isMacroID() ? Layout::None : At->In->Text.at(Stop.At);
  if (S == Layout::None || At->In->Text.Statements[S].Is != Statement::Plain)
    return refusal("the stop is a part of something else");
  const std::string Name = Owner->leaf()->Name;
  Editor E(P, "request the stop of '" + Name + "'");
  E.replaceStatement(*At->In, Stop.At,
                     Owner->leaf()->Container
                         ? "for (auto &Each : " + Name + ")\n  Each." + Method.str() + "();"
                         : Name + "." + Method.str() + "();");
  return E.changesBehaviour().take();
}

// ---- linking ------------------------------------------------------------------------------------

Fix linkSource(const Program &P, const Function &F, const Unforwarded &U,
               std::optional<std::string> Token, Names &Given) {
  const ApiType *Type = U.Token.leaf()->Type;
  auto Child = nameIn(U.Other, F, P);
  std::string Stop = Child ? triggers(P, U.Other, *Child) : "";
  if (!Type || !Type->Link || !Token || Stop.empty())
    return refusal("the tables do not say how the two are linked");
  Stop.pop_back(); // its semicolon
  Editor E(P, "link '" + *Child + "' to '" + *Token + "'");
  const SourceLocation At = U.Other.root()->At;
  E.after(F, At,
          filled(Type->Link.Text,
                 {{"name", Given.fresh(P, F, "StopTogether")}, {"0", *Token}, {"1", Stop}}));
  E.require(Type->Link, At);
  return E.take();
}

} // namespace tether
