#include "model/ApiTable.h"
#include "Embedded.h"
#include "model/ReadTable.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <array>
#include <mutex>

using namespace tether;
using namespace clang;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

static StringRef lastPart(StringRef Qualified) {
  size_t Colons = Qualified.rfind("::");
  return Colons == StringRef::npos ? Qualified : Qualified.substr(Colons + 2);
}

static bool isSpecific(const Api &A) { return A.Arity || !A.Params.empty(); }

void ApiTable::add(std::vector<Api> NewCalls, std::vector<ApiType> NewTypes) {
  auto Prepend = [](Index &To, const Index &From) {
    for (const auto &[Name, Entries] : From) {
      std::vector<Spelling> &All = To[Name];
      All.insert(All.begin(), Entries.begin(), Entries.end());
    }
  };

  Index New;
  for (bool Specific : {true, false}) {
    unsigned Entry = Calls.size();
    for (const Api &A : NewCalls) {
      if (isSpecific(A) == Specific) {
        New[lastPart(A.Call)].push_back({A.Call, Entry});
        for (const std::string &Name : A.Also)
          New[lastPart(Name)].push_back({Name, Entry});
      }
      ++Entry;
    }
  }
  Prepend(CallIndex, New);

  New.clear();
  unsigned Entry = Types.size();
  for (const ApiType &T : NewTypes) {
    New[lastPart(T.Type)].push_back({T.Type, Entry});
    for (const std::string &Name : T.Also)
      New[lastPart(Name)].push_back({Name, Entry});
    ++Entry;
  }
  Prepend(TypeIndex, New);

  for (const Api &A : NewCalls)
    Classes.insert(StringRef(A.Call).drop_back(lastPart(A.Call).size()).rtrim(':'));
  for (const ApiType &T : NewTypes)
    Classes.insert(T.Type);

  llvm::move(NewCalls, std::back_inserter(Calls));
  llvm::move(NewTypes, std::back_inserter(Types));
}

llvm::Expected<ApiTable> ApiTable::parse(const ApiTable &Base, llvm::MemoryBufferRef Text) {
  llvm::Expected<TableEntries> New = readTable(Text, Base);
  if (!New)
    return New.takeError();
  ApiTable Result = Base;
  Result.add(std::move(New->Calls), std::move(New->Types));
  return Result;
}

const ApiTable &ApiTable::builtin() {
  static const ApiTable Table = [] {
    ApiTable T;
    for (const EmbeddedFile &File : llvm::ArrayRef(EmbeddedTables, NumEmbeddedTables)) {
      llvm::Expected<TableEntries> New = readTable(llvm::MemoryBufferRef(File.Text, File.Name), T);
      if (!New)
        llvm::report_fatal_error(New.takeError());
      T.add(std::move(New->Calls), std::move(New->Types));
    }
    return T;
  }();
  return Table;
}

const Api *ApiTable::named(StringRef Call) const {
  auto It = CallIndex.find(lastPart(Call));
  if (It == CallIndex.end())
    return nullptr;
  for (const Spelling &S : It->second)
    if (S.Qualified == Call)
      return &Calls[S.Entry];
  return nullptr;
}

