#include "protocol/Scope.h"
#include "model/ApiTable.h"
#include "protocol/Slice.h"
#include "protocol/Unfold.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// More of them can be called in too many orders.
constexpr size_t MaxMethods = 10;

/// Something in the scope may wait for another thread, or for itself.
static bool mayWait(const Scope &S) {
  bool Waits = false, Nests = false;
  for (const Automaton &A : S.Threads)
    for (const Node &N : A.Nodes) {
      Waits |= llvm::is_contained({Node::Wait, Node::Receive, Node::Select, Node::Join}, N.Is) ||
               (N.Is == Node::Send && N.Of >= 0 && S.Objects[N.Of].Capacity);
      Nests |= N.Is == Node::Lock;
    }
  return Waits || Nests;
}

/// \p F makes something that threads wait for, or starts one that uses its variables.
static bool isRoot(const Function &F) {
  bool Is = false;
  auto own = [&](const Object &O) {
    return O && O.root()->Where == Symbol::Local && O.root()->Owner == F.Id;
  };
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::Spawn))
      Is |= E.Immediate || own(E.On);
    if (E.is(Role::Wait | Role::Receive | Role::Send | Role::Select))
      Is |= E.blocks() && own(E.On) && E.On.kind() != TypeKind::Future;
  });
  return Is;
}

namespace {
/// What there is to know of a class whose functions may wait for one another.
struct Group {
  std::vector<const Function *> Constructors, Methods, Owners;
  const Function *Destructor = nullptr;
  std::vector<const Symbol *> Fields;
};
} // namespace

static std::map<std::string, Group> findGroups(const Program &P) {
  std::map<std::string, Group> Groups;
  for (const Symbol *S : P.symbols())
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
    else if (!F->Internal)
      It->second.Methods.push_back(F.get());
  }
  return Groups;
}

/// Worth the exploration: a function of the class, or a task of it, waits for something of the class.
static bool isBusy(const Program &P, const std::string &Class, const Group &G) {
  return llvm::any_of(G.Fields, [&](const Symbol *Field) {
    if (P.escapes(Field))
      return false;
    return llvm::any_of(P.on(Field), [&](const Site &Use) {
      const Event &E = *Use.What;
      return E.is(Role::Wait | Role::Receive | Role::Send | Role::Join | Role::Select) &&
             E.blocks() && (!E.is(Role::Send) || Field->Capacity);
    });
  });
}

/// The functions that start or end tasks are called by whoever owns the object, the others by
/// anybody.
static void divide(const Program &P, Group &G) {
  auto owns = [&](const Function *F) {
    bool Owns = false;
    F->forEach([&](const Event &E, Position) {
      Owns |= E.is(Role::Spawn | Role::Join | Role::Detach);
    });
    return Owns;
  };
  for (const Function *F : std::exchange(G.Methods, {}))
    (owns(F) ? G.Owners : G.Methods).push_back(F);
}

Scopes findScopes(const Program &P) {
  Scopes Found;
  auto add = [&](Scope S, bool TooLarge) {
    if (TooLarge) {
      ++Found.GivenUp;
      return;
    }
    slice(S);
    if (!mayWait(S))
      return;
    findPrivate(S);
    Found.Known.push_back(std::move(S));
  };
  for (const auto &F : P.functions()) {
    if (!isRoot(*F) || F->IsCoroutine)
      continue;
    Scope S;
    S.Name = F->Name;
    S.Root = F.get();
    Unfolder U(P, S);
    U.runRoot(*F);
    add(std::move(S), U.tooLarge());
  }
  for (auto &[Class, G] : findGroups(P)) {
    if (!isBusy(P, Class, G))
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
    add(std::move(S), U.tooLarge());
  }
  return Found;
}

// ---- dumps --------------------------------------------------------------------------------------

static llvm::StringRef spelling(Node::Kind K) {
  static constexpr llvm::StringRef Words[] = {
      "pass",  "set",    "reset",      "lock",   "unlock",     "wait",  "notify", "send",
      "receive", "close", "select",     "start",  "join",       "detach", "move",  "request-stop",
      "register", "await", "unregister", "enter",  "leave",      "escape", "idle",  "alone",
      "park",  "halt",   "end"};
  return Words[K];
}

static std::string nameOf(const Scope &S, int V) {
  if (V < 0)
    return "-";
  const Shared &O = S.Objects[V];
  return (O.Is == Shared::Choice ? "choice" : dump(O.What)) + "#" + std::to_string(V) +
         (O.Outside ? "!" : "");
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
  default:
    break;
  }
  static constexpr llvm::StringRef Words[] = {"", "", "=", "<", "<=", "", "not", "and", "or"};
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
