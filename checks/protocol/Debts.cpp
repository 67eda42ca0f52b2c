#include "protocol/Debts.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// Calls and tasks deeper than this are taken to settle what they name.
constexpr unsigned MaxDepth = 4;

bool isOwedWait(const Event &E) {
  return E.is(Role::Wait | Role::Receive) && E.On && E.blocks() && E.On.kind() != TypeKind::Future;
}

bool isOneShot(const Program &P, const Object &O) {
  return O && O.kind() == TypeKind::Channel && P.anyOn(P.canonical(O), Role::GetFuture);
}

bool madeIn(const Function &F, const Object &O) {
  return O && O.root()->Where == Symbol::Local && O.root()->Owner == F.Id && !O.root()->Indirect;
}

bool isKnownState(const Program &P, const Object &O) {
  const Symbol *S = P.canonical(O);
  return (S->Where == Symbol::Field || S->Where == Symbol::Global) && O.kind() == TypeKind::None &&
         !P.escapes(S);
}

bool changesState(const Event &E) {
  return E.Immediate && E.is(Role::Write | Role::Overwrite | Role::Remove);
}

bool onlyWithin(const Program &P, const Function &Root, llvm::ArrayRef<Site> Sites) {
  auto Reach = P.reachableFrom(Root);
  return llvm::all_of(Sites, [&](const Site &S) {
    if (S.In == &Root)
      return true;
    return Reach.contains(S.In) && S.In->Internal &&
           llvm::all_of(P.callers(*S.In), [&](const Site &C) { return Reach.contains(C.In); });
  });
}

bool Debt::foundSettled(const Edge &E) const {
  return llvm::any_of(E.Says, [&](const StateChange &Says) {
    auto Known = Owed.find(Says.What.leaf());
    return Known != Owed.end() && Known->second.Way != Change::Unknown &&
           Known->second.Way == Says.Way && Known->second.Value == Says.Value;
  });
}

bool Debt::isPartOf(const Object &Of, llvm::StringRef Class) const {
  return (Of.path().empty() && Roots.count(Of.root())) || Classes.count(Class.str()) ||
         llvm::any_of(Owed, [&](const auto &Each) {
           return !Class.empty() &&
                  (Each.first->Holds == Class ||
                   (Each.first->Where == Symbol::Field && Each.first->Class == Class));
         });
}

Debt Debt::of(const Event &Wait) {
  Debt D;
  auto holds = [&](const Object &O) {
    for (Object Whole = O; Whole.isField(); Whole = Whole.whole()) {
      D.Classes.insert(Whole.leaf()->Class);
      D.Classes.insert(Whole.whole().leaf()->Holds);
    }
    D.Classes.erase("");
  };
  auto add = [&](const Object &O) {
    D.Owed.try_emplace(O.leaf());
    if (O.root()->Where == Symbol::Local)
      D.Roots[O.root()] = true;
    holds(O);
  };
  add(Wait.On);
  if (!Wait.is(Role::Wait))
    return D; // what a loop around it looks at is not what ends it
  for (const Object &O : Wait.Reads)
    add(O);
  for (const StateChange &C : Wait.EndedBy) {
    D.Owed[C.What.leaf()] = C;
    holds(C.What);
  }
  return D;
}

Debt Debt::of(const Symbol *S, const StateChange &Needed) {
  Debt D;
  D.Owed[S] = Needed;
  return D;
}

Debt Debt::of(const Object &Part, const StateChange &Needed) {
  Debt D;
  D.Owed[Part.leaf()] = Needed;
  if (Part.root()->Where == Symbol::Local || Part.root()->Where == Symbol::Param)
    D.Roots[Part.root()] = true;
  return D;
}

