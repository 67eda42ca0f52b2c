#include "tool/engine/Analyze.h"
#include "clang-tidy/ClangTidy.h"
#include "clang-tidy/ClangTidyModule.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Project.h"
#include "tool/engine/Versions.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/MultiplexConsumer.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Tooling/ArgumentsAdjusters.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace clang;
using namespace clang::tidy;
using clang::tooling::CompileCommand;

namespace tether::tool {
namespace {

// ---- Configuration ------------------------------------------------------------------------------

/// Nothing for a file with a mistake; clang-tidy's reader prints a line of its own when told so.
ClangTidyOptions parseConfig(llvm::MemoryBufferRef Text, llvm::raw_ostream &Errors) {
  bool Said = false; // the YAML reader goes on after a mistake; what it says then is its confusion
  auto Parsed = parseConfigurationWithDiags(Text, [&](const llvm::SMDiagnostic &D) {
    if (!std::exchange(Said, true))
      Errors << Text.getBufferIdentifier() << ':' << D.getLineNo() << ": " << D.getMessage()
             << '\n';
  });
  return Parsed ? *Parsed : ClangTidyOptions();
}

/// The `.clang-tidy` files found upwards. Says itself what is wrong in them.
class FoundConfiguration final : public FileOptionsProvider {
public:
  FoundConfiguration(const ClangTidyOptions &Default, const ClangTidyOptions &Override,
                     llvm::raw_ostream &Errors)
      : FileOptionsProvider(ClangTidyGlobalOptions(), Default, Override,
                            llvm::vfs::getRealFileSystem()) {
    // The constructor that takes handlers leaves the file system null in LLVM 22.
    ConfigHandlers = {{".clang-tidy", [&Errors](llvm::MemoryBufferRef Text) {
                         return parseConfig(Text, Errors);
                       }}};
  }
};

/// The options of a file: ours, then the `.clang-tidy` files found upwards, then the command line,
/// read as clang-tidy does. What it says about other checks does not concern us.
class Configuration final : public ClangTidyOptionsProvider {
public:
  Configuration(const AnalysisOptions &Options, llvm::raw_ostream &Errors) : Asked(Options.Checks) {
    ClangTidyOptions Default = ClangTidyOptions::getDefaults();
    Default.Checks = "tether-*";
    Default.HeaderFilterRegex = ".*";

    ClangTidyOptions Override;
    Override.CheckOptions["ReportAllowed"] = "true"; // to be able to list them
    if (!Options.Models.empty())
      Override.CheckOptions["Model"] = llvm::StringRef(llvm::join(Options.Models, ";"));

    if (Options.ConfigFile.empty()) {
      Inner = std::make_unique<FoundConfiguration>(Default, Override, Errors);
      return;
    }
    ClangTidyOptions Config;
    auto Text = llvm::MemoryBuffer::getFile(Options.ConfigFile);
    if (!Text)
      Errors << Options.ConfigFile << ": " << Text.getError().message() << '\n';
    else
      Config = parseConfig(**Text, Errors);
    Inner = std::make_unique<ConfigOptionsProvider>(ClangTidyGlobalOptions(), Default, Config,
                                                    Override, llvm::vfs::getRealFileSystem());
  }

  const ClangTidyGlobalOptions &getGlobalOptions() override { return Inner->getGlobalOptions(); }

