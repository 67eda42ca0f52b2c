#include "flow/Resolve.h"
#include "flow/Shape.h"
#include "flow/Time.h"
#include "model/ApiTable.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ParentMapContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace tether {

constexpr unsigned MaxDepth = 8; // of aliases and accessors; deeper is unknown

const Expr *strip(const Expr *E) {
  while (E) {
    const Expr *Inner = E->IgnoreParenCasts();
    if (const auto *C = dyn_cast<ExprWithCleanups>(Inner))
      Inner = C->getSubExpr();
    else if (const auto *M = dyn_cast<MaterializeTemporaryExpr>(Inner))
      Inner = M->getSubExpr();
    else if (const auto *B = dyn_cast<CXXBindTemporaryExpr>(Inner))
      Inner = B->getSubExpr();
    else if (const auto *D = dyn_cast<CXXDefaultInitExpr>(Inner))
      Inner = D->getExpr();
    else if (const auto *D = dyn_cast<CXXDefaultArgExpr>(Inner))
      Inner = D->getExpr();
    else if (const auto *N = dyn_cast<CXXNewExpr>(Inner); N && N->getConstructExpr())
      Inner = N->getConstructExpr();
    else if (const auto *C = dyn_cast<ConstantExpr>(Inner))
      Inner = C->getSubExpr();
    else if (const auto *C = dyn_cast<CXXConstructExpr>(Inner);
             C && C->getNumArgs() >= 1 && !isa<CXXTemporaryObjectExpr>(C) &&
             C->getConstructor()->isCopyOrMoveConstructor())
      Inner = C->getArg(0);
    else if (const auto *L = dyn_cast<InitListExpr>(Inner);
             L && L->getNumInits() == 1 && L->getType() == L->getInit(0)->getType())
      Inner = L->getInit(0);
    if (Inner == E)
      return E;
    E = Inner;
  }
  return E;
}

const void *typeId(QualType T) {
  return T.getNonReferenceType().getCanonicalType().getUnqualifiedType().getAsOpaquePtr();
}

bool Resolver::isProjectCode(SourceLocation L) const {
  const SourceManager &SM = AST.getSourceManager();
  return L.isValid() && !SM.isInSystemHeader(SM.getExpansionLoc(L));
}

const FunctionDecl *Resolver::bodyOf(const FunctionDecl *F) const {
  const FunctionDecl *Definition = nullptr;
  if (!F || !F->hasBody(Definition) || Definition->isDependentContext() || !Definition->getBody() ||
      !isProjectCode(Definition->getLocation()))
    return nullptr;
  return Definition;
}

void Resolver::noteOverrider(const FunctionDecl *F) {
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (!Method || !Method->isVirtual())
    return;
  llvm::SmallVector<const CXXMethodDecl *, 4> Work{Method};
  while (!Work.empty())
    for (const CXXMethodDecl *Base : Work.pop_back_val()->overridden_methods()) {
      auto &Known = Overriders[Base->getCanonicalDecl()];
      if (!llvm::is_contained(Known, F))
        Known.push_back(F);
      Work.push_back(Base);
    }
}

llvm::SmallVector<const FunctionDecl *, 2> Resolver::bodiesOf(const FunctionDecl *F) const {
  constexpr size_t MaxBodies = 3; // an interface of many is a matter of its implementations
  llvm::SmallVector<const FunctionDecl *, 2> Bodies;
  if (const FunctionDecl *Own = bodyOf(F))
    Bodies.push_back(Own);
  const auto *Method = dyn_cast<CXXMethodDecl>(F);
  if (!Method || !Method->isVirtual() || isa<CXXDestructorDecl>(F))
    return Bodies;
  if (auto Known = Overriders.find(F->getCanonicalDecl()); Known != Overriders.end())
    Bodies.append(Known->second.begin(), Known->second.end());
  if (Bodies.size() > MaxBodies)
    Bodies.clear();
  return Bodies;
}

const FunctionDecl *Resolver::constructorFor(QualType Holder, ArrayRef<const Expr *> Args) const {
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(
      Holder.getNonReferenceType()->getAsCXXRecordDecl());
  if (!Spec || Spec->getTemplateArgs().size() == 0 ||
      Spec->getTemplateArgs()[0].getKind() != TemplateArgument::Type)
    return nullptr;
  const auto *Class = Spec->getTemplateArgs()[0].getAsType()->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition() || !isProjectCode(Class->getLocation()))
    return nullptr;
  const FunctionDecl *Only = nullptr, *Exact = nullptr;
  unsigned Fitting = 0;
  for (const CXXConstructorDecl *C : Class->ctors()) {
    if (C->isCopyOrMoveConstructor() || C->isDeleted() || Args.size() > C->getNumParams() ||
        Args.size() < C->getMinRequiredArguments())
      continue;
    ++Fitting;
    Only = C;
    bool Same = true;
    for (unsigned I = 0; I != Args.size(); ++I)
      Same &= typeId(C->getParamDecl(I)->getType()) == typeId(Args[I]->getType());
    if (Same)
      Exact = C;
  }
  return bodyOf(Fitting == 1 ? Only : Exact);
}