bool Debt::settledBy(const Event &E) const {
  auto takes = [&](const Value &V) {
    return (owes(V.What) && !V.IsToken && (V.ByReference || V.Moved || !V.What.leaf()->Scalar)) ||
           llvm::any_of(V.Captures, [&](const Capture &C) { return owes(C.What); });
  };
  if (E.is(Role::Send | Role::Notify | Role::Close | Role::Invoke))
    return E.On && owes(E.On.leaf());
  if (E.is(Role::Write | Role::Remove | Role::Overwrite)) {
    auto It = E.On ? Owed.find(E.On.leaf()) : Owed.end();
    return It != Owed.end() && (E.is(Role::Remove) || It->second.doneBy(E) != Change::Down);
  }
  if (E.is(Role::Transfer))
    return owes(E.On) || llvm::any_of(E.Args, takes);
  if (E.is(Role::OnStop) || (E.is(Role::Spawn) && E.Inner.empty()))
    return takes(E.This) || llvm::any_of(E.Args, takes);
  if (E.is(Role::Store | Role::Bind)) // whoever keeps it may settle it
    return !owes(E.On) && E.On.kind() != TypeKind::Future && llvm::any_of(E.Args, takes);
  return false;
}

bool Debt::diesWith(const Event &Spawn) const {
  // A copy of a counted pointer leaves it alive with whoever has the other one.
  return llvm::any_of(Spawn.This.Captures,
                      [&](const Capture &C) {
                        return owes(C.What) && !C.ByReference &&
                               (C.Moved || !C.What.leaf()->Counted);
                      }) ||
         llvm::any_of(Spawn.Args, [&](const Value &V) { return owes(V.What) && V.Moved; });
}

Debt Debt::within(const Program &P, const Event &Call, const Function &Callee) const {
  Debt D = *this;
  for (unsigned I = 0; I < Callee.Params.size() && I < Call.Args.size(); ++I) {
    // A callable that settles: to call it is to settle.
    const Function *Body = Call.Args[I].Body ? P.function(Call.Args[I].Body) : nullptr;
    if (Body && settlesSomewhere(*Body, *this))
      D.Owed.try_emplace(Callee.Params[I]);
    if (const Object &Given = Call.Args[I].What) {
      if (auto It = Owed.find(Given.leaf()); It != Owed.end())
        D.Owed[Callee.Params[I]] = It->second;
      if (Given.path().empty() && Roots.count(Given.root()))
        D.Roots[Callee.Params[I]] = true;
    }
  }
  return D;
}

bool settlesSomewhere(const Function &F, const Debt &D) {
  bool Found = false;
  F.forEach([&](const Event &E, Position) {
    Found |= D.settledBy(E) || (E.is(Role::Spawn) && llvm::any_of(E.Inner, [&](const Event &I) {
                                  return D.settledBy(I);
                                }));
  });
  return Found;
}

/// Of what \p Call does in \p F, something settles the very thing that is owed.
static bool settlesBy(const Function &F, const Event &Call, const Debt &D) {
  bool Found = false;
  F.forEach([&](const Event &E, Position) {
    Found |= !E.Via.empty() && E.where() == Call.At && D.settledBy(E) && !D.isNotOf(E.On);
  });
  return Found;
}

namespace {
/// A call or spawn in a function that settles the debt on some of its paths only.
struct Leak {
  std::vector<clang::SourceLocation> At; ///< a callback may be handed on at several
  const Function *Callee;
  enum { Called, Started, Handed } How = Called;
  Miss Inside;
  Object Result; ///< Called: what its result becomes
  /// What it returns on the way on which it does not settle the debt is something else.
  bool contradicts(const Edge &E) const {
    if (How != Called || !Result || !Inside.Gives)
      return false;
    return (E.Answer == Result && E.Yes != (*Inside.Gives != 0)) ||
           (E.Flag == Result && E.Value != (*Inside.Gives != 0));
  }
};
} // namespace

