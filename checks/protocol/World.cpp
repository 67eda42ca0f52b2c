#include "protocol/World.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {

constexpr uint64_t Gone = uint64_t{1} << 63;
constexpr uint64_t Closed = 0x10000;
constexpr uint64_t GivenBack = uint64_t{1} << 40; // by the first thread, at some time
// What is put into a channel without limit, and never taken out, is not followed further.
constexpr uint64_t MaxQueued = 6;
// A thread that decides so often and does nothing else turns in circles.
constexpr unsigned MaxSteps = 200;

struct World::Move {
  const Moment &M;
  unsigned T;
  const Node &N;
  std::vector<Following> &Out;
  bool Tell;
  bool Stops; ///< the request that ends the operation has come, or may have
};

bool World::isOutside(const Moment &M, int V) const {
  return S.Objects[V].Outside || (M[V] & Gone);
}

/// A variable ends, or begins anew while a task that was given the one before may still use that:
/// the two are not told apart. What is said to a promise or a stop request stays with who has its
/// other end.
void World::restart(Moment &M, unsigned T, unsigned V, bool Ends) const {
  if (Ends && ((M[V] & Gone) || isUsed(M, T, V)))
    return;
  if (!Ends && isUsed(M, T, V))
    M[V] |= Gone;
  else
    reset(M, V);
}

bool World::isUsed(const Moment &M, unsigned T, unsigned V) const {
  for (unsigned Other = 0; Other != S.Threads.size(); ++Other)
    if (Other != T && (Users[V] >> Other & 1) && !ended(M, Other))
      return true;
  return false;
}

World::World(const Scope &Whole) : S(Whole), Objects(S.Objects.size()), Users(S.Objects.size(), 0) {
  for (unsigned T = 0; T != S.Threads.size(); ++T)
    for (const Node &N : S.Threads[T].Nodes)
      N.touches([&](int V) { Users[V] |= uint64_t{1} << T; });
}

Moment World::begin() const {
  Moment M(Objects + S.Threads.size(), 0);
  for (unsigned V = 0; V != Objects; ++V)
    reset(M, V);
  for (unsigned T = 0; T != S.Threads.size(); ++T)
    M[Objects + T] = NotStarted;
  place(M, 0, 0);
  return M;
}

Moment World::with(Moment M, unsigned T) const {
  place(M, T, 0);
  return M;
}

void World::reset(Moment &M, unsigned V) const {
  const Shared &O = S.Objects[V];
  switch (O.Is) {
  case Shared::Number:
    M[V] = 0;
    set(M, V, O.Initial ? Number::known(*O.Initial) : Number());
    break;
  case Shared::Queue:
  case Shared::Gate:
    M[V] = static_cast<uint16_t>(O.Begins);
    break;
  case Shared::Barrier:
    M[V] = O.Begins | O.Begins << 8;
    break;
  default:
    M[V] = 0;
  }
}

bool World::leavesLocked(const Moment &M, unsigned V) const {
  return S.Objects[V].Is == Shared::Mutex && ((M[V] & 0xff) == 1 || (M[V] >> 16 & 1));
}
bool World::givesBack(const Moment &M, unsigned V) const {
  return S.Objects[V].Is == Shared::Mutex && (M[V] & GivenBack) && !leavesLocked(M, V);
}

// ---- mutexes: the holder and one, how often, and the readers
// -------------------------------------

bool World::isFree(const Moment &M, unsigned T, unsigned V, bool IsShared) const {
  const uint64_t Holder = M[V] & 0xff, Readers = M[V] >> 16 & 0xffff;
  if (Holder != 0)
    return Holder == T + 1 && S.Objects[V].Recursive;
  return IsShared || Readers == 0;
}

void World::take(Moment &M, unsigned T, unsigned V, bool IsShared) const {
  if (IsShared)
    M[V] |= uint64_t{1} << (16 + T);
  else
    M[V] = (M[V] & ~uint64_t{0xff}) + 0x100 + T + 1;
}

bool World::release(Moment &M, unsigned T, unsigned V) const {
  bool Held = true;
  if ((M[V] & 0xff) == T + 1) {
    M[V] -= 0x100;
    if ((M[V] & 0xff00) == 0)
      M[V] &= ~uint64_t{0xff};
  } else {
    const uint64_t Reader = uint64_t{1} << (16 + T);
    Held = M[V] & Reader;
    M[V] &= ~Reader;
  }
  if (Held && T == 0 && S.Root)
    M[V] |= GivenBack;
  return Held;
}