const CXXRecordDecl *Resolver::classNamed(StringRef Name) const {
  const DeclContext *Scope = AST.getTranslationUnitDecl();
  const CXXRecordDecl *Class = nullptr;
  SmallVector<StringRef> Parts;
  Name.split(Parts, "::");
  for (StringRef Part : Parts) {
    const DeclContext *Inner = nullptr;
    Class = nullptr;
    for (const NamedDecl *D : Scope->lookup(&AST.Idents.get(Part))) {
      Class = dyn_cast<CXXRecordDecl>(D);
      if (const auto *T = dyn_cast<ClassTemplateDecl>(D))
        Class = T->getTemplatedDecl();
      if (isa<NamespaceDecl>(D) || Class)
        Inner = Class ? Class : dyn_cast<DeclContext>(D)->getPrimaryContext();
    }
    if (!Inner)
      return nullptr;
    Scope = Inner;
  }
  return Class && Class->hasDefinition() ? Class->getDefinition() : nullptr;
}

bool Resolver::isMadeOfNothing(QualType T) const {
  if (T->isScalarType())
    return true;
  const auto *Class = T->isReferenceType() ? nullptr : T->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition() || Class->isAbstract())
    return false;
  return Class->isAggregate() || Class->needsImplicitDefaultConstructor() ||
         llvm::any_of(Class->ctors(), [](const CXXConstructorDecl *C) {
           return C->isDefaultConstructor() && !C->isDeleted() && !C->isExplicit() &&
                  C->getAccess() == AS_public;
         });
}

bool Resolver::isCopyable(QualType T) {
  T = T.getNonReferenceType();
  const auto *Class = T->getAsCXXRecordDecl();
  if (!Class)
    return T->isScalarType();
  if (!Class->hasDefinition() || Class->isAbstract())
    return false;
  if (Class->needsImplicitCopyConstructor())
    return !Class->defaultedCopyConstructorIsDeleted();
  return llvm::any_of(Class->ctors(), [](const CXXConstructorDecl *C) {
    return C->isCopyConstructor() && !C->isDeleted() && C->getAccess() == AS_public;
  });
}

Symbol &Resolver::fresh() {
  Symbols.emplace_back();
  Symbols.back().Id = Symbols.size();
  return Symbols.back();
}

TypeFacts Resolver::factsOf(QualType T, unsigned Depth) {
  TypeFacts Facts;
  if (T.isNull() || Depth > 4)
    return Facts;
  auto Cached = KnownTypes.find(T);
  if (Cached != KnownTypes.end())
    return Cached->second;
  QualType Whole = T;
  while (T->isReferenceType() || T->isPointerType()) {
    Facts.Indirect = true;
    T = T->getPointeeType();
    if (T->isFunctionType())
      Facts.Callable = true;
  }
  if (const ArrayType *A = AST.getAsArrayType(T)) {
    Facts.Container = true;
    T = A->getElementType();
  }
  const ApiType *Listed = Table.find(T);
  const auto *Record = T->getAsCXXRecordDecl();
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
  if (Record && Record->isLambda())
    Facts.Callable = true;
  if (Listed && Listed->Is == TypeKind::Callable) {
    Facts.Callable = true;
  } else if (Listed && Listed->Is != TypeKind::Pointer) {
    Facts.Kind = Listed->Is;
    Facts.Type = Listed;
  } else if (Spec && (Listed || !isProjectCode(Spec->getLocation()))) {
    // A container, pointer or optional is of its element's kind; one that mixes kinds is of none.
    // As written the arguments are typedefs: a handle of C is a number otherwise.
    const auto *Written = T->getAs<TemplateSpecializationType>();
    ArrayRef<TemplateArgument> Args = Spec->getTemplateArgs().asArray();
    for (unsigned I = 0; I != Args.size(); ++I) {
      const TemplateArgument &A = Written && I < Written->template_arguments().size()
                                      ? Written->template_arguments()[I]
                                      : Args[I];
      if (A.getKind() != TemplateArgument::Type)
        continue;
      TypeFacts Element = factsOf(A.getAsType(), Depth + 1);
      const auto *Class = A.getAsType()->getAsCXXRecordDecl();
      Facts.Deleter |=
          Element.Deleter || (I != 0 && Listed && Listed->Owner &&
                              (Element.Callable || (Class && isProjectCode(Class->getLocation()))));
      if (Element.Callable)
        Facts.Callable = true;
      if (Element.Kind == TypeKind::None)
        continue;
      if (Facts.Kind != TypeKind::None && Facts.Kind != Element.Kind) {
        Facts = TypeFacts();
        break;
      }
      Facts.Kind = Element.Kind;
      Facts.Type = Element.Type;
      Facts.Container = !Listed || Element.Container;
    }
    if (!Listed && Facts.Callable)
      Facts.Container = true;
  }
  KnownTypes[Whole] = Facts;
  return Facts;
}

