#include "report/Emit.h"
#include "report/Allow.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {

/// Whether a comment at \p Where says so.
static bool isAllowed(clang::SourceLocation Where, const clang::SourceManager &SM,
                      llvm::StringRef Id) {
  auto [File, Offset] = SM.getDecomposedLoc(SM.getFileLoc(Where));
  const unsigned Line = SM.getLineNumber(File, Offset);
  return llvm::any_of(allowancesIn(SM.getBufferData(File)),
                      [&](const Allowance &A) { return A.Covers == Line && A.names(Id); });
}

void Emitter::emit(std::vector<Finding> Findings, const clang::SourceManager &SM,
                   llvm::StringRef Id, bool ForTool) {
  llvm::stable_sort(Findings, [&](const Finding &A, const Finding &B) {
    return A.Where != B.Where ? SM.isBeforeInTranslationUnit(A.Where, B.Where)
                              : A.Message < B.Message;
  });
  // Edits that are made twice would cancel each other.
  std::set<std::string> Made;
  auto makes = [&](llvm::ArrayRef<clang::FixItHint> Edits) {
    std::string Key;
    for (const clang::FixItHint &Edit : Edits)
      Key += std::to_string(Edit.RemoveRange.getBegin().getRawEncoding()) + ' ' +
             std::to_string(Edit.RemoveRange.getEnd().getRawEncoding()) + Edit.CodeToInsert + '\n';
    return !Edits.empty() && Made.insert(std::move(Key)).second;
  };
  for (Finding &F : Findings) {
    if (!ForTool && isAllowed(F.Where, SM, Id))
      continue;
    const size_t Had = F.Offers.size() + !F.Fixes.empty();
    if (!makes(F.Fixes))
      F.Fixes.clear();
    llvm::erase_if(F.Offers, [&](const Fix &Offer) { return !makes(Offer.Edits); });
    if (F.Offers.size() + !F.Fixes.empty() < Had)
      F.Refused = "the fix of another finding mends it, too";
    {
      auto Warning = diag(F.Where, "%0") << F.Message;
      for (const clang::FixItHint &Fix : F.Fixes)
        Warning << Fix;
    }
    for (const Step &S : F.Steps)
      if (S.Where.isValid())
        diag(S.Where, "%0", clang::DiagnosticIDs::Note)
            << (S.Thread.empty() ? S.Text : "[" + S.Thread + "] " + S.Text);
    for (const Fix &Offer : F.Offers) {
      auto Note = diag(F.Where, "%0", clang::DiagnosticIDs::Note) << Offer.Title;
      for (const clang::FixItHint &Edit : Offer.Edits)
        Note << Edit;
    }
    if (ForTool && F.Fixes.empty() && F.Offers.empty() && !F.Refused.empty())
      diag(F.Where, "not fixed: %0", clang::DiagnosticIDs::Note) << F.Refused;
    // A fix may be called what the advice says: a reader is told once.
    const bool Said = !ForTool && llvm::any_of(F.Offers, [&](const Fix &Offer) {
      return Offer.Title == F.Advice;
    });
    if (!F.Advice.empty() && !Said)
      diag(F.Where, "%0", clang::DiagnosticIDs::Note) << F.Advice;
  }
}

} // namespace tether
