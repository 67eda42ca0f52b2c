// @ID@: TODO what is wrong, in one line.
#include "Registry.h"
#include "summary/Program.h"

namespace tether {
namespace {

class @CLASS@ final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "@ID@",
      .Summary = "TODO what is wrong, in one line",
      .Fix = FixKind::None,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const auto &F : P.functions())
      F->forEach([&](const Event &E, Position At) {
        // TODO one comment per decision.
        if (E.is(Role::Detach))
          report(E.At, "TODO the object's name and the consequence")
              .advice("TODO what to do");
      });
  }
};

REGISTER_CHECK(@CLASS@)

} // namespace
} // namespace tether
