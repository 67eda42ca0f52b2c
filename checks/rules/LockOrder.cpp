// lock-order: two mutexes are locked in both orders, so that two threads can wait for each other.
#include "Registry.h"
#include "fix/Locks.h"

namespace tether {
namespace {

class LockOrder final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "lock-order",
      .Summary = "two mutexes are locked in both orders: two threads can wait for each other",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const LockCycle &C : P.answer(findLockCycles)) {
      Finding &F = report(C.One.where(), quoted(C.One.Lock->On) + " is locked while " +
                                             quoted(C.One.First.Mutex) +
                                             " is held, and elsewhere the other way round: two "
                                             "threads can wait for each other for ever");
      tell(F, C.One);
      tell(F, C.Other);
      F.advice("lock them in the same order everywhere, or both at once").fix(swapLocks(P, C));
    }
  }

private:
  static void tell(Finding &F, const Nested &N) {
    F.steps(N.steps());
    F.step(N.Lock->At, "and then " + quoted(N.Lock->On) + " here");
  }
};

REGISTER_CHECK(LockOrder)

} // namespace
} // namespace tether
