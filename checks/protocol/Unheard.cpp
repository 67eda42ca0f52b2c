#include "protocol/Unheard.h"
#include "protocol/Handles.h"
#include "protocol/Pauses.h"
#include "protocol/Reach.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// State that code which ends things sets, or code that we do not see may set.
static bool mayTellOfStop(const Program &P, const Function &F, const Object &O) {
  const Symbol *Flag = P.canonical(O);
  if (!Flag->Flag)
    return false;
  auto ends = [](const Function &G) {
    bool Found = G.IsDestructor;
    G.forEach([&](const Event &E, Position) {
      Found |= E.is(Role::RequestStop | Role::Notify | Role::Join | Role::Close);
    });
    return Found;
  };
  return P.escapes(Flag) || llvm::any_of(P.on(Flag), [&](const Site &S) {
           return S.What->is(Role::Write) && S.In != &F && ends(*S.In);
         });
}

static bool endsByFlag(const Program &P, const Function &F, const Event &E) {
  return llvm::any_of(E.Reads, [&](const Object &O) { return mayTellOfStop(P, F, O); });
}

static Step whereItIs(const Event &E) {
  return {E.At, E.is(Role::Turn)    ? "this loop has no end"
                : E.is(Role::Sleep) ? "it sleeps here"
                                    : "it waits here"};
}

/// The calls that lead to \p E and the place, for what is reported at the first call.
static std::vector<Step> wayTo(const Event &E) {
  std::vector<Step> Steps;
  if (!E.Via.empty()) {
    Steps.assign(std::next(E.Via.begin()), E.Via.end());
    Steps.push_back(whereItIs(E));
  }
  return Steps;
}

static const Symbol *ownName(const Object &Token) {
  return Token && Token.path().empty() ? Token.root() : nullptr;
}

// ---- not at all -------------------------------------------------------------------------------

static std::optional<Unheard> neverHeard(const Program &P, const Function &F, const Object &Token,
                                         int64_t LongestPause) {
  const Event *Sleeps = nullptr, *Turns = nullptr;
  bool Reported = false;
  F.forEach([&](const Event &E, Position At) {
    Reported |= E.Immediate && findUnwoken(P, {&F, &E, At});
    if (!Turns && E.is(Role::Turn) && E.Endless && !E.LoopHasOtherExit)
      Turns = &E;
    if (!Sleeps && E.is(Role::Sleep) &&
        ((E.InLoop && !E.Limited && !endsByFlag(P, F, E)) ||
         longestPause(P, E).value_or(0) > LongestPause))
      Sleeps = &E;
  });
  const Event *Lasts = Sleeps ? Sleeps : Turns; // where it sits most of the time
  if (!Lasts || Reported)
    return std::nullopt;
  std::vector<Step> Steps = Lasts->Via;
  Steps.push_back(whereItIs(*Lasts));
  return Unheard{Unheard::Never,   Token.root()->At, spelled(Token), Lasts, {},
                 std::move(Steps), ownName(Token)};
}

// ---- not in time ------------------------------------------------------------------------------

/// \p E waits without end for what nobody does who hears of the stop.
static bool isDeaf(const Looks &Looked, const Event &E, Position At) {
  const Program &P = Looked.P;
  if (Looked.Elsewhere || !Looked.Callbacks.empty() ||
      (E.On.isLocal() && E.On.kind() == TypeKind::None))
    return false;
  // Work that this very function has started ends it when it is done.
  if (llvm::any_of(P.on(E.On), [&](const Site &S) {
        return S.In->Parent == Looked.F.Id && wakesWait(P, *S.What, E);
      }))
    return false;
  return !mayEndWithStop(P, Looked.F, E) && !(E.Immediate && findUnwoken(P, {&Looked.F, &E, At}));
}

static std::optional<Unheard> unheardAt(const Looks &Looked, const Event &E, Position At,
                                        const std::string &Token, int64_t LongestPause) {
  const Program &P = Looked.P;
  const Function &F = Looked.F;
  if (E.is(Role::Turn)) {
    if (E.Immediate && E.InLoop && E.Endless && !E.LoopHasOtherExit && !Looked.Elsewhere &&
        Looked.comesAgain(E, At) && beforeStop(F, E))
      return Unheard{Unheard::Loop, E.At, Token, &E, {}, {}};
    return std::nullopt;
  }
  const bool Open = isOpenWait(E);
  if (!(Open || isPause(P, F, E)) || !beforeStop(F, E))
    return std::nullopt;
  if (!E.Via.empty() && Looked.given(E.Via.front().Where))
    return std::nullopt; // whoever is called has a token too, and is judged by itself
  if (Open)
    return isDeaf(Looked, E, At)
               ? std::optional(Unheard{Unheard::Wait, E.where(), Token, &E, {}, wayTo(E)})
               : std::nullopt;
  const std::optional<int64_t> Time = longestPause(P, E);
  if (Time.value_or(0) > LongestPause && (E.InLoop || E.is(Role::Sleep)))
    return Unheard{Unheard::Pause, E.where(), Token, &E, Time, wayTo(E)};
  if (!E.InLoop)
    return std::nullopt;
  if (!E.Limited && !Looked.Elsewhere && !endsByFlag(P, F, E) && Looked.comesAgain(E, At))
    return Unheard{Unheard::Loop, E.where(), Token, &E, {}, wayTo(E)};
  if (Time || !E.is(Role::Sleep))
    return std::nullopt;
  // How long is up to somebody else: seconds are long, and so is what others wait for with a token.
  if (E.Tick.value_or(0) >= LongestPause)
    return Unheard{Unheard::Pause, E.where(), Token, &E, {}, wayTo(E)};
  const Function *Better = stoppablePause(P);
  if (!Better || Better == &F)
    return std::nullopt;
  Unheard Found{Unheard::Pause, E.where(), Token, &E, {}, wayTo(E)};
  Found.Steps.push_back({Better->At, "'" + Better->Name + "' would end with the stop"});
  return Found;
}

