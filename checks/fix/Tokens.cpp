#include "fix/Tokens.h"
#include "fix/Handles.h"
#include "fix/Parameters.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

// ---- calls --------------------------------------------------------------------------------------

/// No local of \p F hides that name.
static bool isVisible(const Program &P, const Function &F, StringRef Name) {
  return llvm::none_of(P.allSymbols(),
                       [&](const Symbol *S) { return S->Owner == F.Id && S->Name == Name; });
}

/// The name of a token in \p F: of a variable that the function has named already, of a member that
/// nothing hides, or of a part of its own parameters.
static std::optional<std::string> tokenName(const Program &P, const Function &F,
                                            const Object &Token) {
  if (!Token || Token.leaf()->Name.empty())
    return std::nullopt;
  const Symbol &S = *Token.leaf();
  if (S.Where == Symbol::Param || S.Where == Symbol::Local)
    return S.Name;
  if (Token.root()->Where == Symbol::Param)
    return nameIn(Token, F, P);
  return Token.path().size() == 1 && !F.IsLambda && S.Class == F.Class && isVisible(P, F, S.Name)
             ? std::optional(S.Name)
             : std::nullopt;
}

static void writeToken(Editor &E, const TokenSlot &Slot, StringRef Name) {
  if (!Slot.Certain || !Slot.SameResult)
    E.refuse("it is not certain that the call takes it");
  else if (Slot.Where.getEnd().isValid())
    E.replace(Slot.Where, Name);
  else
    E.insert(Slot.Where.getBegin(), Slot.Before + Name.str() + Slot.After);
}

void writeToken(Editor &E, const Function &F, const Event &Call, StringRef Name) {
  const TokenSlot &Slot = *Call.Slot;
  const int S = Call.At.isMacroID() ? Layout::None : F.Text.at(Call.At);
  // What it gives, and nobody looks at, may be something else.
  const bool Unused = S != Layout::None && F.Text.Statements[S].Is == Statement::Plain &&
                      F.Text.Statements[S].At.getBegin() == Call.Range.getBegin() &&
                      F.Text.Statements[S].At.getEnd() == Call.Range.getEnd();
  if (Slot.Certain && !Slot.SameResult && Unused && !Slot.Where.getEnd().isValid())
    return E.insert(Slot.Where.getBegin(), Slot.Before + Name.str() + Slot.After);
  writeToken(E, Slot, Name);
}

std::string tokenOfSource(const Program &P, const Symbol &Source, const void *TypeId) {
  if (!Source.Type || !Source.Direct || Source.Container)
    return {};
  // Sources give the tokens of their library.
  auto libraryOf = [](const ApiType &T) { return StringRef(T.Type).rsplit("::").first; };
  const bool Fits = llvm::any_of(P.allSymbols(), [&](const Symbol *Token) {
    return Token->Kind == TypeKind::Token && Token->TypeId == TypeId && Token->Type &&
           libraryOf(*Token->Type) == libraryOf(*Source.Type);
  });
  StringRef Method = P.table().method(*Source.Type, Role::MakeToken);
  return !Fits || Method.empty() ? "" : (Source.Name + "." + Method + "()").str();
}

Fix listenTo(const Program &P, const Symbol *Source) {
  llvm::DenseSet<const Function *> InTasks;
  for (const Task &T : P.tasks())
    if (T.Body && T.Owner && T.Owner.isField() && T.Owner.leaf()->Class == Source->Class)
      for (const Function *F : P.reachableFrom(*T.Body))
        if (F->Class == Source->Class && !F->IsStatic)
          InTasks.insert(F);
  const Event *Wait = nullptr;
  const Function *In = nullptr;
  for (const auto &F : P.functions())
    if (InTasks.contains(F.get()))
      for (const Block &B : F->Blocks)
        for (const Event &E : B.Events) {
          if (!E.Immediate || !E.blocks() || !E.Slot)
            continue;
          if (Wait && Wait->At != E.At)
            return refusal("which of several waits should listen to it is not known");
          Wait = &E;
          In = F.get();
        }
  const std::string Token = Wait ? tokenOfSource(P, *Source, Wait->Slot->TypeId) : "";
  if (Token.empty())
    return refusal("no wait of a task could listen to it");
  Editor E(P, "pass '" + Token + "'");
  writeToken(E, *In, *Wait, Token);
  return E.changesBehaviour().take();
}

static Fix passToken(const Program &P, const Function &F, const Unforwarded &U) {
  auto Name = tokenName(P, F, U.Token);
  if (!Name)
    return refusal("the token has no name in reach");
  if (U.Slot->TypeId != U.Token.leaf()->TypeId)
    return refusal("the call takes a token of another type");
  Editor E(P, "pass '" + *Name + "'");
  writeToken(E, *U.Slot, *Name);
  return E.take();
}

