#include "protocol/Scope.h"
#include "flow/HeldLocks.h"
#include "model/ApiTable.h"
#include "protocol/Slice.h"
#include "protocol/Unfold.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// More of them can be called in too many orders.
constexpr size_t MaxMethods = 10;

/// Whatever way the thread goes, it locks nothing that it has locked, and leaves nothing locked.
static bool isOrderly(const Automaton &A, unsigned Objects) {
  std::vector<llvm::BitVector> Held(A.Nodes.size()); // on some way
  std::vector<unsigned> Work{0};
  Held[0].resize(Objects);
  while (!Work.empty()) {
    const unsigned I = Work.back();
    Work.pop_back();
    const Node &N = A.Nodes[I];
    llvm::BitVector After = Held[I];
    if (N.Is == Node::End && After.any())
      return false;
    if (N.Is == Node::Unlock)
      After.reset(N.Of);
    if (N.Is == Node::Lock)
      for (unsigned M : N.All) {
        if (After.test(M))
          return false;
        After.set(M);
      }
    for (const Node::Way &W : N.Next)
      if (Held[W.To].empty() || After.test(Held[W.To])) {
        Held[W.To] |= After;
        Work.push_back(W.To);
      }
  }
  return true;
}

/// Something in the scope may wait for another thread, or for itself, or leave another one waiting.
static bool mayWait(const Scope &S) {
  bool Locks = false;
  for (const Automaton &A : S.Threads)
    for (const Node &N : A.Nodes) {
      if (llvm::is_contained({Node::Wait, Node::Receive, Node::Select, Node::Join}, N.Is) ||
          (N.Is == Node::Send && N.Of >= 0 && S.Objects[N.Of].Capacity))
        return true;
      Locks |= N.Is == Node::Lock;
    }
  return Locks && (S.Threads.size() > 1 || !isOrderly(S.Threads[0], S.Objects.size()));
}

/// Unlocked in other ways than by the end of a guard.
static bool unlocksByHand(const Event &E) { return E.is(Role::Unlock) && !E.AtScopeEnd && E.On; }

/// A send that may have to wait for room.
static bool mayFill(const Event &E) {
  const ApiType *Type = E.is(Role::Send) && E.On ? E.On.leaf()->Type : nullptr;
  return E.is(Role::Send) && (!Type || Type->Capacity || Type->CapacityArg);
}

// Whoever is further up runs more than this.
constexpr size_t MaxCalls = 2;

/// \p F, or what it calls, starts a task.
static bool startsTask(const Program &P, const Function &F, size_t Depth = 1) {
  bool Starts = false;
  F.forEach(Role::Spawn | Role::Call, [&](const Event &E, Position) {
    const Function *Callee = E.Immediate && E.is(Role::Call) ? P.function(E.Callee) : nullptr;
    Starts |= E.Immediate && E.is(Role::Spawn);
    Starts |= Callee && Depth < MaxCalls && startsTask(P, *Callee, Depth + 1);
  });
  return Starts;
}

/// \p Call hands something that its function has made to code that starts a task.
static bool handsToTask(const Program &P, const Function &F, const Event &Call) {
  const Function *Callee =
      Call.is(Role::Call) && Call.Immediate ? P.function(Call.Callee) : nullptr;
  return Callee &&
         llvm::any_of(
             Call.Args,
             [&](const Value &V) {
               return V.What && !V.What.leaf()->Scalar &&
                      (V.What.root()->Where == Symbol::Temporary ||
                       (V.What.root()->Where == Symbol::Local && V.What.root()->Owner == F.Id));
             }) &&
         startsTask(P, *Callee);
}

/// \p F makes something that threads wait for, starts one, or locks without a guard.
static bool isRoot(const Program &P, const Function &F) {
  bool Is = false;
  constexpr RoleSet Signs = Role::Spawn | Role::Wait | Role::Receive | Role::Send | Role::Select |
                            Role::Unlock | Role::Call;
  F.forEach(Signs, [&](const Event &E, Position) {
    Is |= E.is(Role::Spawn) && E.Via.size() <= MaxCalls;
    Is |= E.is(Role::Wait | Role::Receive | Role::Send | Role::Select) && E.blocks() &&
          E.On.root()->Where == Symbol::Local && E.On.root()->Owner == F.Id &&
          E.On.kind() != TypeKind::Future;
    Is |= unlocksByHand(E) && E.Via.size() <= MaxCalls;
    Is = Is || handsToTask(P, F, E);
  });
  return Is && !F.IsConstructor && !F.IsDestructor;
}

namespace {
/// Which functions could be a part of a standstill: they wait, or lock something while they may
/// hold something, or may leave it locked. Guards that follow one another are no danger to anybody.
class Dangers {
public:
  explicit Dangers(const Program &P) : P(P) {}

