#include "tool/engine/Project.h"
#include "tool/output/Output.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"
#include <set>

namespace tether::tool {
namespace {

std::string placeText(const Report &R, const Place &P, llvm::StringRef Directory) {
  std::string Text = relativeTo(Directory, absolutePath(P.File, R.Root));
  if (P.At.Line)
    Text += (":" + llvm::Twine(P.At.Line) + ":" + llvm::Twine(P.At.Column)).str();
  return Text;
}

using Colors = llvm::raw_ostream::Colors;

/// How a line looks on a terminal: tabs expanded, and for each byte the column it is shown in.
struct ShownLine {
  explicit ShownLine(llvm::StringRef Text) {
    for (size_t I = 0; I < Text.size();) {
      const size_t Bytes = std::min<size_t>(llvm::getNumBytesForUTF8(Text[I]), Text.size() - I);
      const llvm::StringRef Char = Text.substr(I, Bytes);
      Columns.insert(Columns.end(), Bytes, Width);
      I += Bytes;
      if (Char == "\t") {
        const unsigned Stop = 8 - Width % 8;
        Shown.append(Stop, ' ');
        Width += Stop;
      } else {
        Shown += Char;
        // What cannot be shown takes one column on most terminals.
        const int Wide = llvm::sys::unicode::columnWidthUTF8(Char);
        Width += Wide < 0 ? 1 : Wide;
      }
    }
  }
  unsigned column(size_t Byte) const { return Byte < Columns.size() ? Columns[Byte] : Width; }

  std::string Shown;

private:
  std::vector<unsigned> Columns;
  unsigned Width = 0;
};

class Printer {
public:
  Printer(const Report &R, llvm::StringRef Directory, bool Color, llvm::raw_ostream &OS)
      : R(R), Directory(Directory), OS(OS) {
    OS.enable_colors(Color);
  }

  void print(const Finding &F) {
    head(F.Where, F.IsError ? "error: " : "warning: ", F.IsError ? Colors::RED : Colors::MAGENTA,
         F.Message + " [" + F.Check + "]");
    source(F.Where, F.Length, F.Edits);
    for (const Note &N : F.Notes) {
      head(N.Where, "note: ", Colors::CYAN, N.Message);
      source(N.Where, 1, N.Edits);
    }
    if (auto Told = storyOf(F))
      writeColumns(*Told, OS);
    const bool Said = llvm::any_of(
        F.Notes, [&](const Note &N) { return !N.Edits.empty() && N.Message == F.Advice; });
    if (!F.Advice.empty() && !Said) // its line was shown
      head(F.Where, "note: ", Colors::CYAN, F.Advice);
    if (F.Introduced)
      head(F.Introduced->Where, "note: ", Colors::CYAN, F.Introduced->Message);
    if (F.Fixed)
      head(F.Where, "note: ", Colors::CYAN, "fixed");
    else if (R.Fixing && !F.Refused.empty())
      head(F.Where, "note: ", Colors::CYAN, "not fixed: " + F.Refused);
  }

private:
  void head(const Place &P, llvm::StringRef Kind, Colors KindColor, llvm::StringRef Message) {
    OS.changeColor(Colors::SAVEDCOLOR, /*Bold=*/true) << placeText(R, P, Directory) << ": ";
    OS.changeColor(KindColor, /*Bold=*/true) << Kind;
    OS.resetColor().changeColor(Colors::SAVEDCOLOR, /*Bold=*/true) << Message;
    OS.resetColor() << '\n';
  }

  void source(const Place &P, unsigned Length, const std::vector<Edit> &Edits) {
    const ShownLine Line(P.LineText);
    const unsigned Begin = Line.column(P.At.Column - 1),
                   End = Line.column(P.At.Column - 1 + Length);
    OS << Line.Shown << '\n' << std::string(Begin, ' ');
    OS.changeColor(Colors::GREEN, /*Bold=*/true)
        << '^' << std::string(End > Begin ? End - Begin - 1 : 0, '~');
    OS.resetColor() << '\n';

    std::string Hints; // the new text under the old, as far as it is of this line and finds room
    for (const Edit &E : Edits) {
      const unsigned Column = Line.column(E.Begin.Column - 1);
      if (E.File != P.File || E.Begin.Line != P.At.Line || llvm::StringRef(E.Text).contains('\n') ||
          Hints.size() > Column)
        continue;
      Hints.append(Column - Hints.size(), ' ');
      Hints += E.Text;
    }
    if (!llvm::StringRef(Hints).trim().empty()) {
      OS.changeColor(Colors::GREEN) << Hints;
      OS.resetColor() << '\n';
    }
  }

