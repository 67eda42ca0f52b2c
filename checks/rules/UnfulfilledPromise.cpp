// unfulfilled-promise: what somebody waits for does not come on some path.
#include "Registry.h"
#include "fix/Promises.h"
#include "protocol/Blocked.h"
#include "protocol/Forgotten.h"
#include "protocol/Meetings.h"
#include "protocol/Promises.h"
#include "protocol/Requests.h"
#include "protocol/WorkState.h"
#include "summary/Program.h"
#include <set>

namespace tether {
namespace {

class UnfulfilledPromise final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "unfulfilled-promise",
      .Summary = "a promise, latch, flag or the like that somebody waits for is not satisfied on "
                 "some path",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    static constexpr const char Deliver[] =
        "satisfy it on every way out, or let an object do it whose destructor does";
    for (const auto &F : P.functions()) // says more than what follows
      show(P, leftMeeting(P, *F),
           "arrive and drop out on every way, in a destructor or the handler");
    for (const auto &F : P.functions()) {
      show(P, countsShort(P, *F), "let the number of those who come be the number waited for");
      show(P, neverDelivered(P, *F), Deliver);
      show(P, settledTwice(P, *F), "fulfil it once, on one of the two ways");
    }
    show(P, leftUnfinished(P), Deliver);
    show(P, neverDeliveredMembers(P), Deliver);
    show(P, neverAnswered(P), Deliver);
    show(P, neverReached(P), Deliver);
    show(P, notGivenBack(P), Deliver);
    show(P, forgottenOnes(P), "settle all of them in the same place");
    for (const Blocked &B : findBlocked(P, Blocked::Promise))
      if (Shown.insert(B.Where.getRawEncoding()).second)
        report(B.Where, B.Message).steps(B.Steps).advice(Deliver);
  }

private:
  void show(const Program &P, const std::vector<Owed> &Found, const char *Advice) {
    for (const Owed &O : Found)
      if (Shown.insert(O.Where.getRawEncoding()).second) // once, however many wait
        report(O.Where, describe(O.What) + " " + O.Why)
            .steps(O.Steps)
            .advice(Advice)
            .fix(settle(P, O));
  }

  std::set<unsigned> Shown;
};

REGISTER_CHECK(UnfulfilledPromise)

} // namespace
} // namespace tether
