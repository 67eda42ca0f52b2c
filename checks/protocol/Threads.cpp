#include "protocol/Threads.h"
#include "model/ApiTable.h"
#include "protocol/Handles.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

static bool mustBeJoined(const Object &O) {
  return O && O.leaf()->Type && O.leaf()->Type->MustJoin && !O.leaf()->Indirect;
}

static bool settles(const Event &E, const Object &Thread) {
  if (E.is(Role::Join | Role::Detach | Role::Remove) && E.On && Thread.isWithin(E.On))
    return true;
  return E.transfers(Thread);
}

/// The ways that are no way for a thread that runs: "it cannot be joined", "there is none in the
/// loop".
static auto impossible(const Function &F, const Object &Thread) {
  return [&F, &Thread](const Block &B, const Edge &E) {
    // What depends on a flag or a counter of the program's own may well agree with whether there is
    // a thread: too much to know.
    return E.OnState || saysNoTask(E, Thread) ||
           F.loopDoes(B, E, [&](const Event &Inside) { return settles(Inside, Thread); });
  };
}

/// The shortest first.
static std::vector<Path> pathsToEnd(const Function &F, Position From, const Object &Thread,
                                    llvm::function_ref<bool(const Event &)> End, bool Exits) {
  auto Settles = [&](const Event &E) { return settles(E, Thread); };
  auto Impossible = impossible(F, Thread);
  return F.findPaths({.From = From,
                      .Avoiding = Settles,
                      .Until = End,
                      .Exits = Exits,
                      .AvoidingEdge = Impossible});
}

static std::vector<Step> story(const Event &Spawn, std::vector<Step> Steps) {
  Steps.insert(Steps.begin(), {Spawn.At, "the task starts here"});
  return Steps;
}

/// An exception leaves the function here. What a call throws comes before what the same call
/// starts, for all that is known.
static bool throwsAfter(const Event &E, const Event &Spawn) {
  bool SameCall =
      !E.Via.empty() && !Spawn.Via.empty() && E.Via.front().Where == Spawn.Via.front().Where;
  return E.is(Role::Throw) && !E.InTry && !SameCall;
}

/// A local's destructor settles the thread, also when an exception passes.
static bool hasGuard(const Function &F, const Object &Thread) {
  bool Guarded = false;
  F.forEach([&](const Event &E, Position) { Guarded |= E.AtScopeEnd && settles(E, Thread); });
  return Guarded;
}

/// The function asks in other ways than a plain test whether there is a thread.
static bool asksOtherwise(const Function &F, const Object &Thread) {
  unsigned Asked = 0, Tested = 0;
  F.forEach([&](const Event &E, Position) { Asked += E.Immediate && E.is(Role::Owns, Thread); });
  for (const Block &B : F.Blocks)
    Tested += llvm::any_of(B.Next, [&](const Edge &E) { return E.Tests && E.Tests == Thread; });
  return Asked > Tested;
}

