// The only file that knows clang-tidy's module API: each registered rule becomes a clang-tidy
// check, and all of them share one analysis of the translation unit.
#include "Check.h"
#include "Registry.h"
#include "Versions.h"
#include "model/ApiTable.h"
#include "report/Emit.h"
#include "summary/Program.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/Support/Path.h"
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

using namespace clang;
using namespace clang::tidy;

namespace tether {
namespace {

// In clang-tidy the whole translation unit is traversed, in clangd the top-level declarations of
// the main file: this matches once in both.
AST_MATCHER(Decl, isFirstTraversed) {
  auto Scope = Finder->getASTContext().getTraversalScope();
  return !Scope.empty() && Scope.front() == &Node;
}

/// What all checks of a translation unit share; made by the one that is asked first, and gone with
/// the last.
struct Unit {
  ASTContext *AST = nullptr;
  std::shared_ptr<const ApiTable> Table;
  std::optional<const Program> Analysis;
  bool IsAwaited = false; ///< some check has asked for the tree
};

/// clang-tidy makes the checks of a translation unit together, with one context.
std::shared_ptr<Unit> unitOf(ClangTidyContext *Context) {
  static std::mutex Lock;
  static std::map<const ClangTidyContext *, std::weak_ptr<Unit>> Shared;
  std::lock_guard<std::mutex> Held(Lock);
  std::erase_if(Shared, [](const auto &Entry) { return Entry.second.expired(); });
  std::shared_ptr<Unit> U = Shared[Context].lock();
  if (!U)
    Shared[Context] = U = std::make_shared<Unit>();
  return U;
}

class TidyAdapter final : public Emitter {
public:
  TidyAdapter(llvm::StringRef Name, ClangTidyContext *Context, std::unique_ptr<Check> Rule)
      : Emitter(Name, Context), Rule(std::move(Rule)), Shared(unitOf(Context)) {
    eachOption([&](const OptionInfo &O) {
      this->Rule->Options[O.Name] = Options.getLocalOrGlobal(O.Name, O.Default).str();
    });
    Model = Options.getLocalOrGlobal("Model", "").str();
    ForTool = Options.getLocalOrGlobal("ForTool", false);
  }

  bool isLanguageVersionSupported(const LangOptions &Lang) const override { return !Lang.ObjC; }

  void storeOptions(ClangTidyOptions::OptionMap &Map) override {
    eachOption([&](const OptionInfo &O) {
      Options.store(Map, O.Name, llvm::StringRef(Rule->Options[O.Name]));
    });
  }

  void registerMatchers(ast_matchers::MatchFinder *Finder) override {
    // A matcher for any declaration is tried on each of them, so one check has it for all. The
    // others are told of the end only if they have one as well.
    if (!std::exchange(Shared->IsAwaited, true))
      Finder->addMatcher(ast_matchers::decl(isFirstTraversed()), this);
    else
      Finder->addMatcher(ast_matchers::translationUnitDecl(), this);
  }

  void check(const ast_matchers::MatchFinder::MatchResult &Result) override {
    if (Shared->AST)
      return;
    // As for Clang's own analyses of flow: after an error the tree may have holes in it.
    if (Result.Context->getDiagnostics().hasUncompilableErrorOccurred())
      return;
    Shared->AST = Result.Context;
    const SourceManager &SM = Shared->AST->getSourceManager();
    auto File = SM.getNonBuiltinFilenameForID(SM.getMainFileID()).value_or("");
    llvm::SmallString<128> Absolute(File);
    SM.getFileManager().makeAbsolutePath(Absolute);
    llvm::SmallVector<llvm::StringRef> Listed;
    llvm::StringRef(Model).split(Listed, ';', -1, /*KeepEmpty=*/false);
    auto Read = tableFor(Absolute, std::vector<std::string>(Listed.begin(), Listed.end()));
    // One wrong table must not hide what the others find: say it, go on with the built-in ones.
    if (Read)
      Shared->Table = *Read;
    else
      configurationDiag("%0") << llvm::toString(Read.takeError());
    Shared->Analysis.emplace(*Shared->AST, Shared->Table ? *Shared->Table : ApiTable::builtin());
  }

  void onEndOfTranslationUnit() override {
    const std::shared_ptr<Unit> U = std::move(Shared);
    if (!U->Analysis)
      return;
    Rule->check(*U->Analysis);
    emit(std::move(Rule->Findings), U->AST->getSourceManager(), Rule->info().Id, ForTool);
    Rule->Findings.clear();
  }

private:
  template <typename Visitor> void eachOption(Visitor Visit) const {
    for (const OptionInfo &O : commonOptions())
      Visit(O);
    for (const OptionInfo &O : Rule->info().Options)
      Visit(O);
  }

  std::unique_ptr<Check> Rule;
  std::string Model;
  bool ForTool; ///< the tool wants to know what a comment suppresses, and why there is no fix
  std::shared_ptr<Unit> Shared;
};

class TetherModule final : public ClangTidyModule {
public:
  void addCheckFactories(ClangTidyCheckFactories &Factories) override {
    for (const RegisteredCheck &C : registeredChecks())
      Factories.registerCheckFactory(
          ("tether-" + C.Info->Id).str(), [&C](llvm::StringRef Name, ClangTidyContext *Context) {
            return std::make_unique<TidyAdapter>(Name, Context, C.Make());
          });
  }
};

ClangTidyModuleRegistry::Add<TetherModule>
    Add("tether-module", "finds threads, waits and tasks that nobody can stop");

} // namespace
} // namespace tether
