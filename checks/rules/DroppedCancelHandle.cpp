// dropped-cancel-handle: what could stop a task, or waits for it, is lost while the task may run.
#include "Registry.h"
#include "fix/Handles.h"
#include "fix/Tokens.h"
#include "model/ApiTable.h"
#include "protocol/Handles.h"
#include "protocol/StopProtocol.h"
#include "summary/Program.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {
namespace {

class DroppedCancelHandle final : public Check {
  static constexpr OptionInfo Own[] = {ScopeGuardOption};

public:
  static constexpr CheckInfo Info = {
      .Id = "dropped-cancel-handle",
      .Summary = "a handle that could stop a task is dropped, overwritten or never triggered",
      .Fix = FixKind::Sometimes,
      .Options = Own,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    for (const auto &F : P.functions()) {
      F->forEach([&](const Event &E, Position) {
        if (E.Immediate || isDroppedHere(*F, E))
          discarded(P, *F, E);
        if (E.is(Role::Overwrite) && E.On.kind() == TypeKind::Source)
          overwritten(P, *F, E);
      });
      std::set<Object> Told; // a source may have several listeners
      for (const Handle &H : findHandles(P, *F))
        if (!Told.count(H.What) && untriggered(P, *F, H))
          Told.insert(H.What);
    }
    Told = P.answer(toldByStopProtocol);
    for (const Symbol *S : P.symbols())
      if (S->Kind == TypeKind::Source && !S->Indirect)
        member(P, S);
    for (const Symbol *S : P.allSymbols())
      if (const OneSided Found = findUncalled(P, S); Found.Listener)
        never(P, S, "'" + S->Name + "', which could stop a task, is never called", Found);
    for (const Mistaken &M : findMistaken(P))
      report(M.Stop->where(), "stop is requested on " + quoted(M.Other.whole()) +
                                  ", and never on " + quoted(M.Source.whole()) +
                                  ": the task that has its token cannot be stopped")
          .step(M.Listener->At, "the task starts here")
          .step(M.Stop->At, "only " + quoted(M.Other.whole()) + " is stopped here")
          .advice("request stop on each of them")
          .fix(triggerBeside(P, *M.Stop, M.Source));
  }

private:
  /// The handle is a temporary, or a local whose block ends right behind it.
  void discarded(const Program &P, const Function &F, const Event &E) {
    bool Gone =
        (E.Discarded && E.On && !E.On.isField() && E.On.leaf()->Where == Symbol::Temporary) ||
        E.DiesAtOnce;
    if (E.is(Role::OnStop) && Gone) {
      report(E.At,
             E.DiesAtOnce
                 ? "callback " + quoted(E.On) + " is deregistered at once: its block ends here"
                 : "callback is deregistered at once: nothing holds the registration")
          .advice("declare it in the scope in which the stop request must be heard")
          .fix(keepAlive(P, F, E, Given));
    } else if (E.is(Role::Spawn) && E.Entry && E.Entry->ResultJoins && Gone) {
      report(E.where(), E.DiesAtOnce ? "future " + quoted(E.On) +
                                           " is destroyed at once: the task blocks '" + F.Name +
                                           "' right here until it ends"
                                     : "result of the task is discarded: its destructor blocks '" +
                                           F.Name + "' right here until the task ends")
          .advice("keep the future until its result is needed, or run the work where somebody "
                  "waits for it")
          .fix(keepAlive(P, F, E, Given));
    }
    const std::string Token = E.is(Role::Store) ? "token " + quoted(E.On) : "this token";
    if (takesOrphan(E))
      report(E.At, "the source of " + Token + " is destroyed here: nobody can ever stop who has it")
          .advice("keep the source, and request stop when the work is no longer wanted")
          .fix(keepSource(P, F, E, Given));
  }

  /// A task has the token, and the function is left with the handle never triggered.
  bool untriggered(const Program &P, const Function &F, const Handle &H) {
    std::optional<Forgotten> Way = findForgotten(P, F, H, strict());
    if (!Way)
      return false;
    report(H.What.root()->At,
           H.describe() +
               (Way->Ever ? " is not triggered on every path: " : " is never triggered: ") +
               "the task that has its token may run on after '" + F.Name + "'")
        .step(H.At, "the task starts here")
        .steps(Way->Steps)
        .advice("request stop on every way out, or let a guard do it")
        .fix(triggerOnWays(P, F, H, Way->Ways, GuardStyle(option(ScopeGuardOption.Name)), Given));
    return true;
  }

  /// A new source replaces one whose tokens are in use.
  void overwritten(const Program &P, const Function &F, const Event &E) {
    const Task *Listener = listenerLostBy(P, F, E);
    if (!Listener)
      return;
    report(E.At, describe(E.On) + " is overwritten while its tokens are in use: the tasks that "
                                  "have them can no longer be stopped")
        .step(Listener->Started.What->At, "a task is given its token here")
        .advice("request stop on it before it gets a new value")
        .fix(triggerBefore(P, F, E.At, E.On));
  }

  /// A source that lives as long as its object: what do all functions together do with it?
  void member(const Program &P, const Symbol *S) {
    const OneSided Found = findOneSided(P, S);
    if (Found.Listener && !waitsForListeners(P, S))
      never(P, S,
            "source '" + S->Name + "' is never triggered: no function of '" + S->Class +
                "' requests stop on it",
            Found);
    if (Found.Stop && ownsTasks(P, S->Class) && !Told.count(Found.Stop->At))
      report(Found.Stop->At,
             "stop is requested on source '" + S->Name + "', but no task has its token")
          .advice("hand its token to the tasks, or request stop on what they listen to")
          .fix(firstOf(triggerTasks(P, S, *Found.Stop), listenTo(P, S)));
  }

  void never(const Program &P, const Symbol *S, std::string What, const OneSided &Found) {
    Finding &Never = report(S->At, std::move(What));
    Never.step(Found.Listener->Started.What->At, "a task is given its token here");
    for (const Function *F : endingCode(P, S->Class))
      Never.step(F->At, "'" + F->Name + "' ends the object's work, and does not trigger it");
    Never
        .advice(
            "request stop in the code that ends the object's work, before it waits for the task")
        .fix(triggerAtTheEnd(P, S, *Found.Listener));
  }

  std::set<clang::SourceLocation> Told; ///< by tether-unstoppable-thread
  Names Given;                          ///< by fixes
};

REGISTER_CHECK(DroppedCancelHandle)

} // namespace
} // namespace tether
