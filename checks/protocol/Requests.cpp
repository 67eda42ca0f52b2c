#include "protocol/Requests.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {

// ---- a part of what is handed over -------------------------------------------------------------

namespace {
/// A wait for a part of a local object that others get, too.
struct Request {
  Site Wait;
  Object Part;
  StateChange Needed; ///< of plain state

  /// \p O is that part, in another function: of an object of the same class.
  bool isPart(const Program &P, const Object &O, const Function &In) const {
    if (!O || Part.isField())
      return O && O.isField() && O.leaf() == Part.leaf();
    if (O.isField()) // a pointer to it
      return O.leaf()->Indirect && P.maybeSame(O, Part);
    // A whole object is known by its class, or goes from method to method of one class.
    const Symbol *A = Part.root(), *B = O.root();
    return !O.isField() &&
           (A->Holds.empty() ? A->Counted && A->TypeId == B->TypeId && !Wait.In->Class.empty() &&
                                   Wait.In->Class == In.Class
                             : A->Holds == B->Holds);
  }
};
} // namespace

/// The object stays alive in the function that waits, so that nobody hears when others drop it.
static bool staysHere(const Function &F, const Symbol *Root) {
  bool Moved = false;
  F.forEach([&](const Event &E, Position) {
    for (const Value &V : E.Args)
      Moved |= V.Moved && V.What && V.What.root() == Root && V.What.path().empty();
    for (const Capture &C : E.This.Captures)
      Moved |= C.Moved && C.What && C.What.root() == Root;
  });
  return !Moved;
}

static std::vector<Request> findRequests(const Program &P) {
  std::vector<Request> Found;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &Wait, Position At) {
      if (!Wait.Immediate || !isOwedWait(Wait) || Wait.Stoppable)
        return;
      auto add = [&](const Object &Part, const StateChange &Needed) {
        const Symbol *Root = Part.root();
        if (Root->Where == Symbol::Local && Root->Owner == F->Id && !Root->Container &&
            staysHere(*F, Root))
          Found.push_back({{F.get(), &Wait, At}, Part, Needed});
      };
      if (Wait.is(Role::Receive))
        add(Wait.On, {});
      else if (Wait.EndedBy.size() == 1) // of several, another one may come
        add(Wait.EndedBy.front().What, Wait.EndedBy.front());
    });
  return Found;
}

/// Where \p F has got what holds the part, and not made it: where something of that is first named.
static std::optional<Position> takenOver(const Function &F, const Object &Part) {
  const Object Holder = Part.isField() ? Part.whole() : Part;
  const Symbol *Root = Holder.root();
  if (Root->Where == Symbol::Param && Root->Owner == F.Id)
    return F.entry();
  const bool Own = Root->Where == Symbol::Local && Root->Owner == F.Id &&
                   (Root->Counted || (Part.isField() && Part.leaf()->Indirect));
  if (!Own && !Holder.leaf()->HoldsMany && !Holder.leaf()->Indirect)
    return std::nullopt;
  for (unsigned B = F.Blocks.size(); B-- > 0;) // in the order of the flow
    for (unsigned I = 0; I != F.Blocks[B].Events.size(); ++I) {
      const Event &E = F.Blocks[B].Events[I];
      if (E.On && E.On.isWithin(Holder) && (Own || E.On != Holder) && !E.is(Role::Destroy))
        return Position{B, I};
    }
  return std::nullopt;
}

