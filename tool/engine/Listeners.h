// Who hears what Clang and the checks say.
//
//   Clang ──▶ CompilerListener ──▶ the first error
//   checks ──▶ SuppressionListener ──▶ clang-tidy's own consumer ──▶ diagnostics
//                      └──▶ what NOLINT suppresses
#ifndef TETHER_TOOL_ENGINE_LISTENERS_H
#define TETHER_TOOL_ENGINE_LISTENERS_H

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "tool/engine/Result.h"

namespace tether::tool {

/// Listens to the compiler. Its warnings are no business of ours; its first error ends ours.
///
/// Errors before the source file is begun are about arguments, mostly those of other compilers. As
/// in clang-tidy they do not stop the analysis; they count only when nothing came of it.
class CompilerListener final : public clang::DiagnosticConsumer {
public:
  explicit CompilerListener(clang::DiagnosticConsumer &Checks) : Checks(Checks) {}

  void BeginSourceFile(const clang::LangOptions &Lang, const clang::Preprocessor *PP) override {
    Begun = true;
    Checks.BeginSourceFile(Lang, PP);
  }
  void EndSourceFile() override { Checks.EndSourceFile(); }
  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override;

  /// What kept the file from being analysed.
  std::optional<Failure> error() const { return Begun ? SourceError : ArgumentError; }
  bool begun() const { return Begun; }

private:
  clang::DiagnosticConsumer &Checks;
  bool Begun = false;
  std::optional<Failure> SourceError, ArgumentError;
};

/// Passes on what the checks say, and keeps what NOLINT comments suppress of it.
class SuppressionListener final : public clang::DiagnosticConsumer {
public:
  struct Suppressed {
    std::string Check, Message, File;
    unsigned Offset;
  };

  SuppressionListener(clang::tidy::ClangTidyContext &Context, clang::DiagnosticConsumer &Checks)
      : Context(Context), Checks(Checks) {}

  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override;

  const std::vector<Suppressed> &all() const { return All; }

private:
  clang::tidy::ClangTidyContext &Context;
  clang::DiagnosticConsumer &Checks;
  std::vector<Suppressed> All;
};

} // namespace tether::tool

#endif
