#include "Change.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

bool fromJSON(const llvm::json::Value &Json, Position &P, llvm::json::Path At) {
  llvm::json::ObjectMapper Map(Json, At);
  return Map && Map.map("line", P.Line) && Map.map("character", P.Character);
}

bool fromJSON(const llvm::json::Value &Json, Range &R, llvm::json::Path At) {
  llvm::json::ObjectMapper Map(Json, At);
  return Map && Map.map("start", R.Start) && Map.map("end", R.End);
}

llvm::json::Value toJSON(const Position &P) {
  return llvm::json::Object{{"line", P.Line}, {"character", P.Character}};
}

llvm::json::Value toJSON(const Range &R) {
  return llvm::json::Object{{"start", R.Start}, {"end", R.End}};
}

/// In UTF-16, as the protocol counts unless both sides agree on something else. Where they do, what
/// stands behind the change on its line is off until typing pauses.
static int64_t length(llvm::StringRef Text) {
  auto Units = [](unsigned char C) { return (C & 0xC0) == 0x80 ? 0 : C >= 0xF0 ? 2 : 1; };
  int64_t Sum = 0;
  for (unsigned char C : Text)
    Sum += Units(C);
  return Sum;
}

std::optional<Change> readChange(const llvm::json::Value &Json) {
  const llvm::json::Object *Object = Json.getAsObject();
  const llvm::json::Value *Old = Object ? Object->get("range") : nullptr;
  auto Text = Object ? Object->getString("text") : std::nullopt;
  llvm::json::Path::Root Root;
  Change C;
  if (!Old || !Text || !fromJSON(*Old, C.Old, Root))
    return std::nullopt;
  int64_t Breaks = Text->count('\n');
  int64_t Last = length(Breaks ? Text->rsplit('\n').second : *Text);
  C.To = {C.Old.Start.Line + Breaks, Breaks ? Last : C.Old.Start.Character + Last};
  return C;
}

std::optional<Range> moved(Range R, const Change &C) {
  if (R.End <= C.Old.Start)
    return R;
  if (R.Start < C.Old.End)
    return std::nullopt;
  auto Move = [&](Position P) -> Position {
    if (P.Line == C.Old.End.Line)
      return {C.To.Line, C.To.Character + P.Character - C.Old.End.Character};
    return {C.To.Line + P.Line - C.Old.End.Line, P.Character};
  };
  return Range{Move(R.Start), Move(R.End)};
}

} // namespace tether