StringRef ApiTable::method(const ApiType &Type, Role Is, StringRef Wakes) const {
  for (const Api &A : Calls) {
    if (A.Is != Is || A.Timeout || !A.Blocks || (!Wakes.empty() && A.Wakes != Wakes))
      continue;
    StringRef Method = A.Call;
    if (Method.consume_front(Type.Type) && Method.consume_front("::"))
      return Method;
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// True when the scopes around \p D are those of \p Qualified. Its last part is known to fit.
/// Inline and unnamed namespaces may be left out.
static bool scopesFit(const NamedDecl &D, StringRef Qualified) {
  StringRef Rest = Qualified.drop_back(lastPart(Qualified).size());
  for (const DeclContext *Scope = D.getDeclContext(); Scope; Scope = Scope->getParent()) {
    if (Scope->isTranslationUnit())
      return Rest.empty();
    if (Scope->isTransparentContext() || isa<LinkageSpecDecl>(Scope))
      continue;
    const auto *Named = dyn_cast<NamedDecl>(Scope);
    const auto *Space = dyn_cast<NamespaceDecl>(Scope);
    if (!Space && !isa<TagDecl>(Scope))
      return false; // local to a function
    StringRef Name = Named->getIdentifier() ? Named->getName() : StringRef();
    StringRef Inner = Rest;
    if (Inner.consume_back("::") && !Name.empty() && lastPart(Inner) == Name)
      Rest = Inner.drop_back(Name.size());
    else if (!Space || !(Space->isInline() || Space->isAnonymousNamespace()))
      return false;
  }
  return false;
}

/// The last part of a function's name as tables spell it; empty when tables cannot name it.
static StringRef lastPart(const FunctionDecl &F, llvm::SmallVectorImpl<char> &Storage) {
  DeclarationName Name = F.getDeclName();
  if (const IdentifierInfo *Identifier = Name.getAsIdentifierInfo())
    return Identifier->getName();
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(&F)) {
    const IdentifierInfo *Class = Constructor->getParent()->getIdentifier();
    return Class ? Class->getName() : StringRef();
  }
  if (Name.getNameKind() == DeclarationName::CXXOperatorName)
    return (llvm::Twine("operator") + getOperatorSpelling(Name.getCXXOverloadedOperator()))
        .toStringRef(Storage);
  return {};
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

/// The entry that stands for an attribute in the source.
static const Api *attributeEntry(Role R, bool Blocks = true) {
  constexpr unsigned NumRoles = static_cast<unsigned>(LastApiRole) + 1;
  static const auto Entries = [] {
    std::array<std::array<Api, NumRoles>, 2> All;
    for (unsigned Blocking : {0u, 1u})
      for (unsigned I = 0; I != NumRoles; ++I) {
        Api &A = All[Blocking][I];
        A.Is = static_cast<Role>(I);
        A.Blocks = Blocking;
        A.Where = "attribute";
      }
    return All;
  }();
  return &Entries[Blocks][static_cast<unsigned>(R)];
}

std::optional<Role> tether::annotatedRole(const FunctionDecl &F) {
  if (!F.hasAttrs())
    return std::nullopt;
  for (const auto *A : F.specific_attrs<AnnotateAttr>()) {
    StringRef Word = A->getAnnotation();
    if (!Word.consume_front("tether::"))
      continue;
    if (Word == "blocking")
      return Role::Wait;
    if (std::optional<Role> R = parseRole(Word); R && *R <= LastApiRole)
      return R;
  }
  return std::nullopt;
}

/// Clang's thread-safety attributes, where they speak of the object itself.
static const Api *threadSafetyEntry(const FunctionDecl &F) {
  if (!F.hasAttrs() || !isa<CXXMethodDecl>(F))
    return nullptr;
  for (const auto *A : F.specific_attrs<AcquireCapabilityAttr>())
    if (A->args_size() == 0)
      return attributeEntry(Role::Lock);
  for (const auto *A : F.specific_attrs<TryAcquireCapabilityAttr>())
    if (A->args_size() == 0)
      return attributeEntry(Role::Lock, /*Blocks=*/false);
  for (const auto *A : F.specific_attrs<ReleaseCapabilityAttr>())
    if (A->args_size() == 0)
      return attributeEntry(Role::Unlock);
  return nullptr;
}

static bool hasEffect(const FunctionDecl &F, FunctionEffect::Kind Kind) {
  for (const FunctionEffectWithCondition &E : F.getFunctionEffects())
    if (E.Effect.kind() == Kind && !E.Cond.getCondition())
      return true;
  return false;
}

/// A function that promises not to block is the try-form of what \p A says.
static const Api *asEffectsSay(const Api *A, const FunctionDecl &F) {
  return A->Blocks && hasEffect(F, FunctionEffect::Kind::NonBlocking)
             ? attributeEntry(A->Is, /*Blocks=*/false)
             : A;
}

static const ApiType *threadSafetyEntry(const NamedDecl &D) {
  auto Entry = [](TypeKind Is, std::vector<Role> OnDestroy) {
    ApiType T;
    T.Is = Is;
    T.OnDestroy = std::move(OnDestroy);
    T.Where = "attribute";
    return T;
  };
  static const ApiType Mutex = Entry(TypeKind::Mutex, {});
  static const ApiType Guard = Entry(TypeKind::Guard, {Role::Unlock});
  if (!D.hasAttrs())
    return nullptr;
  if (D.hasAttr<CapabilityAttr>())
    return &Mutex;
  return D.hasAttr<ScopedLockableAttr>() ? &Guard : nullptr;
}

//===----------------------------------------------------------------------===//
// Lookup
//===----------------------------------------------------------------------===//

static bool parameterFits(QualType T, StringRef Text) {
  return StringRef(T.getAsString()).contains(Text) ||
         StringRef(T.getCanonicalType().getAsString()).contains(Text);
}

static bool fits(const Api &A, const FunctionDecl &F, unsigned NumArgs) {
  if (A.ExternC && !F.isExternC())
    return false;
  if (A.Arity && *A.Arity != NumArgs)
    return false;
  if (A.Callable && *A.Callable >= NumArgs)
    return false;
  for (auto [I, Text] : llvm::enumerate(A.Params)) {
    if (Text.empty() || Text == "_")
      continue;
    if (I >= F.getNumParams() || !parameterFits(F.getParamDecl(I)->getType(), Text))
      return false;
  }
  const auto *Constructor = dyn_cast<CXXConstructorDecl>(&F);
  return !Constructor || !A.Params.empty() || !Constructor->isCopyOrMoveConstructor();
}

const Api *ApiTable::findListed(const FunctionDecl &F, unsigned NumArgs) const {
  llvm::SmallString<32> Storage;
  auto Known = CallIndex.find(lastPart(F, Storage));
  if (Known == CallIndex.end())
    return nullptr;
  for (const Spelling &S : Known->second)
    if (scopesFit(F, S.Qualified) && fits(Calls[S.Entry], F, NumArgs))
      return &Calls[S.Entry];
  return nullptr;
}

const Api *ApiTable::find(const FunctionDecl &F, unsigned NumArgs) const {
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(&F))
    if (InheritedConstructor Inherited = Constructor->getInheritedConstructor())
      return find(*Inherited.getConstructor(), NumArgs);
  if (std::optional<Role> R = annotatedRole(F))
    return attributeEntry(*R);
  if (const Api *A = findListed(F, NumArgs))
    return asEffectsSay(A, F);
  if (const Api *A = threadSafetyEntry(F))
    return A;
  // What a body does says more.
  if (hasEffect(F, FunctionEffect::Kind::Blocking) && !F.hasBody())
    return attributeEntry(Role::Wait);
  if (const auto *Method = dyn_cast<CXXMethodDecl>(&F))
    for (const CXXMethodDecl *Overridden : Method->overridden_methods())
      if (const Api *A = find(*Overridden, NumArgs))
        return asEffectsSay(A, F);
  return nullptr;
}

const Api *ApiTable::find(const CallExpr &Call) const {
  const FunctionDecl *F = Call.getDirectCallee();
  if (!F)
    return nullptr;
  unsigned Object = isa<CXXOperatorCallExpr>(Call) && isa<CXXMethodDecl>(F);
  unsigned Written = llvm::count_if(Call.arguments(),
                                    [](const Expr *Arg) { return !isa<CXXDefaultArgExpr>(Arg); });
  return find(*F, Written - Object);
}

RoleSet ApiTable::rolesOf(const FunctionDecl &F) const {
  if (const auto *Constructor = dyn_cast<CXXConstructorDecl>(&F))
    if (InheritedConstructor Inherited = Constructor->getInheritedConstructor())
      return rolesOf(*Inherited.getConstructor());
  RoleSet Roles;
  if (std::optional<Role> R = annotatedRole(F))
    Roles = Roles | *R;
  if (const Api *A = threadSafetyEntry(F))
    Roles = Roles | A->Is;
  if (hasEffect(F, FunctionEffect::Kind::Blocking))
    Roles = Roles | Role::Wait;
  llvm::SmallString<32> Storage;
  if (auto Known = CallIndex.find(lastPart(F, Storage)); Known != CallIndex.end())
    for (const Spelling &S : Known->second)
      if (scopesFit(F, S.Qualified) && (!Calls[S.Entry].ExternC || F.isExternC()))
        Roles = Roles | Calls[S.Entry].Is;
  if (const auto *Method = dyn_cast<CXXMethodDecl>(&F))
    for (const CXXMethodDecl *Overridden : Method->overridden_methods())
      Roles = Roles | rolesOf(*Overridden);
  return Roles;
}

const ApiType *ApiTable::findListed(const NamedDecl &D) const {
  if (!D.getIdentifier())
    return nullptr;
  auto Known = TypeIndex.find(D.getName());
  if (Known == TypeIndex.end())
    return nullptr;
  for (const Spelling &S : Known->second)
    if (scopesFit(D, S.Qualified))
      return &Types[S.Entry];
  return nullptr;
}

const ApiType *ApiTable::find(QualType T) const {
  while (!T.isNull()) {
    const Type *Layer = T.getTypePtr();
    if (const auto *Tag = dyn_cast<TagType>(Layer)) {
      const TagDecl *D = Tag->getDecl();
      if (const ApiType *Listed = findListed(*D))
        return Listed;
      if (const ApiType *Attribute = threadSafetyEntry(*D))
        return Attribute;
      const auto *Class = dyn_cast<CXXRecordDecl>(D);
      if (!Class || !(Class = Class->getDefinition()))
        return nullptr;
      for (const CXXBaseSpecifier &Base : Class->bases())
        if (Base.getAccessSpecifier() == AS_public)
          if (const ApiType *Listed = find(Base.getType()))
            return Listed;
      return nullptr;
    }
    if (isa<PointerType, ReferenceType>(Layer)) {
      T = Layer->getPointeeType();
      continue;
    }
    const NamedDecl *Named = nullptr;
    if (const auto *Typedef = dyn_cast<TypedefType>(Layer))
      Named = Typedef->getDecl();
    else if (const auto *Specialization = dyn_cast<TemplateSpecializationType>(Layer))
      Named = Specialization->getTemplateName().getAsTemplateDecl();
    if (Named)
      if (const ApiType *Listed = findListed(*Named))
        return Listed;
    QualType Next = Layer->getLocallyUnqualifiedSingleStepDesugaredType();
    if (Next.getTypePtr() == Layer)
      return nullptr;
    T = Next;
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// The tables of a user
//===----------------------------------------------------------------------===//

std::string tether::findUserTable(StringRef Directory) {
  llvm::SmallString<256> Path(Directory);
  if (llvm::sys::fs::make_absolute(Path))
    return {};
  llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  for (StringRef In = Path; !In.empty(); In = llvm::sys::path::parent_path(In)) {
    llvm::SmallString<256> Candidate(In);
    llvm::sys::path::append(Candidate, ".tether.yaml");
    if (llvm::sys::fs::is_regular_file(Candidate))
      return std::string(Candidate);
  }
  return {};
}

llvm::Expected<std::shared_ptr<const ApiTable>>
tether::tableFor(StringRef SourceFile, llvm::ArrayRef<std::string> ExtraFiles) {
  std::vector<std::string> Files;
  if (std::string Nearest = findUserTable(llvm::sys::path::parent_path(SourceFile));
      !Nearest.empty())
    Files.push_back(std::move(Nearest));
  llvm::append_range(Files, ExtraFiles);
  if (Files.empty())
    return std::shared_ptr<const ApiTable>(std::shared_ptr<void>(), &ApiTable::builtin());

  // Contents decide, not time stamps: a table is small, and clangd lives long.
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> Texts;
  std::string Names;
  uint64_t Contents = 0;
  for (const std::string &File : Files) {
    auto Text = llvm::MemoryBuffer::getFile(File, /*IsText=*/true,
                                            /*RequiresNullTerminator=*/true, /*IsVolatile=*/true);
    if (!Text)
      return llvm::createStringError(Text.getError(), "%s: cannot open: %s", File.c_str(),
                                     Text.getError().message().c_str());
    StringRef Buffer = (*Text)->getBuffer();
    Contents = llvm::hash_combine(Contents, Buffer.size(), llvm::xxh3_64bits(Buffer));
    Names += File + '\n';
    Texts.push_back(std::move(*Text));
  }

  struct Loaded {
    uint64_t Contents = 0;
    std::shared_ptr<const ApiTable> Table; ///< null after a mistake
    std::string Mistakes;
  };
  static std::mutex Mutex;
  static llvm::StringMap<Loaded> Cache;
  std::lock_guard<std::mutex> Lock(Mutex);
  Loaded &L = Cache[Names];
  if (L.Contents != Contents || (!L.Table && L.Mistakes.empty())) {
    L = {Contents, nullptr, {}};
    auto Table = std::make_shared<ApiTable>(ApiTable::builtin());
    for (const auto &Text : Texts) {
      llvm::Expected<ApiTable> Next = ApiTable::parse(*Table, *Text);
      if (Next) {
        *Table = std::move(*Next);
        continue;
      }
      if (!L.Mistakes.empty())
        L.Mistakes += '\n';
      L.Mistakes += llvm::toString(Next.takeError());
    }
    if (L.Mistakes.empty())
      L.Table = std::move(Table);
  }
  if (!L.Table)
    return llvm::createStringError(llvm::inconvertibleErrorCode(), "%s", L.Mistakes.c_str());
  return L.Table;
}
