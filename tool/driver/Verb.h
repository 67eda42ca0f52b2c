// A verb of the command line, `tether check` and its siblings: one file each, which registers its
// name, its options (cl::sub(TheVerb)) and the function that does it.
#ifndef TETHER_TOOL_DRIVER_VERB_H
#define TETHER_TOOL_DRIVER_VERB_H

#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace tether::tool {

/// The exit status is part of the interface; scripts rely on it.
enum ExitStatus {
  Clean = 0,
  HasFindings = 1,
  WrongInput = 2,    ///< usage, options, configuration, files that are not there
  NotAllAnalysed = 3 ///< some files could not be; the rest was
};

struct Invocation {
  /// What stands after `--`, null without one.
  std::unique_ptr<clang::tooling::FixedCompilationDatabase> Flags;
};

class Verb : public llvm::cl::SubCommand {
public:
  using Runner = ExitStatus (*)(Invocation &);
  Verb(llvm::StringRef Name, llvm::StringRef Description, Runner Run);

  ExitStatus run(Invocation &I) const { return Run(I); }
  static llvm::ArrayRef<Verb *> all();

private:
  Runner Run;
};

/// Options of our verbs carry it; those that come with LLVM's libraries do not, and stay hidden.
llvm::cl::OptionCategory &ourOptions();

/// Prints "tether: error: text" for each line of the error.
ExitStatus fail(llvm::Error E);
void complain(llvm::StringRef Text);

} // namespace tether::tool

#endif