  std::vector<OptionsSource> getRawOptions(llvm::StringRef File) override {
    std::vector<OptionsSource> Sources = Inner->getRawOptions(File);
    // A project that lists its clang-tidy checks without a word on ours has not turned them off.
    auto Mentions = [](const OptionsSource &S) {
      return S.first.Checks && llvm::StringRef(*S.first.Checks).contains("tether");
    };
    llvm::SmallVector<std::string> Words;
    if (llvm::none_of(llvm::drop_begin(Sources), Mentions))
      Words.push_back("tether-*");
    if (!Asked.empty())
      Words.push_back(Asked);
    // Clang's static analyzer is part of clang-tidy's library and would listen to `*`.
    Words.push_back("-clang-analyzer-*");
    ClangTidyOptions Last;
    Last.Checks = llvm::join(Words, ",");
    Sources.emplace_back(Last, "tether");
    return Sources;
  }

private:
  std::string Asked;
  std::unique_ptr<ClangTidyOptionsProvider> Inner;
};

// ---- Running Clang ------------------------------------------------------------------------------

/// Where Clang's own headers (stddef.h and the like) are.
const std::string &resourceDir() {
  static const std::string Found = [] {
    llvm::SmallVector<std::string> Candidates = {TETHER_RESOURCE_DIR};
    for (llvm::StringRef Name : {"clang-" CLANG_VERSION_MAJOR_STRING, "clang"})
      if (auto Compiler = llvm::sys::findProgramByName(Name)) {
        llvm::SmallString<128> Real, Dir;
        if (llvm::sys::fs::real_path(*Compiler, Real))
          continue;
        Dir = llvm::sys::path::parent_path(llvm::sys::path::parent_path(Real));
        llvm::sys::path::append(Dir, "lib", "clang", CLANG_VERSION_MAJOR_STRING);
        Candidates.push_back(Dir.str().str());
      }
    for (const std::string &Dir : Candidates)
      if (llvm::sys::fs::is_directory(Dir + "/include"))
        return Dir;
    return Candidates.front();
  }();
  return Found;
}

std::vector<std::string> adjustedArguments(const CompileCommand &Command, llvm::StringRef File,
                                           const ClangTidyOptions &Options) {
  using namespace clang::tooling;
  std::vector<std::string> Args = Command.CommandLine;
  for (const ArgumentsAdjuster &Adjust :
       {getClangSyntaxOnlyAdjuster(), getClangStripOutputAdjuster(),
        getClangStripDependencyFileAdjuster(), getStripPluginsAdjuster()})
    Args = Adjust(Args, File);

  const std::vector<std::string> Removed = removedArgs(Options);
  llvm::erase_if(Args, [&](const std::string &Arg) { return llvm::is_contained(Removed, Arg); });
  auto Insert = [&](const std::optional<std::vector<std::string>> &Extra,
                    ArgumentInsertPosition Where) {
    if (Extra)
      Args = getInsertArgumentAdjuster(*Extra, Where)(Args, File);
  };
  Insert(Options.ExtraArgsBefore, ArgumentInsertPosition::BEGIN);
  Insert(Options.ExtraArgs, ArgumentInsertPosition::END);
  if (llvm::none_of(Args, [](llvm::StringRef Arg) { return Arg.starts_with("-resource-dir"); }))
    Insert(std::vector<std::string>{"-resource-dir=" + resourceDir()},
           ArgumentInsertPosition::BEGIN);
  return Args;
}

/// Listens to the compiler. Its warnings are no business of ours; its first error ends ours.
///
/// Errors before the source file is begun are about arguments, mostly those of other compilers. As
/// in clang-tidy they do not stop the analysis; they count only when nothing came of it.
class CompilerListener final : public DiagnosticConsumer {
public:
  explicit CompilerListener(DiagnosticConsumer &Checks) : Checks(Checks) {}

  void BeginSourceFile(const LangOptions &Lang, const Preprocessor *PP) override {
    Begun = true;
    Checks.BeginSourceFile(Lang, PP);
  }
  void EndSourceFile() override { Checks.EndSourceFile(); }

  void HandleDiagnostic(DiagnosticsEngine::Level Level, const clang::Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    auto &First = Begun ? SourceError : ArgumentError;
    if (Level < DiagnosticsEngine::Error || First)
      return;
    llvm::SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    First.emplace();
    First->Message = Text.str().str();
    if (!Info.hasSourceManager() || Info.getLocation().isInvalid())
      return;
    PresumedLoc At = Info.getSourceManager().getPresumedLoc(Info.getLocation());
    if (At.isInvalid())
      return;
    First->Where.File = At.getFilename();
    First->Where.At.Line = At.getLine();
    First->Where.At.Column = First->Where.At.Character = At.getColumn();
  }

  /// What kept the file from being analysed.
  std::optional<Failure> error() const { return Begun ? SourceError : ArgumentError; }
  bool begun() const { return Begun; }

private:
  DiagnosticConsumer &Checks;
  bool Begun = false;
  std::optional<Failure> SourceError, ArgumentError;
};

/// Passes on what the checks say, and keeps what NOLINT comments suppress of it.
class SuppressionListener final : public DiagnosticConsumer {
public:
  struct Suppressed {
    std::string Check, Message, File;
    unsigned Offset;
  };

