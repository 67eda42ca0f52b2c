#include "tool/engine/Engine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/ThreadPool.h"
#include <chrono>
#include <mutex>

namespace tether::tool {
namespace {

/// What one job gave: a file that is compiled in several ways is one file.
FileResult analyzeJob(const Job &J, const AnalysisOptions &Options) {
  FileResult All;
  for (const auto &Command : J.Commands) {
    FileResult One = analyze(Command, Options);
    if (One.Failed) // what the other commands found may be half the truth
      return One;
    llvm::append_range(All.Findings, One.Findings);
    llvm::append_range(All.Remarks, One.Remarks);
    All.Suppressed += One.Suppressed;
    All.OutsideUserCode += One.OutsideUserCode;
  }
  return All;
}

template <typename Visitor> void eachPath(Finding &F, Visitor Visit) {
  Visit(F.Where.File);
  for (Edit &E : F.Edits)
    Visit(E.File);
  for (Note &N : F.Notes) {
    Visit(N.Where.File);
    for (Edit &E : N.Edits)
      Visit(E.File);
  }
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

/// Names a finding by what it says and by the text it is about, white space left out: neither moved
/// nor reformatted code changes it. Of several that are alike in a file, the order tells them
/// apart.
void addFingerprints(std::vector<Finding> &Sorted) {
  std::map<std::string, unsigned> Occurrences;
  for (Finding &F : Sorted) {
    std::string Text;
    llvm::copy_if(F.Where.LineText, std::back_inserter(Text),
                  [](char C) { return !llvm::isSpace(C); });
    std::string Identity =
        llvm::join_items(llvm::StringRef("\0", 1), F.Check, F.Message, F.Where.File, Text);
    llvm::MD5 Hash;
    Hash.update(Identity);
    Hash.update(llvm::StringRef("\0", 1));
    Hash.update(llvm::utostr(Occurrences[Identity]++));
    llvm::MD5::MD5Result Digest;
    Hash.final(Digest);
    F.Fingerprint = Digest.digest().str().str();
  }
}

Report merge(const Project &P, std::vector<FileResult> Results) {
  Report R;
  R.Root = P.Root;
  auto MakeRelative = [&](std::string &File) { File = relativeTo(P.Root, File); };
  for (FileResult &Result : Results) {
    if (Result.Failed) {
      MakeRelative(Result.Failed->File);
      MakeRelative(Result.Failed->Where.File);
      R.Failures.push_back(std::move(*Result.Failed));
      continue;
    }
    ++R.Analysed;
    R.Stats.Suppressed += Result.Suppressed;
    R.Stats.OutsideUserCode += Result.OutsideUserCode;
    for (Finding &F : Result.Findings) {
      eachPath(F, MakeRelative);
      R.Findings.push_back(std::move(F));
    }
    for (Remark &M : Result.Remarks) {
      MakeRelative(M.Where.File);
      R.Remarks.push_back(std::move(M));
    }
  }

  llvm::sort(R.Findings, isBefore);
  R.Findings.erase(std::unique(R.Findings.begin(), R.Findings.end(),
                               [](const Finding &A, const Finding &B) { return key(A) == key(B); }),
                   R.Findings.end());
  addFingerprints(R.Findings);
  for (const Finding &F : R.Findings)
    ++R.Stats.PerCheck[F.Check];

  auto RemarkKey = [](const Remark &M) {
    return std::tuple_cat(placeKey(M.Where), std::tie(M.Message));
  };
  llvm::sort(R.Remarks,
             [&](const Remark &A, const Remark &B) { return RemarkKey(A) < RemarkKey(B); });
  R.Remarks.erase(
      std::unique(R.Remarks.begin(), R.Remarks.end(),
                  [&](const Remark &A, const Remark &B) { return RemarkKey(A) == RemarkKey(B); }),
      R.Remarks.end());
  llvm::sort(R.Failures, [](const Failure &A, const Failure &B) { return A.File < B.File; });
  return R;
}

} // namespace

Report analyzeProject(const Project &P, const AnalysisOptions &Options, unsigned Threads,
                      ProgressFn Progress) {
  const auto Start = std::chrono::steady_clock::now();
  llvm::CrashRecoveryContext::Enable();
  std::vector<FileResult> Results(P.Jobs.size());
  std::mutex Lock; // for Done and Progress
  size_t Done = 0;
  llvm::DefaultThreadPool Pool(llvm::hardware_concurrency(Threads));
  for (size_t I = 0; I != P.Jobs.size(); ++I)
    Pool.async([&, I] {
      Results[I] = analyzeJob(P.Jobs[I], Options);
      std::lock_guard<std::mutex> Held(Lock);
      Progress(++Done, P.Jobs.size(), relativeTo(P.Root, P.Jobs[I].File));
    });
  Pool.wait();
  llvm::CrashRecoveryContext::Disable();

  Report R = merge(P, std::move(Results));
  R.Stats.Seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - Start).count();
  return R;
}

} // namespace tether::tool
