#include "protocol/WorkState.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {

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
    F->forEach(Role::Wait, [&](const Event &Wait, Position At) {
      if (!Wait.Immediate || !isOwedWait(Wait) || P.escapes(P.canonical(Wait.On)))
        return;
      for (const StateChange &C : Wait.EndedBy) {
        if (!isKnownState(P, C.What))
          continue;
        Toggle T{{F.get(), &Wait, At}, C, {}, {}};
        for (const Site &S : P.on(C.What))
          if (changesState(*S.What) && !S.In->IsConstructor)
            (C.doneBy(*S.What) == Change::Down ? T.Away : T.Back).push_back(S);
        if (!T.Away.empty() && !T.Back.empty())
          Found.push_back(std::move(T));
      }
    });
  return Found;
}

static Owed leftSo(const Toggle &T, clang::SourceLocation Away, const Miss &M,
                   std::vector<Step> Between) {
  Owed O{M.Where,
         T.Needed.What,
         "is not changed back on this path: whoever waits for it waits for ever",
         {}};
  O.Steps.push_back({Away, quoted(T.Needed.What) + " is changed here"});
  llvm::append_range(O.Steps, Between);
  llvm::append_range(O.Steps, M.Steps);
  O.Steps.push_back({T.Wait.What->At, "here somebody waits until it is changed back"});
  O.missedOn(M, T.Wait.What);
  return O;
}

template <typename Predicate>
static bool reaches(const Function &F, Position From, Predicate Wanted) {
  return F
      .findPath({.From = From,
                 .Avoiding = [](const Event &) { return false; },
                 .Until = Wanted,
                 .Exits = false})
      .has_value();
}

/// \p E starts, keeps or hands on the callable \p Body.
static bool hands(const Event &E, const Function &Body) {
  return !E.is(Role::Call | Role::Invoke) &&
         (E.Callee == Body.Id ||
          llvm::any_of(E.Args, [&](const Value &V) { return V.Body == Body.Id; }));
}

/// What \p Body has to change back stays as it is where \p F never hands it to anybody.
static std::optional<Miss> neverHanded(const Program &P, const Function &F, Position Away,
                                       const Debt &D, const Function &Body) {
  auto Hands = [&](const Event &E) { return hands(E, Body) || D.settledBy(E); };
  auto isAway = [&](const Event &E) { return &E == &F.Blocks[Away.Block].Events[Away.Index]; };
  auto isHanding = [&](const Event &E) { return hands(E, Body); };
  if (!reaches(F, Away, isHanding) ||
      F.findPath({.From = F.entry(), .Avoiding = isAway, .Until = isHanding, .Exits = false}))
    return std::nullopt;
  auto Way = F.findPath(
      {.From = Away, .Avoiding = Hands, .AvoidingEdge = [&](const Block &B, const Edge &E) {
         return F.loopDoes(B, E, Hands);
       }});
  if (!Way)
    return std::nullopt;
  Miss M;
  M.Where = Way->End;
  M.Steps = std::move(Way->Steps);
  M.Throws = Way->Throws;
  return M;
}

/// The function changes it itself, and it, its task or its callback changes it back.
static void leftByFunction(const Program &P, const Toggle &T, const Debt &D, const Site &Away,
                           std::vector<Owed> &Found) {
  const Function &F = *Away.In;
  if (onlyWithin(P, F, T.Back)) {
    auto settles = [&](const Event &E) { return D.settledBy(E); };
    auto M = reaches(F, Away.At, settles) ? findMiss(P, F, D, {.From = Away.At}) : std::nullopt;
    if (M)
      Found.push_back(leftSo(T, Away.What->At, *M, {}));
    return;
  }
  F.forEach([&](const Event &Spawn, Position) {
    const Function *Body =
        Spawn.is(Role::Spawn) && Spawn.Callee ? P.function(Spawn.Callee) : nullptr;
    if (!Body || !onlyWithin(P, *Body, T.Back) || P.reachableFrom(*Body).contains(T.Wait.In))
      return;
    if (auto M = missedByTask(P, Spawn, D))
      Found.push_back(leftSo(T, Away.What->At, *M,
                             {{Spawn.At, "the task that has to change it back starts here"}}));
    else if (auto M = neverHanded(P, F, Away.At, D, *Body))
      Found.push_back(
          leftSo(T, Away.What->At, *M, {{Spawn.At, "the task that changes it back starts here"}}));
  });
  for (const auto &Callback : P.functions()) {
    if (!Callback->IsLambda || Callback->Parent != F.Id || !onlyWithin(P, *Callback, T.Back))
      continue;
    if (auto M = findMiss(P, *Callback, D, {.From = Callback->entry(), .Throws = false}))
      Found.push_back(
          leftSo(T, Away.What->At, *M,
                 {{Callback->At, "the callback that has to change it back is made here"}}));
    else if (auto M = neverHanded(P, F, Away.At, D, *Callback))
      Found.push_back(leftSo(T, Away.What->At, *M,
                             {{Callback->At, "the callback that changes it back is made here"}}));
  }
}

