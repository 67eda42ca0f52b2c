#include "protocol/Explore.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

namespace tether {

// Steps in which one more caller is given the chance to end a wait; beyond that it may.
constexpr unsigned RescueBudget = 6000;

namespace {

/// What the code behind a place may still do.
struct Future {
  llvm::BitVector Uses;  ///< at all
  llvm::BitVector Gives; ///< sends to, closes, notifies or stops
  llvm::BitVector Takes; ///< receives from or closes
  explicit Future(unsigned Size = 0) : Uses(Size), Gives(Size), Takes(Size) {}
  void anything() {
    Uses.set();
    Gives.set();
    Takes.set();
  }
  Future &operator|=(const Future &O) {
    Uses |= O.Uses;
    Gives |= O.Gives;
    Takes |= O.Takes;
    return *this;
  }
  bool operator!=(const Future &O) const {
    return Uses != O.Uses || Gives != O.Gives || Takes != O.Takes;
  }
};

class Explorer {
public:
  Explorer(const Scope &S, unsigned Budget) : S(S), W(S), Budget(Budget) {}
  Exploration run();
  /// From \p M on, and with one more caller, \p T may go on, for all that can be said.
  bool isRescued(const Moment &M, unsigned T, bool MayEnd);

private:
  struct Edge {
    unsigned From, To;
    uint16_t Movers; ///< threads that have left their operation
    bool Calls;      ///< a client begins a call
    bool Ends;       ///< the end of the object of the scope begins
  };

  /// Of one moment to the next there may be many steps, or few.
  unsigned cost() const { return Moments.size() + W.steps(); }
  unsigned add(Moment M, int From, uint16_t Movers, bool Calls);
  void expand(unsigned I);
  bool expandAlone(unsigned I, unsigned T, uint64_t &Done);
  void findFutures();
  const std::vector<bool> &canGoOn(unsigned T, unsigned Node, bool MayEnd);
  bool holdsUp(const Moment &M, unsigned Other, unsigned T) const;
  bool frees(const Future &F, const Moment &M, unsigned T) const;
  bool mayBeFreed(const Moment &M, unsigned T) const;
  bool waits(const Moment &M, unsigned T) const;
  bool isQuiet(unsigned I) const;
  std::vector<unsigned> waitsFor(const Moment &M, unsigned T) const;
  std::vector<Taken> trace(unsigned I) const;
  unsigned last(unsigned I) const;
  void report(unsigned I, unsigned T, bool MayEnd, Exploration &Result);
  void findLeftLocked(Exploration &Result);

  const Scope &S;
  World W;
  unsigned Budget;
  std::deque<Moment> Moments; // they are long: none is moved
  std::vector<int> Parents;
  std::unordered_multimap<size_t, unsigned> Known;
  std::vector<Edge> Edges;
  std::vector<std::vector<unsigned>> Out, In; ///< indices of edges
  std::vector<std::vector<Future>> Futures;   ///< of each node of each thread
  std::map<std::tuple<unsigned, unsigned, bool>, std::vector<bool>> GoesOn;
  std::map<std::tuple<unsigned, unsigned, bool, bool>, unsigned> Tried; ///< threads and their nodes
};

} // namespace

// ---- the graph ----------------------------------------------------------------------------------

unsigned Explorer::add(Moment M, int From, uint16_t Movers, bool Calls) {
  const size_t Hash = llvm::hash_combine_range(M.begin(), M.end());
  unsigned To = Moments.size();
  auto [First, Last] = Known.equal_range(Hash);
  for (auto It = First; It != Last; ++It)
    if (Moments[It->second] == M)
      To = It->second;
  if (To == Moments.size()) {
    Moments.push_back(std::move(M));
    Parents.push_back(From);
    Known.emplace(Hash, To);
  }
  if (From >= 0)
    Edges.push_back(
        {static_cast<unsigned>(From), To, Movers, Calls,
         (Movers & 1) && W.runs(Moments[From], 0) && W.at(Moments[From], 0).Is == Node::Alone});
  return To;
}

/// What each thread may still do, everything that it may start included.
void Explorer::findFutures() {
  const unsigned Size = S.Objects.size();
  Futures.resize(S.Threads.size());
  for (unsigned T = 0; T != S.Threads.size(); ++T)
    Futures[T].assign(S.Threads[T].Nodes.size(), Future(Size));
  auto acts = [](const Node &N, Future &F) {
    if (N.Of >= 0 &&
        llvm::is_contained({Node::Send, Node::Close, Node::Notify, Node::RequestStop}, N.Is))
      F.Gives.set(N.Of);
    if (N.Of >= 0 && llvm::is_contained({Node::Receive, Node::Close}, N.Is))
      F.Takes.set(N.Of);
  };
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (unsigned T = 0; T != S.Threads.size(); ++T)
      for (unsigned I = S.Threads[T].Nodes.size(); I-- > 0;) {
        const Node &N = S.Threads[T].Nodes[I];
        Future F = Futures[T][I];
        N.touches([&](int V) { F.Uses.set(V); });
        acts(N, F);
        for (const Node &C : N.Cases)
          acts(C, F);
        if ((N.Is == Node::Park && N.Anything) || N.Is == Node::Escape)
          F.anything();
        if (N.Is == Node::Start || N.Is == Node::Register)
          F |= Futures[N.Body][0];
        if (N.Is == Node::RequestStop)
          for (unsigned Body : S.Objects[N.Of].Bodies)
            F |= Futures[Body][0];
        for (const Node::Way &Next : N.Next)
          F |= Futures[T][Next.To];
        if (F != Futures[T][I]) {
          Futures[T][I] = std::move(F);
          Changed = true;
        }
      }
  }
}

