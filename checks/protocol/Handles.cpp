#include "protocol/Handles.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {

/// The source that a callable triggers when it is called, if it does.
static Object triggeredBy(const Program &P, const Value &Callable) {
  const Function *Body = Callable.Body ? P.function(Callable.Body) : nullptr;
  Object Found;
  if (Body)
    Body->forEach([&](const Event &E, Position) {
      if (E.is(Role::RequestStop))
        Found = E.On;
    });
  return Found;
}

std::string Handle::describe() const {
  // A local of the function that made it is no name that the reader knows here.
  if (What.isField() && What.leaf()->Where != Symbol::Field)
    return "the source in " + quoted(What.whole());
  if (Shared)
    return "source " + quoted(What) + " of " + quoted(What.whole());
  return tether::describe(What);
}

/// A source that a called function made and gave back in something.
static bool isHandedBack(const Object &O) {
  return O.isField() && O.leaf()->Where == Symbol::Local && !O.leaf()->Indirect;
}

std::vector<Handle> findHandles(const Program &P, const Function &F) {
  std::vector<Handle> Handles;
  auto isOwn = [&](const Object &O) {
    return O && O.root()->Where == Symbol::Local && O.root()->Owner == F.Id &&
           !O.root()->Indirect && (O.path().empty() || isHandedBack(O));
  };
  // Of an object that lives here, and whose functions stop what it has started.
  auto isPart = [&](const Object &O) {
    return O.path().size() == 1 && O.leaf()->Where == Symbol::Field && O.isField() &&
           O.root()->Where == Symbol::Local && O.root()->Owner == F.Id && O.root()->Direct;
  };
  auto known = [&](const Object &O) {
    return llvm::any_of(Handles, [&](const Handle &H) { return H.What == O; });
  };
  F.forEach([&](const Event &E, Position At) {
    if (E.is(Role::Spawn)) {
      auto consider = [&](const Object &Source) {
        if (Source && Source.kind() == TypeKind::Source && isOwn(Source))
          Handles.push_back({Source, At, E.At, E.On});
        else if (Source && Source.kind() == TypeKind::Source && isPart(Source) && !E.InLoop)
          Handles.push_back({Source, At, E.At, E.On, true});
      };
      for (const Value &V : E.Args)
        consider(V.TokenOf);
      for (const Capture &C : E.This.Captures)
        consider(C.TokenOf);
      // The task has a copy of the source, and takes its token itself.
      for (const Capture &C : E.This.Captures)
        if (!C.ByReference && C.What && C.What.kind() == TypeKind::Source &&
            llvm::any_of(E.Inner, [&](const Event &In) { return In.is(Role::MakeToken, C.What); }))
          consider(C.What);
      // The task works on an object that this function shares with it, and listens to its source.
      for (const Capture &C : E.This.Captures)
        if (!C.ByReference && isOwn(C.What) && C.What.root()->Holds.size() &&
            C.What.root()->Kind == TypeKind::None && !E.InLoop)
          for (const Event &In : E.Inner)
            if (In.is(Role::MakeToken | Role::Poll) && In.On.kind() == TypeKind::Source &&
                In.On.isField() && In.On.root() == C.What.root() && In.On.path().size() == 1)
              Handles.push_back({In.On, At, E.At, E.On, true});
    }
    // A callable that a callee has filled in, and that stops what the callee has started.
    if (E.is(Role::Store) && !E.Immediate && isOwn(E.On) && E.On.root()->Callable && !known(E.On) &&
        E.Args.size() == 1)
      if (Object Source = triggeredBy(P, E.Args[0]))
        for (const Task &T : P.tasks())
          if (T.Started.What->handsTokenOf(Source)) {
            Handles.push_back({E.On, At, T.Started.What->At, Object()});
            break;
          }
  });
  return Handles;
}

bool triggers(const Event &E, const Handle &H) {
  return E.is(Role::RequestStop | Role::Invoke) && E.On &&
         (E.On == H.What || (H.What.isWithin(E.On) && isHandedBack(H.What)));
}

bool joins(const Event &E, const Object &Owner) {
  if (E.Bounded || !E.On)
    return false;
  // Whatever future is waited for, the task may be what makes it ready.
  return (Owner && E.is(Role::Join, Owner)) ||
         (E.is(Role::Receive) && E.On.kind() == TypeKind::Future);
}

