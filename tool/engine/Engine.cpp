#include "tool/engine/Engine.h"
#include "tool/engine/Archive.h"
#include "tool/engine/Workers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ThreadPool.h"
#include <chrono>

namespace tether::tool {
namespace {

/// What one job gave: a file that is compiled in several ways is one file.
FileResult analyzeJob(const Job &J, const AnalysisOptions &Options,
                      std::map<std::string, Seen> &Looks) {
  FileResult All;
  All.Skipped = true;
  for (const auto &Command : J.Commands) {
    FileResult One = analyze(Command, Options, Looks);
    if (One.Failed) // what the other commands found may be half the truth
      return One;
    llvm::append_range(All.Findings, One.Findings);
    llvm::append_range(All.Remarks, One.Remarks);
    llvm::append_range(All.Marks, One.Marks);
    llvm::append_range(All.Files, One.Files);
    llvm::append_range(All.Checks, One.Checks);
    All.OutsideUserCode += One.OutsideUserCode;
    All.Scopes += One.Scopes;
    All.ScopesGivenUp += One.ScopesGivenUp;
    All.Skipped &= One.Skipped;
    All.ParseTime += One.ParseTime;
    All.CheckTime += One.CheckTime;
  }
  return All;
}

std::string settingsOf(const Job &J, const AnalysisOptions &Options) {
  std::string Text;
  for (const auto &Command : J.Commands)
    Text += settingsOf(Command, Options) + '\n';
  return Text;
}

void makeRelative(FileResult &R, llvm::StringRef Root) {
  auto Path = [&](std::string &File) { File = relativeTo(Root, File); };
  auto Edits = [&](std::vector<Edit> &List) {
    for (Edit &E : List)
      Path(E.File);
  };
  for (Finding &F : R.Findings) {
    Path(F.Where.File);
    Edits(F.Edits);
    for (Note &N : F.Notes) {
      Path(N.Where.File);
      Edits(N.Edits);
    }
  }
  if (R.Failed) {
    Path(R.Failed->File);
    Path(R.Failed->Where.File);
  }
  for (Remark &M : R.Remarks)
    Path(M.Where.File);
  for (Mark &M : R.Marks)
    Path(M.Where.File);
  for (std::string &File : R.Files)
    Path(File);
}

auto placeKey(const Place &P) { return std::tie(P.File, P.At.Line, P.At.Column); }
auto key(const Finding &F) {
  return std::tie(F.Where.File, F.Where.At.Line, F.Where.At.Column, F.Check, F.Message);
}

/// A header is seen by many files, and not all need tell the same story; the same one must win
/// whatever the order.
bool isBefore(const Finding &A, const Finding &B) {
  if (key(A) != key(B))
    return key(A) < key(B);
  auto Story = [](const Note &N) { return std::tie(N.Where.File, N.Where.At.Offset, N.Message); };
  return std::lexicographical_compare(
      A.Notes.begin(), A.Notes.end(), B.Notes.begin(), B.Notes.end(),
      [&](const Note &X, const Note &Y) { return Story(X) < Story(Y); });
}

/// Names a finding by what it says and by the statement that it is about, as tokens: neither moved
/// nor reformatted code changes that. Of several that are alike in a file, the order tells them
/// apart.
void addFingerprints(std::vector<Finding> &Sorted) {
  std::map<std::string, unsigned> Occurrences;
  for (Finding &F : Sorted) {
    constexpr llvm::StringRef Zero("\0", 1);
    F.Content = digestOf(llvm::join_items(Zero, F.Check, F.Message, F.Statement));
    std::string InFile = F.Content + F.Where.File;
    F.Fingerprint = digestOf(llvm::join_items(Zero, InFile, llvm::utostr(Occurrences[InFile]++)));
  }
}

/// Comments that are there to suppress something, and do not. What one file does not show may be
/// seen in another that includes the header.
void reportStale(const std::vector<Mark> &Marks, Report &R) {
  std::map<std::tuple<std::string, unsigned, unsigned>, Mark> Once;
  for (const Mark &M : Marks) {
    auto [It, New] = Once.try_emplace(placeKey(M.Where), M);
    It->second.Used |= M.Used;
  }
  for (const auto &[Key, M] : Once)
    if (!M.Used && R.Files.count(M.Where.File))
      R.Remarks.push_back({M.Where, (M.By == Suppression::Allow ? "allow(" : "NOLINT(") +
                                        llvm::join(M.Checks, ", ") +
                                        ") suppresses nothing; remove it"});
}

Report merge(const Project &P, std::vector<FileResult> Results) {
  Report R;
  R.Root = P.Root;
  std::vector<Finding> All;
  std::vector<Mark> Marks;
  std::set<std::string> Read;
  for (FileResult &Result : Results) {
    if (Result.Failed) {
      R.Failures.push_back(std::move(*Result.Failed));
      continue;
    }
    ++R.Analysed;
    R.Stats.OutsideUserCode += Result.OutsideUserCode;
    R.Stats.Scopes += Result.Scopes;
    R.Stats.ScopesGivenUp += Result.ScopesGivenUp;
    R.Stats.Skipped += Result.Skipped;
    R.Stats.ParseSeconds += Result.ParseTime / 1e6;
    R.Stats.CheckSeconds += Result.CheckTime / 1e6;
    R.Checks.insert(Result.Checks.begin(), Result.Checks.end());
    Read.insert(Result.Files.begin(), Result.Files.end());
    llvm::append_range(All, Result.Findings);
    llvm::append_range(Marks, Result.Marks);
    llvm::append_range(R.Remarks, Result.Remarks);
  }
  llvm::sort(R.Failures, [](const Failure &A, const Failure &B) { return A.File < B.File; });
  // What is in a header may be found only through some of the files that include it.
  if (P.IsWhole && R.Failures.empty())
    R.Files = std::move(Read);
  else
    for (const Job &J : P.Jobs)
      if (std::string File = relativeTo(P.Root, J.File); Read.count(File))
        R.Files.insert(std::move(File));

  llvm::sort(All, isBefore);
  All.erase(std::unique(All.begin(), All.end(),
                        [](const Finding &A, const Finding &B) { return key(A) == key(B); }),
            All.end());
  addFingerprints(All);
  for (Finding &F : All)
    (F.Suppressed ? R.Silenced : R.Findings).push_back(std::move(F));
  for (const Finding &F : R.Findings)
    ++R.Stats.PerCheck[F.Check];
  reportStale(Marks, R);
  sortRemarks(R.Remarks);
  return R;
}

} // namespace

void sortRemarks(std::vector<Remark> &Remarks) {
  auto Key = [](const Remark &M) { return std::tuple_cat(placeKey(M.Where), std::tie(M.Message)); };
  llvm::sort(Remarks, [&](const Remark &A, const Remark &B) { return Key(A) < Key(B); });
  Remarks.erase(std::unique(Remarks.begin(), Remarks.end(),
                            [&](const Remark &A, const Remark &B) { return Key(A) == Key(B); }),
                Remarks.end());
}

Report analyzeProject(const Project &P, const AnalysisOptions &Options, const RunOptions &Run,
                      ProgressFn Progress) {
  const auto Start = std::chrono::steady_clock::now();
  const auto Threads = llvm::hardware_concurrency(Run.Jobs);
  const size_t Count = P.Jobs.size();
  std::vector<FileResult> Results(Count);
  std::vector<std::string> Settings(Count);
  std::vector<char> Known(Count, false); // not bool: threads write side by side
  if (Run.Store) {
    LookAgain Now(Options.Before);
    llvm::DefaultThreadPool Pool(Threads);
    for (size_t I = 0; I != Count; ++I)
      Pool.async([&, I] {
        Settings[I] = settingsOf(P.Jobs[I], Options);
        if (auto Text = Run.Store->find(Settings[I], Now))
          if (auto Result = fromText(*Text)) {
            Results[I] = std::move(*Result);
            Known[I] = true;
          }
      });
    Pool.wait();
  } // no thread is left: workers are forked

  std::vector<size_t> Unknown;
  unsigned Cached = 0;
  for (size_t I = 0; I != Count; ++I) {
    if (Known[I])
      ++Cached;
    else
      Unknown.push_back(I);
  }
  size_t Done = Count - Unknown.size();
  if (Done)
    Progress(Done, Count, "");
  auto Work = [&](size_t I) {
    std::map<std::string, Seen> Looks;
    FileResult Result = analyzeJob(P.Jobs[I], Options, Looks);
    makeRelative(Result, P.Root);
    if (Run.Store) {
      FileResult Kept = Result;
      Kept.ParseTime = Kept.CheckTime = 0; // who takes it from the cache spends none
      Run.Store->store(Settings[I], Looks, toText(Kept));
    }
    return toText(Result);
  };
  auto Take = [&](size_t I, llvm::Expected<std::string> Text) {
    const std::string File = relativeTo(P.Root, P.Jobs[I].File);
    if (!Text)
      Results[I].Failed = Failure{File, llvm::toString(Text.takeError()), {}};
    else if (auto Result = fromText(*Text))
      Results[I] = std::move(*Result);
    else
      Results[I].Failed = Failure{File, "the result of the analysis cannot be read", {}};
    Progress(++Done, Count, File);
  };
  runInWorkers(Unknown, Threads.compute_thread_count(), Run.TimeLimit, Work, Take);

  Report R = merge(P, std::move(Results));
  R.Stats.Cached = Cached;
  R.Stats.Seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - Start).count();
  return R;
}

} // namespace tether::tool
