// tether check: analyses a project or some of its files and reports what was found.
#include "tool/driver/Verb.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Engine.h"
#include "tool/engine/Fix.h"
#include "tool/engine/Skim.h"
#include "tool/engine/WriteFile.h"
#include "tool/gate/Baseline.h"
#include "tool/gate/Gate.h"
#include "tool/output/Output.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"
#include <sys/resource.h>

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

ExitStatus check(Invocation &I);
Verb CheckVerb("check", "analyse a project, or the files and directories named", check);

enum class Format { Text, Json, Sarif, Github, Gitlab, Junit, Html };
enum class When { Auto, Always, Never };
enum class FailOn { New, Any, Never };

cl::list<std::string> Paths(cl::Positional, cl::desc("[PATH...] [-- FLAGS]"), cl::sub(CheckVerb),
                            cl::cat(ourOptions()));
cl::opt<std::string>
    Build("p",
          cl::desc("Directory of compile_commands.json (default: found upwards, or in 'build')"),
          cl::value_desc("DIR"), cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<std::string>
    Checks("checks",
           cl::desc("Checks to run, as in .clang-tidy: 'detached-thread' runs one, "
                    "'-tether-unbounded-*' leaves some out"),
           cl::value_desc("GLOB,..."), cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<std::string>
    Config("config", cl::desc("Use this file in place of the .clang-tidy files found upwards"),
           cl::value_desc("FILE"), cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::list<std::string> Models("model",
                             cl::desc("Describes the project's own channels, threads, ... "
                                      "(like .tether.yaml; may be repeated)"),
                             cl::value_desc("FILE"), cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<unsigned> Jobs("jobs",
                       cl::desc("Files to analyse side by side (default: one per processor)"),
                       cl::value_desc("N"), cl::init(0), cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::alias JobsShort("j", cl::desc("Same as --jobs"), cl::aliasopt(Jobs), cl::Prefix, cl::NotHidden);
cl::opt<bool> ApplyFixes("fix",
                         cl::desc("Apply the fixes that keep the meaning of correct executions"),
                         cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<bool> ApplyNoteFixes("fix-notes",
                             cl::desc("Apply these, and those that change behaviour on purpose"),
                             cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<bool> DiffFixes("diff-fixes",
                        cl::desc("Print, as a unified diff, what the fixes would change; "
                                 "nothing is changed"),
                        cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<Format> OutputFormat(
    "format", cl::desc("Format of the report:"), cl::init(Format::Text),
    cl::values(clEnumValN(Format::Text, "text", "as compilers print warnings (default)"),
               clEnumValN(Format::Json, "json", "for scripts"),
               clEnumValN(Format::Sarif, "sarif", "SARIF 2.1.0"),
               clEnumValN(Format::Github, "github", "annotations of GitHub's workflows"),
               clEnumValN(Format::Gitlab, "gitlab", "GitLab's code quality report"),
               clEnumValN(Format::Junit, "junit", "JUnit's XML, one test case a finding"),
               clEnumValN(Format::Html, "html", "one page with sources and steps")),
    cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<std::string> Output("output",
                            cl::desc("Write the report to this file, whole or not at all"),
                            cl::init("-"), cl::value_desc("FILE"), cl::sub(CheckVerb),
                            cl::cat(ourOptions()));
cl::opt<std::string>
    DiffRevision("diff",
                 cl::desc("Report what the change since REV introduces: since the commit where REV "
                          "and HEAD parted, with what is not committed yet"),
                 cl::value_desc("REV"), cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<std::string> DiffFile("diff-file",
                              cl::desc("The same for the change in a unified diff, '-' for stdin"),
                              cl::value_desc("FILE"), cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<std::string> BaselineFile("baseline", cl::desc("Report only what this file does not know"),
                                  cl::value_desc("FILE"), cl::sub(CheckVerb),
                                  cl::cat(ourOptions()));
cl::opt<bool> WriteBaseline("write-baseline",
                            cl::desc("Write what is found into the file of --baseline"),
                            cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<FailOn>
    Fail("fail-on", cl::desc("What makes the exit status 1:"), cl::init(FailOn::New),
         cl::values(clEnumValN(FailOn::New, "new", "a finding that is reported (default)"),
                    clEnumValN(FailOn::Any, "any",
                               "one that the baseline knows or that was there before, too"),
                    clEnumValN(FailOn::Never, "never", "no finding")),
         cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<bool> ShowSuppressed("show-suppressed",
                             cl::desc("List what is suppressed, and by what, with the text format"),
                             cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<std::string> CacheDirectory("cache",
                                    cl::desc("Keep results here (default: in the user's cache)"),
                                    cl::value_desc("DIR"), cl::sub(CheckVerb),
                                    cl::cat(ourOptions()));
cl::opt<bool> NoCache("no-cache", cl::desc("Neither use nor keep results"), cl::sub(CheckVerb),
                      cl::cat(ourOptions()));
cl::opt<unsigned> TimeLimit("time-limit",
                            cl::desc("Give up on a file after so many seconds (default: 300; "
                                     "0: never)"),
                            cl::value_desc("N"), cl::init(300), cl::sub(CheckVerb),
                            cl::cat(ourOptions()));
cl::opt<bool> Stats("stats", cl::desc("Print numbers about the run"), cl::sub(CheckVerb),
                    cl::cat(ourOptions()));
cl::opt<bool> Quiet("quiet", cl::desc("Print the report and errors, nothing else"),
                    cl::sub(CheckVerb), cl::cat(ourOptions()));

auto whenValues(llvm::StringRef Auto) {
  return cl::values(clEnumValN(When::Auto, "auto", Auto), clEnumValN(When::Always, "always", ""),
                    clEnumValN(When::Never, "never", ""));
}
cl::opt<When> Progress("progress", cl::desc("Show progress:"), cl::init(When::Auto),
                       whenValues("on a terminal (default)"), cl::sub(CheckVerb),
                       cl::cat(ourOptions()));
cl::opt<When> Color("color", cl::desc("Use colours:"), cl::init(When::Auto),
                    whenValues("on a terminal, unless NO_COLOR is set (default)"),
                    cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<bool> ParseAllBodies("parse-all-bodies",
                             cl::desc("Parse function bodies in system headers too"), cl::Hidden,
                             cl::sub(CheckVerb), cl::cat(ourOptions()));

cl::opt<bool> NoSkip("no-skip", cl::desc("Parse files that mention nothing of interest too"),
                     cl::Hidden, cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<bool> ListSkipped("list-skipped",
                          cl::desc("Only list why files are parsed, or that they are not"),
                          cl::Hidden, cl::sub(CheckVerb), cl::cat(ourOptions()));

// ---- Options into requests ----------------------------------------------------------------------

/// `--checks` in the syntax of `.clang-tidy`. Ids need no prefix; a list that does not start by
/// leaving something out names all that is to run.
llvm::Expected<std::string> selectedChecks(llvm::StringRef Given) {
  llvm::SmallVector<llvm::StringRef> Words;
  Given.split(Words, ',', -1, /*KeepEmpty=*/false);
  llvm::SmallVector<std::string> Globs;
  for (llvm::StringRef Word : Words) {
    Word = Word.trim();
    const bool Minus = Word.consume_front("-");
    if (Globs.empty() && !Minus)
      Globs.push_back("-*");
    std::string Glob = findCheck(Word) ? findCheck(Word)->Name : Word.str();
    auto Pattern = llvm::GlobPattern::create(Glob);
    if (!Pattern)
      return inputError("--checks: '" + Word + "': " + llvm::toString(Pattern.takeError()));
    if (llvm::none_of(allChecks(), [&](const CheckEntry &C) { return Pattern->match(C.Name); })) {
      std::string Near = nearestCheck(Word);
      return inputError(
          "--checks: there is no check '" + Word + "'" +
          (Near.empty() ? "; 'tether list' shows them all" : "; did you mean '" + Near + "'?"));
    }
    Globs.push_back((Minus ? "-" : "") + Glob);
  }
  return llvm::join(Globs, ",");
}

llvm::Expected<AnalysisOptions> analysisOptions(const Project &P) {
  AnalysisOptions Options;
  Options.Root = P.Root;
  auto Selected = selectedChecks(Checks);
  if (!Selected)
    return Selected.takeError();
  Options.Checks = *Selected;
  Options.ConfigFile = Config;
  for (const std::string &Model : Models)
    Options.Models.push_back(absolutePath(Model));
  Options.ParseAllBodies = ParseAllBodies;
  Options.ParseAllFiles = NoSkip;
  return Options;
}

/// Options that say two things at once.
llvm::Error checkOptions() {
  if (!DiffRevision.empty() && !DiffFile.empty())
    return inputError("--diff and --diff-file both say which change is meant; give one of them");
  if (WriteBaseline && BaselineFile.empty())
    return inputError("--write-baseline needs --baseline=FILE");
  if (WriteBaseline && (!DiffRevision.empty() || !DiffFile.empty()))
    return inputError("--write-baseline is about all findings, not those of a change");
  if (DiffFixes && ApplyFixes)
    return inputError("--diff-fixes shows what --fix does; give one of them");
  if (NoCache && !CacheDirectory.empty())
    return inputError("--cache and --no-cache contradict each other");
  return llvm::Error::success();
}

llvm::Expected<std::optional<Diff>> readDiff(llvm::StringRef Root) {
  if (!DiffRevision.empty()) {
    auto Text = gitDiff(Root, DiffRevision);
    if (!Text)
      return Text.takeError();
    return parseDiff(*Text, "git diff", Root);
  }
  if (DiffFile.empty())
    return std::nullopt;
  auto Text = llvm::MemoryBuffer::getFileOrSTDIN(DiffFile);
  if (!Text)
    return inputError(DiffFile + ": " + Text.getError().message());
  return parseDiff((*Text)->getBuffer(), DiffFile == "-" ? "<stdin>" : DiffFile.c_str(), Root);
}

llvm::Expected<std::vector<Finding>> readBaseline() {
  if (BaselineFile.empty())
    return std::vector<Finding>();
  if (WriteBaseline && !llvm::sys::fs::exists(BaselineFile))
    return std::vector<Finding>();
  auto Text = llvm::MemoryBuffer::getFile(BaselineFile);
  if (!Text)
    return inputError(BaselineFile + ": " + Text.getError().message());
  return parseBaseline((*Text)->getBuffer(), BaselineFile);
}

/// Trouble with the cache is no trouble for the analysis.
std::optional<Cache> openCache(llvm::StringRef Root) {
  const std::string Directory =
      CacheDirectory.empty() ? Cache::defaultDirectory() : absolutePath(CacheDirectory);
  if (NoCache || Directory.empty())
    return std::nullopt;
  auto Opened = Cache::open(Directory, Root);
  if (Opened)
    return std::move(*Opened);
  llvm::WithColor::warning(llvm::errs(), "tether") << llvm::toString(Opened.takeError()) << '\n';
  return std::nullopt;
}

/// What a mistake in would spoil every file is read before any file is analysed.
llvm::Error checkInputs(const Project &P, const AnalysisOptions &Options) {
  std::vector<std::string> Files;
  for (const Job &J : P.Jobs)
    Files.push_back(J.File);
  return llvm::joinErrors(checkConfiguration(Files, Options), checkModels(Files, Options.Models));
}

bool isOn(When W, bool Auto) { return W == When::Always || (W == When::Auto && Auto); }

bool wantsColor(llvm::raw_ostream &OS) {
  auto NoColor = llvm::sys::Process::GetEnv("NO_COLOR");
  return isOn(Color, OS.has_colors() && (!NoColor || NoColor->empty()));
}

// ---- Showing ------------------------------------------------------------------------------------

/// One line on the terminal, written over again and again.
class ProgressLine {
public:
  explicit ProgressLine(bool On) : On(On) {}
  void show(size_t Done, size_t All, llvm::StringRef File) {
    if (!On)
      return;
    std::string Line = ("[" + llvm::Twine(Done) + "/" + llvm::Twine(All) + "] " + File).str();
    unsigned Columns = llvm::sys::Process::StandardErrColumns();
    if (Columns && Line.size() >= Columns)
      Line.resize(Columns - 1);
    llvm::errs() << "\r\x1b[K" << Line;
  }
  void clear() {
    if (On)
      llvm::errs() << "\r\x1b[K";
  }

private:
  bool On;
};

std::string render(const Report &R, bool Color) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  switch (OutputFormat) {
  case Format::Text:
    writeText(R, currentDirectory(), Color, OS);
    if (ShowSuppressed)
      writeSuppressed(R, currentDirectory(), OS);
    break;
  case Format::Json:
    writeJson(R, OS);
    break;
  case Format::Sarif:
    writeSarif(R, OS);
    break;
  case Format::Github:
    writeGithub(R, OS);
    break;
  case Format::Gitlab:
    writeGitlab(R, OS);
    break;
  case Format::Junit:
    writeJunit(R, OS);
    break;
  case Format::Html:
    writeHtml(R, OS);
    break;
  }
  return Text;
}

void printStats(const Report &R) {
  llvm::raw_ostream &OS = llvm::errs();
  rusage Own = {}, Workers = {};
  getrusage(RUSAGE_SELF, &Own);
  getrusage(RUSAGE_CHILDREN, &Workers);
  auto Seconds = [](const timeval &T) { return T.tv_sec + T.tv_usec / 1e6; };
  for (const auto &[Check, N] : R.Stats.PerCheck)
    OS << llvm::format("%6u  ", N) << Check << '\n';
  std::map<Suppression::Kind, unsigned> Suppressed;
  for (const Finding &F : R.Silenced)
    ++Suppressed[F.Suppressed->By];
  for (const auto &[By, Words] : {std::pair(Suppression::NoLint, "suppressed by NOLINT"),
                                  {Suppression::Allow, "suppressed by allow comments"},
                                  {Suppression::Baseline, "suppressed by the baseline"},
                                  {Suppression::Before, "there before the change"}})
    OS << llvm::format("%6u  ", Suppressed[By]) << Words << '\n';
  OS << llvm::format("%6u  ", R.Stats.Cached) << "files from the cache\n"
     << llvm::format("%6u  ", R.Stats.Skipped) << "files that mention nothing of interest\n"
     << llvm::format("%6u  ", R.Stats.OutsideUserCode) << "in headers that are left out\n"
     << llvm::format("%6.1f  ", R.Stats.Seconds) << "seconds, "
     << llvm::format("%.1f", Seconds(Own.ru_utime) + Seconds(Own.ru_stime) +
                                 Seconds(Workers.ru_utime) + Seconds(Workers.ru_stime))
     << " of processor time\n"
     << llvm::format("%6.1f  ", R.Stats.ParseSeconds) << "of them reading files\n"
     << llvm::format("%6.1f  ", R.Stats.CheckSeconds) << "of them in the checks\n"
     << llvm::format("%6ld  ", std::max(Own.ru_maxrss, Workers.ru_maxrss) / 1024)
     << "MB at most in one process\n";
}

/// The report of a run; with a change, of what the change introduces.
Report analyze(Project P, const AnalysisOptions &Options, const std::optional<Diff> &Change) {
  RunOptions Run;
  Run.Jobs = Jobs;
  Run.TimeLimit = TimeLimit;
  std::optional<Cache> Store = openCache(P.Root);
  if (Store)
    Run.Store = &*Store;
  ProgressLine Line(isOn(Progress, !Quiet && llvm::sys::Process::StandardErrIsDisplayed()));
  auto Show = [&](size_t Done, size_t All, llvm::StringRef File) { Line.show(Done, All, File); };

  Report R;
  if (!Change) {
    R = analyzeProject(P, Options, Run, Show);
  } else {
    std::set<std::string> Changed;
    for (const auto &[File, Lines] : Change->Files)
      Changed.insert(absolutePath(File, P.Root));
    for (const auto &[File, Text] : Change->Before)
      Changed.insert(File);
    Skim Reader(Options);
    llvm::erase_if(P.Jobs, [&](const Job &J) { return !Reader.mayRead(J, Changed); });
    P.IsWhole = false;
    R = analyzeProject(P, Options, Run, Show);

    AnalysisOptions AsBefore = Options;
    AsBefore.Before = &Change->Before;
    llvm::erase_if(P.Jobs, [&](const Job &J) { // new files
      auto It = Change->Before.find(J.File);
      return It != Change->Before.end() && !It->second;
    });
    judgeChange(R, analyzeProject(P, AsBefore, Run, Show), *Change);
  }
  Line.clear();
  if (Store)
    Store->prune();
  return R;
}

void listSkipped(const Project &P, const AnalysisOptions &Options) {
  size_t Skipped = 0;
  for (const Job &J : P.Jobs) {
    std::string Why;
    for (const auto &Command : J.Commands)
      if (Why.empty())
        Why = whyParsed(Command, Options);
    Skipped += Why.empty();
    llvm::outs() << J.File << ": " << (Why.empty() ? "skipped" : Why) << '\n';
  }
  llvm::outs() << P.Jobs.size() << " files, " << Skipped << " of them skipped\n";
}

/// Writes what is found into the baseline; says how it has changed.
llvm::Error renewBaseline(Report &R, const std::vector<Finding> &Old) {
  auto File = OutputFile::open(BaselineFile);
  if (!File)
    return File.takeError();
  const std::vector<Finding> New = newBaseline(R, Old);
  if (llvm::Error E = File->commit(baselineText(New)))
    return E;
  if (!Quiet)
    llvm::errs() << BaselineFile << ": " << New.size()
                 << (New.size() == 1 ? " finding, " : " findings, ") << R.Findings.size()
                 << " new, " << R.Gate->Fixed.size() << " no longer there\n";
  return llvm::Error::success();
}

ExitStatus check(Invocation &I) {
  if (llvm::Error E = checkOptions())
    return fail(std::move(E));
  ProjectRequest Request;
  Request.BuildDirectory = Build;
  Request.Paths = Paths;
  Request.Flags = std::move(I.Flags);
  auto P = openProject(std::move(Request));
  if (!P)
    return fail(P.takeError());
  auto Options = analysisOptions(*P);
  if (!Options)
    return fail(Options.takeError());
  if (ListSkipped) {
    listSkipped(*P, *Options);
    return Clean;
  }
  auto Known = readBaseline();
  if (!Known)
    return fail(Known.takeError());
  auto Change = readDiff(P->Root);
  if (!Change)
    return fail(Change.takeError());
  if (llvm::Error E = checkInputs(*P, *Options))
    return fail(std::move(E));
  std::optional<OutputFile> File;
  if (Output != "-") {
    auto Opened = OutputFile::open(Output);
    if (!Opened)
      return fail(Opened.takeError());
    File.emplace(std::move(*Opened));
  }

  Report R = analyze(std::move(*P), *Options, *Change);
  if (!BaselineFile.empty())
    applyBaseline(R, *Known);
  if (WriteBaseline) {
    if (llvm::Error E = renewBaseline(R, *Known))
      return fail(std::move(E));
  } else if (DiffFixes) {
    auto Text = diffFixes(R, ApplyNoteFixes);
    if (!Text)
      return fail(Text.takeError());
    if (!File)
      llvm::outs() << *Text;
    else if (llvm::Error E = File->commit(*Text))
      return fail(std::move(E));
  } else {
    if (ApplyFixes || ApplyNoteFixes)
      if (llvm::Error E = applyFixes(R, ApplyNoteFixes))
        return fail(std::move(E));
    if (!File)
      llvm::outs() << render(R, wantsColor(llvm::outs()));
    else if (llvm::Error E = File->commit(render(R, Color == When::Always)))
      return fail(std::move(E));
  }
  llvm::outs().flush();

  for (const Remark &M : R.Remarks)
    llvm::WithColor::warning(llvm::errs(), "tether")
        << remarkLine(R, M, currentDirectory()) << '\n';
  for (const Failure &F : R.Failures)
    complain(failureLine(R, F, currentDirectory()));
  if (Stats)
    printStats(R);
  if (!Quiet)
    llvm::errs() << summaryLine(R) << '\n';

  if (!R.Failures.empty())
    return NotAllAnalysed;
  auto Counts = [](const Finding &F) { return !F.Fixed; };
  auto IsOld = [](const Finding &F) {
    return F.Suppressed->By == Suppression::Baseline || F.Suppressed->By == Suppression::Before;
  };
  if (Fail == FailOn::Never || WriteBaseline)
    return Clean;
  return llvm::any_of(R.Findings, Counts) ||
                 (Fail == FailOn::Any && llvm::any_of(R.Silenced, IsOld))
             ? HasFindings
             : Clean;
}

} // namespace
} // namespace tether::tool
