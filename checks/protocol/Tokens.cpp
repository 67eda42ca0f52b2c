#include "protocol/Tokens.h"
#include "protocol/Handles.h"
#include "protocol/Waits.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

static bool handsToken(const Event &E) {
  auto isToken = [](const Value &V) {
    return V.IsToken || llvm::any_of(V.Captures, [](const Capture &C) { return bool(C.TokenOf); });
  };
  return isToken(E.This) || llvm::any_of(E.Args, isToken);
}

namespace {
/// The looks of one function.
struct Looks {
  const Program &P;
  const Function &F;
  std::vector<const Event *> Callbacks;      ///< OnStop
  std::vector<const Symbol *> SetByCallback; ///< state that tells of a stop
  bool Elsewhere = false; ///< something has the token that may look at it any time

  Looks(const Program &P, const Function &F) : P(P), F(F) {
    F.forEach([&](const Event &E, Position) {
      if (E.is(Role::OnStop)) {
        Callbacks.push_back(&E);
        const Function *Body = E.Callee ? P.function(E.Callee) : nullptr;
        Elsewhere |= !Body;
        if (Body)
          Body->forEach([&](const Event &Set, Position) {
            if (Set.is(Role::Write) && Set.On)
              SetByCallback.push_back(P.canonical(Set.On));
          });
      } else if (handsToken(E)) {
        Elsewhere |= !E.is(Role::Call | Role::Invoke) || !P.function(E.Callee);
      }
    });
  }

  bool operator()(const Event &E) const {
    auto tells = [&](const Object &O) {
      return O && llvm::is_contained(SetByCallback, P.canonical(O));
    };
    return E.is(Role::Poll) || E.Stoppable || handsToken(E) || (E.is(Role::Read) && tells(E.On)) ||
           llvm::any_of(E.Reads, tells);
  }

  /// The call at \p Where is given a token.
  bool given(clang::SourceLocation Where) const {
    bool Found = false;
    F.forEach(
        [&](const Event &E, Position) { Found |= E.Immediate && E.At == Where && handsToken(E); });
    return Found;
  }
  /// From behind \p At back to it without a look.
  bool comesAgain(const Event &E, Position At) const {
    return F
        .findPath({.From = At,
                   .Avoiding = [&](const Event &Other) { return (*this)(Other); },
                   .Until = [&](const Event &Other) { return &Other == &E; },
                   .Exits = false})
        .has_value();
  }
};
} // namespace

/// \p E is reached while, for all we know, nobody has requested a stop yet.
static bool beforeStop(const Function &F, const Event &E) {
  return F
      .findPath({.From = F.entry(),
                 .Avoiding = [](const Event &Other) { return Other.is(Role::RequestStop); },
                 .Until = [&](const Event &Other) { return &Other == &E; },
                 .Exits = false,
                 .AvoidingEdge = [](const Block &, const Edge &Way) { return Way.Stopped; }})
      .has_value();
}

static bool isToken(const Symbol *S) { return S->Kind == TypeKind::Token && !S->Container; }

/// A flag that code which ends things sets, or code that we do not see may set.
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

/// In milliseconds; of a member, what constructors are called with.
static std::optional<int64_t> timeOf(const Program &P, const Event &E) {
  std::optional<int64_t> Time = E.Time;
  auto take = [&](const std::optional<int64_t> &Other) {
    if (Other)
      Time = std::max(Time.value_or(0), *Other);
  };
  auto argument = [&](const Function &F, const Object &O) {
    if (O && O.path().empty() && O.root()->Where == Symbol::Param && O.root()->Owner == F.Id)
      for (const Site &Caller : P.callers(F))
        if (O.root()->ParamIndex < Caller.What->Args.size())
          take(Caller.What->Args[O.root()->ParamIndex].Time);
  };
  if (!E.TimeFrom)
    return Time;
  if (const Symbol *From = P.canonical(E.TimeFrom); From->Where == Symbol::Field)
    for (const Site &S : P.on(From))
      if (S.What->is(Role::Store) && S.What->Args.size() == 1) {
        take(S.What->Args[0].Time);
        argument(*S.In, S.What->Args[0].What);
      }
  if (E.TimeFrom.root()->Where == Symbol::Param)
    if (const Function *Owner = P.function(E.TimeFrom.root()->Owner))
      argument(*Owner, E.TimeFrom);
  return Time;
}