  SuppressionListener(ClangTidyContext &Context, DiagnosticConsumer &Checks)
      : Context(Context), Checks(Checks) {}

  void HandleDiagnostic(DiagnosticsEngine::Level Level, const clang::Diagnostic &Info) override {
    const unsigned Before = Context.getStats().ErrorsIgnoredNOLINT;
    // LLVM 19 forgets a diagnostic that it suppresses: what it says is read before.
    llvm::SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    std::string Check = Context.getCheckName(Info.getID());
    Checks.HandleDiagnostic(Level, Info);
    if (Context.getStats().ErrorsIgnoredNOLINT == Before || !Info.hasSourceManager())
      return;
    const SourceManager &SM = Info.getSourceManager();
    SourceLocation Where = SM.getFileLoc(Info.getLocation());
    if (SM.isInSystemHeader(Where))
      return;
    llvm::StringRef Message = Text;
    Message.consume_back(" [" + Check + "]");
    All.push_back({Check, Message.str(), SM.getFilename(Where).str(), SM.getFileOffset(Where)});
  }

  const std::vector<Suppressed> &all() const { return All; }

private:
  ClangTidyContext &Context;
  DiagnosticConsumer &Checks;
  std::vector<Suppressed> All;
};

/// Leaves out function bodies of system headers, which is most of what a compiler reads. What those
/// functions do, the API tables say.
class SkippingConsumer final : public MultiplexConsumer {
public:
  SkippingConsumer(std::vector<std::unique_ptr<ASTConsumer>> Checks, const SourceManager &Sources)
      : MultiplexConsumer(std::move(Checks)), Sources(Sources) {}

  bool shouldSkipFunctionBody(Decl *D) override {
    return Sources.isInSystemHeader(D->getLocation());
  }

private:
  const SourceManager &Sources;
};

using MakeConsumer = std::function<std::unique_ptr<ASTConsumer>(CompilerInstance &)>;

class ConsumeAction final : public ASTFrontendAction {
public:
  explicit ConsumeAction(const MakeConsumer &Make) : Make(Make) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler,
                                                 llvm::StringRef) override {
    std::vector<std::unique_ptr<ASTConsumer>> Consumers;
    Consumers.push_back(Make(Compiler));
    return std::make_unique<SkippingConsumer>(std::move(Consumers), Compiler.getSourceManager());
  }

private:
  const MakeConsumer &Make;
};

class ConsumeActionFactory final : public tooling::FrontendActionFactory {
public:
  ConsumeActionFactory(MakeConsumer Make, bool ParseAllBodies)
      : Make(std::move(Make)), ParseAllBodies(ParseAllBodies) {}

  std::unique_ptr<FrontendAction> create() override {
    return std::make_unique<ConsumeAction>(Make);
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
};

// ---- Diagnostics into plain data ----------------------------------------------------------------

class Reader {
public:
  Reader(llvm::vfs::FileSystem &FS, llvm::StringRef Directory) : FS(FS), Directory(Directory) {}

  std::string absolute(llvm::StringRef Path) const { return absolutePath(Path, Directory); }

  Place place(llvm::StringRef Path, unsigned Offset) {
    Place P;
    P.File = absolute(Path);
    llvm::StringRef Text = text(P.File);
    P.At = position(Text, Offset);
    llvm::StringRef Line = Text.substr(P.At.Offset - (P.At.Column - 1));
    P.LineText = Line.substr(0, Line.find_first_of("\r\n")).str();
    return P;
  }

  std::vector<Edit> edits(const llvm::StringMap<tooling::Replacements> &PerFile) {
    std::vector<Edit> Result;
    for (const auto &Entry : PerFile)
      for (const tooling::Replacement &R : Entry.second) {
        if (!R.isApplicable())
          continue;
        Edit E;
        E.File = absolute(R.getFilePath());
        E.Begin = position(text(E.File), R.getOffset());
        E.End = position(text(E.File), R.getOffset() + R.getLength());
        E.Text = R.getReplacementText().str();
        Result.push_back(std::move(E));
      }
    // A StringMap has no order of its own.
    llvm::sort(Result, [](const Edit &A, const Edit &B) {
      return std::tie(A.File, A.Begin.Offset) < std::tie(B.File, B.Begin.Offset);
    });
    return Result;
  }

