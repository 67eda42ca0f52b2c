#include "protocol/Meetings.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

std::vector<Owed> countsShort(const Program &P, const Function &F) {
  std::vector<Owed> Found;
  F.forEach([&](const Event &Wait, Position At) {
    const Object &O = Wait.On;
    if (!Wait.is(Role::Receive) || !isOwedWait(Wait) || !O.isLocal() || !madeIn(F, O) ||
        !O.leaf()->NeedsSeveral || O.leaf()->Container)
      return;
    // Who counts, as far as all of it can be seen.
    bool Here = false, Unknown = false, Repeats = false;
    int64_t Comes = 0;
    auto counts = [&](const Event &E, bool InLoop) {
      ++Comes;
      Repeats |= InLoop || E.InLoop;
    };
    F.forEach([&](const Event &E, Position) {
      if (E.is(Role::Send, O)) {
        counts(E, false);
        Here = true;
      } else if (E.is(Role::Spawn)) {
        bool Any = false;
        for (const Event &I : E.Inner)
          if (I.is(Role::Send, O)) {
            counts(I, E.InLoop);
            Any = true;
          }
        Unknown |= !Any && E.transfers(O);
        Repeats |= Any && E.InLoop;
      } else {
        Unknown |= E.transfers(O) || (E.is(Role::Overwrite) && E.On == O);
      }
    });
    if (Unknown || !Comes)
      return;
    if (!Repeats && O.leaf()->Needs && Comes < *O.leaf()->Needs) {
      Found.push_back({Wait.At,
                       O,
                       "waits for " + std::to_string(*O.leaf()->Needs) + ", and only " +
                           std::to_string(Comes) + (Comes == 1 ? " comes" : " come"),
                       {{O.root()->At, "it is made here"}}});
      return;
    }
    // The wait is in the loop that starts those who count: the first turn waits for all of them.
    auto Gone = [&](const Event &E) {
      return E.is(Role::Destroy | Role::Store) && E.On == O; // made anew in each turn
    };
    auto Starts = [&](const Event &E) {
      return E.is(Role::Spawn) &&
             llvm::any_of(E.Inner, [&](const Event &I) { return I.is(Role::Send, O); });
    };
    auto Round = Here ? std::nullopt
                      : F.findPath({.From = At, .Avoiding = Gone, .Until = Starts, .Exits = false});
    if (!Round || O.leaf()->Needs == 1)
      return;
    Found.push_back({Wait.At,
                     O,
                     "is waited for before all tasks that have to come are started",
                     {{O.root()->At, "it is made here"},
                      {Round->Last->At, "the next turn starts one more of them"}}});
    Found.back().Is = Owed::Early;
    Found.back().Wait = &Wait;
    Found.back().In = &F;
  });
  return Found;
}

std::vector<Owed> leftMeeting(const Program &P, const Function &F) {
  std::vector<Owed> Found;
  F.forEach(Role::Receive, [&](const Event &Meet, Position) {
    if (!Meet.Immediate || !Meet.Entry || !Meet.Entry->Meets || !Meet.On ||
        Meet.On.root()->Where == Symbol::Param || !Found.empty())
      return;
    auto arrives = [&](const Event &E) {
      return E.is(Role::Send | Role::Close) && E.On == Meet.On;
    };
    // An exception that goes on ends the program, or tells whoever made the call.
    auto stops = [&](const Event &E) {
      return arrives(E) || E.is(Role::Throw) || E.transfers(Meet.On);
    };
    F.forEach(Role::Throw | Role::MayThrow, [&](const Event &Raise, Position At) {
      if (Raise.Handlers.empty() || !Found.empty())
        return;
      auto Never = [](const Event &) { return false; };
      if (!F.findPath({.From = At, .Avoiding = Never, .Until = arrives, .Exits = false}))
        return; // it has met them all
      std::vector<const Handler *> Handlers = Raise.handlersOfUnknown();
      if (Raise.is(Role::Throw))
        Handlers = {Raise.handlerOf(Raise)};
      for (const Handler *H : Handlers) {
        if (!H)
          continue;
        auto Out = F.findPath({.From = {H->Block, ~0u}, .Avoiding = stops});
        if (!Out)
          continue;
        Owed O{Raise.At,
               Meet.On,
               "is left by an exception here: the others wait for it for ever",
               {{Meet.At, "here all of them wait for each other"}}};
        llvm::append_range(O.Steps, Out->Steps);
        Found.push_back(std::move(O));
        return;
      }
    });
  });
  return Found;
}

} // namespace tether
