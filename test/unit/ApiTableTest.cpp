// The reader and the lookup of API tables, and each line of the built-in tables against the real
// headers: test/model/<library>.cpp (or .c) calls what apis/<library>.yaml lists, and a line that
// no call and no type in that file reaches is a failure.
//
// Built with TETHER_SOURCE_DIR (the root of the project) and TETHER_LLVM_BIN_DIR (where clang is
// installed, for its own headers) defined.
#include "model/ApiTable.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Frontend/ASTUnit.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <set>

using namespace tether;
using namespace clang;
using llvm::StringRef;

namespace {

std::string sourcePath(const llvm::Twine &Path) {
  return (llvm::Twine(TETHER_SOURCE_DIR) + "/" + Path).str();
}

std::string readFile(const std::string &Path) {
  auto Text = llvm::MemoryBuffer::getFile(Path);
  return Text ? (*Text)->getBuffer().str() : std::string();
}

/// Keeps the errors of the main file. Those of headers are none of ours: some releases of Boost do
/// not compile with new Clang, and declare all that we look for nevertheless.
class MainFileErrors : public DiagnosticConsumer {
public:
  void HandleDiagnostic(DiagnosticsEngine::Level Level, const Diagnostic &Info) override {
    if (Level < DiagnosticsEngine::Error)
      return;
    if (Info.hasSourceManager() && !Info.getSourceManager().isInMainFile(
                                       Info.getSourceManager().getExpansionLoc(Info.getLocation())))
      return;
    llvm::SmallString<128> Message;
    Info.FormatDiagnostic(Message);
    if (Info.hasSourceManager())
      Text +=
          std::to_string(Info.getSourceManager().getExpansionLineNumber(Info.getLocation())) + ": ";
    Text += Message.str().str() + "\n";
  }
  std::string Text;
};

/// Null, and a failure, when \p Code has errors.
std::unique_ptr<ASTUnit> parse(StringRef Code, std::vector<std::string> Flags = {"-std=c++20"},
                               StringRef Name = "input.cpp") {
  Flags.insert(Flags.end(), {"-w", "-ferror-limit=0"});
  MainFileErrors Errors;
  std::unique_ptr<ASTUnit> Unit = tooling::buildASTFromCodeWithArgs(
      Code, Flags, Name, TETHER_LLVM_BIN_DIR "/clang-tool",
      std::make_shared<PCHContainerOperations>(), tooling::getClangStripDependencyFileAdjuster(),
      tooling::FileContentMappings(), &Errors);
  EXPECT_EQ(Errors.Text, "") << "in " << Name.str();
  return Errors.Text.empty() ? std::move(Unit) : nullptr;
}

/// What the calls and types of a translation unit resolve to.
class Uses : public RecursiveASTVisitor<Uses> {
public:
  explicit Uses(const ApiTable &Table) : Table(Table) {}
  bool shouldVisitImplicitCode() const { return true; }
  bool shouldVisitTemplateInstantiations() const { return true; }

  void collect(ASTUnit &Unit) {
    for (Decl *D : llvm::make_range(Unit.top_level_begin(), Unit.top_level_end()))
      TraverseDecl(D);
  }

  bool VisitCallExpr(CallExpr *E) {
    unsigned Implicit =
        isa<CXXOperatorCallExpr>(E) && isa_and_nonnull<CXXMethodDecl>(E->getDirectCallee());
    if (const FunctionDecl *F = E->getDirectCallee())
      addCall(*F, written(E->arguments()) - Implicit);
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *E) {
    addCall(*E->getConstructor(), written(E->arguments()));
    return true;
  }
  bool VisitExpr(Expr *E) {
    addType(E->getType());
    return true;
  }
  bool VisitValueDecl(ValueDecl *D) {
    addType(D->getType());
    return true;
  }

  std::vector<const Api *> Calls; ///< in the order of the source, null for what is not listed
  std::set<const void *> Entries;

private:
  template <typename Range> static unsigned written(Range Arguments) {
    return llvm::count_if(Arguments, [](const Expr *A) { return !isa<CXXDefaultArgExpr>(A); });
  }
  void addCall(const FunctionDecl &F, unsigned NumArgs) {
    Calls.push_back(Table.find(F, NumArgs));
    Entries.insert(Calls.back());
    if (Calls.back())
      EXPECT_TRUE(Table.rolesOf(F).contains(Calls.back()->Is)) << Calls.back()->Where;
  }
  void addType(QualType T) { Entries.insert(Table.find(T)); }

