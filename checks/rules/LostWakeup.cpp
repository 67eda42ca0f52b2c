// lost-wakeup: a change that a waiter waits for, and of which it may not hear.
#include "Registry.h"
#include "fix/Conditions.h"
#include "summary/Program.h"
#include <set>

namespace tether {
namespace {

class LostWakeup final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "lost-wakeup",
      .Summary = "a waiter may not hear of the change that it waits for",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    std::set<clang::SourceLocation> Reported; // one place, one defect
    for (auto Find : {findUnlocked, findUnnotified, findBlindWaits})
      for (const Missed &M : Find(P))
        if (Reported.insert(M.Where).second)
          report(M.Where, "wake-up of " + quoted(M.Condition) + " may be lost: " + M.Why)
              .steps(M.Steps)
              .advice(M.Advice)
              .fix(tellWaiters(P, M));
  }
};

REGISTER_CHECK(LostWakeup)

} // namespace
} // namespace tether
