// Sorts what comes in, on a thread of its own, until it is stopped.
#pragma once
#include "parcel.h"
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace mailroom {

class Sorter {
public:
  void start();
  void stop();
  void put(Parcel P);
  std::vector<Parcel> bagFor(const std::string &To);

private:
  void run(std::stop_token Stop);
  std::optional<Parcel> next(std::stop_token Stop);

  std::mutex Mutex;
  std::condition_variable_any Arrived;
  std::deque<Parcel> Incoming;
  std::map<std::string, std::vector<Parcel>> Bags;
  std::jthread Thread;
};

} // namespace mailroom
