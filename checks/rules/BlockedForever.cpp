// blocked-forever: in some order of events a thread waits for something that nobody will do.
#include "Registry.h"
#include "fix/Unlock.h"
#include "protocol/Blocked.h"
#include "protocol/Locks.h"

namespace tether {
namespace {

class BlockedForever final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "blocked-forever",
      .Summary = "in some order of events a thread waits for something that nobody does any more",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const Nested &N : findRelocked(P, strict())) {
      const std::string Mutex = quoted(N.Lock->On);
      const bool Readers = N.First.Shared && N.Lock->Shared;
      report(N.where(),
             Mutex + (Readers ? " is locked for reading by a thread that reads already: it waits "
                                "for ever when a writer comes between"
                              : " is locked by the thread that holds it: it waits for itself for "
                                "ever"))
          .steps(N.steps())
          .step(N.Lock->At, Mutex + " is locked again here")
          .advice(N.Recalled.empty()
                      ? "unlock it before, or split off a function that expects it to be held"
                      : "call what others have registered when the mutex is unlocked again")
          .fix(N.Recalled.empty() ? unlockBefore(P, *N.In, N.First, *N.Lock)
                                  : refusal(called(P, N) + " is called with " +
                                            quoted(N.First.Mutex) + " held, maybe on purpose"));
    }
    for (const Blocked &B : findBlocked(P, Blocked::Other))
      report(B.Where, B.Message)
          .steps(B.Steps)
          .advice("make sure that on every way somebody is left to end the wait")
          .fix(B.LeftLocked ? unlockOnWays(P, *B.At)
                            : refusal("who should end the wait is not known"));
  }

private:
  /// The callable that \p N is about, by its name.
  static std::string called(const Program &P, const Nested &N) {
    std::string Name = "a callable";
    for (const auto &F : P.functions())
      F->forEach([&](const Event &E, Position) {
        if (E.Immediate && E.At == N.where() && E.On && !E.On.leaf()->Name.empty())
          Name = quoted(E.On);
      });
    return Name;
  }
};

REGISTER_CHECK(BlockedForever)

} // namespace
} // namespace tether
