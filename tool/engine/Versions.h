// What the tool has to say differently to the LLVM versions we build with (19 and 22).
#ifndef TETHER_TOOL_ENGINE_VERSIONS_H
#define TETHER_TOOL_ENGINE_VERSIONS_H

#include "clang-tidy/ClangTidyDiagnosticConsumer.h"
#include "clang/Basic/Diagnostic.h"
#include "llvm/Config/llvm-config.h"

namespace tether::tool {

/// The engine through which the checks of \p Context report to \p Consumer.
inline std::unique_ptr<clang::DiagnosticsEngine>
attachEngine(clang::tidy::ClangTidyContext &Context, clang::DiagnosticConsumer &Consumer) {
  llvm::IntrusiveRefCntPtr<clang::DiagnosticIDs> Ids(new clang::DiagnosticIDs);
#if LLVM_VERSION_MAJOR >= 22
  auto Options = std::make_unique<clang::DiagnosticOptions>();
  auto Engine = std::make_unique<clang::DiagnosticsEngine>(Ids, *Options, &Consumer,
                                                           /*ShouldOwnClient=*/false);
  Context.setDiagnosticsEngine(std::move(Options), Engine.get());
#else
  auto Engine = std::make_unique<clang::DiagnosticsEngine>(Ids, new clang::DiagnosticOptions,
                                                           &Consumer, /*ShouldOwnClient=*/false);
  Context.setDiagnosticsEngine(Engine.get());
#endif
  return Engine;
}

/// Arguments that `.clang-tidy` wants gone; LLVM 19 knows no such key.
inline std::vector<std::string> removedArgs(const clang::tidy::ClangTidyOptions &Options) {
#if LLVM_VERSION_MAJOR >= 22
  return Options.RemovedArgs.value_or(std::vector<std::string>());
#else
  return {};
#endif
}

} // namespace tether::tool

#endif