bool Resolver::hasPart(QualType T, TypeKind K, unsigned Depth) {
  T = T.getNonReferenceType();
  if (factsOf(T).Kind == K)
    return true;
  const auto *Record = T->getAsCXXRecordDecl();
  if (!Record || Depth > 3)
    return false;
  if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    for (const TemplateArgument &A : Spec->getTemplateArgs().asArray())
      if (A.getKind() == TemplateArgument::Type ? hasPart(A.getAsType(), K, Depth + 1)
          : A.getKind() == TemplateArgument::Pack
              ? llvm::any_of(A.getPackAsArray(),
                             [&](const TemplateArgument &P) {
                               return P.getKind() == TemplateArgument::Type &&
                                      hasPart(P.getAsType(), K, Depth + 1);
                             })
              : false)
        return true;
  return Record->hasDefinition() && isProjectCode(Record->getLocation()) &&
         llvm::any_of(Record->fields(),
                      [&](const FieldDecl *F) { return hasPart(F->getType(), K, Depth + 1); });
}

bool Resolver::isPointer(QualType T) const {
  const ApiType *Listed = Table.find(T.getNonReferenceType());
  return T.getNonReferenceType()->isPointerType() || (Listed && Listed->Is == TypeKind::Pointer);
}

bool Resolver::classKnown(const CXXRecordDecl *R) {
  auto [It, New] = KnownClasses.try_emplace(R, true);
  if (!New)
    return It->second;
  bool Known = R->hasDefinition() && R->friend_begin() == R->friend_end();
  if (Known)
    for (const CXXMethodDecl *M : R->methods())
      // (A constructor that no template instantiation needs makes no object.)
      if (M->isUserProvided() && !M->isDeleted() && !M->isPureVirtual() && !M->hasBody() &&
          !(isa<CXXConstructorDecl>(M) && M->getTemplateInstantiationPattern()))
        Known = false;
  // A member function template that is never instantiated has no body to look at.
  if (Known)
    for (const Decl *D : R->decls())
      if (const auto *T = dyn_cast<FunctionTemplateDecl>(D); T && T->spec_begin() == T->spec_end())
        Known = false;
  KnownClasses[R] = Known;
  return Known;
}

static bool isFlag(QualType T) {
  T = T.getNonReferenceType();
  if (T->isBooleanType() || T->isEnumeralType())
    return true;
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(T->getAsCXXRecordDecl());
  if (!Spec ||
      Spec->getTemplateArgs().size() != 1) // an atomic, or an optional or the like around a flag
    return false;
  const TemplateArgument &A = Spec->getTemplateArgs()[0];
  return A.getKind() == TemplateArgument::Type &&
         (A.getAsType()->isBooleanType() || A.getAsType()->isEnumeralType());
}

/// A class of the project's own, a thing with a role, a plain value, or a reference to one; smart
/// pointers and containers are not.
bool Resolver::isFixed(QualType T) {
  if (const auto *P = T->getAs<PointerType>(); P && T.isConstQualified())
    T = P->getPointeeType();
  T = T.getNonReferenceType();
  if (T->isPointerType() || T->isArrayType())
    return false;
  const auto *Record = T->getAsCXXRecordDecl();
  if (!Record || isProjectCode(Record->getLocation()))
    return true;
  TypeFacts Facts = factsOf(T);
  return Facts.Kind != TypeKind::None && !Facts.Container && Table.find(T) &&
         Table.find(T)->Is == Facts.Kind;
}

bool Resolver::isCounted(QualType T) {
  const ApiType *Listed = Table.find(T);
  const auto *Record = T.getNonReferenceType()->getAsCXXRecordDecl();
  return Listed && Listed->Is == TypeKind::Pointer && Record && Record->hasDefinition() &&
         llvm::any_of(Record->ctors(), [](const CXXConstructorDecl *C) {
           return C->isCopyConstructor() && !C->isDeleted();
         });
}

bool Resolver::isDirect(QualType T) {
  if (T->isReferenceType() || T->isPointerType())
    return false;
  const ApiType *Listed = T->isRecordType() ? Table.find(T) : nullptr;
  return !Listed || Listed->Is != TypeKind::Pointer;
}

