// A change of a text, as the language server protocol has it, and where it moves what is elsewhere.
#ifndef TETHER_CLANGD_CHANGE_H
#define TETHER_CLANGD_CHANGE_H

#include "llvm/Support/JSON.h"
#include <compare>
#include <cstdint>
#include <optional>

namespace tether {

struct Position {
  int64_t Line = 0;
  int64_t Character = 0;
  auto operator<=>(const Position &) const = default;
};

struct Range {
  Position Start, End;
};

struct Change {
  Range Old;   // what is replaced
  Position To; // where the text in its place ends
};

bool fromJSON(const llvm::json::Value &Json, Position &P, llvm::json::Path At);
bool fromJSON(const llvm::json::Value &Json, Range &R, llvm::json::Path At);
llvm::json::Value toJSON(const Position &P);
llvm::json::Value toJSON(const Range &R);

/// An element of contentChanges; nothing if that replaces the whole text.
std::optional<Change> readChange(const llvm::json::Value &Json);

/// Where a range is after a change; nothing if the change touched what is in it.
std::optional<Range> moved(Range R, const Change &C);

} // namespace tether

#endif
