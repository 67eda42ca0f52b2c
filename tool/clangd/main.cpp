// tether-clangd: clangd with our checks linked in, visible with no configuration at all.
//
// clangd shows a clang-tidy check when the configuration asks for it and it is known to be fast.
// Both answers come from functions of clangd that the linker routes through here (--wrap in
// CMakeLists.txt), so that ours are its default checks like those it chose itself. A configuration
// written as a file would not do: clangd lets the user's own file win over the project's, and any
// check asked for in a file switches its default checks off.
//
// While somebody types, a file is rebuilt without ours; Documents.h says how that goes.
#include "Clangd.h"
#include "Debounce.h"
#include "Documents.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang-tidy/GlobList.h"
#if LLVM_VERSION_MAJOR < 22
#include "clang-tidy/ClangTidyModuleRegistry.h"
#endif
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
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

TidyProvider realDefaultChecks() __asm__("__real__ZN5clang6clangd20provideDefaultChecksEv");
TidyProvider ourDefaultChecks() __asm__("__wrap__ZN5clang6clangd20provideDefaultChecksEv");

/// Whether one of ours is among the checks of a list.
static bool hasOurs(llvm::StringRef Checks) {
  static const auto Ours = [] {
    tidy::ClangTidyCheckFactories All;
    for (const auto &Module : tidy::ClangTidyModuleRegistry::entries())
      Module.instantiate()->addCheckFactories(All);
    std::vector<std::string> Names;
    for (const auto &Check : All)
      if (Check.getKey().starts_with("tether-"))
        Names.push_back(Check.getKey().str());
    return Names;
  }();
  tidy::GlobList List(Checks);
  return llvm::any_of(Ours, [&](llvm::StringRef Name) { return List.contains(Name); });
}

/// The last step in making the list of checks of a file, after .clang-tidy and .clangd files. Ours
/// go in front of the list, so that every word of the user's, like `-*` or `-tether-*`, counts.
/// clangd asks for the list each time it builds the file.
TidyProvider ourDefaultChecks() {
  static const TidyProvider Default = realDefaultChecks();
  static const auto WithOurs = [](tidy::ClangTidyOptions &Options, llvm::StringRef File) {
    Default(Options, File);
    std::string Users = Options.Checks.value_or("");
    std::string All = "tether-*," + Users;
    bool Wanted = tether::documents().startBuild(File, hasOurs(All));
    Options.Checks = Wanted ? All : Users + ",-tether-*";
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

/// Makes a file's command fit for clangd.
class CommandMangler {
public:
  void real(tooling::CompileCommand &Command, llvm::StringRef File) const __asm__(
      "__real__ZNK5clang6clangd14CommandManglerclERNS_7tooling14CompileCommandEN4llvm9StringRefE");
  void ours(tooling::CompileCommand &Command, llvm::StringRef File) const __asm__(
      "__wrap__ZNK5clang6clangd14CommandManglerclERNS_7tooling14CompileCommandEN4llvm9StringRefE");
};

/// clangd does not build a file again when neither text nor command have changed. The output's name
/// is part of the command there, but not where clangd asks whether it can still use what it has
/// read of the headers; nothing else in it looks at that name.
void CommandMangler::ours(tooling::CompileCommand &Command, llvm::StringRef File) const {
  real(Command, File);
  // The command of a header may be that of a file which includes it.
  auto Built = TUScheduler::getFileBeingProcessedInContext().value_or(File);
  if (std::string Generation = tether::documents().generation(Built); !Generation.empty())
    Command.Output = Generation;
}

/// What the editor is shown. clangd knows the pages of clang-tidy's own checks, and takes every
/// check for one of these; ours lead to our pages.
class OurTransport final : public Transport {
public:
  explicit OurTransport(std::unique_ptr<Transport> Real) : Real(std::move(Real)) {}

  void notify(llvm::StringRef Method, llvm::json::Value Params) override {
    if (Method == "textDocument/publishDiagnostics")
      if (llvm::json::Object *Message = Params.getAsObject())
        if (llvm::json::Array *Diagnostics = Message->getArray("diagnostics")) {
          for (llvm::json::Value &D : *Diagnostics)
            link(D.getAsObject());
          tether::documents().publish(Message->getString("uri").value_or(""),
                                      Message->getInteger("version"), *Diagnostics);
        }
    Real->notify(Method, std::move(Params));
  }
  void call(llvm::StringRef Method, llvm::json::Value Params, llvm::json::Value Id) override {
    Real->call(Method, std::move(Params), std::move(Id));
  }
  void reply(llvm::json::Value Id, llvm::Expected<llvm::json::Value> Result) override {
    if (Id.getAsString() == tether::Debounce::ReadId)
      return llvm::consumeError(Result.takeError());
    Real->reply(std::move(Id), std::move(Result));
  }
  llvm::Error loop(MessageHandler &Handler) override {
    tether::Debounce Debounced(Handler);
    return Real->loop(Debounced);
  }

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
  return std::make_unique<OurTransport>(realTransport(In, Out, Mirror, Pretty, Style));
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
