#include "protocol/Promises.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// Waits for another thread without end, or looks again until that thread is done.
static bool waits(const Event &E) {
  return E.is(Role::Wait | Role::Receive) && E.On && E.blocks() && E.On.kind() != TypeKind::Future;
}

/// Fulfilled once, by whoever holds it, for who has its future.
static bool isOneShot(const Program &P, const Object &O) {
  return O && O.kind() == TypeKind::Channel && P.anyOn(P.canonical(O), Role::GetFuture);
}

// ---- what a function made ----------------------------------------------------------------------

static bool madeIn(const Function &F, const Object &O) {
  return O && O.root()->Where == Symbol::Local && O.root()->Owner == F.Id && !O.root()->Indirect;
}

/// A part of an object that a pointer owns: others may have it too.
static bool isShared(const Event &Wait) {
  return Wait.On.isField() && Wait.On.root()->Kind == TypeKind::Pointer;
}

/// A part of an object that can end its waits in several ways, as a queue can.
static bool isManifold(const Event &Wait) {
  return Wait.On.isField() && Wait.On.leaf()->Private && Wait.Reads.size() > 1;
}

std::vector<Owed> neverDelivered(const Program &P, const Function &F) {
  std::vector<Owed> Found;
  auto add = [&](const Event &Wait, const Miss &M, std::vector<Step> Before) {
    Owed O{M.Where, Object(Wait.On.root()),
           "is not satisfied on this path: whoever waits for it waits for ever", std::move(Before)};
    O.Steps.insert(O.Steps.end(), M.Steps.begin(), M.Steps.end());
    O.Steps.push_back({Wait.At, "here it is waited for"});
    O.Is = Owed::Missed;
    O.Path = M;
    O.Wait = &Wait;
    Found.push_back(std::move(O));
  };
  F.forEach([&](const Event &E, Position At) {
    // This function waits.
    if (E.is(Role::Wait | Role::Receive) && madeIn(F, E.On) && !E.Stoppable && !isShared(E) &&
        !isManifold(E)) {
      Debt D = Debt::of(E);
      auto Here = [&](const Event &Other) { return &Other == &E; };
      bool Nobody =
          E.is(Role::Receive) && E.On.isLocal() && isOneShot(P, E.On) && !E.On.leaf()->Container;
      if (!Nobody && !waits(E))
        return;
      auto M = findMiss(P, F, D, {.From = F.entry(), .Until = Here, .Exits = false});
      if (M && M->Nested && waits(E))
        add(E, *M, {});
      else if (M && Nobody && !settlesSomewhere(F, D))
        Found.push_back({E.At,
                         E.On,
                         "is waited for here, and nobody has it to fulfil it",
                         {{E.On.root()->At, "it is made here"}}});
      return;
    }
    // A task that it starts waits.
    if (!E.is(Role::Spawn))
      return;
    for (const Event &Wait : E.Inner) {
      if (!waits(Wait) || !madeIn(F, Wait.On) || isShared(Wait))
        continue;
      Debt D = Debt::of(Wait);
      auto Here = [&](const Event &Other) { return &Other == &E; };
      auto Before = findMiss(P, F, D, {.From = F.entry(), .Until = Here, .Exits = false});
      auto Ends = [&](const Event &Other) {
        return Other.is(Role::Destroy, Object(Wait.On.root()));
      };
      auto After = Before ? findMiss(P, F, D, {.From = At, .Until = Ends}) : std::nullopt;
      if (!After || (!Before->Nested && !After->Nested))
        continue;
      add(Wait, After->Nested ? *After : *Before, {{E.At, "the task that waits starts here"}});
    }
  });
  return Found;
}

// ---- what a class holds ------------------------------------------------------------------------

/// A field or global that only code of this file changes.
static bool isKnownState(const Program &P, const Object &O) {
  const Symbol *S = P.canonical(O);
  return (S->Where == Symbol::Field || S->Where == Symbol::Global) && O.kind() == TypeKind::None &&
         !P.escapes(S);
}

static bool changes(const Event &E) {
  return E.Immediate && E.is(Role::Write | Role::Overwrite | Role::Remove);
}

/// All of \p Sites are in functions that only \p Root runs, directly or not.
static bool onlyWithin(const Program &P, const Function &Root, llvm::ArrayRef<Site> Sites) {
  auto Reach = P.reachableFrom(Root);
  return llvm::all_of(Sites, [&](const Site &S) {
    if (S.In == &Root)
      return true;
    return Reach.contains(S.In) && S.In->Internal &&
           llvm::all_of(P.callers(*S.In), [&](const Site &C) { return Reach.contains(C.In); });
  });
}

namespace {
/// State that a wait reads, and who changes it: away from what the wait needs, and back.
struct Toggle {
  Site Wait;
  StateChange Needed;
  std::vector<Site> Away, Back;
};
} // namespace

