#include "flow/Event.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"
#include <type_traits>

namespace tether {

static_assert(std::is_nothrow_move_constructible_v<Event>, "or vectors that grow copy all of them");

/// \p Whole is \p O, or something that \p O is a part of. (`this` says nothing about its members.)
static bool contains(const Object &Whole, const Object &O) {
  return Whole && (Whole == O || (Whole.root()->Where != Symbol::This && O.isWithin(Whole)));
}

static bool captures(const Value &V, const Object &O) {
  return llvm::any_of(V.Captures, [&](const Capture &C) { return contains(C.What, O); });
}

Change StateChange::doneBy(const Event &E) const {
  if (!Value)
    return E.Way == Change::Unknown || Way == Change::Unknown ? Change::Unknown
           : E.Way == Way                                     ? Change::Up
                                                              : Change::Down;
  const auto Hits = llvm::count(E.Written, *Value);
  if (E.Written.empty() || (Hits != 0 && Hits != static_cast<int64_t>(E.Written.size())))
    return Change::Unknown;
  return (Hits != 0) == (Way == Change::Up) ? Change::Up : Change::Down;
}

const Handler *Event::handlerOf(const Event &E) const {
  for (const Handler &H : Handlers)
    if (!H.Type || E.Thrown.empty() || llvm::is_contained(E.Thrown, H.Type))
      return &H;
  return nullptr;
}

bool Event::isWakeUp() const {
  return is(Role::Notify | Role::Send | Role::Close) && !(Entry && Entry->Wakes == "none");
}

std::vector<const Handler *> Event::handlersOfUnknown() const {
  std::vector<const Handler *> Found;
  for (const Handler &H : Handlers) {
    if (!H.OfSend)
      Found.push_back(&H);
    if (!H.Type) // nothing gets past it
      break;
  }
  return Found;
}

bool Event::transfers(const Object &O) const {
  if (is(Role::Transfer))
    return (On && O.isWithin(On)) ||
           llvm::any_of(Args, [&](const Value &V) { return contains(V.What, O); });
  if (is(Role::Spawn | Role::OnStop))
    return captures(This, O) || llvm::any_of(Args, [&](const Value &V) {
             return captures(V, O) || (contains(V.What, O) && !V.IsToken);
           });
  if (is(Role::Store) && !(On && O.isWithin(On)))
    return llvm::any_of(Args, [&](const Value &V) {
      return captures(V, O) || (contains(V.What, O) && !V.IsToken);
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
