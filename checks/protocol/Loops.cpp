#include "protocol/Loops.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

void objectsOf(const Event &E, llvm::function_ref<void(const Object &)> Visit) {
  auto object = [&](const Object &O) {
    if (O)
      Visit(O);
  };
  auto value = [&](const Value &V) {
    object(V.What);
    object(V.TokenOf);
    for (const Capture &C : V.Captures) {
      object(C.What);
      object(C.TokenOf);
    }
  };
  object(E.On);
  object(E.Result);
  object(E.GivesUp);
  object(E.StoppedBy);
  for (const Object &O : E.Reads)
    object(O);
  value(E.This);
  for (const Value &V : E.Args)
    value(V);
  for (const Event &Inner : E.Inner)
    if (E.is(Role::Select))
      objectsOf(Inner, Visit);
}

static void objectsOf(const Formula &F, llvm::function_ref<void(const Object &)> Visit) {
  if (F.Of)
    Visit(F.Of);
  for (const Object &O : F.Reads)
    Visit(O);
  for (const Formula &Part : F.Parts)
    objectsOf(Part, Visit);
}

Loops::Loops(const Function &Code) : F(Code) {
  const unsigned N = F.Blocks.size();
  std::vector<std::vector<unsigned>> Before(N);
  for (unsigned B = 0; B != N; ++B)
    for (const Edge &E : F.Blocks[B].Next)
      Before[E.To].push_back(B);

  // An edge to a block that is still open in a depth-first walk closes a loop.
  std::vector<uint8_t> State(N, 0);
  std::vector<std::pair<unsigned, unsigned>> Open;
  auto walk = [&](unsigned From) {
    if (State[From])
      return;
    State[From] = 1;
    Open.push_back({From, 0});
    while (!Open.empty()) {
      auto &[Now, Way] = Open.back();
      if (Way == F.Blocks[Now].Next.size()) {
        State[Now] = 2;
        Open.pop_back();
        continue;
      }
      const unsigned To = F.Blocks[Now].Next[Way++].To;
      if (State[To] == 0) {
        State[To] = 1;
        Open.push_back({To, 0});
      } else if (State[To] == 1) {
        auto Known = llvm::find_if(All, [&](const Loop &L) { return L.Head == To; });
        if (Known == All.end()) {
          All.push_back({To, std::vector<bool>(N, false)});
          Known = std::prev(All.end());
          Known->Blocks[To] = true;
        }
        std::vector<unsigned> Work{Now};
        while (!Work.empty()) {
          const unsigned B = Work.back();
          Work.pop_back();
          if (Known->Blocks[B])
            continue;
          Known->Blocks[B] = true;
          llvm::append_range(Work, Before[B]);
        }
      }
    }
  };
  walk(F.Entry);
  for (unsigned B = N; B-- > 0;) // handlers
    walk(B);
  if (!All.empty())
    findMentions();
}

void Loops::findMentions() {
  for (unsigned B = 0; B != F.Blocks.size(); ++B) {
    auto mention = [&](const Object &O) {
      if (O.root()->Where == Symbol::Global || O.root()->Where == Symbol::This)
        return;
      auto &Loop = Within.try_emplace(O.root(), All.size(), true).first->second;
      for (unsigned L = 0; L != All.size(); ++L)
        Loop[L] = Loop[L] && All[L].Blocks[B];
    };
    for (const Event &E : F.Blocks[B].Events)
      if (E.Immediate)
        objectsOf(E, mention);
    for (const Edge &E : F.Blocks[B].Next)
      if (E.When)
        objectsOf(*E.When, mention);
  }
}

void Loops::unroll(llvm::function_ref<bool(const Event &)> Wanted) {
  for (Loop &L : All)
    for (unsigned B = 0; B != F.Blocks.size(); ++B)
      if (L.Blocks[B])
        L.Unrolled |= llvm::any_of(F.Blocks[B].Events, Wanted);
}

Turns Loops::along(const Turns &T, unsigned From, unsigned To) const {
  Turns Result = T;
  for (unsigned L = 0; L != All.size(); ++L) {
    if (!All[L].Blocks[To])
      Result[L] = 0;
    else if (All[L].Unrolled && All[L].Head == To && All[L].Blocks[From])
      ++Result[L];
  }
  return Result;
}

int Loops::decidedBy(unsigned Block) const {
  int Found = -1;
  if (!F.Blocks[Block].Loop)
    return Found;
  // The innermost one: that with the fewest blocks.
  size_t Fewest = ~size_t{0};
  for (unsigned L = 0; L != All.size(); ++L)
    if (size_t Size = llvm::count(All[L].Blocks, true); All[L].Blocks[Block] && Size < Fewest) {
      Found = L;
      Fewest = Size;
    }
  return Found;
}

Turns Loops::ofVariable(const Turns &T, const Symbol *S) const {
  Turns Result = T;
  auto It = Within.find(S);
  for (unsigned L = 0; L != All.size(); ++L)
    if (It == Within.end() || !It->second[L])
      Result[L] = 0;
  return Result;
}

} // namespace tether