static std::vector<Toggle> findToggles(const Program &P) {
  std::vector<Toggle> Found;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &Wait, Position At) {
      if (!Wait.is(Role::Wait) || !Wait.Immediate || !waits(Wait) ||
          P.escapes(P.canonical(Wait.On)))
        return;
      for (const StateChange &C : Wait.EndedBy) {
        if (!isKnownState(P, C.What))
          continue;
        Toggle T{{F.get(), &Wait, At}, C, {}, {}};
        for (const Site &S : P.on(C.What))
          if (changes(*S.What) && !S.In->IsConstructor)
            (C.doneBy(*S.What) == Change::Down ? T.Away : T.Back).push_back(S);
        if (!T.Away.empty() && !T.Back.empty())
          Found.push_back(std::move(T));
      }
    });
  return Found;
}

std::vector<Owed> leftUnfinished(const Program &P) {
  std::vector<Owed> Found;
  auto add = [&](const Toggle &T, const Site &Away, const Miss &M, std::vector<Step> Between) {
    Owed O{M.Where,
           T.Needed.What,
           "is not changed back on this path: whoever waits for it waits for ever",
           {}};
    O.Steps.push_back({Away.What->At, quoted(T.Needed.What) + " is changed here"});
    O.Steps.insert(O.Steps.end(), Between.begin(), Between.end());
    O.Steps.insert(O.Steps.end(), M.Steps.begin(), M.Steps.end());
    O.Steps.push_back({T.Wait.What->At, "here somebody waits until it is changed back"});
    O.Is = Owed::Missed;
    O.Path = M;
    O.Wait = T.Wait.What;
    Found.push_back(std::move(O));
  };
  for (const Toggle &T : findToggles(P)) {
    Debt D = Debt::of(P.canonical(T.Needed.What), T.Needed);
    for (const Site &Away : T.Away) {
      const Function &F = *Away.In;
      if (F.IsDestructor)
        continue;
      // The function does both.
      if (onlyWithin(P, F, T.Back)) {
        auto Later = F.findPath({.From = Away.At,
                                 .Avoiding = [](const Event &) { return false; },
                                 .Until = [&](const Event &E) { return D.settledBy(E); },
                                 .Exits = false});
        if (auto M = Later ? findMiss(P, F, D, {.From = Away.At}) : std::nullopt)
          add(T, Away, *M, {});
        continue;
      }
      // A task that it starts, or a callback that it hands out, changes it back.
      F.forEach([&](const Event &Spawn, Position) {
        const Function *Body =
            Spawn.is(Role::Spawn) && Spawn.Callee ? P.function(Spawn.Callee) : nullptr;
        if (!Body || !onlyWithin(P, *Body, T.Back) || P.reachableFrom(*Body).contains(T.Wait.In))
          return;
        if (auto M = missedByTask(P, Spawn, D))
          add(T, Away, *M, {{Spawn.At, "the task that has to change it back starts here"}});
      });
      for (const auto &Callback : P.functions())
        if (Callback->IsLambda && Callback->Parent == F.Id && onlyWithin(P, *Callback, T.Back))
          if (auto M = findMiss(P, *Callback, D, {.From = Callback->entry(), .Throws = false}))
            add(T, Away, *M,
                {{Callback->At, "the callback that has to change it back is made here"}});
    }
  }
  return Found;
}

/// The promise whose future \p O is, or \p O.
static const Symbol *behind(const Program &P, const Object &O) {
  for (const Site &S : P.on(O))
    if (O.kind() == TypeKind::Future && S.What->is(Role::Store) && S.What->Args.size() == 1 &&
        S.What->Args[0].What && S.What->Args[0].What.kind() == TypeKind::Channel)
      return P.canonical(S.What->Args[0].What);
  return P.canonical(O);
}

std::vector<Owed> neverDeliveredMembers(const Program &P) {
  std::vector<Owed> Found;
  for (const auto &W : P.functions())
    W->forEach([&](const Event &Wait, Position) {
      if (!Wait.is(Role::Receive) || !Wait.Immediate || !Wait.blocks() || !Wait.On)
        return;
      const Symbol *S = behind(P, Wait.On);
      if (S->Where != Symbol::Field || S->Kind != TypeKind::Channel || S->Container || P.escapes(S))
        return;
      std::vector<Site> Sends;
      for (const Site &Each : P.on(S))
        if (Each.What->is(Role::Send) && Each.What->Immediate)
          Sends.push_back(Each);
      Debt D = Debt::of(S);
      for (const Task &T : P.tasks()) {
        if (Sends.empty() || !T.Body || !onlyWithin(P, *T.Body, Sends) ||
            P.reachableFrom(*T.Body).contains(W.get()))
          continue;
        auto M = missedByTask(P, *T.Started.What, D);
        if (!M)
          continue;
        Owed O{M->Where,
               Object(S),
               "is not satisfied on this path: whoever waits for it waits for ever",
               {{T.Started.What->At, "the task that has to satisfy it starts here"}}};
        O.Steps.insert(O.Steps.end(), M->Steps.begin(), M->Steps.end());
        O.Steps.push_back({Wait.At, "here it is waited for"});
        O.Is = Owed::Missed;
        O.Path = *M;
        O.Wait = &Wait;
        Found.push_back(std::move(O));
      }
    });
  return Found;
}

