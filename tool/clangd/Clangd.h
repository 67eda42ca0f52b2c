// What we use of clangd, which installs no headers, as its own headers have it. A name that changes
// does not link; what changes under a name is found by test/clangd/pauses.test.
#ifndef TETHER_CLANGD_CLANGD_H
#define TETHER_CLANGD_CLANGD_H

#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <optional>
#include <string>

namespace clang::clangd {

int clangdMain(int ArgCount, char *Args[]);

/// Makes the clang-tidy options of a file.
#if LLVM_VERSION_MAJOR >= 22
using TidyProvider = llvm::unique_function<void(tidy::ClangTidyOptions &, llvm::StringRef) const>;
#else
using TidyProvider = llvm::function_ref<void(tidy::ClangTidyOptions &, llvm::StringRef)>;
#endif

/// The way of messages between editor and clangd.
class Transport {
public:
  /// Answers whether there is more to come.
  class MessageHandler {
  public:
    virtual ~MessageHandler() = default;
    virtual bool onNotify(llvm::StringRef Method, llvm::json::Value Params) = 0;
    virtual bool onCall(llvm::StringRef Method, llvm::json::Value Params, llvm::json::Value Id) = 0;
    virtual bool onReply(llvm::json::Value Id, llvm::Expected<llvm::json::Value> Result) = 0;
  };
  virtual ~Transport() = default;
  virtual void notify(llvm::StringRef Method, llvm::json::Value Params) = 0;
  virtual void call(llvm::StringRef Method, llvm::json::Value Params, llvm::json::Value Id) = 0;
  virtual void reply(llvm::json::Value Id, llvm::Expected<llvm::json::Value> Result) = 0;
  virtual llvm::Error loop(MessageHandler &Handler) = 0;
};

class URI {
public:
  /// The path that a URI stands for.
  static llvm::Expected<std::string> resolve(llvm::StringRef Uri, llvm::StringRef HintPath);
};

class TUScheduler {
public:
  /// The open file that the calling thread works for.
  static std::optional<llvm::StringRef> getFileBeingProcessedInContext();
};

} // namespace clang::clangd

#endif