  const ApiTable &Table;
};

ApiTable tableOf(StringRef Text, StringRef Name = "t.yaml") {
  llvm::Expected<ApiTable> T = ApiTable::parse({}, {Text, Name});
  if (!T)
    ADD_FAILURE() << llvm::toString(T.takeError());
  return T ? std::move(*T) : ApiTable();
}

/// The message of a table that has mistakes.
std::string mistakesOf(StringRef Text) {
  llvm::Expected<ApiTable> T = ApiTable::parse({}, {Text, "t.yaml"});
  return T ? "none" : llvm::toString(T.takeError());
}

/// The lines that the calls in \p Code resolve to, "-" for calls that are not listed.
std::string linesOf(const ApiTable &Table, StringRef Code,
                    std::vector<std::string> Flags = {"-std=c++20"}) {
  std::unique_ptr<ASTUnit> Unit = parse(Code, Flags);
  if (!Unit)
    return "does not compile";
  Uses U(Table);
  U.collect(*Unit);
  std::vector<std::string> Lines;
  for (const Api *A : U.Calls)
    Lines.push_back(A ? StringRef(A->Where).rsplit(':').second.str() : "-");
  return llvm::join(Lines, " ");
}

//===----------------------------------------------------------------------===//
// Built-in tables against real headers
//===----------------------------------------------------------------------===//

struct Sample {
  std::string File; ///< below test/model
  /// What comes before the first dot: a library may have several samples.
  std::string library() const { return StringRef(File).split('.').first.str(); }
  std::string name() const {
    std::string Name = llvm::sys::path::stem(File).str();
    std::replace(Name.begin(), Name.end(), '.', '_');
    return Name;
  }
};

void PrintTo(const Sample &S, std::ostream *To) { *To << S.File; }

/// The words after "// <Key>:" in the comment that \p Code starts with.
std::vector<std::string> directive(StringRef Code, const std::string &Key) {
  std::vector<std::string> Words;
  while (Code.starts_with("//")) {
    auto [Line, Rest] = Code.split('\n');
    llvm::SmallVector<StringRef> Parts;
    if (Line.consume_front("// " + Key + ":"))
      Line.split(Parts, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
    for (StringRef Part : Parts)
      Words.push_back(Part.str());
    Code = Rest;
  }
  return Words;
}

std::vector<Sample> samples() {
  std::vector<Sample> All;
  std::error_code Failed;
  for (llvm::sys::fs::directory_iterator It(sourcePath("test/model"), Failed), End;
       It != End && !Failed; It.increment(Failed))
    if (StringRef(It->path()).ends_with(".cpp") || StringRef(It->path()).ends_with(".c"))
      All.push_back({llvm::sys::path::filename(It->path()).str()});
  llvm::sort(All, [](const Sample &A, const Sample &B) { return A.File < B.File; });
  return All;
}

class BuiltinTable : public testing::TestWithParam<Sample> {};

TEST_P(BuiltinTable, MeetsItsLibrary) {
  std::string Path = sourcePath("test/model/" + GetParam().File);
  std::string Code = readFile(Path);
  for (const std::string &Header : directive(Code, "needs"))
    if (!llvm::sys::fs::exists(Header))
      GTEST_SKIP() << Header << " is not installed";

  std::unique_ptr<ASTUnit> Unit = parse(Code, directive(Code, "flags"), Path);
  ASSERT_TRUE(Unit);
  const ApiTable &Table = ApiTable::builtin();
  Uses U(Table);
  U.collect(*Unit);

  std::string Prefix = GetParam().library() + ".yaml:";
  unsigned Lines = 0;
  std::string Unused;
  auto Look = [&](const auto &Entry, const std::string &Name) {
    if (!StringRef(Entry.Where).starts_with(Prefix))
      return;
    ++Lines;
    if (!U.Entries.count(&Entry))
      Unused += Entry.Where + ": " + Name + "\n";
  };
  for (const ApiType &T : Table.types())
    Look(T, T.Type);
  for (const Api &A : Table.calls())
    Look(A, A.Call);
  EXPECT_GT(Lines, 0u) << "no table apis/" << Prefix;
  EXPECT_EQ(Unused, "") << "nothing in " << Path << " resolves to these lines";
}

INSTANTIATE_TEST_SUITE_P(, BuiltinTable, testing::ValuesIn(samples()),
                         [](const auto &Info) { return Info.param.name(); });

/// The libraries that Debian does not package: their tables are checked by eye only.
constexpr StringRef NotPackaged[] = {"async_simple", "boost_cobalt", "brpc",    "bthread",
                                     "concurrencpp", "cppcoro",      "folly",   "hpx",
                                     "libcoro",      "libunifex",    "ppl",     "seastar",
                                     "stdexec",      "taskflow",     "userver", "win32"};

TEST(BuiltinTables, HaveSamples) {
  std::set<std::string> Sampled, Without;
  for (const Sample &S : samples())
    Sampled.insert(S.library());
  auto Look = [&](StringRef Where) {
    std::string Library = Where.split('.').first.str();
    if (!Sampled.count(Library))
      Without.insert(Library);
  };
  for (const ApiType &T : ApiTable::builtin().types())
    Look(T.Where);
  for (const Api &A : ApiTable::builtin().calls())
    Look(A.Where);
  EXPECT_EQ(Without, std::set<std::string>(std::begin(NotPackaged), std::end(NotPackaged)));
}

//===----------------------------------------------------------------------===//
// Lookup
//===----------------------------------------------------------------------===//

TEST(ApiTable, LikeCopiesATypeAndItsCalls) {
  ApiTable First =
      tableOf("types:\n"
              "- {type: lib::Queue, also: [lib::detail::Queue], is: channel, capacity-arg: 0}\n"
              "calls:\n"
              "- {call: lib::Queue::Queue, arity: 2, is: neutral}\n"
              "- {call: lib::Queue::take, also: [lib::detail::Base::take], is: receive}\n"
              "- {call: lib::Queue::take, arity: 1, is: receive, timeout: 0}\n"
              "- {call: lib::put, also: [lib::detail::Queue::put], is: send}\n"
              "- {call: lib::Queue::close, is: close}\n");
  auto Second = ApiTable::parse(First, {"types:\n"
                                        "- {type: my::Mailbox, like: lib::Queue}\n"
                                        "- {type: my::Box, also: [my::Case], like: my::Mailbox}\n"
                                        "calls:\n"
                                        "- {call: my::Mailbox::close, is: neutral}\n"
                                        "- {call: my::Mailbox::get, like: lib::Queue::take}\n",
                                        "u.yaml"});
  ASSERT_TRUE(bool(Second)) << llvm::toString(Second.takeError());
  std::string Calls;
  for (const Api &A : Second->calls().drop_front(First.calls().size()))
    Calls += A.Call + (A.Arity ? "/" + std::to_string(*A.Arity) : "") + "=" + spelling(A.Is).str() +
             "@" + StringRef(A.Where).rsplit(':').second.str() + " ";
  EXPECT_EQ(Calls, "my::Mailbox::close=neutral@5 my::Mailbox::Mailbox/2=neutral@2 "
                   "my::Mailbox::take=receive@2 my::Mailbox::take/1=receive@2 "
                   "my::Mailbox::put=send@2 my::Box::close=neutral@3 my::Box::Box/2=neutral@3 "
                   "my::Box::take=receive@3 my::Box::take/1=receive@3 my::Box::put=send@3 "
                   "my::Mailbox::get=receive@6 my::Mailbox::get/1=receive@6 ");
  ASSERT_EQ(Second->types().size(), 3u);
  EXPECT_EQ(Second->types()[2].Is, TypeKind::Channel);
  EXPECT_EQ(Second->types()[2].CapacityArg, 0u);
  EXPECT_EQ(linesOf(*Second, "namespace my { struct Case { void put(); }; }\n"
                             "void x(my::Case c) { c.put(); }"),
            "3");
}

TEST(ApiTable, LikeFindsBuiltinTypes) {
  auto T = ApiTable::parse(ApiTable::builtin(),
                           {"types: [{type: my::Thread, like: std::jthread}]", "u.yaml"});
  ASSERT_TRUE(bool(T));
  EXPECT_EQ(linesOf(*T, "namespace my { struct Thread { Thread(void (*)()); void join();\n"
                        "void request_stop(); }; }\n"
                        "void f(); void x() { my::Thread t(f); t.join(); t.request_stop(); }"),
            "1 1 1");
}

TEST(ApiTable, LaterTableWins) {
  ApiTable First = tableOf("calls:\n- {call: f, is: wait}\n- {call: g, is: wait}\n");
  auto Second = ApiTable::parse(First, {"calls:\n\n\n- {call: f, is: neutral}\n", "u.yaml"});
  ASSERT_TRUE(bool(Second));
  EXPECT_EQ(linesOf(*Second, "void f(); void g(); void x() { f(); g(); }"), "4 3");
  EXPECT_EQ(Second->calls().size(), 3u);
}

TEST(ApiTable, LaterTableMayOverruleSomeOverloadsOnly) {
  ApiTable First = tableOf("calls:\n- {call: f, is: wait}\n");
  auto Second =
      ApiTable::parse(First, {"calls:\n\n\n- {call: f, arity: 1, is: sleep}\n", "u.yaml"});
  ASSERT_TRUE(bool(Second));
  EXPECT_EQ(linesOf(*Second, "void f(int = 0); void x() { f(); f(1); }"), "2 4");
}

TEST(ApiTable, ArityAndParamsChooseTheOverload) {
  ApiTable T = tableOf("calls:\n"
                       "- {call: f, is: neutral}\n"
                       "- {call: f, arity: 2, is: wait}\n"
                       "- {call: f, params: [_, 'long'], is: sleep}\n");
  EXPECT_EQ(linesOf(T, "void f(); void f(int, int); void f(int, long, int);\n"
                       "void x() { f(); f(1, 2); f(1, 2, 3); }"),
            "2 3 4");
}

TEST(ApiTable, ParamsSeeTypedefsAsWrittenAndAsMeant) {
  ApiTable T = tableOf("calls:\n"
                       "- {call: f, params: [millis], is: sleep}\n"
                       "- {call: g, params: ['long'], is: sleep}\n");
  EXPECT_EQ(linesOf(T, "using millis = long; void f(millis); void g(millis); void f(int);\n"
                       "void x() { f(1L); g(1); f(1); }"),
            "2 3 -");
}

TEST(ApiTable, NamesLookThroughInlineAndUnnamedNamespaces) {
  ApiTable T = tableOf("calls:\n- {call: a::C::f, is: wait}\n- {call: a::v1::g, is: wait}\n");
  EXPECT_EQ(linesOf(T, "namespace a { inline namespace v1 { namespace {\n"
                       "template <class T> struct C { void f(); }; } void g(); } }\n"
                       "namespace b { struct C { void f(); }; }\n"
                       "namespace a::b { struct C { void f(); }; void g(); }\n"
                       "void x(a::C<int> c, b::C d, a::b::C e) { c.f(); d.f(); e.f();\n"
                       "  a::g(); a::b::g(); }"),
            "2 - - 3 -");
}

TEST(ApiTable, LocalAndLongerNamesDoNotMatch) {
  ApiTable T = tableOf("calls:\n- {call: f, is: wait}\n- {call: C::f, is: wait}\n");
  EXPECT_EQ(linesOf(T, "namespace n { void f(); }\n"
                       "void x() { n::f(); struct C { void f() {} } c; c.f(); }"),
            "- - -"); // the last is the constructor of c
}

TEST(ApiTable, LinkageCLeavesFunctionsOfCxxAlone) {
  ApiTable T = tableOf("calls:\n- {call: wait, is: wait}\nlinkage: C\n");
  EXPECT_EQ(linesOf(T, "extern \"C\" int wait(int *); int wait(long); void x() { wait((int *)0);\n"
                       "wait(1L); }"),
            "2 -");
}

TEST(ApiTable, AlsoNamesWhatABaseClassDeclares) {
  ApiTable T = tableOf("calls:\n- {call: F::wait, also: [detail::base::wait], is: wait}\n");
  EXPECT_EQ(linesOf(T, "namespace detail { struct base { void wait(); }; }\n"
                       "struct F : detail::base {}; void x(F f) { f.wait(); }"),
            "2");
}

TEST(ApiTable, ConstructorsSpareEmptyAndMovedObjects) {
  ApiTable T = tableOf("calls:\n- {call: T::T, callable: 0, is: spawn}\n");
  EXPECT_EQ(linesOf(T, "struct T { T(); T(int); T(T &&); }; struct D : T { using T::T; };\n"
                       "void x() { T a; T b(1); T c((T &&)b); D d(1); }"),
            "- 2 - 2"); // the last is D's inherited constructor
}

TEST(ApiTable, OperatorsHaveNames) {
  ApiTable T =
      tableOf("calls:\n- {call: 'C::operator()', is: send}\n- {call: 'C::operator<<', is: send}\n");
  EXPECT_EQ(linesOf(T, "struct C { void operator()(); void operator<<(int); };\n"
                       "void x(C c) { c(); c << 1; }"),
            "2 3");
}

TEST(ApiTable, OverridingFunctionsKeepTheRole) {
  ApiTable T = tableOf("calls:\n- {call: Base::run, is: wait}\n");
  EXPECT_EQ(linesOf(T, "struct Base { virtual void run(); }; struct D : Base { void run(); };\n"
                       "void x(D d) { d.run(); }"),
            "2");
}

TEST(ApiTable, AttributesWin) {
  ApiTable T = tableOf("calls:\n- {call: f, is: neutral}\n");
  StringRef Code = "[[clang::annotate(\"tether::blocking\")]] void f();\n"
                   "[[clang::annotate(\"tether::join\")]] void g();\n"
                   "[[clang::annotate(\"tether::typo\")]] void h();\n"
                   "[[clang::annotate(\"other\")]] void i();\n"
                   "struct B { [[clang::annotate(\"tether::send\")]] virtual void put(); };\n"
                   "struct D : B { void put() override; };\n"
                   "void x(D d) { f(); g(); h(); i(); d.put(); }";
  std::unique_ptr<ASTUnit> Unit = parse(Code);
  ASSERT_TRUE(Unit);
  Uses U(T);
  U.collect(*Unit);
  ASSERT_EQ(U.Calls.size(), 5u);
  EXPECT_EQ(U.Calls[0]->Is, Role::Wait);
  EXPECT_EQ(U.Calls[0]->Where, "attribute");
  EXPECT_EQ(U.Calls[1]->Is, Role::Join);
  EXPECT_EQ(U.Calls[2], nullptr);
  EXPECT_EQ(U.Calls[3], nullptr);
  EXPECT_EQ(U.Calls[4]->Is, Role::Send);
}

TEST(ApiTable, ThreadSafetyAttributesSpeakLast) {
  ApiTable T = tableOf("calls:\n- {call: M::Await, is: wait}\n");
  StringRef Code = "struct __attribute__((capability(\"mutex\"))) M {\n"
                   "  void Lock() __attribute__((acquire_capability()));\n"
                   "  bool TryLock() __attribute__((try_acquire_capability(true)));\n"
                   "  void Unlock() __attribute__((release_capability()));\n"
                   "  void Await() __attribute__((acquire_capability()));\n"
                   "};\n"
                   "struct __attribute__((scoped_lockable)) G { void *p; };\n"
                   "void x(M m, G g) { m.Lock(); m.TryLock(); m.Unlock(); m.Await(); }\n";
  std::unique_ptr<ASTUnit> Unit = parse(Code);
  ASSERT_TRUE(Unit);
  Uses U(T);
  U.collect(*Unit);
  ASSERT_EQ(U.Calls.size(), 4u);
  EXPECT_EQ(U.Calls[0]->Is, Role::Lock);
  EXPECT_TRUE(U.Calls[0]->Blocks);
  EXPECT_EQ(U.Calls[1]->Is, Role::Lock);
  EXPECT_FALSE(U.Calls[1]->Blocks);
  EXPECT_EQ(U.Calls[2]->Is, Role::Unlock);
  EXPECT_EQ(U.Calls[3]->Is, Role::Wait);
  std::set<TypeKind> Kinds;
  for (Decl *D : llvm::make_range(Unit->top_level_begin(), Unit->top_level_end()))
    if (auto *F = dyn_cast<FunctionDecl>(D))
      for (ParmVarDecl *P : F->parameters())
        Kinds.insert(T.find(P->getType())->Is);
  EXPECT_EQ(Kinds, (std::set{TypeKind::Mutex, TypeKind::Guard}));
}

TEST(ApiTable, EffectsSayWhetherACallBlocks) {
  ApiTable T = tableOf("calls:\n- {call: B::take, is: receive}\n");
  StringRef Code = "void f() [[clang::blocking]]; void g() [[clang::blocking]] {}\n"
                   "void h() [[clang::nonblocking]];\n"
                   "struct B { virtual void take(); };\n"
                   "struct D : B { void take() [[clang::nonblocking]] override; };\n"
                   "struct C { void take() [[clang::nonblocking(false)]]; };\n"
                   "namespace y { struct B { void take() [[clang::nonblocking]]; }; }\n"
                   "void x(B b, D d) { f(); g(); h(); b.take(); d.take(); }";
  std::unique_ptr<ASTUnit> Unit = parse(Code);
  ASSERT_TRUE(Unit);
  Uses U(T);
  U.collect(*Unit);
  ASSERT_EQ(U.Calls.size(), 5u);
  ASSERT_TRUE(U.Calls[0]);
  EXPECT_EQ(U.Calls[0]->Is, Role::Wait);
  EXPECT_EQ(U.Calls[1], nullptr);
  EXPECT_EQ(U.Calls[2], nullptr);
  EXPECT_TRUE(U.Calls[3]->Blocks);
  EXPECT_EQ(U.Calls[4]->Is, Role::Receive);
  EXPECT_FALSE(U.Calls[4]->Blocks);
}

TEST(ApiTable, TypesLookThroughSugarPointersAndBases) {
  ApiTable T = tableOf("types:\n"
                       "- {type: n::Thread, is: thread}\n"
                       "- {type: handle, also: [handle_t], is: thread}\n"
                       "- {type: n::Queue, is: channel, capacity: 0}\n"
                       "- {type: n::Alias, is: future}\n");
  StringRef Code =
      "namespace n { inline namespace v { struct Thread {}; }\n"
      "template <class T> struct Queue {}; template <class T> using Alias = T *; }\n"
      "typedef unsigned long handle; using handle_t = int;\n"
      "using Mine = n::Thread; struct Sub : Mine {}; struct Hidden : private Mine {};\n"
      "const Mine a; n::Thread &b = *new n::Thread; Sub *c; Hidden d;\n"
      "handle e; const handle_t *f; unsigned long g; n::Queue<int> h;\n"
      "n::Alias<int> i; n::Thread j[2]; auto *k = &b;\n"
      "template <class T> void t(n::Queue<T> l);\n";
  std::unique_ptr<ASTUnit> Unit = parse(Code);
  ASSERT_TRUE(Unit);
  std::string Found;
  auto Look = [&](const ValueDecl &D) {
    const ApiType *Type = T.find(D.getType());
    Found += D.getName().str() + "=" + (Type ? spelling(Type->Is).str() : "-") + " ";
  };
  for (Decl *D : llvm::make_range(Unit->top_level_begin(), Unit->top_level_end())) {
    if (auto *V = dyn_cast<VarDecl>(D))
      Look(*V);
    if (auto *F = dyn_cast<FunctionTemplateDecl>(D))
      Look(*F->getTemplatedDecl()->getParamDecl(0));
  }
  EXPECT_EQ(Found, "a=thread b=thread c=thread d=- e=thread f=thread g=- h=channel i=future j=- "
                   "k=thread l=channel ");
}

TEST(ApiTable, EntriesCarryAllKeys) {
  ApiTable T = tableOf("library: x\n"
                       "types:\n"
                       "- type: C\n"
                       "  is: channel\n"
                       "  on-destroy: close\n"
                       "  capacity: 3\n"
                       "  capacity-arg: 1\n"
                       "calls:\n"
                       "- call: C::poll\n"
                       "  is: receive\n"
                       "  on: 1\n"
                       "  timeout: 2\n"
                       "  unit: ms\n"
                       "  infinite: [-1, INFINITE]\n"
                       "- {call: C::go, is: spawn, on: result, callable: 0, detached: true, "
                       "attributes: 3, meets: true, result-joins: true}\n"
                       "- {call: C::ring, is: notify, on: this, wakes: all}\n"
                       "- {call: C::on, is: send, case: true, blocks: false}\n"
                       "- {call: C::get, is: wait, flags: 1, nonblocking: [NOWAIT, 0x40]}\n");
  ASSERT_EQ(T.types().size(), 1u);
  const ApiType &C = T.types()[0];
  EXPECT_EQ(C.Is, TypeKind::Channel);
  EXPECT_EQ(C.OnDestroy, std::vector{Role::Close});
  EXPECT_EQ(C.Capacity, 3);
  EXPECT_EQ(C.CapacityArg, 1u);
  EXPECT_EQ(C.Where, "t.yaml:3");
  ASSERT_EQ(T.calls().size(), 5u);
  const Api &Poll = T.calls()[0], &Go = T.calls()[1], &Ring = T.calls()[2], &On = T.calls()[3];
  ASSERT_TRUE(Poll.On);
  EXPECT_EQ(Poll.On->Where, Operand::Argument);
  EXPECT_EQ(Poll.On->Index, 1u);
  EXPECT_EQ(Poll.Timeout, 2u);
  EXPECT_EQ(Poll.Unit, 1'000'000);
  EXPECT_EQ(Poll.Infinite, (std::vector<std::string>{"-1", "INFINITE"}));
  EXPECT_EQ(Poll.Where, "t.yaml:9");
  EXPECT_EQ(Go.On->Where, Operand::Result);
  EXPECT_EQ(Go.Callable, 0u);
  EXPECT_TRUE(Go.Detached);
  EXPECT_EQ(Go.Attributes, 3u);
  EXPECT_TRUE(Go.ResultJoins);
  EXPECT_FALSE(Ring.ResultJoins);
  EXPECT_EQ(Ring.On->Where, Operand::This);
  EXPECT_EQ(Ring.Wakes, "all");
  EXPECT_TRUE(On.Case);
  EXPECT_FALSE(On.Blocks);
  EXPECT_EQ(T.calls()[4].Flags, 1u);
  EXPECT_EQ(T.calls()[4].NonBlocking, (std::vector<std::string>{"NOWAIT", "0x40"}));
  EXPECT_TRUE(Ring.Blocks);
}

TEST(ApiTable, EveryRoleAndKindHasASpelling) {
  for (unsigned I = 0; I <= static_cast<unsigned>(LastApiRole); ++I)
    EXPECT_EQ(parseRole(spelling(static_cast<Role>(I))), static_cast<Role>(I));
  for (unsigned I = 0; I <= static_cast<unsigned>(TypeKind::Callable); ++I)
    EXPECT_EQ(parseTypeKind(spelling(static_cast<TypeKind>(I))), static_cast<TypeKind>(I));
  EXPECT_EQ(parseRole("Wait"), std::nullopt);
  EXPECT_EQ(parseTypeKind(""), std::nullopt);
}

//===----------------------------------------------------------------------===//
// Mistakes
//===----------------------------------------------------------------------===//

TEST(ApiTableMistakes, EmptyTablesAreFine) {
  EXPECT_EQ(mistakesOf(""), "none");
  EXPECT_EQ(mistakesOf("# nothing yet\n"), "none");
  EXPECT_EQ(mistakesOf("library: x\ncalls:\ntypes: []\n"), "none");
}

TEST(ApiTableMistakes, Likeness) {
  EXPECT_EQ(mistakesOf("types:\n"
                       "- {type: A, like: B}\n"
                       "- {type: A, like: A, is: thread}\n"
                       "calls:\n"
                       "- {call: f, like: g}\n"
                       "- {call: f, like: f, timeout: 1}\n"),
            "t.yaml:3:22: 'like' stands for all other keys\n"
            "t.yaml:6:22: 'like' stands for all other keys\n"
            "t.yaml:2:19: no table lists a type 'B'\n"
            "t.yaml:5:19: no table lists a call 'g'");
}

// The roles that a table can name.
#define ROLES                                                                                      \
  "make-token, never-token, request-stop, poll, on-stop, spawn, join, detach, wait, sleep, "       \
  "notify, send, receive, close, select, get-future, self, lock, unlock, neutral, owns, same, "    \
  "construct, remove, input, output, limit, exit, destroy, transfer"

TEST(ApiTableMistakes, AllAreListed) {
  EXPECT_EQ(
      mistakesOf("libary: x\n"
                 "types:\n"
                 "- {is: thread}\n"
                 "- {type: A, is: tread}\n"
                 "- {type: A, is: thread, on-destroy: [stop]}\n"
                 "- {type: A, is: thread, capacity: 1}\n"
                 "- {type: A, is: channel, capacity: -1}\n"
                 "calls:\n"
                 "- {is: wait}\n"
                 "- {call: f, is: wiat}\n"
                 "- {call: f, timeout: 1}\n"
                 "- {call: f, is: wait, timeout: first}\n"
                 "- {call: f, is: wait, timout: 1}\n"
                 "- {call: f, is: wait, blocks: no}\n"
                 "- {call: f, is: wait, on: that}\n"
                 "- {call: f, is: wait, infinite: [-1]}\n"
                 "- {call: f, is: wait, wakes: all}\n"
                 "- {call: f, is: notify, wakes: some}\n"
                 "- {call: [f], is: wait}\n"
                 "- {call: 'C<int>::f', is: wait}\n"
                 "- {call: 'f()', is: wait}\n"
                 "- {call: f, is: overwrite}\n"
                 "- {call: f, is: sleep, timeout: 0, unit: hours}\n"
                 "- {call: f, is: sleep, unit: ms}\n"
                 "- just a word\n"
                 "- {call: f, is: wait, flags: 1}\n"
                 "- {call: f, is: join, unwinds: true}\n"
                 "- {call: f, is: request-stop, unwound: E}\n"),
      "t.yaml:1:1: unknown key 'libary', did you mean 'library'?\n"
      "t.yaml:3:3: entry without 'type', expected {type: <qualified name>, is: <kind>}\n"
      "t.yaml:4:17: unknown kind of type 'tread', did you mean 'thread'?\n"
      "t.yaml:5:38: unknown role 'stop', expected one of: " ROLES "\n"
      "t.yaml:6:3: 'capacity', 'capacity-arg', 'needs-arg', 'begins-arg' and 'opens' belong to "
      "'is: channel' only\n"
      "t.yaml:7:36: expected capacity: a number of elements, got '-1'\n"
      "t.yaml:9:3: entry without 'call', expected {call: <qualified name>, is: <role>}\n"
      "t.yaml:10:17: unknown role 'wiat', did you mean 'wait'?\n"
      "t.yaml:11:3: entry without 'is', expected one of: " ROLES "\n"
      "t.yaml:12:32: expected timeout: the index of an argument, counted from 0, got "
      "'first'\n"
      "t.yaml:13:23: unknown key 'timout', did you mean 'timeout'?\n"
      "t.yaml:14:31: expected blocks: true or false, got 'no'\n"
      "t.yaml:15:27: expected on: this, result or the index of an argument, got 'that'\n"
      "t.yaml:16:3: 'infinite' without 'timeout', expected the index of the argument that "
      "has these values\n"
      "t.yaml:17:3: 'wakes' belongs to 'is: notify', 'is: request-stop' and 'is: close' only\n"
      "t.yaml:18:32: expected wakes: all, one or none, got 'some'\n"
      "t.yaml:19:10: expected a word for 'call'\n"
      "t.yaml:20:10: 'C<int>::f' is no name, expected a qualified name without template "
      "arguments and parameters, such as std::thread::join\n"
      "t.yaml:21:10: 'f()' is no name, expected a qualified name without template arguments "
      "and parameters, such as std::thread::join\n"
      "t.yaml:22:17: unknown role 'overwrite', expected one of: " ROLES "\n"
      "t.yaml:23:42: expected unit: s, ms, us or ns, got 'hours'\n"
      "t.yaml:24:3: 'unit' without 'timeout', expected the index of the argument that is "
      "counted in it\n"
      "t.yaml:25:3: expected an entry of 'calls', a map with the keys call, also, is, like, on, "
      "arity, params, timeout, unit, infinite, flags, nonblocking, callable, blocks, case, "
      "detached, attributes, meets, result-joins, shared, wakes, while, set, count, joined, "
      "stoppable, token-arg, timed-out, unwinds, unwound\n"
      "t.yaml:26:3: 'flags' and 'nonblocking' belong together: the index of the argument, "
      "and the words and bits in it that mean \"return at once\"\n"
      "t.yaml:27:3: 'unwinds' belongs to 'is: request-stop' only\n"
      "t.yaml:28:3: 'unwound' belongs to 'unwinds: true' only");
}

TEST(ApiTableMistakes, WhatFixesWrite) {
  EXPECT_EQ(mistakesOf("types:\n"
                       "- {type: T, is: condition, own-token: 'Stop {name}'}\n"
                       "- {type: U, is: thread, own-token: {headers: stop_token}}\n"
                       "- {type: V, is: thread, own-token: {use: 'Stop {name}', since: new}}\n"
                       "- {type: W, is: thread, own-token: {use: 'Stop {name}', header: a}}\n"),
            "t.yaml:2:3: 'own-token' belongs to 'is: thread' only\n"
            "t.yaml:3:36: 'own-token' without 'use', expected {use: <what to write>}\n"
            "t.yaml:4:64: expected since: the two digits of a version of C++, got 'new'\n"
            "t.yaml:5:57: unknown key 'header', did you mean 'headers'?");
}

TEST(ApiTableMistakes, WrongShapes) {
  EXPECT_EQ(mistakesOf("- a\n"),
            "t.yaml:1:1: expected a table, a map with the keys library, linkage, types, calls");
  EXPECT_EQ(mistakesOf("calls: {call: f, is: wait}\n"),
            "t.yaml:1:8: expected a list of entries after 'calls:'");
  EXPECT_EQ(mistakesOf("linkage: c\n"), "t.yaml:1:10: expected linkage: C or C++, got 'c'");
  EXPECT_EQ(mistakesOf("types: some\n"), "t.yaml:1:8: expected a list of entries after 'types:'");
  EXPECT_EQ(mistakesOf("library: a\n---\nlibrary: b\n"),
            "t.yaml:3:1: expected one YAML document in a file");
}

TEST(ApiTableMistakes, Duplicates) {
  EXPECT_EQ(mistakesOf("library: a\nlibrary: b\n"), "t.yaml:2:1: key 'library' twice in one entry");
  EXPECT_EQ(mistakesOf("calls:\n- {call: f, is: wait}\n- {call: f, arity: 1, is: wait}\n"
                       "- {call: f, is: join}\n"),
            "t.yaml:4:3: 'f' is listed already at t.yaml:2, expected different 'arity' or "
            "'params'");
  EXPECT_EQ(mistakesOf("types:\n- {type: T, is: thread}\n- {type: T, is: token}\n"),
            "t.yaml:3:3: 'T' is listed already at t.yaml:2");
}

TEST(ApiTableMistakes, BrokenYamlIsOneMessage) {
  std::string Message = mistakesOf("calls:\n- {call: f, is: wiat}\n- {call: [f, is: wait}\n");
  EXPECT_TRUE(StringRef(Message).starts_with("t.yaml:3:")) << Message;
  EXPECT_FALSE(StringRef(Message).contains('\n')) << Message;
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

class UserTable : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("tether-tables", Root));
    ASSERT_FALSE(llvm::sys::fs::create_directories(path("a/b")));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(Root); }