const Symbol *Resolver::symbolOf(const ValueDecl *D) {
  D = cast<ValueDecl>(D->getCanonicalDecl());
  if (const Symbol *Before = Known.lookup(D))
    return Before;
  Symbol *S = Known[D] = &fresh(); // (more are made below)
  S->Name = D->getNameAsString();
  S->At = D->getLocation();
  S->Whole = D->getSourceRange();
  S->FromMainFile =
      AST.getSourceManager().isInMainFile(AST.getSourceManager().getExpansionLoc(S->At));
  TypeFacts Facts = factsOf(D->getType());
  S->Kind = Facts.Kind;
  S->Type = Facts.Type;
  S->Indirect = Facts.Indirect;
  S->Container = Facts.Container;
  S->Callable = Facts.Callable;
  S->Deleter = Facts.Deleter;
  S->Holds = classHeld(D->getType(), S->HoldsMany);
  S->HasToken = carriesToken(D->getType());
  S->HasSource = !D->getType()->isDependentType() && hasPart(D->getType(), TypeKind::Source);
  S->Fixed = isFixed(D->getType());
  S->Counted = isCounted(D->getType());
  S->Direct = isDirect(D->getType());
  if (const auto *Class = D->getType().getNonReferenceType()->getAsCXXRecordDecl())
    S->OfProject = isProjectCode(Class->getLocation());
  S->EndsQuietly = Facts.Kind == TypeKind::None && !D->getType()->isDependentType() &&
                   D->getType().isDestructedType() == QualType::DK_none;
  S->TypeId = typeId(D->getType());
  S->Scalar = D->getType().getNonReferenceType()->isArithmeticType() ||
              D->getType().getNonReferenceType()->isEnumeralType();
  S->Flag = Facts.Kind == TypeKind::None && isFlag(D->getType());
  S->Arrow = isPointer(D->getType());
  S->Copyable = isCopyable(D->getType());
  if (Facts.Type)
    S->Capacity = Facts.Type->Capacity;
  if (const auto *F = dyn_cast<FieldDecl>(D)) {
    S->Where = Symbol::Field;
    S->Class = F->getParent()->getQualifiedNameAsString();
    // Nobody else can name the members of a class of this file alone, nor those of a C file's
    // struct.
    const auto *Class = dyn_cast<CXXRecordDecl>(F->getParent());
    S->Private = F->getAccess() == AS_private || F->getParent()->isInAnonymousNamespace() ||
                 (Class ? Class->isLocalClass() != nullptr : S->FromMainFile);
    S->Hidden = F->getAccess() == AS_private || F->getAccess() == AS_protected;
    S->Open = !S->Private && F->getAccess() != AS_protected;
    if (const auto *R = dyn_cast<CXXRecordDecl>(F->getParent())) {
      S->ClassKnown = classKnown(R);
      // A private class is for the code of the class around it.
      for (const CXXRecordDecl *Inner = R; isa<CXXRecordDecl>(Inner->getDeclContext());
           Inner = cast<CXXRecordDecl>(Inner->getDeclContext()))
        if (Inner->getAccess() == AS_private) {
          S->Private = true;
          S->Open = false;
          S->ClassKnown &= classKnown(cast<CXXRecordDecl>(Inner->getDeclContext()));
        }
      auto has = [&](DeclarationName N) { return !R->lookup(N).empty(); };
      S->OfTask = R->isAggregate() || R->isLambda() ||
                  has(AST.DeclarationNames.getCXXOperatorName(OO_Call)) ||
                  has(&AST.Idents.get("await_suspend"));
    }
    if (F->hasInClassInitializer() && F->getInClassInitializer())
      noteCapacity(Object(S), F->getInClassInitializer());
    S->Initialised = F->hasInClassInitializer();
    noteInitial(*S, F->getType(), F->getInClassInitializer());
  } else if (const auto *P = dyn_cast<ParmVarDecl>(D)) {
    S->Where = Symbol::Param;
    S->ParamIndex = P->getFunctionScopeIndex();
    S->Mentioned = P->isReferenced() || P->isUsed();
    S->Owner = cast<Decl>(P->getDeclContext())->getCanonicalDecl();
    S->MayEnd =
        P->getType()->isRValueReferenceType() ||
        (P->getType()->isReferenceType() && P->getType().getNonReferenceType().isConstQualified());
    S->TokenPath = tokenPath(P->getType());
  } else if (const auto *V = dyn_cast<VarDecl>(D)) {
    S->Where = V->hasGlobalStorage() ? Symbol::Global : Symbol::Local;
    S->Private =
        V->hasGlobalStorage() && (V->isStaticLocal() || V->getFormalLinkage() == Linkage::Internal);
    S->Open = V->hasGlobalStorage() && !S->Private;
    if (!V->hasGlobalStorage()) {
      S->Owner = cast<Decl>(V->getDeclContext())->getCanonicalDecl();
      S->TokenPath = tokenPath(V->getType());
    }
    noteInitial(*S, V->getType(), V->getInit());
  }
  return S;
}

/// A library's container or the like is empty, and its atomic 0, where nothing else is said.
void Resolver::noteInitial(Symbol &S, QualType T, const Expr *Init) {
  if (S.Kind != TypeKind::None || T->isReferenceType())
    return;
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  if (Init)
    S.Initial = initialNumber(Init, *this);
  else if (S.Where == Symbol::Global ? T->isScalarType() : false)
    S.Initial = 0;
  else if (Class && !isProjectCode(Class->getLocation()))
    S.Initial = 0;
}