std::vector<Unjoined> findUnjoinedLocals(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  F.forEach([&](const Event &Spawn, Position At) {
    const Object &T = Spawn.On;
    if (!Spawn.is(Role::Spawn) || !mustBeJoined(T) || !T.isLocal() || T.root()->Owner != F.Id ||
        asksOtherwise(F, T))
      return;
    const bool Guarded = hasGuard(F, T);
    auto Ends = [&](const Event &E) {
      // Another turn of a loop gives the same thread a new task.
      return (&E == &Spawn && !T.leaf()->Container) || E.is(Role::Destroy, T) ||
             (throwsAfter(E, Spawn) && !Guarded);
    };
    std::vector<Path> Ways = pathsToEnd(F, At, T, Ends, /*Exits=*/false);
    if (Ways.empty())
      return;
    const Path *Lost = &Ways.front();
    std::vector<Step> Steps = story(Spawn, Lost->Steps);
    if (Lost->Last->is(Role::Throw) && !Lost->Last->Via.empty()) {
      llvm::append_range(Steps, Lost->Last->Via);
      Steps.push_back({Lost->Last->At, "it throws here"});
    }
    Unjoined U;
    U.Where = T.root()->At;
    U.Thread = T;
    U.Why = Lost->Last == &Spawn ? "gets a new task while it can be joined"
                                 : "is destroyed while it can be joined";
    U.Steps = std::move(Steps);
    U.In = &F;
    U.By = &Spawn;
    U.Ways = std::move(Ways);
    Found.push_back(std::move(U));
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

/// The destructor of another member or guard joins it: that runs when the constructor throws, too.
static bool joinedByGuard(const Program &P, const Object &Thread) {
  return llvm::any_of(P.on(Thread), [&](const Site &S) {
    return S.What->is(Role::Join) && S.In->IsDestructor && S.In->Class != Thread.leaf()->Class;
  });
}

std::vector<Unjoined> findUnjoinedMembers(const Program &P, const Function &F) {
  std::vector<Unjoined> Found;
  F.forEach([&](const Event &E, Position At) {
    const Object &T = E.On;
    if (!mustBeJoined(T) || T.path().size() != 1 || T.root()->Where != Symbol::This)
      return;
    auto add = [&](Unjoined::Kind Is, clang::SourceLocation Where, std::string Why,
                   std::vector<Path> Ways) -> Unjoined & {
      Unjoined U;
      U.Is = Is;
      U.Where = Where;
      U.Thread = T;
      U.Why = std::move(Why);
      U.In = &F;
      U.By = &E;
      U.Ways = std::move(Ways);
      Found.push_back(std::move(U));
      return Found.back();
    };
    const bool Alone = E.Immediate && !T.leaf()->Container;
    if (E.is(Role::Spawn) && F.IsConstructor && !joinedByGuard(P, T)) {
      auto Throws = [&](const Event &Other) { return throwsAfter(Other, E); };
      if (auto Ways = pathsToEnd(F, At, T, Throws, /*Exits=*/false); !Ways.empty()) {
        const Path &Lost = Ways.front();
        std::vector<Step> Steps = story(E, Lost.Steps);
        Steps.insert(Steps.end(), Lost.Last->Via.begin(), Lost.Last->Via.end());
        Steps.push_back({Lost.Last->At, "it throws here, and the destructor will not run"});
        add(Unjoined::Constructor, E.At,
            "is destroyed while it can be joined when the constructor throws", std::move(Ways))
            .Steps = std::move(Steps);
      }
    }
    if (E.is(Role::Spawn) && F.IsAssignment && Alone && !asksOwnState(P, F, T)) {
      auto Here = [&](const Event &Other) { return &Other == &E; };
      if (auto Ways = pathsToEnd(F, F.entry(), T, Here, /*Exits=*/false); !Ways.empty())
        add(Unjoined::Assigned, E.At, "gets a new task while the one before may still run",
            std::move(Ways));
    }
    if (E.is(Role::Join) && F.IsDestructor && Alone && !asksOwnState(P, F, T)) {
      auto None = [](const Event &) { return false; };
      if (auto Ways = pathsToEnd(F, F.entry(), T, None, /*Exits=*/true); !Ways.empty()) {
        std::vector<Step> Steps = Ways.front().Steps;
        Steps.push_back({E.At, "only here it is joined"});
        add(Unjoined::Destructor, T.leaf()->At,
            "is destroyed while it can be joined: '" + F.Name + "' does not join it on every path",
            std::move(Ways))
            .Steps = std::move(Steps);
      }
    }
  });
  return Found;
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
    if (!Join.is(Role::Join) || !mustBeJoined(T) || T.leaf()->Container || T.path().size() != 1 ||
        T.root()->Where != Symbol::This || Join.MayHappen || P.escapes(T.leaf()) ||
        !unguarded(F, Join, T))
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
    if (!Start || Start->In->IsConstructor || Otherwise)
      return;
    Unjoined U;
    U.Is = Unjoined::Unstarted;
    U.Where = Join.At;
    U.Thread = T;
    U.Why = "is joined although it may never have been started";
    U.Steps = {{Start->What->At, "only '" + Start->In->Name + "' starts it"}};
    U.Advice = "ask whether it can be joined first";
    U.In = &F;
    U.By = &Join;
    Found.push_back(std::move(U));
  });
  return Found;
}

std::vector<Unjoined> findNeverJoined(const Program &P) {
  std::vector<Unjoined> Found;
  for (const Symbol *S : P.symbols()) {
    Object T(S);
    if (S->Where != Symbol::Field || !mustBeJoined(T) || P.escapes(S) ||
        P.anyOn(S, Role::Join | Role::Detach | Role::Owns | Role::Remove))
      continue;
    for (const Site &Use : P.on(S))
      if (Use.What->is(Role::Spawn)) {
        Unjoined U;
        U.Is = Unjoined::Never;
        U.Where = S->At;
        U.Thread = T;
        U.Why = "is destroyed while it can be joined: no function of '" + S->Class + "' joins it";
        U.Steps = story(*Use.What, {});
        U.By = Use.What;
        Found.push_back(std::move(U));
        break;
      }
  }
  return Found;
}

} // namespace tether
