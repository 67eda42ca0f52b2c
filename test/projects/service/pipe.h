// A bounded channel: put() waits for room, take() for a value; both end when it is closed.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace mailroom {

template <typename T> class Pipe {
public:
  /// With no room, put() waits until somebody takes the value.
  explicit Pipe(std::size_t Room = 0) : Room(Room) {}

  bool put(T Value) {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Closed || Values.size() < Room + Takers; });
    if (Closed)
      return false;
    Values.push_back(std::move(Value));
    Changed.notify_all();
    return true;
  }

  std::optional<T> take() {
    std::unique_lock Lock(Mutex);
    ++Takers;
    Changed.notify_all();
    Changed.wait(Lock, [this] { return Closed || !Values.empty(); });
    --Takers;
    if (Values.empty())
      return std::nullopt;
    T Value = std::move(Values.front());
    Values.pop_front();
    Changed.notify_all();
    return Value;
  }

  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
    Changed.notify_all();
  }

private:
  const std::size_t Room;
  std::mutex Mutex;
  std::condition_variable Changed;
  std::deque<T> Values;
  std::size_t Takers = 0;
  bool Closed = false;
};

} // namespace mailroom