  std::string path(StringRef Name) const { return (Root + "/" + Name).str(); }
  std::string write(StringRef Name, StringRef Text) {
    std::error_code Failed;
    llvm::raw_fd_ostream(path(Name), Failed) << Text;
    EXPECT_FALSE(Failed);
    return path(Name);
  }
  /// "where: role" of the last entry, or the error.
  std::string load(std::vector<std::string> Extra = {}) {
    auto Table = tableFor(path("a/b/x.cpp"), Extra);
    if (!Table)
      return llvm::toString(Table.takeError());
    return ((*Table)->calls().back().Where + ": " + spelling((*Table)->calls().back().Is)).str();
  }

  llvm::SmallString<128> Root;
};

TEST_F(UserTable, NearestFileIsFound) {
  EXPECT_EQ(findUserTable(path("a/b")), "");
  write("a/.tether.yaml", "");
  EXPECT_EQ(findUserTable(path("a/b")), path("a/.tether.yaml"));
  EXPECT_EQ(findUserTable(path("a/b/../b/not-there")), path("a/.tether.yaml"));
  write("a/b/.tether.yaml", "");
  EXPECT_EQ(findUserTable(path("a/b")), path("a/b/.tether.yaml"));
  EXPECT_EQ(findUserTable(path("a")), path("a/.tether.yaml"));
}

