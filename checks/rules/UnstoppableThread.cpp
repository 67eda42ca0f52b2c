// unstoppable-thread: the stop protocol of a class is broken, and a task may never end.
#include "Registry.h"
#include "fix/Stops.h"
#include "protocol/StopProtocol.h"
#include "summary/Program.h"
#include <set>

namespace tether {
namespace {

class UnstoppableThread final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "unstoppable-thread",
      .Summary = "a task that is told to stop may never hear of it, or waits for itself",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    std::set<clang::SourceLocation> Reported; // one place, one defect
    auto tell = [&](const Unstoppable &Found, const std::string &What) {
      if (!Found.Deaf && Reported.insert(Found.Where).second)
        report(Found.Where, What + Found.Why)
            .steps(Found.Steps)
            .advice(Found.Advice)
            .fix(endTask(P, Found, Given));
    };
    for (auto Find : {findSelfJoins, findUnstoppable, findOverwritten})
      for (const Unstoppable &U : P.answer(Find))
        tell(U, "task of " + quoted(U.Owner) + " may never end: ");
    for (const Unstoppable &U : P.answer(findForgotten))
      tell(U, "wait on " + quoted(U.Owner) + " may miss the stop: ");
  }

private:
  Names Given; ///< by fixes
};

REGISTER_CHECK(UnstoppableThread)

} // namespace
} // namespace tether
