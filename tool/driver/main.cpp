// tether: the checks over whole projects. Splits off the compiler flags, finds the verb, runs it.
#include "tool/driver/Verb.h"
#include "tool/engine/Project.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>

using namespace tether::tool;
namespace cl = llvm::cl;

static cl::extrahelp ExitHelp("\nEXIT STATUS: 0 nothing found, 1 findings, 2 wrong usage or input, "
                              "3 some files could not be analysed\n");

static void printVersion(llvm::raw_ostream &OS) {
  OS << "tether " TETHER_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
}

/// LLVM's complaints in one line, without the program's name in front of each.
static std::string oneLine(llvm::StringRef Complaint) {
  llvm::SmallVector<llvm::StringRef> Lines;
  Complaint.trim().split(Lines, '\n', -1, /*KeepEmpty=*/false);
  std::string Text;
  for (llvm::StringRef Line : Lines) {
    Line.consume_front("tether: ");
    Text += (Text.empty() ? "" : " ") + Line.trim().str();
  }
  return Text;
}

int main(int ArgCount, const char **Args) {
  // LLVM listens to interrupts, to remove what is half written, also where the caller ignores them.
  const bool IgnoresInterrupts = std::signal(SIGINT, SIG_IGN) == SIG_IGN;
  if (!IgnoresInterrupts)
    std::signal(SIGINT, SIG_DFL);
  llvm::InitLLVM Init(ArgCount, Args);
  if (IgnoresInterrupts)
    std::signal(SIGINT, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN); // a file that cannot grow is an error of the write, not a crash
  Invocation I;
  std::string Why;
  I.Flags = clang::tooling::FixedCompilationDatabase::loadFromCommandLine(ArgCount, Args, Why,
                                                                          currentDirectory());
  if (!Why.empty()) {
    complain(oneLine(Why));
    return WrongInput;
  }

  cl::SetVersionPrinter(printVersion);
  cl::HideUnrelatedOptions(ourOptions());
  for (Verb *V : Verb::all())
    cl::HideUnrelatedOptions(ourOptions(), *V);
  llvm::SmallVector<const char *> Given(Args, Args + ArgCount);
  Given.front() = "tether"; // however it was called: help and complaints name it
  std::string Complaint;
  llvm::raw_string_ostream OS(Complaint);
  if (!cl::ParseCommandLineOptions(Given.size(), Given.data(),
                                   "finds threads, waits and tasks that nobody can stop\n", &OS)) {
    if (!Complaint.empty()) // the parsers of values print theirs themselves
      complain(oneLine(Complaint));
    return WrongInput;
  }
  for (Verb *V : Verb::all())
    if (*V) {
      ExitStatus Status = V->run(I);
      llvm::outs().flush();
      if (llvm::outs().has_error()) {
        complain("<stdout>: cannot write: " + llvm::outs().error().message());
        llvm::outs().clear_error(); // else LLVM ends the program in its own way
        Status = WrongInput;
      }
      // A crash that was contained leaves LLVM's global lists with entries that are gone; tidying
      // up would follow them, and there is nothing left to tidy.
      llvm::sys::Process::Exit(Status, /*NoCleanup=*/true);
    }
  complain("no command given; try 'tether --help'");
  return WrongInput;
}
