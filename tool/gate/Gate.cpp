#include "tool/gate/Gate.h"
#include "tool/gate/Baseline.h"
#include "llvm/ADT/STLExtras.h"

namespace tether::tool {
namespace {

/// The place in the change that a finding outside of it comes from, as far as can be told.
std::optional<Note> findCause(const Finding &F, const Diff &D) {
  for (const Note &N : F.Notes)
    if (D.touches(N.Where))
      return Note{N.Where, "introduced by the change here: " + N.Message, {}};
  const auto Same = D.Files.find(F.Where.File);
  const auto Named =
      Same != D.Files.end() && !Same->second.Places.empty()
          ? Same
          : llvm::find_if(D.Files, [](const auto &C) { return !C.second.Places.empty(); });
  if (Named == D.Files.end())
    return std::nullopt; // a file that is gone, or has moved
  const std::vector<unsigned> &Places = Named->second.Places;
  auto Distance = [&](unsigned Line) {
    return Line > F.Where.At.Line ? Line - F.Where.At.Line : F.Where.At.Line - Line;
  };
  const unsigned Line =
      Named != Same ? Places.front() : *llvm::min_element(Places, [&](unsigned A, unsigned B) {
        return Distance(A) < Distance(B);
      });
  Note N;
  N.Where.File = Named->first;
  N.Where.At.Line = Line;
  N.Where.At.Column = N.Where.At.Character = 1;
  N.Message = "introduced by the change here: it was not found before";
  return N;
}

} // namespace

void judgeChange(Report &Now, const Report &Before, const Diff &D) {
  Verdict &V = Now.Gate ? *Now.Gate : Now.Gate.emplace();
  std::vector<Finding> All = Now.Findings;
  llvm::append_range(All, Now.Silenced);
  std::vector<Finding> Old = Before.Findings;
  llvm::append_range(Old, Before.Silenced);
  auto Known = match(All, Old);
  std::vector<bool> Found(Old.size());
  for (const auto &Entry : Known)
    if (Entry)
      Found[*Entry] = true;

  auto HasStepInChange = [&](const Finding &F) {
    return llvm::any_of(F.Notes, [&](const Note &N) { return D.touches(N.Where); });
  };
  std::vector<Finding> New;
  for (size_t I = 0; I != Now.Findings.size(); ++I) {
    Finding &F = Now.Findings[I];
    bool IsNew = D.touches(F.Where);
    // One whose suppression was taken away is new as well.
    if (!IsNew && (!Known[I] || Old[*Known[I]].Suppressed) &&
        (Before.Failures.empty() || HasStepInChange(F))) {
      IsNew = true;
      F.Introduced = findCause(F, D);
    }
    if (IsNew) {
      New.push_back(std::move(F));
      continue;
    }
    ++V.AlreadyThere;
    Now.Silenced.push_back(std::move(F));
    Now.Silenced.back().Suppressed = Suppression{Suppression::Before, ""};
  }
  Now.Findings = std::move(New);
  V.Introduced = Now.Findings.size();

  auto Failed = [&](const Finding &F) {
    return llvm::any_of(Now.Failures, [&](const Failure &N) { return N.File == F.Where.File; });
  };
  for (size_t I = 0; I != Before.Findings.size(); ++I)
    if (!Found[I] && !Failed(Old[I]))
      V.Fixed.push_back(Old[I]);
  for (const Failure &F : Before.Failures)
    Now.Remarks.push_back({{F.File, {}, ""},
                           "could not be analysed as it was before the change (" + F.Message +
                               "): only what is on changed lines counts as new"});
}

} // namespace tether::tool