// ---- on to the next operation -------------------------------------------------------------------

bool World::isPrivate(const TestRef &T) const {
  bool Private = true;
  if (T)
    readsOf(*T, [&](unsigned V) {
      const Shared &O = S.Objects[V];
      Private &= (O.Is == Shared::Number || O.Is == Shared::Choice) && O.Private;
    });
  return Private;
}

/// The end of a handle ends the program only while it owns a task.
bool World::passes(const Moment &M, const Node &Halt) const {
  return Halt.Of >= 0 && (isOutside(M, Halt.Of) || M[Halt.Of] == 0);
}

/// What others do before or after it makes a difference.
bool World::isVisible(const Node &N) const {
  switch (N.Is) {
  case Node::Pass:
    return !llvm::all_of(N.Next, [&](const Node::Way &W) { return isPrivate(W.When); });
  case Node::Set:
    return !isPrivate(N.Value) || !isPrivate(N.Only) ||
           (S.Objects[N.Of].Is == Shared::Number && !S.Objects[N.Of].Private);
  case Node::Reset:
  case Node::Unlock: // to give back earlier makes nobody wait
  case Node::Start:
  case Node::Detach:
  case Node::Move:
  case Node::Leave:
  case Node::Escape:
    return false;
  default:
    return true;
  }
}

void World::run(Moment First, unsigned T, std::vector<Taken> Told,
                llvm::function_ref<void(Moment, std::vector<Taken>)> Out, bool Tell) const {
  struct Run {
    Moment M;
    std::vector<Taken> Story;
    unsigned Steps;
  };
  std::vector<Run> Work;
  Work.push_back({std::move(First), std::move(Told), 0});
  std::set<Moment> Seen; // where it has decided already
  auto follow = [&](Run &R, const Node::Way &W) {
    place(R.M, T, W.To);
    if (Tell && W.Decision)
      R.Story.push_back({T, nullptr, W.Decision});
  };
  while (!Work.empty()) {
    Run Now = std::move(Work.back());
    Work.pop_back();
    auto &[M, Story, Steps] = Now;
    // What goes straight on, as most does, stays where it is.
    for (bool Goes = true; std::exchange(Goes, false);) {
      const Node &N = at(M, T);
      ++this->Steps;
      auto lost = [&] {
        lose(M, T);
        Out(std::move(M), std::move(Story));
      };
      if (N.Is == Node::Halt && passes(M, N)) {
        follow(Now, N.Next[0]);
        Goes = true;
        continue;
      }
      if (isVisible(N) || phase(M, T) != Ready) {
        Out(std::move(M), std::move(Story));
        continue;
      }
      if (++Steps > MaxSteps || N.Next.empty() || Seen.size() > MaxSteps) {
        lost();
        continue;
      }
      auto go = [&](Moment Then, const Node::Way &W) {
        Work.push_back({std::move(Then), Now.Story, Now.Steps});
        follow(Work.back(), W);
      };
      bool Doubt = false;
      Moments Then;
      switch (N.Is) {
      case Node::Pass: {
        if (N.Next.size() == 1 && !N.Next[0].When)
          break;
        if (N.Next.size() > 1 && !Seen.insert(M).second)
          continue;
        const size_t Before = Work.size();
        for (const Node::Way &W : llvm::reverse(N.Next)) { // the first one is taken first
          if (!W.When) {
            go(M, W);
            continue;
          }
          for (Moment &Each : decide(*W.When, M, true, Doubt))
            go(std::move(Each), W);
        }
        if (Doubt || Work.size() == Before) {
          Work.resize(Before);
          lost();
        }
        continue;
      }
      case Node::Set:
        assign(N, M, Then, Doubt);
        if (Doubt || Then.empty()) {
          lost();
          continue;
        }
        if (Tell && N.At)
          Story.push_back({T, &N, nullptr});
        for (Moment &Each : llvm::drop_begin(Then))
          go(std::move(Each), N.Next[0]);
        M = std::move(Then[0]);
        break;
      case Node::Start:
        if (!ended(M, N.Body)) { // one more of what runs already
          lost();
          continue;
        }
        if (Tell && N.At)
          Story.push_back({T, &N, nullptr});
        if (N.Of >= 0)
          M[N.Of] |= uint64_t{1} << N.Body;
        place(M, N.Body, 0);
        run(
            std::move(M), N.Body, std::move(Story),
            [&](Moment Started, std::vector<Taken> More) {
              place(Started, T, N.Next[0].To);
              Work.push_back({std::move(Started), std::move(More), Now.Steps});
            },
            Tell);
        continue;
      case Node::Reset:
        for (unsigned V : N.All)
          restart(M, T, V, N.Ends);
        break;
      case Node::Escape:
        for (unsigned V : N.All)
          M[V] |= Gone;
        break;
      case Node::Unlock:
        if (release(M, T, N.Of) && Tell && N.At)
          Story.push_back({T, &N, nullptr});
        break;
      case Node::Detach:
        M[N.Of] &= Gone;
        break;
      case Node::Move:
        M[N.Of] |= M[N.Mutex];
        M[N.Mutex] = 0;
        break;
      case Node::Leave:
        M[N.Of] = 0xff;
        break;
      default:
        break;
      }
      follow(Now, N.Next[0]);
      Goes = true;
    }
  }
}

