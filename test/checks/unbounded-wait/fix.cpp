// RUN: %check_tether %s unbounded-wait
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

// Each stands on a note: what happens on stop is new.

// The task has a token, and the condition takes one when it is of the other type.
class WithToken {
public:
  void start() {
    Thread = std::jthread([this](std::stop_token Stop) { run(Stop); });
  }
  void stop() { Thread.request_stop(); }
  void put(int Item) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run(std::stop_token Stop) {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (!Stop.stop_requested()) {
      Ready.wait(Lock, [this] { return !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token: the destructor of 'WithToken' requests a stop, and it does not listen to that
      // CHECK-NOTE-FIXES: {{^}}      Ready.wait(Lock, Stop, [this] { return !Items.empty(); });
      // CHECK-NOTE-FIXES-NEXT: {{^}}      if (Stop.stop_requested())
      // CHECK-NOTE-FIXES-NEXT: {{^}}        return;
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  // CHECK-NOTE-FIXES: {{^}}  std::condition_variable_any Ready;
  std::deque<int> Items;
  std::jthread Thread;
};

// The task does not have the token: a flag of its own ends it.
class WithoutToken {
public:
  WithoutToken() : Thread([this] { run(); }) {}
  ~WithoutToken() { stop(); }
  void stop() {
    Thread.request_stop();
    Thread.join();
    // CHECK-NOTE-FIXES: {{^}}    Thread.request_stop();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    {
    // CHECK-NOTE-FIXES-NEXT: {{^}}      std::lock_guard<decltype(Mutex)> Lock(Mutex);
    // CHECK-NOTE-FIXES-NEXT: {{^}}      Stopping = true;
    // CHECK-NOTE-FIXES-NEXT: {{^}}    }
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Ready.notify_all();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Thread.join();
  }
  void put(int Item) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(Mutex);
    for (;;) {
      Ready.wait(Lock, [this] { return !Items.empty() && Items.front() > 0; });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token: '~WithoutToken' requests a stop, and it does not listen to that
      // CHECK-NOTE-FIXES: {{^}}      Ready.wait(Lock, [this] { return Stopping || (!Items.empty() && Items.front() > 0); });
      // CHECK-NOTE-FIXES-NEXT: {{^}}      if (Stopping)
      // CHECK-NOTE-FIXES-NEXT: {{^}}        return;
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  // CHECK-NOTE-FIXES: {{^}}  std::condition_variable Ready;
  // CHECK-NOTE-FIXES-NEXT: {{^}}  bool Stopping = false;
  std::deque<int> Items;
  std::jthread Thread;
};

// There is a flag, and the wait does not know it.
class WithFlag {
public:
  int take() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Closed)
      return 0;
    Ready.wait(Lock, [this] { return Count > 0; });
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: wait on 'Ready' has no timeout and no stop token: whoever sets 'Closed' wakes nobody
    // CHECK-NOTE-FIXES: {{^}}    Ready.wait(Lock, [this] { return Closed || Count > 0; });
    // CHECK-NOTE-FIXES-NEXT: {{^}}    if (Closed)
    // CHECK-NOTE-FIXES-NEXT: {{^}}      return {};
    return Count--;
  }
  void put() {
    std::lock_guard<std::mutex> Lock(Mutex);
    ++Count;
    Ready.notify_one();
  }
  void close() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Closed = true;
    // CHECK-NOTE-FIXES: {{^}}    Closed = true;
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Ready.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  bool Closed = false;
  int Count = 0;
};

// The time that the caller gave passes, and the loop goes on.
class Door {
public:
  bool waitFor(std::chrono::milliseconds Limit) {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (!Open)
      Changed.wait_for(Lock, Limit);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: wait on 'Changed' never ends by its timeout
      // CHECK-NOTE-FIXES: {{^}}      if (Changed.wait_for(Lock, Limit) == std::cv_status::timeout)
      // CHECK-NOTE-FIXES-NEXT: {{^}}        break;
    return Open;
  }
  void open() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Open = true;
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Open = false;
};
