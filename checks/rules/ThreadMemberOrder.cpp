// thread-member-order: a member that a task uses is not there for as long as the task runs.
#include "Registry.h"
#include "fix/Members.h"
#include "protocol/MemberOrder.h"

namespace tether {
namespace {

class ThreadMemberOrder final : public Check {
public:
  static constexpr CheckInfo Info = {
      .Id = "thread-member-order",
      .Summary = "a thread is declared before members that it uses, which are gone while it runs",
      .Fix = FixKind::Sometimes,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const Misordered &M : findMisordered(P, strict())) {
      const std::string Member = quoted(Object(M.Member));
      if (M.Inherited) {
        inherited(M);
        continue;
      }
      const char *Why = !M.AtEnd    ? " is initialised only after the task has started"
                        : M.AtStart ? " begins after the task and is destroyed before it ends"
                                    : " is destroyed while the task may still run";
      report(M.Thread->At, describe(Object(M.Thread)) + " is declared before " + Member +
                               ", which its task uses: " + Member + Why)
          .step(M.Spawn->At, "the task starts here")
          .step(M.Use, "it uses " + Member + " here")
          .step(M.Member->At, Member + " is declared here")
          .advice("declare " + quoted(Object(M.Thread)) + " behind all members that its task uses")
          .fix(moveBehind(P, *M.Thread, *M.Last));
    }
  }

private:
  /// The order of base class and derived class.
  void inherited(const Misordered &M) {
    const std::string Member = quoted(Object(M.Member)), Thread = describe(Object(M.Thread));
    report(M.Member->At, Member + (M.AtEnd ? " is destroyed before the base class waits for " +
                                                 Thread + ", whose task uses it"
                                           : " begins after the base class has started " + Thread +
                                                 ", whose task uses it"))
        .step(M.Spawn->At, "the task starts here")
        .step(M.Use, "it uses " + Member + " here")
        .advice(M.AtEnd ? "stop and join " + Thread + " in the destructor of '" + M.Member->Class +
                              "', too"
                        : "start " + Thread + " when the whole object is there");
  }
};

REGISTER_CHECK(ThreadMemberOrder)

} // namespace
} // namespace tether