void World::settle(Moment M, unsigned T, std::vector<Moment> &Out) const {
  run(
      std::move(M), T, {}, [&](Moment Then, std::vector<Taken>) { Out.push_back(std::move(Then)); },
      false);
}

/// What a case of a select has received.
void World::fill(Moment &M, const Node &Case, bool Got) const {
  if (Case.Result >= 0)
    set(M, Case.Result, Case.Taken && Got ? Number{Number::Taken, 0} : Number::known(Got));
}

/// \p Mv is done, with \p Result; or has gone on without leaving the operation.
void World::finish(Move &Mv, Moment M, int64_t Result, bool Done, int Partner, int Meeting) const {
  std::vector<Taken> Story;
  if (Mv.Tell)
    Story.push_back({Mv.T, &Mv.N, nullptr});
  auto out = [&](Moment Then, std::vector<Taken> Told) {
    Mv.Out.push_back({std::move(Then), Mv.T, Partner, Done, false, std::move(Told)});
  };
  if (!Done)
    return out(std::move(M), std::move(Story));
  if (Mv.N.Result >= 0)
    set(M, Mv.N.Result, Number::known(Result));
  place(M, Mv.T, Mv.N.Next[0].To);
  if (Partner < 0)
    return run(std::move(M), Mv.T, std::move(Story), out, Mv.Tell);
  const Node &Other = at(M, Partner);
  if (Mv.Tell)
    Story.push_back({static_cast<unsigned>(Partner), &Other, nullptr});
  int64_t Got = Other.Success;
  for (unsigned C = 0; C != Other.Cases.size(); ++C)
    if (Other.Cases[C].Of == Meeting) {
      Got = C;
      fill(M, Other.Cases[C], true);
    }
  if (Other.Result >= 0)
    set(M, Other.Result, Number::known(Got));
  place(M, Partner, Other.Next[0].To);
  run(
      std::move(M), Mv.T, std::move(Story),
      [&](Moment Then, std::vector<Taken> Told) {
        run(std::move(Then), Partner, std::move(Told), out, Mv.Tell);
      },
      Mv.Tell);
}

// ---- operations ---------------------------------------------------------------------------------

static int64_t failure(const Node &N) { return N.Success == 0 ? 1 : 0; }

void World::lock(Move &Mv) const {
  std::vector<unsigned> Wanted;
  for (unsigned V : Mv.N.All) {
    // Others outside give it back some time; this thread has to do so, too.
    Wanted.push_back(V);
    if (isOutside(Mv.M, V) && usedByOthers(Mv.T, V)) {
      Moment M = Mv.M;
      lose(M, Mv.T);
      return finish(Mv, std::move(M), 0, false);
    }
  }
  const bool Free =
      llvm::all_of(Wanted, [&](unsigned V) { return isFree(Mv.M, Mv.T, V, Mv.N.IsShared); });
  if (Free) {
    Moment M = Mv.M;
    for (unsigned V : Wanted)
      take(M, Mv.T, V, Mv.N.IsShared);
    finish(Mv, std::move(M), Mv.N.Success);
  } else if (Mv.N.Bounded) {
    finish(Mv, Mv.M, failure(Mv.N));
  }
}

static bool limits(const Test &T) { return T.Limits || llvm::any_of(T.Parts, limits); }

