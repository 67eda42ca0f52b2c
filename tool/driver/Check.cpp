// tether check: analyses a project or some of its files and reports what was found.
#include "tool/driver/Verb.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Engine.h"
#include "tool/engine/Fix.h"
#include "tool/engine/WriteFile.h"
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

enum class Format { Text, Json, Sarif };
enum class When { Auto, Always, Never };
enum class FailOn { Any, Never };

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
cl::opt<Format> OutputFormat("format", cl::desc("Format of the report:"), cl::init(Format::Text),
                             cl::values(clEnumValN(Format::Text, "text",
                                                   "as compilers print warnings (default)"),
                                        clEnumValN(Format::Json, "json", "for scripts"),
                                        clEnumValN(Format::Sarif, "sarif", "SARIF 2.1.0")),
                             cl::sub(CheckVerb), cl::cat(ourOptions()));
cl::opt<std::string> Output("output",
                            cl::desc("Write the report to this file, whole or not at all"),
                            cl::init("-"), cl::value_desc("FILE"), cl::sub(CheckVerb),
                            cl::cat(ourOptions()));
cl::opt<FailOn>
    Fail("fail-on", cl::desc("What makes the exit status 1:"), cl::init(FailOn::Any),
         cl::values(clEnumValN(FailOn::Any, "any", "any finding that was not fixed (default)"),
                    clEnumValN(FailOn::Never, "never", "no finding")),
         cl::sub(CheckVerb), cl::cat(ourOptions()));
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

llvm::Expected<AnalysisOptions> analysisOptions() {
  AnalysisOptions Options;
  auto Selected = selectedChecks(Checks);
  if (!Selected)
    return Selected.takeError();
  Options.Checks = *Selected;
  Options.ConfigFile = Config;
  for (const std::string &Model : Models)
    Options.Models.push_back(absolutePath(Model));
  Options.ParseAllBodies = ParseAllBodies;
  return Options;
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
    break;
  case Format::Json:
    writeJson(R, OS);
    break;
  case Format::Sarif:
    writeSarif(R, OS);
    break;
  }
  return Text;
}

void printStats(const Report &R) {
  llvm::raw_ostream &OS = llvm::errs();
  rusage Usage = {};
  getrusage(RUSAGE_SELF, &Usage);
  auto Seconds = [](const timeval &T) { return T.tv_sec + T.tv_usec / 1e6; };
  for (const auto &[Check, N] : R.Stats.PerCheck)
    OS << llvm::format("%6u  ", N) << Check << '\n';
  OS << llvm::format("%6u  ", R.Stats.Suppressed) << "suppressed by NOLINT\n"
     << llvm::format("%6u  ", R.Stats.OutsideUserCode) << "in headers that are left out\n"
     << llvm::format("%6.1f  ", R.Stats.Seconds) << "seconds, "
     << llvm::format("%.1f", Seconds(Usage.ru_utime) + Seconds(Usage.ru_stime))
     << " of processor time\n"
     << llvm::format("%6ld  ", Usage.ru_maxrss / 1024) << "MB at most\n";
}

ExitStatus check(Invocation &I) {
  ProjectRequest Request;
  Request.BuildDirectory = Build;
  Request.Paths = Paths;
  Request.Flags = std::move(I.Flags);
  auto P = openProject(std::move(Request));
  if (!P)
    return fail(P.takeError());
  auto Options = analysisOptions();
  if (!Options)
    return fail(Options.takeError());
  if (llvm::Error E = checkInputs(*P, *Options))
    return fail(std::move(E));
  std::optional<OutputFile> File;
  if (Output != "-") {
    auto Opened = OutputFile::open(Output);
    if (!Opened)
      return fail(Opened.takeError());
    File.emplace(std::move(*Opened));
  }

  ProgressLine Line(isOn(Progress, !Quiet && llvm::sys::Process::StandardErrIsDisplayed()));
  Report R = analyzeProject(*P, *Options, Jobs, [&](size_t Done, size_t All, llvm::StringRef File) {
    Line.show(Done, All, File);
  });
  Line.clear();

  if (ApplyFixes)
    if (llvm::Error E = applyFixes(R))
      return fail(std::move(E));
  if (!File) {
    llvm::outs() << render(R, wantsColor(llvm::outs()));
    llvm::outs().flush();
  } else if (llvm::Error E = File->commit(render(R, Color == When::Always)))
    return fail(std::move(E));

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
  return Fail == FailOn::Any && llvm::any_of(R.Findings, Counts) ? HasFindings : Clean;
}

} // namespace
} // namespace tether::tool
