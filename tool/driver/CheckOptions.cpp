// The options of `tether check`: declared, checked for contradictions, turned into plain data.
#include "tool/driver/CheckOptions.h"
#include "tool/driver/Verb.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Process.h"

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

Verb CheckVerb("check", "analyse a project, or the files and directories named", check);

enum class When { Auto, Always, Never };

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
                          cl::desc("Only list why each file is parsed, or that it is not"),
                          cl::Hidden, cl::sub(CheckVerb), cl::cat(ourOptions()));

// ---- Options into plain data
// ---------------------------------------------------------------------

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
  if (Globs.empty() && !Given.empty())
    return inputError("--checks: '" + Given + "' names no check");
  return llvm::join(Globs, ",");
}

/// Options that say two things at once.
llvm::Error checkOptions() {
  // A variable of a script that was never set must not make a gate look at something else.
  for (const cl::opt<std::string> *O : {&Build, &Checks, &Config, &Output, &DiffRevision, &DiffFile,
                                        &BaselineFile, &CacheDirectory})
    if (O->getNumOccurrences() && O->empty())
      return inputError((O->ArgStr.size() > 1 ? "--" : "-") + O->ArgStr + ": nothing is given");
  if (llvm::is_contained(Models, ""))
    return inputError("--model: nothing is given");
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

bool isOn(When W, bool Auto) { return W == When::Always || (W == When::Auto && Auto); }

bool wantsColor() {
  auto NoColor = llvm::sys::Process::GetEnv("NO_COLOR");
  // A file is no terminal.
  const bool Auto = Output == "-" && llvm::outs().has_colors() && (!NoColor || NoColor->empty());
  return isOn(Color, Auto);
}

} // namespace

llvm::Expected<CheckOptions> readCheckOptions() {
  if (llvm::Error E = checkOptions())
    return std::move(E);
  auto Selected = selectedChecks(Checks);
  if (!Selected)
    return Selected.takeError();
  CheckOptions O;
  O.Build = Build;
  O.Paths = Paths;
  O.Analysis.Checks = *Selected;
  O.Analysis.ConfigFile = Config;
  for (const std::string &Model : Models)
    O.Analysis.Models.push_back(absolutePath(Model));
  O.Analysis.ParseAllBodies = ParseAllBodies;
  O.Analysis.ParseAllFiles = NoSkip;
  O.Jobs = Jobs;
  O.TimeLimit = TimeLimit;
  O.UsesCache = !NoCache;
  O.CacheDirectory = CacheDirectory;
  O.DiffRevision = DiffRevision;
  O.DiffFile = DiffFile;
  O.BaselineFile = BaselineFile;
  O.WritesBaseline = WriteBaseline;
  O.Fix = DiffFixes ? FixMode::Show : ApplyFixes || ApplyNoteFixes ? FixMode::Apply : FixMode::None;
  O.FixesOfNotes = ApplyNoteFixes;
  O.Output = Output;
  O.ReportFormat = OutputFormat;
  O.Fails = Fail;
  O.ShowsSuppressed = ShowSuppressed;
  O.ShowsStats = Stats;
  O.IsQuiet = Quiet;
  O.UsesColor = wantsColor();
  O.ShowsProgress = isOn(Progress, !Quiet && llvm::sys::Process::StandardErrIsDisplayed());
  O.OnlyListsReasons = ListSkipped;
  return O;
}

} // namespace tether::tool
