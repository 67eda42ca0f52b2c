// Asks all carriers at once what a parcel costs.
#pragma once
#include "parcel.h"
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace mailroom {

struct Offer {
  std::string Carrier;
  int Cents = 0;
};

class Desk {
public:
  using Carrier = std::function<Offer(const Parcel &)>;

  void add(Carrier C);
  /// The first offer that is not above \p Limit.
  std::optional<Offer> ask(const Parcel &P, int Limit) const;

private:
  std::vector<Carrier> Carriers;
};

} // namespace mailroom
