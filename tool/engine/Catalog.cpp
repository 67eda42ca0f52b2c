// The only file of tool/ that includes headers of checks/.
#include "tool/engine/Catalog.h"
#include "Embedded.h"
#include "Registry.h"
#include "model/ApiTable.h"
#include "protocol/Blocked.h"
#include "report/Allow.h"
#include "summary/Counts.h"
#include "summary/Dump.h"
#include "summary/Program.h"
#include "tool/engine/Project.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <utility>

namespace tether {
extern const EmbeddedFile EmbeddedPages[];
extern const unsigned NumEmbeddedPages;
} // namespace tether

namespace tether::tool {
namespace {

constexpr llvm::StringRef Prefix = "tether-";

std::string pageOf(llvm::StringRef Id) {
  for (const EmbeddedFile &Page : llvm::ArrayRef(EmbeddedPages, NumEmbeddedPages))
    if (llvm::StringRef(Page.Name) == (Id + ".md").str())
      return Page.Text;
  return "";
}

std::string spelling(FixKind K) {
  return K == FixKind::Always ? "always" : K == FixKind::Sometimes ? "sometimes" : "none";
}

// ---- Table entries as they are written ----------------------------------------------------------

/// A flow mapping: {call: std::thread::join, is: join}
class EntryWriter {
public:
  EntryWriter(llvm::StringRef Key, llvm::StringRef Name) : OS(Text) {
    OS << "- {" << Key << ": " << scalar(Name);
  }
  EntryWriter &add(llvm::StringRef Key, const llvm::Twine &Value) {
    OS << ", " << Key << ": " << Value;
    return *this;
  }
  template <typename T> EntryWriter &add(llvm::StringRef Key, const std::optional<T> &Value) {
    return Value ? add(Key, llvm::Twine(*Value)) : *this;
  }
  EntryWriter &addList(llvm::StringRef Key, llvm::ArrayRef<std::string> Values) {
    if (Values.empty())
      return *this;
    auto Quoted = llvm::map_range(Values, [](const std::string &V) { return scalar(V); });
    return add(Key, "[" + llvm::join(Quoted, ", ") + "]");
  }
  std::string finish() {
    OS << '}';
    return Text;
  }

private:
  static std::string scalar(llvm::StringRef Value) {
    bool Plain = !Value.empty() && llvm::all_of(Value, [](char C) {
      return llvm::isAlnum(C) || C == '_' || C == ':';
    });
    // Whatever else it may hold, a name holds no quote.
    return Plain ? Value.str() : ("\"" + Value + "\"").str();
  }
  std::string Text;
  llvm::raw_string_ostream OS;
};

std::string spelling(const Operand &O) {
  switch (O.Where) {
  case Operand::This:
    return "this";
  case Operand::Result:
    return "result";
  case Operand::Argument:
    return llvm::utostr(O.Index);
  }
  llvm_unreachable("all places are listed");
}

ModelEntry toEntry(const ApiType &T) {
  EntryWriter W("type", T.Type);
  W.add("is", spelling(T.Is));
  std::vector<std::string> Roles;
  for (Role R : T.OnDestroy)
    Roles.push_back(tether::spelling(R).str());
  if (!Roles.empty())
    W.add("on-destroy", "[" + llvm::join(Roles, ", ") + "]");
  if (!T.CapacityArg || T.Capacity != UnknownCapacity) // the argument always says it
    W.add("capacity", T.Capacity);
  W.add("capacity-arg", T.CapacityArg).add("needs-arg", T.NeedsArg);
  return {true, T.Type, tether::spelling(T.Is).str(), W.finish(), T.Where};
}

ModelEntry toEntry(const Api &A) {
  EntryWriter W("call", A.Call);
  W.add("is", tether::spelling(A.Is));
  if (A.On)
    W.add("on", spelling(*A.On));
  W.add("arity", A.Arity)
      .addList("params", A.Params)
      .add("timeout", A.Timeout)
      .addList("infinite", A.Infinite);
  W.add("callable", A.Callable);
  if (!A.Blocks)
    W.add("blocks", "false");
  if (A.Case)
    W.add("case", "true");
  if (A.Detached)
    W.add("detached", "true");
  if (!A.Wakes.empty())
    W.add("wakes", A.Wakes);
  return {false, A.Call, tether::spelling(A.Is).str(), W.finish(), A.Where};
}

std::vector<ModelEntry> entries(const ApiTable &Table) {
  std::vector<ModelEntry> Result;
  for (const ApiType &T : Table.types())
    Result.push_back(toEntry(T));
  for (const Api &A : Table.calls())
    Result.push_back(toEntry(A));
  llvm::sort(Result, [](const ModelEntry &A, const ModelEntry &B) {
    return std::tie(B.IsType, A.Name, A.Text) < std::tie(A.IsType, B.Name, B.Text);
  });
  return Result;
}

} // namespace

llvm::ArrayRef<CheckEntry> allChecks() {
  static const std::vector<CheckEntry> All = [] {
    std::vector<CheckEntry> Result;
    for (const RegisteredCheck &C : registeredChecks()) {
      CheckEntry E{(Prefix + C.Info->Id).str(),
                   C.Info->Summary.str(),
                   spelling(C.Info->Fix),
                   {},
                   pageOf(C.Info->Id)};
      for (llvm::ArrayRef<OptionInfo> Options : {commonOptions(), C.Info->Options})
        for (const OptionInfo &O : Options)
          E.Options.push_back({O.Name.str(), O.Default.str(), O.Doc.str()});
      Result.push_back(std::move(E));
    }
    return Result;
  }();
  return All;
}

const CheckEntry *findCheck(llvm::StringRef Name) {
  Name.consume_front(Prefix);
  auto Found = llvm::find_if(allChecks(), [&](const CheckEntry &E) {
    return llvm::StringRef(E.Name).drop_front(Prefix.size()) == Name;
  });
  return Found == allChecks().end() ? nullptr : &*Found;
}

std::string nearestCheck(llvm::StringRef Name) {
  Name.consume_front(Prefix);
  // A third of the letters wrong is a typo; more is another word.
  unsigned Best = Name.size() / 3 + 2;
  std::string Nearest;
  for (const CheckEntry &E : allChecks()) {
    unsigned Distance =
        Name.edit_distance(llvm::StringRef(E.Name).drop_front(Prefix.size()), true, Best);
    if (Distance < Best) {
      Best = Distance;
      Nearest = E.Name;
    }
  }
  return Nearest;
}

std::vector<ModelEntry> builtinModel() { return entries(ApiTable::builtin()); }

llvm::Expected<std::vector<ModelEntry>> readModel(const std::string &File) {
  auto Text = llvm::MemoryBuffer::getFile(File);
  if (!Text)
    return llvm::createStringError(Text.getError(), File + ": " + Text.getError().message());
  auto Table = ApiTable::parse(ApiTable::builtin(), **Text);
  if (!Table)
    return Table.takeError();
  return entries(*Table);
}

namespace {
/// Gives the analysis of a translation unit to a function.
class Inspector final : public clang::ASTConsumer {
public:
  using Reader = std::function<void(const Program &)>;
  Inspector(std::string File, std::vector<std::string> Models, Reader Read)
      : File(std::move(File)), Models(std::move(Models)), Read(std::move(Read)) {}

