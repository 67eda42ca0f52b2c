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
        const Event &Start = *E.Start;
        if (!Shown.insert(Start.At.getRawEncoding()).second)
          continue;
        const Symbol *Root = E.What.What.root();
        const std::string What =
            Root->Where == Symbol::Temporary ? "a temporary" : quoted(Object(Root));
        const char *Who = E.Is == Escaping::Task       ? "the task"
                          : E.Is == Escaping::Callback ? "the callback"
                                                       : "the coroutine";
        report(Start.where(), std::string(Who) + " uses " + What +
                                  " by reference and may outlive it: " + why(E, *F, What))
            .step(E.What.At, E.Is == Escaping::Coroutine ? "this coroutine goes on later"
                                                         : What + " is captured here")
            .steps(E.Steps)
            .advice(E.Is == Escaping::Coroutine
                        ? "let the coroutine have a copy, or await it before " + What + " ends"
                        : "capture a copy or a shared pointer, or wait for the task before " +
                              What + " ends")
            .fix(captureCopy(P, E));
      }
  }

private:
  static std::string why(const Escaping &E, const Function &F, const std::string &What) {
    if (E.DestroyedFirst)
      return What + " is destroyed before " + quoted(E.Start->On) + " waits for the task";
    if (E.What.What.root()->Where == Symbol::Temporary)
      return "it ends with the expression";
    if (E.Is == Escaping::Callback)
      return "nothing here takes it back before '" + F.Name + "' is left";
    return "nothing here waits for " +
           std::string(E.Is == Escaping::Coroutine ? "the coroutine" : "the task") + " before '" +
           F.Name + "' is left";
  }

  std::set<unsigned> Shown;
};

REGISTER_CHECK(EscapingCapture)

} // namespace
} // namespace tether