/// True when what \p T does next concerns nobody else, now or later: then that it does it first is
/// all that has to be explored.
bool Explorer::expandAlone(unsigned I, unsigned T, uint64_t &Done) {
  const Moment &M = Moments[I];
  if (!W.runs(M, T) || W.parked(M, T) || W.asleep(M, T))
    return false;
  const Node &N = W.at(M, T);
  if (llvm::is_contained({Node::End, Node::Halt, Node::Idle, Node::Alone, Node::Join, Node::Await,
                          Node::RequestStop},
                         N.Is))
    return false;
  llvm::BitVector Mine(S.Objects.size());
  N.touches([&](int V) { Mine.set(V); });
  for (unsigned Other = 0; Other != S.Threads.size(); ++Other)
    if (Other != T && W.runs(M, Other) && Futures[Other][W.nodeOf(M, Other)].Uses.anyCommon(Mine))
      return false;
  std::vector<Following> Next;
  W.next(M, T, Next);
  if (Next.empty())
    return false;
  Done |= uint64_t{1} << T;
  // A circle of such steps must not keep the others from theirs.
  const size_t Before = Moments.size();
  bool New = true;
  for (Following &F : Next)
    New &= add(std::move(F.Then), I, F.Progress ? 1u << T : 0, F.Calls) >= Before;
  return New;
}

void Explorer::expand(unsigned I) {
  for (unsigned T = 0; T != S.Threads.size(); ++T)
    if (W.halted(Moments[I], T))
      return;
  uint64_t Done = 0; // threads whose next steps are known
  for (unsigned T = 0; T != S.Threads.size(); ++T)
    if (expandAlone(I, T, Done))
      return;
  for (unsigned T = 0; T != S.Threads.size(); ++T) {
    if (Done >> T & 1)
      continue;
    std::vector<Following> Next;
    W.next(Moments[I], T, Next);
    for (Following &F : Next) {
      uint16_t Movers = F.Progress ? 1u << T : 0;
      if (F.Partner >= 0)
        Movers |= 1u << F.Partner;
      add(std::move(F.Then), I, Movers, F.Calls);
    }
  }
}

// ---- who waits for good -------------------------------------------------------------------------

bool Explorer::waits(const Moment &M, unsigned T) const {
  return W.runs(M, T) && !W.parked(M, T) &&
         llvm::is_contained({Node::Lock, Node::Wait, Node::Send, Node::Receive, Node::Select,
                             Node::Join, Node::Await, Node::Enter},
                            W.at(M, T).Is);
}

