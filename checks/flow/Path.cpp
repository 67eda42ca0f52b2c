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

/// What may be known of the conditions when control arrives at \p Target.
static std::set<Assumptions> knownAt(const Function &F, unsigned Target) {
  std::set<Assumptions> Result;
  std::set<std::pair<unsigned, Assumptions>> Seen{{F.Entry, 0}};
  std::vector<std::pair<unsigned, Assumptions>> Work{{F.Entry, 0}};
  while (!Work.empty()) {
    auto [Now, Known] = Work.back();
    Work.pop_back();
    if (Now == Target)
      Result.insert(Known);
    for (const Edge &E : F.Blocks[Now].Next) {
      Assumptions There = Known;
      if (assume(There, E) && Seen.insert({E.To, There}).second)
        Work.push_back({E.To, There});
    }
  }
  if (Result.empty())
    Result.insert(0); // a handler, which no edge leads to
  return Result;
}

bool Function::loopDoes(const Block &B, const Edge &E,
                        llvm::function_ref<bool(const Event &)> Wanted) const {
  if (!E.LeavesLoop)
    return false;
  const unsigned Head = &B - Blocks.data();
  std::set<unsigned> Seen{Head, E.To};
  std::vector<unsigned> Work{Head};
  while (!Work.empty()) {
    const Block &Now = Blocks[Work.back()];
    Work.pop_back();
    if (llvm::any_of(Now.Events, Wanted))
      return true;
    for (const Edge &Next : Now.Next)
      if (Seen.insert(Next.To).second)
        Work.push_back(Next.To);
  }
  return false;
}

std::vector<bool> Function::losing(const Query &Q) const {
  std::vector<bool> Loses(Blocks.size(), false);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (unsigned B = 0; B != Blocks.size(); ++B) {
      if (Loses[B] || Blocks[B].NoReturn)
        continue;
      bool Stopped = false, Ended = false;
      for (const Event &E : Blocks[B].Events) {
        if ((Ended = Q.Until && Q.Until(E)) || (Stopped = Q.Avoiding(E)))
          break;
      }
      bool Lost = Ended || (!Stopped && ((Q.Exits && (Blocks[B].Leaves || B == Exit)) ||
                                         llvm::any_of(Blocks[B].Next, [&](const Edge &E) {
                                           return Loses[E.To] &&
                                                  !(Q.AvoidingEdge && Q.AvoidingEdge(Blocks[B], E));
                                         })));
      if (Lost)
        Loses[B] = Changed = true;
    }
  }
  return Loses;
}

std::optional<Path> Function::findPath(const Query &Q) const {
  std::vector<State> States;
  std::set<std::pair<unsigned, Assumptions>> Seen;
  for (Assumptions Known : knownAt(*this, Q.From.Block))
    States.push_back({Q.From.Block, Known, -1, nullptr});
  const size_t Starts = States.size();

  auto storyOf = [&](int Last) {
    Path P;
    // The last decision is always worth a step, another one if the other way would not have been as
    // bad.
    std::vector<bool> Loses = losing(Q);
    for (int S = Last; S >= 0; S = States[S].From) {
      const Edge *By = States[S].By;
      if (!By || By->Decision.Text.empty())
        continue;
      const auto &Ways = Blocks[States[States[S].From].Block].Next;
      if (P.Steps.empty() ||
          llvm::any_of(Ways, [&](const Edge &E) { return E.To != By->To && !Loses[E.To]; }))
        P.Steps.push_back(By->Decision);
    }
    std::reverse(P.Steps.begin(), P.Steps.end());
    return P;
  };

  for (unsigned Next = 0; Next != States.size(); ++Next) {
    const State Now = States[Next];
    const Block &B = Blocks[Now.Block];
    unsigned I = Next < Starts ? Q.From.Index + 1 : 0;
    bool Stopped = false;
    for (; I < B.Events.size() && !Stopped; ++I) {
      const Event &E = B.Events[I];
      if (Q.Until && Q.Until(E)) {
        Path P = storyOf(static_cast<int>(Next));
        if (B.Leaves)
          P.Steps.push_back(*B.Leaves);
        P.End = B.Leaves ? B.Leaves->Where : E.At;
        P.Last = &E;
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
      P.Steps.push_back(B.Leaves ? *B.Leaves
                                 : Step{End, "the end of '" + Name + "' is reached here"});
      return P;
    }
    for (const Edge &E : B.Next) {
      if (Q.AvoidingEdge && Q.AvoidingEdge(B, E))
        continue;
      Assumptions Known = Now.Known;
      if (assume(Known, E) && Seen.insert({E.To, Known}).second)
        States.push_back({E.To, Known, static_cast<int>(Next), &E});
    }
  }
  return std::nullopt;
}

} // namespace tether