std::string Resolver::classHeld(QualType T, bool &Many, unsigned Depth) {
  while (T->isReferenceType() || T->isPointerType())
    T = T->getPointeeType();
  if (const ArrayType *A = AST.getAsArrayType(T)) {
    Many = true;
    T = A->getElementType();
  }
  const auto *Record = T->getAsCXXRecordDecl();
  if (!Record || Depth > 3)
    return {};
  if (isProjectCode(Record->getLocation()))
    return Record->getQualifiedNameAsString();
  std::string Last;
  if (const auto *Spec = dyn_cast<ClassTemplateSpecializationDecl>(Record))
    for (const TemplateArgument &A : Spec->getTemplateArgs().asArray())
      if (A.getKind() == TemplateArgument::Type)
        if (std::string Held = classHeld(A.getAsType(), Many, Depth + 1); !Held.empty())
          Last = Held;
  const ApiType *Listed = Last.empty() ? nullptr : Table.find(T);
  Many |= !Last.empty() && !(Listed && Listed->Is == TypeKind::Pointer);
  return Last;
}

void Resolver::noteCapacity(const Object &O, const Expr *Init) {
  const ApiType *T = O ? O.leaf()->Type : nullptr;
  if (!T || !(T->CapacityArg || T->NeedsArg || T->BeginsArg) || O.kind() != TypeKind::Channel)
    return;
  Init = strip(Init);
  SmallVector<const Expr *, 4> Args;
  if (const auto *C = dyn_cast<CXXConstructExpr>(Init))
    Args.assign(C->arg_begin(), C->arg_end());
  else if (const auto *C =
               dyn_cast<CallExpr>(Init)) // make_shared and the like hand their arguments on
    Args.assign(C->arg_begin(), C->arg_end());
  else if (const auto *L = dyn_cast<InitListExpr>(Init))
    for (const Expr *Item : L->inits())
      Args.push_back(Item);
  auto *Sym = const_cast<Symbol *>(O.leaf()); // symbols are ours; nothing has read it yet
  Sym->Capacity = T->Capacity;
  auto constant = [&](unsigned Index, std::optional<int64_t> Default) -> std::optional<int64_t> {
    if (Index >= Args.size() || isa<CXXDefaultArgExpr>(Args[Index]))
      return Default;
    Expr::EvalResult V;
    if (!Args[Index]->isValueDependent() && Args[Index]->EvaluateAsInt(V, AST))
      return V.Val.getInt().tryExtValue();
    return std::nullopt;
  };
  if (T->CapacityArg)
    Sym->Capacity = constant(*T->CapacityArg, T->Capacity);
  if (T->BeginsArg)
    Sym->Begins = constant(*T->BeginsArg, std::nullopt);
  if (T->NeedsArg) {
    Sym->NeedsSeveral = true;
    Sym->Needs = constant(*T->NeedsArg, std::nullopt);
  }
}

Object Resolver::temporary(const Expr *E) {
  Symbol *&S = Known[E];
  if (!S) {
    S = &fresh();
    S->Where = Symbol::Temporary;
    S->At = E->getBeginLoc();
    TypeFacts Facts = factsOf(E->getType());
    S->Kind = Facts.Kind;
    S->Type = Facts.Type;
    S->Callable = Facts.Callable;
    S->Indirect = E->getType()->isPointerType();
    S->Counted = isCounted(E->getType());
    S->HasSource = hasPart(E->getType(), TypeKind::Source);
    S->HasToken = carriesToken(E->getType());
    S->TokenPath = tokenPath(E->getType());
    if (Facts.Type)
      S->Capacity = Facts.Type->Capacity;
  }
  return Object(S);
}

void Resolver::onHeap(const Expr *E) {
  temporary(E);
  Known[E]->Indirect = true;
}

Object Resolver::objectOf(const ValueDecl *D) {
  const auto *V = dyn_cast<VarDecl>(D);
  if (!V || isa<ParmVarDecl>(V) || V->hasGlobalStorage() || !V->getInit())
    return isa<FunctionDecl, EnumConstantDecl, NonTypeTemplateParmDecl>(D) ? Object()
                                                                           : Object(symbolOf(D));
  const Expr *Init = strip(V->getInit());
  // A reference, a pointer that is set once and a moved-in capture are names for what they were set
  // from; pointers that change later are taken to name the first one, which errs to "same object".
  bool IsName = V->getType()->isReferenceType() || V->getType()->isPointerType() ||
                (V->isInitCapture() && isa<DeclRefExpr, MemberExpr, UnaryOperator>(Init));
  if (const auto *C = dyn_cast<CallExpr>(Init))
    if (const Api *A = Table.find(*C))
      IsName |= A->Is == Role::GetFuture || (A->Is == Role::Same && V->isInitCapture());
  // The iterators of a range-based for.
  IsName |= V->isImplicit() && !V->isInitCapture();
  // A copy of a handle of C is as good as the handle.
  if (!IsName && V->getType()->isScalarType())
    if (const Expr *Plain =
            isa<DeclRefExpr, MemberExpr, UnaryOperator, CXXOperatorCallExpr, ArraySubscriptExpr>(
                Init)
                ? Init
                : nullptr)
      if (Object O = objectOf(Plain, 1); O && O.kind() == TypeKind::Thread)
        return O;
  if (IsName && !isa<CXXConstructExpr>(Init))
    if (Object O = objectOf(Init, 1)) {
      if (auto Made = Known.find(Init); Made != Known.end() && Object(Made->second) == O)
        Made->second->Owner = cast<Decl>(V->getDeclContext())->getCanonicalDecl();
      return O;
    }
  return Object(symbolOf(D));
}

