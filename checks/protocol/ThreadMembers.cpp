#include "model/ApiTable.h"
#include "protocol/Handles.h"
#include "protocol/Threads.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// A thread that lives as long as its object, or as the program.
static bool isKept(const Object &T) {
  return T && lossOf(T) == Loss::Terminates &&
         ((T.root()->Where == Symbol::This && T.isField()) || T.root()->Where == Symbol::Global);
}

/// The destructor of another member or guard joins it: that runs when the constructor throws, too.
static bool joinedByGuard(const Program &P, const Object &Thread) {
  return llvm::any_of(P.on(Thread), [&](const Site &S) {
    return S.What->is(Role::Join) && S.In->IsDestructor && S.In->Class != Thread.leaf()->Class;
  });
}

std::vector<Unjoined> findLostByConstructor(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  if (!F.IsConstructor)
    return Found;
  F.forEach([&](const Event &E, Position At) {
    const Object &T = E.On;
    if (!E.is(Role::Spawn) || !isKept(T) || T.root()->Where != Symbol::This || T.leaf()->Indirect ||
        T.path().size() != 1 || joinedByGuard(P, T))
      return;
    auto Throws = [&](const Event &Other) { return throwsAfter(Other, E); };
    auto Settles = [&](const Event &Other) { return settles(Other, T); };
    auto NoTask = [&](const Block &B, const Edge &Way) {
      // A flag may agree with whether there is a thread; whether a file could be opened does not.
      bool Unknown = Way.OnState && (Way.Says.empty() || llvm::any_of(Way.Says, [](auto &Says) {
                                       return Says.What.leaf()->Flag;
                                     }));
      return Unknown || saysNoTask(Way, T) || F.loopDoes(B, Way, Settles);
    };
    auto Lost = F.findPath(
        {.From = At, .Avoiding = Settles, .Until = Throws, .Exits = false, .AvoidingEdge = NoTask});
    if (!Lost)
      return;
    std::vector<Step> Steps = storyOf(E, Lost->Steps);
    llvm::append_range(Steps, Lost->Last->Via);
    Steps.push_back({Lost->Last->At, "it throws here, and the destructor will not run"});
    Found.push_back(
        {E.At, T, "is destroyed while it can be joined when the constructor throws", Steps});
    Found.back().with(Unjoined::Constructor, &F, &E, {std::move(*Lost)});
  });
  return Found;
}

std::vector<Unjoined> findLostByDestructor(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  if (!F.IsDestructor)
    return Found;
  std::map<Object, const Event *> Joined;
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::Join) && isKept(E.On) && E.On.root()->Where == Symbol::This &&
        !E.On.leaf()->Indirect)
      Joined.try_emplace(E.On, &E);
  });
  Settlement Settled(P);
  for (auto [T, Join] : Joined)
    if (auto Lost = Settled.findWay(F, T, {.From = F.entry()})) {
      std::vector<Step> Steps = std::move(Lost->Steps);
      Steps.push_back({Join->At, "only here it is joined"});
      Found.push_back(
          {T.leaf()->At, T,
           "is destroyed while it can be joined: '" + F.Name + "' does not join it on every path",
           Steps,
           Lost->Misled ? "join it whenever it can be joined, whatever the flag says"
                        : Unjoined().Advice});
      Found.back().with(Unjoined::Destructor, &F, Join, std::move(Lost->Ways));
    }
  return Found;
}

/// Somebody else may have settled the thread before \p F is called.
static bool settledBefore(const Program &P, const Function &F, const Object &Thread) {
  auto isBefore = [&](const Function &Other) {
    return &Other != &F && !Other.IsDestructor &&
           (Other.Public || llvm::any_of(P.callers(Other), [&](const Site &Caller) {
              return Caller.In != &F && !Caller.In->IsDestructor;
            }));
  };
  return llvm::any_of(P.on(Thread), [&](const Site &S) {
    return S.What->Immediate && S.What->is(Role::Join | Role::Detach | Role::Transfer) &&
           isBefore(*S.In);
  });
}

