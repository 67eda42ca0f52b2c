// The checks and the API tables as plain data, for all who list, explain or describe them. Only
// Catalog.cpp knows where they come from.
#ifndef TETHER_TOOL_ENGINE_CATALOG_H
#define TETHER_TOOL_ENGINE_CATALOG_H

#include "tool/engine/Result.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace clang {
class ASTConsumer;
}

namespace tether::tool {

struct OptionEntry {
  std::string Name;
  std::string Default;
  std::string Doc;
};

struct CheckEntry {
  std::string Name; ///< "tether-detached-thread"
  std::string Summary;
  std::string Fix; ///< "none", "sometimes" or "always"
  std::vector<OptionEntry> Options;
  std::string Page; ///< Markdown, empty if the build embedded none
};

/// Sorted by name.
llvm::ArrayRef<CheckEntry> allChecks();

/// The scopes whose interleavings were explored since the last call, and those that were given up.
std::pair<unsigned, unsigned> takeScopes();
/// By name, with or without "tether-".
const CheckEntry *findCheck(llvm::StringRef Name);
/// The known name nearest to a mistyped one, empty if none is near.
std::string nearestCheck(llvm::StringRef Name);

/// One line of an API table.
struct ModelEntry {
  bool IsType = false;
  std::string Name;
  std::string Is;    ///< its role or kind
  std::string Text;  ///< the entry as it may be written in a table
  std::string Where; ///< "std.yaml:12"
};

/// The tables compiled in, types before calls.
std::vector<ModelEntry> builtinModel();
/// The built-in tables with the file's entries added; the error has one "file:line:column: text" a
/// line.
llvm::Expected<std::vector<ModelEntry>> readModel(const std::string &File);
/// A class whose role was found in its methods.
struct InferredEntry {
  std::string Why;
  std::string Where; ///< "/src/Queue.h:12"
  ModelEntry Type;
  std::vector<std::pair<ModelEntry, std::string>> Calls; ///< and why
};
/// Adds the classes of a translation unit to \p Found, by name; \p File decides about the tables.
std::unique_ptr<clang::ASTConsumer> inferenceOf(std::string File, std::vector<std::string> Models,
                                                std::map<std::string, InferredEntry> &Found);
/// Writes the threads whose interleavings are explored, and what each of them does.
std::unique_ptr<clang::ASTConsumer> scopesOf(std::string File, std::vector<std::string> Models,
                                             llvm::raw_ostream &Out);

/// Writes the events of each function of a translation unit, for whoever works on the checks.
std::unique_ptr<clang::ASTConsumer> eventsOf(std::string File, std::vector<std::string> Models,
                                             llvm::raw_ostream &Out);

/// Reads all tables that the analysis of \p Files will need, those found upwards included.
llvm::Error checkModels(llvm::ArrayRef<std::string> Files, llvm::ArrayRef<std::string> Models);

/// The `.tether.yaml` that the analysis of a file reads, empty if there is none.
std::string tableFoundFor(llvm::StringRef File);

/// What is known of a word without which some check has nothing to say.
struct WordUse {
  /// Those that give it a meaning: the name of one of them has to be seen as well. None: it always
  /// has one.
  std::set<std::string> Libraries;
  bool IsClass = false; ///< there may be objects of it without its name, by deduced types
};
using WordList = llvm::StringMap<WordUse>;

/// The words without which no check has anything to say about a file: the names in its tables that
/// a defect can begin with, and the language's own means of concurrency.
const WordList &wordsOfInterest(llvm::StringRef File, llvm::ArrayRef<std::string> Models);

/// Comments in the text of a file that suppress findings of ours by name; places without a file.
std::vector<Mark> marksIn(llvm::StringRef Text);
/// Whether a mark suppresses what the check of that name reports.
bool covers(const Mark &M, llvm::StringRef Check, unsigned Line);

} // namespace tether::tool

#endif
