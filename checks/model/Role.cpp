#include "model/Role.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ErrorHandling.h"

using namespace tether;

llvm::StringRef tether::spelling(Role R) {
  switch (R) {
#define TETHER_ROLE(Name, Spelling)                                                                \
  case Role::Name:                                                                                 \
    return Spelling;
    TETHER_ROLES(TETHER_ROLE)
#undef TETHER_ROLE
  }
  llvm_unreachable("a role without spelling");
}

std::optional<Role> tether::parseRole(llvm::StringRef Word) {
  return llvm::StringSwitch<std::optional<Role>>(Word)
#define TETHER_ROLE(Name, Spelling) .Case(Spelling, Role::Name)
      TETHER_ROLES(TETHER_ROLE)
#undef TETHER_ROLE
          .Default(std::nullopt);
}

llvm::StringRef tether::spelling(TypeKind K) {
  switch (K) {
#define TETHER_KIND(Name, Spelling)                                                                \
  case TypeKind::Name:                                                                             \
    return Spelling;
    TETHER_KINDS(TETHER_KIND)
#undef TETHER_KIND
  }
  llvm_unreachable("a kind of type without spelling");
}

std::optional<TypeKind> tether::parseTypeKind(llvm::StringRef Word) {
  return llvm::StringSwitch<std::optional<TypeKind>>(Word)
#define TETHER_KIND(Name, Spelling) .Case(Spelling, TypeKind::Name)
      TETHER_KINDS(TETHER_KIND)
#undef TETHER_KIND
          .Default(std::nullopt);
}