  const Report &R;
  llvm::StringRef Directory;
  llvm::raw_ostream &OS;
};

std::string count(size_t N, llvm::StringRef Word) {
  return (llvm::Twine(N) + " " + Word + (N == 1 ? "" : "s")).str();
}

} // namespace

void writeText(const Report &R, llvm::StringRef Directory, bool Color, llvm::raw_ostream &OS) {
  Printer P(R, Directory, Color, OS);
  for (const Finding &F : R.Findings)
    P.print(F);
}

llvm::StringRef spelling(Suppression::Kind By) {
  switch (By) {
  case Suppression::NoLint:
    return "nolint";
  case Suppression::Allow:
    return "allow";
  case Suppression::Baseline:
    return "baseline";
  case Suppression::Before:
    return "before";
  }
  llvm_unreachable("all kinds are listed");
}

void writeSuppressed(const Report &R, llvm::StringRef Directory, llvm::raw_ostream &OS) {
  for (const Finding &F : R.Silenced) {
    OS << placeText(R, F.Where, Directory) << ": ";
    switch (F.Suppressed->By) {
    case Suppression::NoLint:
      OS << "suppressed by NOLINT";
      break;
    case Suppression::Allow:
      OS << "suppressed by allow";
      break;
    case Suppression::Baseline:
      OS << "suppressed by the baseline";
      break;
    case Suppression::Before:
      OS << "there before the change";
      break;
    }
    if (!F.Suppressed->Reason.empty())
      OS << " (" << F.Suppressed->Reason << ')';
    OS << ": " << F.Message << " [" << F.Check << "]\n";
  }
}

std::string summaryLine(const Report &R) {
  std::set<llvm::StringRef> Files;
  size_t Fixed = 0, Refused = 0;
  for (const Finding &F : R.Findings) {
    Files.insert(F.Where.File);
    Fixed += F.Fixed;
    Refused += R.Fixing && !F.Fixed && !F.Refused.empty();
  }
  std::string Line;
  if (R.Gate)
    Line = llvm::utostr(R.Gate->Introduced) + " introduced, " + llvm::utostr(R.Gate->Fixed.size()) +
           " no longer there, " + llvm::utostr(R.Gate->AlreadyThere) + " already there";
  else
    Line = R.Findings.empty()
               ? "no findings"
               : count(R.Findings.size(), "finding") + " in " + count(Files.size(), "file");
  if (Fixed)
    Line += ", " + llvm::utostr(Fixed) + " fixed";
  if (Refused)
    Line += ", " + llvm::utostr(Refused) + " fixes refused";
  Line += " (" + count(R.Analysed, "file") + " analysed";
  if (!R.Failures.empty())
    Line += ", " + llvm::utostr(R.Failures.size()) + " failed";
  auto ByComment = [](const Finding &F) {
    return F.Suppressed->By == Suppression::NoLint || F.Suppressed->By == Suppression::Allow;
  };
  if (auto N = llvm::count_if(R.Silenced, ByComment))
    Line += ", " + count(N, "finding") + " suppressed";
  return Line + ")";
}

std::string failureLine(const Report &R, const Failure &F, llvm::StringRef Directory) {
  std::string Line = placeText(R, {F.File, {}, ""}, Directory) + ": cannot be analysed: ";
  if (F.Where.At.Line)
    Line += placeText(R, F.Where, Directory) + ": ";
  return Line + F.Message;
}

std::string refusalLine(const Report &R, const Finding &F, llvm::StringRef Directory) {
  return placeText(R, F.Where, Directory) + ": not fixed: " + F.Refused + " [" + F.Check + "]";
}

std::string remarkLine(const Report &R, const Remark &M, llvm::StringRef Directory) {
  return placeText(R, M.Where, Directory) + ": " + M.Message;
}

} // namespace tether::tool
