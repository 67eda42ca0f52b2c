#include "fix/Unlock.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

// ---- what needs the mutex -----------------------------------------------------------------------

/// Each name in the tokens of a statement is known to mean nothing that the mutex may guard.
namespace {
class Unguarded {
public:
  Unguarded(const Program &P, const Function &F) : P(P), F(F) {}
  /// A member that may be used at any time, as channels and threads may.
  void allow(const Symbol *S) { Allowed = S; }

  /// With at most so many calls of functions that are no method of something else.
  bool holds(SourceRange Statement, unsigned Calls) const {
    std::vector<Token> Tokens = tokensOf(P, Statement);
    for (size_t I = 0; I != Tokens.size(); ++I) {
      if (Tokens[I].isOneOf(tok::l_square, tok::star)) // of a lambda, of a pointer
        return false;
      if (Tokens[I].isNot(tok::raw_identifier))
        continue;
      const tok::TokenKind Before = I ? Tokens[I - 1].getKind() : tok::unknown;
      const tok::TokenKind Behind = I + 1 != Tokens.size() ? Tokens[I + 1].getKind() : tok::unknown;
      if (Before == tok::period || Before == tok::arrow || Before == tok::coloncolon ||
          Behind == tok::coloncolon || isKeyword(spelling(P, Tokens[I])))
        continue;
      if (Behind == tok::l_paren && Calls) {
        --Calls;
        continue;
      }
      if (!isOwn(spelling(P, Tokens[I])))
        return false;
    }
    return !Tokens.empty();
  }

private:
  static bool isKeyword(StringRef Word) {
    return Word == "return" || Word == "true" || Word == "false" || Word == "nullptr";
  }

  /// Of the function alone: a parameter, or a local that refers to nothing else.
  bool isOwn(StringRef Name) const {
    if (Allowed && Allowed->Name == Name)
      return true;
    for (const Symbol *S : F.Params)
      if (S->Name == Name)
        return true;
    for (const Statement &S : F.Text.Statements) {
      if (S.Is != Statement::Declares)
        continue;
      std::vector<Token> Tokens = tokensOf(P, S.At);
      bool Refers = false;
      StringRef Declared; // the first word that an initialiser, or the end, stands behind
      for (size_t I = 0; I + 1 < Tokens.size() && Declared.empty(); ++I) {
        StringRef Word = spelling(P, Tokens[I]);
        Refers |= Tokens[I].isOneOf(tok::amp, tok::star, tok::ampamp) || Word == "auto" ||
                  Word == "iterator" || Word == "const_iterator" || Word == "decltype";
        if (Tokens[I].is(tok::raw_identifier) &&
            Tokens[I + 1].isOneOf(tok::semi, tok::equal, tok::l_paren, tok::l_brace, tok::comma))
          Declared = Word;
      }
      if (Declared == Name)
        return !Refers;
    }
    return false;
  }

  const Program &P;
  const Function &F;
  const Symbol *Allowed = nullptr;
};

/// A guard, and the block at whose end it unlocks.
struct Guarding {
  const Symbol *Guard = nullptr;
  int Declared = Layout::None;
  int Block = Layout::None;
};
} // namespace

static Guarding guardOf(const Program &P, const Function &F, const HeldLock &Held) {
  Guarding G;
  if (Held.Since.isMacroID() || F.Text.Statements.empty() || !F.Text.contains(0, Held.Since))
    return G;
  G.Declared = F.Text.at(Held.Since);
  if (G.Declared == Layout::None || F.Text.Statements[G.Declared].Is != Statement::Declares ||
      !F.Text.Statements[G.Declared].Listed || F.Text.Statements[G.Declared].InMacro)
    return G;
  G.Block = F.Text.Statements[G.Declared].Around;
  for (const Symbol *S : P.allSymbols())
    if (S->Owner == F.Id && S->Where == Symbol::Local && S->Kind == TypeKind::Guard && S->Type &&
        S->At.isFileID() && F.Text.at(S->At) == G.Declared)
      G.Guard =
          P.guarded(Object(S)).size() == 1 && P.guarded(Object(S))[0] == Held.Mutex ? S : nullptr;
  return G;
}

// ---- giving it back early -----------------------------------------------------------------------

namespace {
/// What runs under the guard behind the wait.
struct Rest {
  bool Needs = false;     ///< the mutex
  bool UsesLocal = false; ///< something that was made under it before
};
} // namespace

/// \p B comes before \p A in one of the blocks around them.
static bool follows(const Layout &Text, int B, int A) {
  int Up = A;
  while (Up != Layout::None && !Text.contains(Up, Text.Statements[B].At.getBegin()))
    Up = Text.Statements[Up].Around;
  return Up != Layout::None && Text.Statements[Up].Is == Statement::Block &&
         Text.Statements[B].At.getEnd() < Text.Statements[A].At.getBegin();
}

static Rest restBehind(const Program &P, const Function &F, const Guarding &G, int Wait) {
  const Unguarded Free(P, F);
  const Layout &Text = F.Text;
  std::set<std::string> Made; // words of what is declared under the guard
  for (int S = 0; S != static_cast<int>(Text.Statements.size()); ++S)
    if (Text.Statements[S].Is == Statement::Declares && S != G.Declared &&
        Text.contains(G.Block, Text.Statements[S].At.getBegin()) &&
        Text.Statements[G.Declared].At.getEnd() < Text.Statements[S].At.getBegin())
      for (const Token &T : tokensOf(P, Text.Statements[S].At))
        if (T.is(tok::raw_identifier))
          Made.insert(spelling(P, T).str());
  Rest R;
  for (int S = 0; S != static_cast<int>(Text.Statements.size()); ++S) {
    if (!Text.contains(G.Block, Text.Statements[S].At.getBegin()) || !follows(Text, Wait, S))
      continue;
    R.Needs |= !Free.holds(Text.Statements[S].At, 0);
    for (const Token &T : tokensOf(P, Text.Statements[S].At))
      R.UsesLocal |= T.is(tok::raw_identifier) && Made.count(spelling(P, T).str());
  }
  return R;
}