/// An exception that leaves a task ends the program; one that leaves a call leaves the caller too.
static std::optional<Miss> missedByCallee(const Program &P, const Event &Call, const Debt &D,
                                          unsigned Depth, bool Failing = false) {
  const Function *Callee = Call.Callee ? P.function(Call.Callee) : nullptr;
  if (!Callee || Depth > MaxDepth)
    return std::nullopt;
  // A method of the object that somebody waits for knows whether there is anything to tell.
  if (const Object &Of = Call.This.What;
      Call.is(Role::Call) && Of && Of != P.thisObject() && D.isPartOf(Of, Callee->Class))
    return std::nullopt;
  Debt Inner = D.within(P, Call, *Callee);
  if (!settlesSomewhere(*Callee, Inner))
    return std::nullopt; // what it settles came in by a name that is not followed
  return findMiss(P, *Callee, Inner, {.From = Callee->entry(), .Throws = false, .Failing = Failing},
                  Depth + 1);
}

std::optional<Miss> missedByTask(const Program &P, const Event &Spawn, const Debt &D,
                                 unsigned Depth) {
  return missedByCallee(P, Spawn, D, Depth);
}

/// The same for a callback that \p E hands to somebody, who runs it once: one that settles the debt
/// on other ways only is taken to look for what it waits for, unless it ends so for a failure.
static std::optional<Leak> missedByCallback(const Program &P, const Event &E, const Debt &D,
                                            unsigned Depth) {
  if (!E.is(Role::Transfer | Role::Store | Role::Send) || Depth > MaxDepth)
    return std::nullopt;
  for (const Value &V : E.Args) {
    const Function *Body = V.Body ? P.function(V.Body) : nullptr;
    if (!Body || !settlesSomewhere(*Body, D))
      continue;
    if (auto Inside = findMiss(
            P, *Body, D, {.From = Body->entry(), .Throws = false, .Failing = true}, Depth + 1))
      return Leak{{E.At}, Body, Leak::Handed, std::move(*Inside), {}};
  }
  return std::nullopt;
}

