#include "flow/TokenSlot.h"
#include "model/ApiTable.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Lex/Lexer.h"

using namespace clang;

namespace tether {

namespace {
struct SlotFinder {
  const Expr *Call;
  const FunctionDecl *Callee;
  Resolver &R;
  SmallVector<const Expr *, 4> Args; ///< by parameter

  bool takesToken(const ParmVarDecl *P) {
    QualType T = P->getType();
    return R.factsOf(T).Kind == TypeKind::Token && !R.factsOf(T).Container;
  }

  std::optional<TokenSlot> make(TokenSlot::Kind Why, const FunctionDecl *Taker, unsigned Index) {
    TokenSlot Slot;
    Slot.Why = Why;
    Slot.Taker = Taker->getCanonicalDecl();
    Slot.TypeId = typeId(Taker->getParamDecl(Index)->getType());
    Slot.Declared = Taker->getLocation();
    QualType T = Taker->getParamDecl(Index)->getType();
    Slot.Certain = place(Slot, Index) && !isa<CXXOperatorCallExpr>(Call) &&
                   (!T->isReferenceType() || T->getPointeeType().isConstQualified());
    return Slot;
  }

  /// Finds where argument \p Index is, or would be, written.
  bool place(TokenSlot &Slot, unsigned Index) {
    auto written = [&](unsigned I) {
      return I < Args.size() && !isa<CXXDefaultArgExpr>(Args[I]) ? Args[I] : nullptr;
    };
    auto plain = [](SourceRange S) {
      return S.isValid() && !S.getBegin().isMacroID() && !S.getEnd().isMacroID();
    };
    if (!plain(Call->getSourceRange()))
      return false;
    if (Slot.Why == TokenSlot::Never) {
      Slot.Where = Args[Index]->getSourceRange();
      return plain(Slot.Where);
    }
    if (const Expr *Next = written(Index)) { // in front of the argument that is there now
      Slot.Where = {Next->getBeginLoc(), {}};
      Slot.After = ", ";
      return plain(Next->getSourceRange());
    }
    if (Index && !written(Index - 1))
      return false; // a default in between
    // In front of the parenthesis that ends the call.
    SourceLocation End = Call->getEndLoc();
    bool Invalid = false;
    char Last = *R.AST.getSourceManager().getCharacterData(End, &Invalid);
    if (Invalid || (Last != ')' && Last != '}'))
      return false;
    Slot.Where = {End, {}};
    Slot.Before = Index ? ", " : "";
    return true;
  }

  /// The parameter of \p Other that is a token, where the rest are those of the callee.
  std::optional<unsigned> extraToken(const FunctionDecl *Other) {
    const unsigned Mine = Callee->getNumParams();
    if (Other->getCanonicalDecl() == Callee->getCanonicalDecl() || Other->isDeleted() ||
        Other->isDeprecated() || Other->getNumParams() != Mine + 1 ||
        Other->isVariadic() != Callee->isVariadic())
      return std::nullopt;
    for (unsigned At = 0; At <= Mine; ++At) {
      QualType Token = Other->getParamDecl(At)->getType();
      if (!takesToken(Other->getParamDecl(At)) || Token->isPointerType() ||
          (Token->isLValueReferenceType() && !Token.getNonReferenceType().isConstQualified()))
        continue;
      bool Same = true;
      for (unsigned I = 0; I != Mine && Same; ++I)
        Same = R.AST.hasSameType(Callee->getParamDecl(I)->getType(),
                                 Other->getParamDecl(I < At ? I : I + 1)->getType());
      if (Same)
        return At;
    }
    return std::nullopt;
  }

  bool givesTheSame(const FunctionDecl *Other) {
    QualType Theirs = Other->getReturnType(), Mine = Callee->getReturnType();
    return typeId(Theirs) == typeId(Mine) && Theirs->isReferenceType() == Mine->isReferenceType();
  }

  std::optional<TokenSlot> find() {
    for (unsigned I = 0; I != Callee->getNumParams(); ++I) {
      if (!takesToken(Callee->getParamDecl(I)))
        continue;
      if (I >= Args.size())
        return std::nullopt;
      if (isa<CXXDefaultArgExpr>(Args[I]))
        return R.neverStops(Args[I]) ? make(TokenSlot::Default, Callee, I) : std::nullopt;
      return R.neverStops(Args[I]) ? make(TokenSlot::Never, Callee, I) : std::nullopt;
    }
    // In C there is no other of that name, and to look for it would sort all declarations.
    // Constructors that differ in a token make different things.
    if (!R.AST.getLangOpts().CPlusPlus || Callee->isOverloadedOperator() ||
        isa<CXXDestructorDecl, CXXConversionDecl, CXXConstructorDecl>(Callee))
      return std::nullopt;
    std::optional<TokenSlot> Found;
    for (const NamedDecl *D : Callee->getDeclContext()->lookup(Callee->getDeclName())) {
      D = D->getUnderlyingDecl();
      const auto *Other = dyn_cast<FunctionDecl>(D);
      if (!Other || (isa<CXXMethodDecl>(Other) && Other->getAccess() != AS_public &&
                     Other->getAccess() != Callee->getAccess()))
        continue;
      // What is declared below the call cannot be called there.
      if (!isa<CXXMethodDecl>(Other) &&
          !R.AST.getSourceManager().isBeforeInTranslationUnit(Other->getFirstDecl()->getLocation(),
                                                              Call->getBeginLoc()))
        continue;
      if (const auto *M = dyn_cast<CXXMethodDecl>(Other))
        if (const auto *Mine = cast<CXXMethodDecl>(Callee);
            M->isStatic() != Mine->isStatic() || (Mine->isConst() && !M->isConst()))
          continue;
      if (std::optional<unsigned> At = extraToken(Other)) {
        const bool Same = givesTheSame(Other);
        if (Found && Found->SameResult == Same) { // which one it would be is not certain
          Found->Certain = false;
        } else if (!Found || Same) {
          Found = make(TokenSlot::Overload, Other, *At);
          Found->SameResult = Same;
          // What gives nothing is not looked at, and need not be.
          Found->Certain &= Same || (Callee->getReturnType()->isVoidType() &&
                                     !Other->hasAttr<WarnUnusedResultAttr>());
        }
      }
    }
    return Found;
  }
};
} // namespace

std::shared_ptr<const TokenSlot> tokenSlot(const Expr *Call, const FunctionDecl *Callee,
                                           Resolver &R) {
  SlotFinder Finder{Call, Callee, R, {}};
  if (const auto *C = dyn_cast<CallExpr>(Call)) {
    Finder.Args.assign(C->arg_begin(), C->arg_end());
    if (isa<CXXOperatorCallExpr>(Call) && isa<CXXMethodDecl>(Callee))
      Finder.Args.erase(Finder.Args.begin());
  } else if (const auto *C = dyn_cast<CXXConstructExpr>(Call)) {
    Finder.Args.assign(C->arg_begin(), C->arg_end());
  } else {
    return nullptr;
  }
  std::optional<TokenSlot> Found = Finder.find();
  return Found ? std::make_shared<const TokenSlot>(std::move(*Found)) : nullptr;
}

} // namespace tether
