#include "fix/StoredTokens.h"
#include "fix/Members.h"
#include "fix/Parameters.h"
#include "fix/Text.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {
namespace {

/// One use of the member, as it is written: `Request_`, `Entry.Request`.
struct Use {
  SourceRange Whole;
  const Function *In;
};

class Unkeeping {
public:
  Unkeeping(const Program &P, const Symbol &Member, const Function &Keeper, SourceLocation Where,
            Names &Given)
      : P(P), Member(Member), Keeper(Keeper), Where(Where), Given(Given),
        E(P, "pass the token instead of keeping it") {}

  Fix fix() {
    E.changesBehaviour();
    if (Where.isMacroID() || Member.At.isMacroID())
      return refusal("it is written in a macro");
    if (Keeper.IsConstructor)
      return refusal("a constructor takes it, and who has made the object is not known");
    putNoMore();
    findUses();
    if (Uses.empty())
      E.refuse("nothing in sight uses it");
    if (!E.refused())
      passToUses();
    removeMember(E, P, Member);
    dropUnused(Keeper);
    return E.take();
  }

private:
  /// The innermost function that is no lambda; null in a lambda, which would have to capture it.
  const Function *functionAt(SourceLocation At) const {
    const Function *Found = nullptr;
    for (const auto &F : P.functions())
      if (F->At.isFileID() && P.sources().getFileID(F->At) == P.sources().getFileID(At) &&
          F->At < At && At < F->End) {
        if (F->IsLambda)
          return nullptr;
        if (!Found || Found->At < F->At)
          Found = F.get();
      }
    return Found;
  }

  /// The statement that sets it, or its part of what is put between braces.
  void putNoMore() {
    const int S = Keeper.Text.at(Where);
    if (S == Layout::None || Keeper.Text.Statements[S].InMacro)
      return E.refuse("it is written in a macro");
    const Statement &Put = Keeper.Text.Statements[S];
    std::vector<Token> Tokens = tokensOf(P, Put.At);
    auto At = llvm::find_if(Tokens, [&](const Token &T) { return T.getLocation() == Where; });
    if (At == Tokens.end())
      return E.refuse("where it is kept is not understood");
    if (At == Tokens.begin() && Put.Is == Statement::Plain && std::next(At) != Tokens.end() &&
        std::next(At)->is(tok::equal) && spelling(P, *At) == Member.Name) {
      Removed = Put.At;
      return E.removeStatement(Keeper, Where);
    }
    auto First = At, Last = At;
    while (First != Tokens.begin() &&
           !std::prev(First)->isOneOf(tok::comma, tok::l_brace, tok::semi))
      --First;
    for (int Depth = 0; Last != Tokens.end(); ++Last) {
      if (!Depth && Last->isOneOf(tok::comma, tok::r_brace))
        break;
      Depth += Last->isOneOf(tok::l_paren, tok::l_brace, tok::l_square);
      Depth -= Last->isOneOf(tok::r_paren, tok::r_brace, tok::r_square);
    }
    if (First == Tokens.begin() || Last == Tokens.end() || std::prev(First)->is(tok::semi))
      return E.refuse("where it is kept is not understood");
    Removed = {First->getLocation(), std::prev(Last)->getLocation()};
    if (Last->is(tok::comma)) {
      auto Next = std::next(Last);
      return E.removeUpTo(First->getLocation(), Next->getLocation());
    }
    const bool Behind = std::prev(First)->is(tok::comma);
    E.removeUpTo(Behind ? std::prev(First)->getLocation() : First->getLocation(),
                 Last->getLocation());
  }

  bool isRemoved(SourceLocation At) const {
    return Removed.getBegin() <= At && At <= Removed.getEnd();
  }

