#include "protocol/Slice.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

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
  test(Only);
  test(Value);
  for (const Way &W : Next)
    test(W.When);
}

static bool isPlain(const Shared &V) { return V.Is == Shared::Number || V.Is == Shared::Choice; }

// ---- what matters -------------------------------------------------------------------------------

static void print(const Test &T, std::string &Out) {
  Out += std::to_string(T.Is) + "," + std::to_string(T.Of) + "," + std::to_string(T.Plus) +
         (T.Asks ? "?" : "") + (T.Limits ? "!" : "") + "(";
  for (const Test &Part : T.Parts)
    print(Part, Out);
  for (unsigned V : T.Reads)
    Out += std::to_string(V) + " ";
  Out += ")";
}
static std::string print(const TestRef &T) {
  std::string Text;
  if (T)
    print(*T, Text);
  return Text;
}

namespace {

/// Finds the places of each thread from which the same goes on. At first no state matters, so that
/// most decisions make no difference; what the others depend on matters, until nothing is added.
class Slicer {
public:
  explicit Slicer(Scope &S) : S(S), Matters(S.Objects.size()) {}

  void run() {
    std::vector<std::vector<int>> Classes(S.Threads.size());
    for (size_t Before = ~size_t{0}; Before != Matters.count();) {
      Before = Matters.count();
      for (unsigned T = 0; T != S.Threads.size(); ++T) {
        Classes[T] = classify(S.Threads[T]);
        collect(S.Threads[T], Classes[T]);
      }
    }
    for (unsigned T = 0; T != S.Threads.size(); ++T)
      rebuild(S.Threads[T], Classes[T]);
  }

private:
  bool matters(int V) const { return V >= 0 && (!isPlain(S.Objects[V]) || Matters.test(V)); }

  bool doesNothing(const Node &N) const {
    switch (N.Is) {
    case Node::Pass:
      return true;
    case Node::Set:
      return !matters(N.Of) && !matters(N.Result);
    case Node::Reset:
    case Node::Escape:
      return llvm::none_of(N.All, [&](unsigned V) { return matters(V); });
    default:
      return false;
    }
  }

  std::string operation(const Node &N) const {
    std::string Text = std::to_string(N.Is);
    const int64_t Result = matters(N.Result) ? N.Result : -1;
    for (int64_t V :
         {int64_t(N.Of), int64_t(N.Mutex), int64_t(N.Stop), Result, N.Success, int64_t(N.Body)})
      Text += " " + std::to_string(V);
    for (bool B : {N.Bounded, N.AtOnce, N.Stoppable, N.IsShared, N.Everybody, N.Taken, N.Lost,
                   N.Ends, N.Anything})
      Text += B ? "y" : "n";
    for (unsigned V : N.All)
      if (matters(V))
        Text += " " + std::to_string(V);
    Text += print(N.Only) + print(N.Value);
    if (N.Is != Node::Set && N.Is != Node::Reset && N.Is != Node::Park && N.At)
      Text += "@" + std::to_string(N.At->At.getRawEncoding());
    for (const Node &C : N.Cases)
      Text += "[" + operation(C) + "]";
    return Text;
  }

  /// Nodes of one class go on in the same way. A node that does nothing is of the class of the only
  /// operation that it can lead to, if there is just one.
  std::vector<int> classify(const Automaton &A) const {
    const unsigned Count = A.Nodes.size();
    std::map<std::string, int> Words;
    auto word = [&](const std::string &Text) {
      return Words.try_emplace(Text, static_cast<int>(Words.size())).first->second;
    };
    std::vector<int> Own(Count), Class(Count, 0);
    std::vector<std::vector<int>> When(Count);
    for (unsigned I = 0; I != Count; ++I) {
      Own[I] = doesNothing(A.Nodes[I]) ? -1 : word("op " + operation(A.Nodes[I]));
      for (const Node::Way &W : A.Nodes[I].Next)
        When[I].push_back(word("if " + print(W.When)));
    }
    for (unsigned I = 0; I != Count; ++I)
      Class[I] = Own[I];
    for (size_t Before = 0;;) {
      std::map<std::vector<int>, int> Known;
      std::vector<int> Next(Count);
      for (unsigned I = 0; I != Count; ++I) {
        std::vector<int> Key{Own[I] >= 0, Class[I]};
        for (unsigned W = 0; W != A.Nodes[I].Next.size(); ++W) {
          Key.push_back(When[I][W]);
          Key.push_back(Class[A.Nodes[I].Next[W].To]);
        }
        Next[I] = Known.try_emplace(std::move(Key), static_cast<int>(Known.size())).first->second;
      }
      lead(A, Own, Next);
      Class = std::move(Next);
      const size_t Now = std::set<int>(Class.begin(), Class.end()).size();
      if (Now == Before)
        break;
      Before = Now;
    }
    return Class;
  }

