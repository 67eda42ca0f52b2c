#include "tool/engine/UnifiedDiff.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using clang::tooling::Replacement;
using clang::tooling::Replacements;
using llvm::StringRef;

namespace tether::tool {
namespace {

using Lines = std::vector<StringRef>;

Lines linesOf(StringRef Text) {
  Lines Result;
  while (!Text.empty()) {
    size_t End = Text.find('\n');
    Result.push_back(Text.substr(0, End == StringRef::npos ? End : End + 1));
    Text = Text.drop_front(Result.back().size());
  }
  return Result;
}

/// Lines [Begin, End) of the old text, and what stands there in the new one.
struct Piece {
  size_t Begin, End;
  std::string New;
};

/// The old text in lines, with the places where they begin.
class OldLines {
public:
  explicit OldLines(StringRef Text) : Text(Text), All(linesOf(Text)) {
    size_t Offset = 0;
    for (StringRef Line : All) {
      Starts.push_back(Offset);
      Offset += Line.size();
    }
    Starts.push_back(Text.size());
  }
  size_t lineAt(size_t Offset) const {
    return std::max<ptrdiff_t>(1, llvm::upper_bound(Starts, Offset) - Starts.begin()) - 1;
  }
  /// The edits are known, so lines need no comparing: each run of edited lines is a piece.
  std::vector<Piece> pieces(const Replacements &Edits) const {
    std::vector<Piece> Found;
    std::vector<Replacements> Of;
    for (const Replacement &E : Edits) {
      const size_t Begin = std::min(lineAt(E.getOffset()), All.size() ? All.size() - 1 : 0);
      const size_t End = std::min(lineAt(E.getOffset() + E.getLength()) + 1, All.size());
      if (Found.empty() || Found.back().End < Begin) {
        Found.push_back({Begin, End, ""});
        Of.emplace_back();
      }
      Found.back().End = std::max(Found.back().End, End);
      llvm::cantFail(
          Of.back().add(Replacement(E.getFilePath(), E.getOffset() - Starts[Found.back().Begin],
                                    E.getLength(), E.getReplacementText())));
    }
    for (size_t I = 0; I != Found.size(); ++I)
      Found[I].New = llvm::cantFail(clang::tooling::applyAllReplacements(
          Text.slice(Starts[Found[I].Begin], Starts[Found[I].End]), Of[I]));
    return Found;
  }

  StringRef Text;
  Lines All;

private:
  std::vector<size_t> Starts;
};

void print(llvm::ArrayRef<StringRef> Lines, char Kind, llvm::raw_ostream &OS) {
  for (StringRef Line : Lines) {
    OS << Kind << Line;
    if (!Line.ends_with("\n"))
      OS << "\n\\ No newline at end of file\n";
  }
}

/// Without the lines that are the same at both ends.
void printPiece(llvm::ArrayRef<StringRef> Old, llvm::ArrayRef<StringRef> New,
                llvm::raw_ostream &OS) {
  size_t Before = 0, After = 0;
  while (Before < Old.size() && Before < New.size() && Old[Before] == New[Before])
    ++Before;
  while (After < Old.size() - Before && After < New.size() - Before &&
         Old[Old.size() - 1 - After] == New[New.size() - 1 - After])
    ++After;
  print(Old.take_front(Before), ' ', OS);
  print(Old.drop_front(Before).drop_back(After), '-', OS);
  print(New.drop_front(Before).drop_back(After), '+', OS);
  print(Old.take_back(After), ' ', OS);
}

} // namespace

std::string unifiedDiff(StringRef Name, StringRef OldText, const Replacements &Edits) {
  constexpr size_t Context = 3;
  const OldLines Old(OldText);
  const std::vector<Piece> Pieces = Old.pieces(Edits);
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  OS << "--- a/" << Name << "\n+++ b/" << Name << '\n';
  ptrdiff_t Shift = 0;
  for (size_t I = 0; I != Pieces.size();) {
    // Pieces whose contexts touch share a hunk.
    size_t End = I + 1;
    while (End != Pieces.size() && Pieces[End].Begin <= Pieces[End - 1].End + 2 * Context)
      ++End;
    const size_t First = Pieces[I].Begin > Context ? Pieces[I].Begin - Context : 0;
    const size_t Last = std::min(Old.All.size(), Pieces[End - 1].End + Context);
    ptrdiff_t Grown = 0;
    for (size_t P = I; P != End; ++P)
      Grown += static_cast<ptrdiff_t>(linesOf(Pieces[P].New).size()) -
               static_cast<ptrdiff_t>(Pieces[P].End - Pieces[P].Begin);
    OS << "@@ -" << First + 1 << ',' << Last - First << " +" << First + 1 + Shift << ','
       << static_cast<ptrdiff_t>(Last - First) + Grown << " @@\n";
    Shift += Grown;
    const llvm::ArrayRef<StringRef> All(Old.All);
    size_t Next = First;
    for (; I != End; ++I) {
      print(All.slice(Next, Pieces[I].Begin - Next), ' ', OS);
      printPiece(All.slice(Pieces[I].Begin, Pieces[I].End - Pieces[I].Begin),
                 linesOf(Pieces[I].New), OS);
      Next = Pieces[I].End;
    }
    print(All.slice(Next, Last - Next), ' ', OS);
  }
  return Text;
}

} // namespace tether::tool
