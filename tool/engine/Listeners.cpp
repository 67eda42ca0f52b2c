#include "tool/engine/Listeners.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace tether::tool {

void CompilerListener::HandleDiagnostic(DiagnosticsEngine::Level Level,
                                        const clang::Diagnostic &Info) {
  DiagnosticConsumer::HandleDiagnostic(Level, Info);
  auto &First = Begun ? SourceError : ArgumentError;
  if (Level < DiagnosticsEngine::Error || First)
    return;
  llvm::SmallString<128> Text;
  Info.FormatDiagnostic(Text);
  First.emplace();
  First->Message = Text.str().str();
  if (!Info.hasSourceManager() || Info.getLocation().isInvalid())
    return;
  PresumedLoc At = Info.getSourceManager().getPresumedLoc(Info.getLocation());
  if (At.isInvalid())
    return;
  First->Where.File = At.getFilename();
  First->Where.At.Line = At.getLine();
  First->Where.At.Column = First->Where.At.Character = At.getColumn();
}

void SuppressionListener::HandleDiagnostic(DiagnosticsEngine::Level Level,
                                           const clang::Diagnostic &Info) {
  const unsigned Before = Context.getStats().ErrorsIgnoredNOLINT;
  // LLVM 19 forgets a diagnostic that it suppresses: what it says is read before.
  llvm::SmallString<128> Text;
  Info.FormatDiagnostic(Text);
  std::string Check = Context.getCheckName(Info.getID());
  Checks.HandleDiagnostic(Level, Info);
  if (Context.getStats().ErrorsIgnoredNOLINT == Before || !Info.hasSourceManager())
    return;
  const SourceManager &SM = Info.getSourceManager();
  SourceLocation Where = SM.getFileLoc(Info.getLocation());
  if (SM.isInSystemHeader(Where))
    return;
  llvm::StringRef Message = Text;
  Message.consume_back(" [" + Check + "]");
  All.push_back({Check, Message.str(), SM.getFilename(Where).str(), SM.getFileOffset(Where)});
}

} // namespace tether::tool