// ---- begun and ended by two calls --------------------------------------------------------------

namespace {
/// The functions that call one method to begin some work and another one to end it.
struct Calls {
  const Program &P;
  const Toggle &T;
  const Debt &D;

  bool begins(const Event &E) const {
    return E.is(Role::Write | Role::Overwrite | Role::Remove) && E.On &&
           P.canonical(E.On) == P.canonical(T.Needed.What) && T.Needed.doneBy(E) == Change::Down;
  }
  bool ends(const Event &E) const {
    return E.is(Role::Write | Role::Overwrite | Role::Remove) && E.On && D.settledBy(E);
  }
  bool beginsIn(const Function &F) const {
    bool Begins = false;
    F.forEach([&](const Event &E, Position) { Begins |= begins(E); });
    return Begins;
  }
  /// Whoever gets to \p F, which ends the work, has begun it, as far as can be seen.
  bool paired(const Function &F, unsigned Depth = 0) const {
    constexpr unsigned MaxDepth = 4; // callers of callers: beyond that it is not known
    if (beginsIn(F))
      return true;
    llvm::ArrayRef<Site> Callers = P.callers(F);
    if (Callers.empty() || Depth == MaxDepth)
      return F.Public && !F.IsLambda &&
             llvm::any_of(T.Back, [&](const Site &S) { return S.In == &F; });
    return llvm::all_of(Callers, [&](const Site &C) { return paired(*C.In, Depth + 1); });
  }
  /// Nobody ends what another function has begun.
  bool allPaired() const {
    return llvm::all_of(T.Back, [&](const Site &S) { return paired(*S.In); });
  }
  /// The call in \p F that \p E comes from may have refused to begin: on that way there is nothing
  /// to end, and nobody does.
  bool refused(const Function &F, const Event &E, const Block &B, const Edge &Way) const {
    bool OfCall = false;
    F.forEach([&](const Event &Call, Position) {
      OfCall |= Call.is(Role::Call) && Call.At == E.where() && Call.Result && Way.Answer &&
                Call.Result == Way.Answer;
    });
    auto isEnd = [&](const Event &Other) { return ends(Other); };
    auto endsOn = [&](const Edge &On) { return reaches(F, {On.To, ~0u}, isEnd); };
    return OfCall && !endsOn(Way) && llvm::any_of(B.Next, endsOn);
  }
  /// The caller of \p F cannot see from the result that the work goes on.
  bool looksEnded(const Function &F, const Miss &M) const {
    if (F.Returns.empty())
      return true;
    bool Same = false;
    F.forEach([&](const Event &E, Position At) {
      if (!ends(E))
        return;
      std::vector<unsigned> Work{At.Block};
      std::set<unsigned> Seen{At.Block};
      while (!Work.empty()) {
        const Block &B = F.Blocks[Work.back()];
        Work.pop_back();
        Same |= M.Gives && B.Leaves && B.Gives == M.Gives;
        for (const Edge &Next : B.Next)
          if (Seen.insert(Next.To).second)
            Work.push_back(Next.To);
      }
    });
    return Same;
  }
};
} // namespace

static void leftByCaller(const Program &P, const Toggle &T, const Debt &D,
                         std::vector<Owed> &Found) {
  // What is taken from a container is not lent.
  const Symbol *S = P.canonical(T.Needed.What);
  const Calls C{P, T, D};
  if (!(S->Scalar || S->Flag) || !C.allPaired())
    return;
  for (const auto &F : P.functions()) {
    if (F->IsDestructor || F->IsConstructor)
      continue;
    F->forEach([&](const Event &E, Position At) {
      auto isEnd = [&](const Event &Other) { return C.ends(Other); };
      if (E.Immediate || !C.begins(E) || !reaches(*F, At, isEnd))
        return;
      // A function that does both is judged by itself.
      bool OfOneCall = false;
      F->forEach([&](const Event &Other, Position) {
        OfOneCall |= !Other.Immediate && C.ends(Other) && Other.where() == E.where();
      });
      if (OfOneCall)
        return;
      auto M =
          findMiss(P, *F, D, {.From = At, .AvoidingEdge = [&](const Block &B, const Edge &Way) {
                                return C.refused(*F, E, B, Way);
                              }});
      if (M && (M->Throws || C.looksEnded(*F, *M)))
        Found.push_back(leftSo(T, E.where(), *M, {}));
    });
  }
}

std::vector<Owed> leftUnfinished(const Program &P) {
  std::vector<Owed> Found;
  for (const Toggle &T : P.answer(findToggles)) {
    Debt D = Debt::of(P.canonical(T.Needed.What), T.Needed);
    for (const Site &Away : T.Away)
      if (!Away.In->IsDestructor)
        leftByFunction(P, T, D, Away, Found);
    leftByCaller(P, T, D, Found);
  }
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
        O.missedOn(*M, T.What);
        Found.push_back(std::move(O));
      }
    }
  }
  return Found;
}

} // namespace tether
