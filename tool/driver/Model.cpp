// tether model: which call of which library does what; checks tables that users write; what is
// found out about the project's own classes.
#include "tool/driver/Verb.h"
#include "tool/engine/Analyze.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace cl = llvm::cl;

namespace tether::tool {
namespace {

ExitStatus model(Invocation &);
Verb ModelVerb("model",
               "print the built-in API tables, validate the table files named, or show what is "
               "inferred of a project",
               model);

cl::list<std::string> Files(cl::Positional, cl::desc("[FILE...]"), cl::sub(ModelVerb),
                            cl::cat(ourOptions()));
cl::opt<bool> Inferred("inferred",
                       cl::desc("Show which classes of the project are queues, latches, pools and "
                                "the like, and why, as a table; FILEs are sources"),
                       cl::sub(ModelVerb), cl::cat(ourOptions()));
cl::opt<bool> Events("events",
                     cl::desc("Show what the analysis sees in each function; FILEs are sources"),
                     cl::Hidden, cl::sub(ModelVerb), cl::cat(ourOptions()));
cl::opt<bool> Scopes("scopes",
                     cl::desc("Show the threads whose interleavings are explored; FILEs are "
                              "sources"),
                     cl::Hidden, cl::sub(ModelVerb), cl::cat(ourOptions()));
cl::opt<bool> ParseAllBodies("parse-all-bodies",
                             cl::desc("Parse the bodies in system headers too, as clang-tidy does"),
                             cl::Hidden, cl::sub(ModelVerb), cl::cat(ourOptions()));
cl::list<std::string> Models("model", cl::desc("With --inferred: API table to add"),
                             cl::value_desc("FILE"), cl::sub(ModelVerb), cl::cat(ourOptions()));
cl::opt<std::string> Build("p",
                           cl::desc("With --inferred: directory with compile_commands.json "
                                    "(default: searched for upwards)"),
                           cl::value_desc("DIR"), cl::sub(ModelVerb), cl::cat(ourOptions()));

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

void printInferred(const std::map<std::string, InferredEntry> &Classes, llvm::StringRef Root) {
  llvm::raw_ostream &OS = llvm::outs();
  if (Classes.empty()) {
    OS << "# nothing was inferred\n";
    return;
  }
  OS << "# Found in the classes themselves; lines in a .tether.yaml overrule it.\n"
     << "library: inferred\ntypes:\n";
  for (const auto &[Name, E] : Classes)
    OS << "# " << relativeTo(Root, E.Where) << ": " << E.Why << '\n' << E.Type.Text << '\n';
  OS << "calls:\n";
  for (const auto &[Name, E] : Classes)
    for (const auto &[Call, Why] : E.Calls)
      OS << Call.Text << "  # " << Why << '\n';
}

ExitStatus showAnalysis(Invocation &I) {
  ProjectRequest Request;
  Request.BuildDirectory = Build;
  Request.Paths.assign(Files.begin(), Files.end());
  Request.Flags = std::move(I.Flags);
  auto P = openProject(std::move(Request));
  if (!P)
    return fail(P.takeError());
  AnalysisOptions Options;
  Options.Root = P->Root;
  Options.ParseAllBodies = ParseAllBodies;
  for (const std::string &Model : Models)
    Options.Models.push_back(absolutePath(Model));
  std::vector<std::string> Sources;
  for (const Job &J : P->Jobs)
    Sources.push_back(J.File);
  if (llvm::Error E = checkModels(Sources, Options.Models))
    return fail(std::move(E));
  ExitStatus Status = Clean;
  std::map<std::string, InferredEntry> Found;
  for (const Job &J : P->Jobs)
    for (const auto &Command : J.Commands) {
      auto Reader = Events   ? eventsOf(J.File, Options.Models, llvm::outs())
                    : Scopes ? scopesOf(J.File, Options.Models, llvm::outs())
                             : inferenceOf(J.File, Options.Models, Found);
      if (std::optional<Failure> Failed = inspect(Command, Options, std::move(Reader))) {
        complain(relativeTo(P->Root, Failed->File) + ": " + Failed->Message);
        Status = NotAllAnalysed;
      }
    }
  if (Inferred)
    printInferred(Found, P->Root);
  return Status;
}

ExitStatus model(Invocation &I) {
  if (Inferred || Events || Scopes)
    return showAnalysis(I);
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
