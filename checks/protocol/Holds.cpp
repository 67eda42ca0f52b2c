#include "protocol/Holds.h"
#include "model/ApiTable.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// ---- places -------------------------------------------------------------------------------------

/// Leads to one object of its own: nothing is shared by way of it.
static bool isPlainMember(const Symbol *S) {
  return S->Where == Symbol::Field && !S->Indirect && !S->Container;
}

bool maybeSamePlace(const Program &P, const Object &A, const Object &B) {
  if (!A || !B || !P.maybeSame(A, B))
    return false;
  // The names of a class may be those of one of its members' class, or the other way round.
  llvm::ArrayRef<const Symbol *> Short = A.path(), Long = B.path();
  if (Short.size() > Long.size())
    std::swap(Short, Long);
  return Short == Long.take_back(Short.size()) || !llvm::all_of(A.path(), isPlainMember) ||
         !llvm::all_of(B.path(), isPlainMember);
}

// ---- holds --------------------------------------------------------------------------------------

bool Hold::isKernelWait() const {
  if (What->is(Role::Input))
    return true;
  return What->is(Role::Wait) && What->Entry && What->Entry->ExternC &&
         What->On.kind() == TypeKind::None && (!What->On.isField() || What->On.leaf()->Scalar);
}

/// A variable of the body itself, or of something that it calls.
static bool isOfBody(const Task &T, const Object &O) {
  const Symbol *S = O.root();
  return (S->Where == Symbol::Local || S->Where == Symbol::Param ||
          S->Where == Symbol::Temporary) &&
         S->Owner != T.Started.In->Id && S->Owner != T.Started.In->Parent;
}

bool Hold::needsTelling(const Program &P) const {
  auto isUnknown = [&](const Object &O) { return isOfBody(*Of, O); };
  return hasNoWayOut() ||
         (What->ExitsKnown && (!What->EndedBy.empty() || What->StoppedBy) &&
          llvm::none_of(What->EndedBy, [&](const StateChange &C) { return isUnknown(C.What); }) &&
          !(What->StoppedBy && isUnknown(What->StoppedBy)));
}

bool isAround(const Program &P, const Event &Turn, const Event &E) {
  const clang::SourceManager &SM = P.sources();
  auto contains = [&](clang::SourceLocation At) {
    At = SM.getExpansionLoc(At);
    return SM.getExpansionLoc(Turn.Range.getBegin()) <= At &&
           At <= SM.getExpansionLoc(Turn.Range.getEnd());
  };
  return contains(E.At) || llvm::any_of(E.Via, [&](const Step &S) { return contains(S.Where); });
}

bool mayEndItself(const Program &P, const Task &T, const Event &Turn) {
  const Hold H{&T, &Turn};
  // An exception may be the way out.
  return !Turn.ExitsKnown || Turn.InTry ||
         llvm::any_of(Turn.EndedBy, [&](const StateChange &C) { return isOfBody(T, C.What); }) ||
         llvm::any_of(T.Started.What->Inner,
                      [&](const Event &E) { return &E != &Turn && tells(P, E, H); });
}

/// Lasts until somebody does something: no timeout, no count.
static bool lasts(const Event &E) {
  // (What an inferred role says, its details say more exactly.)
  return E.is(Role::Wait | Role::Receive | Role::Input) && !E.Inferred && !E.Bounded && E.On &&
         E.On.kind() != TypeKind::Future && (!E.Stoppable || E.StoppedBy);
}

/// The task may end its thread, or the program, somewhere.
static bool mayExit(const Program &P, const Task &T) {
  return llvm::any_of(P.reachableFrom(*T.Body), [](const Function *F) {
    return F->IsCoroutine || llvm::any_of(F->Blocks, [](const Block &B) { return B.NoReturn; });
  });
}

std::vector<Hold> holdsOf(const Program &P, const Task &T) {
  std::vector<Hold> Holds;
  const bool MayExit = mayExit(P, T);
  for (const Event &E : T.Started.What->Inner) {
    const Hold H{&T, &E};
    if (E.is(Role::Turn) ? !MayExit && E.ExitsKnown && H.needsTelling(P) : lasts(E))
      Holds.push_back(H);
  }
  return Holds;
}

// ---- what ends them -----------------------------------------------------------------------------