/// A wait that ends by itself, and that nobody who stops the work ends sooner.
static bool isPause(const Program &P, const Function &F, const Event &E) {
  if (E.is(Role::Sleep))
    return true;
  if (!E.is(Role::Wait | Role::Receive) || !E.HasTimeout || E.Stoppable || !E.On ||
      E.On.kind() == TypeKind::Future || P.escapes(P.canonical(E.On)))
    return false;
  bool Woken = false;
  for (const auto &G : P.functions()) {
    bool Wakes = false, Stops = G->IsDestructor;
    G->forEach([&](const Event &Other, Position) {
      Wakes |= wakesWait(P, Other, E);
      Stops |= Other.is(Role::RequestStop | Role::Join | Role::Close) ||
               (Other.is(Role::Write) && Other.On && Other.On.leaf()->Flag);
      const Function *Callback =
          Other.is(Role::OnStop) && Other.Callee ? P.function(Other.Callee) : nullptr;
      if (Callback)
        Callback->forEach([&](const Event &In, Position) { Woken |= wakesWait(P, In, E); });
    });
    if (Woken || (Wakes && Stops && G.get() != &F))
      return false;
  }
  return true;
}

static Step whereItIs(const Event &E) {
  return {E.At, E.is(Role::Turn)    ? "this loop has no end"
                : E.is(Role::Sleep) ? "it sleeps here"
                                    : "it waits here"};
}

static std::optional<Unheard> neverHeard(const Program &P, const Function &F, const Symbol *Token,
                                         int64_t LongestPause,
                                         const std::set<clang::SourceLocation> &Told) {
  const Event *Lasts = nullptr;
  bool Reported = false;
  F.forEach([&](const Event &E, Position At) {
    Reported |= Told.count(E.At) || (E.Immediate && findUnwoken(P, {&F, &E, At}));
    if (Lasts)
      return;
    if (E.is(Role::Turn) ? E.Endless && !E.LoopHasOtherExit
                         : E.is(Role::Sleep) && ((E.InLoop && !E.Limited && !endsByFlag(P, F, E)) ||
                                                 timeOf(P, E).value_or(0) > LongestPause))
      Lasts = &E;
  });
  if (!Lasts || Reported)
    return std::nullopt;
  std::vector<Step> Steps = Lasts->Via;
  Steps.push_back(whereItIs(*Lasts));
  return Unheard{Unheard::Never, Token->At, Token, Lasts, {}, std::move(Steps)};
}

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

std::vector<Unheard> findUnheard(const Program &P, const Function &F, int64_t LongestPause,
                                 const std::set<clang::SourceLocation> &Told) {
  std::vector<Unheard> Found;
  const Symbol *Token = nullptr;
  for (const Symbol *S : F.Params)
    if (isToken(S) && !S->Indirect) {
      if (!S->Mentioned) {
        if (auto Never = neverHeard(P, F, S, LongestPause, Told))
          return {*Never};
      } else {
        Token = S;
      }
    } else if (isToken(S)) {
      Token = S->Mentioned ? S : Token;
    }
  Looks Looked(P, F);
  bool InReach = false;
  F.forEach([&](const Event &E, Position) {
    // A parameter that is named, and never looked at, is ignored on purpose: `(void)Stop;`.
    InReach |= Token ? Looked(E) : E.is(Role::Poll) && E.Immediate;
    if (!E.is(Role::Poll) || !E.Immediate)
      return;
    if (!Token && E.On && isToken(E.On.leaf()) && !E.On.leaf()->Name.empty())
      Token = E.On.leaf();
  });
  if (!InReach)
    return Found;

  F.forEach([&](const Event &E, Position At) {
    if (!E.InLoop)
      return;
    if (E.is(Role::Turn)) {
      if (E.Immediate && E.Endless && !E.LoopHasOtherExit && !Looked.Elsewhere &&
          Looked.comesAgain(E, At) && beforeStop(F, E))
        Found.push_back({Unheard::Loop, E.At, Token, &E, {}, {}});
      return;
    }
    if (!isPause(P, F, E) || !beforeStop(F, E))
      return;
    if (!E.Via.empty() && Looked.given(E.Via.front().Where))
      return; // whoever is called has a token too, and is judged by itself
    clang::SourceLocation Where = E.Via.empty() ? E.At : E.Via.front().Where;
    std::vector<Step> Steps;
    if (!E.Via.empty()) {
      Steps.assign(E.Via.begin() + 1, E.Via.end());
      Steps.push_back(whereItIs(E));
    }
    if (std::optional<int64_t> Time = timeOf(P, E); Time.value_or(0) > LongestPause)
      Found.push_back({Unheard::Pause, Where, Token, &E, Time, std::move(Steps)});
    else if (!E.Limited && !Looked.Elsewhere && !endsByFlag(P, F, E) && Looked.comesAgain(E, At))
      Found.push_back({Unheard::Loop, Where, Token, &E, {}, std::move(Steps)});
  });

  if (Looked.Callbacks.empty() ||
      !llvm::all_of(Looked.Callbacks, [&](const Event *E) { return onlySetsState(P, *E); }))
    return Found;
  F.forEach([&](const Event &E, Position At) {
    if (E.Immediate && E.blocks() && !E.is(Role::Join) && !Told.count(E.At) &&
        !findUnwoken(P, {&F, &E, At}) && beforeStop(F, E))
      Found.push_back({Unheard::FlagOnly,
                       E.At,
                       Token,
                       &E,
                       {},
                       {{Looked.Callbacks.front()->At, "the callback is registered here"}}});
  });
  return Found;
}

