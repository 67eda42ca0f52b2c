#include "protocol/Slice.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

namespace tether {

void Node::touches(llvm::function_ref<void(int)> Visit) const {
  for (int V : {Of, Mutex, Stop, Result})
    if (V >= 0)
      Visit(V);
  for (unsigned V : All)
    Visit(V);
  for (const Node &C : Cases)
    C.touches(Visit);
  auto test = [&](const TestRef &T) {
    if (T)
      readsOf(*T, [&](unsigned V) { Visit(V); });
  };
  test(Value);
  for (const Way &W : Next)
    test(W.When);
}

static bool isPlain(const Shared &V) {
  return V.Is == Shared::Number || V.Is == Shared::Choice;
}

// ---- what matters -------------------------------------------------------------------------------

/// The numbers that decide something.
static llvm::BitVector deciding(const Scope &S) {
  llvm::BitVector Used(S.Objects.size());
  auto uses = [&](const TestRef &T) {
    if (T)
      readsOf(*T, [&](unsigned V) { Used.set(V); });
  };
  for (const Automaton &A : S.Threads)
    for (const Node &N : A.Nodes) {
      for (const Node::Way &W : N.Next)
        uses(W.When);
      if (N.Is != Node::Set || (N.Of >= 0 && !isPlain(S.Objects[N.Of])))
        uses(N.Value);
    }
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const Automaton &A : S.Threads)
      for (const Node &N : A.Nodes)
        if (N.Is == Node::Set && N.Value && Used.test(N.Of))
          readsOf(*N.Value, [&](unsigned V) {
            Changed |= !Used.test(V);
            Used.set(V);
          });
  }
  return Used;
}

static void dropIdle(Scope &S) {
  const llvm::BitVector Used = deciding(S);
  auto idle = [&](int V) { return V >= 0 && isPlain(S.Objects[V]) && !Used.test(V); };
  for (Automaton &A : S.Threads)
    for (Node &N : A.Nodes) {
      if (idle(N.Result))
        N.Result = -1;
      llvm::erase_if(N.All, [&](unsigned V) { return idle(V) && N.Is != Node::Escape; });
      if ((N.Is == Node::Set && idle(N.Of)) || (N.Is == Node::Reset && N.All.empty()) ||
          (N.Is == Node::Escape && N.All.empty())) {
        N.Is = Node::Pass;
        N.Of = -1;
        N.Value = nullptr;
      }
    }
}

/// A place where nothing is done or decided is the place that it leads to.
static void skip(Automaton &A) {
  std::vector<unsigned> To(A.Nodes.size());
  for (unsigned I = 0; I != A.Nodes.size(); ++I) {
    unsigned N = I;
    for (unsigned Steps = 0; Steps != A.Nodes.size(); ++Steps) {
      const Node &Now = A.Nodes[N];
      if (Now.Is != Node::Pass || Now.Next.empty() ||
          !llvm::all_of(Now.Next, [&](const Node::Way &W) { return W.To == Now.Next[0].To; }))
        break;
      N = Now.Next[0].To;
    }
    To[I] = N;
  }
  for (Node &N : A.Nodes)
    for (Node::Way &W : N.Next)
      W.To = To[W.To];
  if (To[0] != 0) // the beginning stays where it is
    A.Nodes[0].Next = {{To[0], nullptr, nullptr}};
}

static void print(const TestRef &T, std::string &Out);
static void print(const Test &T, std::string &Out) {
  Out += std::to_string(T.Is) + "," + std::to_string(T.Of) + "," + std::to_string(T.Plus) +
         (T.Asks ? "?" : "") + "(";
  for (const Test &Part : T.Parts)
    print(Part, Out);
  for (unsigned V : T.Reads)
    Out += std::to_string(V) + " ";
  Out += ")";
}
static void print(const TestRef &T, std::string &Out) {
  if (T)
    print(*T, Out);
}

/// Places from which the same goes on become one.
static void merge(Automaton &A) {
  const unsigned Count = A.Nodes.size();
  std::map<std::string, unsigned> Operations, Tests;
  std::vector<unsigned> Class(Count);
  std::vector<std::vector<unsigned>> Conditions(Count);
  for (unsigned I = 0; I != Count; ++I) {
    const Node &N = A.Nodes[I];
    std::string Text = std::to_string(N.Is);
    if (N.Is != Node::Pass) {
      for (int64_t V : {int64_t(N.Of), int64_t(N.Mutex), int64_t(N.Stop), int64_t(N.Result),
                        N.Success, int64_t(N.Body)})
        Text += " " + std::to_string(V);
      for (bool B : {N.Bounded, N.AtOnce, N.Stoppable, N.IsShared, N.Everybody, N.Taken, N.Anything})
        Text += B ? "y" : "n";
      for (unsigned V : N.All)
        Text += " " + std::to_string(V);
      print(N.Value, Text);
      if (N.Is != Node::Set && N.Is != Node::Reset && N.Is != Node::Park && N.At)
        Text += "@" + std::to_string(N.At->At.getRawEncoding());
    }
    Class[I] = Operations.try_emplace(Text, Operations.size()).first->second;
    for (const Node::Way &W : N.Next) {
      std::string When;
      print(W.When, When);
      Conditions[I].push_back(Tests.try_emplace(When, Tests.size()).first->second);
    }
  }
  for (size_t Before = 0;;) {
    std::map<std::vector<unsigned>, unsigned> Known;
    std::vector<unsigned> Next(Count);
    for (unsigned I = 0; I != Count; ++I) {
      std::vector<unsigned> Key{Class[I]};
      for (unsigned W = 0; W != A.Nodes[I].Next.size(); ++W) {
        Key.push_back(Conditions[I][W]);
        Key.push_back(Class[A.Nodes[I].Next[W].To]);
      }
      Next[I] = Known.try_emplace(std::move(Key), Known.size()).first->second;
    }
    Class = std::move(Next);
    if (Known.size() == Before)
      break;
    Before = Known.size();
  }
  std::map<unsigned, unsigned> First;
  for (unsigned I = 0; I != Count; ++I)
    First.try_emplace(Class[I], I);
  for (Node &N : A.Nodes)
    for (Node::Way &W : N.Next)
      W.To = First[Class[W.To]];
}

