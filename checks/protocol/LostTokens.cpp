#include "model/ApiTable.h"
#include "protocol/Forwarding.h"
#include "protocol/Pauses.h"
#include "protocol/Reach.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// The token in \p O, which is no member.
static Object tokenIn(Object O) {
  for (const Symbol *Member : O.root()->TokenPath)
    O = O.field(Member);
  return O;
}

static bool writesNever(const Event &E, const Object &Token) {
  return E.is(Role::Store) && E.On == Token && E.Args.size() == 1 && E.Args[0].NeverStops;
}

// ---- replaced ---------------------------------------------------------------------------------

static bool usesToken(const Event &E, const Object &Token) {
  auto has = [&](const Value &V) {
    return V.TokenOf == Token || (V.What && Token.isWithin(V.What)) ||
           llvm::any_of(V.Captures, [&](const Capture &C) {
             return C.TokenOf == Token || (C.What && Token.isWithin(C.What));
           });
  };
  return (E.is(Role::Call | Role::Invoke | Role::Spawn) && llvm::any_of(E.Args, has)) ||
         (E.Stoppable && E.StoppedBy == Token);
}

/// A token that never stops takes the place of the one that was given, and is used.
static void findReplaced(const Function &F, std::vector<Unforwarded> &Found) {
  for (const Object &Token : givenTokens(F))
    F.forEach([&](const Event &E, Position At) {
      if (!writesNever(E, Token) || !beforeStop(F, E))
        return;
      auto IsStore = [&](const Event &Other) {
        return Other.is(Role::Store) && Other.On == Token && &Other != &E;
      };
      auto IsUse = [&](const Event &Other) { return usesToken(Other, Token); };
      if (F.findPath({.From = At, .Avoiding = IsStore, .Until = IsUse, .Exits = false}))
        Found.push_back({Unforwarded::Replaced, &E, Token, nullptr, {}, {}});
    });
}

// ---- left out ---------------------------------------------------------------------------------

/// Somebody looks at that member of some bundle, or hands it on.
static bool isHeard(const Program &P, const Symbol *Member) {
  bool Heard = false;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position) {
      Heard |= (E.is(Role::Poll) && E.On && E.On.leaf() == Member) ||
               (E.Stoppable && E.StoppedBy && E.StoppedBy.leaf() == Member) ||
               (E.is(Role::Call | Role::Invoke | Role::Spawn) &&
                llvm::any_of(E.Args, [&](const Value &V) {
                  return V.TokenOf && V.TokenOf.leaf() == Member;
                }));
    });
  return Heard;
}

/// The token in \p Bundle, made in \p F, is left as it was made: one that never stops. A function
/// that makes such a temporary has a name that says what it is for.
static bool isLeftOut(const Function &F, const Object &Bundle, const Event &Call) {
  const Object Token = tokenIn(Bundle);
  bool Never = false, Else = false;
  F.forEach([&](const Event &E, Position) {
    if (writesNever(E, Token))
      Never |= E.Immediate || Bundle.isLocal();
    else if (E.is(Role::Store | Role::Overwrite | Role::Bind))
      // (That it is made with nothing in it says nothing of a token.)
      Else |= E.On && Token.isWithin(E.On) && !(E.On == Bundle && E.Way == Change::Down);
    // Code that we do not see may fill it in.
    Else |= E.is(Role::Transfer) && E.On && Token.isWithin(E.On) && E.where() != Call.where();
  });
  return Never && !Else;
}

static void findLeftOut(const Program &P, const Function &F, const Object &Given,
                        std::vector<Unforwarded> &Found) {
  F.forEach([&](const Event &E, Position) {
    if (!E.Immediate || !E.is(Role::Call) || !P.function(E.Callee))
      return;
    for (const Value &V : E.Args) {
      const Object &Bundle = V.What;
      const bool IsMine = Bundle && Bundle.path().empty() &&
                          (Bundle.root()->Where == Symbol::Temporary ||
                           (Bundle.isLocal() && Bundle.root()->Owner == F.Id));
      if (!V.HasToken || !IsMine || Bundle.root()->Container || Bundle.root()->TokenPath.empty())
        continue;
      if (isLeftOut(F, Bundle, E) && isHeard(P, Bundle.root()->TokenPath.back()) &&
          beforeStop(F, E))
        Found.push_back({Unforwarded::Bundle, &E, Given, nullptr, Bundle, {}});
    }
  });
}

std::vector<Unforwarded> findLost(const Program &P, const Function &F) {
  std::vector<Unforwarded> Found;
  findReplaced(F, Found);
  if (std::vector<Object> Given = givenTokens(F); !Given.empty())
    findLeftOut(P, F, Given.front(), Found);
  return Found;
}

// ---- tasks ------------------------------------------------------------------------------------

/// \p Call, in \p Body, waits for what nobody ends when the work is to stop, and could be given a
/// token for that.
static bool waitsWithout(const Program &P, const Function &Body, const Event &Call) {
  if (!Call.Slot || !Call.is(Role::Call) || handsToken(Body, Call) || !isWorthwhile(P, Call))
    return false;
  bool Waits = false, Ended = false;
  Body.forEach([&](const Event &E, Position) {
    if (E.Via.empty() || E.Via.front().Where != Call.At ||
        !E.is(Role::Wait | Role::Receive | Role::Send) || E.Bounded || E.HasTimeout)
      return;
    Waits = true;
    Ended |= mayEndWithStop(P, Body, E);
  });
  return Waits && !Ended;
}

std::vector<Unforwarded> findTasksWithout(const Program &P, const Function &F) {
  std::vector<Unforwarded> Found;
  const std::vector<Object> Given = givenTokens(F);
  F.forEach([&](const Event &E, Position) {
    const Function *Body = E.is(Role::Spawn) && E.Callee ? P.function(E.Callee) : nullptr;
    if (!Body || handsToken(F, E) || !givenTokens(*Body).empty())
      return;
    const bool IsMine = Body->Parent == F.Id && !Given.empty() && beforeStop(F, E);
    const bool HasOwn = E.Immediate && E.On && E.On.leaf()->Type && !E.On.leaf()->Container &&
                        E.On.kind() == TypeKind::Thread &&
                        llvm::is_contained(E.On.leaf()->Type->OnDestroy, Role::RequestStop);
    if (!IsMine && !HasOwn)
      return;
    Body->forEach([&](const Event &Call, Position) {
      if (!Call.Immediate || tokenAt(P, *Body, Call))
        return;
      Object Fresh = IsMine ? freshSource(P, *Body, Call) : Object();
      if (!Fresh && !waitsWithout(P, *Body, Call))
        return;
      Found.push_back({IsMine ? Unforwarded::Task : Unforwarded::OwnToken,
                       &Call,
                       IsMine ? Given.front() : E.On,
                       Call.Slot ? &*Call.Slot : nullptr,
                       Fresh,
                       {{E.where(), "the task is started here"}},
                       &E});
    });
  });
  return Found;
}

} // namespace tether
