// Where tokens come from, and what has one in it.
#include "flow/Resolve.h"
#include "model/ApiTable.h"
#include "clang/AST/DeclTemplate.h"

using namespace clang;

namespace tether {

constexpr unsigned MaxAliases = 8; // deeper is unknown
constexpr unsigned MaxNested = 2;  // structs in structs; deeper, a token is no parameter any more

const Expr *onlyResult(const FunctionDecl *Body) {
  const auto *Block = Body ? dyn_cast<CompoundStmt>(Body->getBody()) : nullptr;
  const auto *Return =
      Block && Block->size() == 1 ? dyn_cast<ReturnStmt>(Block->body_front()) : nullptr;
  return Return ? Return->getRetValue() : nullptr;
}

Object Resolver::tokenOrigin(const Expr *E, unsigned Depth) {
  if (!E || Depth > MaxAliases)
    return {};
  E = strip(E);
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    const Api *A = Table.find(*Call);
    const auto *Member = dyn_cast<CXXMemberCallExpr>(Call);
    const Expr *Base = Member               ? Member->getImplicitObjectArgument()
                       : Call->getNumArgs() ? Call->getArg(0)
                                            : nullptr;
    if (A && A->Is == Role::MakeToken)
      return objectOf(Base, Depth + 1);
    if (A && A->Is == Role::Same)
      return tokenOrigin(Base, Depth + 1);
    // An accessor: a part of its object.
    const Expr *Result = A || !Member ? nullptr : onlyResult(bodyOf(Call->getDirectCallee()));
    Object Inner = Result ? tokenOrigin(Result, Depth + 1) : Object();
    Object Outer = Inner && Inner.root() == This ? objectOf(Base, Depth + 1) : Object();
    return Outer ? Inner.rebased(Object(This), Outer) : Object();
  }
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *V = dyn_cast<VarDecl>(Ref->getDecl());
    if (V && !isa<ParmVarDecl>(V) && V->getInit())
      if (Object From = tokenOrigin(V->getInit(), Depth + 1))
        return From;
    return objectOf(E);
  }
  return isa<MemberExpr>(E) ? objectOf(E) : Object();
}

bool Resolver::neverStops(const Expr *E) {
  E = strip(E);
  if (E->getType()->isPointerType())
    return E->isNullPointerConstant(AST, Expr::NPC_ValueDependentIsNotNull) != Expr::NPCK_NotNull;
  if (const auto *L = dyn_cast<InitListExpr>(E))
    return L->getNumInits() == 0;
  const Api *A = nullptr;
  if (const auto *Call = dyn_cast<CallExpr>(E))
    return (A = Table.find(*Call)) && A->Is == Role::NeverToken;
  const auto *C = dyn_cast<CXXConstructExpr>(E);
  if (C)
    A = Table.find(*C->getConstructor(), C->getNumArgs());
  return C && C->getNumArgs() == 0 && (A ? A->Is == Role::NeverToken : true);
}

bool Resolver::carriesToken(QualType T) {
  while (T->isReferenceType() || T->isPointerType())
    T = T->getPointeeType();
  if (T->isDependentType() || T->isScalarType() || T->isVoidType())
    return false;
  auto [It, New] = KnownCarriers.try_emplace(typeId(T), false);
  if (!New) // of a type that has itself as a part, the rest decides
    return It->second;
  const bool Carries = factsOf(T).Kind != TypeKind::Token && hasPart(T, TypeKind::Token);
  return KnownCarriers[typeId(T)] = Carries;
}

void Resolver::findTokens(QualType T, std::vector<const Symbol *> &Way,
                          std::vector<std::vector<const Symbol *>> &Found) {
  while (T->isReferenceType() || T->isPointerType())
    T = T->getPointeeType();
  const auto *Record = T->getAsCXXRecordDecl();
  const ApiType *Listed = Table.find(T);
  const auto *Spec = dyn_cast_or_null<ClassTemplateSpecializationDecl>(Record);
  // A pointer stands for what it points to.
  if (Spec && Listed && Listed->Is == TypeKind::Pointer && Spec->getTemplateArgs().size() > 0 &&
      Spec->getTemplateArgs()[0].getKind() == TemplateArgument::Type)
    return findTokens(Spec->getTemplateArgs()[0].getAsType(), Way, Found);
  if (!Record || !Record->hasDefinition() || Record->isLambda() ||
      !isProjectCode(Record->getLocation()))
    return;
  for (const CXXBaseSpecifier &Base : Record->bases())
    if (Base.getAccessSpecifier() == AS_public && !Base.getType()->isDependentType())
      findTokens(Base.getType(), Way, Found);
  for (const FieldDecl *F : Record->fields()) {
    if (F->getAccess() != AS_public || F->getType()->isDependentType())
      continue;
    TypeFacts Facts = factsOf(F->getType());
    const bool IsToken = Facts.Kind == TypeKind::Token && !Facts.Container;
    if (!IsToken && (Way.size() >= MaxNested || !carriesToken(F->getType())))
      continue;
    Way.push_back(symbolOf(F));
    if (IsToken)
      Found.push_back(Way);
    else
      findTokens(F->getType(), Way, Found);
    Way.pop_back();
  }
}

std::vector<const Symbol *> Resolver::tokenPath(QualType T) {
  std::vector<const Symbol *> Way;
  std::vector<std::vector<const Symbol *>> Found;
  if (!T.isNull() && carriesToken(T))
    findTokens(T, Way, Found);
  // Which one of several is meant for what is not known.
  return Found.size() == 1 ? Found.front() : Way;
}

} // namespace tether
