#include "flow/Extract.h"
#include "flow/Body.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {

namespace {

/// System headers are most of the translation unit and none of the user's business.
bool isLibraryCode(const Decl &D, const Resolver &R) {
  return isa_and_nonnull<TranslationUnitDecl>(D.getDeclContext()) && D.getLocation().isValid() &&
         !R.isProjectCode(D.getLocation());
}

class Collector : public RecursiveASTVisitor<Collector> {
public:
  Collector(Resolver &R, std::vector<const FunctionDecl *> &Found, std::set<std::string> &Annotated)
      : R(R), Found(Found), Annotated(Annotated) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitLambdaBody() const { return true; }

  bool TraverseDecl(Decl *D) {
    return !D || isLibraryCode(*D, R) || RecursiveASTVisitor::TraverseDecl(D);
  }
  bool VisitFunctionDecl(FunctionDecl *F) {
    if (F->isThisDeclarationADefinition() && F->doesThisDeclarationHaveABody() &&
        R.bodyOf(F) == F && !isArithmetic(*F))
      Found.push_back(F);
    return true;
  }
  // A constructor that is not written runs the initialisers of the members all the same.
  bool VisitCXXRecordDecl(CXXRecordDecl *Class) {
    if (!Class->isThisDeclarationADefinition() || Class->isLambda())
      return true;
    if (llvm::any_of(Class->methods(), [](const CXXMethodDecl *M) { return annotatedRole(*M); }))
      Annotated.insert(Class->getQualifiedNameAsString());
    for (const CXXConstructorDecl *C : Class->ctors())
      if (C->isImplicit() && C->isDefaultConstructor() && R.bodyOf(C))
        Found.push_back(R.bodyOf(C));
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr *L) {
    FunctionDecl *F = L->getCallOperator();
    if (!F->isDependentContext()) {
      if (R.bodyOf(F))
        Found.push_back(F);
      return true;
    }
    if (L->isGenericLambda())
      if (const auto *T = L->getDependentCallOperator())
        for (FunctionDecl *Spec : T->specializations())
          if (R.bodyOf(Spec))
            Found.push_back(R.bodyOf(Spec));
    return true;
  }

private:
  /// What may run at compile time, and is given nothing that threads share or run: formatting and
  /// the like, which is most of some headers. What it does to its arguments is unknown.
  bool isArithmetic(const FunctionDecl &F) const {
    return F.isConstexprSpecified() && !F.isCXXInstanceMember() &&
           llvm::none_of(F.parameters(), [&](const ParmVarDecl *P) {
             const TypeFacts Facts = R.factsOf(P->getType().getNonReferenceType());
             return Facts.Callable || Facts.Kind != TypeKind::None;
           });
  }

  Resolver &R;
  std::vector<const FunctionDecl *> &Found;
  std::set<std::string> &Annotated;
};

/// Looks for the first thing that a finding could be about: a task, a lock, a token, a channel or
/// an object of such a type. Most files have none, and need no further look: what sleeps, notifies
/// or closes without anything that waits is nobody's business.
class Seeker : public RecursiveASTVisitor<Seeker> {
public:
  explicit Seeker(Resolver &R) : R(R) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return true; } // constructors, range-for, coroutines
  bool shouldWalkTypesOfTypeLocs() const { return false; }
  bool TraverseTypeLoc(TypeLoc, bool = true) { return true; } // declarations have their types

  bool findsAny() {
    return llvm::any_of(R.AST.getTraversalScope(), [&](Decl *D) { return !TraverseDecl(D); });
  }

  bool TraverseDecl(Decl *D) {
    return !D || isLibraryCode(*D, R) || RecursiveASTVisitor::TraverseDecl(D);
  }
  // (A visit that gives false ends the search.)
  // A member, a global or what some declaration takes is of interest to who mentions it.
  bool VisitFunctionDecl(FunctionDecl *F) {
    return !F->isThisDeclarationADefinition() ||
           llvm::all_of(F->parameters(),
                        [&](const ParmVarDecl *P) { return isPlain(P->getType()); });
  }
  bool VisitVarDecl(VarDecl *D) { return !D->isLocalVarDecl() || isPlain(D->getType()); }
  bool VisitDeclRefExpr(DeclRefExpr *E) { return isPlain(*E->getDecl()); }
  bool VisitMemberExpr(MemberExpr *E) { return isPlain(*E->getMemberDecl()); }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    return isPlain(E->getType()) && isPlain(*E->getConstructor());
  }

private:
  bool isPlain(QualType T) {
    // (The type of a function is not looked at: its parameters are visited, too.)
    return T->isFunctionType() || T->isDependentType() || R.factsOf(T).Kind == TypeKind::None;
  }
  bool isPlain(const ValueDecl &D) {
    auto [Known, New] = Plain.try_emplace(&D);
    if (New) {
      const auto *F = dyn_cast<FunctionDecl>(&D);
      Known->second = F ? !R.Table.rolesOf(*F).intersects(Beginnings) : isPlain(D.getType());
    }
    return Known->second;
  }

  Resolver &R;
  llvm::DenseMap<const ValueDecl *, bool> Plain;
};

} // namespace

Extraction extract(ASTContext &AST, const ApiTable &Table) {
  Extraction X;
  Resolver R(AST, Table, X.Symbols);
  if (!Seeker(R).findsAny())
    return X;
  std::vector<const FunctionDecl *> Found;
  Collector C(R, Found, X.Annotated);
  for (Decl *D : AST.getTraversalScope())
    C.TraverseDecl(D);
  for (const FunctionDecl *F : Found)
    R.noteOverrider(F);
  llvm::DenseSet<const FunctionDecl *> Seen;
  for (const FunctionDecl *F : Found)
    if (Seen.insert(F).second)
      if (auto Made = Body(F, R).extract())
        X.Functions.push_back(std::move(Made));
  X.Guarded = std::move(R.Guarded);
  if (llvm::any_of(X.Symbols, [](const Symbol &S) {
        return S.Type && (S.Type->Joining || S.Type->Stoppable) && S.Where != Symbol::Temporary;
      }))
    X.Successors = findRetypings(R);
  return X;
}

} // namespace tether
