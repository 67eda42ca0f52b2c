// unbounded-wait: a wait that nothing bounds, and that stopping does not reach.
#include "Registry.h"
#include "fix/Waits.h"
#include "protocol/StopProtocol.h"
#include "protocol/Waits.h"
#include "summary/Program.h"
#include <set>

namespace tether {
namespace {

class UnboundedWait final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "unbounded-wait",
      .Summary = "a wait has no timeout and no stop token, and nothing wakes it on stop",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    // What else is missing in a stop protocol says tether-unstoppable-thread.
    const std::set<clang::SourceLocation> &Told = P.answer(toldByStopProtocol);
    std::set<clang::SourceLocation> Reported; // a wait that several tasks come to
    for (const Unstoppable &U : P.answer(findUnstoppable))
      if (U.Deaf && Reported.insert(U.Where).second)
        report(U.Where, "wait on " + quoted(U.On) + Endless + U.Why)
            .steps(U.Steps)
            .advice(U.Advice)
            .fix(listenToStop(P, U.Where, Given));
    for (const auto &F : P.functions())
      F->forEach([&](const Event &E, Position At) {
        if (!E.Immediate || Told.count(E.At))
          return;
        if (ignoresItsTimeout(E)) {
          report(E.At, "wait on " + quoted(E.On) +
                           " never ends by its timeout: the loop around it goes on waiting when it "
                           "has passed")
              .advice("leave the loop when the wait times out, or wait once with a predicate")
              .fix(leaveOnTimeout(P, *F, E));
          return;
        }
        if (std::optional<Unwoken> Found = findUnwoken(P, {F.get(), &E, At}))
          report(E.At, "wait on " + quoted(E.On) + Endless + Found->Why)
              .steps(Found->Steps)
              .advice("wait with the stop token or a timeout, or wake the wait where the work is "
                      "stopped")
              .fix(endOnStop(P, {F.get(), &E, At}, *Found, Given));
      });
  }

private:
  Names Given; ///< by fixes

  static constexpr const char *Endless = " has no timeout and no stop token: ";

  /// The caller gave the time, and the loop does not look at whether it has passed.
  static bool ignoresItsTimeout(const Event &E) {
    return E.is(Role::Wait) && E.HasTimeout && E.TimeoutIsParameter && E.Discarded && E.InLoop &&
           !E.LoopHasOtherExit && !E.HasPredicate;
  }
};

REGISTER_CHECK(UnboundedWait)

} // namespace
} // namespace tether
