#include "tool/output/Output.h"
#include "llvm/Support/Format.h"
#include <sys/resource.h>

namespace tether::tool {

void write(Format F, const Report &R, llvm::StringRef Directory, bool Color,
           llvm::raw_ostream &OS) {
  switch (F) {
  case Format::Text:
    return writeText(R, Directory, Color, OS);
  case Format::Json:
    return writeJson(R, OS);
  case Format::Sarif:
    return writeSarif(R, OS);
  case Format::Github:
    return writeGithub(R, OS);
  case Format::Gitlab:
    return writeGitlab(R, OS);
  case Format::Junit:
    return writeJunit(R, OS);
  case Format::Html:
    return writeHtml(R, OS);
  }
}

void writeStats(const Report &R, llvm::raw_ostream &OS) {
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
     << llvm::format("%6u  ", R.Stats.Scopes) << "scopes whose interleavings were explored\n"
     << llvm::format("%6u  ", R.Stats.ScopesGivenUp) << "scopes given up as too large\n"
     << llvm::format("%6.2f  ", R.Stats.Seconds) << "seconds, "
     << llvm::format("%.1f", Seconds(Own.ru_utime) + Seconds(Own.ru_stime) +
                                 Seconds(Workers.ru_utime) + Seconds(Workers.ru_stime))
     << " of processor time\n"
     << llvm::format("%6.2f  ", R.Stats.ParseSeconds) << "of them reading files\n"
     << llvm::format("%6.2f  ", R.Stats.CheckSeconds) << "of them in the checks\n"
     << llvm::format("%6ld  ", std::max(Own.ru_maxrss, Workers.ru_maxrss) / 1024)
     << "MB at most in one process\n";
}

} // namespace tether::tool