  void findUses() {
    if (llvm::any_of(P.allSymbols(), [&](const Symbol *S) {
          return S != &Member && S->Where == Symbol::Field && S->Name == Member.Name &&
                 S->Class != Member.Class;
        }))
      return E.refuse("other classes have a member of that name, too");
    const bool Own = llvm::any_of(
        P.functions(), [&](const auto &F) { return !F->IsLambda && F->Class == Member.Class; });
    const SourceManager &SM = P.sources();
    std::set<FileID> Files{SM.getFileID(Member.At), SM.getMainFileID()};
    for (FileID File : Files) {
      std::vector<Token> Tokens =
          tokensOf(P, {SM.getLocForStartOfFile(File), SM.getLocForEndOfFile(File)});
      for (size_t I = 0; I != Tokens.size(); ++I) {
        const SourceLocation At = Tokens[I].getLocation();
        if (Tokens[I].isNot(tok::raw_identifier) || spelling(P, Tokens[I]) != Member.Name ||
            At == Member.At || isRemoved(At))
          continue;
        const bool Of = I && Tokens[I - 1].isOneOf(tok::period, tok::arrow);
        const Function *In = functionAt(At);
        // Without an object it is another name, outside of the class.
        if (!Of && (!Own || (In && In->Class != Member.Class)))
          continue;
        size_t First = I;
        while (First > 1 && Tokens[First - 1].isOneOf(tok::period, tok::arrow) &&
               Tokens[First - 2].is(tok::raw_identifier))
          First -= 2;
        if (!In || (First && Tokens[First - 1].isOneOf(tok::period, tok::arrow, tok::coloncolon,
                                                       tok::r_paren, tok::amp)))
          return E.refuse("it is used in a way that is not understood");
        if (I + 1 != Tokens.size() && Tokens[I + 1].is(tok::equal))
          return E.refuse("it is set at another place, too");
        Uses.push_back({{Tokens[First].getLocation(), At}, In});
      }
    }
  }

  void passToUses() {
    const Symbol *Type = nullptr;
    for (const Symbol *S : Keeper.Params)
      if (S->Kind == TypeKind::Token && S->TypeId == Member.TypeId)
        Type = S;
    if (!Type)
      return E.refuse("its type is not that of a parameter");
    NewParameter New(E, P, *Type, /*Optional=*/false);
    std::map<const Function *, std::string> Named;
    for (const Use &U : Uses) {
      std::string &Name = Named[U.In];
      if (const Symbol *Own = Name.empty() ? ownToken(*U.In, *Type) : nullptr) {
        Name = Own->Name;
      } else if (Name.empty()) {
        Name = Given.fresh(P, *U.In, Type->Name);
        // Who else may call it is to give a token as well.
        if (!U.In->Internal && !U.In->InMainFile)
          E.refuse("'" + U.In->Name + "' may be called from other files");
        if (!New.handOnEverywhere(*U.In))
          E.refuse("a function that calls '" + U.In->Name + "' has no token");
        New.add(*U.In, Name);
        for (const Site &Call : P.callers(*U.In))
          Hands.insert(Call.In);
      }
      E.replace(U.Whole, Name);
    }
  }

  /// The parameter that nothing uses any more, and what is handed over for it.
  void dropUnused(const Function &F) {
    const Symbol *Token = ownToken(F, Member);
    if (!Token || E.refused() || Hands.count(&F) || F.Text.Statements.empty())
      return;
    for (const class Token &T : tokensOf(P, F.Text.Statements[0].At))
      if (T.is(tok::raw_identifier) && spelling(P, T) == Token->Name && !isRemoved(T.getLocation()))
        return;
    NewParameter(E, P, *Token, false).drop(F, *Token);
    for (const Site &Call : P.callers(F))
      if (!Hands.count(Call.In))
        E.refuse("'" + Call.In->Name + "' would have no use for its token");
  }

  const Program &P;
  const Symbol &Member;
  const Function &Keeper;
  const SourceLocation Where;
  Names &Given;
  Editor E;
  SourceRange Removed;
  std::vector<Use> Uses;
  std::set<const Function *> Hands; ///< callers that hand their token on now
};

} // namespace

Fix passInstead(const Program &P, const Symbol &Member, const Function &In, SourceLocation Where,
                Names &Given) {
  return Unkeeping(P, Member, In, Where, Given).fix();
}

} // namespace tether