std::optional<Forgotten> findForgotten(const Program &P, const Function &F, const Handle &H,
                                       bool Strict) {
  auto Keeps = [&](const Event &E) { return E.transfers(H.What) && !(Strict && E.Doubtful); };
  auto Settles = [&](const Event &E) { return triggers(E, H) || Keeps(E) || joins(E, H.Owner); };
  auto Ends = [&](const Event &E) {
    return E.is(Role::Destroy, Object(H.What.root())) || (E.is(Role::Throw) && !E.InTry);
  };
  // Handed to a guard or an owner before the task started: theirs to trigger.
  auto Starts = [&](const Event &E) { return E.is(Role::Spawn) && E.At == H.At; };
  if (H.What.isLocal() && H.What.kind() == TypeKind::Source &&
      !F.findPath({.From = F.entry(), .Avoiding = Keeps, .Until = Starts, .Exits = false}))
    return std::nullopt;
  auto NoTask = [&](const Block &B, const Edge &E) {
    auto Joins = [&](const Event &Inside) { return joins(Inside, H.Owner); };
    return saysNoTask(E, H.Owner) || F.loopDoes(B, E, Joins);
  };
  auto Ways =
      F.findPaths({.From = H.Started, .Avoiding = Settles, .Until = Ends, .AvoidingEdge = NoTask});
  if (Ways.empty())
    return std::nullopt;
  const Path *Lost = &Ways.front();
  Forgotten Way{Lost->Steps, false, {}};
  bool Guarded = false;
  F.forEach([&](const Event &E, Position) {
    Way.Ever |= triggers(E, H) || (H.Shared && Keeps(E) && !E.is(Role::Spawn));
    Guarded |= E.AtScopeEnd && Settles(E);
  });
  const bool Thrown = Lost->Last && Lost->Last->is(Role::Throw);
  // What destructors do while an exception passes is not on the path.
  if ((H.Shared && !Way.Ever) || (Thrown && Guarded))
    return std::nullopt;
  if (Thrown && !Lost->Last->Via.empty()) {
    llvm::append_range(Way.Steps, Lost->Last->Via);
    Way.Steps.push_back({Lost->Last->At, "it throws here"});
  }
  Way.Ways = std::move(Ways);
  return Way;
}

const Task *listenerOf(const Program &P, const Symbol *Source) {
  auto tokenOfIt = [&](const Object &O) { return O && P.canonical(O) == Source; };
  for (const Task &T : P.tasks()) {
    const Event &E = *T.Started.What;
    if (llvm::any_of(E.Args, [&](const Value &V) { return tokenOfIt(V.TokenOf); }) ||
        llvm::any_of(E.This.Captures, [&](const Capture &C) { return tokenOfIt(C.TokenOf); }))
      return &T;
    // The body takes the token itself, from the object that it works on.
    if (!T.Body)
      continue;
    auto Reached = P.reachableFrom(*T.Body);
    if (llvm::any_of(P.on(Source), [&](const Site &S) {
          return S.What->is(Role::MakeToken) && Reached.contains(S.In);
        }))
      return &T;
  }
  return nullptr;
}

/// The task that listens to \p Source and is one of several that run at once, or null. A thread
/// that stands alone has ended when it gets a new task.
static const Task *listeningGroup(const Program &P, const Object &Source) {
  for (const Task &T : P.tasks())
    if (T.Started.What->handsTokenOf(Source) && T.Owner &&
        (T.Owner.kind() == TypeKind::Group || T.Owner.leaf()->Container))
      return &T;
  return nullptr;
}

const Task *listenerLostBy(const Program &P, const Function &F, const Event &E) {
  if (!E.Immediate || !E.FreshValue || F.IsConstructor)
    return nullptr;
  const Task *Listener = listeningGroup(P, E.On);
  auto Settles = [&](const Event &S) {
    return S.is(Role::RequestStop, E.On) || S.transfers(E.On) || joins(S, Listener->Owner) ||
           S.is(Role::Poll, E.On) || S.is(Role::Neutral, E.On);
  };
  auto Here = [&](const Event &Other) { return &Other == &E; };
  return Listener &&
                 F.findPath({.From = F.entry(), .Avoiding = Settles, .Until = Here, .Exits = false})
             ? Listener
             : nullptr;
}

bool takesOrphan(const Event &E) {
  return E.is(Role::Store | Role::Spawn | Role::Call) && llvm::any_of(E.Args, [&](const Value &V) {
           // A token with a name was told of where it got it.
           bool Named = !E.is(Role::Store) && V.What && V.What.root()->Where != Symbol::Temporary;
           const Symbol *From = V.TokenOf ? V.TokenOf.root() : nullptr;
           return V.IsToken && !Named && From && From->Where == Symbol::Temporary &&
                  From->HasSource;
         });
}

bool isDroppedHere(const Function &F, const Event &E) {
  bool Here = false;
  if (E.is(Role::Spawn) && E.Discarded && !E.Immediate)
    F.forEach([&](const Event &Call, Position) {
      Here |= Call.is(Role::Call) && Call.At == E.where() && Call.Result == E.On;
    });
  return Here;
}

/// The task that listens to the source which the callables kept in \p Field trigger, if they do
/// nothing but that.
static const Task *listenerBehind(const Program &P, const Symbol *Field) {
  const Task *Found = nullptr;
  for (const Site &S : P.on(Field)) {
    if (!S.What->is(Role::Store) || S.What->Args.size() != 1 || S.What->Initial)
      continue;
    if (!S.What->Args[0].Body) // emptied, or filled by somebody else
      return nullptr;
    Object Source = triggeredBy(P, S.What->Args[0]);
    if (!Source)
      return nullptr;
    for (const Task &T : P.tasks())
      if (T.Started.What->handsTokenOf(Source))
        Found = &T;
  }
  return Found;
}