std::vector<Owed> notGivenBack(const Program &P) {
  std::vector<Owed> Found;
  for (const Symbol *S : P.symbols()) {
    if (S->Kind != TypeKind::Channel || S->Container || S->NeedsSeveral || S->Capacity ||
        P.escapes(S) || P.anyOn(S, Role::GetFuture))
      continue;
    std::vector<Site> Takes, Gives;
    for (const Site &Each : P.on(S))
      if (Each.What->Immediate && Each.What->is(Role::Receive | Role::Send))
        (Each.What->is(Role::Receive) ? Takes : Gives).push_back(Each);
    // What one function takes, another one may give back.
    bool Paired = !Gives.empty() && llvm::all_of(Gives, [&](const Site &G) {
      return llvm::any_of(Takes, [&](const Site &T) { return T.In == G.In; });
    });
    Debt D = Debt::of(S);
    for (const Site &T : Takes) {
      if (!Paired || !T.What->blocks())
        continue;
      bool Given = T.In->findPath({.From = T.At,
                                   .Avoiding = [](const Event &) { return false; },
                                   .Until =
                                       [&](const Event &E) {
                                         return E.is(Role::Send) && E.On && E.On.leaf() == S;
                                       },
                                   .Exits = false})
                       .has_value();
      if (auto M = Given ? findMiss(P, *T.In, D, {.From = T.At}) : std::nullopt) {
        Owed O{M->Where,
               T.What->On,
               "is not given back on this path: whoever waits for it waits for ever",
               {{T.What->At, "it is taken here"}}};
        O.Steps.insert(O.Steps.end(), M->Steps.begin(), M->Steps.end());
        O.Is = Owed::Missed;
        O.Path = *M;
        O.Wait = T.What;
        Found.push_back(std::move(O));
      }
    }
  }
  return Found;
}

// ---- twice -------------------------------------------------------------------------------------

std::vector<Owed> settledTwice(const Program &P, const Function &F) {
  std::vector<Owed> Found;
  F.forEach([&](const Event &First, Position At) {
    if (!First.is(Role::Send) || !First.Immediate || !First.On || First.On.leaf()->Container ||
        !isOneShot(P, First.On))
      return;
    const Object &O = First.On;
    auto Again = [&](const Event &E) {
      return E.is(Role::Send, O) && E.Immediate && E.At != First.At;
    };
    auto Renewed = [&](const Event &E) {
      return (E.is(Role::Overwrite | Role::Store | Role::Destroy) && E.On && O.isWithin(E.On)) ||
             E.transfers(O);
    };
    auto Way = F.findPath({.From = At, .Avoiding = Renewed, .Until = Again, .Exits = false});
    if (!Way)
      return;
    Owed Twice{Way->Last->At, O, "is fulfilled a second time, which throws", {}};
    Twice.Steps.push_back({First.At, "it is fulfilled here first"});
    Twice.Steps.insert(Twice.Steps.end(), Way->Steps.begin(), Way->Steps.end());
    Found.push_back(std::move(Twice));
  });
  return Found;
}

// ---- counts ------------------------------------------------------------------------------------

