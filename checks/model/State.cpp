#include "model/State.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

Change changedBy(llvm::StringRef Method) {
  static constexpr llvm::StringRef Up[] = {
      "push",        "push_back",    "push_front",    "enqueue",  "append",
      "emplace",     "emplace_back", "insert",        "add",      "insert_or_assign",
      "try_emplace", "fetch_add",    "emplace_front", "fetch_or", "test_and_set"};
  static constexpr llvm::StringRef Down[] = {"pop",    "pop_back", "pop_front", "dequeue",  "erase",
                                             "remove", "clear",    "reset",     "fetch_sub"};
  return llvm::is_contained(Up, Method)     ? Change::Up
         : llvm::is_contained(Down, Method) ? Change::Down
                                            : Change::Unknown;
}

bool assigns(llvm::StringRef Method) {
  return Method == "store" || Method == "exchange" || Method == "assign";
}

Change askedBy(llvm::StringRef Method) {
  // (An exchange gives what was there before.)
  static constexpr llvm::StringRef Up[] = {"size",      "count", "length", "load",
                                           "has_value", "test",  "value",  "exchange"};
  static constexpr llvm::StringRef Down[] = {"empty", "isEmpty", "is_empty"};
  return llvm::is_contained(Up, Method)     ? Change::Up
         : llvm::is_contained(Down, Method) ? Change::Down
                                            : Change::Unknown;
}

} // namespace tether
