#include "desk.h"
#include "pipe.h"
#include <thread>
#include <utility>

namespace mailroom {

void Desk::add(Carrier C) { Carriers.push_back(std::move(C)); }

std::optional<Offer> Desk::ask(const Parcel &P, int Limit) const {
  Pipe<Offer> Offers(Carriers.size()); // nobody waits for the offers behind the first good one
  std::vector<std::jthread> Asked;
  for (const Carrier &Ask : Carriers)
    Asked.emplace_back([&] { Offers.put(Ask(P)); });

  for (std::size_t I = 0; I < Carriers.size(); ++I) {
    std::optional<Offer> Next = Offers.take();
    if (Next && Next->Cents <= Limit)
      return Next;
  }
  return std::nullopt;
}

} // namespace mailroom
