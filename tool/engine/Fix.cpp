#include "tool/engine/Fix.h"
#include "tool/engine/Project.h"
#include "tool/engine/UnifiedDiff.h"
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
using Barred = std::map<std::string, std::string>;   // absolute path, and what the compiler says

/// How often a finding says the same of the same file, however its lines have moved.
using Key = std::tuple<std::string, std::string, std::string>;
using Counts = std::map<Key, int>;
Key key(const Finding &F) { return {F.Check, F.Message, F.Where.File}; }

Counts counted(const std::vector<Finding> &Findings) {
  Counts Count;
  for (const Finding &F : Findings)
    ++Count[key(F)];
  return Count;
}

/// A finding as it is named within one round.
using Spot = std::pair<Key, unsigned>; // and its offset
Spot spotOf(const Finding &F) { return {key(F), F.Where.At.Offset}; }

/// What the rounds have taught.
struct Lessons {
  Barred Closed;            ///< files that fixes would break
  std::set<Spot> Incurable; ///< what is still there after its fix, as of the round at hand
};

/// The edits that make up the fix of a finding; null if it has none that is asked for.
const std::vector<Edit> *fixOf(Finding &F, bool NotesToo) {
  if (!F.Edits.empty())
    return &F.Edits;
  auto Offers = llvm::find_if(F.Notes, [](const Note &N) { return !N.Edits.empty(); });
  if (Offers == F.Notes.end())
    return nullptr;
  if (!NotesToo)
    F.Refused = "its fix changes what the program does on purpose; --fix-notes applies it";
  return NotesToo ? &Offers->Edits : nullptr;
}

/// Why the file must stay as it is; empty if it need not.
std::string refusal(llvm::StringRef File, llvm::StringRef Root) {
  namespace fs = llvm::sys::fs;
  if (relativeTo(Root, File) == File)
    return "'" + File.str() + "' is outside of the project";
  fs::file_status Status;
  const auto Writable = fs::owner_write | fs::group_write | fs::others_write;
  // Also for a user who may write everything a file without these bits is meant to stay.
  if (fs::status(File, Status) || !(Status.permissions() & Writable) || !fs::can_write(File))
    return "'" + relativeTo(Root, File) + "' is read-only";
  return {};
}

/// Adds all edits, or none if one of them touches what another finding changes; says why.
std::string add(const Finding &F, const std::vector<Edit> &Edits, const Report &R,
                const Lessons &Known, PerFile &Chosen) {
  if (Known.Incurable.count(spotOf(F)))
    return "its fix has not helped";
  PerFile Trial = Chosen;
  for (const Edit &E : Edits) {
    std::string File = absolutePath(E.File, R.Root);
    if (std::string Why = refusal(File, R.Root); !Why.empty())
      return Why;
    if (auto It = Known.Closed.find(File); It != Known.Closed.end())
      return "the fixed code would not compile: " + It->second;
    Replacement New(File, E.Begin.Offset, E.End.Offset - E.Begin.Offset, E.Text);
    Replacements &Others = Trial[File];
    if (llvm::is_contained(Others, New))
      continue; // two findings in need of the same edit
    if (llvm::Error Conflict = Others.add(New)) {
      llvm::consumeError(std::move(Conflict));
      return "another fix changes the same text";
    }
  }
  Chosen = std::move(Trial);
  return {};
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
  Replacements Edits; ///< from the one to the other
};
using EditedFiles = std::map<std::string, EditedFile>; // by absolute path

/// Chooses among the fixes of \p R and adds them to what has been edited; what it has done is empty
/// if nothing changes.
llvm::Expected<PerFile> editRound(Report &R, bool NotesToo, const Lessons &Known,
                                  EditedFiles &Files) {
  PerFile Chosen, Done;
  for (Finding &F : R.Findings)
    if (const std::vector<Edit> *Edits = fixOf(F, NotesToo)) {
      F.Refused = add(F, *Edits, R, Known, Chosen);
      F.Fixed = F.Refused.empty();
    }
  bool Any = false;
  for (const auto &[File, Edits] : Chosen) {
    EditedFile &E = Files[File];
    if (E.Edits.empty()) { // not read yet
      auto Text = llvm::MemoryBuffer::getFile(File);
      if (!Text)
        return llvm::createFileError(File, Text.getError());
      E.Old = E.New = (*Text)->getBuffer().str();
    }
    auto All = formatted(File, E.New, Edits);
    if (!All)
      return All.takeError();
    auto New = tooling::applyAllReplacements(E.New, *All);
    if (!New)
      return New.takeError();
    Any |= *New != E.New;
    E.New = std::move(*New);
    E.Edits = E.Edits.merge(*All);
    Done[File] = std::move(*All);
  }
  return Any ? Done : PerFile();
}

/// What is left after all rounds: the findings of the first that are gone are fixed, and what the
/// fixes have brought up is a finding, too.
void settle(Report &R, const Report &Last, const EditedFiles &Files) {
  Counts Left = counted(Last.Findings);
  for (Finding &F : R.Findings)
    if (!F.Fixed && Files.count(absolutePath(F.Where.File, R.Root)))
      F.Fixed = --Left[key(F)] < 0;
  for (const Finding &F : llvm::reverse(Last.Findings))
    if (Left[key(F)]-- > 0)
      R.Findings.push_back(F);
  llvm::stable_sort(R.Findings, [](const Finding &A, const Finding &B) {
    return std::tie(A.Where.File, A.Where.At.Line, A.Where.At.Column) <
           std::tie(B.Where.File, B.Where.At.Line, B.Where.At.Column);
  });
}

