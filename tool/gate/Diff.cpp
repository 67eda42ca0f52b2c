#include "tool/gate/Diff.h"
#include "tool/engine/Project.h"
#include "clang/Driver/Types.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using llvm::Expected;
using llvm::StringRef;

namespace tether::tool {
namespace {

struct Hunk {
  unsigned At = 0; ///< in the diff
  unsigned NewStart = 0, NewCount = 0;
  std::vector<StringRef> Old, New; ///< lines with context, each with its end
  std::vector<unsigned> Added;     ///< those of New that are no context
  std::vector<unsigned> Places;    ///< where in New something begins to differ
};

struct FileDiff {
  unsigned At = 0;
  std::string OldPath, NewPath; ///< empty: no file
  bool IsRename = false;
  bool IsText = true; ///< no link and no submodule
  std::vector<Hunk> Hunks;
};

class Parser {
public:
  Parser(StringRef Text, StringRef Name) : Rest(Text), Name(Name) {}

  Expected<std::vector<FileDiff>> parse() {
    std::vector<FileDiff> Files;
    while (next()) {
      if (Line.starts_with("diff --git ")) {
        Files.emplace_back().At = Number;
      } else if (!Files.empty() && isMode(Line) &&
                 (Line.ends_with(" 120000") || Line.ends_with(" 160000"))) {
        Files.back().IsText = false;
      } else if (!Files.empty() && Line.starts_with("rename from ")) {
        Files.back().IsRename = true;
        Files.back().OldPath = path(Line.drop_front(strlen("rename from ")), "");
      } else if (!Files.empty() && Line.starts_with("rename to ")) {
        Files.back().NewPath = path(Line.drop_front(strlen("rename to ")), "");
      } else if (Line.starts_with("--- ")) {
        std::string Old = path(Line.drop_front(4), "a/");
        if (!next() || !Line.starts_with("+++ "))
          return wrong("'+++' must follow '---'");
        if (Files.empty() || !Files.back().Hunks.empty())
          Files.emplace_back().At = Number;
        Files.back().OldPath = Old;
        Files.back().NewPath = path(Line.drop_front(4), "b/");
      } else if (Line.starts_with("@@ ")) {
        if (Files.empty())
          return wrong("a hunk without the names of its file");
        if (llvm::Error E = hunk(Files.back()))
          return std::move(E);
      }
    }
    if (Files.empty() && !AllBlank)
      return wrong("this is no unified diff");
    return Files;
  }

private:
  bool next() {
    if (Rest.empty())
      return false;
    size_t End = Rest.find('\n');
    Whole = Rest.substr(0, End == StringRef::npos ? End : End + 1);
    Rest = Rest.drop_front(Whole.size());
    Line = Whole.rtrim("\r\n");
    AllBlank &= Line.trim().empty();
    ++Number;
    return true;
  }

  llvm::Error wrong(StringRef Text) {
    return inputError(Name + ":" + llvm::Twine(Number) + ": " + Text);
  }

  static bool isMode(StringRef Line) {
    return Line.starts_with("index ") || Line.starts_with("new file mode ") ||
           Line.starts_with("deleted file mode ") || Line.starts_with("old mode ");
  }

  /// Of a "---" line: in quotes if it is odd, with a time behind a tab in some.
  static std::string path(StringRef Text, StringRef Prefix) {
    Text = Text.split('\t').first;
    std::string Path;
    if (Text.consume_front("\"") && Text.consume_back("\"")) {
      for (size_t I = 0; I < Text.size(); ++I) {
        unsigned Code = 0;
        if (Text[I] != '\\')
          Path += Text[I];
        else if (I + 3 < Text.size() && !Text.substr(I + 1, 3).getAsInteger(8, Code)) {
          Path += static_cast<char>(Code);
          I += 3;
        } else if (++I < Text.size())
          Path += Text[I] == 't' ? '\t' : Text[I] == 'n' ? '\n' : Text[I];
      }
    } else
      Path = Text.str();
    if (Path == "/dev/null")
      return {};
    StringRef Short = Path;
    Short.consume_front(Prefix);
    return Short.str();
  }

  static bool range(StringRef &Text, unsigned &Start, unsigned &Count) {
    Count = 1;
    return !Text.consumeInteger(10, Start) &&
           (!Text.consume_front(",") || !Text.consumeInteger(10, Count));
  }