  llvm::StringRef text(llvm::StringRef Path) {
    auto [It, New] = Texts.try_emplace(Path);
    if (New)
      if (auto Read = FS.getBufferForFile(Path))
        It->second = std::move(*Read);
    return It->second ? It->second->getBuffer() : "";
  }

private:
  static Position position(llvm::StringRef Text, unsigned Offset) {
    Position P;
    P.Offset = std::min<size_t>(Offset, Text.size()); // the file may have changed under our feet
    llvm::StringRef Before = Text.substr(0, P.Offset);
    llvm::StringRef Line = Before.substr(Before.rfind('\n') + 1);
    P.Line = Before.count('\n') + 1;
    P.Column = Line.size() + 1;
    P.Character = 1 + llvm::count_if(Line, [](char C) { return (C & 0xC0) != 0x80; });
    return P;
  }

  llvm::vfs::FileSystem &FS;
  std::string Directory;
  llvm::StringMap<std::unique_ptr<llvm::MemoryBuffer>> Texts;
};

/// How much of the line is to be underlined: the name at the place, qualified or not.
unsigned wordLength(const Place &P) {
  llvm::StringRef Rest = llvm::StringRef(P.LineText).drop_front(P.At.Column - 1);
  size_t Length = 0;
  auto Word = [&] {
    Length +=
        Rest.substr(Length).take_while([](char C) { return llvm::isAlnum(C) || C == '_'; }).size();
  };
  for (Word(); Length && Rest.substr(Length).starts_with("::"); Word())
    Length += 2;
  return std::max<size_t>(1, Length);
}

/// The text from the place to the end of its statement, as tokens.
std::string statementAt(llvm::StringRef Text, unsigned Offset) {
  constexpr unsigned EnoughTokens = 64;
  LangOptions Lang;
  Lang.CPlusPlus = Lang.CPlusPlus11 = true; // raw strings
  Lexer Lex(SourceLocation(), Lang, Text.begin(), Text.begin() + Offset, Text.end());
  std::string Statement;
  Token T;
  for (unsigned I = 0; I != EnoughTokens; ++I) {
    Lex.LexFromRawLexer(T);
    if (T.isOneOf(tok::eof, tok::semi, tok::l_brace, tok::r_brace))
      break;
    Statement += llvm::StringRef(Lex.getBufferLocation() - T.getLength(), T.getLength());
  }
  return Statement;
}

Finding toFinding(const ClangTidyError &E, Reader &Read) {
  Finding F;
  F.Check = E.DiagnosticName;
  F.Message = E.Message.Message;
  F.IsError = E.IsWarningAsError;
  F.Where = Read.place(E.Message.FilePath, E.Message.FileOffset);
  F.Length = wordLength(F.Where);
  F.Statement = statementAt(Read.text(F.Where.File), F.Where.At.Offset);
  F.Edits = Read.edits(E.Message.Fix);
  for (const tooling::DiagnosticMessage &N : E.Notes)
    F.Notes.push_back({Read.place(N.FilePath, N.FileOffset), N.Message, Read.edits(N.Fix)});
  // What to do comes last and at the place of the finding; it is no step.
  if (!F.Notes.empty() && F.Notes.back().Edits.empty() &&
      F.Notes.back().Where.File == F.Where.File &&
      F.Notes.back().Where.At.Offset == F.Where.At.Offset) {
    F.Advice = F.Notes.back().Message;
    F.Notes.pop_back();
  }
  return F;
}

Finding toFinding(const SuppressionListener::Suppressed &S, Reader &Read) {
  Finding F;
  F.Check = S.Check;
  F.Message = S.Message;
  F.Where = Read.place(S.File, S.Offset);
  F.Length = wordLength(F.Where);
  F.Statement = statementAt(Read.text(F.Where.File), F.Where.At.Offset);
  F.Suppressed = Suppression{Suppression::NoLint, ""};
  return F;
}

/// Connects findings with the comments that suppress them, in the files of the project.
void applyMarks(FileResult &R, Reader &Read) {
  for (const std::string &File : R.Files)
    for (Mark &M : marksIn(Read.text(File))) {
      M.Where.File = File;
      const bool IsAllow = M.By == Suppression::Allow;
      for (Finding &F : R.Findings)
        if (F.Where.File == File && covers(M, F.Check, F.Where.At.Line) &&
            (F.Suppressed ? F.Suppressed->By == M.By : IsAllow)) {
          F.Suppressed = Suppression{M.By, M.Reason};
          M.Used = true;
        }
      if (IsAllow)
        for (const std::string &Id : M.Checks)
          if (!findCheck(Id)) {
            std::string Near = nearestCheck(Id);
            R.Remarks.push_back(
                {M.Where, "allow(" + Id + "): there is no such check" +
                              (Near.empty() ? "" : "; did you mean '" + Near + "'?")});
          }
      if (IsAllow && M.Reason.empty())
        R.Remarks.push_back({M.Where, "allow(" + llvm::join(M.Checks, ", ") +
                                          ") gives no reason; write one behind it"});
      // A check that did not run has suppressed nothing.
      auto IsNamed = [&](llvm::StringRef Check) { return covers(M, Check, M.FirstLine); };
      if (M.Used || llvm::any_of(R.Checks, IsNamed))
        R.Marks.push_back(std::move(M));
    }
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
  FileResult Result;
  llvm::IntrusiveRefCntPtr<Inputs> FS(new Inputs(fileSystemWith(Options.Before)));
  Reader Read(*FS, Command.Directory);
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
  ClangTidyDiagnosticConsumer Checks(Context);
  SuppressionListener Suppressions(Context, Checks);
  auto Engine = attachEngine(Context, Suppressions);
  CompilerListener Listener(Checks);
  ClangTidyASTConsumerFactory MakeChecks(Context);
  // By its absolute name: the configuration is searched for from there.
  ConsumeActionFactory Factory(
      [&](CompilerInstance &Compiler) { return MakeChecks.createASTConsumer(Compiler, File); },
      Options.ParseAllBodies);
  llvm::IntrusiveRefCntPtr<FileManager> Files(new FileManager(FileSystemOptions(), FS));
  tooling::ToolInvocation Run(adjustedArguments(Command, File, Context.getOptionsForFile(File)),
                              &Factory, Files.get(), std::make_shared<PCHContainerOperations>());
  Run.setDiagnosticConsumer(&Listener);
  bool Ran = Run.run();

  if (auto Error = Listener.error())
    return Fail(std::move(*Error));
  if (!Ran && !Listener.begun())
    return Fail({{}, "its compile command does not compile one C or C++ file", {}});
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
  for (const CheckEntry &C : allChecks())
    if (Context.isCheckEnabled(C.Name))
      Result.Checks.push_back(C.Name);
  applyMarks(Result, Read);
  Result.OutsideUserCode = Context.getStats().ErrorsIgnoredNonUserCode;
  Looks.insert(FS->all().begin(), FS->all().end());
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
  ConsumeActionFactory Factory([&](CompilerInstance &) { return std::move(Consumer); },
                               Options.ParseAllBodies);
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

llvm::Error checkConfiguration(llvm::ArrayRef<std::string> Files, const AnalysisOptions &Options) {
  std::string Mistakes;
  llvm::raw_string_ostream OS(Mistakes);
  Configuration Config(Options, OS);
  llvm::StringSet<> Seen;
  for (const std::string &File : Files)
    if (Seen.insert(llvm::sys::path::parent_path(File)).second)
      Config.getRawOptions(File);
  llvm::StringRef Text = llvm::StringRef(Mistakes).trim();
  if (Text.empty())
    return llvm::Error::success();
  // A file above several directories may have been read, and complained about, several times.
  llvm::SmallVector<llvm::StringRef> Lines;
  Text.split(Lines, '\n');
  llvm::SetVector<llvm::StringRef> Once(Lines.begin(), Lines.end());
  return llvm::createStringError(llvm::inconvertibleErrorCode(), llvm::join(Once, "\n"));
}

} // namespace tether::tool
