#include "tool/engine/Configuration.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

using namespace clang::tidy;

namespace tether::tool {
namespace {

/// Nothing for a file with a mistake; clang-tidy's reader prints a line of its own when told so.
ClangTidyOptions parseConfig(llvm::MemoryBufferRef Text, llvm::raw_ostream &Errors) {
  bool Said = false; // the YAML reader goes on after a mistake; what it says then is its confusion
  auto Parsed = parseConfigurationWithDiags(Text, [&](const llvm::SMDiagnostic &D) {
    if (!std::exchange(Said, true))
      Errors << Text.getBufferIdentifier() << ':' << D.getLineNo() << ": " << D.getMessage()
             << '\n';
  });
  return Parsed ? *Parsed : ClangTidyOptions();
}

/// The `.clang-tidy` files found upwards. Says itself what is wrong in them.
class FoundConfiguration final : public FileOptionsProvider {
public:
  FoundConfiguration(const ClangTidyOptions &Default, const ClangTidyOptions &Override,
                     llvm::raw_ostream &Errors)
      : FileOptionsProvider(ClangTidyGlobalOptions(), Default, Override,
                            llvm::vfs::getRealFileSystem()) {
    // The constructor that takes handlers leaves the file system null in LLVM 22.
    ConfigHandlers = {{".clang-tidy", [&Errors](llvm::MemoryBufferRef Text) {
                         return parseConfig(Text, Errors);
                       }}};
  }
};

} // namespace

Configuration::Configuration(const AnalysisOptions &Options, llvm::raw_ostream &Errors)
    : Asked(Options.Checks) {
  ClangTidyOptions Default = ClangTidyOptions::getDefaults();
  Default.Checks = "tether-*";
  Default.HeaderFilterRegex = ".*";

  ClangTidyOptions Override;
  Override.CheckOptions["ReportAllowed"] = "true"; // to be able to list them
  if (!Options.Models.empty())
    Override.CheckOptions["Model"] = llvm::StringRef(llvm::join(Options.Models, ";"));

  if (Options.ConfigFile.empty()) {
    Inner = std::make_unique<FoundConfiguration>(Default, Override, Errors);
    return;
  }
  ClangTidyOptions Config;
  auto Text = llvm::MemoryBuffer::getFile(Options.ConfigFile);
  if (!Text)
    Errors << Options.ConfigFile << ": " << Text.getError().message() << '\n';
  else
    Config = parseConfig(**Text, Errors);
  Inner = std::make_unique<ConfigOptionsProvider>(ClangTidyGlobalOptions(), Default, Config,
                                                  Override, llvm::vfs::getRealFileSystem());
}

std::vector<ClangTidyOptionsProvider::OptionsSource>
Configuration::getRawOptions(llvm::StringRef File) {
  // clang-tidy would print a complaint of its own about a directory that is not there.
  llvm::StringRef Directory = llvm::sys::path::parent_path(File);
  std::vector<OptionsSource> Sources =
      Inner->getRawOptions(llvm::sys::fs::is_directory(Directory) ? File : "/none");
  // A project that lists its clang-tidy checks without a word on ours has not turned them off.
  auto Mentions = [](const OptionsSource &S) {
    return S.first.Checks && llvm::StringRef(*S.first.Checks).contains("tether");
  };
  llvm::SmallVector<std::string> Words;
  if (llvm::none_of(llvm::drop_begin(Sources), Mentions))
    Words.push_back("tether-*");
  if (!Asked.empty())
    Words.push_back(Asked);
  // Clang's static analyzer is part of clang-tidy's library and would listen to `*`.
  Words.push_back("-clang-analyzer-*");
  ClangTidyOptions Last;
  Last.Checks = llvm::join(Words, ",");
  Sources.emplace_back(Last, "tether");
  return Sources;
}

llvm::Error checkConfiguration(llvm::ArrayRef<std::string> Files, const AnalysisOptions &Options) {
  std::string Mistakes;
  llvm::raw_string_ostream OS(Mistakes);
  Configuration Config(Options, OS);
  llvm::StringSet<> Seen;
  for (const std::string &File : Files)
    if (Seen.insert(llvm::sys::path::parent_path(File)).second)
      Config.getRawOptions(File);
  llvm::StringRef Text = llvm::StringRef(Mistakes).trim();
  if (Text.empty())
    return llvm::Error::success();
  // A file above several directories may have been read, and complained about, several times.
  llvm::SmallVector<llvm::StringRef> Lines;
  Text.split(Lines, '\n');
  llvm::SetVector<llvm::StringRef> Once(Lines.begin(), Lines.end());
  return llvm::createStringError(llvm::inconvertibleErrorCode(), llvm::join(Once, "\n"));
}

} // namespace tether::tool
