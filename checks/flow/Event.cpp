#include "flow/Event.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

static bool captures(const Value &V, const Object &O) {
  return llvm::any_of(V.Captures, [&](const Capture &C) { return C.What && C.What == O; });
}

Change StateChange::doneBy(const Event &E) const {
  if (!Value)
    return E.Way == Change::Unknown || Way == Change::Unknown ? Change::Unknown
           : E.Way == Way                                     ? Change::Up
                                                              : Change::Down;
  if (!E.Written)
    return Change::Unknown;
  return (*E.Written == *Value) == (Way == Change::Up) ? Change::Up : Change::Down;
}

bool Event::transfers(const Object &O) const {
  if (is(Role::Transfer))
    return (On && O.isWithin(On)) ||
           llvm::any_of(Args, [&](const Value &V) { return V.What && V.What == O; });
  if (is(Role::Spawn | Role::OnStop))
    return captures(This, O) || llvm::any_of(Args, [&](const Value &V) {
             return captures(V, O) || (V.What == O && !V.IsToken);
           });
  if (is(Role::Store) && On != O)
    return llvm::any_of(Args, [&](const Value &V) {
      return captures(V, O) || (V.What && V.What == O && !V.IsToken);
    });
  return false;
}

bool Event::handsTokenOf(const Object &O) const {
  auto hands = [&](const Value &V) {
    return (V.TokenOf && V.TokenOf == O) ||
           llvm::any_of(V.Captures, [&](const Capture &C) { return C.TokenOf && C.TokenOf == O; });
  };
  return hands(This) || llvm::any_of(Args, hands);
}

} // namespace tether