  /// \p F, or something that it calls or starts.
  bool in(const Function &F) {
    llvm::SmallVector<const Function *> Work{&F};
    llvm::DenseSet<const Function *> Seen;
    while (!Work.empty()) {
      const Function *Now = Work.pop_back_val();
      if (!Seen.insert(Now).second)
        continue;
      const Known &K = of(*Now);
      if (K.Danger)
        return true;
      llvm::append_range(Work, K.Runs);
    }
    return false;
  }

private:
  struct Known {
    bool Danger = false;
    llvm::SmallVector<const Function *, 4> Runs;
  };

  const Known &of(const Function &F) {
    auto [It, New] = Functions.try_emplace(&F);
    if (New)
      It->second = find(F);
    return It->second;
  }

  Known find(const Function &F) const {
    Known Found;
    bool Locks = false;
    F.forEach([&](const Event &E, Position) {
      Found.Danger |= E.is(Role::Wait | Role::Receive | Role::Select | Role::Join) || mayFill(E);
      Locks |= E.is(Role::Lock);
      if (const Function *Next = E.Callee ? P.function(E.Callee) : nullptr)
        if (!llvm::is_contained(Found.Runs, Next))
          Found.Runs.push_back(Next);
    });
    if (Found.Danger || !Locks)
      return Found;
    const HeldLocks Held(F);
    auto holdsAny = [](const LockSet &S) { return !S.Maybe.empty() || S.Unknown; };
    Found.Danger = holdsAny(Held.atExit());
    F.forEach(Role::Lock,
              [&](const Event &, Position At) { Found.Danger |= holdsAny(Held.at(At)); });
    return Found;
  }

  const Program &P;
  std::map<const Function *, Known> Functions;
};

/// What there is to know of a class whose functions may wait for one another.
struct Group {
  std::vector<const Function *> Constructors, Methods, Owners;
  const Function *Destructor = nullptr;
  std::vector<const Symbol *> Fields;
};
} // namespace

static std::map<std::string, Group> findGroups(const Program &P) {
  std::map<std::string, Group> Groups;
  for (const Symbol *S : P.allSymbols())
    if (S->Where == Symbol::Field && S->ClassKnown && S->Private)
      Groups[S->Class].Fields.push_back(S);
  for (const auto &F : P.functions()) {
    auto It = Groups.find(F->Class);
    if (It == Groups.end() || F->IsLambda || F->IsAssignment)
      continue;
    if (F->IsConstructor)
      It->second.Constructors.push_back(F.get());
    else if (F->IsDestructor)
      It->second.Destructor = F.get();
    else if (!F->Internal || llvm::any_of(P.callers(*F), [&](const Site &Call) {
               return !Call.In->IsLambda && Call.In->Class != F->Class; // friends
             }))
      It->second.Methods.push_back(F.get());
  }
  return Groups;
}

/// Worth the exploration: a function of the class, or a task of it, waits for something of the
/// class.
static bool isBusy(const Group &G) {
  auto waits = [](const Event &E) {
    if (!E.On || E.On.root()->Where != Symbol::This || E.On.path().empty())
      return false;
    return (E.blocks() && (!E.is(Role::Send) || mayFill(E))) || unlocksByHand(E);
  };
  auto busy = [&](const Function *F) {
    bool Found = false;
    if (F)
      F->forEach([&](const Event &E, Position) {
        Found |= waits(E) || (E.is(Role::Spawn) && llvm::any_of(E.Inner, waits));
      });
    return Found;
  };
  // A lock of the project's own: in which order it is locked and unlocked is up to who uses it.
  auto leavesLocked = [](const Function *F) {
    const LockSet Left = HeldLocks(*F).atExit();
    return !Left.Held.empty() || !Left.Freed.empty();
  };
  if (llvm::any_of(G.Methods, leavesLocked))
    return false;
  return llvm::any_of(G.Constructors, busy) || llvm::any_of(G.Methods, busy) || busy(G.Destructor);
}

/// A class comes after those that have a member of it.
static std::vector<std::string> outerFirst(const std::map<std::string, Group> &Groups) {
  std::vector<std::string> Order;
  std::set<std::string> Seen;
  auto visit = [&](const std::string &Class, auto &Again) -> void {
    if (!Seen.insert(Class).second)
      return;
    for (const auto &[Other, G] : Groups)
      if (llvm::any_of(G.Fields, [&](const Symbol *S) { return S->Holds == Class; }))
        Again(Other, Again);
    Order.push_back(Class);
  };
  for (const auto &[Class, G] : Groups)
    visit(Class, visit);
  return Order;
}

