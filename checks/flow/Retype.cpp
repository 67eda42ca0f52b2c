#include "flow/Retype.h"
#include "flow/Resolve.h"
#include "model/ApiTable.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;

namespace tether {
namespace {

/// The type that \p T names, the successor of which is looked for.
const Idiom *successor(const ApiType *T) {
  return !T ? nullptr : T->Joining ? &T->Joining : T->Stoppable ? &T->Stoppable : nullptr;
}

/// The places in a type, as written, that name the listed one itself.
class Names : public RecursiveASTVisitor<Names> {
public:
  Names(const Resolver &R, const ApiType *Wanted) : R(R), Wanted(Wanted) {}

  bool VisitTypeLoc(TypeLoc T) {
    if (T.getAs<AutoTypeLoc>())
      Deduced = true;
    if (T.getAs<SubstTemplateTypeParmTypeLoc>())
      OfTemplate = true;
    const auto *Class = T.getType()->getAsCXXRecordDecl();
    if (T.getAs<QualifiedTypeLoc>() || T.getAs<AutoTypeLoc>() || !Class ||
        R.isProjectCode(Class->getLocation()) || R.Table.find(T.getType()) != Wanted)
      return true;
    const SourceRange At = T.getSourceRange();
    // The name with its scopes first, then its parts.
    if (At.isValid() && llvm::none_of(Where, [&](const SourceRange &Outer) {
          return Outer.getBegin() <= At.getBegin() && At.getEnd() <= Outer.getEnd();
        }))
      Where.push_back(At);
    return true;
  }

  std::vector<SourceRange> Where;
  bool Deduced = false, OfTemplate = false;

private:
  const Resolver &R;
  const ApiType *Wanted;
};

class Finder : public RecursiveASTVisitor<Finder> {
  using Base = RecursiveASTVisitor<Finder>;

public:
  explicit Finder(Resolver &R) : R(R) {}

  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitLambdaBody() const { return true; }

  bool TraverseDecl(Decl *D) {
    if (D && D->getDeclContext() && isa<TranslationUnitDecl>(D->getDeclContext()) &&
        D->getLocation().isValid() && !R.isProjectCode(D->getLocation()))
      return true;
    return Base::TraverseDecl(D);
  }
  // With its own parameter list, this also keeps the visitor from working off children in a queue:
  // the parents of a node are those on the stack.
  bool TraverseStmt(Stmt *S) {
    if (!S)
      return true;
    Parents.push_back(S);
    const bool Go = Base::TraverseStmt(S);
    Parents.pop_back();
    return Go;
  }

  bool VisitDeclaratorDecl(DeclaratorDecl *D) {
    if (isa<VarDecl, FieldDecl>(D))
      if (int G = group(D); G >= 0)
        if (const auto *V = dyn_cast<VarDecl>(D); V && V->getInit() && !isa<ParmVarDecl>(V))
          takes(G, V->getInit());
    if (const auto *F = dyn_cast<FieldDecl>(D); F && F->getInClassInitializer())
      if (int G = group(F); G >= 0)
        takes(G, F->getInClassInitializer());
    return true;
  }
  bool VisitCXXConstructorDecl(CXXConstructorDecl *C) {
    for (const CXXCtorInitializer *I : C->inits())
      if (const FieldDecl *F = I->getAnyMember())
        if (int G = group(F); G >= 0)
          takes(G, I->getInit());
    return true;
  }
  bool VisitCXXForRangeStmt(CXXForRangeStmt *L) {
    int Of = groupOf(L->getRangeInit()), Each = group(L->getLoopVariable());
    if (Of >= 0 && Each >= 0)
      join(Of, Each);
    return true;
  }
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *C) {
    if (C->getOperator() == OO_Equal && C->getNumArgs() == 2)
      if (int G = groupOf(C->getArg(0)); G >= 0)
        takes(G, C->getArg(1));
    return true;
  }
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *C) {
    // What a container is given is made of its arguments, or is one of its elements.
    const CXXMethodDecl *M = C->getMethodDecl();
    int G = M && !R.isProjectCode(M->getLocation()) ? groupOf(C->getImplicitObjectArgument()) : -1;
    if (G < 0)
      return true;
    bool First = true;
    for (const Expr *A : C->arguments()) {
      if (concerns(A->getType()))
        takes(G, A);
      else if (First && isOpenBody(A))
        refuse(G, OpenBody);
      First = false;
    }
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *D) { return use(D, D->getDecl()); }
  bool VisitMemberExpr(MemberExpr *M) { return use(M, M->getMemberDecl()); }

