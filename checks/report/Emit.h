// Shows findings as clang-tidy diagnostics: the only place that does.
#ifndef TETHER_REPORT_EMIT_H
#define TETHER_REPORT_EMIT_H

#include "clang-tidy/ClangTidyCheck.h"
#include "report/Finding.h"
#include "llvm/ADT/ArrayRef.h"

namespace tether {

/// Gives the adapter that owns a rule's findings access to ClangTidyCheck::diag.
class Emitter : public clang::tidy::ClangTidyCheck {
public:
  using ClangTidyCheck::ClangTidyCheck;

protected:
  /// Emits in source order, so that output does not depend on how a rule went over the program.
  /// What a comment allows to the check \p Id is left out. \p ForTool: it is not, and findings that
  /// could not be fixed say why.
  void emit(std::vector<Finding> Findings, const clang::SourceManager &SM, llvm::StringRef Id,
            bool ForTool);
};

} // namespace tether

#endif