bool requestsStop(const Program &P, const Event &E, const Task &T) {
  if (!E.is(Role::RequestStop) || !E.On)
    return false;
  if (T.Owner && maybeSamePlace(P, E.On, T.Owner))
    return true;
  const Event &Spawn = *T.Started.What;
  auto isItsToken = [&](const Object &O) { return O && maybeSamePlace(P, E.On, O); };
  return llvm::any_of(Spawn.Args, [&](const Value &V) { return isItsToken(V.TokenOf); }) ||
         llvm::any_of(Spawn.This.Captures, [&](const Capture &C) { return isItsToken(C.TokenOf); });
}

/// Ends whatever the task waits for, as an interruption does.
static bool interrupts(const Program &P, const Event &E, const Task &T) {
  return E.Entry && E.Entry->Wakes == "all" && requestsStop(P, E, T);
}

/// A method of which nothing is known may do anything with this object.
static bool mayDoAnything(const Event &E) {
  return (E.is(Role::Write) && E.On && E.On.root()->Where == Symbol::This && E.On.path().empty());
}

bool tells(const Program &P, const Event &E, const Hold &H) {
  const Event &W = *H.What;
  if (mayDoAnything(E) || interrupts(P, E, *H.Of))
    return true;
  if (E.is(Role::RequestStop))
    return W.StoppedBy && maybeSamePlace(P, E.On, W.StoppedBy);
  // What is stored in plain state has been written there, too; a callable is only stored.
  if (!E.On || !(E.is(Role::Write | Role::Overwrite | Role::Remove | Role::Transfer) ||
                 (E.is(Role::Store) && E.On.leaf()->Callable)))
    return false;
  bool Known = false;
  for (const StateChange &C : W.EndedBy)
    if (maybeSamePlace(P, C.What, E.On)) {
      if (E.is(Role::Transfer) || C.doneBy(E) != Change::Down)
        return true;
      Known = true;
    }
  return !Known &&
         llvm::any_of(W.Reads, [&](const Object &O) { return maybeSamePlace(P, O, E.On); });
}

static bool wakesInKernel(const Program &P, const Event &E, const Hold &H) {
  const Object &On = H.What->On;
  const bool IsSet = !On.isField() || H.What->Entry->Set;
  if (E.is(Role::Notify) && E.On.kind() == TypeKind::Thread)
    return true; // a signal
  if (!E.is(Role::Notify | Role::Output | Role::Close) || E.On.kind() != TypeKind::None)
    return false;
  const bool Same = maybeSamePlace(P, E.On, On);
  // To close one end of a pair wakes who reads from the other one.
  if (E.is(Role::Close) && !E.isWakeUp())
    return !Same || On.leaf()->Container;
  return Same || IsSet || !E.On.isField();
}

bool wakes(const Program &P, const Event &E, const Hold &H) {
  const Event &W = *H.What;
  if (mayDoAnything(E) || interrupts(P, E, *H.Of))
    return true;
  if (!E.On || !W.On)
    return false;
  if (E.is(Role::RequestStop))
    return (W.StoppedBy && maybeSamePlace(P, E.On, W.StoppedBy)) || maybeSamePlace(P, E.On, W.On);
  if (H.isKernelWait() && wakesInKernel(P, E, H))
    return true;
  // A class that we know nothing else of may have a method that does it.
  const bool MayWake =
      E.is(Role::Transfer) ||
      (E.is(Role::Write) && E.Way == Change::Unknown && E.Written.empty() &&
       W.On.kind() == TypeKind::None && !W.On.leaf()->Scalar && !(W.Entry && W.Entry->While));
  return (E.isWakeUp() || MayWake) && maybeSamePlace(P, E.On, W.On);
}

bool isForeign(const Program &P, const Hold &H, bool Anyhow) {
  auto isKnown = [&](const Object &O) {
    return O && !isOfBody(*H.Of, O) &&
           !(Anyhow ? P.escapes(P.canonical(O)) : P.handedOut(P.canonical(O)));
  };
  if (H.waits() && !H.isKernelWait() && !isKnown(H.What->On))
    return true;
  // A token that was handed in is stopped by whoever did that.
  if (const Object &O = H.What->StoppedBy; O && (O.kind() == TypeKind::Token || !isKnown(O)))
    return true;
  return H.needsTelling(P) &&
         !llvm::all_of(H.What->EndedBy, [&](const StateChange &C) { return isKnown(C.What); });
}

} // namespace tether