/// \p Other holds, or is, what \p T waits for.
bool Explorer::holdsUp(const Moment &M, unsigned Other, unsigned T) const {
  const Node &N = W.at(M, T);
  auto holds = [&](unsigned V) {
    return S.Objects[V].Is == Shared::Mutex &&
           ((M[V] & 0xff) == Other + 1 || (M[V] >> (16 + Other) & 1));
  };
  switch (N.Is) {
  case Node::Lock:
    return llvm::any_of(N.All, holds);
  case Node::Join:
    return W.owned(M, N.Of) >> Other & 1;
  case Node::Await:
    return llvm::is_contained(S.Objects[N.Of].Bodies, Other);
  case Node::Enter:
    return M[N.Of] == Other + 1;
  case Node::Wait:
    return N.Mutex >= 0 && holds(N.Mutex) && !W.asleep(M, T);
  default:
    return false;
  }
}

/// What \p F does ends the wait of \p T, or one like it.
bool Explorer::frees(const Future &F, const Moment &M, unsigned T) const {
  const Node &N = W.at(M, T);
  auto meets = [&](const Node &End) {
    return End.Is == Node::Send ? F.Takes.test(End.Of)
                                : End.Is == Node::Receive && F.Gives.test(End.Of);
  };
  if (N.Stop >= 0 && F.Gives.test(N.Stop))
    return true;
  if (N.Is == Node::Wait)
    return F.Gives.test(N.Of);
  return meets(N) || llvm::any_of(N.Cases, meets);
}

/// Somebody of whom it is not known what he does may free \p T, or somebody who may free it.
bool Explorer::mayBeFreed(const Moment &M, unsigned T) const {
  Future Done(S.Objects.size());
  std::vector<bool> May(S.Threads.size(), false);
  auto may = [&](unsigned Thread) {
    May[Thread] = true;
    Done |= Futures[Thread][W.nodeOf(M, Thread)];
  };
  for (unsigned Other = 0; Other != S.Threads.size(); ++Other)
    if (W.parked(M, Other))
      may(Other);
  if (llvm::none_of(May, [](bool B) { return B; }))
    return false;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (unsigned Other = 0; Other != S.Threads.size(); ++Other) {
      if (May[Other] || !W.runs(M, Other) || W.ended(M, Other))
        continue;
      bool Freed = frees(Done, M, Other);
      for (unsigned Holder = 0; Holder != S.Threads.size(); ++Holder)
        Freed |= May[Holder] && holdsUp(M, Holder, Other);
      // Who does not wait may do something else because of what they do.
      if (!waits(M, Other))
        Freed |= Futures[Other][W.nodeOf(M, Other)].Uses.anyCommon(Done.Uses);
      if (Freed) {
        may(Other);
        Changed = true;
      }
    }
  }
  return May[T];
}

/// The moments, of those in which \p T is at \p Node, from which it may go on. Unless \p MayEnd,
/// that the object of the scope is destroyed does not count: what waits for that is in a deadlock
/// until then.
const std::vector<bool> &Explorer::canGoOn(unsigned T, unsigned Node, bool MayEnd) {
  auto [It, New] = GoesOn.try_emplace({T, Node, MayEnd}, Moments.size(), false);
  std::vector<bool> &Can = It->second;
  if (!New)
    return Can;
  std::vector<unsigned> Work;
  auto mark = [&](unsigned I) {
    if (!Can[I]) {
      Can[I] = true;
      Work.push_back(I);
    }
  };
  auto isThere = [&](unsigned I) {
    return W.runs(Moments[I], T) && W.nodeOf(Moments[I], T) == Node;
  };
  for (unsigned I = 0; I != Moments.size(); ++I) {
    if (!isThere(I))
      continue;
    bool Free = W.parked(Moments[I], T) || mayBeFreed(Moments[I], T);
    for (unsigned Other = 0; Other != S.Threads.size(); ++Other)
      Free |= W.halted(Moments[I], Other); // everything ends
    for (unsigned E : Out[I])
      Free |= (Edges[E].Movers >> T & 1) && (MayEnd || !Edges[E].Ends);
    if (Free)
      mark(I);
  }
  while (!Work.empty()) {
    const unsigned I = Work.back();
    Work.pop_back();
    for (unsigned E : In[I])
      if (isThere(Edges[E].From) && (MayEnd || !Edges[E].Ends))
        mark(Edges[E].From);
  }
  return Can;
}

/// Nothing goes on unless a client calls again.
bool Explorer::isQuiet(unsigned I) const {
  for (unsigned T = 0; T != S.Threads.size(); ++T)
    if (W.parked(Moments[I], T))
      return false;
  return llvm::all_of(Out[I], [&](unsigned E) { return Edges[E].Calls; });
}

