// blocking-under-lock: a thread waits for somebody who needs the mutex that it holds.
#include "Registry.h"
#include "fix/Unlock.h"
#include "protocol/Locks.h"

namespace tether {
namespace {

class BlockingUnderLock final : public Check {
  static constexpr OptionInfo Own[] = {
      {"AllWaits", "false",
       "also report waits of which it is not known that who ends them needs the mutex, and sleeps"},
  };

public:
  static constexpr CheckInfo Info = {
      .Id = "blocking-under-lock",
      .Summary = "a thread waits while it holds a mutex that who ends the wait needs",
      .Fix = FixKind::Sometimes,
      .Options = Own,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const Hostage &H : findHostages(P, flag("AllWaits"))) {
      const Event &E = *H.Wait;
      const std::string Mutex = quoted(H.Holding.Mutex);
      const std::string Where = " while " + Mutex + " is held: ";
      report(E.where(),
             what(E) + Where + (H.Why.empty() ? "whoever needs " + Mutex + " waits, too" : H.Why))
          .step(H.Holding.Since, "'" + H.In->Name + "' locks " + Mutex + " here")
          .steps(E.Via)
          .steps(H.Steps)
          .advice("unlock it before, and wait without it")
          .fix(unlockBefore(P, *H.In, H.Holding, E));
    }
  }

private:
  static std::string what(const Event &E) {
    switch (E.Is) {
    case Role::Join:
      return quoted(E.On) + " is joined";
    case Role::Send:
      return "a send on " + quoted(E.On) + " may block";
    case Role::Receive:
      return "a receive from " + quoted(E.On) + " may block";
    case Role::Sleep:
      return "the thread sleeps";
    default:
      return "the wait on " + quoted(E.On) + " may block";
    }
  }
};

REGISTER_CHECK(BlockingUnderLock)

} // namespace
} // namespace tether
