#include "summary/Infer.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace tether {

const InferredCall *InferredClass::find(const Function &F, const Event **Wait) const {
  for (const InferredCall &C : Calls)
    for (const InferredCall::Body &B : C.Bodies)
      if (B.F == &F) {
        if (Wait)
          *Wait = B.Wait;
        return &C;
      }
  return nullptr;
}

bool InferredClass::merge(const InferredClass &O) {
  if (Type.Is != O.Type.Is)
    return false;
  for (const InferredCall &C : O.Calls) {
    auto Known = llvm::find_if(
        Calls, [&](const InferredCall &Mine) { return Mine.Entry.Call == C.Entry.Call; });
    if (Known == Calls.end())
      Calls.push_back(C);
    else if (Known->Entry.Is != C.Entry.Is)
      return false;
    else
      llvm::append_range(Known->Bodies, C.Bodies);
  }
  return true;
}

namespace {

/// State of the object itself.
bool isOwn(const Object &O) { return O && O.isField() && O.root()->Where == Symbol::This; }

/// A change of own state, with the way it has to go.
using Goal = StateChange;

/// What one method does to its object.
struct Method {
  const Function *F = nullptr;
  std::vector<const Event *> Waits;   ///< on own things, bounded or not
  std::vector<const Event *> Changes; ///< writes of own plain state
  std::vector<const Event *> Moves;   ///< sends, receives and closes of own channels
  bool Notifies = false;

  explicit Method(const Function *F) : F(F) {
    F->forEach([&](const Event &E, Position) {
      if (!isOwn(E.On))
        return;
      if (E.is(Role::Wait))
        Waits.push_back(&E);
      if (E.is(Role::Write | Role::Remove | Role::Overwrite))
        Changes.push_back(&E);
      if (E.is(Role::Send | Role::Receive | Role::Close))
        Moves.push_back(&E);
      Notifies |= E.is(Role::Notify);
    });
  }

  bool brings(const Goal &G, Change Way = Change::Up) const {
    return llvm::any_of(Changes, [&](const Event *E) {
      if (E->On.leaf() != G.What.leaf())
        return false;
      // Taking all there is, by a swap or a move, empties a container.
      if (E->is(Role::Remove) && G.Way == Change::Up)
        return Way == Change::Down;
      return G.doneBy(*E) == Way;
    });
  }
  bool takes(const Goal &G) const { return brings(G, Change::Down); }
  const Event *on(const Symbol *Channel, Role R) const {
    for (const Event *E : Moves)
      if (E->is(R) && E->On.leaf() == Channel)
        return E;
    return nullptr;
  }
  bool isMember() const { return F->Public && !F->IsConstructor && !F->IsDestructor; }
};

class Inference {
public:
  Inference(llvm::StringRef Class, llvm::ArrayRef<const Function *> Functions,
            llvm::function_ref<const Function *(const void *)> BodyOf)
      : Class(Class) {
    for (const Function *F : Functions) {
      All.emplace_back(F);
      F->forEach(Role::Spawn, [&](const Event &E, Position) {
        OwnsTasks |= isOwn(E.On);
        if (E.Callee)
          Bodies.insert(E.Callee);
        if (const Function *Body = E.Callee ? BodyOf(E.Callee) : nullptr)
          RunsCallables |= runsCallable(*Body, BodyOf);
      });
    }
  }

  /// \p F, or what it calls, calls something that it was not written with.
  static bool runsCallable(const Function &F,
                           llvm::function_ref<const Function *(const void *)> BodyOf,
                           unsigned Depth = 0) {
    constexpr unsigned MaxDepth = 2; // thread body, loop, one turn
    bool Found = false;
    F.forEach([&](const Event &E, Position) {
      Found |= E.is(Role::Invoke) && !E.Callee;
      const Function *Callee =
          E.is(Role::Call) && E.Immediate && Depth != MaxDepth ? BodyOf(E.Callee) : nullptr;
      Found |= Callee && runsCallable(*Callee, BodyOf, Depth + 1);
    });
    return Found;
  }

