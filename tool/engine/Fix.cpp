#include "tool/engine/Fix.h"
#include "tool/engine/Project.h"
#include "tool/engine/WriteFile.h"
#include "clang/Format/Format.h"
#include "clang/Tooling/Core/Replacement.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using tooling::Replacement;
using tooling::Replacements;

namespace tether::tool {
namespace {

using PerFile = std::map<std::string, Replacements>; // by absolute path

/// The edits that make up the fix of a finding; null if it has none.
const std::vector<Edit> *fixOf(const Finding &F, bool NotesToo) {
  if (!F.Edits.empty())
    return &F.Edits;
  auto Offers = llvm::find_if(F.Notes, [](const Note &N) { return !N.Edits.empty(); });
  return NotesToo && Offers != F.Notes.end() ? &Offers->Edits : nullptr;
}

/// Adds all edits, or none if one of them touches what another finding changes.
bool add(const std::vector<Edit> &Edits, const Report &R, PerFile &Chosen) {
  PerFile Trial = Chosen;
  for (const Edit &E : Edits) {
    std::string File = absolutePath(E.File, R.Root);
    Replacement New(File, E.Begin.Offset, E.End.Offset - E.Begin.Offset, E.Text);
    Replacements &Others = Trial[File];
    if (llvm::is_contained(Others, New))
      continue; // two findings in need of the same edit
    if (llvm::Error Conflict = Others.add(New)) {
      llvm::consumeError(std::move(Conflict));
      return false;
    }
  }
  Chosen = std::move(Trial);
  return true;
}

/// The file's edits, with the lines they touch formatted.
llvm::Expected<Replacements> formatted(llvm::StringRef File, llvm::StringRef Code,
                                       const Replacements &Edits) {
  // With no .clang-format about, the edits stay as they are.
  auto Style = format::getStyle("file", File, "none", Code);
  if (!Style)
    return llvm::createFileError(File, Style.takeError());
  auto Result = format::formatReplacements(Code, Edits, *Style);
  if (!Result)
    return llvm::createFileError(File, Result.takeError());
  return Result;
}

struct EditedFile {
  std::string Old, New;
  Replacements Edits;
};

/// Everything is worked out before the first file is touched. By absolute path.
llvm::Expected<std::map<std::string, EditedFile>> workOut(Report &R, bool NotesToo) {
  PerFile Chosen;
  for (Finding &F : R.Findings)
    if (const std::vector<Edit> *Edits = fixOf(F, NotesToo))
      F.Fixed = add(*Edits, R, Chosen);
  std::map<std::string, EditedFile> Result;
  for (const auto &[File, Edits] : Chosen) {
    auto Text = llvm::MemoryBuffer::getFile(File);
    if (!Text)
      return llvm::createFileError(File, Text.getError());
    EditedFile E;
    E.Old = (*Text)->getBuffer().str();
    auto All = formatted(File, E.Old, Edits);
    if (!All)
      return All.takeError();
    E.Edits = std::move(*All);
    auto New = tooling::applyAllReplacements(E.Old, E.Edits);
    if (!New)
      return New.takeError();
    E.New = std::move(*New);
    Result[File] = std::move(E);
  }
  return Result;
}

// ---- As a diff ----------------------------------------------------------------------------------

/// Lines of the old text, [Begin, End), that a hunk is about.
struct Piece {
  unsigned Begin, End;
};

std::vector<llvm::StringRef> linesOf(llvm::StringRef Text) {
  std::vector<llvm::StringRef> Lines;
  while (!Text.empty()) {
    size_t End = Text.find('\n');
    Lines.push_back(Text.substr(0, End == llvm::StringRef::npos ? End : End + 1));
    Text = Text.drop_front(Lines.back().size());
  }
  return Lines;
}

void printLines(llvm::ArrayRef<llvm::StringRef> Lines, char Kind, llvm::raw_ostream &OS) {
  for (llvm::StringRef Line : Lines) {
    OS << Kind << Line;
    if (!Line.ends_with("\n"))
      OS << "\n\\ No newline at end of file\n";
  }
}

/// The edits are known, so the lines need no comparing: each run of edited lines is replaced.
void printDiff(llvm::StringRef Name, const EditedFile &File, llvm::raw_ostream &OS) {
  constexpr unsigned Context = 3;
  const std::vector<llvm::StringRef> Old = linesOf(File.Old);
  std::vector<size_t> Starts; // offsets of lines
  size_t Offset = 0;
  for (llvm::StringRef Line : Old) {
    Starts.push_back(Offset);
    Offset += Line.size();
  }
  auto LineAt = [&](size_t At) -> unsigned {
    return std::max<ptrdiff_t>(1, llvm::upper_bound(Starts, At) - Starts.begin()) - 1;
  };
  std::vector<Piece> Changed;
  for (const Replacement &E : File.Edits) {
    const unsigned Begin = LineAt(E.getOffset());
    const unsigned End = LineAt(E.getOffset() + E.getLength()) + 1;
    if (!Changed.empty() && Begin <= Changed.back().End + 2 * Context)
      Changed.back().End = std::max(Changed.back().End, End);
    else
      Changed.push_back({Begin, End});
  }
  OS << "--- a/" << Name << "\n+++ b/" << Name << '\n';
  int Shift = 0;
  for (const Piece &P : Changed) {
    const unsigned First = P.Begin > Context ? P.Begin - Context : 0;
    const unsigned Last = std::min<unsigned>(Old.size(), P.End + Context);
    // The new text of the piece: its edits, moved to where it begins.
    const size_t Begin = Starts[P.Begin],
                 End = P.End < Old.size() ? Starts[P.End] : File.Old.size();
    Replacements Moved;
    for (const Replacement &E : File.Edits)
      if (E.getOffset() >= Begin && E.getOffset() + E.getLength() <= End &&
          LineAt(E.getOffset()) < P.End)
        llvm::cantFail(Moved.add(Replacement(E.getFilePath(), E.getOffset() - Begin, E.getLength(),
                                             E.getReplacementText())));
    const std::string NewText =
        llvm::cantFail(tooling::applyAllReplacements(File.Old.substr(Begin, End - Begin), Moved));
    std::vector<llvm::StringRef> New = linesOf(NewText);
    llvm::ArrayRef<llvm::StringRef> OldPiece = llvm::ArrayRef(Old).slice(P.Begin, P.End - P.Begin);
    llvm::ArrayRef<llvm::StringRef> NewPiece = New;
    OS << "@@ -" << First + 1 << ',' << Last - First << " +" << First + 1 + Shift << ','
       << Last - First - OldPiece.size() + NewPiece.size() << " @@\n";
    Shift += static_cast<int>(NewPiece.size()) - static_cast<int>(OldPiece.size());
    printLines(llvm::ArrayRef(Old).slice(First, P.Begin - First), ' ', OS);
    auto Same = [&] { // lines of the piece that no edit has changed, at both ends
      size_t N = 0;
      while (N < OldPiece.size() && N < NewPiece.size() && OldPiece[N] == NewPiece[N])
        ++N;
      return N;
    }();
    printLines(OldPiece.take_front(Same), ' ', OS);
    OldPiece = OldPiece.drop_front(Same);
    NewPiece = NewPiece.drop_front(Same);
    Same = 0;
    while (Same < OldPiece.size() && Same < NewPiece.size() &&
           OldPiece[OldPiece.size() - 1 - Same] == NewPiece[NewPiece.size() - 1 - Same])
      ++Same;
    printLines(OldPiece.drop_back(Same), '-', OS);
    printLines(NewPiece.drop_back(Same), '+', OS);
    printLines(OldPiece.take_back(Same), ' ', OS);
    printLines(llvm::ArrayRef(Old).slice(P.End, Last - P.End), ' ', OS);
  }
}

} // namespace

llvm::Error applyFixes(Report &R, bool NotesToo) {
  auto Files = workOut(R, NotesToo);
  if (!Files)
    return Files.takeError();
  for (const auto &[File, Edited] : *Files) {
    auto Out = OutputFile::open(File);
    if (!Out)
      return Out.takeError();
    if (llvm::Error E = Out->commit(Edited.New))
      return E;
  }
  return llvm::Error::success();
}

llvm::Expected<std::string> diffFixes(Report &R, bool NotesToo) {
  auto Files = workOut(R, NotesToo);
  if (!Files)
    return Files.takeError();
  for (Finding &F : R.Findings)
    F.Fixed = false; // nothing was done
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  for (const auto &[File, Edited] : *Files)
    if (Edited.Old != Edited.New)
      printDiff(relativeTo(R.Root, File), Edited, OS);
  return Text;
}

} // namespace tether::tool
