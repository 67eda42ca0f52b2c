#include "tool/engine/Project.h"
#include "clang/Driver/Types.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <map>

using clang::tooling::CompilationDatabase;
using clang::tooling::CompileCommand;
using llvm::Expected;
using llvm::StringRef;
namespace path = llvm::sys::path;
namespace fs = llvm::sys::fs;

namespace tether::tool {

llvm::Error inputError(const llvm::Twine &Text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Text);
}

std::string currentDirectory() {
  llvm::SmallString<256> Dir;
  return fs::current_path(Dir) ? "/" : Dir.str().str();
}

std::string absolutePath(StringRef Path, StringRef Directory) {
  llvm::SmallString<256> Result;
  if (!path::is_absolute(Path))
    Result = Directory;
  path::append(Result, Path);
  path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

std::string relativeTo(StringRef Directory, StringRef Path) {
  StringRef Rest = Path;
  Directory.consume_back("/");
  return !Directory.empty() && Rest.consume_front(Directory) && Rest.consume_front("/")
             ? Rest.str()
             : Path.str();
}

namespace {

bool isUnder(StringRef Directory, StringRef Path) {
  return Path == Directory || relativeTo(Directory, Path) != Path;
}

std::string realPath(StringRef Path) {
  llvm::SmallString<256> Real;
  return fs::real_path(Path, Real) ? Path.str() : Real.str().str();
}

std::string pathIn(StringRef A, StringRef B) {
  llvm::SmallString<256> Result(A);
  path::append(Result, B);
  return Result.str().str();
}

/// Whether a file is one that Clang reads as C or C++; build systems list assembly and resources
/// too.
bool isSource(StringRef File) {
  StringRef Extension = path::extension(File);
  Extension.consume_front(".");
  auto Type = clang::driver::types::lookupTypeForExtension(Extension);
  return Type == clang::driver::types::TY_INVALID || clang::driver::types::isDerivedFromC(Type);
}

// ---- Finding the database -----------------------------------------------------------------------

constexpr StringRef DatabaseName = "compile_commands.json";
constexpr StringRef FlagsName = "compile_flags.txt";

bool hasDatabase(StringRef Dir) {
  return fs::exists(pathIn(Dir, DatabaseName)) || fs::exists(pathIn(Dir, FlagsName));
}

/// The directory of the nearest database at \p Start or above it. As clangd, looks into each
/// directory's `build` as well.
std::optional<std::string> findDatabase(StringRef Start) {
  for (StringRef Dir = Start; !Dir.empty(); Dir = path::parent_path(Dir)) {
    if (fs::exists(pathIn(Dir, DatabaseName)))
      return Dir.str();
    if (std::string Build = pathIn(Dir, "build"); fs::exists(pathIn(Build, DatabaseName)))
      return Build;
    if (fs::exists(pathIn(Dir, FlagsName)))
      return Dir.str();
  }
  return std::nullopt;
}

Expected<std::string> databaseDirectory(const ProjectRequest &Request) {
  if (!Request.BuildDirectory.empty()) {
    std::string Dir = absolutePath(Request.BuildDirectory);
    if (path::filename(Dir) == DatabaseName && fs::is_regular_file(Dir))
      Dir = path::parent_path(Dir).str();
    if (!fs::is_directory(Dir))
      return inputError(Request.BuildDirectory + ": no such directory");
    if (hasDatabase(Dir))
      return Dir;
    if (std::string Build = pathIn(Dir, "build"); hasDatabase(Build))
      return Build;
    return inputError(Request.BuildDirectory + ": no " + DatabaseName +
                      " in it; with CMake, configure with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON");
  }
  if (!Request.Paths.empty()) {
    std::string First = absolutePath(Request.Paths.front());
    if (auto Found = findDatabase(fs::is_directory(First) ? First : path::parent_path(First).str()))
      return *Found;
  }
  if (auto Found = findDatabase(currentDirectory()))
    return *Found;
  return inputError("no compile database: there is no " + DatabaseName +
                    " in this directory, its build directory"
                    " or above; name the build directory with -p (CMake writes it with"
                    " -DCMAKE_EXPORT_COMPILE_COMMANDS=ON), or give the compiler flags after '--'");
}

/// Says where a compile database is malformed: Clang's own reader only prints it.
llvm::Error validateDatabase(StringRef File) {
  auto Text = llvm::MemoryBuffer::getFile(File);
  if (!Text)
    return inputError(File + ": " + Text.getError().message());
  auto Parsed = llvm::json::parse((*Text)->getBuffer());
  if (!Parsed)
    return inputError(File + ": " + llvm::toString(Parsed.takeError()));
  const llvm::json::Array *Entries = Parsed->getAsArray();
  if (!Entries)
    return inputError(File + ": is not a list of compile commands");
  for (size_t I = 0; I != Entries->size(); ++I) {
    const llvm::json::Object *Entry = (*Entries)[I].getAsObject();
    if (!Entry || !Entry->getString("file") || !Entry->getString("directory") ||
        !(Entry->getString("command") || Entry->getArray("arguments")))
      return inputError(File + ": entry " + llvm::Twine(I + 1) +
                        " needs 'file', 'directory' and 'command' or 'arguments'");
  }
  return llvm::Error::success();
}

// ---- Root ---------------------------------------------------------------------------------------

/// The nearest checkout at \p Start or above it.
std::optional<std::string> findCheckout(StringRef Start) {
  for (StringRef Dir = Start; !Dir.empty(); Dir = path::parent_path(Dir))
    for (StringRef Mark : {".git", ".hg", ".jj", ".svn"})
      if (fs::exists(pathIn(Dir, Mark)))
        return Dir.str();
  return std::nullopt;
}

std::string commonDirectory(llvm::ArrayRef<std::string> Files) {
  if (Files.empty())
    return currentDirectory();
  StringRef Common = path::parent_path(Files.front());
  for (const std::string &File : Files)
    while (!isUnder(Common, File) && path::has_parent_path(Common))
      Common = path::parent_path(Common);
  return Common.str();
}

/// Paths in findings are relative to it, so it must not depend on which files were asked for.
std::string findRoot(StringRef Start, llvm::ArrayRef<std::string> Files) {
  if (auto Found = findCheckout(Start))
    return *Found;
  // A build directory may lie beside the sources, and sources that it generates inside of it.
  std::vector<std::string> Written;
  llvm::copy_if(Files, std::back_inserter(Written),
                [&](const std::string &F) { return !isUnder(Start, F); });
  if (Written.empty())
    return isUnder(Start, commonDirectory(Files)) ? Start.str() : commonDirectory(Files);
  if (auto Found = findCheckout(path::parent_path(Written.front())))
    return *Found;
  return commonDirectory(Written);
}

// ---- Selecting files ----------------------------------------------------------------------------

void addSourcesBelow(StringRef Directory, std::vector<std::string> &Files) {
  std::error_code Error;
  for (fs::recursive_directory_iterator It(Directory, Error), End; It != End && !Error;
       It.increment(Error)) {
    StringRef Extension = path::extension(It->path());
    Extension.consume_front(".");
    auto Type = clang::driver::types::lookupTypeForExtension(Extension);
    if (Type != clang::driver::types::TY_INVALID && clang::driver::types::isDerivedFromC(Type) &&
        !clang::driver::types::onlyPrecompileType(Type) && !fs::is_directory(It->path()))
      Files.push_back(absolutePath(It->path()));
  }
}

Expected<std::vector<std::string>> selectFiles(llvm::ArrayRef<std::string> Paths,
                                               llvm::ArrayRef<std::string> Listed) {
  std::vector<std::string> Files;
  if (Paths.empty()) {
    llvm::copy_if(Listed, std::back_inserter(Files), isSource);
    return Files;
  }
  for (const std::string &Given : Paths) {
    std::string Path = absolutePath(Given);
    if (Given.empty() || !fs::exists(Path))
      return inputError((Given.empty() ? "''" : Given) + ": no such file or directory");
    const size_t Before = Files.size();
    const std::string Real = realPath(Path);
    for (const std::string &File : Listed)
      if (isUnder(Path, File) || (Real != Path && isUnder(Real, File)))
        Files.push_back(File);
    if (Files.size() != Before)
      continue;
    if (!fs::is_directory(Path))
      Files.push_back(Path); // a header, or a new file: the database may know a similar one
    else if (Listed.empty())
      addSourcesBelow(Path, Files);
    if (Files.size() == Before)
      return inputError(Given + ": no file below it is in the compile database");
  }
  return Files;
}

/// The commands of a file, once each.
std::vector<CompileCommand> commandsFor(const CompilationDatabase &Database, StringRef File) {
  std::vector<CompileCommand> Commands;
  for (CompileCommand &C : Database.getCompileCommands(File)) {
    C.Directory = absolutePath(C.Directory);
    C.Output.clear(); // two commands that differ in their output find the same
    if (!llvm::is_contained(Commands, C))
      Commands.push_back(std::move(C));
  }
  return Commands;
}

} // namespace

Expected<Project> openProject(ProjectRequest Request) {
  std::unique_ptr<CompilationDatabase> Database = std::move(Request.Flags);
  std::string Start = currentDirectory();
  if (Database) {
    if (Request.Paths.empty())
      return inputError("flags after '--' need the files they are for");
  } else {
    auto Directory = databaseDirectory(Request);
    if (!Directory)
      return Directory.takeError();
    Start = *Directory;
    if (std::string File = pathIn(Start, DatabaseName); fs::exists(File))
      if (llvm::Error E = validateDatabase(File))
        return std::move(E);
    std::string Why;
    Database = CompilationDatabase::loadFromDirectory(Start, Why);
    if (!Database) {
      auto [Line, More] = StringRef(Why).trim().split('\n');
      return inputError(Start + ": " + Line);
    }
  }

  std::vector<std::string> Listed;
  for (const std::string &File : Database->getAllFiles())
    Listed.push_back(absolutePath(File));
  llvm::sort(Listed);
  Listed.erase(std::unique(Listed.begin(), Listed.end()), Listed.end());
  auto Files = selectFiles(Request.Paths, Listed);
  if (!Files)
    return Files.takeError();
  if (Files->empty())
    return inputError(Start + ": the compile database lists no C or C++ file");
  llvm::sort(*Files);
  Files->erase(std::unique(Files->begin(), Files->end()), Files->end());

  Project Result;
  Result.IsWhole = Request.Paths.empty();
  Result.Root = findRoot(Start, Listed.empty() ? *Files : Listed);
  for (const std::string &File : *Files) {
    Job J{File, commandsFor(*Database, File)};
    if (J.Commands.empty())
      return inputError(File + ": the compile database has no command for it");
    Result.Jobs.push_back(std::move(J));
  }
  return Result;
}

} // namespace tether::tool