// ---- bundles ------------------------------------------------------------------------------------

static Fix fillIn(const Program &P, const Function &F, const Unforwarded &U) {
  const Symbol *Bundle = U.Other ? U.Other.root() : nullptr;
  if (!Bundle || !U.Other.isLocal() || !Bundle->Direct || Bundle->TokenPath.empty())
    return refusal("it is not given a variable of the function");
  auto Token = nameIn(U.Token, F, P);
  const int Declared = Bundle->At.isMacroID() ? Layout::None : F.Text.at(Bundle->At);
  if (!Token || Declared == Layout::None || U.Token.leaf()->TypeId == nullptr ||
      Bundle->TokenPath.back()->TypeId != U.Token.leaf()->TypeId)
    return refusal("the token has no name in reach");
  Object Member(Bundle);
  for (const Symbol *S : Bundle->TokenPath)
    Member = Member.field(S);
  auto Name = nameIn(Member, F, P);
  if (!Name || textOf(P, F.Text.Statements[Declared].At).contains("const"))
    return refusal("'" + Bundle->Name + "' cannot be changed");
  Editor E(P, "copy '" + *Token + "' into it");
  E.before(F, U.Call->where(), *Name + " = " + *Token + ";");
  return E.take();
}

/// The beginning of statement \p S; of the `if` that it is all of, where that does nothing else.
static SourceLocation asWhole(const Program &P, const Function &F, int S) {
  const int If = F.Text.Statements[S].Around;
  const bool Is =
      !F.Text.Statements[S].Listed && If != Layout::None &&
      F.Text.Statements[If].Is == Statement::Compound && !F.Text.Statements[If].HasElse &&
      F.Text.Statements[If].Condition.isValid() &&
      llvm::none_of(tokensOf(P, F.Text.Statements[If].Condition),
                    [](const auto &T) {
                      return T.isOneOf(tok::l_paren, tok::equal, tok::plusplus, tok::minusminus);
                    }) &&
      !leavesUnused(P, F, F.Text.Statements[If].Condition);
  return F.Text.Statements[Is ? If : S].At.getBegin();
}

/// What is put in the place of the token leaves it as it is.
static Fix keepToken(const Program &P, const Function &F, const Unforwarded &U, Names &Given) {
  auto Token = nameIn(U.Token, F, P), Whole = nameIn(Object(U.Token.root()), F, P);
  const SourceLocation At = U.Call->where();
  const int S = At.isMacroID() ? Layout::None : F.Text.at(At);
  if (!Token || !Whole || S == Layout::None || F.Text.Statements[S].Is != Statement::Plain)
    return refusal("where the token is lost is not understood");
  auto assigns = [&](StringRef Name) {
    StringRef Text = textOf(P, F.Text.Statements[S].At);
    return Text.consume_front(Name) && Text.ltrim().starts_with("=");
  };
  Editor E(P, "keep '" + *Token + "'");
  E.changesBehaviour();
  if (assigns(*Token)) {
    E.removeStatement(F, asWhole(P, F, S));
  } else if (assigns(*Whole)) {
    const std::string Kept = Given.fresh(P, F, U.Token.leaf()->Name);
    E.before(F, At, "auto " + Kept + " = " + *Token + ";");
    E.after(F, At, *Token + " = " + Kept + ";");
  } else {
    E.refuse("it is not replaced by an assignment");
  }
  return E.take();
}

// ---- tasks --------------------------------------------------------------------------------------

/// The tokens of a lambda in front of its body; none if there are macros in them.
static std::vector<clang::Token> headOf(const Program &P, const Function &Lambda) {
  if (!Lambda.IsLambda || Lambda.Text.Statements.empty())
    return {};
  const SourceLocation Body = Lambda.Text.Statements.front().At.getBegin();
  std::vector<clang::Token> Head = tokensOf(P, {Lambda.At, Body});
  return Head.size() > 2 && Head.front().is(tok::l_square) ? Head : std::vector<clang::Token>();
}

void capture(Editor &E, const Program &P, const Function &Body, StringRef Name, StringRef Outside,
             bool ByReference) {
  std::vector<clang::Token> Head = headOf(P, Body);
  auto Close = llvm::find_if(Head, [](const clang::Token &T) { return T.is(tok::r_square); });
  // Brackets within them are those of an initialiser.
  if (Close == Head.end() ||
      llvm::count_if(Head, [](const clang::Token &T) { return T.is(tok::l_square); }) != 1)
    return E.refuse("the task's captures are not understood");
  const bool Renamed = Name != Outside;
  if (Renamed && !P.language().CPlusPlus14)
    return E.refuse("it needs C++14");
  const bool Empty = Close == std::next(Head.begin());
  // What is the default needs no words.
  const auto First = std::next(Head.begin());
  const bool Default = First->isOneOf(tok::equal, tok::amp) &&
                       std::next(First)->isOneOf(tok::comma, tok::r_square) &&
                       First->is(ByReference ? tok::amp : tok::equal);
  if (Empty || Renamed || !Default)
    E.insert(Close->getLocation(), (Empty ? "" : ", ") + std::string(ByReference ? "&" : "") +
                                       Name.str() + (Renamed ? " = " + Outside.str() : ""));
}

