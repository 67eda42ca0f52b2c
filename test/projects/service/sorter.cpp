#include "sorter.h"
#include <utility>

namespace mailroom {

void Sorter::start() {
  Thread = std::jthread([this](std::stop_token Stop) { run(Stop); });
}

void Sorter::stop() {
  if (!Thread.joinable())
    return;
  Thread.request_stop();
  Thread.join();
}

void Sorter::put(Parcel P) {
  {
    std::lock_guard Lock(Mutex);
    Incoming.push_back(std::move(P));
  }
  Arrived.notify_one();
}

std::vector<Parcel> Sorter::bagFor(const std::string &To) {
  std::lock_guard Lock(Mutex);
  return std::exchange(Bags[To], {});
}

void Sorter::run(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    Parcel P = next();
    std::lock_guard Lock(Mutex);
    Bags[P.To].push_back(std::move(P));
  }
}

Parcel Sorter::next() {
  std::unique_lock Lock(Mutex);
  Arrived.wait(Lock, [this] { return !Incoming.empty(); });
  Parcel P = std::move(Incoming.front());
  Incoming.pop_front();
  return P;
}

} // namespace mailroom
