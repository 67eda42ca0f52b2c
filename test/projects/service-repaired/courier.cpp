#include "courier.h"
#include <chrono>
#include <thread>

namespace mailroom {

bool Courier::open(std::stop_token Stop) {
  for (int Attempt = 0; Attempt < 3 && !Open; ++Attempt) {
    if (Stop.stop_requested())
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Open = Attempt > 0; // the first attempt fails
  }
  return Open;
}

int Courier::deliver(const std::vector<Parcel> &Bag, std::stop_token Stop) {
  int Arrived = 0;
  for (const Parcel &P : Bag)
    Arrived += hand(P, Stop);
  return Arrived;
}

bool Courier::hand(const Parcel &P, std::stop_token Stop) {
  return Open && !Stop.stop_requested() && !P.To.empty();
}

} // namespace mailroom