  /// What does nothing, and leads to places of one class only, is of that class.
  static void lead(const Automaton &A, const std::vector<int> &Own, std::vector<int> &Class) {
    constexpr int None = -1, Several = -2;
    const unsigned Count = A.Nodes.size();
    std::vector<int> Only(Count, None);
    for (unsigned I = 0; I != Count; ++I)
      if (Own[I] >= 0)
        Only[I] = Class[I];
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (unsigned I = Count; I-- > 0;) {
        if (Own[I] >= 0)
          continue;
        int Now = None;
        for (const Node::Way &W : A.Nodes[I].Next)
          if (Only[W.To] != None)
            Now = Now == None || Now == Only[W.To] ? Only[W.To] : Several;
        if (Now != Only[I]) {
          Only[I] = Now;
          Changed = true;
        }
      }
    }
    for (unsigned I = 0; I != Count; ++I)
      if (Own[I] < 0 && Only[I] >= 0)
        Class[I] = Only[I];
    // A place behind which nothing is decided before another one that decides.
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (unsigned I = 0; I != Count; ++I) {
        const auto &Ways = A.Nodes[I].Next;
        if (Own[I] >= 0 || Ways.empty() || Only[I] != Several)
          continue;
        const int To = Class[Ways[0].To];
        if (To != Class[I] &&
            llvm::all_of(Ways, [&](const Node::Way &W) { return Class[W.To] == To; })) {
          Class[I] = To;
          Changed = true;
        }
      }
    }
  }

  /// What the decisions that are left, and the operations, depend on.
  void collect(const Automaton &A, const std::vector<int> &Class) {
    auto uses = [&](const TestRef &T) {
      if (T)
        readsOf(*T, [&](unsigned V) { Matters.set(V); });
    };
    for (const Node &N : A.Nodes) {
      const bool Decides = !llvm::all_of(
          N.Next, [&](const Node::Way &W) { return Class[W.To] == Class[N.Next[0].To]; });
      if (Decides)
        for (const Node::Way &W : N.Next)
          uses(W.When);
      if (!doesNothing(N)) {
        uses(N.Only);
        uses(N.Value);
      }
    }
  }

  void rebuild(Automaton &A, const std::vector<int> &Class) {
    std::map<int, unsigned> First;
    // What stands for a class: an operation, or a place that decides.
    auto rank = [&](const Node &N) {
      return !doesNothing(N) ? 2
             : llvm::all_of(N.Next,
                            [&](const Node::Way &W) { return Class[W.To] == Class[N.Next[0].To]; })
                 ? 0
                 : 1;
    };
    for (unsigned I = 0; I != A.Nodes.size(); ++I) {
      auto [It, New] = First.try_emplace(Class[I], I);
      if (!New && rank(A.Nodes[It->second]) < rank(A.Nodes[I]))
        It->second = I;
    }
    std::map<unsigned, unsigned> New;
    std::vector<unsigned> Order;
    auto place = [&](unsigned I) {
      const unsigned Rep = First[Class[I]];
      auto [It, Added] = New.try_emplace(Rep, Order.size());
      if (Added)
        Order.push_back(Rep);
      return It->second;
    };
    place(0);
    std::vector<Node> Kept;
    for (size_t I = 0; I != Order.size(); ++I) {
      Node N = A.Nodes[Order[I]];
      if (doesNothing(N)) {
        N.Is = Node::Pass;
        N.Of = N.Result = -1;
        N.Only = N.Value = nullptr;
        N.All.clear();
      }
      if (!matters(N.Result))
        N.Result = -1;
      llvm::erase_if(N.All, [&](unsigned V) { return !matters(V); });
      for (Node &C : N.Cases)
        if (!matters(C.Result))
          C.Result = -1;
      for (Node::Way &W : N.Next)
        W.To = place(W.To);
      if (N.Is == Node::Pass &&
          llvm::all_of(N.Next, [&](const Node::Way &W) { return W.To == N.Next[0].To; })) {
        N.Next.resize(std::min<size_t>(N.Next.size(), 1));
        if (!N.Next.empty())
          N.Next[0].When = nullptr;
      }
      Kept.push_back(std::move(N));
    }
    A.Nodes = std::move(Kept);
  }

  Scope &S;
  llvm::BitVector Matters;
};

} // namespace

void slice(Scope &S) { Slicer(S).run(); }

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
