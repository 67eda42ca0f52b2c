#include "tool/engine/Analyze.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "tool/engine/Arguments.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Concern.h"
#include "tool/engine/Configuration.h"
#include "tool/engine/Findings.h"
#include "tool/engine/Listeners.h"
#include "tool/engine/Project.h"
#include "tool/engine/Skim.h"
#include "tool/engine/Versions.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/StringExtras.h"
#include <ctime>

using namespace clang;
using namespace clang::tidy;
using clang::tooling::CompileCommand;

namespace tether::tool {
namespace {

/// Processor time of this thread.
double secondsOfThread() {
  timespec T = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &T);
  return T.tv_sec + T.tv_nsec / 1e9;
}

/// Leaves out what system headers hold, which is most of what a compiler reads: function bodies
/// when parsing, everything when the checks look for where to begin. What those functions do, the
/// API tables say.
class SkippingConsumer final : public MultiplexConsumer {
public:
  SkippingConsumer(std::vector<std::unique_ptr<ASTConsumer>> Checks, const SourceManager &Sources,
                   double &Seconds)
      : MultiplexConsumer(std::move(Checks)), Sources(Sources), Seconds(Seconds) {}

  bool shouldSkipFunctionBody(Decl *D) override {
    return Sources.isInSystemHeader(D->getLocation());
  }

  // Looked at while the declaration is at hand: to go through all those of the system's headers
  // afterwards would cost as much as the checks of many a file.
  bool HandleTopLevelDecl(DeclGroupRef Group) override {
    for (Decl *D : Group)
      if (isa<TranslationUnitDecl>(D->getLexicalDeclContext()) && !isInstance(*D) &&
          D->getLocation().isValid() &&
          !Sources.isInSystemHeader(Sources.getExpansionLoc(D->getLocation())))
        Ours.push_back(D);
    return MultiplexConsumer::HandleTopLevelDecl(Group);
  }

  void HandleTranslationUnit(ASTContext &AST) override {
    const double Start = secondsOfThread();
    AST.setTraversalScope(std::move(Ours));
    MultiplexConsumer::HandleTranslationUnit(AST);
    Seconds += secondsOfThread() - Start;
  }

private:
  /// What the compiler makes of a template is seen with the template.
  static bool isInstance(const Decl &D) {
    const auto *F = dyn_cast<FunctionDecl>(&D);
    return F && F->getTemplateSpecializationKind() == TSK_ImplicitInstantiation;
  }

  const SourceManager &Sources;
  std::vector<Decl *> Ours;
  double &Seconds;
};

/// Runs the checks as clang-tidy does, but for one thing: each of them has one matcher, for the
/// first declaration of the traversal, so that no other node is tried.
class ChecksConsumer final : public ASTConsumer {
public:
  ChecksConsumer(ClangTidyContext &Context, CompilerInstance &Compiler, llvm::StringRef File) {
    Context.setSourceManager(&Compiler.getSourceManager());
    Context.setCurrentFile(File);
    Context.setASTContext(&Compiler.getASTContext());
    ClangTidyCheckFactories Factories;
    for (ClangTidyModuleRegistry::entry E : ClangTidyModuleRegistry::entries())
      E.instantiate()->addCheckFactories(Factories);
    Checks = Factories.createChecksForLanguage(&Context);
    for (const auto &Check : Checks)
      Check->registerMatchers(&Finder);
  }

  void HandleTranslationUnit(ASTContext &AST) override {
    if (const std::vector<Decl *> Scope = AST.getTraversalScope(); !Scope.empty())
      Finder.match(*Scope.front(), AST);
    for (const auto &Check : Checks)
      Check->onEndOfTranslationUnit();
  }

private:
  ast_matchers::MatchFinder Finder;
  std::vector<std::unique_ptr<ClangTidyCheck>> Checks;
};

using MakeConsumer = std::function<std::unique_ptr<ASTConsumer>(CompilerInstance &)>;

class ConsumeAction final : public ASTFrontendAction {
public:
  ConsumeAction(const MakeConsumer &Make, double &Seconds) : Make(Make), Seconds(Seconds) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler,
                                                 llvm::StringRef) override {
    std::vector<std::unique_ptr<ASTConsumer>> Consumers;
    Consumers.push_back(Make(Compiler));
    return std::make_unique<SkippingConsumer>(std::move(Consumers), Compiler.getSourceManager(),
                                              Seconds);
  }

private:
  const MakeConsumer &Make;
  double &Seconds;
};

