// ignored-stop-token: a task has a token, and a stop request goes unheard all the same.
#include "Registry.h"
#include "fix/Waits.h"
#include "protocol/Reach.h"
#include "protocol/StopProtocol.h"
#include <set>

namespace tether {
namespace {

class IgnoredStopToken final : public Check {
  static constexpr OptionInfo Own[] = {
      {"LongestPause", "1000",
       "milliseconds that a loop may sleep, or wait without its token, between two looks at it"},
  };

public:
  static constexpr CheckInfo Info = {
      .Id = "ignored-stop-token",
      .Summary = "a task that has a stop token does not look at it, or not in time",
      .Fix = FixKind::Sometimes,
      .Options = Own,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    if (!P.answer(hasTokens))
      return;
    int64_t LongestPause = 0;
    option("LongestPause").getAsInteger(10, LongestPause);
    std::set<unsigned> Seen;
    const std::set<clang::SourceLocation> &Told = P.answer(toldByStopProtocol);
    for (const auto &F : P.functions())
      for (const Unheard &U : findUnheard(P, *F, LongestPause))
        if (!isTold(*F, U, Told) && Seen.insert(U.Where.getRawEncoding()).second)
          report(U.Where, message(*F, U))
              .steps(U.Steps)
              .advice(advice(U))
              .fix(hearStop(P, *F, U, Given));
  }

private:
  /// Another check tells of the wait; where nothing is heard at all, of one of those.
  static bool isTold(const Function &F, const Unheard &U,
                     const std::set<clang::SourceLocation> &Told) {
    bool Any = Told.count(U.Where);
    F.forEach([&](const Event &E, Position) {
      Any |= Told.count(E.At) && (&E == U.What || U.Why == Unheard::Never);
    });
    return Any;
  }

  Names Given; ///< by fixes

  static std::string message(const Function &F, const Unheard &U) {
    const std::string Token = U.Token.empty() ? "its token" : "token '" + U.Token + "'";
    switch (U.Why) {
    case Unheard::Never:
      return "'" + F.Name + "' never looks at " + Token + ", and goes on when stop is requested";
    case Unheard::Loop:
      return (U.What->is(Role::Turn) ? "this loop has no end and does not look at "
                                     : kind(*U.What) + " in a loop that does not look at ") +
             Token + " on each turn";
    case Unheard::Pause:
      return kind(*U.What) + (U.Time ? " of up to " + time(*U.Time) : "") +
             " does not end when stop is requested: " + Token +
             " is only looked at before and after it";
    case Unheard::Wait:
      return kind(*U.What) + " does not end when stop is requested: nobody who hears of " + Token +
             " wakes it";
    case Unheard::Callback:
      return "this never asks for an end, also when stop is requested: " + Token +
             " is not looked at until the work is done";
    case Unheard::FlagOnly:
      return kind(*U.What) + " does not end when stop is requested: the callback only sets state";
    }
    llvm_unreachable("unknown kind of unheard stop");
  }

  static std::string kind(const Event &E) {
    if (E.is(Role::Sleep))
      return "sleep";
    return E.On && !E.On.leaf()->Name.empty() ? "wait on " + quoted(E.On) : "wait";
  }

  static std::string time(int64_t Milliseconds) {
    return Milliseconds % 1000 ? std::to_string(Milliseconds) + " ms"
                               : std::to_string(Milliseconds / 1000) + " s";
  }

  static std::string advice(const Unheard &U) {
    switch (U.Why) {
    case Unheard::Never:
      return U.What->is(Role::Turn) ? "poll the token on each turn of the loop"
                                    : "poll the token, and wait with it instead of sleeping";
    case Unheard::Loop:
      return "poll the token on each turn, or wait with it";
    case Unheard::Pause:
      return "wait for that time on something that takes the token";
    case Unheard::Wait:
      return "wait with the token, or wake the wait in a stop callback";
    case Unheard::Callback:
      return "poll the token here, and say so when stop is requested";
    case Unheard::FlagOnly:
      return "let the callback wake the wait too";
    }
    llvm_unreachable("unknown kind of unheard stop");
  }
};

REGISTER_CHECK(IgnoredStopToken)

} // namespace
} // namespace tether
