#include "Debounce.h"
#include "Documents.h"

namespace tether {

Debounce::Debounce(MessageHandler &Real)
    : Real(Real), Waiting([this](std::stop_token Stop) { settleAfterPauses(Stop); }) {}

/// Documents hear of a change before clangd does: no build of it begins as if it were settled.
static void watch(llvm::StringRef Method, const llvm::json::Value &Params) {
  const llvm::json::Object *Message = Params.getAsObject();
  const llvm::json::Object *Document = Message ? Message->getObject("textDocument") : nullptr;
  auto Uri = Document ? Document->getString("uri") : std::nullopt;
  if (!Uri)
    return;
  if (Method == "textDocument/didOpen")
    documents().opened(*Uri, Document->getInteger("version"));
  else if (Method == "textDocument/didSave")
    documents().saved(*Uri);
  else if (Method == "textDocument/didClose")
    documents().closed(*Uri);
  else if (Method == "textDocument/didChange")
    if (const llvm::json::Array *Changes = Message->getArray("contentChanges"))
      documents().changed(*Uri, Document->getInteger("version"), *Changes);
}

bool Debounce::onNotify(llvm::StringRef Method, llvm::json::Value Params) {
  std::lock_guard Held(Turn);
  watch(Method, Params);
  return Real.onNotify(Method, std::move(Params));
}

bool Debounce::onCall(llvm::StringRef Method, llvm::json::Value Params, llvm::json::Value Id) {
  std::lock_guard Held(Turn);
  return Real.onCall(Method, std::move(Params), std::move(Id));
}

bool Debounce::onReply(llvm::json::Value Id, llvm::Expected<llvm::json::Value> Result) {
  std::lock_guard Held(Turn);
  return Real.onReply(std::move(Id), std::move(Result));
}

void Debounce::settleAfterPauses(std::stop_token Stop) {
  while (true) {
    documents().waitForPause(Stop);
    // From here on no change comes in between; one that came before has moved the pause.
    std::lock_guard Held(Turn);
    if (Stop.stop_requested())
      return;
    for (const Documents::Pause &P : documents().settle())
      rebuild(P);
  }
}

void Debounce::rebuild(const Documents::Pause &P) {
  using llvm::json::Object;
  auto ChangeNothing = [&](Object Message) {
    Message["textDocument"] = Object{{"uri", P.Uri}, {"version", P.Version}};
    Message["contentChanges"] = llvm::json::Array();
    Real.onNotify("textDocument/didChange", std::move(Message));
  };
  // The text stays, but the command looks new (CommandMangler in main.cpp): the build is stale.
  ChangeNothing(Object({{"wantDiagnostics", false}}));
  // Who reads has it built at once. For a change with diagnostics clangd would wait for more
  // changes first, the longer the more the builds for such changes take: ours must not count there.
  Real.onCall("textDocument/documentLink", Object{{"textDocument", Object{{"uri", P.Uri}}}},
              ReadId);
  // It is built already, so this only shows the diagnostics.
  ChangeNothing(Object());
}

} // namespace tether
