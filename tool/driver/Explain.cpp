// tether explain: the page of a check, or the story of one finding.
#include "tool/cache/Cache.h"
#include "tool/driver/Verb.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Engine.h"
#include "tool/output/Output.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

ExitStatus explain(Invocation &);
Verb ExplainVerb("explain", "say what a check finds, or how it comes to one finding", explain);

cl::opt<std::string> Id(cl::Positional, cl::desc("ID|FINGERPRINT"), cl::Required,
                        cl::sub(ExplainVerb), cl::cat(ourOptions()));
cl::opt<std::string> Build("p",
                           cl::desc("Directory with compile_commands.json, for the story of a "
                                    "finding (default: searched for upwards)"),
                           cl::value_desc("DIR"), cl::sub(ExplainVerb), cl::cat(ourOptions()));

/// Fewer digits may well be a mistyped word.
constexpr size_t ShortestFingerprint = 6;

bool isFingerprint(llvm::StringRef Word) {
  return Word.size() >= ShortestFingerprint && llvm::all_of(Word, llvm::isHexDigit);
}

void tell(const Report &R, const Finding &F) {
  auto place = [&](const Place &P) {
    return (relativeTo(currentDirectory(), absolutePath(P.File, R.Root)) + ":" +
            llvm::Twine(P.At.Line) + ":" + llvm::Twine(P.At.Column))
        .str();
  };
  llvm::raw_ostream &OS = llvm::outs();
  auto show = [&](const Place &P, llvm::StringRef Text, llvm::StringRef Indent) {
    OS << place(P) << ": " << Text << '\n';
    if (!P.LineText.empty())
      OS << Indent << "    " << llvm::StringRef(P.LineText).trim() << '\n';
  };
  show(F.Where, F.Message + " [" + F.Check + "]", "");
  if (F.Suppressed)
    OS << "It is suppressed (" << spelling(F.Suppressed->By) << ").\n";
  OS << '\n';
  unsigned Number = 0;
  for (const Note &N : F.Notes) {
    OS << ++Number << ". ";
    show(N.Where, N.Message, "");
  }
  if (Number)
    OS << '\n';
  if (!F.Advice.empty())
    OS << "What to do: " << F.Advice << ".\n";
  OS << "About the check: tether explain " << llvm::StringRef(F.Check).split('-').second << '\n';
}

ExitStatus explainFinding(llvm::StringRef Prefix) {
  ProjectRequest Request;
  Request.BuildDirectory = Build;
  auto P = openProject(std::move(Request));
  if (!P)
    return fail(P.takeError());
  AnalysisOptions Options;
  Options.Root = P->Root;
  std::optional<Cache> Store;
  if (const std::string Directory = Cache::defaultDirectory(); !Directory.empty()) {
    // Without a cache it only takes longer.
    if (auto Opened = Cache::open(Directory, P->Root))
      Store.emplace(std::move(*Opened));
    else
      llvm::consumeError(Opened.takeError());
  }
  RunOptions Run;
  Run.Store = Store ? &*Store : nullptr;
  const Report R = analyzeProject(*P, Options, Run, [](size_t, size_t, llvm::StringRef) {});
  std::vector<const Finding *> Found;
  for (const auto *List : {&R.Findings, &R.Silenced})
    for (const Finding &F : *List)
      if (llvm::StringRef(F.Fingerprint).starts_with_insensitive(Prefix))
        Found.push_back(&F);
  for (const Failure &F : R.Failures)
    complain(failureLine(R, F, currentDirectory()));
  if (Found.size() == 1) {
    tell(R, *Found.front());
    return Clean;
  }
  return fail(inputError(Found.empty()
                             ? "no finding has the fingerprint '" + Prefix +
                                   "'; 'tether check --format=json' shows those that there are"
                             : llvm::Twine(Found.size()) +
                                   " findings have a fingerprint that begins with '" + Prefix +
                                   "'; give more of it"));
}

ExitStatus explain(Invocation &) {
  const CheckEntry *C = findCheck(Id);
  if (!C && isFingerprint(Id))
    return explainFinding(Id);
  if (!C) {
    std::string Near = nearestCheck(Id);
    return fail(inputError(
        "there is no check '" + Id + "'" +
        (Near.empty() ? "; 'tether list' shows them all" : "; did you mean '" + Near + "'?")));
  }
  if (C->Page.empty())
    llvm::outs() << C->Name << ": " << C->Summary << '\n';
  else
    llvm::outs() << llvm::StringRef(C->Page).rtrim() << '\n';
  return Clean;
}

} // namespace
} // namespace tether::tool
