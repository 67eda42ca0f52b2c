#include "protocol/Slice.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Allocator.h"
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

/// What a node does, but for the state that may not matter.
static std::string operation(const Node &N) {
  std::string Text = std::to_string(N.Is);
  for (int64_t V : {int64_t(N.Of), int64_t(N.Mutex), int64_t(N.Stop), N.Success, int64_t(N.Body)})
    Text += " " + std::to_string(V);
  for (bool B : {N.Bounded, N.AtOnce, N.Stoppable, N.IsShared, N.Everybody, N.Taken, N.Lost, N.Ends,
                 N.Anything})
    Text += B ? "y" : "n";
  Text += print(N.Only) + print(N.Value);
  if (N.Is != Node::Set && N.Is != Node::Reset && N.Is != Node::Park && N.At)
    Text += "@" + std::to_string(N.At->At.getRawEncoding());
  for (const Node &C : N.Cases)
    Text += "[" + operation(C) + "]";
  return Text;
}

namespace {

/// The same number for the same list.
class Numbering {
public:
  int operator()(llvm::ArrayRef<int> List) {
    if (auto Known = Numbers.find(List); Known != Numbers.end())
      return Known->second;
    return Numbers.try_emplace(List.copy(Lists), static_cast<int>(Numbers.size())).first->second;
  }
  size_t size() const { return Numbers.size(); }

private:
  llvm::BumpPtrAllocator Lists;
  llvm::DenseMap<llvm::ArrayRef<int>, int> Numbers;
};

/// Finds the places of each thread from which the same goes on. At first no state matters, so that
/// most decisions make no difference; what the others depend on matters, until nothing is added.
class Slicer {
public:
  explicit Slicer(Scope &S) : S(S), Matters(S.Objects.size()) {
    for (const Automaton &A : S.Threads)
      Words.push_back(wordsOf(A));
  }

  void run() {
    std::vector<std::vector<int>> Classes(S.Threads.size());
    for (size_t Before = ~size_t{0}; Before != Matters.count();) {
      Before = Matters.count();
      for (unsigned T = 0; T != S.Threads.size(); ++T) {
        Classes[T] = classify(S.Threads[T], Words[T]);
        collect(S.Threads[T], Classes[T]);
      }
    }
    for (unsigned T = 0; T != S.Threads.size(); ++T)
      rebuild(S.Threads[T], Classes[T]);
  }

private:
  /// A node in numbers: the same for what says the same.
  struct Word {
    int Does;
    struct Way {
      int When;
      unsigned To;
    };
    llvm::SmallVector<Way, 2> Next;
  };
  using Wording = std::vector<Word>; ///< by node

  static Wording wordsOf(const Automaton &A) {
    llvm::StringMap<int> Known;
    auto word = [&](const std::string &Text) {
      return Known.try_emplace(Text, static_cast<int>(Known.size())).first->second;
    };
    Wording Result;
    for (const Node &N : A.Nodes) {
      Result.push_back({word("op " + operation(N)), {}});
      for (const Node::Way &W : N.Next)
        Result.back().Next.push_back({W.When ? word("if " + print(W.When)) : -1, W.To});
    }
    return Result;
  }

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

  /// Nodes of one class go on in the same way. A node that does nothing is of the class of the only
  /// operation that it can lead to, if there is just one.
  std::vector<int> classify(const Automaton &A, const Wording &Words) const {
    const unsigned Count = A.Nodes.size();
    std::vector<int> Own(Count, -1);
    llvm::SmallVector<int> Key;
    Numbering Operations;
    for (unsigned I = 0; I != Count; ++I) {
      const Node &N = A.Nodes[I];
      if (doesNothing(N))
        continue;
      Key = {Words[I].Does, matters(N.Result) ? N.Result : -1};
      for (const Node &C : N.Cases)
        Key.push_back(matters(C.Result) ? C.Result : -1);
      llvm::copy_if(N.All, std::back_inserter(Key), [&](unsigned V) { return matters(V); });
      Own[I] = Operations(Key);
    }
    std::vector<int> Class = Own;
    for (size_t Before = 0;;) {
      Numbering Classes;
      std::vector<int> Next(Count);
      for (unsigned I = 0; I != Count; ++I) {
        Key = {Own[I] >= 0, Class[I]};
        for (const Word::Way &W : Words[I].Next)
          Key.append({W.When, Class[W.To]});
        Next[I] = Classes(Key);
      }
      lead(Words, Own, Next);
      Class = std::move(Next);
      llvm::BitVector Left(Classes.size());
      for (int C : Class)
        Left.set(C);
      if (Left.count() == Before)
        break;
      Before = Left.count();
    }
    return Class;
  }

  /// What does nothing, and leads to places of one class only, is of that class.
  static void lead(const Wording &Words, const std::vector<int> &Own, std::vector<int> &Class) {
    constexpr int None = -1, Several = -2;
    const unsigned Count = Words.size();
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
        for (const Word::Way &W : Words[I].Next)
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
      for (unsigned I = Count; I-- > 0;) {
        const auto &Ways = Words[I].Next;
        if (Own[I] >= 0 || Ways.empty() || Only[I] != Several)
          continue;
        const int To = Class[Ways[0].To];
        if (To != Class[I] &&
            llvm::all_of(Ways, [&](const Word::Way &W) { return Class[W.To] == To; })) {
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
      Node N = std::move(A.Nodes[Order[I]]); // each stands in the order once
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
  std::vector<Wording> Words; ///< by thread
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