// ---- handing on -------------------------------------------------------------------------------

/// The token that \p F could give at \p Call.
static const Symbol *tokenAt(const Program &P, const Function &F, const Event &Call) {
  for (const Symbol *S : F.Params)
    if (isToken(S))
      return S;
  const Symbol *Found = nullptr;
  auto consider = [&](const Object &O) {
    const Symbol *S = O ? O.leaf() : nullptr;
    // A member, or a parameter or variable of the function around a lambda.
    if (!Found && S && isToken(S) && !S->Name.empty() && S->Owner != F.Id)
      Found = S;
  };
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::Poll) && E.Immediate)
      consider(E.On);
    if (E.Immediate && E.Stoppable)
      consider(E.StoppedBy);
    // A variable that holds what an environment or an object has answered. The token of a source
    // of this function is meant for others.
    if (Found || !E.is(Role::Store) || !E.Immediate || !E.On.isLocal() || E.Args.size() != 1 ||
        !isToken(E.On.root()) || E.On.root()->Owner != F.Id || !E.Args[0].IsToken)
      return;
    const Object &From = E.Args[0].TokenOf;
    if (From && From.isLocal() && From.kind() != TypeKind::Token)
      return;
    auto IsStore = [&](const Event &Other) { return &Other == &E; };
    auto IsCall = [&](const Event &Other) { return &Other == &Call; };
    if (!F.findPath({.From = F.entry(), .Avoiding = IsStore, .Until = IsCall, .Exits = false}))
      Found = E.On.root();
  });
  return Found;
}

/// Waits, sleeps, loops without limit, or runs code that cannot be seen.
static bool mayLast(const Program &P, const Function &F) {
  bool Lasts = false;
  for (const Function *G : P.reachableFrom(F)) {
    Lasts |= G->CallsUnknown;
    G->forEach([&](const Event &E, Position) {
      Lasts |= E.blocks() || E.HasTimeout || E.is(Role::Sleep) || (E.is(Role::Turn) && !E.Limited);
    });
  }
  return Lasts;
}

static bool hasOpenWait(const Program &P, const Function &F) {
  bool Found = false;
  F.forEach([&](const Event &E, Position) { Found |= isOpenWait(E); });
  return Found;
}

/// What takes the token does something with it.
static bool worthwhile(const Program &P, const Event &Call) {
  const Function *Taker = P.function(Call.Slot->Taker);
  if (Taker &&
      llvm::none_of(Taker->Params, [](const Symbol *S) { return isToken(S) && S->Mentioned; }))
    return false;
  const Function *Callee =
      Call.Slot->Why == TokenSlot::Overload ? P.function(Call.Callee) : nullptr;
  return !Callee || mayLast(P, *Callee);
}

