// The list of checks, filled by static registration: one line at the end of each rule.
#ifndef TETHER_REGISTRY_H
#define TETHER_REGISTRY_H

#include "Check.h"
#include "llvm/ADT/ArrayRef.h"
#include <memory>

namespace tether {

struct RegisteredCheck {
  const CheckInfo *Info;
  std::unique_ptr<Check> (*Make)();
};

/// Every check, sorted by id.
llvm::ArrayRef<RegisteredCheck> registeredChecks();

bool registerCheck(RegisteredCheck C);

#define REGISTER_CHECK(Class)                                                                      \
  static const bool Registered = ::tether::registerCheck(                                          \
      {&Class::Info, [] { return std::unique_ptr<::tether::Check>(std::make_unique<Class>()); }});

} // namespace tether

#endif