std::vector<Owed> countsShort(const Program &P, const Function &F) {
  std::vector<Owed> Found;
  F.forEach([&](const Event &Wait, Position At) {
    const Object &O = Wait.On;
    if (!Wait.is(Role::Receive) || !waits(Wait) || !O.isLocal() || !madeIn(F, O) ||
        !O.leaf()->NeedsSeveral || O.leaf()->Container)
      return;
    // Who counts, as far as all of it can be seen.
    bool Here = false, Unknown = false, Repeats = false;
    int64_t Comes = 0;
    auto counts = [&](const Event &E, bool InLoop) {
      ++Comes;
      Repeats |= InLoop || E.InLoop;
    };
    F.forEach([&](const Event &E, Position) {
      if (E.is(Role::Send, O)) {
        counts(E, false);
        Here = true;
      } else if (E.is(Role::Spawn)) {
        bool Any = false;
        for (const Event &I : E.Inner)
          if (I.is(Role::Send, O)) {
            counts(I, E.InLoop);
            Any = true;
          }
        Unknown |= !Any && E.transfers(O);
        Repeats |= Any && E.InLoop;
      } else {
        Unknown |= E.transfers(O) || (E.is(Role::Overwrite) && E.On == O);
      }
    });
    if (Unknown || !Comes)
      return;
    if (!Repeats && O.leaf()->Needs && Comes < *O.leaf()->Needs) {
      Found.push_back({Wait.At,
                       O,
                       "waits for " + std::to_string(*O.leaf()->Needs) + ", and only " +
                           std::to_string(Comes) + (Comes == 1 ? " comes" : " come"),
                       {{O.root()->At, "it is made here"}}});
      return;
    }
    // The wait is in the loop that starts those who count: the first turn waits for all of them.
    auto Gone = [&](const Event &E) {
      return E.is(Role::Destroy | Role::Store) && E.On == O; // made anew in each turn
    };
    auto Starts = [&](const Event &E) {
      return E.is(Role::Spawn) &&
             llvm::any_of(E.Inner, [&](const Event &I) { return I.is(Role::Send, O); });
    };
    auto Round = Here ? std::nullopt
                      : F.findPath({.From = At, .Avoiding = Gone, .Until = Starts, .Exits = false});
    if (!Round || O.leaf()->Needs == 1)
      return;
    Owed Early{Wait.At,
               O,
               "is waited for before all tasks that have to come are started",
               {{O.root()->At, "it is made here"},
                {Round->Last->At, "the next turn starts one more of them"}}};
    Early.Is = Owed::Early;
    Early.Wait = &Wait;
    Early.In = &F;
    Found.push_back(std::move(Early));
  });
  return Found;
}

// ---- forgotten ---------------------------------------------------------------------------------

static const Event *lastOn(const Function &F, const Symbol *S) {
  const Event *Last = nullptr;
  F.forEach([&](const Event &E, Position) {
    if (E.On && E.On.leaf() == S && (!Last || Last->At < E.At))
      Last = &E;
  });
  return Last;
}

static bool keepsSomethingIn(const Function &F, const Symbol *S) {
  bool Keeps = false;
  F.forEach([&](const Event &E, Position) {
    Keeps |= E.is(Role::Store) && E.On && E.On.leaf() == S && !E.Args.empty();
  });
  return Keeps;
}

/// Nothing more is put into \p S once \p Closed is set.
static bool refusedBy(const Program &P, const Symbol *Closed, const Symbol *S) {
  for (const auto &F : P.functions())
    if (keepsSomethingIn(*F, S))
      for (const Function *Callee : P.reachableFrom(*F))
        for (const Block &B : Callee->Blocks)
          if (llvm::any_of(B.Next,
                           [&](const Edge &E) { return E.Flag && E.Flag.leaf() == Closed; }))
            return true;
  return false;
}

std::vector<Owed> forgottenOnes(const Program &P) {
  std::vector<Owed> Found;
  auto holdsPromises = [](const Symbol *S) {
    return S->Where == Symbol::Field && (S->Kind == TypeKind::Channel || S->Callable) &&
           S->Container && S->Private && S->ClassKnown;
  };
  for (const auto &Close : P.functions()) {
    const Symbol *Closed = nullptr;
    Close->forEach([&](const Event &E, Position) {
      if (E.is(Role::Write) && E.Immediate && E.Way == Change::Up && E.On && E.On.isField() &&
          E.On.leaf()->Flag)
        Closed = E.On.leaf();
    });
    if (!Closed || Close->IsConstructor || !P.callers(*Close).empty())
      continue; // who calls it may do the rest
    const Symbol *Settled = nullptr;
    std::vector<const Symbol *> Forgotten;
    for (const Symbol *S : P.allSymbols()) {
      if (!holdsPromises(S) || S->Class != Closed->Class)
        continue;
      if (lastOn(*Close, S))
        Settled = S;
      else if (refusedBy(P, Closed, S))
        Forgotten.push_back(S);
    }
    // Code that sees to the one and not to the other, and does not put anything there, may be what
    // settles it.
    llvm::erase_if(Forgotten, [&](const Symbol *S) {
      return !Settled || S->Kind != Settled->Kind || S->Type != Settled->Type ||
             llvm::any_of(P.functions(), [&](const auto &F) {
               return lastOn(*F, S) && !lastOn(*F, Settled) && !keepsSomethingIn(*F, S);
             });
    });
    if (Forgotten.empty())
      continue;
    const Symbol *First = Forgotten.front();
    Owed O{lastOn(*Close, Settled)->At,
           Object(First),
           "is left as it is by '" + Close->Name + "', which settles '" + Settled->Name +
               "': whoever waits for what is in it waits for ever",
           {}};
    for (const Symbol *S : Forgotten)
      O.Steps.push_back({S->At, "'" + S->Name + "' is forgotten"});
    O.Is = Owed::Forgotten;
    O.In = Close.get();
    O.InPlaceOf = Settled;
    Found.push_back(std::move(O));
  }
  return Found;
}

} // namespace tether