/// Of this file, and used by nothing but one of the classes \p Explored, which has seen all that is
/// done with it.
static bool isPartOf(const Program &P, const Group &G, const std::string &Class,
                     const std::set<std::string> &Explored) {
  std::set<std::string> Users;
  auto isSeen = [&](const Function *M) {
    return M->InMainFile && llvm::all_of(P.callers(*M), [&](const Site &Call) {
             const Function *In = Call.In;
             while (In && In->IsLambda)
               In = P.function(In->Parent);
             if (In && In->Class != Class)
               Users.insert(In->Class);
             return In != nullptr;
           });
  };
  return llvm::all_of(G.Methods, isSeen) && llvm::all_of(G.Owners, isSeen) && Users.size() == 1 &&
         Explored.count(*Users.begin());
}

/// The functions that start or end tasks are called by whoever owns the object, the others by
/// anybody.
static void divide(const Program &P, Group &G) {
  auto owns = [&](const Function *F) {
    bool Owns = false;
    F->forEach(Role::Spawn | Role::Join | Role::Detach,
               [&](const Event &, Position) { Owns = true; });
    return Owns;
  };
  for (const Function *F : std::exchange(G.Methods, {}))
    (owns(F) ? G.Owners : G.Methods).push_back(F);
}

/// The nodes of \p A that come again and again, without a number of turns that is known.
static llvm::BitVector endless(const Scope &S, const Automaton &A) {
  const unsigned Count = A.Nodes.size();
  std::vector<llvm::BitVector> Reach(Count, llvm::BitVector(Count));
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (unsigned I = Count; I-- > 0;) {
      llvm::BitVector R = Reach[I];
      for (const Node::Way &W : A.Nodes[I].Next) {
        R.set(W.To);
        R |= Reach[W.To];
      }
      if (R != Reach[I]) {
        Reach[I] = std::move(R);
        Changed = true;
      }
    }
  }
  auto isCounted = [&](const Test &T) {
    return (T.Is == Formula::Less || T.Is == Formula::LessEqual) &&
           llvm::any_of(T.Parts, [](const Test &P) { return P.Of < 0; }) &&
           llvm::any_of(T.Parts,
                        [&](const Test &P) { return P.Of >= 0 && S.Objects[P.Of].Counts; });
  };
  llvm::BitVector Endless(Count);
  for (unsigned I = 0; I != Count; ++I) {
    if (!Reach[I].test(I))
      continue;
    bool Counted = false;
    for (unsigned Other : Reach[I].set_bits())
      if (Reach[Other].test(I))
        for (const Node::Way &W : A.Nodes[Other].Next)
          Counted |= W.When && isCounted(*W.When) && A.Nodes[Other].Is != Node::Idle;
    if (!Counted || llvm::any_of(Reach[I].set_bits(), [&](unsigned Other) {
          return A.Nodes[Other].Is == Node::Idle && Reach[Other].test(I);
        }))
      Endless.set(I);
  }
  return Endless;
}

/// A channel that senders can fill, however large it is, is explored as one of one slot. Where they
/// cannot, one whose size is not known is unknown.
static void reduceRoom(Scope &S) {
  std::vector<llvm::BitVector> Endless;
  for (const Automaton &A : S.Threads)
    Endless.push_back(endless(S, A));
  for (unsigned V = 0; V != S.Objects.size(); ++V) {
    Shared &O = S.Objects[V];
    if (O.Is != Shared::Queue || !(O.AnyRoom || (O.Capacity && *O.Capacity > 1)))
      continue;
    bool Fills = true;
    for (unsigned T = 0; T != S.Threads.size(); ++T)
      for (unsigned I = 0; I != S.Threads[T].Nodes.size(); ++I) {
        const Node &N = S.Threads[T].Nodes[I];
        auto sends = [&](const Node &End) {
          return End.Is == Node::Send && End.Of == static_cast<int>(V);
        };
        if (sends(N) || llvm::any_of(N.Cases, sends))
          Fills &= Endless[T].test(I);
      }
    if (Fills && !(O.AnyRoom && S.Root))
      O.Capacity = 1;
    else if (O.AnyRoom)
      O.Outside = true;
  }
}

Scopes findScopes(const Program &P) {
  Scopes Found;
  std::set<std::string> Used;
  auto add = [&](Scope S, bool TooLarge) {
    if (TooLarge) {
      ++Found.GivenUp;
      return;
    }
    if (!mayWait(S))
      return;
    slice(S);
    reduceRoom(S);
    findPrivate(S);
    Found.Known.push_back(std::move(S));
  };
  Dangers May(P);
  for (const auto &F : P.functions()) {
    if (!isRoot(P, *F) || F->IsCoroutine || !May.in(*F))
      continue;
    Scope S;
    S.Name = F->Name;
    S.Root = F.get();
    Unfolder U(P, S);
    U.runRoot(*F);
    if (!U.tooLarge() && S.Threads.size() > 1)
      Used.merge(U.classes());
    add(std::move(S), U.tooLarge());
  }
  std::map<std::string, Group> Groups = findGroups(P);
  std::set<std::string> Explored;
  for (const std::string &Class : outerFirst(Groups)) {
    Group &G = Groups[Class];
    // How it is used is known better from who uses it.
    if (!isBusy(G) || Used.count(Class) || isPartOf(P, G, Class, Explored))
      continue;
    divide(P, G);
    if (G.Methods.size() + G.Owners.size() > MaxMethods) {
      ++Found.GivenUp;
      continue;
    }
    Scope S;
    S.Name = Class;
    Unfolder U(P, S);
    U.runClass(G.Constructors, G.Methods, G.Owners, G.Destructor, G.Fields);
    if (!U.tooLarge())
      Explored.insert(Class);
    add(std::move(S), U.tooLarge());
  }
  return Found;
}