TEST_F(UserTable, AbsentTableIsTheBuiltinOne) {
  auto Table = tableFor(path("a/b/x.cpp"), {});
  ASSERT_TRUE(bool(Table));
  EXPECT_EQ(Table->get(), &ApiTable::builtin());
}

TEST_F(UserTable, ExtraFilesComeLast) {
  std::string Near = write("a/.tether.yaml", "calls: [{call: f, is: wait}]");
  std::string Extra = write("e.yaml", "calls: [{call: f, is: join}]");
  EXPECT_EQ(load(), Near + ":1: wait");
  EXPECT_EQ(load({Extra}), Extra + ":1: join");
}

TEST_F(UserTable, LoadedOnceUntilItChanges) {
  write("a/.tether.yaml", "calls: [{call: f, is: wait}]");
  auto First = tableFor(path("a/b/x.cpp"), {}), Again = tableFor(path("a/y.cpp"), {});
  ASSERT_TRUE(bool(First) && bool(Again));
  EXPECT_EQ(First->get(), Again->get());
  write("a/.tether.yaml", "calls: [{call: f, is: join}]");
  EXPECT_EQ(load(), path("a/.tether.yaml") + ":1: join");
  EXPECT_EQ((*First)->calls().back().Is, Role::Wait); // held tables stay as they are
}

