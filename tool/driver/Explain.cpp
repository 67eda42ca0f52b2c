// tether explain: the page of a check.
#include "tool/driver/Verb.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Project.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

ExitStatus explain(Invocation &);
Verb ExplainVerb("explain", "say what a check finds, why it matters and what to do", explain);

cl::opt<std::string> Id(cl::Positional, cl::desc("ID"), cl::Required, cl::sub(ExplainVerb),
                        cl::cat(ourOptions()));

ExitStatus explain(Invocation &) {
  const CheckEntry *C = findCheck(Id);
  if (!C) {
    std::string Near = nearestCheck(Id);
    return fail(inputError(
        "there is no check '" + Id + "'" +
        (Near.empty() ? "; 'tether list' shows them all" : "; did you mean '" + Near + "'?")));
  }
  if (C->Page.empty())
    llvm::outs() << C->Name << ": " << C->Summary << '\n';
  else
    llvm::outs() << llvm::StringRef(C->Page).rtrim() << '\n';
  return Clean;
}

} // namespace
} // namespace tether::tool