  std::optional<InferredClass> run() {
    if (OwnsTasks)
      return RunsCallables ? findPool() : findThread();
    for (auto Kind : {&Inference::findQueue, &Inference::findWrapper, &Inference::findLatch})
      if (auto Found = (this->*Kind)())
        return Found;
    return std::nullopt;
  }

private:
  std::optional<InferredClass> findQueue();
  std::optional<InferredClass> findWrapper();
  std::optional<InferredClass> findLatch();
  std::optional<InferredClass> findPool();
  std::optional<InferredClass> findThread();

  /// Only this class changes it, as far as can be seen.
  static bool isKnown(const Symbol *S) {
    return S->Where == Symbol::Field && (S->Private || S->FromMainFile) && S->ClassKnown;
  }
  /// Nothing but constructors takes it back.
  bool isSticky(const Goal &G) const {
    return llvm::none_of(All, [&](const Method &M) { return !M.F->IsConstructor && M.takes(G); });
  }
  /// Methods that others call to change \p G.
  std::vector<const Method *> providers(const Goal &G) const {
    std::vector<const Method *> Found;
    for (const Method &M : All)
      if (M.isMember() && M.brings(G))
        Found.push_back(&M);
    return Found;
  }
  static std::string whyWait(const Event &Wait, const Goal &G) {
    return "waits on " + quoted(Wait.On) + " until " + quoted(G.What) +
           (G.Way == Change::Up ? " grows or is set" : " shrinks or is reset");
  }

  InferredClass make(TypeKind Kind) const {
    InferredClass C;
    C.Type.Type = Class.str();
    C.Type.Is = Kind;
    C.At = All.front().F->At;
    return C;
  }
  /// False when a method of that name is known to do something else.
  static bool add(InferredClass &C, const Method &M, Role Is, const Event *Wait, std::string Why) {
    for (InferredCall &Known : C.Calls)
      if (Known.Entry.Call == C.Type.Type + "::" + M.F->Name) {
        if (Known.Entry.Is != Is)
          return false;
        Known.Entry.Blocks |= Wait && !Wait->Bounded;
        if (Known.Bodies.back().F != M.F)
          Known.Bodies.push_back({M.F, Wait});
        else if (Wait && !Wait->Bounded)
          Known.Bodies.back().Wait = Wait;
        return true;
      }
    InferredCall New;
    New.Entry.Call = C.Type.Type + "::" + M.F->Name;
    New.Entry.Is = Is;
    const bool MayBlock = RoleSet(Role::Send | Role::Receive | Role::Join).contains(Is);
    New.Entry.Blocks = !MayBlock || (Wait && !Wait->Bounded);
    New.Bodies = {{M.F, Wait}};
    New.Why = std::move(Why);
    C.Calls.push_back(std::move(New));
    return true;
  }
  void addClosers(InferredClass &C, const std::vector<Goal> &Stops) const;
  void addCapacity(InferredClass &C, const Event &Wait, const Goal &G) const;

