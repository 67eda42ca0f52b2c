// World: numbers, and what conditions say of them.
#include "protocol/World.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

namespace tether {

// Numbers beyond this are any number: what counts further is not followed.
constexpr int64_t MaxValue = 64;
// Of what is unknown, so many are told apart; what is more is not explored.
constexpr int32_t MaxUnknown = 3;

// So far elements and what several threads count are counted, and the counter of a loop.
constexpr int32_t MaxElements = 3, MaxCount = 16;

constexpr uint64_t Gone = uint64_t{1} << 63;

Number Number::known(int64_t V) {
  return V > MaxValue || V < -MaxValue ? Number{Any, 0} : Number{Known, static_cast<int32_t>(V)};
}
Number Number::atLeast(int64_t V) {
  return V > MaxValue ? Number{Any, 0}
                      : Number{AtLeast, static_cast<int32_t>(std::max<int64_t>(V, 0))};
}

static uint64_t pack(Number N) { return uint64_t(N.Is) << 32 | static_cast<uint32_t>(N.Value); }

Number World::number(const Moment &M, int V) const {
  if (S.Objects[V].Is == Shared::Thread)
    return Number::known(llvm::popcount(M[V] & ~Gone));
  // What has come to be in other hands is not followed: it is no free choice.
  if (M[V] & Gone)
    return {S.Objects[V].Outside ? Number::Any : Number::Lost, 0};
  return {static_cast<Number::Kind>(M[V] >> 32 & 7), static_cast<int32_t>(M[V] & 0xffffffff)};
}

void World::set(Moment &M, int V, Number N) const {
  for (unsigned C : S.Objects[V].Choices)
    M[C] = 0;
  if (!(M[V] & Gone) && S.Objects[V].Is == Shared::Number)
    M[V] = pack(N);
}

Number World::value(const Test &T, const Moment &M) const {
  if (T.Is == Formula::Sum || T.Is == Formula::Difference) {
    const Number A = value(T.Parts[0], M), B = value(T.Parts[1], M);
    if (A.Is != Number::Known || B.Is != Number::Known)
      return {Number::Lost, 0};
    return Number::known(T.Is == Formula::Sum ? A.Value + B.Value : A.Value - B.Value);
  }
  if (T.Of < 0)
    return T.Asks ? Number::atLeast(T.Plus) : Number::known(T.Plus);
  Number N = number(M, T.Of);
  if (N.Is == Number::Known)
    return Number::known(N.Value + T.Plus);
  if (N.Is == Number::AtLeast)
    return Number::atLeast(N.Value + T.Plus);
  return N;
}

World::Moments World::choose(int Choice, const Moment &M, bool Wanted) const {
  if (Choice < 0)
    return {M};
  const uint64_t Mine = Wanted ? 2 : 1;
  if (M[Choice] != 0)
    return M[Choice] == Mine ? Moments{M} : Moments{};
  Moments Result{M};
  Result.front()[Choice] = Mine;
  return Result;
}

World::Moments World::compare(const Test &T, const Moment &M, bool Wanted, bool &Doubt) const {
  const Test &Left = T.Parts[0], &Right = T.Parts[1];
  Number A = value(Left, M), B = value(Right, M);
  if (A.Is == Number::Lost || B.Is == Number::Lost) {
    Doubt = true;
    return {};
  }
  if (A.Is == Number::Taken || B.Is == Number::Taken) {
    // To be one certain value is how two threads tell one another what to do; anything else may
    // come out in both ways.
    if (T.Is != Formula::Equal)
      return {M};
    Doubt = true;
    return {};
  }
  // a <= b is a < b + 1.
  const int32_t More = T.Is == Formula::LessEqual ? 1 : 0;
  if (A.Is == Number::Known && B.Is == Number::Known) {
    const bool Is = T.Is == Formula::Equal ? A.Value == B.Value : A.Value < B.Value + More;
    return Is == Wanted ? Moments{M} : Moments{};
  }
  Moments Result;
  auto becomes = [&](const Test &Which, Number N) {
    if (N.Value > MaxUnknown && N.Is == Number::AtLeast &&
        number(M, Which.Of).Is != Number::AtLeast && N.Value > MaxUnknown + 1) {
      Doubt = true;
      return;
    }
    Result.push_back(M);
    if (Which.Of >= 0 && !(M[Which.Of] & Gone) && S.Objects[Which.Of].Is == Shared::Number)
      Result.back()[Which.Of] = pack({N.Is, static_cast<int32_t>(N.Value - Which.Plus)});
  };
  auto atLeast = [&](const Test &Which, Number Now, int32_t Least) {
    const int32_t From =
        Now.Is == Number::AtLeast ? std::max(Now.Value, Least) : std::max(Least, 0);
    if (From > MaxUnknown) { // more than is explored
      Doubt = true;
      return;
    }
    becomes(Which, {Number::AtLeast, From});
  };
  auto atMost = [&](const Test &Which, Number Now, int32_t Most) {
    if (Now.Is == Number::Any)
      return becomes(Which, {Number::Known, Most});
    for (int32_t V = Now.Value; V <= Most && V <= Now.Value + MaxUnknown; ++V)
      becomes(Which, {Number::Known, V});
  };
  if (A.Is != Number::Known && B.Is != Number::Known) {
    Doubt |= T.Limits;
    return choose(T.Of, M, Wanted);
  }
  const bool FirstKnown = A.Is == Number::Known;
  const Test &Unknown = FirstKnown ? Right : Left;
  const Number Now = FirstKnown ? B : A;
  if (T.Is == Formula::Equal) {
    const int32_t Value = FirstKnown ? A.Value : B.Value;
    const bool Below = Now.Is == Number::AtLeast && Value < Now.Value;
    if (Wanted && !Below)
      becomes(Unknown, {Number::Known, Value});
    else if (!Wanted && Below)
      return {M};
    else if (!Wanted && Now.Is == Number::AtLeast && Value == Now.Value)
      becomes(Unknown, {Number::AtLeast, Value + 1});
    else if (!Wanted && Now.Is == Number::Any && Value == 0)
      becomes(Unknown, {Number::AtLeast, 1});
    else if (!Wanted)
      return choose(T.Of, M, false);
    return Result;
  }
  if (T.Limits && FirstKnown && !Wanted && A.Value - More < 1)
    return {};
  if (FirstKnown) // b > a
    Wanted ? atLeast(Unknown, Now, A.Value + 1 - More) : atMost(Unknown, Now, A.Value - More);
  else // a < b
    Wanted ? atMost(Unknown, Now, B.Value + More - 1) : atLeast(Unknown, Now, B.Value + More);
  return Result;
}

/// The moments, with what was unknown decided, in which \p T is \p Wanted. \p Doubt is set where
/// that cannot be said.
World::Moments World::decide(const Test &T, const Moment &M, bool Wanted, bool &Doubt) const {
  switch (T.Is) {
  case Formula::Self: // compiled to a constant
    return {M};
  case Formula::Sum:
  case Formula::Difference:
  case Formula::Number: {
    if (T.Is == Formula::Number && T.Of < 0)
      return (T.Plus != 0) == Wanted ? Moments{M} : Moments{};
    Test Zero, Is;
    Zero.Is = Formula::Number;
    Is.Is = Formula::Equal;
    Is.Parts = {T, Zero};
    return compare(Is, M, !Wanted, Doubt);
  }
  case Formula::Equal:
  case Formula::Less:
  case Formula::LessEqual:
    return compare(T, M, Wanted, Doubt);
  case Formula::Runs:
    return static_cast<bool>(M[T.Of] >> T.Plus & 1) == Wanted ? Moments{M} : Moments{};
  case Formula::Stopped: {
    const bool IsStop = S.Objects[T.Of].Is == Shared::Stop;
    if (M[T.Of] & Gone)
      return {M};
    const bool Is = M[T.Of] & (IsStop ? 1 : 0x10000);
    return Is == Wanted ? Moments{M} : Moments{};
  }
  case Formula::Unknown:
    if (T.Certain || llvm::any_of(T.Reads, [&](unsigned V) {
          const Number N = number(M, V);
          return N.Is == Number::Taken || (!T.Asks && N.Is == Number::Lost);
        })) {
      Doubt = true;
      return {};
    }
    return T.Asks ? Moments{M} : choose(T.Of, M, Wanted);
  case Formula::Not:
    return decide(T.Parts.front(), M, !Wanted, Doubt);
  case Formula::And:
  case Formula::Or: {
    // All parts are Each; or the first ones are, and one is not.
    const bool Each = T.Is == Formula::And;
    Moments So{M}, Result;
    for (const Test &Part : T.Parts) {
      Moments Next;
      for (const Moment &Now : So) {
        if (Wanted != Each)
          llvm::append_range(Result, decide(Part, Now, !Each, Doubt));
        llvm::append_range(Next, decide(Part, Now, Each, Doubt));
      }
      So = std::move(Next);
    }
    if (Wanted == Each)
      return So;
    return Result;
  }
  }
  return {};
}

/// What \p N sets, in all ways that are possible.
void World::assign(const Node &N, Moment M, Moments &Out, bool &Doubt) const {
  if (N.Only) {
    Node Plain = N;
    Plain.Only = nullptr;
    for (bool Truth : {true, false})
      for (Moment &Now : decide(*N.Only, M, Truth, Doubt)) {
        Moments Then;
        if (Truth)
          assign(Plain, Now, Then, Doubt);
        else
          Then.push_back(Now);
        for (Moment &Each : Then) {
          if (N.Result >= 0)
            set(Each, N.Result, Number::known(Truth));
          Out.push_back(std::move(Each));
        }
      }
    return;
  }
  const Shared &V = S.Objects[N.Of];
  auto add = [&](const Moment &Now, Number To) {
    Out.push_back(Now);
    set(Out.back(), N.Of, To);
  };
  const Number Free{N.Taken ? Number::Taken : N.Lost ? Number::Lost : Number::Any, 0};
  if (V.Is != Shared::Number) { // how many sends are needed, or are done
    if (!N.Value || N.Value->Is != Formula::Number || (M[N.Of] & Gone)) {
      Out.push_back(M);
      Out.back()[N.Of] |= Gone;
      return;
    }
    const Number Now = value(*N.Value, M);
    auto begin = [&](Moment Then, int64_t Count) {
      if (Count < 0 || Count > MaxValue) {
        Then[N.Of] |= Gone;
      } else {
        Then[N.Of] = V.Is == Shared::Barrier ? uint64_t(Count) | uint64_t(Count) << 8
                                             : uint64_t(static_cast<uint16_t>(Count));
      }
      Out.push_back(std::move(Then));
    };
    if (Now.Is == Number::Known)
      return begin(M, Now.Value);
    if (Now.Is == Number::Taken || Now.Is == Number::Lost || N.Value->Of < 0 ||
        (M[N.Value->Of] & Gone)) {
      Out.push_back(M);
      Out.back()[N.Of] |= Gone;
      return;
    }
    // More than these are not explored.
    for (int32_t Count = Now.Is == Number::AtLeast ? Now.Value : 1; Count <= MaxUnknown - 1;
         ++Count) {
      Moment Then = M;
      Then[N.Value->Of] = pack({Number::Known, static_cast<int32_t>(Count - N.Value->Plus)});
      begin(std::move(Then), Count);
    }
    Doubt |= Out.empty();
    return;
  }
  if (!N.Value)
    return add(M, Free);
  if (N.Value->Is == Formula::Sum || N.Value->Is == Formula::Difference)
    return add(M, value(*N.Value, M));
  if (N.Value->Is == Formula::Number) {
    const Number To = value(*N.Value, M);
    const int From = N.Value->Of;
    // What counts up without end is not followed.
    if (From == N.Of && N.Value->Plus > 0 && To.Is == Number::Known &&
        To.Value > (V.Counts ? MaxCount : MaxElements)) {
      Doubt = true;
      return;
    }
    // Two variables that are the same must stay so: what is unknown is chosen now.
    if (From >= 0 && From != N.Of && (To.Is == Number::Any || To.Is == Number::AtLeast) &&
        !(M[From] & Gone) && S.Objects[From].Is == Shared::Number) {
      const int32_t First = number(M, From).Is == Number::AtLeast ? number(M, From).Value : 0;
      for (int32_t Value = std::max<int32_t>(First, V.Limits); Value < MaxUnknown; ++Value) {
        Moment Then = M;
        Then[From] = pack({Number::Known, Value});
        add(Then, Number::known(Value + N.Value->Plus));
      }
      return;
    }
    return add(M, To);
  }
  if (N.Value->Is == Formula::Unknown) {
    auto reads = [&](Number::Kind Is) {
      return !N.Value->Asks &&
             llvm::any_of(N.Value->Reads, [&](unsigned R) { return number(M, R).Is == Is; });
    };
    // An element of what several threads fill.
    const bool Elsewhere = N.Value->Asks && llvm::any_of(N.Value->Reads, [&](unsigned R) {
                             return llvm::popcount(Users[R]) > 1;
                           });
    return add(M, reads(Number::Taken) || Elsewhere ? Number{Number::Taken, 0}
                  // What is made of numbers goes with them.
                  : reads(Number::Lost) || reads(Number::Known) || reads(Number::Any)
                      ? Number{Number::Lost, 0}
                      : Free);
  }
  for (bool Truth : {true, false})
    for (const Moment &Now : decide(*N.Value, M, Truth, Doubt))
      add(Now, Number::known(Truth));
}

bool World::oversleeps(const Moment &M, unsigned T) const {
  if (!asleep(M, T))
    return false;
  const Node &N = at(M, T);
  bool Doubt = false;
  return N.Value && decide(*N.Value, M, false, Doubt).empty() && !Doubt &&
         !decide(*N.Value, M, true, Doubt).empty();
}

} // namespace tether
