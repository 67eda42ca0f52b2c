#include "tool/engine/Fix.h"
#include "tool/engine/Project.h"
#include "tool/engine/WriteFile.h"
#include "clang/Format/Format.h"
#include "clang/Tooling/Core/Replacement.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace clang;
using tooling::Replacement;
using tooling::Replacements;

namespace tether::tool {
namespace {

using PerFile = std::map<std::string, Replacements>; // by absolute path

/// Adds all edits of a finding, or none if one of them touches what another finding changes.
bool add(const Finding &F, const Report &R, PerFile &Chosen) {
  PerFile Trial = Chosen;
  for (const Edit &E : F.Edits) {
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

llvm::Expected<std::string> edited(llvm::StringRef File, const Replacements &Edits) {
  auto Text = llvm::MemoryBuffer::getFile(File);
  if (!Text)
    return llvm::createFileError(File, Text.getError());
  llvm::StringRef Code = (*Text)->getBuffer();
  // With no .clang-format about, the edits stay as they are.
  auto Style = format::getStyle("file", File, "none", Code);
  if (!Style)
    return llvm::createFileError(File, Style.takeError());
  auto Formatted = format::formatReplacements(Code, Edits, *Style);
  if (!Formatted)
    return llvm::createFileError(File, Formatted.takeError());
  return tooling::applyAllReplacements(Code, *Formatted);
}

} // namespace

llvm::Error applyFixes(Report &R) {
  PerFile Chosen;
  for (Finding &F : R.Findings)
    F.Fixed = !F.Edits.empty() && add(F, R, Chosen);

  // Everything is worked out before the first file is touched.
  std::map<std::string, std::string> Texts;
  for (const auto &[File, Edits] : Chosen) {
    auto Text = edited(File, Edits);
    if (!Text)
      return Text.takeError();
    Texts[File] = std::move(*Text);
  }
  for (const auto &[File, Text] : Texts) {
    auto Out = OutputFile::open(File);
    if (!Out)
      return Out.takeError();
    if (llvm::Error E = Out->commit(Text))
      return E;
  }
  return llvm::Error::success();
}

} // namespace tether::tool
