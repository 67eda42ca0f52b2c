// unreceived-channel: one end of a channel is left waiting for the other.
#include "Registry.h"
#include "fix/Channels.h"
#include "protocol/Blocked.h"
#include "summary/Program.h"
#include <set>

namespace tether {
namespace {

class UnreceivedChannel final : public Check {
  static constexpr OptionInfo Own[] = {ScopeGuardOption};

public:
  static constexpr CheckInfo Info = {
      .Id = "unreceived-channel",
      .Summary = "a path leaves one end of a channel waiting for the other for ever",
      .Fix = FixKind::Sometimes,
      .Options = Own,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const auto &F : P.functions())
      show(P, abandonedByStarter(P, *F, strict()));
    show(P, receiversLeave(P));
    for (const Blocked &B : findBlocked(P, Blocked::Channel))
      if (Shown.insert(B.Where.getRawEncoding()).second)
        report(B.Where, B.Message)
            .steps(B.Steps)
            .advice(adviceFor(B.At->is(Role::Send)))
            .fix(releaseEnd(P, {B.At, B.What, "", {}}, GuardStyle(option(ScopeGuardOption.Name)),
                            Given));
  }

private:
  static const char *adviceFor(bool Sends) {
    return Sends ? "give the channel room for what is sent, send with a stop token, or close it on "
                   "every way out"
                 : "send or close on every way out, or receive with a stop token";
  }

  void show(const Program &P, std::vector<Stuck> Found) {
    for (Stuck &S : Found) {
      if (!Shown.insert(S.End->At.getRawEncoding()).second)
        continue; // one end is stuck once, however many ways lead there
      bool Sends = S.End->is(Role::Send);
      report(S.End->At, (Sends ? "send on " : "receive from ") + quoted(S.Channel) +
                            " may never return: " + S.Why)
          .steps(S.Steps)
          .advice(adviceFor(Sends))
          .fix(releaseEnd(P, S, GuardStyle(option(ScopeGuardOption.Name)), Given));
    }
  }

  std::set<unsigned> Shown;
  Names Given; ///< by fixes
};

REGISTER_CHECK(UnreceivedChannel)

} // namespace
} // namespace tether
