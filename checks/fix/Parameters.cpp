#include "fix/Parameters.h"
#include "fix/Text.h"
#include "fix/Tokens.h"
#include "fix/Waits.h"
#include "model/ApiTable.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

// ---- text ---------------------------------------------------------------------------------------

/// The parentheses behind the name that \p Tokens begin with; none if they are missing.
static std::optional<SourceRange> parenthesesIn(llvm::ArrayRef<Token> Tokens) {
  if (Tokens.size() < 3 || Tokens[1].isNot(tok::l_paren))
    return std::nullopt;
  unsigned Depth = 0;
  for (const Token &T : Tokens.drop_front()) {
    Depth += T.is(tok::l_paren);
    Depth -= T.is(tok::r_paren);
    if (!Depth)
      return SourceRange(Tokens[1].getLocation(), T.getLocation());
  }
  return std::nullopt;
}

/// The places at which the name of \p F is known to mean a certain function: it is called, or
/// another one is defined that has nothing to do with it.
static std::set<SourceLocation> namedAt(const Program &P, const Function &F) {
  std::set<SourceLocation> Found;
  for (const auto &G : P.functions()) {
    if (G->Name == F.Name && G->Class != F.Class && !llvm::is_contained(F.Bases, G->Class) &&
        !llvm::is_contained(G->Bases, F.Class))
      Found.insert(G->At);
    G->forEach([&](const Event &E, Position) {
      const Function *Callee =
          E.is(Role::Call) && E.Immediate && E.Callee ? P.function(E.Callee) : nullptr;
      if (Callee && Callee->Name == F.Name)
        for (const Token &T : tokensOf(P, E.Range))
          if (T.is(tok::raw_identifier) && spelling(P, T) == F.Name)
            Found.insert(T.getLocation());
    });
  }
  return Found;
}

/// Why \p F cannot get another parameter; empty if it can.
static std::string whyNot(const Program &P, const Function &F) {
  if (F.IsLambda || F.IsConstructor || F.IsDestructor || F.At.isMacroID() ||
      F.Text.Statements.empty())
    return "'" + F.Name + "' is not a plain function";
  if (F.Class.empty() && !F.Internal)
    return "'" + F.Name + "' may be called from other files";
  const SourceManager &SM = P.sources();
  const std::set<SourceLocation> Known = namedAt(P, F);
  std::vector<Token> Tokens;
  for (FileID File : std::set<FileID>{SM.getFileID(F.At), SM.getMainFileID()})
    llvm::append_range(Tokens,
                       tokensOf(P, {SM.getLocForStartOfFile(File), SM.getLocForEndOfFile(File)}));
  auto At = llvm::find_if(Tokens, [&](const Token &T) { return T.getLocation() == F.At; });
  if (At == Tokens.begin() || At == Tokens.end() || std::prev(At)->is(tok::coloncolon))
    return "'" + F.Name + "' is declared at another place, too";
  // What overrides it, or is overridden by it, would have to change as well.
  for (auto T = At; T-- != Tokens.begin() && !T->isOneOf(tok::semi, tok::l_brace, tok::r_brace);)
    if (spelling(P, *T) == "virtual")
      return "'" + F.Name + "' is virtual";
  for (auto T = At; T->getLocation() < F.Text.Statements[0].At.getBegin(); ++T) {
    StringRef Word = spelling(P, *T);
    if (Word == "override" || Word == "final")
      return "'" + F.Name + "' is virtual";
    if (T->isOneOf(tok::equal, tok::ellipsis))
      return "'" + F.Name + "' has parameters that may be left out";
  }
  for (const Token &T : Tokens)
    if (T.is(tok::raw_identifier) && spelling(P, T) == F.Name && T.getLocation() != F.At &&
        !Known.count(T.getLocation()))
      return "'" + F.Name + "' is declared, or named, at another place, too";
  return {};
}

const Symbol *ownToken(const Function &F, const Symbol &Like) {
  for (const Symbol *S : F.Params)
    if (S->Kind == TypeKind::Token && !S->Container && !S->Arrow && !S->Name.empty() &&
        S->TypeId == Like.TypeId)
      return S;
  return nullptr;
}

