// What has to be rewritten to give a variable another type that is used alike.
//
//   declarations that must have the same type (moved, assigned, bound, handed on) ──▶ one group
//   each use of a group: does the other type allow it? ──▶ places to rewrite, or a reason not to
//
// Looks at the whole translation unit once, and only if there is a variable whose type has such a
// successor. What is not understood is a reason not to, which errs to no fix.
#ifndef TETHER_FLOW_RETYPE_H
#define TETHER_FLOW_RETYPE_H

#include "clang/Basic/SourceLocation.h"
#include <map>
#include <string>
#include <vector>

namespace tether {

class Resolver;
struct Idiom;
struct Symbol;

struct Retyping {
  const Idiom *To = nullptr;
  bool Declared = false;                 ///< the other type is known here already
  std::vector<clang::SourceRange> Where; ///< the old name of the type, in order
  std::string Refused;
};

using Retypings = std::map<const Symbol *, Retyping>;

Retypings findRetypings(Resolver &R);

} // namespace tether

#endif