std::vector<Owed> neverAnswered(const Program &P) {
  std::vector<Owed> Found;
  std::set<std::pair<const Function *, const Symbol *>> Seen;
  for (const Request &Q : findRequests(P))
    for (const auto &F : P.functions()) {
      if (F.get() == Q.Wait.In)
        continue;
      F->forEach(Role::Write | Role::Send | Role::Close, [&](const Event &Answer, Position) {
        const Symbol *Root = Answer.On ? Answer.On.root() : nullptr;
        const bool Answers = Q.Needed.What
                                 ? Answer.is(Role::Write) && Q.Needed.doneBy(Answer) == Change::Up
                                 : Answer.is(Role::Send | Role::Close);
        auto From = Answers && Q.isPart(P, Answer.On, *F) ? takenOver(*F, Answer.On) : std::nullopt;
        if (!From || !Seen.insert({F.get(), Root}).second)
          return;
        Debt D = Debt::of(Answer.On, Q.Needed);
        auto Ends = [&](const Event &E) { return E.is(Role::Destroy) && E.On == Object(Root); };
        auto M =
            findMiss(P, *F, D, {.From = *From, .Until = Ends, .Throws = false, .Failing = true});
        if (!M)
          return;
        // Where the way ends says less than what led there.
        const bool Leaves = M->Steps.empty() || M->Steps.back().Where == F->End;
        Owed O{Leaves ? M->Where : M->Steps.back().Where,
               Answer.On,
               "is not satisfied on this path: whoever waits for it waits for ever",
               {{Answer.At, "here it is satisfied when all goes well"}}};
        llvm::append_range(O.Steps, M->Steps);
        O.Steps.push_back({Q.Wait.What->At, "here it is waited for"});
        O.missedOn(*M, Q.Wait.What);
        Found.push_back(std::move(O));
      });
    }
  return Found;
}

// ---- state that only one brings ----------------------------------------------------------------

namespace {
/// What ends a wait, and who brings it.
struct Goals {
  Debt D;
  std::vector<Site> Brought;
  bool Repeated = false; ///< again and again
  bool Counts = false;   ///< each of several has to bring a part of it
};
} // namespace

/// Nothing if some of it cannot be seen.
static std::optional<Goals> goalsOf(const Program &P, const Event &Wait) {
  if (Wait.EndedBy.empty())
    return std::nullopt;
  const StateChange &First = Wait.EndedBy.front();
  Goals G{Debt::of(P.canonical(First.What), First), {}, false, First.Counts};
  for (const StateChange &C : Wait.EndedBy) {
    if (!isKnownState(P, C.What))
      return std::nullopt;
    G.D.orElse(P.canonical(C.What), C);
    for (const Site &S : P.on(C.What))
      if (changesState(*S.What) && !S.In->IsConstructor && C.doneBy(*S.What) != Change::Down) {
        G.Repeated |= S.What->InLoop;
        G.Brought.push_back(S);
      }
  }
  return G.Brought.empty() ? std::nullopt : std::optional<Goals>(std::move(G));
}

std::vector<Owed> neverReached(const Program &P) {
  std::vector<Owed> Found;
  for (const auto &F : P.functions())
    F->forEach(Role::Wait, [&](const Event &Wait, Position) {
      if (!Wait.Immediate || !isOwedWait(Wait) || P.escapes(P.canonical(Wait.On)))
        return;
      auto G = goalsOf(P, Wait);
      if (!G)
        return;
      auto add = [&](const Miss &M, Step Begin) {
        Owed O{M.Where,
               Wait.EndedBy.front().What,
               "is not reached on this path: whoever waits for it waits for ever",
               {std::move(Begin)}};
        llvm::append_range(O.Steps, M.Steps);
        O.Steps.push_back({Wait.At, "here it is waited for"});
        Found.push_back(std::move(O));
      };
      for (const Task &T : P.tasks()) {
        // Of several tasks, another one may bring it, unless they are counted.
        if (!T.Body || (T.Started.What->InLoop && !G->Counts) ||
            !onlyWithin(P, *T.Body, G->Brought) || P.reachableFrom(*T.Body).contains(F.get()))
          continue;
        auto M = missedByTask(P, *T.Started.What, G->D);
        if (M && (M->Failing || !G->Repeated))
          add(*M, {T.Started.What->At, "the task that has to bring it starts here"});
      }
      for (const auto &Callback : P.functions())
        if (Callback->IsLambda && onlyWithin(P, *Callback, G->Brought) &&
            P.callers(*Callback).empty() &&
            llvm::none_of(P.tasks(), [&](const Task &T) { return T.Body == Callback.get(); }))
          if (auto M = findMiss(P, *Callback, G->D,
                                {.From = Callback->entry(), .Throws = false, .Failing = true}))
            add(*M, {Callback->At, "the callback that has to bring it is made here"});
    });
  return Found;
}

} // namespace tether
