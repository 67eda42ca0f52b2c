#include "tool/driver/Verb.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/WithColor.h"

namespace tether::tool {

static std::vector<Verb *> &verbs() {
  static std::vector<Verb *> All;
  return All;
}

Verb::Verb(llvm::StringRef Name, llvm::StringRef Description, Runner Run)
    : SubCommand(Name, Description), Run(Run) {
  verbs().push_back(this);
}

llvm::ArrayRef<Verb *> Verb::all() { return verbs(); }

llvm::cl::OptionCategory &ourOptions() {
  static llvm::cl::OptionCategory Ours("Options");
  return Ours;
}

void complain(llvm::StringRef Text) {
  llvm::WithColor::error(llvm::errs(), "tether") << Text << '\n';
}

ExitStatus fail(llvm::Error E) {
  llvm::SmallVector<llvm::StringRef> Lines;
  std::string Text = llvm::toString(std::move(E));
  llvm::StringRef(Text).trim().split(Lines, '\n');
  for (llvm::StringRef Line : Lines)
    complain(Line);
  return WrongInput;
}

} // namespace tether::tool