void NewParameter::add(const Function &F, const std::string &Name) {
  if (std::string Why = whyNot(P, F); !Why.empty())
    return E.refuse(Why);
  if (!Token.Type || Token.Arrow)
    return E.refuse("the tables do not say how the token is declared");
  auto Parentheses = parenthesesIn(tokensOf(P, {F.At, F.Text.Statements[0].At.getBegin()}));
  if (!Parentheses)
    return E.refuse("the parameters of '" + F.Name + "' are not understood");
  E.insert(Parentheses->getEnd(), (F.Params.empty() ? "" : ", ") + Token.Type->Type + " " + Name +
                                      (Optional ? " = {}" : ""));
  const SourceManager &SM = P.sources();
  if (Token.At.isInvalid() || SM.getFileID(SM.getFileLoc(Token.At)) != SM.getFileID(F.At)) {
    Idiom Named; // what the token is linked by needs its header, too
    Named.Headers = Token.Type->Link.Headers;
    E.require(Named, F.At);
  }
}

void NewParameter::handOn(const Function &F, const Event &Call, StringRef Name) {
  std::vector<clang::Token> Tokens = tokensOf(P, Call.Range);
  auto At = llvm::find_if(Tokens, [&](const clang::Token &T) {
    return T.is(tok::raw_identifier) && spelling(P, T) == F.Name;
  });
  auto Parentheses =
      parenthesesIn(llvm::ArrayRef<clang::Token>(Tokens).drop_front(At - Tokens.begin()));
  if (!Parentheses || Parentheses->getEnd() != Call.Range.getEnd())
    return E.refuse("a call of '" + F.Name + "' is not understood");
  const bool Empty = std::next(At, 2)->is(tok::r_paren);
  E.insert(Parentheses->getEnd(), (Empty ? "" : ", ") + Name.str());
}

bool NewParameter::handOnEverywhere(const Function &F) {
  bool All = true;
  std::set<SourceLocation> Done;
  for (const Site &Call : P.callers(F)) {
    const Symbol *Own = ownToken(*Call.In, Token);
    if (Own && Call.What->Immediate && Done.insert(Call.What->At).second)
      handOn(F, *Call.What, Own->Name);
    All &= Own != nullptr;
  }
  return All && !Done.empty();
}

/// One of several ranges between commas, with a comma.
static void removeFrom(Editor &E, const std::vector<SourceRange> &All, size_t I,
                       SourceRange Parentheses) {
  if (I + 1 != All.size())
    return E.removeUpTo(All[I].getBegin(), All[I + 1].getBegin());
  E.removeUpTo(I ? endOf(E.program(), All[I - 1].getEnd())
                 : Parentheses.getBegin().getLocWithOffset(1),
               Parentheses.getEnd());
}

void NewParameter::drop(const Function &F, const Symbol &Param) {
  if (std::string Why = whyNot(P, F); !Why.empty())
    return E.refuse(Why);
  if (!F.Internal && !F.InMainFile)
    return E.refuse("'" + F.Name + "' may be called from other files");
  auto Parentheses = parenthesesIn(tokensOf(P, {F.At, F.Text.Statements[0].At.getBegin()}));
  auto Declared = Parentheses ? argumentsIn(P, *Parentheses) : std::nullopt;
  const size_t I = llvm::find(F.Params, &Param) - F.Params.begin();
  if (!Declared || Declared->size() != F.Params.size() || I == F.Params.size())
    return E.refuse("the parameters of '" + F.Name + "' are not understood");
  removeFrom(E, *Declared, I, *Parentheses);
  std::set<SourceLocation> Done;
  for (const Site &Call : P.callers(F)) {
    if (!Call.What->Immediate || !Done.insert(Call.What->At).second)
      continue;
    std::vector<clang::Token> Tokens = tokensOf(P, Call.What->Range);
    auto At = llvm::find_if(Tokens, [&](const clang::Token &T) {
      return T.is(tok::raw_identifier) && spelling(P, T) == F.Name;
    });
    auto Around =
        parenthesesIn(llvm::ArrayRef<clang::Token>(Tokens).drop_front(At - Tokens.begin()));
    auto Arguments = Around ? argumentsIn(P, *Around) : std::nullopt;
    if (!Arguments || Arguments->size() != F.Params.size())
      return E.refuse("a call of '" + F.Name + "' is not understood");
    StringRef Text = textOf(P, (*Arguments)[I]);
    // It may be moved from.
    if (auto [Function, Moved] = Text.split('(');
        Function.ends_with("move") && Moved.ends_with(")"))
      Text = Moved.drop_back();
    if (Text.empty() || Text.find_first_of("()[]{}+-") != StringRef::npos)
      return E.refuse("what '" + F.Name + "' is called with does something else, too");
    removeFrom(E, *Arguments, I, *Around);
  }
}

