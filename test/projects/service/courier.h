// Takes parcels to their address over a connection that is opened once a day.
#pragma once
#include "parcel.h"
#include <stop_token>
#include <vector>

namespace mailroom {

class Courier {
public:
  /// Connects, unless \p Stop is requested first.
  bool open(std::stop_token Stop);
  /// The number of parcels that have arrived.
  int deliver(const std::vector<Parcel> &Bag);

private:
  bool hand(const Parcel &P);

  std::stop_token Stop;
  bool Open = false;
};

} // namespace mailroom
