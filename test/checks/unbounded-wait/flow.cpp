// RUN: %check_tether %s unbounded-wait
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

bool step();
void use(int Item);

// The timeout is the caller's, and the loop goes on when it has passed.
class Latecomer {
public:
  void arrive() {
    std::lock_guard Lock(Mutex);
    Arrived = true;
    Door.notify_all();
  }
  void await_bad(std::chrono::milliseconds Limit) {
    std::unique_lock Lock(Mutex);
    while (!Arrived)
      Door.wait_for(Lock, Limit);
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: wait on 'Door' never ends by its timeout:
  }
  bool await_ok(std::chrono::milliseconds Limit) {
    std::unique_lock Lock(Mutex);
    while (!Arrived)
      if (Door.wait_for(Lock, Limit) == std::cv_status::timeout)
        return false;
    return true;
  }
  bool await_with_predicate_ok(std::chrono::milliseconds Limit) {
    std::unique_lock Lock(Mutex);
    return Door.wait_for(Lock, Limit, [this] { return Arrived; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Door;
  bool Arrived = false;
};

// One wait takes the token that is in reach, the other does not.
class TwoWaits {
public:
  bool take(std::stop_token Stop, int &Item) {
    std::unique_lock Lock(Mutex);
    if (!Ready.wait(Lock, Stop, [this] { return !Items.empty(); }))
      return false;
    Item = Items.front();
    Items.pop_front();
    return true;
  }
  void flush_bad(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    while (!Stop.stop_requested() && !Items.empty())
      Ready.wait(Lock);
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token:
  }
  void flush_ok(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, Stop, [this] { return Items.empty(); });
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Ready;
  std::deque<int> Items;
};
