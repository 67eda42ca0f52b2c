#include "report/Emit.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

void Emitter::emit(std::vector<Finding> Findings, const clang::SourceManager &SM) {
  llvm::stable_sort(Findings, [&](const Finding &A, const Finding &B) {
    return A.Where != B.Where ? SM.isBeforeInTranslationUnit(A.Where, B.Where)
                              : A.Message < B.Message;
  });
  for (const Finding &F : Findings) {
    {
      auto Warning = diag(F.Where, "%0") << F.Message;
      for (const clang::FixItHint &Fix : F.Fixes)
        Warning << Fix;
    }
    for (const Step &S : F.Steps)
      if (S.Where.isValid())
        diag(S.Where, "%0", clang::DiagnosticIDs::Note) << S.Text;
    if (!F.Advice.empty())
      diag(F.Where, "%0", clang::DiagnosticIDs::Note) << F.Advice;
  }
}

} // namespace tether
