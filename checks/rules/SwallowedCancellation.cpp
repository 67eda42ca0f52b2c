// swallowed-cancellation: a handler keeps the exception that is to end the task.
#include "Registry.h"
#include "fix/Handlers.h"
#include <set>

namespace tether {
namespace {

class SwallowedCancellation final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "swallowed-cancellation",
      .Summary = "a handler keeps the exception that is to end the task",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    std::set<unsigned> Seen;
    for (const auto &F : P.functions())
      for (const Swallowed &S : findSwallowed(P, *F)) {
        if (!Seen.insert(S.By->At.getRawEncoding()).second)
          continue;
        if (S.Thread)
          report(S.By->At, "this handler keeps the exception by which " + describe(S.Thread) +
                               " is cancelled: the program is aborted")
              .steps(S.Steps)
              .advice("throw it again")
              .fix(throwAgain(P, *F, S));
        else
          report(S.By->At,
                 "this handler takes the exception that tells of a stop for a failure: the "
                 "work goes on when stop is requested")
              .steps(S.Steps)
              .advice("catch that exception before it, and throw it again")
              .fix(throwAgain(P, *F, S));
      }
  }
};

REGISTER_CHECK(SwallowedCancellation)

} // namespace
} // namespace tether