  Retypings result() {
    Retypings Result;
    for (const auto &[D, Index] : Index) {
      const Symbol *S = R.known(D);
      if (!S)
        continue;
      const Group &G = Groups[root(Index)];
      Retyping Out;
      Out.To = successor(G.Type);
      Out.Declared = R.classNamed(Out.To->Text) != nullptr;
      Out.Where = G.Where;
      llvm::sort(Out.Where, [](const SourceRange &A, const SourceRange &B) {
        return A.getBegin() < B.getBegin();
      });
      Out.Where.erase(std::unique(Out.Where.begin(), Out.Where.end()), Out.Where.end());
      Out.Refused = G.Refused;
      if (Out.Where.empty() && Out.Refused.empty())
        Out.Refused = "its type is not written where it could be changed";
      Result[S] = std::move(Out);
    }
    return Result;
  }

private:
  static constexpr const char OpenBody[] =
      "its task takes any arguments, and would be given a token too";

  struct Group {
    const ApiType *Type = nullptr;
    std::vector<SourceRange> Where;
    std::string Refused;
    int Parent = -1; ///< of which it is a part
  };

  const ApiType *concerns(QualType T) {
    const ApiType *Type = R.factsOf(T).Type;
    return successor(Type) ? Type : nullptr;
  }
  int root(int G) const {
    while (Groups[G].Parent >= 0)
      G = Groups[G].Parent;
    return G;
  }
  void refuse(int G, std::string Why) {
    Group &Root = Groups[root(G)];
    if (Root.Refused.empty())
      Root.Refused = std::move(Why);
  }
  void join(int A, int B) {
    A = root(A), B = root(B);
    if (A == B)
      return;
    if (Groups[A].Type != Groups[B].Type)
      return refuse(A, "it is used with another type");
    llvm::append_range(Groups[A].Where, Groups[B].Where);
    if (!Groups[B].Refused.empty())
      refuse(A, Groups[B].Refused);
    Groups[B].Parent = A;
  }

  /// The group of a variable, made if its type has a successor; or -1.
  int group(const ValueDecl *D) {
    const auto *Written = dyn_cast<DeclaratorDecl>(D);
    // Templates are looked at in their instantiations.
    if (!Written || !R.isProjectCode(D->getLocation()) || D->getDeclContext()->isDependentContext())
      return -1;
    D = cast<ValueDecl>(D->getCanonicalDecl());
    if (auto It = Index.find(D); It != Index.end()) {
      // Each declaration of a variable spells its type.
      if (Spelled.insert(Written).second)
        spell(It->second, Written);
      return It->second;
    }
    const ApiType *Type = concerns(D->getType());
    if (!Type)
      return -1;
    const int G = static_cast<int>(Groups.size());
    Groups.emplace_back();
    Groups[G].Type = Type;
    Index[D] = G;
    Spelled.insert(Written);
    spell(G, Written);
    if (const auto *P = dyn_cast<ParmVarDecl>(D))
      parameter(G, P);
    return G;
  }

  void spell(int G, const DeclaratorDecl *D) {
    if (D->isImplicit() || !D->getTypeSourceInfo())
      return;
    Names N(R, Groups[root(G)].Type);
    N.TraverseTypeLoc(D->getTypeSourceInfo()->getTypeLoc());
    if (N.OfTemplate)
      refuse(G, "its type is a parameter of a template");
    else if (N.Where.empty() && !N.Deduced)
      refuse(G, "its type has a name of its own");
    llvm::append_range(Groups[root(G)].Where, N.Where);
    for (const SourceRange &At : N.Where) { // several in one declaration
      auto [It, New] = ByPlace.try_emplace(At.getBegin(), G);
      if (!New)
        join(It->second, G);
    }
  }

  /// A parameter has another type for every caller: all have to be in sight.
  void parameter(int G, const ParmVarDecl *P) {
    const auto *F = dyn_cast<FunctionDecl>(P->getDeclContext());
    const auto *M = dyn_cast_or_null<CXXMethodDecl>(F);
    const bool IsLambda = M && M->getParent()->isLambda();
    if (!F || F->isTemplateInstantiation() || (M && M->isVirtual()) ||
        !(IsLambda || F->getFormalLinkage() != Linkage::External ||
          (M && M->getAccess() == AS_private)))
      return refuse(G, "it is handed to code that others call");
    for (const FunctionDecl *Other : F->redecls())
      if (const ParmVarDecl *Same = Other->getParamDecl(P->getFunctionScopeIndex());
          Spelled.insert(Same).second)
        spell(G, Same);
  }

