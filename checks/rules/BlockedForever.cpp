// blocked-forever: a thread waits for something that only itself could do.
#include "Registry.h"
#include "protocol/Locks.h"

namespace tether {
namespace {

class BlockedForever final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "blocked-forever",
      .Summary = "a thread locks a mutex that it holds already, and waits for itself",
      .Fix = FixKind::None,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const Nested &N : findRelocked(P, strict())) {
      const std::string Mutex = quoted(N.Lock->On);
      const bool Readers = N.First.Shared && N.Lock->Shared;
      report(N.Lock->where(),
             Mutex + (Readers ? " is locked for reading by a thread that reads already: it waits "
                                "for ever when a writer comes between"
                              : " is locked by the thread that holds it: it waits for itself for "
                                "ever"))
          .step(N.First.Since, "'" + N.In->Name + "' locks " + Mutex + " here")
          .steps(N.Lock->Via)
          .step(N.Lock->At, Mutex + " is locked again here")
          .advice("unlock it before, or split off a function that expects it to be held");
    }
  }
};

REGISTER_CHECK(BlockedForever)

} // namespace
} // namespace tether
