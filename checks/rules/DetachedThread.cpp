// detached-thread: a thread is detached, so that nothing can wait for its end.
#include "Registry.h"
#include "fix/Threads.h"
#include "model/ApiTable.h"
#include "summary/Program.h"
#include "llvm/ADT/STLExtras.h"

using llvm::join;

namespace tether {
namespace {

class DetachedThread final : public Check {
  static constexpr OptionInfo Own[] = {
      {"AllowedCalls", "",
       "calls (qualified names, separated by ';') that detach idiomatically: not reported unless "
       "the task captures by reference"},
      ScopeGuardOption,
  };

public:
  static constexpr CheckInfo Info = {
      .Id = "detached-thread",
      .Summary =
          "a thread is detached: nothing can wait for it, or stop it before what it uses is gone",
      .Fix = FixKind::Sometimes,
      .Options = Own,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const auto &F : P.functions())
      F->forEach([&](const Event &E, Position) {
        bool FromBirth = E.is(Role::Spawn) && E.Entry && E.Entry->Detached;
        if (E.Immediate && (E.is(Role::Detach) || FromBirth))
          detached(P, *F, E);
      });
  }

private:
  void detached(const Program &P, const Function &F, const Event &Detach) {
    // What the task takes along by reference decides what happens when it runs on.
    const Event *Spawn = Detach.is(Role::Spawn) ? &Detach : nullptr;
    if (!Spawn && Detach.On)
      for (const Site &S : P.on(Detach.On))
        if (S.What->is(Role::Spawn) && (!Spawn || S.In == &F))
          Spawn = S.What;
    std::vector<std::string> Locals;
    bool TakesThis = false;
    if (Spawn)
      for (const Capture &C : Spawn->This.Captures) {
        if (!C.ByReference || !C.What)
          continue;
        if (C.What.root()->Where == Symbol::This)
          TakesThis = true;
        else if (C.What.root()->Where == Symbol::Local || C.What.root()->Where == Symbol::Param)
          Locals.push_back(quoted(C.What));
      }
    if (Locals.empty() && !TakesThis && Detach.Entry && allowed(Detach.Entry->Call))
      return;

    std::string Danger = "nothing can wait for its end or stop it";
    if (!Locals.empty())
      Danger = "it goes on using " + join(Locals, ", ") + " after '" + F.Name + "' has returned";
    else if (TakesThis)
      Danger = "it goes on using 'this' after the object is destroyed";
    Finding &Found = report(Detach.At, (Detach.is(Role::Spawn) ? "the task" : describe(Detach.On)) +
                                           " is detached: " + Danger);
    if (Spawn && Spawn != &Detach)
      Found.step(Spawn->At, "the task starts here");
    Found
        .advice("keep the handle, tell the task to stop, and join it before what it uses is "
                "destroyed")
        .fix(keepThread(P, F, Detach, Spawn, GuardStyle(option(ScopeGuardOption.Name)), Given));
  }

  bool allowed(llvm::StringRef Call) const { return lists("AllowedCalls", Call); }

  Names Given; ///< by fixes
};

REGISTER_CHECK(DetachedThread)

} // namespace
} // namespace tether
