// Comments by which the author of the code allows a finding:
//
//   // tether: allow(detached-thread) the logger lives as long as the process
//
// Such a comment covers its own line; alone on its line, the next line of code. It suppresses what
// the checks named report there, in clang-tidy, in clangd and in the tool alike. Works on text, so
// that all three can ask; a comment inside of a string literal counts as one.
#ifndef TETHER_REPORT_ALLOW_H
#define TETHER_REPORT_ALLOW_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace tether {

struct Allowance {
  unsigned Line = 0;            ///< of the comment, from 1
  unsigned Column = 0;          ///< of the word "tether", in bytes, from 1
  unsigned Covers = 0;          ///< the line that it is about
  std::vector<std::string> Ids; ///< as written, with or without "tether-"
  std::string Reason;

  bool names(llvm::StringRef Id) const;
};

/// All in the text of a file, in order.
std::vector<Allowance> allowancesIn(llvm::StringRef Text);

} // namespace tether

#endif