  /// The variable that an expression is, or is an element of; or -1.
  int groupOf(const Expr *E) {
    for (unsigned Depth = 0; E && Depth != 8; ++Depth) { // of elements and pointers
      E = strip(E);
      if (const auto *D = dyn_cast<DeclRefExpr>(E))
        return group(D->getDecl());
      if (const auto *M = dyn_cast<MemberExpr>(E))
        return group(M->getMemberDecl());
      if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
        E = A->getBase();
      else if (const auto *U = dyn_cast<UnaryOperator>(E))
        E = U->getOpcode() == UO_Deref ? U->getSubExpr() : nullptr;
      else if (const auto *O = dyn_cast<CXXOperatorCallExpr>(E))
        E = concerns(O->getType()) || O->getOperator() == OO_Arrow ? O->getArg(0) : nullptr;
      else if (const auto *C = dyn_cast<CXXMemberCallExpr>(E))
        E = concerns(C->getType()) ? C->getImplicitObjectArgument() : nullptr;
      else if (const auto *C = dyn_cast<CallExpr>(E))
        E = isMove(C) ? C->getArg(0) : nullptr;
      else
        return -1;
    }
    return -1;
  }

  bool isMove(const CallExpr *C) const {
    const Api *A = R.Table.find(*C);
    return A && A->Is == Role::Same && C->getNumArgs() == 1 && C->isXValue();
  }

  /// A variable of \p G gets the value of \p E.
  void takes(int G, const Expr *E) {
    const Expr *Value = strip(E);
    if (int From = groupOf(E); From >= 0)
      return join(G, From);
    if (const auto *Choice = dyn_cast<ConditionalOperator>(Value)) {
      takes(G, Choice->getTrueExpr());
      return takes(G, Choice->getFalseExpr());
    }
    if (const auto *L = dyn_cast<InitListExpr>(Value)) {
      for (const Expr *Item : L->inits())
        if (concerns(Item->getType()))
          takes(G, Item);
      return;
    }
    if (isa<CXXNullPtrLiteralExpr, ImplicitValueInitExpr>(Value))
      return;
    Names N(R, Groups[root(G)].Type);
    if (const auto *C = dyn_cast<CXXConstructExpr>(Value)) {
      if (C->getNumArgs() && isOpenBody(C->getArg(0)))
        refuse(G, OpenBody);
      if (TypeSourceInfo *Written = writtenType(E))
        N.TraverseTypeLoc(Written->getTypeLoc());
      else
        for (const Expr *A : C->arguments()) // a container of what it is given
          if (concerns(A->getType()))
            takes(G, A);
    } else if (const auto *C = dyn_cast<CallExpr>(Value)) {
      const auto *Named = dyn_cast<DeclRefExpr>(C->getCallee()->IgnoreParenImpCasts());
      if (Named && C->getDirectCallee() && !R.isProjectCode(C->getDirectCallee()->getLocation()))
        for (const TemplateArgumentLoc &A : Named->template_arguments())
          if (A.getArgument().getKind() == TemplateArgument::Type)
            N.TraverseTypeLoc(A.getTypeSourceInfo()->getTypeLoc());
      if (N.Where.empty())
        refuse(G, "it gets its value from a function");
      if (C->getNumArgs() && isOpenBody(C->getArg(0)))
        refuse(G, OpenBody);
    } else {
      refuse(G, "it gets its value in a way that is not understood");
    }
    if (N.OfTemplate)
      refuse(G, "its type is a parameter of a template");
    llvm::append_range(Groups[root(G)].Where, N.Where);
  }

  /// The type as it is written where an object is made.
  static TypeSourceInfo *writtenType(const Expr *E) {
    while (E) {
      if (const auto *T = dyn_cast<CXXTemporaryObjectExpr>(E))
        return T->getTypeSourceInfo();
      if (const auto *F = dyn_cast<CXXFunctionalCastExpr>(E))
        return F->getTypeInfoAsWritten();
      if (const auto *N = dyn_cast<CXXNewExpr>(E))
        return N->getAllocatedTypeSourceInfo();
      if (const auto *C = dyn_cast<CXXConstructExpr>(E);
          C && C->getNumArgs() == 1 && C->getConstructor()->isCopyOrMoveConstructor())
        E = C->getArg(0);
      else if (const auto *C = dyn_cast<CastExpr>(E))
        E = C->getSubExpr();
      else if (const Expr *Inner = E->IgnoreImplicit(); Inner != E)
        E = Inner;
      else if (const Expr *Inner = E->IgnoreParens(); Inner != E)
        E = Inner;
      else
        return nullptr;
    }
    return nullptr;
  }

  /// Takes whatever it is given: a thread that gives its body a token would give it one, too.
  bool isOpenBody(const Expr *E) {
    E = strip(E);
    if (const auto *L = dyn_cast<LambdaExpr>(E))
      return L->isGenericLambda() || L->getCallOperator()->isVariadic();
    const auto *Class = E->getType()->getAsCXXRecordDecl();
    if (!Class || !Class->hasDefinition() || !R.isProjectCode(Class->getLocation()))
      return false;
    auto Calls = Class->lookup(R.AST.DeclarationNames.getCXXOperatorName(OO_Call));
    return llvm::any_of(Calls, [](const NamedDecl *D) { return isa<FunctionTemplateDecl>(D); });
  }

