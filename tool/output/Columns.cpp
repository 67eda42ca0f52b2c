// A story of several threads, one column for each: the notes of a finding that say who does what.
#include "tool/output/Output.h"
#include "llvm/ADT/STLExtras.h"

namespace tether::tool {

std::optional<Story> storyOf(const Finding &F) {
  Story Told;
  for (const Note &N : F.Notes) {
    llvm::StringRef Text = N.Message;
    if (!Text.consume_front("["))
      continue;
    auto [Thread, Does] = Text.split("] ");
    auto Known = llvm::find(Told.Threads, Thread);
    Told.Turns.push_back({static_cast<unsigned>(Known - Told.Threads.begin()), Does, &N.Where});
    if (Known == Told.Threads.end())
      Told.Threads.push_back(Thread);
  }
  if (Told.Threads.size() < 2)
    return std::nullopt;
  return Told;
}

void writeColumns(const Story &Told, llvm::raw_ostream &OS) {
  std::vector<size_t> Widths;
  for (llvm::StringRef Thread : Told.Threads)
    Widths.push_back(Thread.size());
  for (const Story::Turn &T : Told.Turns)
    Widths[T.Thread] = std::max(Widths[T.Thread], T.Does.size());
  auto row = [&](llvm::StringRef Line, llvm::function_ref<llvm::StringRef(size_t)> Cell) {
    std::string Row = std::string(Line.size() < 6 ? 6 - Line.size() : 0, ' ') + Line.str();
    for (size_t T = 0; T != Widths.size(); ++T)
      Row += " | " + Cell(T).str() + std::string(Widths[T] - Cell(T).size(), ' ');
    OS << llvm::StringRef(Row).rtrim() << '\n';
  };
  row("line", [&](size_t T) { return Told.Threads[T]; });
  for (const Story::Turn &T : Told.Turns)
    row(std::to_string(T.Where->At.Line),
        [&](size_t Column) { return Column == T.Thread ? T.Does : llvm::StringRef(); });
}

} // namespace tether::tool
