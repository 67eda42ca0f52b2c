#include "tool/engine/Findings.h"
#include "tool/engine/Catalog.h"
#include "tool/engine/Project.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"

using namespace clang;
using namespace clang::tidy;

namespace tether::tool {

static Position position(llvm::StringRef Text, unsigned Offset) {
  Position P;
  P.Offset = std::min<size_t>(Offset, Text.size()); // the file may have changed under our feet
  llvm::StringRef Before = Text.substr(0, P.Offset);
  llvm::StringRef Line = Before.substr(Before.rfind('\n') + 1);
  P.Line = Before.count('\n') + 1;
  P.Column = Line.size() + 1;
  P.Character = 1 + llvm::count_if(Line, [](char C) { return (C & 0xC0) != 0x80; });
  return P;
}

std::string SourceReader::absolute(llvm::StringRef Path) const {
  return absolutePath(Path, Directory);
}

Place SourceReader::place(llvm::StringRef Path, unsigned Offset) {
  Place P;
  P.File = absolute(Path);
  llvm::StringRef Text = text(P.File);
  P.At = position(Text, Offset);
  llvm::StringRef Line = Text.substr(P.At.Offset - (P.At.Column - 1));
  P.LineText = Line.substr(0, Line.find_first_of("\r\n")).str();
  return P;
}

std::vector<Edit> SourceReader::edits(const llvm::StringMap<tooling::Replacements> &PerFile) {
  std::vector<Edit> Result;
  for (const auto &Entry : PerFile)
    for (const tooling::Replacement &R : Entry.second) {
      if (!R.isApplicable())
        continue;
      Edit E;
      E.File = absolute(R.getFilePath());
      E.Begin = position(text(E.File), R.getOffset());
      E.End = position(text(E.File), R.getOffset() + R.getLength());
      E.Text = R.getReplacementText().str();
      Result.push_back(std::move(E));
    }
  // A StringMap has no order of its own.
  llvm::sort(Result, [](const Edit &A, const Edit &B) {
    return std::tie(A.File, A.Begin.Offset) < std::tie(B.File, B.Begin.Offset);
  });
  return Result;
}

llvm::StringRef SourceReader::text(llvm::StringRef Path) {
  auto [It, New] = Texts.try_emplace(Path);
  if (New)
    if (auto Read = FS.getBufferForFile(Path))
      It->second = std::move(*Read);
  return It->second ? It->second->getBuffer() : "";
}

/// How much of the line is to be underlined: the name at the place, qualified or not.
static unsigned wordLength(const Place &P) {
  llvm::StringRef Rest = llvm::StringRef(P.LineText).drop_front(P.At.Column - 1);
  size_t Length = 0;
  auto Word = [&] {
    Length +=
        Rest.substr(Length).take_while([](char C) { return llvm::isAlnum(C) || C == '_'; }).size();
  };
  for (Word(); Length && Rest.substr(Length).starts_with("::"); Word())
    Length += 2;
  return std::max<size_t>(1, Length);
}

/// The text from the place to the end of its statement, as tokens.
static std::string statementAt(llvm::StringRef Text, unsigned Offset) {
  constexpr unsigned EnoughTokens = 64;
  LangOptions Lang;
  Lang.CPlusPlus = Lang.CPlusPlus11 = true; // raw strings
  Lexer Lex(SourceLocation(), Lang, Text.begin(), Text.begin() + Offset, Text.end());
  std::string Statement;
  Token T;
  for (unsigned I = 0; I != EnoughTokens; ++I) {
    Lex.LexFromRawLexer(T);
    if (T.isOneOf(tok::eof, tok::semi, tok::l_brace, tok::r_brace))
      break;
    Statement += llvm::StringRef(Lex.getBufferLocation() - T.getLength(), T.getLength());
  }
  return Statement;
}

Finding toFinding(const ClangTidyError &E, SourceReader &Read) {
  Finding F;
  F.Check = E.DiagnosticName;
  F.Message = E.Message.Message;
  F.IsError = E.IsWarningAsError;
  F.Where = Read.place(E.Message.FilePath, E.Message.FileOffset);
  F.Length = wordLength(F.Where);
  F.Statement = statementAt(Read.text(F.Where.File), F.Where.At.Offset);
  F.Edits = Read.edits(E.Message.Fix);
  for (const tooling::DiagnosticMessage &N : E.Notes)
    F.Notes.push_back({Read.place(N.FilePath, N.FileOffset), N.Message, Read.edits(N.Fix)});
  // What to do comes last and at the place of the finding; it is no step.
  if (!F.Notes.empty() && F.Notes.back().Edits.empty() &&
      F.Notes.back().Where.File == F.Where.File &&
      F.Notes.back().Where.At.Offset == F.Where.At.Offset) {
    F.Advice = F.Notes.back().Message;
    F.Notes.pop_back();
  }
  return F;
}

Finding toFinding(const SuppressionListener::Suppressed &S, SourceReader &Read) {
  Finding F;
  F.Check = S.Check;
  F.Message = S.Message;
  F.Where = Read.place(S.File, S.Offset);
  F.Length = wordLength(F.Where);
  F.Statement = statementAt(Read.text(F.Where.File), F.Where.At.Offset);
  F.Suppressed = Suppression{Suppression::NoLint, ""};
  return F;
}

void applyMarks(FileResult &R, SourceReader &Read) {
  for (const std::string &File : R.Files)
    for (Mark &M : marksIn(Read.text(File))) {
      M.Where.File = File;
      const bool IsAllow = M.By == Suppression::Allow;
      for (Finding &F : R.Findings)
        if (F.Where.File == File && covers(M, F.Check, F.Where.At.Line) &&
            (F.Suppressed ? F.Suppressed->By == M.By : IsAllow)) {
          F.Suppressed = Suppression{M.By, M.Reason};
          M.Used = true;
        }
      if (IsAllow)
        for (const std::string &Id : M.Checks)
          if (!findCheck(Id)) {
            std::string Near = nearestCheck(Id);
            R.Remarks.push_back(
                {M.Where, "allow(" + Id + "): there is no such check" +
                              (Near.empty() ? "" : "; did you mean '" + Near + "'?")});
          }
      if (IsAllow && M.Reason.empty())
        R.Remarks.push_back({M.Where, "allow(" + llvm::join(M.Checks, ", ") +
                                          ") gives no reason; write one behind it"});
      // A check that did not run has suppressed nothing.
      auto IsNamed = [&](llvm::StringRef Check) { return covers(M, Check, M.FirstLine); };
      if (M.Used || llvm::any_of(R.Checks, IsNamed))
        R.Marks.push_back(std::move(M));
    }
}

} // namespace tether::tool