const CXXBaseSpecifier *Resolver::listedBase(const CXXRecordDecl *Class,
                                             const CXXRecordDecl *&Heir) const {
  if (!Class || !Class->hasDefinition() || !isProjectCode(Class->getLocation()))
    return nullptr;
  for (const CXXBaseSpecifier &Base : Class->bases()) {
    const CXXRecordDecl *Record = Base.getType()->getAsCXXRecordDecl();
    Heir = Class;
    if (Record && !isProjectCode(Record->getLocation()) && Table.find(Base.getType()))
      return &Base;
    if (const CXXBaseSpecifier *Further = listedBase(Record, Heir))
      return Further;
  }
  return nullptr;
}

Object Resolver::inherited(const CXXBaseSpecifier &Base, const CXXRecordDecl *Class) {
  const CXXRecordDecl *Record = Base.getType()->getAsCXXRecordDecl();
  if (!Record || isProjectCode(Record->getLocation()) || !Table.find(Base.getType()))
    return thisObject();
  Symbol *&S = Known[&Base];
  if (!S) {
    S = &fresh();
    S->Where = Symbol::Field;
    S->Name = Class->getNameAsString();
    S->Class = Class->getQualifiedNameAsString();
    S->At = Class->getLocation();
    TypeFacts Facts = factsOf(Base.getType());
    S->Kind = Facts.Kind;
    S->Type = Facts.Type;
    S->TypeId = typeId(Base.getType());
    S->IsBase = S->Fixed = true;
    S->FromMainFile =
        AST.getSourceManager().isInMainFile(AST.getSourceManager().getExpansionLoc(S->At));
    // Whoever has the object can use what it inherits in public.
    S->Private = Base.getAccessSpecifier() != AS_public;
    S->ClassKnown = classKnown(Class);
  }
  return thisObject().field(S);
}

Object Resolver::receiver(const Expr *Base) {
  Object O = objectOf(Base);
  if (O != thisObject())
    return O;
  QualType T = strip(Base)->getType();
  const CXXRecordDecl *Heir = nullptr;
  if (const CXXBaseSpecifier *B =
          listedBase((T->isPointerType() ? T->getPointeeType() : T)->getAsCXXRecordDecl(), Heir))
    return inherited(*B, Heir);
  return O;
}

Object Resolver::objectOf(const Expr *E, unsigned Depth) {
  if (!E || Depth > MaxDepth)
    return {};
  E = strip(E);
  if (isa<CXXThisExpr>(E))
    return Object(This);
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *B = dyn_cast<BindingDecl>(Ref->getDecl())) {
      // A part of what was taken apart, or what a tuple hands out for it.
      Object Part =
          B->getHoldingVar() ? objectOf(B->getHoldingVar()) : objectOf(B->getBinding(), Depth + 1);
      return Part ? Part : Object(symbolOf(B));
    }
    return objectOf(Ref->getDecl());
  }
  if (const auto *M = dyn_cast<MemberExpr>(E)) {
    if (const auto *V = dyn_cast<VarDecl>(M->getMemberDecl()))
      return Object(symbolOf(V));
    const auto *F = dyn_cast<FieldDecl>(M->getMemberDecl());
    if (!F)
      return {};
    Object Base = objectOf(M->getBase(), Depth + 1);
    return Base ? Base.field(symbolOf(F)) : Object();
  }
  if (const auto *U = dyn_cast<UnaryOperator>(E))
    return U->getOpcode() == UO_AddrOf || U->getOpcode() == UO_Deref || U->isIncrementDecrementOp()
               ? objectOf(U->getSubExpr(), Depth + 1)
               : Object();
  if (const auto *A = dyn_cast<ArraySubscriptExpr>(E))
    return objectOf(A->getBase(), Depth + 1);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    const FunctionDecl *F = Call->getDirectCallee();
    if (!F)
      return {};
    const Expr *Base = nullptr;
    if (const auto *Op = dyn_cast<CXXOperatorCallExpr>(Call)) {
      switch (Op->getOperator()) {
      case OO_Arrow:
      case OO_Star:
      case OO_Subscript:
      case OO_PlusPlus:
        return objectOf(Op->getArg(0), Depth + 1);
      default:
        break;
      }
    }
    if (const auto *Member = dyn_cast<CXXMemberCallExpr>(Call))
      Base = Member->getImplicitObjectArgument();
    if (const Api *A = Table.find(*Call)) {
      // (What was made in a container is a part of it.)
      if (A->Is == Role::Same || A->Is == Role::GetFuture || (A->Is == Role::Construct && Base))
        return objectOf(Base ? Base : Call->getNumArgs() ? Call->getArg(0) : nullptr, Depth + 1);
      return temporary(E);
    }
    // An accessor: its body is one return of something that outlives the call.
    if (F->getReturnType()->isReferenceType() || F->getReturnType()->isPointerType())
      if (const Expr *Result = onlyResult(bodyOf(F))) {
        Object Inner = objectOf(Result, Depth + 1);
        if (Inner && Inner.root() == This && Base)
          if (Object Outer = objectOf(Base, Depth + 1))
            return Inner.rebased(Object(This), Outer);
        if (Inner && Inner.root()->Where == Symbol::Global)
          return Inner;
      }
    // What a container hands out is a part of it.
    if (Base && Call->isGLValue() && !bodyOf(F))
      if (Object Whole = objectOf(Base, Depth + 1); Whole && Whole.leaf()->Container)
        return Whole;
    return Call->isPRValue() ? temporary(E) : Object();
  }
  if (isa<CXXConstructExpr, InitListExpr>(E)) {
    auto Known = Targets.find(E);
    return Known != Targets.end() ? Known->second : temporary(E);
  }
  return {};
}