  bool use(Expr *E, const ValueDecl *D) {
    if (!isa<VarDecl, FieldDecl>(D))
      return true;
    if (int G = group(D); G >= 0)
      check(G, E);
    return true;
  }

  /// What is done with a variable: goes up from the name of it.
  void check(int G, const Expr *E) {
    const Expr *Now = E;
    for (auto It = Parents.rbegin(); It != Parents.rend(); ++It) {
      const Stmt *Up = *It;
      if (Up == Now)
        continue;
      if (const auto *L = dyn_cast<InitListExpr>(Up); L && !concerns(L->getType()))
        return refuse(G, "it becomes a part of another object");
      if (isa<ParenExpr, ExprWithCleanups, MaterializeTemporaryExpr, CXXBindTemporaryExpr,
              ArraySubscriptExpr, ImplicitCastExpr, InitListExpr>(Up)) {
        Now = cast<Expr>(Up);
        continue;
      }
      if (const auto *U = dyn_cast<UnaryOperator>(Up); U && U->getOpcode() == UO_Deref) {
        Now = U;
        continue;
      }
      if (const auto *C = dyn_cast<CXXConstructExpr>(Up)) {
        if (concerns(C->getType()) && C->getNumArgs() == 1) {
          Now = C;
          continue;
        }
        return arguments(G, Now, C->getConstructor(), C->getArgs(), C->getNumArgs());
      }
      if (const auto *M = dyn_cast<MemberExpr>(Up)) {
        if (isa<CXXMethodDecl>(M->getMemberDecl()) && !allows(G, M->getMemberDecl()))
          refuse(G, "'" + M->getMemberDecl()->getNameAsString() + "' is called on it");
        if (!isa<CXXMethodDecl>(M->getMemberDecl()))
          return refuse(G, "it is used in a way that is not understood");
        Now = M;
        continue;
      }
      if (const auto *C = dyn_cast<CallExpr>(Up)) {
        const auto *Op = dyn_cast<CXXOperatorCallExpr>(C);
        if (isMove(C) ||
            (C->getCallee()->IgnoreParens() == Now && concerns(C->getType())) || // front()
            (Op && Op->getArg(0) == Now && Op->getOperator() != OO_Equal &&
             concerns(C->getType()))) {
          Now = C;
          continue;
        }
        if (C->getCallee()->IgnoreParens() == Now || (Op && Op->getOperator() == OO_Equal))
          return; // a method, or an assignment that is looked at as such
        if (const auto *M = dyn_cast<CXXMemberCallExpr>(C);
            M && groupOf(M->getImplicitObjectArgument()) >= 0)
          return; // goes into another of them
        return arguments(G, Now, C->getDirectCallee(), C->getArgs(), C->getNumArgs());
      }
      // An initialiser, a capture, the range of a loop, or a value that nobody looks at.
      if (isa<LambdaExpr>(Up) || (!isa<Expr>(Up) && !isa<ReturnStmt, CoreturnStmt>(Up)))
        return;
      return refuse(G, isa<Expr>(Up) ? "it is used in a way that is not understood"
                                     : "it is returned");
    }
  }

  /// Handed on: the parameter must have the same type.
  void arguments(int G, const Expr *E, const FunctionDecl *F, const Expr *const *Args, unsigned N) {
    for (unsigned I = 0; F && I != N && I < F->getNumParams(); ++I)
      if (Args[I] == E) {
        if (F->getParamDecl(I)->getType()->isDependentType() || !R.isProjectCode(F->getLocation()))
          break;
        if (int P = group(F->getParamDecl(I)); P >= 0)
          return join(G, P);
      }
    refuse(G, "it is handed to a function that needs this type");
  }

  /// The successor has a method of that name as well.
  bool allows(int G, const ValueDecl *Method) {
    const auto *M = cast<CXXMethodDecl>(Method);
    const Idiom *To = successor(Groups[root(G)].Type);
    if (R.Table.find(M->getFunctionObjectParameterType()) != Groups[root(G)].Type)
      return true; // of a container or pointer
    const CXXRecordDecl *Class = R.classNamed(To->Text);
    return !Class || !Class->lookup(M->getDeclName()).empty();
  }

  Resolver &R;
  std::vector<const Stmt *> Parents;
  std::vector<Group> Groups;
  std::map<const ValueDecl *, int> Index;
  std::map<SourceLocation, int> ByPlace;
  llvm::DenseSet<const DeclaratorDecl *> Spelled;
};

} // namespace

Retypings findRetypings(Resolver &R) {
  Finder F(R);
  for (Decl *D : R.AST.getTraversalScope())
    F.TraverseDecl(D);
  return F.result();
}

} // namespace tether
