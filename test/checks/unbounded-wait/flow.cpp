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

// The wait is in a function that the task's body calls.
class Helper_bad {
public:
  Helper_bad() : Thread(&Helper_bad::run, this) {}
  ~Helper_bad() { Thread.join(); }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  int next() {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, [this] { return !Items.empty(); });
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: wait on 'Ready' has no timeout and no stop token:
    int Item = Items.front();
    Items.pop_front();
    return Item;
  }
  void run() {
    for (;;)
      use(next());
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  std::thread Thread;
};

// The wake-up is in a function that the destructor calls.
class Helper_ok {
public:
  Helper_ok() : Thread(&Helper_ok::run, this) {}
  ~Helper_ok() {
    stop();
    wait();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void stop() {
    std::lock_guard Lock(Mutex);
    Done = true;
    wakeAll();
  }
  void wakeAll() { Ready.notify_all(); }
  void wait() { Thread.join(); }
  bool next(int &Item) {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, [this] { return Done || !Items.empty(); });
    if (Done)
      return false;
    Item = Items.front();
    Items.pop_front();
    return true;
  }
  void run() {
    int Item;
    while (next(Item))
      use(Item);
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

// The flag is set, and nobody is told.
class NotNotified_bad {
public:
  NotNotified_bad() : Thread(&NotNotified_bad::run, this) {}
  ~NotNotified_bad() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Thread.join();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Done || !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token:
      if (Done)
        return;
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

// The condition that is notified is another one.
class WrongCondition_bad {
public:
  WrongCondition_bad() : Thread(&WrongCondition_bad::run, this) {}
  ~WrongCondition_bad() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Space.notify_all();
    Thread.join();
  }
  void put(int Item) {
    std::unique_lock Lock(Mutex);
    Space.wait_for(Lock, 1s, [this] { return Items.size() < 4; });
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Done || !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token:
      if (Done)
        return;
      use(Items.front());
      Items.pop_front();
      Space.notify_one();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready, Space;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

class BothConditions_ok {
public:
  BothConditions_ok() : Thread(&BothConditions_ok::run, this) {}
  ~BothConditions_ok() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Space.notify_all();
    Ready.notify_all();
    Thread.join();
  }
  void put(int Item) {
    std::unique_lock Lock(Mutex);
    Space.wait(Lock, [this] { return Done || Items.size() < 4; });
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Done || !Items.empty(); });
      if (Done)
        return;
      use(Items.front());
      Items.pop_front();
      Space.notify_one();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready, Space;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

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
