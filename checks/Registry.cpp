#include "Registry.h"
#include "llvm/ADT/STLExtras.h"
#include <vector>

namespace tether {

static std::vector<RegisteredCheck> &checks() {
  static std::vector<RegisteredCheck> All;
  return All;
}

bool registerCheck(RegisteredCheck C) {
  // Static initialisation order differs between plugin, tool and clangd; the id does not.
  auto &All = checks();
  All.insert(llvm::lower_bound(
                 All, C, [](const auto &A, const auto &B) { return A.Info->Id < B.Info->Id; }),
             C);
  return true;
}

llvm::ArrayRef<RegisteredCheck> registeredChecks() { return checks(); }

llvm::ArrayRef<OptionInfo> commonOptions() {
  static constexpr OptionInfo Common[] = {
      {"Strict", "false",
       "report doubt as well: an object that escapes to code that cannot be seen counts as kept"},
  };
  return Common;
}

} // namespace tether