/// A pointer that is set once, to something that has a name.
static bool pointsToNamed(const ValueDecl *D) {
  const auto *V = dyn_cast<VarDecl>(D);
  const Expr *Init = V && V->getType()->isPointerType() && V->hasLocalStorage() &&
                             !isa<ParmVarDecl>(V) && V->getInit()
                         ? strip(V->getInit())
                         : nullptr;
  const auto *U = dyn_cast_or_null<UnaryOperator>(Init);
  return Init && ((U && U->getOpcode() == UO_AddrOf) || Init->getType()->isArrayType());
}

namespace {
/// The variables that a body names in a way that may change them.
class ChangedNames : public RecursiveASTVisitor<ChangedNames> {
public:
  explicit ChangedNames(llvm::DenseSet<const ValueDecl *> &Changed) : Changed(Changed) {}
  bool VisitImplicitCastExpr(ImplicitCastExpr *C) {
    // A value, or a reference to something that is constant.
    const auto *D = dyn_cast<DeclRefExpr>(C->getSubExpr()->IgnoreParens());
    if (D && (C->getCastKind() == CK_LValueToRValue ||
              (C->getCastKind() == CK_NoOp && C->getType().isConstQualified())))
      Read.insert(D);
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *D) {
    if (!Read.contains(D) && !D->getType().isConstQualified())
      Changed.insert(D->getDecl());
    return true;
  }

private:
  llvm::DenseSet<const ValueDecl *> &Changed;
  llvm::DenseSet<const DeclRefExpr *> Read;
};
} // namespace

const llvm::DenseSet<const ValueDecl *> &Resolver::changedIn(const LambdaExpr *L) {
  auto [It, New] = KnownChanges.try_emplace(L);
  if (New)
    ChangedNames(It->second).TraverseStmt(L->getBody());
  return It->second;
}

void Resolver::captures(const LambdaExpr *L, Value &V) {
  for (const LambdaCapture &C : L->captures()) {
    Capture Mine;
    Mine.At = C.getLocation();
    if (C.capturesThis()) {
      Mine.What = Object(This);
      Mine.ByReference = C.getCaptureKind() == LCK_This;
    } else if (C.capturesVariable()) {
      const auto *Var = C.getCapturedVar();
      Mine.What = objectOf(Var);
      Mine.ByReference = C.getCaptureKind() == LCK_ByRef || pointsToNamed(Var);
      Mine.Brackets = L->getIntroducerRange();
      Mine.OnlyRead = Mine.ByReference && !changedIn(L).contains(Var);
      if (const auto *Captured = dyn_cast<VarDecl>(Var)) {
        if (const auto *Given = Captured->isInitCapture() && Captured->getInit()
                                    ? dyn_cast<CallExpr>(strip(Captured->getInit()))
                                    : nullptr)
          Mine.Moved = Given->isXValue();
        if (factsOf(Captured->getType()).Kind == TypeKind::Token) {
          Mine.TokenOf = Captured->getInit() && !isa<ParmVarDecl>(Captured)
                             ? tokenOrigin(Captured->getInit())
                             : Object();
          if (!Mine.TokenOf)
            Mine.TokenOf = Mine.What;
        }
      }
    } else {
      continue;
    }
    V.Captures.push_back(std::move(Mine));
  }
}

