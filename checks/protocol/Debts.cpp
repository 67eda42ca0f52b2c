#include "protocol/Debts.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// Calls and tasks deeper than this are taken to settle what they name.
constexpr unsigned MaxDepth = 4;

Debt Debt::of(const Event &Wait) {
  Debt D;
  auto add = [&](const Object &O) {
    D.Owed.try_emplace(O.leaf());
    if (O.root()->Where == Symbol::Local)
      D.Roots[O.root()] = true;
  };
  add(Wait.On);
  if (!Wait.is(Role::Wait))
    return D; // what a loop around it looks at is not what ends it
  for (const Object &O : Wait.Reads)
    add(O);
  for (const StateChange &C : Wait.EndedBy)
    D.Owed[C.What.leaf()] = C;
  return D;
}

Debt Debt::of(const Symbol *S, const StateChange &Needed) {
  Debt D;
  D.Owed[S] = Needed;
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
  if (E.is(Role::Store)) // whoever keeps it may settle it
    return !owes(E.On) && E.On.kind() != TypeKind::Future && llvm::any_of(E.Args, takes);
  return false;
}

bool Debt::diesWith(const Event &Spawn) const {
  return llvm::any_of(Spawn.This.Captures,
                      [&](const Capture &C) { return owes(C.What) && !C.ByReference; }) ||
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

namespace {
/// A call or spawn in a function that settles the debt on some of its paths only.
struct Leak {
  clang::SourceLocation At;
  std::string Callee;
  bool IsTask = false;
  Miss Inside;
};
} // namespace

/// An exception that leaves a task ends the program; one that leaves a call leaves the caller too.
static std::optional<Miss> missedByCallee(const Program &P, const Event &Call, const Debt &D,
                                          unsigned Depth) {
  const Function *Callee = Call.Callee ? P.function(Call.Callee) : nullptr;
  if (!Callee || Depth > MaxDepth)
    return std::nullopt;
  Debt Inner = D.within(P, Call, *Callee);
  if (!settlesSomewhere(*Callee, Inner))
    return std::nullopt; // what it settles came in by a name that is not followed
  return findMiss(P, *Callee, Inner, {.From = Callee->entry(), .Throws = false}, Depth + 1);
}

std::optional<Miss> missedByTask(const Program &P, const Event &Spawn, const Debt &D,
                                 unsigned Depth) {
  return missedByCallee(P, Spawn, D, Depth);
}

std::optional<Miss> findMiss(const Program &P, const Function &F, const Debt &D, const MissQuery &Q,
                             unsigned Depth) {
  std::vector<Leak> Leaks;
  auto leakAt = [&](clang::SourceLocation At) -> const Leak * {
    auto It = llvm::find_if(Leaks, [&](const Leak &L) { return L.At == At; });
    return It == Leaks.end() ? nullptr : &*It;
  };
  // Which of the calls here settle the debt on some of their paths only.
  F.forEach([&](const Event &E, Position) {
    bool Runs = E.is(Role::Call | Role::Invoke) || (E.is(Role::Spawn) && !E.Inner.empty());
    // A destructor settles what it is there to settle; that of a guard which was dismissed is
    // right.
    if (!Runs || !E.Immediate || E.AtScopeEnd || leakAt(E.At) ||
        (E.is(Role::Spawn) && D.diesWith(E)))
      return;
    if (auto Inside = missedByCallee(P, E, D, Depth))
      Leaks.push_back({E.At, P.function(E.Callee)->Name, E.is(Role::Spawn), std::move(*Inside)});
  });

  auto settles = [&](const Event &E) {
    return D.settledBy(E) || (E.is(Role::Spawn) && llvm::any_of(E.Inner, [&](const Event &I) {
                                return D.settledBy(I);
                              }));
  };
  // What destructors do while an exception passes is not on the path.
  bool AtScopeEnd = false;
  F.forEach([&](const Event &E, Position) { AtScopeEnd |= E.AtScopeEnd && settles(E); });
  auto find = [&](const Leak *Allowed) {
    auto stops = [&](const Event &E) {
      if ((!Q.Throws || AtScopeEnd) && E.is(Role::Throw) && E.Immediate)
        return true;
      bool IsAllowed = Allowed && E.where() == Allowed->At && (!E.Immediate || E.is(Role::Spawn));
      return settles(E) && !IsAllowed;
    };
    return F.findPath(
        {.From = Q.From,
         .Avoiding = stops,
         .Until = Q.Until,
         .Exits = Q.Exits,
         .AvoidingEdge = [&](const Block &B, const Edge &E) { return F.loopDoes(B, E, stops); }});
  };
  if (auto Way = find(nullptr)) {
    Miss M{Way->End, std::move(Way->Steps)};
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
                     {L.At, L.IsTask               ? "the task starts here"
                            : L.Callee == "lambda" ? "the lambda is called here"
                                                   : "'" + L.Callee + "' is called here"});
      M.Nested = true;
      return M;
    }
  return std::nullopt;
}

} // namespace tether
