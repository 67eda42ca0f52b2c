#include "flow/Function.h"
#include "llvm/ADT/STLExtras.h"
#include <deque>
#include <set>
#include <tuple>

namespace tether {

void Function::forEach(llvm::function_ref<void(const Event &, Position)> Visit) const {
  for (unsigned B = 0; B != Blocks.size(); ++B)
    for (unsigned I = 0; I != Blocks[B].Events.size(); ++I)
      Visit(Blocks[B].Events[I], {B, I});
}

void Function::forEach(RoleSet Wanted,
                       llvm::function_ref<void(const Event &, Position)> Visit) const {
  if (Roles.intersects(Wanted))
    forEach([&](const Event &E, Position At) {
      if (E.is(Wanted))
        Visit(E, At);
    });
}

namespace {
/// What is known on a path of the unchanging conditions, and of the plain bools that decide
/// somewhere: two bits each.
struct Assumptions {
  uint64_t Conditions = 0;
  uint32_t Flags = 0;
  bool operator<(const Assumptions &O) const {
    return std::tie(Conditions, Flags) < std::tie(O.Conditions, O.Flags);
  }
};
// More are not tracked, which only loses correlations.
constexpr unsigned MaxConditions = 32, MaxFlags = 16;

class Correlations {
public:
  explicit Correlations(const Function &F) {
    for (const Block &B : F.Blocks)
      for (const Edge &E : B.Next)
        if (E.Flag && Flags.size() < MaxFlags && !llvm::is_contained(Flags, E.Flag))
          Flags.push_back(E.Flag);
  }

  /// False when \p E contradicts what is known; otherwise it is known from there on.
  bool assume(Assumptions &Known, const Edge &E) const {
    if (E.Condition >= 0 && E.Condition < static_cast<int>(MaxConditions) &&
        !add(Known.Conditions, E.Condition, E.Value))
      return false;
    auto It = llvm::find(Flags, E.Flag);
    if (!E.Flag || It == Flags.end())
      return true;
    uint32_t Before = Known.Flags;
    bool Possible = add(Known.Flags, It - Flags.begin(), E.Value);
    if (!It->isLocal()) // a test of what others can change says nothing about the next one
      Known.Flags = Before;
    return Possible;
  }