// ---- how it comes to that -----------------------------------------------------------------------

/// The threads without which \p T cannot go on.
std::vector<unsigned> Explorer::waitsFor(const Moment &M, unsigned T) const {
  std::vector<unsigned> Result;
  for (unsigned Other = 0; Other != S.Threads.size(); ++Other)
    if (Other != T && W.runs(M, Other) && !W.ended(M, Other) && W.at(M, Other).Is != Node::Idle &&
        (holdsUp(M, Other, T) || frees(Futures[Other][W.nodeOf(M, Other)], M, T)))
      Result.push_back(Other);
  return Result;
}

std::vector<Taken> Explorer::trace(unsigned I) const {
  std::vector<unsigned> Path{I};
  while (Parents[Path.back()] >= 0)
    Path.push_back(Parents[Path.back()]);
  std::reverse(Path.begin(), Path.end());
  std::vector<Taken> Story;
  for (size_t Step = 1; Step < Path.size(); ++Step) {
    const Moment &From = Moments[Path[Step - 1]], &To = Moments[Path[Step]];
    bool Told = false;
    for (unsigned T = 0; T != S.Threads.size() && !Told; ++T) {
      std::vector<Following> Next;
      W.next(From, T, Next, /*Tell=*/true);
      for (Following &F : Next)
        if (!Told && F.Then == To) {
          llvm::append_range(Story, F.Story);
          Told = true;
        }
    }
  }
  return Story;
}

/// A moment behind \p I in which as many as possible have come as far as they can.
unsigned Explorer::last(unsigned I) const {
  std::map<unsigned, unsigned> Before{{I, I}};
  std::vector<unsigned> Work{I};
  for (size_t Next = 0; Next != Work.size() && Work.size() < 2000; ++Next) {
    const unsigned Now = Work[Next];
    if (isQuiet(Now))
      return Now;
    for (unsigned E : Out[Now])
      if (!Edges[E].Ends && Before.try_emplace(Edges[E].To, Now).second)
        Work.push_back(Edges[E].To);
  }
  return I;
}

void Explorer::report(unsigned I, unsigned T, bool MayEnd, Exploration &Result) {
  const unsigned Place = W.nodeOf(Moments[I], T);
  constexpr unsigned MaxTries = 4; // of the moments in which it waits there
  unsigned &Tries = Tried[{T, Place, W.oversleeps(Moments[I], T), MayEnd}];
  if (Tries++ >= MaxTries)
    return;
  const unsigned End = last(I);
  const Moment &M = Moments[End];
  // Others who wait for good there, and who waits for whom.
  std::vector<unsigned> Stuck;
  for (unsigned Other = 0; Other != S.Threads.size(); ++Other) {
    if (!waits(M, Other))
      continue;
    if (!canGoOn(Other, W.nodeOf(M, Other), MayEnd)[End] || W.oversleeps(M, Other))
      Stuck.push_back(Other);
  }
  if (!llvm::is_contained(Stuck, T))
    return;
  // Along the waits to one that waits for nobody, or comes again.
  auto rank = [&](unsigned Thread) {
    const Node &N = W.at(M, Thread);
    return N.Is == Node::Join || N.Is == Node::Await ? 2 : N.Is == Node::Lock ? 1 : 0;
  };
  std::vector<unsigned> Chain{T};
  unsigned Circle = 0;
  for (;;) {
    std::vector<unsigned> For = waitsFor(M, Chain.back());
    llvm::erase_if(For, [&](unsigned Other) { return !llvm::is_contained(Stuck, Other); });
    if (For.empty())
      break;
    const unsigned Next =
        *llvm::min_element(For, [&](unsigned A, unsigned B) { return rank(A) < rank(B); });
    if (auto Again = llvm::find(Chain, Next); Again != Chain.end()) {
      Chain.erase(Chain.begin(), Again); // a circle
      auto First =
          llvm::min_element(Chain, [&](unsigned A, unsigned B) { return rank(A) < rank(B); });
      std::rotate(Chain.begin(), First, Chain.end());
      std::reverse(Chain.begin() + 1, Chain.end());
      std::reverse(Chain.begin(), Chain.end());
      Circle = Chain.size();
      break;
    }
    Chain.push_back(Next);
  }
  if (!MayEnd && Circle < 2)
    return;                                 // it waits for work, until there is none any more
  std::reverse(Chain.begin(), Chain.end()); // what the others wait for comes first
  Standstill Found;
  for (unsigned Thread : Chain)
    Found.Threads.push_back({Thread, &W.at(M, Thread), W.oversleeps(M, Thread)});
  for (unsigned Other : Stuck)
    if (!llvm::is_contained(Chain, Other))
      Found.Threads.push_back({Other, &W.at(M, Other), W.oversleeps(M, Other)});
  const Event *First = Found.Threads.front().At->At;
  if (llvm::any_of(Result.Found,
                   [&](const Standstill &Known) { return Known.Threads.front().At->At == First; }))
    return;
  if (S.Reserve >= 0 && !Found.Threads.front().Oversleeps &&
      Explorer(S, RescueBudget).isRescued(M, Found.Threads.front().Thread, MayEnd))
    return;
  Tries = MaxTries;
  Found.Trace = trace(End);
  Found.Circle = Circle;
  Found.At = M;
  Result.Found.push_back(std::move(Found));
}

