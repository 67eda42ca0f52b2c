// tether model: which call of which library does what; checks tables that users write.
#include "tool/driver/Verb.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

ExitStatus model(Invocation &);
Verb ModelVerb("model", "print the built-in API tables, or validate the table files named", model);

cl::list<std::string> Files(cl::Positional, cl::desc("[FILE...]"), cl::sub(ModelVerb),
                            cl::cat(ourOptions()));

void printBuiltin() {
  // Valid as a table itself.
  const std::vector<ModelEntry> Entries = builtinModel();
  for (bool Types : {true, false}) {
    llvm::outs() << (Types ? "types:\n" : "calls:\n");
    for (const ModelEntry &E : Entries)
      if (E.IsType == Types)
        llvm::outs() << E.Text << (E.Where.empty() ? "" : "  # " + E.Where) << '\n';
  }
}

ExitStatus model(Invocation &) {
  if (Files.empty()) {
    printBuiltin();
    return Clean;
  }
  ExitStatus Status = Clean;
  const size_t Builtin = builtinModel().size();
  for (const std::string &File : Files) {
    auto Entries = readModel(File);
    if (Entries)
      llvm::outs() << File << ": ok, " << Entries->size() - Builtin << " entries\n";
    else
      Status = fail(Entries.takeError());
  }
  return Status;
}

} // namespace
} // namespace tether::tool
