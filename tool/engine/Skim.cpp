#include "tool/engine/Skim.h"
#include "tool/engine/Concern.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using clang::tooling::CompileCommand;
using llvm::StringRef;
namespace path = llvm::sys::path;

namespace tether::tool {
namespace {

struct SearchPath {
  std::vector<std::string> Quoted, All, System; ///< absolute directories
  bool IsClear = true;
};

SearchPath searchPathOf(const CompileCommand &Command) {
  SearchPath Result;
  llvm::ArrayRef<std::string> Args = Command.CommandLine;
  for (size_t I = 1; I < Args.size(); ++I) {
    StringRef Arg = Args[I];
    // Files that are read without being named in the source.
    if (Arg.starts_with("@") || Arg.starts_with("-include") || Arg.starts_with("--include") ||
        Arg.starts_with("-imacros") || Arg.starts_with("-fmodule") || Arg.starts_with("-ivfs") ||
        Arg.starts_with("-iprefix") || Arg.starts_with("-iwith") || Arg.starts_with("-Xclang"))
      Result.IsClear = false;
    for (StringRef Option : {"-iquote", "-isystem", "-idirafter", "-I"}) {
      StringRef Dir = Arg;
      if (!Dir.consume_front(Option))
        continue;
      if (Dir.empty() && I + 1 < Args.size())
        Dir = Args[++I];
      (Option == "-iquote" ? Result.Quoted
       : Option == "-I"    ? Result.All
                           : Result.System)
          .push_back(absolutePath(Dir, Command.Directory));
      break;
    }
  }
  return Result;
}

} // namespace

bool Skim::isFile(const std::string &Path) {
  auto [It, New] = Known.try_emplace(Path, false);
  if (New)
    It->second = llvm::sys::fs::is_regular_file(Path);
  return It->second;
}

const Skim::Text &Skim::textOf(const std::string &File) {
  auto [It, New] = Texts.try_emplace(File);
  Text &T = It->second;
  if (!New)
    return T;
  auto Read = llvm::MemoryBuffer::getFile(File);
  if (!Read) {
    T.IsClear = false;
    return T;
  }
  // Comments and branches of #if that are left out count as well: too much is safe.
  StringRef All = (*Read)->getBuffer();
  for (size_t At = All.find('#'); At != StringRef::npos; At = All.find('#', At + 1)) {
    StringRef Line = All.substr(At + 1).take_until([](char C) { return C == '\n'; }).ltrim();
    const bool IsInclude = Line.consume_front("include") || Line.consume_front("import");
    if (!IsInclude) {
      if (Line.starts_with("\\") || Line.contains("embed"))
        T.IsClear = false;
      continue;
    }
    Line.consume_front("_next");
    Line = Line.trim();
    const char End = Line.starts_with("<") ? '>' : '"';
    if (!Line.consume_front("<") && !Line.consume_front("\"")) {
      T.IsClear = false; // a macro says what
      continue;
    }
    T.Includes.push_back({Line.take_until([&](char C) { return C == End; }).str(), End == '"'});
  }
  return T;
}

Skim::Closure Skim::closureOf(const CompileCommand &Command,
                              llvm::function_ref<bool(const std::string &, bool)> Stop) {
  Closure C;
  const SearchPath Search = searchPathOf(Command);
  C.IsClear = Search.IsClear;
  struct Seen {
    std::string File;
    bool IsSystem;
  };
  std::vector<Seen> Open = {{absolutePath(Command.Filename, Command.Directory), false}};
  C.Files.insert(Open.front().File);
  while (!Open.empty()) {
    const auto [File, IsSystem] = std::move(Open.back());
    Open.pop_back();
    if (Stop(File, IsSystem))
      break;
    const Text &T = textOf(File);
    C.IsClear &= T.IsClear;
    for (const Include &I : T.Includes) {
      std::vector<std::string> Candidates;
      if (I.Quoted) {
        Candidates.push_back(absolutePath(I.Name, path::parent_path(File)));
        for (const std::string &Dir : Search.Quoted)
          Candidates.push_back(absolutePath(I.Name, Dir));
      }
      for (const std::string &Dir : Search.All)
        Candidates.push_back(absolutePath(I.Name, Dir));
      const auto OfProject = static_cast<ptrdiff_t>(Candidates.size());
      for (const std::string &Dir : Search.System)
        Candidates.push_back(absolutePath(I.Name, Dir));
      auto Found = llvm::find_if(Candidates, [&](const std::string &P) { return isFile(P); });
      if (Found == Candidates.end() || relativeTo(Root, *Found) == *Found)
        C.Foreign.insert(I.Name);
      else if (C.Files.insert(*Found).second)
        Open.push_back({*Found, IsSystem || Found - Candidates.begin() >= OfProject});
    }
  }
  return C;
}

bool Skim::mayRead(const Job &J, const std::set<std::string> &Files) {
  for (const CompileCommand &Command : J.Commands) {
    Closure C = closureOf(Command);
    if (!C.IsClear)
      return true;
    for (const std::string &File : Files) {
      // One that is gone was found by its name.
      auto HasName = [&](StringRef Name) { return path::filename(Name) == path::filename(File); };
      if (C.Files.count(File) || llvm::any_of(C.Foreign, HasName))
        return true;
    }
  }
  return false;
}

std::string Skim::whyParse(const CompileCommand &Command, const WordList &Words) {
  std::string Why;
  closureOf(Command, [&](const std::string &File, bool IsSystem) {
    if (IsSystem)
      return false; // what counts of it, its tokens say
    auto [It, New] = Mentions.try_emplace(File);
    if (New)
      if (auto Read = llvm::MemoryBuffer::getFile(File))
        It->second = findWord((*Read)->getBuffer(), Words);
    if (It->second.empty())
      return false;
    const bool IsItself = File == absolutePath(Command.Filename, Command.Directory);
    Why = mentions(IsItself ? "it" : "with what it includes it", It->second);
    return true;
  });
  return Why;
}

} // namespace tether::tool
