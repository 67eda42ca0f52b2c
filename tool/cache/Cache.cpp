#include "tool/cache/Cache.h"
#include "clang/Basic/Version.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Caching.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using llvm::StringRef;
namespace path = llvm::sys::path;

namespace tether::tool {
namespace {

/// Stands for the project's root in what is stored; no path begins like that.
constexpr StringRef RootMark = "<root>";

/// The program itself and the libraries that parse for it.
std::string nameOfTool() {
  std::string Self = llvm::sys::fs::getMainExecutable("tether", (void *)nameOfTool);
  auto Text = llvm::MemoryBuffer::getFile(Self, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return (Text ? digestOf((*Text)->getBuffer()) : TETHER_VERSION) + clang::getClangFullVersion();
}

std::string joined(std::initializer_list<StringRef> Parts) {
  std::string Text;
  for (StringRef Part : Parts)
    Text += llvm::utostr(Part.size()) + ':' + Part.str();
  return Text;
}

} // namespace

Cache::Cache(StringRef Directory, StringRef Root)
    : Directory(Directory), Root(Root), Tool(nameOfTool()) {}

std::string Cache::defaultDirectory() {
  llvm::SmallString<128> Dir;
  if (!path::cache_directory(Dir))
    return {};
  path::append(Dir, "tether");
  return Dir.str().str();
}

llvm::Expected<Cache> Cache::open(StringRef Directory, StringRef Root) {
  auto Fail = [&](std::error_code Why) {
    return llvm::createStringError(Why,
                                   Directory + ": cannot be used as a cache: " + Why.message());
  };
  if (std::error_code Why = llvm::sys::fs::create_directories(Directory))
    return Fail(Why);
  if (!llvm::sys::fs::is_directory(Directory))
    return Fail(std::make_error_code(std::errc::not_a_directory));
  if (std::error_code Why = llvm::sys::fs::access(Directory, llvm::sys::fs::AccessMode::Write))
    return Fail(Why);
  return Cache(Directory, Root);
}

std::string Cache::portable(StringRef Path) const {
  StringRef Rest = Path;
  return Rest.consume_front(Root) && (Rest.empty() || Rest.starts_with("/"))
             ? (RootMark + Rest).str()
             : Path.str();
}

std::string Cache::keyOf(StringRef Settings) const {
  std::string Moved;
  // The root may stand anywhere in a compile command.
  for (StringRef Rest = Settings; !Rest.empty();) {
    size_t At = Root == "/" ? StringRef::npos : Rest.find(Root);
    Moved += Rest.substr(0, At);
    if (At == StringRef::npos)
      break;
    Moved += RootMark;
    Rest = Rest.substr(At + Root.size());
  }
  return digestOf(joined({Tool, Moved}));
}

std::optional<std::string> Cache::read(StringRef Key) const {
  std::unique_ptr<llvm::MemoryBuffer> Found;
  auto Take = [&](unsigned, const llvm::Twine &, std::unique_ptr<llvm::MemoryBuffer> Text) {
    Found = std::move(Text);
  };
  auto Local = llvm::localCache("tether", "tether", Directory, Take);
  if (Local) {
    auto Miss = (*Local)(0, Key, "");
    if (!Miss)
      llvm::consumeError(Miss.takeError()); // an entry that cannot be read is none
  } else
    llvm::consumeError(Local.takeError());
  if (!Found)
    return std::nullopt;
  auto [Digest, Text] = Found->getBuffer().split('\n');
  if (Digest == digestOf(Text))
    return Text.str();
  llvm::SmallString<128> Torn(Directory);
  path::append(Torn, "llvmcache-" + Key);
  (void)llvm::sys::fs::remove(Torn);
  return std::nullopt;
}

void Cache::write(StringRef Key, StringRef Text) const {
  if (read(Key)) // a torn entry gives way
    return;
  auto Ignore = [](unsigned, const llvm::Twine &, std::unique_ptr<llvm::MemoryBuffer>) {};
  auto Local = llvm::localCache("tether", "tether", Directory, Ignore);
  if (!Local)
    return llvm::consumeError(Local.takeError());
  auto Miss = (*Local)(0, Key, "");
  if (!Miss)
    return llvm::consumeError(Miss.takeError());
  if (!*Miss)
    return; // somebody else was faster
  auto Stream = (*Miss)(0, "");
  if (!Stream)
    return llvm::consumeError(Stream.takeError());
  // LLVM ends the program when a stream fails unseen, as on a full disk. What is torn then is seen
  // by its digest.
  auto &OS = static_cast<llvm::raw_fd_ostream &>(*(*Stream)->OS);
  OS << digestOf(Text) << '\n' << Text;
  OS.flush();
  OS.clear_error();
#if LLVM_VERSION_MAJOR >= 22
  llvm::consumeError((*Stream)->commit());
#endif
}

std::optional<std::string> Cache::find(StringRef Settings, LookAgain &Now) const {
  const std::string Key = keyOf(Settings);
  auto List = read(Key);
  if (!List)
    return std::nullopt;
  // What a run looks at depends on what it sees, so several lists may be known.
  llvm::SmallVector<StringRef> Lists;
  StringRef(*List).split(Lists, "\n\n", -1, /*KeepEmpty=*/false);
  for (StringRef Rest : Lists) {
    // A line "=path" for each place, what it looks like now behind it.
    std::string Looks;
    while (!Rest.empty()) {
      StringRef Line;
      std::tie(Line, Rest) = Rest.split('\n');
      StringRef Path = Line.drop_front();
      const Look How = static_cast<Look>(Line.front());
      Looks += Line;
      Looks += '\t';
      Looks +=
          Path.consume_front(RootMark) ? Now.look(Root + Path.str(), How) : Now.look(Path, How);
      Looks += '\n';
    }
    if (auto Result = read(digestOf(joined({Key, Looks}))))
      return Result;
  }
  return std::nullopt;
}

void Cache::store(StringRef Settings, const std::map<std::string, Seen> &Inputs,
                  StringRef Result) const {
  std::map<std::string, Seen> Sorted; // in an order that does not depend on where the root is
  for (const auto &[Path, S] : Inputs) {
    if (StringRef(Path).contains('\n'))
      return;
    Sorted[portable(Path)] = S;
  }
  std::string List, Looks;
  for (const auto &[Path, S] : Sorted) {
    const std::string Line = static_cast<char>(S.How) + Path;
    List += (List.empty() ? "" : "\n") + Line;
    Looks += Line + '\t' + S.What + '\n';
  }
  const std::string Key = keyOf(Settings);
  // The list last: it is what makes the result be found.
  write(digestOf(joined({Key, Looks})), Result);
  if (auto Old = read(Key)) {
    constexpr size_t MaxLists = 4; // of checkouts and branches in use at a time
    llvm::SmallVector<StringRef> Lists;
    StringRef(*Old).split(Lists, "\n\n", -1, /*KeepEmpty=*/false);
    if (llvm::is_contained(Lists, List))
      return;
    for (StringRef Known : llvm::ArrayRef(Lists).take_front(MaxLists - 1))
      List += ("\n\n" + Known).str();
    llvm::SmallString<128> File(Directory);
    path::append(File, "llvmcache-" + Key);
    (void)llvm::sys::fs::remove(File);
  }
  write(Key, List);
}

void Cache::prune() const {
  llvm::CachePruningPolicy Policy;
  Policy.Expiration = std::chrono::hours(24 * 30); // a month, for branches one comes back to
  Policy.MaxSizeBytes = 1ull << 30;
  if (!llvm::pruneCache(Directory, Policy))
    return; // not long ago
  // LLVM looks at finished entries only; a killed process leaves unfinished ones.
  const auto Yesterday = std::chrono::system_clock::now() - std::chrono::hours(24);
  std::error_code Error;
  for (llvm::sys::fs::directory_iterator It(Directory, Error), End; It != End && !Error;
       It.increment(Error))
    if (StringRef Name = path::filename(It->path());
        Name.starts_with("tether-") && Name.ends_with(".tmp.o"))
      if (auto Status = It->status(); Status && Status->getLastModificationTime() < Yesterday)
        (void)llvm::sys::fs::remove(It->path());
}

} // namespace tether::tool
