#include "protocol/Waiters.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

bool ends(const Program &P, const Event &Write, const Event &Wait) {
  return llvm::any_of(Wait.EndedBy, [&](const StateChange &C) {
    return P.canonical(C.What) == P.canonical(Write.On) && C.doneBy(Write) == Change::Up;
  });
}

const Site *Waiters::waitingFor(const Program &P, const Event &Write) const {
  auto It = llvm::find_if(Waits, [&](const Site &W) { return ends(P, Write, *W.What); });
  return It == Waits.end() ? nullptr : &*It;
}

bool Waiters::isGoal(const Program &P, const Object &O) const {
  return llvm::any_of(Waits, [&](const Site &W) {
    return llvm::any_of(W.What->Reads,
                        [&](const Object &R) { return P.canonical(R) == P.canonical(O); });
  });
}

bool Waiters::toldBy(const Program &P, const Event &E) const {
  return E.is(Role::Notify | Role::Close | (Remembers ? Role::Send : Role::Notify)) && E.On &&
         P.maybeSame(E.On, On);
}

/// A wait on something that a loop comes back to until some state is right.
static bool isLoopWait(const Event &E) {
  return E.is(Role::Receive) && E.On && E.blocks() && E.InLoop && !E.EndedBy.empty() &&
         E.On.kind() == TypeKind::Channel;
}

std::vector<Waiters> allWaiters(const Program &P) {
  // A wait says most where it is seen from furthest out: its loop may be in a caller.
  std::map<const Symbol *, Waiters> All;
  std::set<std::pair<unsigned, std::vector<const Symbol *>>> Seen;
  for (bool Immediate : {true, false})
    for (const auto &F : P.functions())
      F->forEach(Role::Wait | Role::Receive, [&](const Event &E, Position At) {
        const bool Waits =
            E.On && (E.On.kind() == TypeKind::Condition ? E.is(Role::Wait) : isLoopWait(E));
        if (E.Immediate != Immediate || !Waits)
          return;
        Waiters &W = All[P.canonical(E.On)];
        W.Bounded |= !isOpenWait(E) && !isLoopWait(E);
        std::vector<const Symbol *> Goals;
        for (const StateChange &C : E.EndedBy)
          Goals.push_back(P.canonical(C.What));
        if ((isOpenWait(E) || isLoopWait(E)) &&
            Seen.insert({E.At.getRawEncoding(), std::move(Goals)}).second)
          W.Waits.push_back({F.get(), &E, At});
      });
  std::vector<Waiters> Found;
  for (const Symbol *C : P.symbols()) { // in order of appearance
    auto It = All.find(C);
    if (It == All.end() || It->second.Waits.empty())
      continue;
    Waiters &W = It->second;
    W.On = W.Waits.front().What->On;
    W.Known = !P.escapes(C);
    W.Remembers = C->Kind != TypeKind::Condition;
    for (const Site &S : P.on(C))
      if (W.toldBy(P, *S.What))
        W.Notifies.push_back(S);
    if (W.Notifies.empty())
      continue;
    for (const Site &S : W.Waits)
      S.In->forEach([&](const Event &E, Position) {
        if (E.is(Role::Write) && E.On && !W.isGoal(P, E.On))
          W.Bookkeeping.insert(P.canonical(E.On));
      });
    Found.push_back(std::move(W));
  }
  return Found;
}

/// Where \p O is declared says which mutex it is.
static bool isKnown(const Object &O) {
  return O && O.kind() == TypeKind::Mutex && !O.leaf()->Indirect &&
         (O.leaf()->Where == Symbol::Field || O.leaf()->Where == Symbol::Global ||
          O.leaf()->Where == Symbol::Local);
}

/// \p Part may be \p Whole, or what that wraps.
static bool isPartOf(const Program &P, Object Part, const Object &Whole) {
  for (;; Part = Part.whole())
    if (P.maybeSame(Part, Whole) || !Part.isField())
      return P.maybeSame(Part, Whole);
}

bool NotHeld::at(const Function &F, Position At, const Object &Mutex, unsigned Depth) {
  constexpr unsigned MaxDepth = 4; // callers of callers: beyond that it is not known
  if (Depth == MaxDepth)
    return false;
  // A member that points to a mutex stands for one that others hold by its own name.
  if (Mutex && llvm::any_of(Mutex.path(), [](const Symbol *Member) { return Member->Indirect; }))
    return false;
  LockSet S = Locks.try_emplace(&F, F).first->second.at(At);
  auto isOther = [&](const Object &Held) {
    return isKnown(Mutex) && isKnown(Held) && !isPartOf(P, Held, Mutex) &&
           !isPartOf(P, Mutex, Held);
  };
  return !S.Unknown && llvm::all_of(S.Maybe, isOther) &&
         llvm::all_of(S.Held, [&](const HeldLock &L) { return isOther(L.Mutex); }) &&
         llvm::all_of(P.callers(F), [&](const Site &Call) {
           return Call.In == &F || at(*Call.In, Call.At, Mutex, Depth + 1);
         });
}

} // namespace tether