void World::wait(Move &Mv) const {
  const Node &N = Mv.N;
  Moment M = Mv.M;
  auto lost = [&] {
    Moment Then = Mv.M;
    lose(Then, Mv.T);
    finish(Mv, std::move(Then), 0, false);
  };
  if (isOutside(M, N.Of) || (N.Mutex >= 0 && isOutside(M, N.Mutex)))
    return lost();
  const unsigned Phase = phase(M, Mv.T);
  if (Phase == Asleep) {
    if (N.Bounded || Mv.Stops) {
      place(M, Mv.T, nodeOf(M, Mv.T), Failed);
      finish(Mv, std::move(M), 0, false);
    }
    return;
  }
  if (Phase != Ready && N.Mutex >= 0) {
    if (!isFree(M, Mv.T, N.Mutex, false))
      return;
    take(M, Mv.T, N.Mutex, false);
  }
  auto sleep = [&](Moment Then) {
    if (N.Mutex >= 0 && !release(Then, Mv.T, N.Mutex))
      return lost(); // it is not held: not known by whom
    place(Then, Mv.T, nodeOf(Then, Mv.T), Asleep);
    finish(Mv, std::move(Then), 0, false);
  };
  place(M, Mv.T, nodeOf(M, Mv.T), Ready);
  if (!N.Value)
    return Phase == Woken    ? finish(Mv, std::move(M), N.Success)
           : Phase == Failed ? finish(Mv, std::move(M), failure(N))
                             : sleep(std::move(M));
  bool Doubt = false;
  Moments True = decide(*N.Value, M, true, Doubt), False = decide(*N.Value, M, false, Doubt);
  // What it waits for has to be known.
  if (Doubt || (!True.empty() && !False.empty() && !limits(*N.Value)))
    return lost();
  for (Moment &Then : True)
    finish(Mv, std::move(Then), N.Success);
  for (Moment &Then : False)
    if (Phase == Failed || N.AtOnce || (Phase == Ready && N.Stop >= 0 && Mv.Stops))
      finish(Mv, std::move(Then), failure(N));
    else
      sleep(std::move(Then));
}

void World::notify(Move &Mv) const {
  std::vector<unsigned> Sleepers;
  for (unsigned T = 0; T != S.Threads.size(); ++T)
    if (runs(Mv.M, T) && at(Mv.M, T).Is == Node::Wait && at(Mv.M, T).Of == Mv.N.Of &&
        asleep(Mv.M, T))
      Sleepers.push_back(T);
  auto wake = [&](llvm::ArrayRef<unsigned> Which) {
    Moment M = Mv.M;
    for (unsigned T : Which)
      place(M, T, nodeOf(M, T), Woken);
    finish(Mv, std::move(M), 0);
  };
  if (Mv.N.Everybody || Sleepers.size() < 2)
    return wake(Sleepers);
  for (unsigned T : Sleepers)
    wake(T);
}

