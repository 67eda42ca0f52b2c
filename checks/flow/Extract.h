// From the AST of a translation unit to functions of events: the one walk over function bodies that
// all checks share.
#ifndef TETHER_FLOW_EXTRACT_H
#define TETHER_FLOW_EXTRACT_H

#include "flow/Function.h"

namespace clang {
class ASTContext;
}

namespace tether {

class ApiTable;

/// The functions with a body outside system headers, lambdas and instantiations included.
Extraction extract(clang::ASTContext &AST, const ApiTable &Table);

} // namespace tether

#endif