TEST_F(UserTable, MistakesOfAllFilesAreTold) {
  std::string Near = write("a/.tether.yaml", "calls: [{call: f, is: wiat}]");
  std::string Extra = write("e.yaml", "cals: []");
  std::string Expected = Near + ":1:23: unknown role 'wiat', did you mean 'wait'?\n" + Extra +
                         ":1:1: unknown key 'cals', did you mean 'calls'?";
  EXPECT_EQ(load({Extra}), Expected);
  EXPECT_EQ(load({Extra}), Expected); // from the cache
  write("a/.tether.yaml", "");
  write("e.yaml", "calls: [{call: f, is: wait}]");
  EXPECT_EQ(load({Extra}), Extra + ":1: wait");
}

TEST_F(UserTable, MissingExtraFileIsAnError) {
  EXPECT_EQ(load({path("no.yaml")}), path("no.yaml") + ": cannot open: No such file or directory");
}

TEST_F(UserTable, UnreadableExtraFileIsAnError) {
  EXPECT_EQ(load({path("a")}), path("a") + ": cannot open: Is a directory");
}

/// The first block of \p Language in the guide.
std::string guideBlock(StringRef Language) {
  std::string Guide = readFile(sourcePath("docs/adding-a-library.md"));
  StringRef Block = StringRef(Guide).split(("\n```" + Language + "\n").str()).second;
  return Block.split("```").first.str();
}

TEST_F(UserTable, TableOfTheGuideIsValid) {
  std::string Block = guideBlock("yaml");
  EXPECT_NE(Block, "");
  EXPECT_EQ(mistakesOf(Block), "none");
}

TEST_F(UserTable, ExampleOfTheGuideIsValid) {
  std::string Example = sourcePath("docs/examples/go-chan.tether.yaml");
  EXPECT_EQ(load({Example}), Example + ":19: join");
}

} // namespace
