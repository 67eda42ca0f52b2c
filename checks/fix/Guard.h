// Objects that settle something at the end of their block, on every way out.
#ifndef TETHER_FIX_GUARD_H
#define TETHER_FIX_GUARD_H

#include "fix/Editor.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <set>

namespace tether {

/// How a code base writes them. By default a struct of its own, which needs no header.
class GuardStyle {
public:
  /// `<header> declaration` with {name} and {action}: `<absl/cleanup/cleanup.h> absl::Cleanup
  /// {name} = [&] { {action} };`; the header may be left out. Empty for the default.
  explicit GuardStyle(llvm::StringRef Option);

  /// Adds one behind the statement of \p F at \p At. \p Name is the local that it is about, and
  /// \p Action the statements that settle an object of a given name.
  void add(Editor &E, const Program &P, const Function &F, clang::SourceLocation At,
           llvm::StringRef Name, llvm::function_ref<std::string(llvm::StringRef)> Action,
           Names &Given) const;

private:
  Idiom Own;
};

} // namespace tether

#endif
