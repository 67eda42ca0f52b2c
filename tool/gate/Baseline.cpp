#include "tool/gate/Baseline.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include <set>

using llvm::StringRef;

namespace tether::tool {
namespace {

constexpr StringRef Head =
    "# tether baseline, version 1: fingerprint, content, check, file: message\n";
constexpr size_t DigestLength = 32;

bool isDigest(StringRef Word) {
  return Word.size() == DigestLength && llvm::all_of(Word, llvm::isHexDigit);
}

/// Whether the run could have found what an entry is about: its file was read, or is gone.
bool isAnswered(const Report &R, const Finding &Entry) {
  auto Failed = [&](const Failure &F) { return F.File == Entry.Where.File; };
  if (llvm::any_of(R.Failures, Failed))
    return false;
  if (!R.Checks.count(Entry.Check))
    return false;
  return R.Files.count(Entry.Where.File) ||
         !llvm::sys::fs::exists(absolutePath(Entry.Where.File, R.Root));
}

} // namespace

std::vector<std::optional<size_t>> match(const std::vector<Finding> &Now,
                                         const std::vector<Finding> &Before) {
  std::vector<std::optional<size_t>> Result(Now.size());
  std::vector<bool> Taken(Before.size());
  for (const std::string Finding::*Key : {&Finding::Fingerprint, &Finding::Content}) {
    std::multimap<StringRef, size_t> Free;
    for (size_t I = 0; I != Before.size(); ++I)
      if (!Taken[I])
        Free.emplace(Before[I].*Key, I);
    for (size_t I = 0; I != Now.size(); ++I) {
      if (Result[I])
        continue;
      auto Same = Free.find(Now[I].*Key);
      if (Same == Free.end())
        continue;
      Result[I] = Same->second;
      Taken[Same->second] = true;
      Free.erase(Same);
    }
  }
  return Result;
}

llvm::Expected<std::vector<Finding>> parseBaseline(StringRef Text, StringRef Name) {
  std::vector<Finding> Entries;
  std::set<StringRef> Seen;
  unsigned Number = 0;
  for (StringRef Rest = Text; !Rest.empty();) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    Line = Line.trim();
    ++Number;
    auto Wrong = [&](const llvm::Twine &Why) {
      return inputError(Name + ":" + llvm::Twine(Number) + ": " + Why);
    };
    if (Line.empty() || Line.starts_with("#"))
      continue;
    if (Line.starts_with("<<<<<<<") || Line.starts_with("=======") || Line.starts_with(">>>>>>>"))
      return Wrong("a merge conflict; keep the lines of both sides");
    Finding F;
    auto [Fingerprint, Rest1] = Line.split(' ');
    auto [Content, Rest2] = Rest1.split(' ');
    auto [Check, Rest3] = Rest2.split(' ');
    auto [File, Message] = Rest3.split(": ");
    if (!isDigest(Fingerprint) || !isDigest(Content) || !Check.starts_with("tether-") ||
        File.empty())
      return Wrong("an entry is 'FINGERPRINT CONTENT CHECK FILE: MESSAGE'");
    if (!Seen.insert(Fingerprint).second)
      continue; // two branches have added it
    F.Fingerprint = Fingerprint.str();
    F.Content = Content.str();
    F.Check = Check.str();
    F.Where.File = File.str();
    F.Message = Message.str();
    Entries.push_back(std::move(F));
  }
  return Entries;
}

std::string baselineText(const std::vector<Finding> &Findings) {
  std::vector<const Finding *> Sorted;
  for (const Finding &F : Findings)
    Sorted.push_back(&F);
  llvm::sort(Sorted, [](const Finding *A, const Finding *B) {
    return std::tie(A->Where.File, A->Check, A->Message, A->Fingerprint) <
           std::tie(B->Where.File, B->Check, B->Message, B->Fingerprint);
  });
  std::string Text = Head.str();
  for (const Finding *F : Sorted)
    Text += llvm::join_items(' ', F->Fingerprint, F->Content, F->Check, F->Where.File + ":",
                             F->Message) +
            '\n';
  return Text;
}

void applyBaseline(Report &R, const std::vector<Finding> &Baseline) {
  Verdict &V = R.Gate ? *R.Gate : R.Gate.emplace();
  // What a comment suppresses is no longer the baseline's, but it is not fixed either.
  std::vector<Finding> Now = R.Findings;
  llvm::append_range(Now, R.Silenced);
  auto Known = match(Now, Baseline);
  std::vector<bool> Found(Baseline.size());
  for (const auto &Entry : Known)
    if (Entry)
      Found[*Entry] = true;

  std::vector<Finding> New;
  for (size_t I = 0; I != R.Findings.size(); ++I) {
    if (!Known[I]) {
      New.push_back(std::move(R.Findings[I]));
      continue;
    }
    ++V.AlreadyThere;
    R.Silenced.push_back(std::move(R.Findings[I]));
    R.Silenced.back().Suppressed = Suppression{Suppression::Baseline, ""};
  }
  R.Findings = std::move(New);
  for (size_t I = 0; I != Baseline.size(); ++I)
    if (!Found[I] && isAnswered(R, Baseline[I]))
      V.Fixed.push_back(Baseline[I]);
  V.Introduced = R.Findings.size();
}

std::vector<Finding> newBaseline(const Report &R, const std::vector<Finding> &Old) {
  std::vector<Finding> All = R.Findings;
  for (const Finding &F : R.Silenced)
    if (F.Suppressed->By == Suppression::Baseline)
      All.push_back(F);
  std::vector<bool> Found(Old.size());
  for (const auto &Entry : match(All, Old))
    if (Entry)
      Found[*Entry] = true;
  for (size_t I = 0; I != Old.size(); ++I)
    if (!Found[I] && !isAnswered(R, Old[I]))
      All.push_back(Old[I]);
  return All;
}

} // namespace tether::tool