/// How the function of the scope leaves the mutexes that it locks.
void Explorer::findLeftLocked(Exploration &Result) {
  for (unsigned V = 0; V != S.Objects.size(); ++V) {
    int Left = -1;
    bool Back = false;
    for (unsigned I = 0; I != Moments.size(); ++I) {
      if (!W.ended(Moments[I], 0))
        continue;
      if (Left < 0 && W.leavesLocked(Moments[I], V))
        Left = I;
      Back |= W.givesBack(Moments[I], V);
    }
    if (Left < 0 || !Back)
      continue;
    LeftLocked L;
    L.Mutex = V;
    L.Trace = trace(Left);
    for (const Taken &Step : L.Trace)
      if (Step.Did && Step.Thread == 0 && Step.Did->Is == Node::Lock &&
          llvm::is_contained(Step.Did->All, V))
        L.Locked = Step.Did;
    if (L.Locked)
      Result.Left.push_back(std::move(L));
  }
}

bool Explorer::isRescued(const Moment &M, unsigned T, bool MayEnd) {
  if (!W.runs(M, 1))
    return false; // the object is not there yet, or not any more
  findFutures();
  add(W.with(M, S.Reserve), -1, 0, false);
  for (unsigned I = 0; I != Moments.size(); ++I) {
    if (cost() > Budget || mayBeFreed(Moments[I], T))
      return true;
    const Node &Owner = W.at(Moments[I], 0);
    if (!MayEnd && Owner.Is == Node::Alone)
      continue;
    const size_t Before = Edges.size();
    expand(I);
    for (size_t E = Before; E != Edges.size(); ++E)
      if (Edges[E].Movers >> T & 1)
        return true;
  }
  return false;
}

Exploration Explorer::run() {
  Exploration Result;
  findFutures();
  add(W.begin(), -1, 0, false);
  for (unsigned I = 0; I != Moments.size(); ++I) {
    if (Result.OutOfBudget = cost() > Budget; Result.OutOfBudget)
      break;
    expand(I);
  }
  Result.Moments = Moments.size();
  Result.Steps = cost();
  if (Result.OutOfBudget)
    return Result;
  Out.resize(Moments.size());
  In.resize(Moments.size());
  for (unsigned E = 0; E != Edges.size(); ++E) {
    Out[Edges[E].From].push_back(E);
    In[Edges[E].To].push_back(E);
  }
  for (unsigned I = 0; I != Moments.size(); ++I)
    for (unsigned T = 0; T != S.Threads.size(); ++T) {
      if (!waits(Moments[I], T))
        continue;
      const unsigned Place = W.nodeOf(Moments[I], T);
      const bool ForGood = !canGoOn(T, Place, true)[I];
      const Node &N = W.at(Moments[I], T);
      const bool Oversleeps =
          !ForGood && !N.Bounded && !N.Stoppable && W.oversleeps(Moments[I], T) && isQuiet(I);
      if (ForGood || Oversleeps)
        report(I, T, true, Result);
      else if (S.Reserve >= 0 && !canGoOn(T, Place, false)[I])
        report(I, T, false, Result);
    }
  if (S.Root)
    findLeftLocked(Result);
  return Result;
}

Exploration explore(const Scope &S, unsigned Budget) { return Explorer(S, Budget).run(); }

} // namespace tether