class ConsumeActionFactory final : public tooling::FrontendActionFactory {
public:
  /// Adds the time that the consumers take to \p Seconds.
  ConsumeActionFactory(MakeConsumer Make, bool ParseAllBodies, double &Seconds)
      : Make(std::move(Make)), ParseAllBodies(ParseAllBodies), Seconds(Seconds) {}

  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<ConsumeAction>(Make, Seconds);
  }

  bool runInvocation(std::shared_ptr<CompilerInvocation> Invocation, FileManager *Files,
                     std::shared_ptr<PCHContainerOperations> PCH,
                     DiagnosticConsumer *Listener) override {
    Invocation->getFrontendOpts().SkipFunctionBodies = !ParseAllBodies;
    Invocation->getPreprocessorOpts().SetUpStaticAnalyzer =
        true;                                              // __clang_analyzer__, as in clang-tidy
    Invocation->getDiagnosticOpts().IgnoreWarnings = true; // and -Werror with them
    Invocation->getDiagnosticOpts().ShowCarets = false; // no "2 errors generated." of Clang's own
    return FrontendActionFactory::runInvocation(std::move(Invocation), Files, std::move(PCH),
                                                Listener);
  }

private:
  MakeConsumer Make;
  bool ParseAllBodies;
  double &Seconds;
};

/// The same from the texts alone, where they show it: most files of interest need no preprocessor.
std::string whyParse(const CompileCommand &Command, const std::vector<std::string> &Arguments,
                     llvm::StringRef File, const AnalysisOptions &Options, FileManager &Files) {
  // (Kept for the life of the process, which works for one project. What is out of date errs to
  // parsing, or to looking closer.)
  static Skim Texts(Options);
  const WordList &Words = wordsOfInterest(File, Options.Models);
  const std::string Why = Texts.whyParse(Command, Words);
  return Why.empty() ? whyParse(Arguments, File, Words, Files) : Why;
}

} // namespace

std::string settingsOf(const CompileCommand &Command, const AnalysisOptions &Options) {
  llvm::raw_null_ostream Ignored; // checkConfiguration() has said it
  const std::string File = absolutePath(Command.Filename, Command.Directory);
  ClangTidyOptions Tidy = Configuration(Options, Ignored).getOptions(File);
  Tidy.User.reset();
  std::vector<std::string> Parts = adjustedArguments(Command, File, Tidy);
  Parts.push_back(File);
  Parts.push_back(Command.Directory);
  Parts.push_back(configurationAsText(Tidy));
  Parts.push_back(Options.ParseAllBodies ? "all bodies" : "");
  Parts.push_back(Options.ParseAllFiles ? "all files" : "");
  // The tables are read by the checks, and past our file system.
  llvm::SmallVector<llvm::StringRef> Tables;
  if (auto Named = Tidy.CheckOptions.find("Model"); Named != Tidy.CheckOptions.end())
    llvm::StringRef(Named->second.Value).split(Tables, ';', -1, /*KeepEmpty=*/false);
  const std::string Found = tableFoundFor(File);
  Tables.push_back(Found);
  for (llvm::StringRef Table : Tables)
    if (auto Text = llvm::MemoryBuffer::getFile(Table); Text && !Table.empty())
      Parts.push_back((*Text)->getBuffer().str());
  return llvm::join(Parts, llvm::StringRef("\0", 1));
}

