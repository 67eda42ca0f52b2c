// Finds the way to an address in a plan that takes long to read.
#pragma once
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace mailroom {

class Router {
public:
  /// The line that serves \p Street; nothing for an unknown or impossible one.
  std::optional<int> lineTo(const std::string &Street);

private:
  void readPlan(std::stop_token Stop);
  std::optional<int> known(const std::string &Street) const;

  mutable std::mutex Mutex;
  std::map<std::string, int> Lines;
};

} // namespace mailroom
