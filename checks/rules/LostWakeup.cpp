// lost-wakeup: a change that a waiter waits for, and of which it may not hear.
#include "Registry.h"
#include "fix/Conditions.h"
#include "protocol/Conditions.h"
#include "protocol/Notifications.h"
#include "protocol/StopProtocol.h"
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
    // One place, one defect; that of a stop says tether-unstoppable-thread.
    std::set<clang::SourceLocation> Reported = P.answer(toldByStopProtocol);
    std::set<Object> Told; // and one condition variable, one kind of defect
    for (auto Find : {findUnlocked, findUnnotified, findUnseen})
      for (const Missed &M : P.answer(Find)) {
        Told.insert(M.Condition);
        if (Reported.insert(M.Where).second)
          show(P, M);
      }
    for (const Missed &M : P.answer(findUnread))
      if (!Told.count(M.Condition) && Reported.insert(M.Where).second)
        show(P, M);
  }

private:
  void show(const Program &P, const Missed &M) {
    report(M.Where, "wake-up of " + quoted(M.Condition) + " may be lost: " + M.Why)
        .steps(M.Steps)
        .advice(M.Advice)
        .fix(tellWaiters(P, M));
  }
};

REGISTER_CHECK(LostWakeup)

} // namespace
} // namespace tether