/// What cannot be reached goes.
static void sweep(Automaton &A) {
  std::vector<int> New(A.Nodes.size(), -1);
  std::vector<unsigned> Order{0};
  New[0] = 0;
  for (unsigned I = 0; I != Order.size(); ++I)
    for (const Node::Way &W : A.Nodes[Order[I]].Next)
      if (New[W.To] < 0) {
        New[W.To] = Order.size();
        Order.push_back(W.To);
      }
  std::vector<Node> Kept;
  for (unsigned I : Order) {
    Kept.push_back(std::move(A.Nodes[I]));
    for (Node::Way &W : Kept.back().Next)
      W.To = New[W.To];
  }
  A.Nodes = std::move(Kept);
}

void slice(Scope &S) {
  auto size = [&] {
    size_t Sum = 0;
    for (const Automaton &A : S.Threads)
      Sum += A.Nodes.size();
    return Sum;
  };
  for (size_t Before = 0; Before != size();) {
    Before = size();
    dropIdle(S);
    for (Automaton &A : S.Threads) {
      skip(A);
      merge(A);
      skip(A);
      sweep(A);
    }
  }
}

// ---- what needs no interleaving -----------------------------------------------------------------

namespace {
/// The mutexes that a thread surely holds at each of its nodes; all of them while it is alone.
std::vector<llvm::BitVector> heldAt(const Scope &S, unsigned Thread) {
  const Automaton &A = S.Threads[Thread];
  const llvm::BitVector None(S.Objects.size()), Alone(S.Objects.size(), true);
  std::vector<llvm::BitVector> Held(A.Nodes.size());
  std::vector<unsigned> Work{0};
  Held[0] = Thread == 0 ? Alone : None;
  while (!Work.empty()) {
    const unsigned I = Work.back();
    Work.pop_back();
    const Node &N = A.Nodes[I];
    llvm::BitVector After = Held[I];
    if (N.Is == Node::Start && After == Alone)
      After = None;
    else if (N.Is == Node::Lock && !N.Bounded)
      for (unsigned M : N.All)
        After.set(M);
    else if (N.Is == Node::Unlock && After != Alone)
      After.reset(N.Of);
    for (const Node::Way &W : N.Next) {
      llvm::BitVector Meet = After;
      if (!Held[W.To].empty())
        Meet &= Held[W.To];
      if (Held[W.To].empty() || Meet != Held[W.To]) {
        Held[W.To] = Meet;
        Work.push_back(W.To);
      }
    }
  }
  return Held;
}
} // namespace

void findPrivate(Scope &S) {
  const unsigned Count = S.Objects.size();
  std::vector<llvm::BitVector> Under(Count, llvm::BitVector(Count, true));
  std::vector<int> User(Count, -1);
  std::vector<bool> Several(Count, false), Written(Count, false);
  for (unsigned T = 0; T != S.Threads.size(); ++T) {
    const auto Held = heldAt(S, T);
    for (unsigned I = 0; I != S.Threads[T].Nodes.size(); ++I) {
      const Node &N = S.Threads[T].Nodes[I];
      const bool Alone = Held[I].all();
      N.touches([&](int V) {
        if (!isPlain(S.Objects[V]))
          return;
        Under[V] &= Held[I];
        if (Alone)
          return;
        Several[V] = Several[V] || (User[V] >= 0 && User[V] != static_cast<int>(T));
        User[V] = T;
        Written[V] = Written[V] || V == N.Result || (V == N.Of && N.Is == Node::Set) ||
                     llvm::is_contained(N.All, static_cast<unsigned>(V));
      });
    }
  }
  for (unsigned V = 0; V != Count; ++V)
    if (isPlain(S.Objects[V]))
      S.Objects[V].Private = !Several[V] || !Written[V] || Under[V].any();
  // A choice is as private as what it depends on.
  for (unsigned V = 0; V != Count; ++V)
    if (S.Objects[V].Is == Shared::Number && !S.Objects[V].Private)
      for (unsigned C : S.Objects[V].Choices)
        S.Objects[C].Private = false;
}

} // namespace tether
