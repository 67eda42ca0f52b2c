// tether-clangd: clangd with our checks linked in, visible with no configuration at all.
//
// clangd shows a clang-tidy check when the configuration asks for it and it is known to be fast.
// Both answers come from functions of clangd that the linker routes through here (--wrap in
// CMakeLists.txt), so that ours are its default checks like those it chose itself. A configuration
// written as a file would not do: clangd lets the user's own file win over the project's, and any
// check asked for in a file switches its default checks off.
#include "clang-tidy/ClangTidyOptions.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace clang::clangd {

int clangdMain(int ArgCount, char *Args[]); // clangd installs no headers

#if LLVM_VERSION_MAJOR >= 22
using TidyProvider = llvm::unique_function<void(tidy::ClangTidyOptions &, llvm::StringRef) const>;
#else
using TidyProvider = llvm::function_ref<void(tidy::ClangTidyOptions &, llvm::StringRef)>;
#endif

TidyProvider realDefaultChecks() __asm__("__real__ZN5clang6clangd20provideDefaultChecksEv");
TidyProvider ourDefaultChecks() __asm__("__wrap__ZN5clang6clangd20provideDefaultChecksEv");

/// The last step in making the list of checks of a file, after .clang-tidy and .clangd files. Ours
/// go in front of the list, so that every word of the user's, like `-*` or `-tether-*`, counts.
TidyProvider ourDefaultChecks() {
  static const TidyProvider Default = realDefaultChecks();
  static const auto WithOurs = [](tidy::ClangTidyOptions &Options, llvm::StringRef File) {
    Default(Options, File);
    Options.Checks = "tether-*," + Options.Checks.value_or("");
  };
  return WithOurs;
}

std::optional<bool> realIsFast(llvm::StringRef Check) __asm__(
    "__real__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");
std::optional<bool> ourIsFast(llvm::StringRef Check) __asm__(
    "__wrap__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");

std::optional<bool> ourIsFast(llvm::StringRef Check) {
  return Check.starts_with("tether-") ? std::optional(true) : realIsFast(Check);
}

/// Where the pages are installed, or stand in the sources; empty if nowhere.
static const std::string &pages() {
  static const std::string Found = [] {
    llvm::SmallString<256> Installed(llvm::sys::fs::getMainExecutable("tether-clangd", nullptr));
    llvm::sys::path::remove_filename(Installed);
    llvm::sys::path::append(Installed, "..", TETHER_INSTALLED_PAGES);
    for (llvm::StringRef Dir : {llvm::StringRef(Installed), llvm::StringRef(TETHER_SOURCE_PAGES)}) {
      llvm::SmallString<256> Real;
      if (!llvm::sys::fs::real_path(Dir, Real))
        return Real.str().str();
    }
    return std::string();
  }();
  return Found;
}

/// The page of a check as a URI; nothing where there is none.
static std::optional<std::string> pageUri(llvm::StringRef Check) {
  if (!Check.consume_front("tether-"))
    return std::nullopt;
  llvm::SmallString<256> Page(pages());
  llvm::sys::path::append(Page, Check + ".md");
  if (!llvm::sys::fs::exists(Page))
    return std::nullopt;
  std::string Uri = "file://";
  for (unsigned char C : Page)
    if (llvm::isAlnum(C) || llvm::StringRef("/-._~+@,=").contains(C))
      Uri += C;
    else
      Uri += "%" + llvm::utohexstr(C, /*LowerCase=*/false, /*Width=*/2);
  return Uri;
}

/// The way of messages between editor and clangd, as its header (which is not installed) has it.
class Transport {
public:
  class MessageHandler;
  virtual ~Transport() = default;
  virtual void notify(llvm::StringRef Method, llvm::json::Value Params) = 0;
  virtual void call(llvm::StringRef Method, llvm::json::Value Params, llvm::json::Value Id) = 0;
  virtual void reply(llvm::json::Value Id, llvm::Expected<llvm::json::Value> Result) = 0;
  virtual llvm::Error loop(MessageHandler &Handler) = 0;
};

/// clangd knows the pages of clang-tidy's own checks, and takes every check for one of these. Ours
/// lead to our pages.
class LinkingTransport final : public Transport {
public:
  explicit LinkingTransport(std::unique_ptr<Transport> Real) : Real(std::move(Real)) {}

  void notify(llvm::StringRef Method, llvm::json::Value Params) override {
    if (Method == "textDocument/publishDiagnostics")
      if (llvm::json::Object *Message = Params.getAsObject())
        if (llvm::json::Array *Diagnostics = Message->getArray("diagnostics"))
          for (llvm::json::Value &D : *Diagnostics)
            link(D.getAsObject());
    Real->notify(Method, std::move(Params));
  }
  void call(llvm::StringRef Method, llvm::json::Value Params, llvm::json::Value Id) override {
    Real->call(Method, std::move(Params), std::move(Id));
  }
  void reply(llvm::json::Value Id, llvm::Expected<llvm::json::Value> Result) override {
    Real->reply(std::move(Id), std::move(Result));
  }
  llvm::Error loop(MessageHandler &Handler) override { return Real->loop(Handler); }

private:
  static void link(llvm::json::Object *Diagnostic) {
    auto Check = Diagnostic ? Diagnostic->getString("code") : std::nullopt;
    if (!Check || !Check->starts_with("tether-") || !Diagnostic->get("codeDescription"))
      return;
    if (auto Uri = pageUri(*Check))
      (*Diagnostic)["codeDescription"] = llvm::json::Object{{"href", *Uri}};
    else
      Diagnostic->erase("codeDescription");
  }

  std::unique_ptr<Transport> Real;
};

using Output = llvm::raw_ostream;
std::unique_ptr<Transport>
realTransport(std::FILE *In, Output &Out, Output *Mirror, bool Pretty, int Style) __asm__(
    "__real__ZN5clang6clangd16newJSONTransportEP8_IO_FILERN4llvm11raw_ostreamEPS4_"
    "bNS0_15JSONStreamStyleE");
std::unique_ptr<Transport>
ourTransport(std::FILE *In, Output &Out, Output *Mirror, bool Pretty, int Style) __asm__(
    "__wrap__ZN5clang6clangd16newJSONTransportEP8_IO_FILERN4llvm11raw_ostreamEPS4_"
    "bNS0_15JSONStreamStyleE");

std::unique_ptr<Transport> ourTransport(std::FILE *In, Output &Out, Output *Mirror, bool Pretty,
                                        int Style) {
  return std::make_unique<LinkingTransport>(realTransport(In, Out, Mirror, Pretty, Style));
}

} // namespace clang::clangd

int main(int ArgCount, char *Args[]) {
  std::vector<char *> All(Args, Args + ArgCount);
  auto NamesResourceDir = [](llvm::StringRef Arg) { return Arg.contains("-resource-dir"); };
  // clangd looks for the compiler's own headers beside its binary, where ours has none.
  std::string ResourceDir = "--resource-dir=" TETHER_RESOURCE_DIR;
  if (llvm::none_of(All, NamesResourceDir) &&
      !NamesResourceDir(llvm::sys::Process::GetEnv("CLANGD_FLAGS").value_or("")))
    All.insert(All.begin() + 1, ResourceDir.data());
  All.push_back(nullptr);
  return clang::clangd::clangdMain(All.size() - 1, All.data());
}