// ---- dumps --------------------------------------------------------------------------------------

static llvm::StringRef spelling(Node::Kind K) {
  static constexpr llvm::StringRef Words[] = {
      "pass",   "set",          "reset",    "lock",   "unlock",     "wait",  "notify",
      "send",   "receive",      "close",    "select", "start",      "join",  "detach",
      "move",   "request-stop", "register", "await",  "unregister", "enter", "leave",
      "escape", "idle",         "alone",    "park",   "halt",       "end"};
  return Words[K];
}

static std::string nameOf(const Scope &S, int V) {
  if (V < 0)
    return "-";
  const Shared &O = S.Objects[V];
  return (O.Is == Shared::Choice ? "choice" : dump(O.What)) + "#" + std::to_string(V) +
         (O.Outside ? "!" : "") + (O.Capacity ? "[" + std::to_string(*O.Capacity) + "]" : "");
}

static void dump(const Scope &S, const Test &T, llvm::raw_ostream &Out) {
  switch (T.Is) {
  case Formula::Unknown:
    Out << (T.Asks ? "?" : "choice") << (T.Of >= 0 ? std::to_string(T.Of) : "");
    return;
  case Formula::Number:
    if (T.Of < 0)
      Out << T.Plus << (T.Asks ? " or more" : "");
    else
      Out << nameOf(S, T.Of) << (T.Plus > 0 ? "+" : "") << (T.Plus ? std::to_string(T.Plus) : "");
    return;
  case Formula::Stopped:
    Out << "stopped " << nameOf(S, T.Of);
    return;
  case Formula::Runs:
    Out << "in " << nameOf(S, T.Of);
    return;
  default:
    break;
  }
  static constexpr llvm::StringRef Words[] = {"",   "", "", "+",   "-",   "=", "<",
                                              "<=", "", "", "not", "and", "or"};
  Out << "(" << Words[T.Is];
  for (const Test &Part : T.Parts) {
    Out << " ";
    dump(S, Part, Out);
  }
  Out << ")";
}

static void dump(const Scope &S, const Node &N, llvm::raw_ostream &Out) {
  Out << spelling(N.Is);
  if (N.Of >= 0)
    Out << " " << nameOf(S, N.Of);
  if (N.Mutex >= 0)
    Out << " giving-up " << nameOf(S, N.Mutex);
  if (N.Stop >= 0)
    Out << " until " << nameOf(S, N.Stop);
  if (N.Bounded)
    Out << (N.AtOnce ? " at-once" : " bounded");
  if (N.Stoppable)
    Out << " stoppable";
  if (N.IsShared)
    Out << " shared";
  if (N.Is == Node::Start || N.Is == Node::Register)
    Out << " thread " << N.Body;
  for (unsigned V : N.All)
    Out << " " << nameOf(S, V);
  if (N.Only) {
    Out << " only if ";
    dump(S, *N.Only, Out);
  }
  if (N.Value) {
    Out << " {";
    dump(S, *N.Value, Out);
    Out << "}";
  }
  if (N.Taken)
    Out << " taken";
  for (const Node &C : N.Cases) {
    Out << " [";
    dump(S, C, Out);
    Out << "]";
  }
  if (N.Result >= 0)
    Out << " result " << nameOf(S, N.Result) << "=" << N.Success;
}

void dump(const Scope &S, llvm::raw_ostream &Out) {
  Out << "scope " << S.Name << ":\n";
  for (unsigned T = 0; T != S.Threads.size(); ++T) {
    Out << "  thread " << T << " '" << S.Threads[T].Name << "':\n";
    for (unsigned I = 0; I != S.Threads[T].Nodes.size(); ++I) {
      const Node &N = S.Threads[T].Nodes[I];
      Out << "    " << I << ": ";
      dump(S, N, Out);
      for (const Node::Way &W : N.Next) {
        Out << " -> " << W.To;
        if (W.When) {
          Out << " if ";
          dump(S, *W.When, Out);
        }
      }
      Out << "\n";
    }
  }
}

} // namespace tether