OneSided findUncalled(const Program &P, const Symbol *Field) {
  if (Field->Where != Symbol::Field || !Field->Callable || Field->Container || P.escapes(Field) ||
      P.anyOn(Field, Role::Invoke | Role::Transfer) || capturedAnywhere(P, Field))
    return {};
  return {listenerBehind(P, Field), nullptr};
}

std::vector<Mistaken> findMistaken(const Program &P) {
  std::vector<Mistaken> Found;
  std::set<const Symbol *> Seen;
  for (const Symbol *S : P.symbols()) {
    if (S->Kind != TypeKind::Source || S->Where != Symbol::Field || !Seen.insert(S).second)
      continue;
    // By full names: two members of one class are told apart by what they are members of.
    std::vector<std::pair<Object, Site>> Listened, Stopped;
    bool Unclear = false;
    for (const auto &F : P.functions())
      F->forEach([&](const Event &E, Position At) {
        auto note = [&](const Object &O, auto &Into) {
          if (!O || !O.isField() || O.leaf() != S)
            return;
          if (O.root()->Where == Symbol::This && O.path().size() > 1)
            Into.push_back({O, {F.get(), &E, At}});
        };
        if (E.is(Role::RequestStop)) {
          note(E.On, Stopped);
          // One that is reached in another way may be any of them.
          if (E.On && E.On.isField() && E.On.leaf() == S && E.Immediate &&
              E.On.root()->Where != Symbol::This)
            Unclear |= P.callers(*F).empty();
        }
        if (!E.is(Role::Spawn))
          return;
        for (const Value &V : E.Args)
          note(V.TokenOf, Listened);
        for (const Capture &C : E.This.Captures)
          note(C.TokenOf, Listened);
      });
    if (Unclear || Stopped.empty())
      continue;
    for (const auto &[Mine, Start] : Listened) {
      auto isMine = [&, &Mine = Mine](const auto &Stop) { return Stop.first == Mine; };
      auto isSibling = [&, &Mine = Mine](const auto &Stop) {
        return Stop.first.root() == Mine.root() && Stop.first.path().size() == Mine.path().size() &&
               Stop.first.path().drop_back() != Mine.path().drop_back() &&
               Stop.first.path()[0]->Class == Mine.path()[0]->Class;
      };
      if (llvm::any_of(Stopped, isMine) ||
          llvm::any_of(Found, [&, &Mine = Mine](const Mistaken &M) { return M.Source == Mine; }))
        continue;
      if (auto Sibling = llvm::find_if(Stopped, isSibling); Sibling != Stopped.end())
        Found.push_back({Mine, Sibling->first, Start.What, Sibling->second.What});
    }
  }
  return Found;
}

OneSided findOneSided(const Program &P, const Symbol *Source) {
  if (Source->Where != Symbol::Field || P.escapes(Source) || capturedAnywhere(P, Source))
    return {};
  OneSided Found;
  bool HasToken = false;
  for (const Site &Use : P.on(Source)) {
    const Event &E = *Use.What;
    HasToken |= E.is(Role::MakeToken);
    if (E.is(Role::RequestStop))
      Found.Stop = &E;
    // Polled without a token, or shares its state with another source.
    if (E.is(Role::Poll) || (E.is(Role::Store) && (E.Args.size() != 1 || !E.Args[0].IsTemporary)))
      return {};
  }
  if (HasToken && Found.Stop)
    return {};
  if (HasToken)
    Found.Listener = listenerOf(P, Source);
  return Found;
}

/// The fields that lambdas take along.
static std::set<const Symbol *> capturedFields(const Program &P) {
  std::set<const Symbol *> Found;
  auto note = [&](const Value &V) {
    for (const Capture &C : V.Captures)
      if (C.What && C.What.isField())
        Found.insert(P.canonical(C.What));
  };
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position) {
      note(E.This);
      llvm::for_each(E.Args, note);
    });
  return Found;
}

bool capturedAnywhere(const Program &P, const Symbol *S) {
  return P.answer(capturedFields).count(S) != 0;
}

bool ownsTasks(const Program &P, llvm::StringRef Class) {
  return llvm::any_of(P.tasks(), [&](const Task &T) {
    return T.Owner && T.Owner.isField() && T.Owner.leaf()->Class == Class;
  });
}

using ByClass = std::map<std::string, std::vector<const Function *>>;

static ByClass endingByClass(const Program &P) {
  ByClass Methods, Result;
  for (const auto &F : P.functions())
    Methods[F->Class].push_back(F.get());
  for (const auto &F : P.functions())
    if (F->IsDestructor) {
      auto Reached = P.reachableFrom(*F);
      for (const Function *G : Methods[F->Class])
        if (Reached.contains(G))
          Result[F->Class].push_back(G);
    }
  return Result;
}

std::vector<const Function *> endingCode(const Program &P, llvm::StringRef Class) {
  const ByClass &All = P.answer(endingByClass);
  auto Known = All.find(Class.str());
  return Known == All.end() ? std::vector<const Function *>() : Known->second;
}

} // namespace tether