  /// What \p E writes is known from there on, or no longer.
  void pass(Assumptions &Known, const Event &E) const {
    for (unsigned I = 0; I != Flags.size(); ++I) {
      const Object &Flag = Flags[I];
      bool Writes = E.On == Flag && E.is(Role::Write | Role::Store | Role::Overwrite);
      // While this thread waits, others change what is not its own.
      bool Waits = !Flag.isLocal() && E.is(Role::Wait | Role::Receive | Role::Join);
      if (!Writes && !Waits && !E.transfers(Flag))
        continue;
      Known.Flags &= ~(3u << (2 * I));
      if (Writes && E.Immediate && E.Way != Change::Unknown)
        Known.Flags |= (E.Way == Change::Up ? 2u : 1u) << (2 * I);
    }
  }

private:
  template <typename Bits> static bool add(Bits &Known, unsigned Index, bool Value) {
    Bits Mine = Value ? 2 : 1, Have = (Known >> (2 * Index)) & 3;
    Known |= Mine << (2 * Index);
    return Have == 0 || Have == Mine;
  }
  std::vector<Object> Flags;
};

struct State {
  unsigned Block;
  Assumptions Known;
  int From; ///< index of the state before
  const Edge *By;
};
} // namespace

/// Conditions that have nothing to do with each other multiply. Beyond so many states of one search
/// nothing is known of what comes before, and no path is found, which errs to silence.
constexpr size_t MaxStates = 1 << 14;

/// What may be known of the conditions when control arrives at \p Target.
static std::set<Assumptions> knownAt(const Function &F, const Correlations &Facts,
                                     unsigned Target) {
  std::set<Assumptions> Result;
  std::set<std::pair<unsigned, Assumptions>> Seen{{F.Entry, {}}};
  std::vector<std::pair<unsigned, Assumptions>> Work{{F.Entry, {}}};
  while (!Work.empty()) {
    if (Seen.size() > MaxStates)
      return {Assumptions()};
    auto [Now, Known] = Work.back();
    Work.pop_back();
    if (Now == Target)
      Result.insert(Known);
    bool Ended = false;
    for (const Event &E : F.Blocks[Now].Events) {
      Facts.pass(Known, E);
      Ended |= E.Ends;
    }
    if (Ended)
      continue;
    for (const Edge &E : F.Blocks[Now].Next) {
      Assumptions There = Known;
      if (Facts.assume(There, E) && Seen.insert({E.To, There}).second)
        Work.push_back({E.To, There});
    }
  }
  if (Result.empty())
    Result.insert(Assumptions()); // a handler, which no edge leads to
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
        if ((Ended = Q.Until && Q.Until(E)) || (Stopped = E.Ends || Q.Avoiding(E)))
          break;
      }
      const bool Leaves =
          Q.Exits && (Blocks[B].Leaves || B == Exit) && (Q.ByThrow || !Blocks[B].Throws);
      bool Lost = Ended || (!Stopped && (Leaves || llvm::any_of(Blocks[B].Next, [&](const Edge &E) {
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
  const Correlations Facts(*this);
  // What destructors do on the way to a handler is in none of the blocks. If one does what ends the
  // path, it is taken to do so there, too.
  bool Unwinds = true;
  forEach([&](const Event &E, Position) { Unwinds &= !(E.AtScopeEnd && Q.Avoiding(E)); });
  std::deque<Edge> Caught;
  auto endsAt = [&](clang::SourceLocation At) { return !Q.NotEnding || !Q.NotEnding->count(At); };
  for (Assumptions Known : knownAt(*this, Facts, Q.From.Block))
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
      if (P.Steps.empty() || llvm::none_of(Ways, [&](const Edge &E) { return &E == By; }) ||
          llvm::any_of(Ways, [&](const Edge &E) { return E.To != By->To && !Loses[E.To]; }))
        P.Steps.push_back(By->Decision);
      else
        continue;
      P.OnFailure |= By->OnFailure;
      P.Caught |= llvm::none_of(Ways, [&](const Edge &E) { return &E == By; });
    }
    std::reverse(P.Steps.begin(), P.Steps.end());
    return P;
  };

  for (unsigned Next = 0; Next != States.size() && Next != MaxStates; ++Next) {
    State Now = States[Next];
    const Block &B = Blocks[Now.Block];
    const unsigned First = Next < Starts ? Q.From.Index + 1 : 0;
    for (unsigned I = 0; I < First && I < B.Events.size(); ++I)
      Facts.pass(Now.Known, B.Events[I]);
    bool Stopped = false;
    for (unsigned I = First; I < B.Events.size() && !Stopped; ++I) {
      const Event &E = B.Events[I];
      if (Q.Until && Q.Until(E)) {
        if (!endsAt(B.Leaves ? B.Leaves->Where : E.At)) {
          Stopped = true;
          continue;
        }
        Path P = storyOf(static_cast<int>(Next));
        const bool Left = B.Leaves && !(E.where() < B.Leaves->Where);
        if (Left)
          P.Steps.push_back(*B.Leaves);
        P.End = Left ? B.Leaves->Where : E.At;
        P.Last = &E;
        P.Throws = B.Throws;
        return P;
      }
      Stopped = E.Ends || Q.Avoiding(E);
      Facts.pass(Now.Known, E);
      if (!Unwinds || Stopped)
        continue;
      std::vector<const Handler *> Handlers;
      if (const Handler *Catch = E.is(Role::Throw) ? E.handlerOf(E) : nullptr)
        Handlers.push_back(Catch);
      else if (E.is(Role::MayThrow) && Q.MayThrow)
        Handlers = E.handlersOfUnknown();
      for (const Handler *Catch : Handlers) {
        if (!Seen.insert({Catch->Block, Now.Known}).second)
          continue;
        Caught.emplace_back();
        Caught.back().To = Catch->Block;
        Caught.back().Decision = {
            E.At,
            (E.is(Role::Throw) ? "it throws here, and '" : "what is called here may throw, and '") +
                Name + "' goes on in a handler"};
        States.push_back({Catch->Block, Now.Known, static_cast<int>(Next), &Caught.back()});
      }
    }
    if (Stopped || B.NoReturn)
      continue;
    if (B.Throws && !Q.ByThrow)
      continue;
    if (Q.Exits && (B.Leaves || Now.Block == Exit)) {
      if (!endsAt(B.Leaves ? B.Leaves->Where : End))
        continue;
      Path P = storyOf(static_cast<int>(Next));
      P.Throws = B.Throws;
      P.Gives = B.Gives;
      P.End = B.Leaves ? B.Leaves->Where : End;
      P.Steps.push_back(B.Leaves ? *B.Leaves
                                 : Step{End, "the end of '" + Name + "' is reached here"});
      return P;
    }
    for (const Edge &E : B.Next) {
      if (Q.AvoidingEdge && Q.AvoidingEdge(B, E))
        continue;
      Assumptions Known = Now.Known;
      if (Facts.assume(Known, E) && Seen.insert({E.To, Known}).second)
        States.push_back({E.To, Known, static_cast<int>(Next), &E});
    }
  }
  return std::nullopt;
}

std::vector<Path> Function::findPaths(Query Q) const {
  constexpr size_t Most = 16; // nobody edits so many places
  std::set<clang::SourceLocation> Known;
  Q.NotEnding = &Known;
  std::vector<Path> Found;
  while (Found.size() != Most)
    if (auto P = findPath(Q)) {
      Known.insert(P->End);
      Found.push_back(std::move(*P));
    } else {
      break;
    }
  return Found;
}

} // namespace tether
