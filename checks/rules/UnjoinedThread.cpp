// unjoined-thread: a thread is destroyed, or gets a new task, while it can be joined.
#include "Registry.h"
#include "fix/Threads.h"
#include "summary/Program.h"
#include <set>

namespace tether {
namespace {

class UnjoinedThread final : public Check {
  static constexpr OptionInfo Own[] = {ScopeGuardOption};

public:
  static constexpr CheckInfo Info = {
      .Id = "unjoined-thread",
      .Summary =
          "a thread is destroyed or overwritten while it can be joined, which ends the program",
      .Fix = FixKind::Sometimes,
      .Options = Own,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    show(P, findNeverJoined(P)); // what no code does is missing in the class, not in who uses it
    for (const auto &F : P.functions())
      for (auto Find : {findUnjoinedLocals, findLostByConstructor, findLostByDestructor,
                        findReplaced, findUnstarted, findLeftRunning, findJoinedTwice})
        show(P, Find(P, *F));
  }

private:
  void show(const Program &P, const std::vector<Unjoined> &Found) {
    const GuardStyle Guards(option(ScopeGuardOption.Name));
    for (const Unjoined &U : Found)
      if (Shown.insert(U.Thread.leaf())
              .second) // one thread is lost once, however many ways lead there
        report(U.Where, describe(U.Thread) + " " + U.Why + ": " +
                            (U.Then.empty() ? consequence(lossOf(U.Thread)) : U.Then))
            .steps(U.Steps)
            .advice(U.Advice)
            .fix(joinThread(P, U, Guards, Given));
  }

  static std::string consequence(Loss L) {
    return L == Loss::Detaches ? "it runs on, and nothing can wait for its end"
           : L == Loss::Leaks  ? "what it needs is never released"
                               : "the program is terminated";
  }

  std::set<const Symbol *> Shown;
  Names Given; ///< by fixes
};

REGISTER_CHECK(UnjoinedThread)

} // namespace
} // namespace tether