Fix unlockBefore(const Program &P, const Function &F, const HeldLock &Held, const Event &Waits) {
  const SourceLocation At = Waits.where();
  const Guarding G = guardOf(P, F, Held);
  if (!G.Guard)
    return refusal("it is not held by a guard that is declared in '" + F.Name + "'");
  const int S = At.isMacroID() ? Layout::None : F.Text.at(At);
  if (S == Layout::None || !F.Text.contains(G.Block, At) ||
      (F.Text.Statements[S].Is != Statement::Plain && F.Text.Statements[S].Is != Statement::Leaves))
    return refusal("the wait is a part of something else");
  const int Loop = F.Text.around(S, Statement::Loop);
  if (Loop != Layout::None && F.Text.contains(G.Block, F.Text.Statements[Loop].At.getBegin()))
    return refusal("it comes again while the mutex is held");
  Unguarded Free(P, F);
  if (Waits.On && Waits.On.root()->Where == Symbol::This && !Waits.On.path().empty())
    if (const Symbol *Member = Waits.On.path().front(); Member->Direct && !Member->Container)
      Free.allow(Member);
  if (!Free.holds(F.Text.Statements[S].At, 1))
    return refusal("what it uses may need the mutex");

  const Rest Behind = restBehind(P, F, G, S);
  const ApiType &Type = *G.Guard->Type;
  std::string Class = Type.Type;
  Editor E(P, Behind.Needs ? "unlock it meanwhile" : "unlock it before");
  if (P.table().method(Type, Role::Unlock).empty()) {
    // The name of the type, up to its arguments.
    std::vector<Token> Tokens = tokensOf(P, F.Text.Statements[G.Declared].At);
    const size_t Name = StringRef(Type.Type).rfind(':');
    auto Last = llvm::find_if(Tokens, [&](const Token &T) {
      return spelling(P, T) == StringRef(Type.Type).substr(Name + 1);
    });
    if (!Type.Early || Last == Tokens.end())
      return refusal("its guard cannot give it back before the end of the block");
    auto First = Last;
    while (First != Tokens.begin() && std::prev(First)->is(tok::coloncolon))
      First = std::prev(First, 2);
    Class = Type.Early.Text;
    E.replace({First->getLocation(), Last->getLocation()}, Class);
    E.require(Type.Early, G.Guard->At);
  }
  if (!P.table().named(Class + "::unlock") || !P.table().named(Class + "::lock"))
    return refusal("the tables do not say how its guard gives it back");
  E.before(F, At, G.Guard->Name + ".unlock();");
  if (Behind.Needs) {
    if (Behind.UsesLocal || F.Text.Statements[S].Is == Statement::Leaves)
      return refusal("what is done behind it may need that nothing has changed");
    E.after(F, At, G.Guard->Name + ".lock();");
  }
  return E.changesBehaviour().take();
}

// ---- giving it back on every way ----------------------------------------------------------------

Fix unlockOnWays(const Program &P, const Event &Lock) {
  const Function *In = nullptr;
  Position Locked;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position At) {
      if (!In && E.Immediate && E.is(Role::Lock) && E.At == Lock.At && E.On == Lock.On) {
        In = F.get();
        Locked = At;
      }
    });
  if (!In)
    return refusal("it is locked in a function that is called");
  const Function &F = *In;
  auto GivesBack = [&](const Event &E) {
    return E.is(Role::Unlock | Role::Transfer) && E.On == Lock.On;
  };
  std::string Text;
  std::vector<Path> Mended;
  F.forEach([&](const Event &E, Position At) {
    if (!GivesBack(E))
      return;
    const int S = E.where().isMacroID() ? Layout::None : F.Text.at(E.where());
    if (Text.empty() && E.Immediate && E.is(Role::Unlock) && S != Layout::None &&
        F.Text.Statements[S].Is == Statement::Plain)
      Text = textOf(P, F.Text.Statements[S].At).str();
    llvm::append_range(Mended,
                       F.findPaths({.From = At, .Avoiding = [](const Event &) { return false; }}));
  });
  if (Text.empty())
    return refusal("'" + F.Name + "' does not unlock it elsewhere");
  Editor E(P, "unlock it where that is missed");
  for (const Path &Way : F.findPaths({.From = Locked, .Avoiding = GivesBack})) {
    const int S = Way.End.isMacroID() ? Layout::None : F.Text.at(Way.End);
    if (Way.Last)
      E.refuse("an exception leads out");
    if (llvm::any_of(Mended, [&](const Path &Other) { return Other.End == Way.End; }))
      E.refuse("on another way that ends there it has been unlocked");
    // What is returned is made before.
    if (S != Layout::None && F.Text.Statements[S].Is == Statement::Leaves &&
        !Unguarded(P, F).holds(F.Text.Statements[S].At, 0))
      E.refuse("what is returned there may need the mutex");
    E.before(F, Way.End, Text + ";");
  }
  return E.take();
}

} // namespace tether
