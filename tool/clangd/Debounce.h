// Watches what the editor says, and has clangd build a document once more when typing has paused.
#ifndef TETHER_CLANGD_DEBOUNCE_H
#define TETHER_CLANGD_DEBOUNCE_H

#include "Clangd.h"
#include "Documents.h"
#include <mutex>
#include <stop_token>
#include <thread>

namespace tether {

/// Stands before clangd's own handler of messages, which is to be called by one thread at a time.
class Debounce final : public clang::clangd::Transport::MessageHandler {
public:
  explicit Debounce(MessageHandler &Real);

  bool onNotify(llvm::StringRef Method, llvm::json::Value Params) override;
  bool onCall(llvm::StringRef Method, llvm::json::Value Params, llvm::json::Value Id) override;
  bool onReply(llvm::json::Value Id, llvm::Expected<llvm::json::Value> Result) override;

  /// The id of our own requests, whose answers are not for the editor.
  static constexpr llvm::StringLiteral ReadId = "tether-clangd";

private:
  void settleAfterPauses(std::stop_token Stop);
  void rebuild(const Documents::Pause &P);

  MessageHandler &Real;
  std::mutex Turn; // held around each call of Real
  std::jthread Waiting;
};

} // namespace tether

#endif