/// What the run is not about is not fixed in a later round either.
void hideKnown(Report &Now, const Report &First) {
  Counts Known;
  for (const Finding &F : First.Silenced)
    if (F.Suppressed->By == Suppression::Baseline || F.Suppressed->By == Suppression::Before)
      ++Known[key(F)];
  llvm::erase_if(Now.Findings, [&](const Finding &F) { return Known[key(F)]-- > 0; });
}

/// Where a place of the new text was in the old one; within text that is new, the replacement.
std::pair<unsigned, const Replacement *> before(unsigned Offset, const Replacements &Edits) {
  int Shift = 0; // of what stands behind the replacements so far
  for (const Replacement &Each : Edits) {
    const unsigned Begin = Each.getOffset() + Shift;
    const unsigned Length = static_cast<unsigned>(Each.getReplacementText().size());
    if (Offset < Begin)
      break;
    if (Offset < Begin + Length)
      return {Each.getOffset(), &Each};
    Shift += static_cast<int>(Length) - static_cast<int>(Each.getLength());
  }
  return {Offset - Shift, nullptr};
}

/// \p Now, found after a round, is what the fix \p Fix of \p Was was to clear: it is where that
/// was, or in text of the fix.
bool isStill(const Finding &Now, const Finding &Was, const std::vector<Edit> &Fix,
             const PerFile &Done, llvm::StringRef Root) {
  const std::string File = absolutePath(Now.Where.File, Root);
  auto Edits = Done.find(File);
  if (key(Now) != key(Was) || Edits == Done.end())
    return key(Now) == key(Was) && Now.Where.At.Offset == Was.Where.At.Offset;
  auto [Old, Within] = before(Now.Where.At.Offset, Edits->second);
  if (!Within)
    return Old == Was.Where.At.Offset;
  const unsigned Begin = Within->getOffset(), End = Begin + Within->getLength();
  auto touches = [&](unsigned From, unsigned To) { return From <= End && Begin <= To; };
  return touches(Was.Where.At.Offset, Was.Where.At.Offset) || llvm::any_of(Fix, [&](const Edit &E) {
           return absolutePath(E.File, Root) == File && touches(E.Begin.Offset, E.End.Offset);
         });
}

/// Notes which findings were fixed in \p Was and are still there in \p Now; true if there are any.
bool learn(Report &Was, bool NotesToo, const Report &Now, const PerFile &Done, Lessons &Known) {
  bool Any = false;
  for (Finding &F : Was.Findings)
    if (F.Fixed)
      if (const std::vector<Edit> *Fix = fixOf(F, NotesToo))
        if (llvm::any_of(Now.Findings, [&](const Finding &Left) {
              return isStill(Left, F, *Fix, Done, Was.Root);
            }))
          Any |= Known.Incurable.insert(spotOf(F)).second;
  return Any;
}

/// The places of the next round.
std::set<Spot> moved(const std::set<Spot> &Spots, const PerFile &Done, llvm::StringRef Root) {
  std::set<Spot> Moved;
  for (const auto &[Name, Offset] : Spots) {
    auto Edits = Done.find(absolutePath(std::get<2>(Name), Root));
    Moved.insert(
        {Name, Edits == Done.end() ? Offset : Edits->second.getShiftedCodePosition(Offset)});
  }
  return Moved;
}

/// The files that do not compile any more.
Barred brokenBy(const Report &Now, const Report &First) {
  Barred Broken;
  auto WasBroken = [&](const Failure &F) {
    return llvm::any_of(First.Failures, [&](const Failure &Old) { return Old.File == F.File; });
  };
  for (const Failure &F : Now.Failures)
    if (!WasBroken(F))
      for (const std::string &File : {F.File, F.Where.File})
        Broken[absolutePath(File, Now.Root)] = F.Message;
  return Broken;
}

/// Everything is worked out before the first file is touched.
llvm::Expected<EditedFiles> workOut(Report &R, const FixRequest &Request) {
  // A fix that calls for another one comes to an end; one that calls for itself must not go on.
  constexpr unsigned MostRounds = 10;
  R.Fixing = true;
  EditedFiles Files, Before;
  Lessons Known;
  Report Later, *Now = &R;
  for (unsigned Round = 0; Round != MostRounds; ++Round) {
    auto Done = editRound(*Now, Request.NotesToo, Known, Files);
    if (!Done)
      return Done.takeError();
    if (Done->empty())
      break;
    Overlay Texts;
    for (const auto &[File, Each] : Files)
      Texts[File] = Each.New;
    Report Next = Request.Again(Texts);
    hideKnown(Next, R);
    Barred Broken = brokenBy(Next, R);
    const bool Harmful = !Broken.empty();
    Known.Closed.merge(Broken);
    if (Harmful || learn(*Now, Request.NotesToo, Next, *Done, Known)) {
      Files = Before; // the same round, without these
      continue;
    }
    Known.Incurable = moved(Known.Incurable, *Done, R.Root);
    Before = Files;
    Later = std::move(Next);
    Now = &Later;
  }
  if (Now != &R)
    settle(R, *Now, Files);
  return Before;
}

} // namespace

llvm::Error applyFixes(Report &R, const FixRequest &Request) {
  auto Files = workOut(R, Request);
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

llvm::Expected<std::string> diffFixes(Report &R, const FixRequest &Request) {
  auto Files = workOut(R, Request);
  if (!Files)
    return Files.takeError();
  for (Finding &F : R.Findings)
    F.Fixed = false; // nothing was done
  std::string Text;
  for (const auto &[File, Edited] : *Files)
    if (Edited.Old != Edited.New)
      Text += unifiedDiff(relativeTo(R.Root, File), Edited.Old, Edited.Edits);
  return Text;
}

} // namespace tether::tool