/// A call with a slot that \p From leads to, through functions that have no token; \p Steps tells
/// how.
static const Event *slotBehind(const Program &P, const Function &From, std::vector<Step> &Steps,
                               unsigned Depth = 0) {
  if (llvm::any_of(From.Params, isToken) || From.IsDestructor || Depth == 4)
    return nullptr;
  const Event *Found = nullptr;
  From.forEach([&](const Event &E, Position) {
    const Function *Callee = E.is(Role::Call) && E.Immediate ? P.function(E.Callee) : nullptr;
    if (Found || !Callee)
      return;
    Steps.push_back({E.At, "'" + Callee->Name + "' is called here"});
    if (E.Slot)
      Found = hasOpenWait(P, *Callee) ? &E : nullptr;
    else
      Found = slotBehind(P, *Callee, Steps, Depth + 1);
    if (!Found)
      Steps.pop_back();
  });
  return Found;
}

/// Work that gets the token of a source made here, while nothing links it to \p Token.
static void findUnlinked(const Program &P, const Function &F, const Symbol *Token,
                         std::vector<Unforwarded> &Found) {
  bool Linked = false;
  F.forEach([&](const Event &E, Position) { Linked |= E.is(Role::OnStop); });
  if (Linked)
    return; // to what is not asked, which errs to silence
  auto ofToken = [&](const Event &E) { return E.handsTokenOf(Object(Token)); };
  F.forEach([&](const Event &E, Position At) {
    if (!E.Immediate || !E.is(Role::Call | Role::Invoke | Role::Spawn) || ofToken(E))
      return;
    Object Child;
    for (const Value &V : E.Args)
      if (V.TokenOf && V.TokenOf.isLocal() && V.TokenOf.kind() == TypeKind::Source &&
          V.TokenOf.root()->Owner == F.Id && !V.TokenOf.root()->Indirect)
        Child = V.TokenOf;
    if (!Child || !beforeStop(F, E))
      return;
    auto has = [&](const Value &V) {
      return (V.What == Child && !V.IsToken) ||
             llvm::any_of(V.Captures, [&](const Capture &C) { return C.What == Child; });
    };
    bool Shared = false;
    F.forEach([&](const Event &Other, Position) {
      Shared |= Other.transfers(Child) || has(Other.This) || llvm::any_of(Other.Args, has) ||
                (Other.is(Role::Store | Role::Overwrite) && Other.On == Child);
    });
    if (Shared)
      return;
    // Work that goes on behind the call can be stopped by who looks at the token meanwhile.
    bool Returns = E.is(Role::Invoke) || (E.is(Role::Call) && P.function(E.Callee));
    Looks Looked(P, F);
    if (!Returns && F.findPath({.From = At,
                                .Avoiding = [](const Event &) { return false; },
                                .Until = [&](const Event &Other) { return Looked(Other); },
                                .Exits = false}))
      return;
    Found.push_back(
        {&E, Token, nullptr, true, Child, {{Child.root()->At, quoted(Child) + " is made here"}}});
  });
}

std::vector<Unforwarded> findUnforwarded(const Program &P, const Function &F) {
  std::vector<Unforwarded> Found;
  if (F.IsDestructor || llvm::is_contained(endingCode(P, F.Class), &F))
    return Found; // what must be done when the work ends is not to be stopped
  F.forEach([&](const Event &E, Position) {
    if (!E.is(Role::Call) || !E.Immediate || (!E.Slot && handsToken(E)) || E.AtScopeEnd)
      return;
    const Function *Callee = E.Callee ? P.function(E.Callee) : nullptr;
    std::vector<Step> Steps;
    const Event *Behind = nullptr;
    if (E.Slot ? E.Slot->Taker == F.Id || !worthwhile(P, E)
               : !Callee || Callee == &F || !(Behind = slotBehind(P, *Callee, Steps)))
      return;
    const Symbol *Token = tokenAt(P, F, E);
    if (!Token || !beforeStop(F, E))
      return;
    Found.push_back({&E, Token, &*(Behind ? Behind : &E)->Slot, !Behind, {}, std::move(Steps)});
  });
  for (const Symbol *S : F.Params)
    if (isToken(S))
      findUnlinked(P, F, S, Found);
  return Found;
}

} // namespace tether