FileResult analyze(const CompileCommand &Command, const AnalysisOptions &Options,
                   std::map<std::string, Seen> &Looks) {
  const double Start = secondsOfThread();
  double InChecks = 0;
  FileResult Result;
  takeScopes(); // of an earlier file
  llvm::IntrusiveRefCntPtr<Inputs> FS(new Inputs(fileSystemWith(Options.Before)));
  SourceReader Read(*FS, Command.Directory);
  const std::string File = Read.absolute(Command.Filename);
  auto Fail = [&](Failure Why) {
    Result = {};
    Why.File = File;
    if (!Why.Where.File.empty())
      Why.Where.File = Read.absolute(Why.Where.File);
    Result.Failed = std::move(Why);
    Looks.insert(FS->all().begin(), FS->all().end());
    return std::move(Result);
  };
  if (FS->setCurrentWorkingDirectory(Command.Directory))
    return Fail(
        {{}, "directory '" + Command.Directory + "' of its compile command does not exist", {}});
  if (!FS->exists(File))
    return Fail({{}, "file does not exist", {}});

  llvm::raw_null_ostream Ignored; // checkConfiguration() has said it
  ClangTidyContext Context(std::make_unique<Configuration>(Options, Ignored));
  // Which fixes go together is decided for all files at once.
  ClangTidyDiagnosticConsumer Checks(Context, nullptr, /*RemoveIncompatibleErrors=*/false);
  SuppressionListener Suppressions(Context, Checks);
  auto Engine = attachEngine(Context, Suppressions);
  CompilerListener Listener(Checks);
  // By its absolute name: the configuration is searched for from there.
  ConsumeActionFactory Factory(
      [&](CompilerInstance &Compiler) {
        return std::make_unique<ChecksConsumer>(Context, Compiler, File);
      },
      Options.ParseAllBodies, InChecks);
  llvm::IntrusiveRefCntPtr<FileManager> Files(new FileManager(FileSystemOptions(), FS));
  const std::vector<std::string> Arguments =
      adjustedArguments(Command, File, Context.getOptionsForFile(File));
  Result.Skipped =
      !Options.ParseAllFiles && whyParse(Command, Arguments, File, Options, *Files).empty();
  if (!Result.Skipped) {
    tooling::ToolInvocation Run(Arguments, &Factory, Files.get(),
                                std::make_shared<PCHContainerOperations>());
    Run.setDiagnosticConsumer(&Listener);
    bool Ran = Run.run();
    if (auto Error = Listener.error())
      return Fail(std::move(*Error));
    if (!Ran && !Listener.begun())
      return Fail({{}, "its compile command does not compile one C or C++ file", {}});
  }
  for (const auto &[Path, Look] : FS->all()) {
    std::string Clean = absolutePath(Path);
    if (Look.How == Look::Content && relativeTo(Options.Root, Clean) != Clean)
      Result.Files.push_back(std::move(Clean));
  }
  llvm::sort(Result.Files);
  Result.Files.erase(std::unique(Result.Files.begin(), Result.Files.end()), Result.Files.end());
  for (const ClangTidyError &E : Checks.take()) {
    llvm::StringRef Name = E.DiagnosticName;
    if (Name.starts_with("tether-"))
      Result.Findings.push_back(toFinding(E, Read));
    else if (Name == "clang-tidy-nolint" || Name == "clang-tidy-config")
      Result.Remarks.push_back({E.Message.FilePath.empty()
                                    ? Place{File, {}, ""}
                                    : Read.place(E.Message.FilePath, E.Message.FileOffset),
                                E.Message.Message});
  }
  for (const SuppressionListener::Suppressed &S : Suppressions.all())
    Result.Findings.push_back(toFinding(S, Read));
  Context.setCurrentFile(File); // whose configuration is meant
  for (const CheckEntry &C : allChecks())
    if (Context.isCheckEnabled(C.Name))
      Result.Checks.push_back(C.Name);
  applyMarks(Result, Read);
  std::tie(Result.Scopes, Result.ScopesGivenUp) = takeScopes();
  Result.OutsideUserCode = Context.getStats().ErrorsIgnoredNonUserCode;
  Looks.insert(FS->all().begin(), FS->all().end());
  Result.CheckTime = InChecks * 1e6;
  Result.ParseTime = (secondsOfThread() - Start - InChecks) * 1e6;
  return Result;
}

std::optional<Failure> inspect(const CompileCommand &Command, const AnalysisOptions &Options,
                               std::unique_ptr<ASTConsumer> Consumer) {
  llvm::IntrusiveRefCntPtr<Inputs> FS(new Inputs(fileSystemWith(Options.Before)));
  const std::string File = absolutePath(Command.Filename, Command.Directory);
  if (FS->setCurrentWorkingDirectory(Command.Directory) || !FS->exists(File))
    return Failure{File, "file does not exist", {}};
  IgnoringDiagConsumer Ignored;
  CompilerListener Listener(Ignored);
  double Seconds = 0;
  ConsumeActionFactory Factory([&](CompilerInstance &) { return std::move(Consumer); },
                               Options.ParseAllBodies, Seconds);
  llvm::IntrusiveRefCntPtr<FileManager> Files(new FileManager(FileSystemOptions(), FS));
  tooling::ToolInvocation Run(adjustedArguments(Command, File, ClangTidyOptions()), &Factory,
                              Files.get(), std::make_shared<PCHContainerOperations>());
  Run.setDiagnosticConsumer(&Listener);
  Run.run();
  std::optional<Failure> Failed = Listener.error();
  if (Failed)
    Failed->File = File;
  return Failed;
}

std::string whyParsed(const CompileCommand &Command, const AnalysisOptions &Options) {
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS = fileSystemWith(nullptr);
  const std::string File = absolutePath(Command.Filename, Command.Directory);
  if (FS->setCurrentWorkingDirectory(Command.Directory))
    return "its directory does not exist";
  llvm::raw_null_ostream Ignored;
  llvm::IntrusiveRefCntPtr<FileManager> Files(new FileManager(FileSystemOptions(), FS));
  return whyParse(
      Command, adjustedArguments(Command, File, Configuration(Options, Ignored).getOptions(File)),
      File, Options, *Files);
}

} // namespace tether::tool
