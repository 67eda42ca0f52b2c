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

std::optional<int64_t> stepOf(llvm::StringRef Method, std::optional<int64_t> By) {
  static constexpr llvm::StringRef One[] = {"push",    "push_back",    "push_front",   "enqueue",
                                            "emplace", "emplace_back", "emplace_front"};
  static constexpr llvm::StringRef Less[] = {"pop", "pop_back", "pop_front", "dequeue"};
  if (Method == "fetch_add")
    return By;
  if (Method == "fetch_sub" && By)
    return -*By;
  return llvm::is_contained(One, Method)    ? std::optional<int64_t>(1)
         : llvm::is_contained(Less, Method) ? std::optional<int64_t>(-1)
                                            : std::nullopt;
}

std::optional<int64_t> leaves(llvm::StringRef Method) {
  return Method == "clear" || Method == "reset" ? std::optional<int64_t>(0)
         : Method == "test_and_set"             ? std::optional<int64_t>(1)
                                                : std::nullopt;
}

bool assigns(llvm::StringRef Method) {
  return Method == "store" || Method == "exchange" || Method == "assign";
}

bool mayThrow(llvm::StringRef Method) { return Method == "at" || Method == "value"; }

bool refusesSend(llvm::StringRef Exception) {
  return llvm::is_contained({"std::future_error", "boost::future_error",
                             "boost::promise_already_satisfied", "folly::PromiseAlreadySatisfied"},
                            Exception);
}

bool tellsFailure(llvm::StringRef Name) {
  static constexpr llvm::StringRef Whole[] = {
      "ec",    "err",    "error",         "errno",           "error_code", "ok",   "success",
      "rc",    "status", "exception_ptr", "error_condition", "optional",   "good", "succeeded",
      "valid", "result", "expected",      "outcome",         "StatusOr",   "errc"};
  static constexpr llvm::StringRef Parts[] = {"error", "fail", "success", "exception"};
  Name = Name.trim('_');
  return llvm::any_of(Whole, [&](llvm::StringRef W) { return Name.equals_insensitive(W); }) ||
         llvm::any_of(Parts, [&](llvm::StringRef P) { return Name.contains_insensitive(P); });
}
bool replaces(llvm::StringRef Function) { return Function == "exchange"; }

bool exchangesIf(llvm::StringRef Method) { return Method.starts_with("compare_exchange"); }

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