std::vector<Unjoined> findReplaced(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  if (F.IsConstructor)
    return Found;
  Settlement Settled(P);
  F.forEach([&](const Event &E, Position At) {
    const Object &T = E.On;
    if (!isKept(T))
      return;
    // In the same function a task starts after another one.
    if (E.is(Role::Spawn) && !isOneOfMany(T)) {
      auto Again = [&](const Event &Other) { return Other.is(Role::Spawn, T); };
      if (auto Lost = Settled.findKnownWay(F, T, {.From = At, .Until = Again, .Exits = false})) {
        std::vector<Step> Steps = storyOf(E, Lost->Steps);
        llvm::append_range(Steps, Lost->Last->Via);
        Steps.push_back({Lost->Last->At, "and another one here"});
        Found.push_back({Lost->Last->where(), T, "gets a new task while it can be joined", Steps});
        return;
      }
    }
    if (!E.Immediate)
      return;
    const bool Points = T.leaf()->Indirect; // the thread ends by a delete only
    const bool Ends = Points ? E.is(Role::Destroy)
                             : endsElements(E) || (E.is(Role::Overwrite) && E.Way == Change::Down);
    if (!Ends && (!E.is(Role::Overwrite) || Points || isOneOfMany(T)))
      return;
    const Event *NewTask = nullptr;
    F.forEach([&](const Event &Spawn, Position) {
      if (Spawn.is(Role::Spawn, T) && E.Range.getBegin() <= Spawn.At &&
          Spawn.At <= E.Range.getEnd())
        NewTask = &Spawn;
    });
    auto Here = [&](const Event &Other) { return &Other == &E; };
    auto Lost = Settled.findWay(F, T, {.From = F.entry(), .Until = Here, .Exits = false});
    if (!Lost)
      return;
    // That nobody calls the function while a task runs may be agreed upon, unless it is prepared
    // for that, or nobody else could have joined the thread.
    const bool Prepared = Lost->Misled || (F.IsAssignment && !Ends);
    if (!Prepared && !(Ends && P.anyOn(T.leaf(), Role::Spawn) && !settledBefore(P, F, T)))
      return;
    Found.push_back({NewTask ? NewTask->At : E.At, T,
                     Ends ? "is destroyed while it can be joined"
                          : "gets a new task while the one before may still run",
                     Lost->Steps});
    if (F.IsAssignment && !Ends)
      Found.back().with(Unjoined::Assigned, &F, NewTask ? NewTask : &E, std::move(Lost->Ways));
    else if (Ends && F.IsDestructor)
      Found.back().with(Unjoined::Ended, &F, &E);
  });
  return Found;
}

/// The way is chosen by the state of the object itself, which says whether there is a thread.
static bool asksOwnState(const Program &P, const Function &F, const Object &Thread) {
  auto readsState = [&](const Function &Code) {
    bool Reads = false;
    Code.forEach([&](const Event &E, Position) {
      Reads |= E.Immediate && E.is(Role::Read) && E.On.root() == Thread.root();
    });
    return Reads;
  };
  bool Asks = readsState(F);
  F.forEach([&](const Event &E, Position) {
    Asks |= E.is(Role::Owns) && E.On == Thread;
    // A predicate of the class.
    if (const Function *Callee = E.is(Role::Call) && E.Immediate ? P.function(E.Callee) : nullptr)
      Asks |= E.This.What && E.This.What.root() == Thread.root() && E.This.What.path().empty() &&
              !E.Discarded && readsState(*Callee);
  });
  return Asks;
}