std::vector<Object> Resolver::mutexesIn(ArrayRef<const Expr *> Args) {
  std::vector<Object> Result;
  for (const Expr *A : Args) {
    TypeKind Kind = factsOf(A->getType()).Kind;
    bool Many = false; // one of several is a mutex, too
    // A mutex of the program's own has whatever locks it by its interface.
    if (Kind == TypeKind::Mutex ||
        (Kind == TypeKind::None && !classHeld(A->getType(), Many).empty()))
      if (Object O = objectOf(A))
        Result.push_back(O);
  }
  return Result;
}

Value Resolver::valueOf(const Expr *E) {
  Value V;
  const Expr *Whole = E;
  E = strip(E);
  if (!E)
    return V;
  // Through std::move, std::ref and the like to the thing itself.
  while (const auto *Call = dyn_cast<CallExpr>(E)) {
    const Api *A = Table.find(*Call);
    if (!A || A->Is != Role::Same || isa<CXXMemberCallExpr>(Call) || Call->getNumArgs() == 0)
      break;
    V.Moved = Call->isXValue();
    if (A->Callable) // a bound call takes its arguments along
      for (const Expr *Bound : llvm::drop_begin(Call->arguments()))
        if (Value Copy = valueOf(Bound); Copy.What)
          V.Captures.push_back({Copy.What, tokenOrigin(Bound),
                                Copy.ByReference || isa<CXXThisExpr>(strip(Bound)),
                                Bound->getBeginLoc(), Copy.Moved});
    V.ByReference |= Call->isPRValue(); // a wrapper around a reference
    E = strip(Call->getArg(0));
  }
  if (const auto *C = dyn_cast<CXXConstructExpr>(E); C && C->getNumArgs() == 1)
    if (factsOf(C->getType()).Callable)
      E = strip(C->getArg(0)); // a lambda on its way into a function object
  V.IsTemporary = E->isPRValue() && isa<CXXConstructExpr, CallExpr, LambdaExpr, InitListExpr>(E);
  if (const auto *Call = dyn_cast<CallExpr>(E); Call && V.IsTemporary) {
    const FunctionDecl *Makes = Call->getDirectCallee();
    const Api *A = Table.find(*Call);
    V.IsFresh = Makes && !isa<CXXMethodDecl>(Makes) && !isProjectCode(Makes->getLocation()) &&
                Makes->isTemplateInstantiation() && (!A || A->Is == Role::Construct);
  } else {
    V.IsFresh = V.IsTemporary;
  }
  V.What = objectOf(E);
  V.Part = V.What && V.What.leaf()->Container && typeId(E->getType()) != V.What.leaf()->TypeId;
  if (const auto *U = dyn_cast<UnaryOperator>(E))
    V.ByReference |= U->getOpcode() == UO_AddrOf;
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
    V.ByReference |= pointsToNamed(Ref->getDecl());
  if (!V.What && isa<LambdaExpr>(E)) // whoever is given it may refer to it
    V.What = temporary(E);
  V.IsPart = V.What && !V.ByReference && V.What.leaf()->TypeId &&
             V.What.leaf()->TypeId != typeId(E->getType());
  V.IsToken = factsOf(Whole->getType()).Kind == TypeKind::Token;
  V.HasToken = carriesToken(Whole->getType());
  V.Time = timeOf(Whole, AST);
  if (Whole->getType()->isIntegralOrEnumerationType())
    V.Number = std::make_shared<Formula>(formulaOf(Whole, *this));
  if (V.IsToken) {
    V.TokenOf = tokenOrigin(E);
    V.NeverStops = neverStops(E);
  }
  // Follow a name to the lambda it was initialised with.
  for (unsigned Depth = 0; Depth != MaxDepth; ++Depth) {
    const auto *Ref = dyn_cast<DeclRefExpr>(E);
    const auto *Var = Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
    if (!Var || isa<ParmVarDecl>(Var) || !Var->getInit() || !factsOf(Var->getType()).Callable)
      break;
    const Expr *Init = strip(Var->getInit());
    if (const auto *C = dyn_cast<CXXConstructExpr>(Init); C && C->getNumArgs() == 1)
      Init = strip(C->getArg(0));
    E = Init;
  }
  if (const auto *L = dyn_cast<LambdaExpr>(E)) {
    V.Body = L->getCallOperator()->getCanonicalDecl();
    if (L->isGenericLambda()) // analysed in its instantiation, where there is just one
      if (const auto *T = L->getDependentCallOperator())
        for (const FunctionDecl *Spec : T->specializations())
          V.Body = Spec->getCanonicalDecl();
    captures(L, V);
  } else {
    if (const auto *U = dyn_cast<UnaryOperator>(E); U && U->getOpcode() == UO_AddrOf)
      E = strip(U->getSubExpr());
    if (const auto *Ref = dyn_cast<DeclRefExpr>(E))
      if (const auto *F = dyn_cast<FunctionDecl>(Ref->getDecl())) {
        auto Bodies = bodiesOf(F);
        V.Body = (Bodies.size() == 1 ? Bodies.front() : F)->getCanonicalDecl();
      }
  }
  return V;
}

} // namespace tether