/// Lets the task capture the token, and use it.
static Fix captureToken(const Program &P, const Function &F, const Unforwarded &U, Names &Given) {
  const Function *Body = P.function(U.Spawn->Callee);
  auto Outside = nameIn(U.Token, F, P);
  if (!Body || !Outside)
    return refusal("the token has no name in reach");
  // A part of something gets a name of its own, and so does what the task has another one of.
  const bool Renamed = !U.Token.path().empty() || !isVisible(P, *Body, *Outside);
  const std::string Name = Renamed ? Given.fresh(P, *Body, U.Token.leaf()->Name) : *Outside;
  Editor E(P, "let the task capture '" + *Outside + "'");
  E.changesBehaviour();
  capture(E, P, *Body, Name, *Outside);
  Fix Link;
  if (U.Other) {
    Link = linkSource(P, *Body, U, Name, Given);
    if (!Link)
      return Link;
  } else if (U.Slot->TypeId != U.Token.leaf()->TypeId) {
    E.refuse("the call takes a token of another type");
  } else {
    writeToken(E, *U.Slot, Name);
  }
  Fix Whole = E.take();
  if (Whole.Refused.empty())
    llvm::append_range(Whole.Edits, Link.Edits);
  return Whole;
}

Fix captureFor(const Program &P, const Site &Wait, const Symbol &Token) {
  const TokenSlot *Slot = Wait.What->Slot.get();
  const Function *Around = P.function(Wait.In->Parent);
  if (!Wait.In->IsLambda || !Around || Token.Owner != Around->Id || Token.Name.empty() ||
      !isVisible(P, *Wait.In, Token.Name))
    return refusal("the token has no name in reach");
  if (!Slot || Slot->TypeId != Token.TypeId)
    return refusal("the wait cannot take a token");
  Editor E(P, "let the task capture '" + Token.Name + "'");
  E.changesBehaviour();
  capture(E, P, *Wait.In, Token.Name, Token.Name);
  writeToken(E, *Wait.In, *Wait.What, Token.Name);
  return E.take();
}

/// Lets the body of a thread take the token of that.
static Fix takeOwnToken(const Program &P, const Unforwarded &U, Names &Given) {
  const Function *Body = P.function(U.Spawn->Callee);
  const ApiType *Thread = U.Token.leaf()->Type;
  std::vector<clang::Token> Head = Body ? headOf(P, *Body) : std::vector<clang::Token>();
  if (Head.empty() || !Body->Params.empty())
    return refusal("the task is no lambda without parameters");
  if (!Thread || !Thread->OwnToken)
    return refusal("the tables do not say how a task takes the token of its thread");
  auto Close = llvm::find_if(Head, [](const clang::Token &T) { return T.is(tok::r_square); });
  if (Close == Head.end() || std::next(Close) == Head.end())
    return refusal("the task's captures are not understood");
  const std::string Name = Given.fresh(P, *Body, "Stop");
  const std::string Param = filled(Thread->OwnToken.Text, {{"name", Name}});
  Editor E(P, "take the token of the thread");
  E.changesBehaviour();
  E.require(Thread->OwnToken, Body->At);
  const auto Next = std::next(Close);
  if (Next->is(tok::l_paren))
    E.insert(Next->getLocation().getLocWithOffset(1), Param);
  else if (Next->is(tok::l_brace))
    E.insert(Close->getLocation().getLocWithOffset(1), "(" + Param + ")");
  else
    E.refuse("the task is no lambda without parameters");
  writeToken(E, *U.Slot, Name);
  return E.take();
}

Fix forwardToken(const Program &P, const Function &F, const Unforwarded &U, Names &Given) {
  switch (U.Why) {
  case Unforwarded::Direct:
    return passToken(P, F, U);
  case Unforwarded::Child:
    return linkSource(P, F, U, nameIn(U.Token, F, P), Given);
  case Unforwarded::Behind:
    return passThrough(P, F, U, Given);
  case Unforwarded::Bundle:
    return fillIn(P, F, U);
  case Unforwarded::Replaced:
    return keepToken(P, F, U, Given);
  case Unforwarded::Task:
    return captureToken(P, F, U, Given);
  case Unforwarded::OwnToken:
    return takeOwnToken(P, U, Given);
  }
  llvm_unreachable("all kinds are listed");
}

} // namespace tether