// ---- calls that do not get it -------------------------------------------------------------------

namespace {
struct Link {
  const Function *Through;
  const Event *Call; ///< in it
};
} // namespace

/// The calls that lead from \p F to the one with that slot, as the finding tells of them.
static bool findWay(const Program &P, const Function &F, const TokenSlot *Slot,
                    std::vector<Link> &Way) {
  if (Way.size() == 4)
    return false;
  bool Found = false;
  F.forEach([&](const Event &E, Position) {
    const Function *Callee =
        !Found && E.is(Role::Call) && E.Immediate ? P.function(E.Callee) : nullptr;
    if (!Callee || Callee == &F)
      return;
    Way.push_back({&F, &E});
    Found = E.Slot ? E.Slot.get() == Slot : findWay(P, *Callee, Slot, Way);
    if (!Found)
      Way.pop_back();
  });
  return Found;
}

Fix passThrough(const Program &P, const Function &F, const Unforwarded &U, Names &Given) {
  auto Name = nameIn(U.Token, F, P);
  const Symbol &Token = *U.Token.leaf();
  const Function *First = P.function(U.Call->Callee);
  std::vector<Link> Way;
  if (!Name || !First || !findWay(P, *First, U.Slot, Way))
    return refusal("the token has no name in reach");
  if (Token.TypeId != U.Slot->TypeId)
    return refusal("the call takes a token of another type");
  Editor E(P, "let the functions in between take it");
  NewParameter New(E, P, Token, /*Optional=*/true);
  std::string Handed = *Name;
  New.handOn(*First, *U.Call, Handed);
  for (const Link &L : Way) {
    if (ownToken(*L.Through, Token))
      E.refuse("'" + L.Through->Name + "' has a token of its own");
    Handed = Given.fresh(P, *L.Through, Token.Name);
    New.add(*L.Through, Handed);
    // Each call of the same function there, now that it can.
    std::set<SourceLocation> Done;
    L.Through->forEach([&](const Event &Call, Position) {
      if (!Call.is(Role::Call) || !Call.Immediate || Call.Callee != L.Call->Callee ||
          !Done.insert(Call.At).second)
        return;
      if (Call.Slot)
        writeToken(E, *L.Through, Call, Handed);
      else
        New.handOn(*P.function(Call.Callee), Call, Handed);
    });
  }
  return E.changesBehaviour().take();
}

// ---- waits --------------------------------------------------------------------------------------

Fix endByParameter(const Program &P, const Site &W, Names &Given) {
  const Symbol *Token = nullptr;
  for (const Site &Call : P.callers(*W.In))
    for (const Symbol *S : Call.In->Params)
      if (S->Kind == TypeKind::Token && !S->Container && !S->Arrow && !S->Name.empty())
        Token = Token ? Token : S;
  if (!Token)
    return refusal("no function that calls '" + W.In->Name + "' has a token");
  Editor E(P, "let '" + W.In->Name + "' take a token");
  NewParameter Everywhere(E, P, *Token, /*Optional=*/false);
  const std::string Name = Given.fresh(P, *W.In, Token->Name);
  const bool Optional = !Everywhere.handOnEverywhere(*W.In) || W.In->Public;
  NewParameter(E, P, *Token, Optional).add(*W.In, Name);
  endWaitBy(E, P, W, *Token, Name);
  return E.changesBehaviour().take();
}

} // namespace tether