std::optional<Miss> findMiss(const Program &P, const Function &F, const Debt &D, const MissQuery &Q,
                             unsigned Depth) {
  std::vector<Leak> Leaks;
  auto leakAt = [&](clang::SourceLocation At) -> const Leak * {
    auto It = llvm::find_if(Leaks, [&](const Leak &L) { return llvm::is_contained(L.At, At); });
    return It == Leaks.end() ? nullptr : &*It;
  };
  auto add = [&](Leak New) {
    for (Leak &L : Leaks)
      if (L.Callee == New.Callee && L.How == Leak::Handed && New.How == Leak::Handed) {
        L.At.push_back(New.At.front());
        return;
      }
    Leaks.push_back(std::move(New));
  };
  // Which of the calls here settle the debt on some of their paths only.
  F.forEach([&](const Event &E, Position) {
    bool Runs = E.is(Role::Call | Role::Invoke) || (E.is(Role::Spawn) && !E.Inner.empty());
    // A destructor settles what it is there to settle; that of a guard which was dismissed is
    // right.
    if (!E.Immediate || E.AtScopeEnd || leakAt(E.At) || (E.is(Role::Spawn) && D.diesWith(E)))
      return;
    // A method of something else, which has members of the same names, owes nothing here; unless it
    // was given what is owed.
    if (E.is(Role::Call) && E.This.What && D.isNotOf(E.This.What) && !settlesBy(F, E, D))
      return;
    if (auto Handed = missedByCallback(P, E, D, Depth))
      add(std::move(*Handed));
    else if (auto Inside = Runs ? missedByCallee(P, E, D, Depth, Q.Failing) : std::nullopt)
      add({{E.At},
           P.function(E.Callee),
           E.is(Role::Spawn) ? Leak::Started : Leak::Called,
           std::move(*Inside),
           E.Result});
  });

  auto settles = [&](const Event &E) {
    return D.settledBy(E) || (E.is(Role::Spawn) && llvm::any_of(E.Inner, [&](const Event &I) {
                                return D.settledBy(I);
                              }));
  };
  // What destructors do while an exception passes is not on the path.
  bool AtScopeEnd = false;
  F.forEach([&](const Event &E, Position) { AtScopeEnd |= E.AtScopeEnd && settles(E); });
  // Ways on which the debt is left, by block.
  std::map<unsigned, bool> Loses;
  std::vector<clang::SourceLocation> Odd;
  auto find = [&](const Leak *Allowed) {
    Loses.clear();
    auto stops = [&](const Event &E) {
      if ((!Q.Throws || AtScopeEnd) && E.is(Role::Throw) && E.Immediate)
        return true;
      bool IsAllowed = Allowed && llvm::is_contained(Allowed->At, E.where()) &&
                       (!E.Immediate || Allowed->How != Leak::Called);
      return settles(E) && !IsAllowed;
    };
    auto loses = [&](unsigned Block) {
      auto [It, New] = Loses.try_emplace(Block, false);
      if (New)
        It->second =
            F.findPath(
                 {.From = {Block, ~0u}, .Avoiding = stops, .Until = Q.Until, .Exits = Q.Exits})
                .has_value();
      return It->second;
    };
    // The one case of a switch that settles nothing, where each other one does.
    auto isOddCase = [&](const Block &B, const Edge &E) {
      constexpr unsigned Enough = 3; // cases; of two, either may be the odd one
      return E.OfSwitch && B.Next.size() >= Enough &&
             llvm::all_of(B.Next, [&](const Edge &O) { return O.To == E.To || !loses(O.To); });
    };
    // Another decision than one for a failure makes the difference.
    auto decides = [&](const Block &B, const Edge &E) {
      if (!Q.Failing || E.OnFailure ||
          llvm::all_of(B.Next, [&](const Edge &O) { return O.To == E.To || loses(O.To); }))
        return false;
      if (!isOddCase(B, E))
        return true;
      Odd.push_back(E.Decision.Where);
      return false;
    };
    return F.findPath({.From = Q.From,
                       .Avoiding = stops,
                       .Until = Q.Until,
                       .Exits = Q.Exits,
                       .AvoidingEdge =
                           [&](const Block &B, const Edge &E) {
                             return F.loopDoes(B, E, stops) || D.foundSettled(E) ||
                                    (Allowed && Allowed->contradicts(E)) ||
                                    (Q.AvoidingEdge && Q.AvoidingEdge(B, E)) || decides(B, E);
                           },
                       .MayThrow = true});
  };
  auto Way = find(nullptr);
  const bool Failing =
      Way &&
      (Way->Throws || Way->Caught || Way->OnFailure ||
       llvm::any_of(Way->Steps, [&](const Step &S) { return llvm::is_contained(Odd, S.Where); }));
  if (Way && Q.Failing && !Failing)
    return std::nullopt;
  if (Way) {
    Miss M;
    M.Where = Way->End;
    M.Steps = std::move(Way->Steps);
    M.Throws = Way->Throws;
    M.Failing = Failing;
    M.Gives = Way->Gives;
    M.In = &F;
    M.End = Way->End;
    F.forEach([&](const Event &E, Position) {
      if (E.Immediate && E.is(Role::Send | Role::Write | Role::Close) && settles(E) &&
          (!M.Settler || M.Settler->At < E.At))
        M.Settler = &E;
    });
    F.forEach([&](const Event &Call, Position) {
      if (M.Settler || !Call.Immediate || !Call.is(Role::Call) || Call.AtScopeEnd)
        return;
      F.forEach([&](const Event &E, Position) {
        if (!E.Immediate && E.where() == Call.At && settles(E))
          M.Settler = &Call;
      });
    });
    // Where the end of the body is reached, the decision that led there tells more.
    if (M.Where == F.End && M.Steps.size() > 1)
      M.Where = M.Steps[M.Steps.size() - 2].Where;
    return M;
  }
  for (const Leak &L : Leaks)
    if (find(&L)) {
      Miss M = L.Inside;
      M.Steps.insert(M.Steps.begin(),
                     {L.At.front(), L.How == Leak::Started  ? "the task starts here"
                                    : L.How == Leak::Handed ? "the callback is handed on here"
                                    : L.Callee->IsLambda
                                        ? "the lambda is called here"
                                        : "'" + L.Callee->Name + "' is called here"});
      M.Nested = true;
      return M;
    }
  return std::nullopt;
}

} // namespace tether
