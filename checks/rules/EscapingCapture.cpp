// escaping-capture: a task uses locals by reference, and may run on when they are gone.
#include "Registry.h"
#include "fix/Captures.h"
#include <set>

namespace tether {
namespace {

class EscapingCapture final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "escaping-capture",
      .Summary = "a task may outlive what it has captured by reference",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const auto &F : P.functions())
      for (const Escaping &E : findEscaping(P, *F, strict())) {
        const Event &Spawn = *E.Spawn;
        if (!Shown.insert(Spawn.At.getRawEncoding()).second)
          continue;
        const std::string What = quoted(Object(E.What.What.root()));
        report(Spawn.where(),
               "the task uses " + What + " by reference and may outlive it: " +
                   (E.DestroyedFirst
                        ? What + " is destroyed before " + quoted(Spawn.On) + " waits for the task"
                        : "nothing here waits for the task before '" + F->Name + "' is left"))
            .step(E.What.At, What + " is captured here")
            .steps(E.Steps)
            .advice("capture a copy or a shared pointer, or wait for the task before " + What +
                    " ends")
            .fix(captureCopy(P, E));
      }
  }

private:
  std::set<unsigned> Shown;
};

REGISTER_CHECK(EscapingCapture)

} // namespace
} // namespace tether