  void HandleTranslationUnit(clang::ASTContext &AST) override {
    auto Table = tableFor(File, Models);
    if (!Table) // checkModels() has said it
      return llvm::consumeError(Table.takeError());
    Read(Program(AST, **Table));
  }
  bool shouldSkipFunctionBody(clang::Decl *D) override {
    return D->getASTContext().getSourceManager().isInSystemHeader(D->getLocation());
  }

private:
  std::string File;
  std::vector<std::string> Models;
  Reader Read;
};
} // namespace

std::unique_ptr<clang::ASTConsumer> inferenceOf(std::string File, std::vector<std::string> Models,
                                                std::map<std::string, InferredEntry> &Found) {
  return std::make_unique<Inspector>(
      std::move(File), std::move(Models), [&Found](const Program &P) {
        for (const auto &[Name, Class] : P.inferred()) {
          if (!Class || Found.count(Name))
            continue;
          InferredEntry &E = Found[Name];
          const clang::PresumedLoc At = P.sources().getPresumedLoc(Class->At);
          E.Why = Class->Why;
          if (At.isValid())
            E.Where = absolutePath(At.getFilename()) + ":" + std::to_string(At.getLine());
          E.Type = toEntry(Class->Type);
          for (const InferredCall &C : Class->Calls)
            E.Calls.push_back({toEntry(C.Entry), C.Why});
        }
      });
}

std::unique_ptr<clang::ASTConsumer> eventsOf(std::string File, std::vector<std::string> Models,
                                             llvm::raw_ostream &Out) {
  return std::make_unique<Inspector>(std::move(File), std::move(Models),
                                     [&Out](const Program &P) { dump(P, Out); });
}

std::unique_ptr<clang::ASTConsumer> scopesOf(std::string File, std::vector<std::string> Models,
                                             llvm::raw_ostream &Out) {
  return std::make_unique<Inspector>(std::move(File), std::move(Models),
                                     [&Out](const Program &P) { dumpScopes(P, Out); });
}

llvm::Error checkModels(llvm::ArrayRef<std::string> Files, llvm::ArrayRef<std::string> Models) {
  std::vector<std::string> Mistakes; // a table serves many directories: each mistake once
  llvm::StringSet<> Seen;
  for (const std::string &File : Files)
    if (Seen.insert(llvm::sys::path::parent_path(File)).second)
      if (auto Table = tableFor(File, Models); !Table)
        if (std::string Text = llvm::toString(Table.takeError());
            !llvm::is_contained(Mistakes, Text))
          Mistakes.push_back(std::move(Text));
  if (Mistakes.empty())
    return llvm::Error::success();
  return llvm::createStringError(llvm::inconvertibleErrorCode(), llvm::join(Mistakes, "\n"));
}

std::string tableFoundFor(llvm::StringRef File) {
  return findUserTable(llvm::sys::path::parent_path(File));
}

static WordList wordsOf(const ApiTable &Table) {
  WordList Words;
  // The standard is always in reach, and what is in no namespace as well.
  auto Add = [&](llvm::StringRef Word, llvm::StringRef Qualified, bool IsClass) {
    auto [Library, Rest] = Qualified.split("::");
    auto [It, New] = Words.try_emplace(Word);
    WordUse &Use = It->second;
    Use.IsClass |= IsClass;
    if (Rest.empty() || Library == "std" || Library == Word)
      Use.Libraries.clear();
    else if (New || !Use.Libraries.empty())
      Use.Libraries.insert(Library.str());
  };
  auto EachName = [](llvm::StringRef Name, llvm::ArrayRef<std::string> Also, auto Do) {
    Do(Name);
    for (llvm::StringRef Other : Also)
      Do(Other);
  };
  // The types of C have no destructors, and its calls are made by name.
  auto TableOf = [](llvm::StringRef Where) { return Where.split(':').first; };
  llvm::StringSet<> OfC;
  for (const Api &A : Table.calls())
    if (A.ExternC)
      OfC.insert(TableOf(A.Where));
  llvm::StringSet<> Namespaces; // those in which there is a type
  for (const ApiType &T : Table.types())
    EachName(T.Type, T.Also, [&](llvm::StringRef Name) {
      auto [Scope, Last] = Name.rsplit("::");
      if (!Last.empty())
        Namespaces.insert(Scope);
      if (T.Is != TypeKind::Pointer && T.Is != TypeKind::Callable)
        Add(Last.empty() ? Name : Last, Name, !OfC.contains(TableOf(T.Where)));
    });
  for (const Api &A : Table.calls())
    if (Beginnings.contains(A.Is))
      EachName(A.Call, A.Also, [&](llvm::StringRef Name) {
        auto [Scope, Last] = Name.rsplit("::");
        // A method needs an object, and somebody has to name its class. The same goes for a
        // namespace in which there is no type of ours.
        const bool IsMethod = !Last.empty() && !Namespaces.contains(Scope);
        if (IsMethod)
          Last = Scope.rsplit("::").second.empty() ? Scope : Scope.rsplit("::").second;
        Add(Last.empty() ? Name : Last, Name, IsMethod);
      });
  for (llvm::StringRef Name :
       {"import", "module", "annotate", "tether", "capability", "acquire_capability",
        "release_capability", "exclusive_lock_function", "shared_lock_function", "unlock_function",
        "guarded_by"})
    Add(Name, Name, /*IsClass=*/false);
  return Words;
}

const WordList &wordsOfInterest(llvm::StringRef File, llvm::ArrayRef<std::string> Models) {
  static std::map<const ApiTable *, WordList> Known;
  auto Table = tableFor(File, Models); // lives as long as the process
  const ApiTable *Of = Table ? Table->get() : &ApiTable::builtin();
  llvm::consumeError(Table.takeError()); // checkModels() has said it
  auto [It, New] = Known.try_emplace(Of);
  if (New)
    It->second = wordsOf(*Of);
  return It->second;
}

/// NOLINT comments that name a check of ours; those that name none are nobody's in particular.
static void addNoLints(llvm::StringRef Text, std::vector<Mark> &Found) {
  if (!Text.contains("NOLINT"))
    return;
  llvm::Regex Comment("NOLINT(NEXTLINE|BEGIN|END)?\\(([^)]*tether-[^)]*)\\)");
  llvm::SmallVector<llvm::StringRef> Lines;
  Text.split(Lines, '\n');
  for (unsigned Line = 1; Line <= Lines.size(); ++Line) {
    llvm::StringRef This = Lines[Line - 1];
    llvm::SmallVector<llvm::StringRef> Part;
    if (!This.contains("NOLINT") || !Comment.match(This, &Part))
      continue;
    Mark M;
    for (llvm::StringRef Name : llvm::split(Part[2], ','))
      M.Checks.push_back(Name.trim().str());
    if (Part[1] == "END") {
      auto Begin = llvm::find_if(
          llvm::reverse(Found), [&](const Mark &B) { return !B.LastLine && B.Checks == M.Checks; });
      if (Begin != Found.rend())
        Begin->LastLine = Line;
      continue;
    }
    M.Where.At.Line = Line;
    M.Where.At.Column = M.Where.At.Character = Part[0].data() - This.data() + 1;
    M.FirstLine = Part[1] == "NEXTLINE" ? Line + 1 : Line;
    M.LastLine = Part[1] == "BEGIN" ? 0 : M.FirstLine;
    Found.push_back(std::move(M));
  }
  // clang-tidy itself complains of a block without an end.
  llvm::erase_if(Found, [](const Mark &M) { return !M.LastLine; });
}

std::vector<Mark> marksIn(llvm::StringRef Text) {
  std::vector<Mark> Found;
  addNoLints(Text, Found);
  for (Allowance &A : allowancesIn(Text)) {
    Mark M;
    M.By = Suppression::Allow;
    M.Where.At.Line = A.Line;
    M.Where.At.Column = M.Where.At.Character = A.Column;
    M.FirstLine = M.LastLine = A.Covers;
    M.Checks = std::move(A.Ids);
    M.Reason = std::move(A.Reason);
    Found.push_back(std::move(M));
  }
  return Found;
}

bool covers(const Mark &M, llvm::StringRef Check, unsigned Line) {
  return M.FirstLine <= Line && Line <= M.LastLine &&
         llvm::any_of(M.Checks, [&](llvm::StringRef Name) {
           if (M.By == Suppression::Allow)
             return findCheck(Name) && findCheck(Name)->Name == Check;
           auto Glob = llvm::GlobPattern::create(Name);
           if (!Glob)
             llvm::consumeError(Glob.takeError());
           return Glob && Glob->match(Check);
         });
}

std::pair<unsigned, unsigned> takeScopes() {
  const Counts C = std::exchange(counts(), {});
  return {C.Scopes, C.TooLarge + C.OutOfBudget};
}

} // namespace tether::tool
