// tether check: analyses a project or some of its files and reports what was found.
#include "tool/driver/CheckOptions.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Engine.h"
#include "tool/engine/Fix.h"
#include "tool/engine/Skim.h"
#include "tool/engine/WriteFile.h"
#include "tool/gate/Baseline.h"
#include "tool/gate/Gate.h"
#include "tool/gate/Git.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/WithColor.h"

namespace tether::tool {
namespace {

llvm::Expected<std::optional<Diff>> readDiff(const CheckOptions &O, llvm::StringRef Root) {
  if (!O.DiffRevision.empty()) {
    auto Text = gitDiff(Root, O.DiffRevision);
    if (!Text)
      return Text.takeError();
    return parseDiff(*Text, "git diff", Root);
  }
  if (O.DiffFile.empty())
    return std::nullopt;
  auto Text = llvm::MemoryBuffer::getFileOrSTDIN(O.DiffFile);
  if (!Text)
    return inputError(O.DiffFile + ": " + Text.getError().message());
  return parseDiff((*Text)->getBuffer(), O.DiffFile == "-" ? "<stdin>" : O.DiffFile, Root);
}

llvm::Expected<std::vector<Finding>> readBaseline(const CheckOptions &O) {
  if (O.BaselineFile.empty())
    return std::vector<Finding>();
  if (O.WritesBaseline && !llvm::sys::fs::exists(O.BaselineFile))
    return std::vector<Finding>();
  auto Text = llvm::MemoryBuffer::getFile(O.BaselineFile);
  if (!Text)
    return inputError(O.BaselineFile + ": " + Text.getError().message());
  return parseBaseline((*Text)->getBuffer(), O.BaselineFile);
}

/// Trouble with the cache is no trouble for the analysis.
std::optional<Cache> openCache(const CheckOptions &O, llvm::StringRef Root) {
  const std::string Directory =
      O.CacheDirectory.empty() ? Cache::defaultDirectory() : absolutePath(O.CacheDirectory);
  if (!O.UsesCache || Directory.empty())
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

/// The report of a run; with a change, of what the change introduces.
Report analyze(Project P, const CheckOptions &O, const AnalysisOptions &Options,
               const std::optional<Diff> &Change) {
  RunOptions Run;
  Run.Jobs = O.Jobs;
  Run.TimeLimit = O.TimeLimit;
  std::optional<Cache> Store = openCache(O, P.Root);
  if (Store)
    Run.Store = &*Store;
  ProgressLine Line(O.ShowsProgress);
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

void listReasons(const Project &P, const AnalysisOptions &Options) {
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
llvm::Error renewBaseline(const CheckOptions &O, Report &R, const std::vector<Finding> &Old) {
  auto File = OutputFile::open(O.BaselineFile);
  if (!File)
    return File.takeError();
  const std::vector<Finding> New = newBaseline(R, Old);
  if (llvm::Error E = File->commit(baselineText(New)))
    return E;
  if (!O.IsQuiet)
    llvm::errs() << O.BaselineFile << ": " << New.size()
                 << (New.size() == 1 ? " finding, " : " findings, ") << R.Findings.size()
                 << " new, " << R.Gate->Fixed.size() << " no longer there\n";
  return llvm::Error::success();
}

/// What is done with a report: it goes into the baseline, its fixes are shown or made, it is
/// written.
llvm::Error deliver(const CheckOptions &O, Report &R, const std::vector<Finding> &Known,
                    std::optional<OutputFile> File) {
  if (O.WritesBaseline)
    return renewBaseline(O, R, Known);
  std::string Text;
  if (O.Fix == FixMode::Show) {
    auto Diff = diffFixes(R, O.FixesOfNotes);
    if (!Diff)
      return Diff.takeError();
    Text = std::move(*Diff);
  } else {
    if (O.Fix == FixMode::Apply)
      if (llvm::Error E = applyFixes(R, O.FixesOfNotes))
        return E;
    llvm::raw_string_ostream OS(Text);
    write(O.ReportFormat, R, currentDirectory(), O.UsesColor, OS);
    if (O.ShowsSuppressed && O.ReportFormat == Format::Text)
      writeSuppressed(R, currentDirectory(), OS);
  }
  if (File)
    return File->commit(Text);
  llvm::outs() << Text;
  llvm::outs().flush();
  return llvm::Error::success();
}

/// What is said beside the report.
void comment(const CheckOptions &O, const Report &R) {
  for (const Remark &M : R.Remarks)
    llvm::WithColor::warning(llvm::errs(), "tether")
        << remarkLine(R, M, currentDirectory()) << '\n';
  for (const Failure &F : R.Failures)
    complain(failureLine(R, F, currentDirectory()));
  if (O.ShowsStats)
    writeStats(R, llvm::errs());
  if (!O.IsQuiet && !O.WritesBaseline) // what it knows now is no news
    llvm::errs() << summaryLine(R) << '\n';
}

ExitStatus statusOf(const CheckOptions &O, const Report &R) {
  if (!R.Failures.empty())
    return NotAllAnalysed;
  if (O.Fails == FailOn::Never || O.WritesBaseline)
    return Clean;
  auto Counts = [](const Finding &F) { return !F.Fixed; };
  auto IsOld = [](const Finding &F) {
    return F.Suppressed->By == Suppression::Baseline || F.Suppressed->By == Suppression::Before;
  };
  return llvm::any_of(R.Findings, Counts) ||
                 (O.Fails == FailOn::Any && llvm::any_of(R.Silenced, IsOld))
             ? HasFindings
             : Clean;
}

} // namespace

ExitStatus check(Invocation &I) {
  auto O = readCheckOptions();
  if (!O)
    return fail(O.takeError());
  auto P = openProject({O->Build, O->Paths, std::move(I.Flags)});
  if (!P)
    return fail(P.takeError());
  AnalysisOptions Options = O->Analysis;
  Options.Root = P->Root;
  if (O->OnlyListsReasons) {
    listReasons(*P, Options);
    return Clean;
  }
  auto Known = readBaseline(*O);
  if (!Known)
    return fail(Known.takeError());
  auto Change = readDiff(*O, P->Root);
  if (!Change)
    return fail(Change.takeError());
  if (llvm::Error E = checkInputs(*P, Options))
    return fail(std::move(E));
  std::optional<OutputFile> File;
  if (O->Output != "-") {
    auto Opened = OutputFile::open(O->Output);
    if (!Opened)
      return fail(Opened.takeError());
    File.emplace(std::move(*Opened));
  }

  Report R = analyze(std::move(*P), *O, Options, *Change);
  if (!O->BaselineFile.empty())
    applyBaseline(R, *Known);
  if (llvm::Error E = deliver(*O, R, *Known, std::move(File)))
    return fail(std::move(E));
  comment(*O, R);
  return statusOf(*O, R);
}

} // namespace tether::tool
