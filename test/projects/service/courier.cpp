#include "courier.h"
#include <chrono>
#include <thread>
#include <utility>

namespace mailroom {

bool Courier::open(std::stop_token Wanted) {
  Stop = std::move(Wanted);
  for (int Attempt = 0; Attempt < 3 && !Open; ++Attempt) {
    if (Stop.stop_requested())
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    Open = Attempt > 0; // the first attempt fails
  }
  return Open;
}

int Courier::deliver(const std::vector<Parcel> &Bag) {
  int Arrived = 0;
  for (const Parcel &P : Bag)
    Arrived += hand(P);
  return Arrived;
}

bool Courier::hand(const Parcel &P) {
  // The request that opened the connection may be over, and its token stopped, for hours.
  return Open && !Stop.stop_requested() && !P.To.empty();
}

} // namespace mailroom
