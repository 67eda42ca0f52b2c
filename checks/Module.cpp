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
#include <mutex>

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

/// The analysis of a translation unit is shared by all checks that run on it, and ends with the
/// last of them.
std::shared_ptr<const Program> programOf(ASTContext &AST, const ApiTable &Table) {
  static std::mutex Lock;
  static std::map<const ASTContext *, std::weak_ptr<const Program>> Shared;
  {
    std::lock_guard<std::mutex> Held(Lock);
    std::erase_if(Shared, [](const auto &Entry) { return Entry.second.expired(); });
    if (auto Known = Shared[&AST].lock())
      return Known;
  }
  // Without the lock: a translation unit belongs to one thread, and the others need not wait for
  // it.
  auto Made = std::make_shared<const Program>(AST, Table);
  std::lock_guard<std::mutex> Held(Lock);
  Shared[&AST] = Made;
  return Made;
}

class TidyAdapter final : public Emitter {
public:
  TidyAdapter(llvm::StringRef Name, ClangTidyContext *Context, std::unique_ptr<Check> Rule)
      : Emitter(Name, Context), Rule(std::move(Rule)) {
    eachOption([&](const OptionInfo &O) {
      this->Rule->Options[O.Name] = Options.getLocalOrGlobal(O.Name, O.Default).str();
    });
    Model = Options.getLocalOrGlobal("Model", "").str();
    ReportAllowed = Options.getLocalOrGlobal("ReportAllowed", false);
  }

  bool isLanguageVersionSupported(const LangOptions &Lang) const override { return !Lang.ObjC; }

  void storeOptions(ClangTidyOptions::OptionMap &Map) override {
    eachOption([&](const OptionInfo &O) {
      Options.store(Map, O.Name, llvm::StringRef(Rule->Options[O.Name]));
    });
  }

  void registerMatchers(ast_matchers::MatchFinder *Finder) override {
    Finder->addMatcher(ast_matchers::decl(isFirstTraversed()).bind("scope"), this);
  }

  void check(const ast_matchers::MatchFinder::MatchResult &Result) override {
    AST = Result.Context;
    const SourceManager &SM = AST->getSourceManager();
    auto File = SM.getNonBuiltinFilenameForID(SM.getMainFileID()).value_or("");
    llvm::SmallString<128> Absolute(File);
    SM.getFileManager().makeAbsolutePath(Absolute);
    llvm::SmallVector<llvm::StringRef> Listed;
    llvm::StringRef(Model).split(Listed, ';', -1, /*KeepEmpty=*/false);
    auto Read = tableFor(Absolute, std::vector<std::string>(Listed.begin(), Listed.end()));
    if (!Read) {
      // One wrong table must not hide what the others find: say it once, go on with the built-in
      // ones.
      configurationDiag("%0") << llvm::toString(Read.takeError());
      Program_ = programOf(*AST, ApiTable::builtin());
      return;
    }
    Table = *Read;
    Program_ = programOf(*AST, *Table);
  }

  void onEndOfTranslationUnit() override {
    if (!Program_)
      return;
    Rule->check(*Program_);
    emit(std::move(Rule->Findings), AST->getSourceManager(), Rule->info().Id, ReportAllowed);
    Rule->Findings.clear();
    Program_.reset();
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
  bool ReportAllowed; ///< the tool wants to know what a comment suppresses
  ASTContext *AST = nullptr;
  std::shared_ptr<const ApiTable> Table;
  std::shared_ptr<const Program> Program_;
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
