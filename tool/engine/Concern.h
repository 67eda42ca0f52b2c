// Whether a check could be about a file at all, from its tokens: no tree is built, and most files
// that are of interest show it in their own text.
//
//   words of the tables ──▶ text of the file ──none──▶ tokens after preprocessing ──none──▶ not
//   parsed
//
// What decides are the words of the file and of the project's headers, macros expanded. Standard
// headers do not count: nothing in them works without its name. Those of other libraries count when
// they are C++, where a destructor or a deduced type needs no name. A word that only some library
// gives a meaning needs the name of the library as well, be it in a header.
#ifndef TETHER_TOOL_ENGINE_CONCERN_H
#define TETHER_TOOL_ENGINE_CONCERN_H

#include "tool/engine/Catalog.h"
#include "clang/Basic/FileManager.h"
#include <string>
#include <vector>

namespace tether::tool {

/// A word in the text that is of interest with any library; comments and strings do not count.
std::string findWord(llvm::StringRef Text, const WordList &Words);

/// That \p Who mentions \p Word, as a reason.
std::string mentions(llvm::StringRef Who, llvm::StringRef Word);

/// Why the file has to be parsed; empty if no check could have something to say about it. Errs on
/// the safe side: what cannot be read has to be parsed.
std::string whyParse(const std::vector<std::string> &Arguments, llvm::StringRef File,
                     const WordList &Words, clang::FileManager &Files);

} // namespace tether::tool

#endif