  llvm::StringRef Class;
  std::vector<Method> All;
  std::set<const void *> Bodies; ///< of its own tasks
  bool OwnsTasks = false, RunsCallables = false;
};

/// Methods that make every wait of the receivers end for good.
void Inference::addClosers(InferredClass &C, const std::vector<Goal> &Stops) const {
  for (const Method &M : All)
    for (const Goal &G : Stops) {
      if (!M.brings(G))
        continue;
      if (M.F->IsDestructor && C.Type.OnDestroy.empty())
        C.Type.OnDestroy.push_back(Role::Close);
      if (M.isMember())
        add(C, M, Role::Close, nullptr, "sets " + quoted(G.What) + ", which ends each wait");
      break;
    }
}

/// A sender waits while there is no room: what it compares with is the capacity.
void Inference::addCapacity(InferredClass &C, const Event &Wait, const Goal &G) const {
  C.Type.Capacity = UnknownCapacity; // until more is known
  for (const Object &Limit : Wait.Reads) {
    if (!isOwn(Limit) || !Limit.leaf()->Scalar || Limit.leaf()->Flag ||
        Limit.leaf() == G.What.leaf())
      continue;
    for (const Method &M : All)
      M.F->forEach([&](const Event &E, Position) {
        if (!M.F->IsConstructor || !E.is(Role::Store) || E.On != Limit || E.Args.size() != 1)
          return;
        const Object &From = E.Args[0].What;
        if (From && From.path().empty() && From.root()->Where == Symbol::Param)
          C.Type.CapacityArg = From.root()->ParamIndex;
        else if (auto Count = E.Args[0].constant())
          C.Type.Capacity = *Count;
      });
  }
}

/// Something is waited for and taken away: a queue, a semaphore, an event that resets itself.
std::optional<InferredClass> Inference::findQueue() {
  InferredClass C = make(TypeKind::Channel);
  std::vector<Goal> Resources, Stops;
  bool FirstWait = true;
  for (const Method &M : All) {
    if (!M.isMember() || Bodies.count(M.F->Id))
      continue;
    for (const Event *Wait : M.Waits) {
      std::optional<Goal> Taken;
      std::vector<Goal> Sticky;
      for (const Goal &G : Wait->EndedBy) {
        if (!isOwn(G.What) || !isKnown(G.What.leaf()))
          continue;
        // A wait for room is one for what is there to be taken.
        const Goal Filled{G.What, Change::Up, {}};
        if (G.Way == Change::Up && M.takes(G) && !providers(G).empty())
          Taken = G;
        else if (G.Way == Change::Down && !G.Value && M.brings(Filled) && !providers(G).empty())
          Resources.push_back(Filled);
        else if (isSticky(G))
          Sticky.push_back(G);
      }
      if (!Taken)
        continue;
      if (!add(C, M, Role::Receive, Wait, whyWait(*Wait, *Taken) + ", and takes from it"))
        return std::nullopt;
      Resources.push_back(*Taken);
      if (Wait->Bounded)
        continue;
      // What stops one wait and not the other closes nothing.
      if (std::exchange(FirstWait, false))
        Stops = Sticky;
      else
        llvm::erase_if(Stops, [&](const Goal &G) {
          return llvm::none_of(Sticky,
                               [&](const Goal &S) { return S.What.leaf() == G.What.leaf(); });
        });
    }
  }
  for (const Goal &G : Resources)
    for (const Method &M : All) {
      if (!M.isMember() || C.find(*M.F))
        continue;
      if (M.brings(G)) {
        const Event *Wait = nullptr;
        for (const Event *W : M.Waits)
          for (const Goal &Room : W->EndedBy)
            if (Room.What.leaf() == G.What.leaf() && Room.Way == Change::Down) {
              Wait = W;
              addCapacity(C, *W, G);
            }
        std::string Why = "adds to " + quoted(G.What);
        if (!add(C, M, Role::Send, Wait, Wait ? whyWait(*Wait, {G.What, Change::Down, {}}) : Why))
          return std::nullopt;
      } else if (M.takes(G) && llvm::none_of(Stops, [&](const Goal &S) { return M.brings(S); })) {
        if (!add(C, M, Role::Receive, nullptr, "takes from " + quoted(G.What) + " if it can"))
          return std::nullopt;
      }
    }
  auto has = [&](Role R) {
    return llvm::any_of(C.Calls, [&](const InferredCall &I) { return I.Entry.Is == R; });
  };
  if (!has(Role::Send) || !has(Role::Receive))
    return std::nullopt;
  addClosers(C, Stops);
  C.Why = "one thread waits for what another one brings, and takes it";
  return C;
}

/// Methods that do nothing more with a channel of their own than to send, receive or close.
std::optional<InferredClass> Inference::findWrapper() {
  InferredClass C = make(TypeKind::Channel);
  const Symbol *Inner = nullptr;
  for (const Method &M : All)
    for (const Event *E : M.Moves) {
      if (!isKnown(E->On.leaf()) || E->On.leaf()->Container)
        return std::nullopt;
      if (Inner && Inner != E->On.leaf())
        return std::nullopt; // which of them it is like is not known
      Inner = E->On.leaf();
    }
  if (!Inner || Inner->Kind != TypeKind::Channel)
    return std::nullopt;
  C.Type.Capacity = Inner->Capacity;
  for (const Method &M : All) {
    if (!M.isMember() || M.Moves.empty())
      continue;
    Role Is = M.Moves.front()->Is;
    if (llvm::any_of(M.Moves, [&](const Event *E) { return E->Is != Is; }) ||
        !add(C, M, Is, Is == Role::Close ? nullptr : M.Moves.front(),
             (Is == Role::Send      ? "sends to "
              : Is == Role::Receive ? "receives from "
                                    : "closes ") +
                 quoted(M.Moves.front()->On)))
      return std::nullopt;
  }
  auto has = [&](Role R) {
    return llvm::any_of(C.Calls, [&](const InferredCall &I) { return I.Entry.Is == R; });
  };
  if (!has(Role::Send) || !has(Role::Receive))
    return std::nullopt;
  C.Why = "its methods hand on to " + quoted(Object(Inner));
  return C;
}

/// Something is waited for and stays: a latch, an event, a result.
std::optional<InferredClass> Inference::findLatch() {
  InferredClass C = make(TypeKind::Channel);
  std::vector<Goal> Goals;
  for (const Method &M : All) {
    if (!M.isMember() || Bodies.count(M.F->Id))
      continue;
    for (const Event *Wait : M.Waits) {
      auto Brought = llvm::find_if(Wait->EndedBy, [&](const Goal &G) {
        return isOwn(G.What) && isKnown(G.What.leaf()) && !M.brings(G, Change::Up) &&
               !M.brings(G, Change::Down) && !providers(G).empty();
      });
      // Who comes back to a wait for ever does not tell anybody of what has come.
      if (Brought == Wait->EndedBy.end())
        continue;
      if (!add(C, M, Role::Receive, Wait, whyWait(*Wait, *Brought)))
        return std::nullopt;
      llvm::append_range(Goals, Wait->EndedBy);
    }
  }
  // Who only looks in from time to time does not depend on it.
  if (llvm::none_of(C.Calls, [](const InferredCall &I) { return I.Entry.Blocks; }))
    return std::nullopt;
  for (const Goal &G : Goals) {
    if (!isOwn(G.What))
      return std::nullopt;
    for (const Method *M : providers(G))
      if (!add(C, *M, Role::Send, nullptr,
               (G.Way == Change::Up ? "raises " : "lowers ") + quoted(G.What)))
        return std::nullopt;
    // A count that is only ever lowered has to be lowered as often as the constructor says.
    if (G.Way != Change::Down || !G.What.leaf()->Scalar ||
        llvm::any_of(All, [&](const Method &M) { return !M.F->IsConstructor && M.takes(G); }))
      continue;
    for (const Method &M : All)
      M.F->forEach([&](const Event &E, Position) {
        if (M.F->IsConstructor && E.is(Role::Store) && E.On == G.What && E.Args.size() == 1 &&
            E.Args[0].What && E.Args[0].What.root()->Where == Symbol::Param)
          C.Type.NeedsArg = E.Args[0].What.root()->ParamIndex;
      });
  }
  C.Why = "one thread waits until another one has come so far";
  return C;
}

/// The callable parameter of \p M that ends up in \p O: as it is, wrapped or taken along.
static std::optional<unsigned> parameterIn(const Function &F, const Object &O, unsigned Depth = 0) {
  constexpr unsigned MaxDepth = 3; // a packaged task, shared, in a lambda
  std::optional<unsigned> Found;
  auto look = [&](const Object &From) {
    if (Found || !From || !From.path().empty() || From == O)
      return;
    if (From.root()->Where == Symbol::Param && From.root()->Owner == F.Id && From.root()->Callable)
      Found = From.root()->ParamIndex;
    else if (From.root()->Where == Symbol::Local && Depth != MaxDepth)
      Found = parameterIn(F, From, Depth + 1);
  };
  F.forEach(Role::Store | Role::Send | Role::Transfer, [&](const Event &E, Position) {
    if (!E.On || E.On != O)
      return;
    for (const Value &V : E.Args) {
      look(V.What);
      for (const Capture &C : V.Captures)
        look(C.What);
    }
  });
  return Found;
}

/// Its own tasks run the callables that a method puts into one of its members.
std::optional<InferredClass> Inference::findPool() {
  InferredClass C = make(TypeKind::Group);
  for (const Method &M : All) {
    const Event *Join = nullptr;
    std::optional<unsigned> Callable;
    const Event *Keeps = nullptr;
    M.F->forEach([&](const Event &E, Position) {
      if (E.is(Role::Join) && isOwn(E.On) && !Join)
        Join = &E;
      if (Callable || !E.is(Role::Store | Role::Send) || !isOwn(E.On) || !M.isMember() ||
          !(E.On.leaf()->Callable || E.On.kind() == TypeKind::Channel))
        return;
      Callable = parameterIn(*M.F, E.On);
      Keeps = &E;
    });
    if (Callable) {
      if (!add(C, M, Role::Spawn, nullptr,
               "keeps what it is given in " + quoted(Keeps->On) +
                   ", from where its tasks take what they run"))
        return std::nullopt;
      C.Calls.back().Entry.Callable = Callable;
    } else if (Join && M.isMember()) {
      if (!add(C, M, Role::Join, Join, "joins " + quoted(Join->On)))
        return std::nullopt;
    } else if (Join && M.F->IsDestructor && C.Type.OnDestroy.empty()) {
      C.Type.OnDestroy.push_back(Role::Join);
    }
  }
  if (llvm::none_of(C.Calls, [](const InferredCall &I) { return I.Entry.Is == Role::Spawn; }))
    return std::nullopt;
  C.Why = "its tasks run what other threads give it";
  return C;
}

/// It runs a callable that it is given in a thread of its own.
std::optional<InferredClass> Inference::findThread() {
  InferredClass C = make(TypeKind::Thread);
  for (const Method &M : All) {
    const Event *Join = nullptr, *Spawn = nullptr;
    M.F->forEach([&](const Event &E, Position) {
      if (E.is(Role::Join) && isOwn(E.On) && !Join)
        Join = &E;
      // A parameter runs there.
      if (E.is(Role::Spawn) && isOwn(E.On) && !E.On.leaf()->Container && !E.Callee &&
          !E.Args.empty() && E.Args[0].What && E.Args[0].What.path().empty() &&
          E.Args[0].What.root()->Where == Symbol::Param)
        Spawn = &E;
    });
    if (Spawn && M.F->Public) {
      if (!add(C, M, Role::Spawn, nullptr, "runs what it is given in " + quoted(Spawn->On)))
        return std::nullopt;
      C.Calls.back().Entry.Callable = Spawn->Args[0].What.root()->ParamIndex;
    } else if (Join && M.isMember()) {
      if (!add(C, M, Role::Join, Join, "joins " + quoted(Join->On)))
        return std::nullopt;
    } else if (Join && M.F->IsDestructor && C.Type.OnDestroy.empty()) {
      C.Type.OnDestroy.push_back(Role::Join);
    }
  }
  if (llvm::none_of(C.Calls, [](const InferredCall &I) { return I.Entry.Is == Role::Spawn; }))
    return std::nullopt;
  C.Why = "it owns a thread";
  return C;
}

} // namespace

std::optional<InferredClass> inferClass(llvm::StringRef Class,
                                        llvm::ArrayRef<const Function *> Methods,
                                        llvm::function_ref<const Function *(const void *)> BodyOf) {
  // Each instantiation of a template has members of its own.
  std::vector<std::vector<const Function *>> Instances;
  for (const Function *F : Methods) {
    auto Known =
        llvm::find_if(Instances, [&](const auto &I) { return I.front()->ClassId == F->ClassId; });
    if (Known != Instances.end())
      Known->push_back(F);
    else
      Instances.push_back({F});
  }
  std::optional<InferredClass> Whole;
  for (const auto &Instance : Instances) {
    auto One = Inference(Class, Instance, BodyOf).run();
    if (One && !Whole)
      Whole = std::move(One);
    else if (One && !Whole->merge(*One))
      return std::nullopt;
  }
  return Whole;
}

} // namespace tether