std::vector<Unjoined> findUnstarted(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  if (!F.IsDestructor)
    return Found;
  auto unguarded = [&](const Function &Code, const Event &Until, const Object &T) {
    return !asksOwnState(P, Code, T) &&
           Code.findPath(
               {.From = Code.entry(),
                .Avoiding = [](const Event &) { return false; },
                .Until = [&](const Event &E) { return &E == &Until; },
                .Exits = false,
                // Any decision may be about whether there is a thread.
                .AvoidingEdge = [](const Block &B, const Edge &) { return B.Next.size() > 1; }});
  };
  F.forEach([&](const Event &Join, Position) {
    const Object &T = Join.On;
    if (!Join.is(Role::Join) || !isKept(T) || T.leaf()->Indirect || T.leaf()->Container ||
        T.path().size() != 1 || T.root()->Where != Symbol::This || Join.MayHappen ||
        P.escapes(T.leaf()) || !unguarded(F, Join, T))
      return;
    // Started by a public function that somebody has to call, and nowhere else.
    const Site *Start = nullptr;
    bool Otherwise = false;
    for (const Site &S : P.on(T)) {
      if (S.What->is(Role::Spawn)) {
        Otherwise |= !S.In->Public || S.In->Class != T.leaf()->Class;
        Start = &S;
        for (const Site &Caller : P.callers(*S.In))
          Otherwise |= Caller.In->Class == T.leaf()->Class;
      } else if (S.What->is(Role::Join) && S.What->At == Join.At && S.In != &F) {
        Otherwise |= !unguarded(*S.In, *S.What, T);
      }
      Otherwise |= S.What->is(Role::Overwrite) && !S.What->FreshValue;
    }
    // Whoever makes such an object in private starts it, too.
    for (const auto &Other : P.functions())
      if (Other->IsConstructor && Other->Class == T.leaf()->Class) {
        Otherwise |= !Other->Public;
        Other->forEach([&](const Event &E, Position) { Otherwise |= E.is(Role::Spawn, T); });
      }
    if (Start && !Start->In->IsConstructor && !Otherwise) {
      Found.push_back({Join.At,
                       T,
                       "is joined although it may never have been started",
                       {{Start->What->At, "only '" + Start->In->Name + "' starts it"}},
                       "ask whether it can be joined first"});
      Found.back().with(Unjoined::Unstarted, &F, &Join);
    }
  });
  return Found;
}

/// A task that \p Thread has: started by that name, or put there.
static const Event *taskOf(const Program &P, const Symbol *Thread) {
  for (const Site &Use : P.on(Thread)) {
    if (Use.What->is(Role::Spawn))
      return Use.What;
    if (!Use.What->is(Role::Store))
      continue;
    for (const Value &V : Use.What->Args)
      if (V.What && V.What.root()->Where == Symbol::Local)
        for (const Site &Other : P.on(V.What))
          if (Other.What->is(Role::Spawn))
            return Other.What;
  }
  return nullptr;
}

std::vector<Unjoined> findNeverJoined(const Program &P) {
  std::vector<Unjoined> Found;
  auto hasDestructor = [&](const std::string &Class) {
    return llvm::any_of(P.functions(),
                        [&](const auto &F) { return F->IsDestructor && F->Class == Class; });
  };
  for (const Symbol *S : P.symbols()) {
    Object T(S);
    const bool Global = S->Where == Symbol::Global;
    const bool Leaks = lossOf(T) == Loss::Leaks;
    if (!(Global || S->Where == Symbol::Field) || lossOf(T) == Loss::None || P.escapes(S) ||
        P.anyOn(S, Role::Join | Role::Detach | Role::Owns))
      continue;
    // What is only lost may be meant for as long as the program runs, unless its object ends.
    if (Leaks && (Global || !hasDestructor(S->Class)))
      continue;
    // A pointer that nobody deletes ends alone.
    const bool Deleted =
        llvm::any_of(P.on(S), [](const Site &Use) { return Use.What->is(Role::Destroy); });
    if ((S->Indirect && !Deleted) || llvm::any_of(P.on(S), [](const Site &Use) {
          return Use.What->is(Role::Remove) && !endsElements(*Use.What);
        }))
      continue;
    const Event *Spawn = taskOf(P, S);
    if (!Spawn || (Leaks && Spawn->Doubtful))
      continue;
    std::string Nobody = Global ? "nothing joins it before the program ends"
                                : "no function of '" + S->Class + "' joins it";
    Found.push_back(
        {S->At, T,
         (Leaks ? "is lost while it can be joined: " : "is destroyed while it can be joined: ") +
             Nobody,
         storyOf(*Spawn, {})});
    if (!Global && !Leaks)
      Found.back().with(Unjoined::Never, nullptr, Spawn);
  }
  return Found;
}

} // namespace tether