  llvm::Error hunk(FileDiff &File) {
    Hunk H;
    H.At = Number;
    unsigned OldStart = 0, OldCount = 0;
    StringRef Head = Line;
    if (!Head.consume_front("@@ -") || !range(Head, OldStart, OldCount) ||
        !Head.consume_front(" +") || !range(Head, H.NewStart, H.NewCount) ||
        !Head.starts_with(" @@"))
      return wrong("a hunk begins with '@@ -LINE,COUNT +LINE,COUNT @@'");
    Last = ' ';
    while (H.Old.size() < OldCount || H.New.size() < H.NewCount) {
      if (!next())
        return wrong("the hunk ends early");
      StringRef Text = Whole.drop_front();
      // Mail programs cut off the space of an empty context line.
      const char Kind = Line.empty() ? ' ' : Whole.front();
      if (Line.empty())
        Text = Whole;
      if (Kind == '\\') {
        noNewline(H);
        continue;
      }
      if (Kind != ' ' && Kind != '-' && Kind != '+')
        return wrong("a line of a hunk begins with ' ', '-' or '+'");
      if (Kind != ' ' && Last == ' ')
        H.Places.push_back(H.New.size());
      if (Kind == '+')
        H.Added.push_back(H.New.size());
      Last = Kind;
      if (Kind == ' ' || Kind == '-')
        H.Old.push_back(Text);
      if (Kind == ' ' || Kind == '+')
        H.New.push_back(Text);
    }
    if (Rest.starts_with("\\")) {
      next();
      noNewline(H);
    }
    File.Hunks.push_back(std::move(H));
    return llvm::Error::success();
  }

  /// "\ No newline at end of file" is about the line before it.
  void noNewline(Hunk &H) const {
    if (Last != '+' && !H.Old.empty())
      H.Old.back().consume_back("\n");
    if (Last != '-' && !H.New.empty())
      H.New.back().consume_back("\n");
  }

  StringRef Rest, Name, Whole, Line;
  unsigned Number = 0;
  char Last = ' ';
  bool AllBlank = true;
};

std::vector<StringRef> linesOf(StringRef Text) {
  std::vector<StringRef> Lines;
  while (!Text.empty()) {
    size_t End = Text.find('\n');
    Lines.push_back(Text.substr(0, End == StringRef::npos ? End : End + 1));
    Text = Text.drop_front(Lines.back().size());
  }
  return Lines;
}

/// The text before the hunks were applied.
Expected<std::string> undo(const FileDiff &File, StringRef Text, StringRef Name) {
  std::vector<StringRef> Lines = linesOf(Text);
  std::string Old;
  size_t At = 0;
  for (const Hunk &H : File.Hunks) {
    // A hunk that only deletes stands behind its line.
    const size_t Start = H.NewStart - (H.NewCount ? 1 : 0);
    bool Fits = At <= Start && Start + H.New.size() <= Lines.size();
    for (size_t I = 0; Fits && I != H.New.size(); ++I)
      Fits = Lines[Start + I].rtrim("\r\n") == H.New[I].rtrim("\r\n");
    if (!Fits)
      return inputError(Name + ":" + llvm::Twine(H.At) + ": " + File.NewPath +
                        " is not what this leads to");
    for (; At != Start; ++At)
      Old += Lines[At];
    for (StringRef Line : H.Old)
      Old += Line;
    At += H.New.size();
  }
  for (; At < Lines.size(); ++At)
    Old += Lines[At];
  return Old;
}

/// Whether Clang knows that kind of file by its name.
bool isCode(StringRef Path) {
  StringRef Extension = llvm::sys::path::extension(Path);
  Extension.consume_front(".");
  return clang::driver::types::lookupTypeForExtension(Extension) !=
         clang::driver::types::TY_INVALID;
}

Change changeOf(const FileDiff &File) {
  Change C;
  for (const Hunk &H : File.Hunks) {
    const unsigned First = H.NewStart + (H.NewCount ? 0 : 1);
    for (unsigned I : H.Added)
      C.Lines.insert(First + I);
    for (unsigned I : H.Places)
      C.Places.push_back(First + I);
  }
  return C;
}

} // namespace

bool Diff::touches(const Place &P) const {
  auto It = Files.find(P.File);
  return It != Files.end() && It->second.Lines.count(P.At.Line);
}

Expected<Diff> parseDiff(StringRef Text, StringRef Name, StringRef Root) {
  auto Files = Parser(Text, Name).parse();
  if (!Files)
    return Files.takeError();
  Diff D;
  for (const FileDiff &File : *Files) {
    if (!File.IsText || (File.Hunks.empty() && !File.IsRename))
      continue; // another mode, or binary
    std::string Now;
    if (!File.NewPath.empty()) {
      auto Read = llvm::MemoryBuffer::getFile(absolutePath(File.NewPath, Root));
      if (!Read)
        return inputError(Name + ":" + llvm::Twine(File.At) + ": " + File.NewPath + ": " +
                          Read.getError().message());
      Now = (*Read)->getBuffer().str();
    }
    auto Old = undo(File, Now, Name);
    if (!Old) {
      if (isCode(File.NewPath))
        return Old.takeError();
      llvm::consumeError(Old.takeError()); // filters of git make other files of some
      continue;
    }
    if (!File.NewPath.empty() && File.NewPath != File.OldPath)
      D.Before[absolutePath(File.NewPath, Root)] = std::nullopt;
    if (!File.OldPath.empty())
      D.Before[absolutePath(File.OldPath, Root)] = std::move(*Old);
    D.Files[File.NewPath.empty() ? File.OldPath : File.NewPath] = changeOf(File);
  }
  return D;
}

} // namespace tether::tool