/// The send or receive \p End, which is the operation itself or a case of it.
void World::meet(Move &Mv, const Node &End, int64_t Success) const {
  const int V = End.Of;
  const Shared &O = S.Objects[V];
  const bool Sends = End.Is == Node::Send;
  const uint64_t Word = Mv.M[V];
  auto done = [&](Moment M, int64_t Result, bool Got = true) {
    if (&End != &Mv.N)
      fill(M, End, Got);
    finish(Mv, std::move(M), Result);
  };
  auto with = [&](uint64_t Value) {
    Moment M = Mv.M;
    M[V] = Value;
    return M;
  };
  auto lost = [&] {
    Moment M = Mv.M;
    lose(M, Mv.T);
    finish(Mv, std::move(M), 0, false);
  };
  if (isOutside(Mv.M, V)) {
    if (usedByOthers(Mv.T, V))
      return lost();
    done(Mv.M, Success);
    if (Mv.N.Result >= 0 && Mv.N.Is != Node::Select)
      done(Mv.M, failure(Mv.N));
    return;
  }
  int64_t Amount = 1;
  if (Sends && End.Value) {
    const Number N = value(*End.Value, Mv.M);
    if (End.Value->Is != Formula::Number || N.Is != Number::Known)
      return lost();
    Amount = N.Value;
  }
  const int16_t Count = static_cast<int16_t>(Word & 0xffff);
  switch (O.Is) {
  case Shared::Queue: {
    if (Sends && (Word & Closed))
      return Mv.N.Result >= 0 ? done(Mv.M, failure(Mv.N)) : lost(); // it may throw
    if (!Sends && Count > 0)
      return done(with(Word - 1), Success);
    if (!Sends && (Word & Closed))
      return done(Mv.M, Mv.N.Is == Node::Select ? Success : failure(Mv.N), false);
    const int64_t Room = O.Capacity.value_or(MaxQueued);
    if (Sends && Count + Amount <= Room)
      return done(with(Word + Amount), Success);
    if (Sends && !O.Capacity)
      return lost();
    if (O.Capacity != 0 || (!Sends && !Mv.N.AtOnce))
      return;
    // Both ends are there. It is the sender who moves, unless the other one does not wait.
    for (unsigned T = 0; T != S.Threads.size(); ++T) {
      if (T == Mv.T || !runs(Mv.M, T) || phase(Mv.M, T) != Ready || at(Mv.M, T).AtOnce)
        continue;
      const Node &Other = at(Mv.M, T);
      auto fits = [&](const Node &N) {
        return N.Is == (Sends ? Node::Receive : Node::Send) && N.Of == V;
      };
      if (!fits(Other) && !(Other.Is == Node::Select && llvm::any_of(Other.Cases, fits)))
        continue;
      Moment M = Mv.M;
      if (&End != &Mv.N)
        fill(M, End, true);
      finish(Mv, std::move(M), Success, true, T, V);
    }
    return;
  }
  case Shared::Gate:
    if (Sends)
      done(with((Word & ~uint64_t{0xffff}) |
                static_cast<uint16_t>(std::max<int64_t>(Count - Amount, 0))),
           Success);
    else if (Count <= 0)
      done(Mv.M, Success);
    else if (Word & Closed)
      done(Mv.M, failure(Mv.N));
    return;
  case Shared::Barrier: {
    const uint64_t Mine = uint64_t{1} << (16 + Mv.T), All = Word >> 8 & 0xff;
    if (All == 0 || (Sends && (Word & Mine)))
      return lost();
    if (Sends)
      done(with((Word & 0xff) == 1 ? All << 8 | All : (Word - 1) | Mine), Success);
    else if (!(Word & Mine))
      done(Mv.M, Success);
    return;
  }
  default:
    lost();
  }
}

void World::operate(Move &Mv) const {
  const Node &N = Mv.N;
  Moment M = Mv.M;
  auto idle = [&](unsigned T) {
    return T == Mv.T || ended(M, T) || !S.Threads[T].Client || at(M, T).Is == Node::Idle;
  };
  switch (N.Is) {
  case Node::Lock:
    return lock(Mv);
  case Node::Wait:
    return wait(Mv);
  case Node::Notify:
    return notify(Mv);
  case Node::Send:
  case Node::Receive:
  case Node::Select: {
    const size_t Before = Mv.Out.size();
    if (N.Is == Node::Select)
      for (unsigned C = 0; C != N.Cases.size(); ++C)
        meet(Mv, N.Cases[C], C);
    else
      meet(Mv, N, N.Success);
    const bool Possible = Mv.Out.size() != Before;
    if (Mv.Stops || (N.Bounded && !N.AtOnce) || (N.AtOnce && !Possible))
      finish(Mv, std::move(M), N.Is == Node::Select ? -1 : failure(N));
    return;
  }
  case Node::Close:
    if (S.Objects[N.Of].Is == Shared::Queue || S.Objects[N.Of].Is == Shared::Gate)
      M[N.Of] |= Closed;
    return finish(Mv, std::move(M), 0);
  case Node::Join:
    if (isOutside(M, N.Of)) {
      if (usedByOthers(Mv.T, N.Of)) {
        lose(M, Mv.T);
        return finish(Mv, std::move(M), 0, false);
      }
      return finish(Mv, std::move(M), 0);
    }
    for (unsigned T = 0; T != S.Threads.size(); ++T)
      if ((M[N.Of] >> T & 1) && !ended(M, T))
        return;
    M[N.Of] = 0;
    return finish(Mv, std::move(M), N.Success);
  case Node::RequestStop:
    for (unsigned T : S.Objects[N.Of].Bodies)
      if (!(M[N.Of] & 1) && (M[N.Of] >> (16 + T) & 1) && ended(M, T))
        place(M, T, 0);
    M[N.Of] |= 1;
    return finish(Mv, std::move(M), 1);
  case Node::Register:
    if (M[N.Stop] & 1)
      place(M, N.Body, 0);
    else
      M[N.Stop] |= uint64_t{1} << (16 + N.Body);
    return finish(Mv, std::move(M), 0);
  case Node::Unregister:
    for (unsigned V = 0; V != Objects; ++V)
      if (S.Objects[V].Is == Shared::Stop)
        for (unsigned T : S.Objects[N.Of].Bodies)
          M[V] &= ~(uint64_t{1} << (16 + T));
    return finish(Mv, std::move(M), 0);
  case Node::Await:
    for (unsigned T : S.Objects[N.Of].Bodies)
      if (T != Mv.T && !ended(M, T))
        return;
    return finish(Mv, std::move(M), 0);
  case Node::Enter:
    if (M[N.Of] == 0xff) {
      place(M, Mv.T, N.Next.back().To);
      return run(
          std::move(M), Mv.T, {},
          [&](Moment Then, std::vector<Taken> Told) {
            Mv.Out.push_back({std::move(Then), Mv.T, -1, true, false, std::move(Told)});
          },
          Mv.Tell);
    }
    if (M[N.Of] != 0)
      return;
    M[N.Of] = Mv.T + 1;
    return finish(Mv, std::move(M), 0);
  case Node::Idle:
    for (const Node::Way &W : N.Next) {
      Moment Then = M;
      place(Then, Mv.T, W.To);
      std::vector<Taken> Story;
      if (Mv.Tell && W.Decision)
        Story.push_back({Mv.T, nullptr, W.Decision});
      run(
          std::move(Then), Mv.T, std::move(Story),
          [&](Moment Now, std::vector<Taken> Told) {
            Mv.Out.push_back({std::move(Now), Mv.T, -1, true, true, std::move(Told)});
          },
          Mv.Tell);
    }
    return;
  case Node::Alone:
    for (unsigned T = 0; T != S.Threads.size(); ++T)
      if (!idle(T))
        return;
    for (unsigned T = 0; T != S.Threads.size(); ++T)
      if (T != Mv.T && S.Threads[T].Client)
        M[Objects + T] = NotStarted;
    // From now on nobody else may use its parts; what is in its channels is not known.
    for (unsigned V : N.All)
      if (S.Objects[V].Is == Shared::Queue && (M[V] & Gone))
        reset(M, V);
    return finish(Mv, std::move(M), 0);
  default:
    return;
  }
}