// ---- by callbacks -----------------------------------------------------------------------------

/// The callback does nothing that could end a wait.
static bool onlySetsState(const Program &P, const Event &OnStop) {
  const Function *Callback = OnStop.Callee ? P.function(OnStop.Callee) : nullptr;
  bool Sets = false, Else = false;
  if (!Callback)
    return false;
  for (const Function *F : P.reachableFrom(*Callback))
    Else |= F->CallsUnknown;
  Callback->forEach([&](const Event &E, Position) {
    Sets |= E.is(Role::Write);
    Else |=
        !E.is(Role::Write | Role::Read | Role::Lock | Role::Unlock | Role::Destroy | Role::Store) &&
        !(E.is(Role::Call) && P.function(E.Callee));
  });
  return Sets && !Else;
}

/// Work that goes on until the callable that \p E runs says that it is to end; this one never does.
static bool neverSaysStop(const Looks &Looked, const Event &E) {
  const Function *Body = E.is(Role::Invoke) && E.Callee ? Looked.P.function(E.Callee) : nullptr;
  if (!Body || Body->Parent != Looked.F.Id || !E.EndsLoop || !E.InLoop || E.Limited ||
      Body->Returns.empty() || handsToken(Looked.F, E.This) || Looked.Elsewhere)
    return false;
  if (!E.Via.empty() && Looked.given(E.Via.front().Where))
    return false; // the work has the token itself
  bool Looks = false;
  Body->forEach([&](const Event &In, Position) {
    Looks |= In.is(Role::Poll | Role::Throw) || handsToken(*Body, In);
  });
  return !Looks && llvm::all_of(Body->Returns, [&](const Value &V) {
    return V.constant() && (*V.constant() != 0) != *E.EndsLoop;
  });
}

// ---- all of it --------------------------------------------------------------------------------

std::vector<Unheard> findUnheard(const Program &P, const Function &F, int64_t LongestPause) {
  std::vector<Unheard> Found;
  Object Token;
  bool IsGiven = false;
  for (const Symbol *S : F.Params) {
    if (!isToken(S))
      continue;
    IsGiven = true;
    if (!S->Mentioned && !S->Indirect) {
      if (auto Never = neverHeard(P, F, Object(S), LongestPause))
        return {*Never};
    } else if (S->Mentioned) {
      Token = Object(S);
    }
  }
  const Looks Looked(P, F);
  bool InReach = false;
  F.forEach([&](const Event &E, Position) {
    // A parameter that is named, and never looked at, is ignored on purpose: `(void)Stop;`.
    InReach |= Token ? Looked(E) : E.is(Role::Poll) && E.Immediate;
    if (!Token && E.is(Role::Poll) && E.Immediate && E.On && isToken(E.On.leaf()) &&
        !E.On.leaf()->Name.empty())
      Token = E.On;
  });
  if (!InReach) {
    // A bundle: what it has is either looked at, or forgotten.
    std::vector<Object> Given = IsGiven ? std::vector<Object>() : givenTokens(F);
    bool Any = false;
    F.forEach([&](const Event &E, Position) { Any |= Looked(E); });
    if (!Given.empty() && !Any)
      if (auto Never = neverHeard(P, F, Given.front(), LongestPause))
        Found.push_back(std::move(*Never));
    return Found;
  }

  const std::string Name = spelled(Token);
  F.forEach([&](const Event &E, Position At) {
    if (auto Unheard = unheardAt(Looked, E, At, Name, LongestPause))
      Found.push_back(std::move(*Unheard));
    if (neverSaysStop(Looked, E)) {
      const Function *Body = P.function(E.Callee);
      std::vector<Step> Steps = E.Via;
      Steps.push_back({E.At, "it is asked here whether to go on"});
      Found.push_back({Unheard::Callback, Body->At, Name, &E, {}, std::move(Steps)});
    }
  });

  const bool OnlySet =
      !Looked.Callbacks.empty() &&
      llvm::all_of(Looked.Callbacks, [&](const Event *E) { return onlySetsState(P, *E); });
  F.forEach([&](const Event &E, Position At) {
    if (OnlySet && E.Immediate && E.blocks() && !E.is(Role::Join) &&
        !findUnwoken(P, {&F, &E, At}) && beforeStop(F, E))
      Found.push_back({Unheard::FlagOnly,
                       E.At,
                       Name,
                       &E,
                       {},
                       {{Looked.Callbacks.front()->At, "the callback is registered here"}}});
  });
  for (Unheard &U : Found)
    U.By = ownName(Token);
  return Found;
}

} // namespace tether
