#include "flow/Function.h"
#include "llvm/ADT/STLExtras.h"
#include <deque>
#include <set>

namespace tether {

void Function::forEach(llvm::function_ref<void(const Event &, Position)> Visit) const {
  for (unsigned B = 0; B != Blocks.size(); ++B)
    for (unsigned I = 0; I != Blocks[B].Events.size(); ++I)
      Visit(Blocks[B].Events[I], {B, I});
}

namespace {
/// What is known of the unchanging conditions on a path: two bits a condition.
using Assumptions = uint64_t;
constexpr unsigned MaxConditions = 32; // more are not tracked, which only loses correlations

bool assume(Assumptions &Known, const Edge &E) {
  if (E.Condition < 0 || E.Condition >= static_cast<int>(MaxConditions))
    return true;
  unsigned Shift = 2 * static_cast<unsigned>(E.Condition);
  Assumptions Mine = E.Value ? 2 : 1, Have = (Known >> Shift) & 3;
  Known |= Mine << Shift;
  return Have == 0 || Have == Mine;
}

struct State {
  unsigned Block;
  Assumptions Known;
  int From; ///< index of the state before
  const Edge *By;
};
} // namespace

std::optional<Path> Function::findPath(const Query &Q) const {
  std::vector<State> States{{Q.From.Block, 0, -1, nullptr}};
  std::set<std::pair<unsigned, Assumptions>> Seen;

  auto storyOf = [&](int Last) {
    Path P;
    for (int S = Last; S >= 0; S = States[S].From)
      if (States[S].By && !States[S].By->Decision.Text.empty())
        P.Steps.push_back(States[S].By->Decision);
    std::reverse(P.Steps.begin(), P.Steps.end());
    return P;
  };

  for (unsigned Next = 0; Next != States.size(); ++Next) {
    const State Now = States[Next];
    const Block &B = Blocks[Now.Block];
    unsigned I = Next == 0 ? Q.From.Index + 1 : 0;
    bool Stopped = false;
    for (; I < B.Events.size() && !Stopped; ++I) {
      const Event &E = B.Events[I];
      if (Q.Until && Q.Until(E)) {
        Path P = storyOf(static_cast<int>(Next));
        if (B.Leaves)
          P.Steps.push_back(*B.Leaves);
        P.End = E.At;
        P.Throws = B.Throws;
        return P;
      }
      Stopped = Q.Avoiding(E);
    }
    if (Stopped || B.NoReturn)
      continue;
    if (Q.Exits && (B.Leaves || Now.Block == Exit)) {
      Path P = storyOf(static_cast<int>(Next));
      P.Throws = B.Throws;
      P.End = B.Leaves ? B.Leaves->Where : End;
      P.Steps.push_back(B.Leaves ? *B.Leaves : Step{End, "the end of '" + Name + "' is reached here"});
      return P;
    }
    for (const Edge &E : B.Next) {
      Assumptions Known = Now.Known;
      if (assume(Known, E) && Seen.insert({E.To, Known}).second)
        States.push_back({E.To, Known, static_cast<int>(Next), &E});
    }
  }
  return std::nullopt;
}

} // namespace tether