void World::next(const Moment &M, unsigned T, std::vector<Following> &Out, bool Tell) const {
  if (!runs(M, T) || phase(M, T) == Lost)
    return;
  const Node &N = at(M, T);
  if (!isVisible(N)) { // where the scope begins
    run(
        M, T, {},
        [&](Moment Then, std::vector<Taken> Told) {
          Out.push_back({std::move(Then), T, -1, true, false, std::move(Told)});
        },
        Tell);
    return;
  }
  if (N.Is == Node::Pass || N.Is == Node::Set) {
    // Looks at, or changes, what others change: one step for itself.
    bool Doubt = false;
    std::vector<std::pair<Moment, const Node::Way *>> Ways;
    if (N.Is == Node::Set) {
      Moments Then;
      assign(N, M, Then, Doubt);
      for (Moment &Each : Then)
        Ways.push_back({std::move(Each), &N.Next[0]});
    } else {
      for (const Node::Way &W : N.Next)
        for (Moment &Then : W.When ? decide(*W.When, M, true, Doubt) : Moments{M})
          Ways.push_back({std::move(Then), &W});
    }
    if (Doubt || Ways.empty()) {
      Moment Then = M;
      lose(Then, T);
      Out.push_back({std::move(Then), T, -1, false, false, {}});
      return;
    }
    for (auto &[Then, W] : Ways) {
      std::vector<Taken> Story;
      if (Tell && (W->Decision || N.Is == Node::Set))
        Story.push_back({T, N.Is == Node::Set && N.At ? &N : nullptr, W->Decision});
      if (!Story.empty() && !Story.back().Did && !Story.back().Decision)
        Story.clear();
      place(Then, T, W->To);
      run(
          std::move(Then), T, std::move(Story),
          [&](Moment Now, std::vector<Taken> Told) {
            Out.push_back({std::move(Now), T, -1, true, false, std::move(Told)});
          },
          Tell);
    }
    return;
  }
  const bool Stops = N.Stoppable || (N.Stop >= 0 && (isOutside(M, N.Stop) || (M[N.Stop] & 1)));
  Move Mv{M, T, N, Out, Tell, Stops};
  operate(Mv);
}

} // namespace tether
