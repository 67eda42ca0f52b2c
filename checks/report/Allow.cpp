#include "report/Allow.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using llvm::StringRef;

namespace tether {
namespace {

bool startsComment(StringRef Line) { return Line.starts_with("//") || Line.starts_with("/*"); }

/// What stands behind "tether:" in a comment of the line, null without one.
StringRef wordsForUs(StringRef Line) {
  size_t Comment = std::min(Line.find("//"), Line.find("/*"));
  if (Comment == StringRef::npos)
    return {};
  size_t Name = Line.find("tether:", Comment);
  if (Name == StringRef::npos || !Line.slice(Comment + 2, Name).trim(" \t/*").empty())
    return {};
  return Line.substr(Name);
}

} // namespace

bool Allowance::names(StringRef Id) const {
  return llvm::any_of(Ids, [&](StringRef Named) {
    Named.consume_front("tether-");
    return Named == Id;
  });
}

std::vector<Allowance> allowancesIn(StringRef Text) {
  std::vector<Allowance> Found;
  if (!Text.contains("tether:"))
    return Found;
  llvm::SmallVector<StringRef> Lines;
  Text.split(Lines, '\n');
  for (size_t I = 0; I != Lines.size(); ++I) {
    StringRef Words = wordsForUs(Lines[I]);
    if (Words.empty())
      continue;
    Allowance A;
    A.Line = A.Covers = I + 1;
    A.Column = Words.data() - Lines[I].data() + 1;
    if (!Words.consume_front("tether:") || !(Words = Words.ltrim()).consume_front("allow"))
      continue;
    if (!(Words = Words.ltrim()).consume_front("(") || !Words.contains(')'))
      continue;
    auto [Ids, Reason] = Words.split(')');
    llvm::SmallVector<StringRef> Split;
    Ids.split(Split, ',');
    for (StringRef Id : Split)
      A.Ids.push_back(Id.trim().str());
    Reason = Reason.rtrim();
    Reason.consume_back("*/");
    A.Reason = Reason.trim(" \t:-").str();
    if (startsComment(Lines[I].ltrim()))
      for (size_t Next = I + 1; Next < Lines.size(); ++Next)
        if (StringRef Code = Lines[Next].trim(); !Code.empty() && !startsComment(Code)) {
          A.Covers = Next + 1;
          break;
        }
    Found.push_back(std::move(A));
  }
  return Found;
}

} // namespace tether
