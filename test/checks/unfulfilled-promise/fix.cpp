// RUN: %check_tether %s unfulfilled-promise
#include <condition_variable>
#include <functional>
#include <future>
#include <latch>
#include <mutex>
#include <thread>
#include <vector>

bool open();
int fetch();

// CHECK-FIXES: #include <exception>
// CHECK-FIXES: #include <stdexcept>

int promise_bad() {
  std::promise<int> Result;
  std::future<int> Answer = Result.get_future();
  std::thread Reader([&] {
    if (!open())
      return;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Result' is not satisfied on this path
      // CHECK-FIXES: {{^}}      Result.set_exception(std::make_exception_ptr(std::runtime_error("given up")));
      // CHECK-FIXES-NEXT: {{^}}      return;
    Result.set_value(fetch());
  });
  int Value = Answer.get();
  Reader.join();
  return Value;
}

void latch_bad(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I)
    Workers.emplace_back([&] {
      if (!open()) {
        return;
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: channel 'Done' is not satisfied on this path
        // CHECK-FIXES: {{^}}        Done.count_down();
        // CHECK-FIXES-NEXT: {{^}}        return;
      }
      Done.count_down();
    });
  Done.wait();
}

// Behind the handler it would be satisfied twice.
void handler_bad(const std::function<void()> &Prepare) {
  std::latch Ready(1);
  std::jthread Worker([&] {
    try {
      Prepare();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Ready' is not satisfied on this path
      Ready.count_down();
    } catch (...) {
      fetch();
      // CHECK-FIXES: {{^}}      fetch();
      // CHECK-FIXES-NEXT: {{^}}      Ready.count_down();
    }
  });
  Ready.wait();
}

void waits_too_early_bad(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I) {
    Workers.emplace_back([&] { Done.count_down(); });
    Done.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: channel 'Done' is waited for before all tasks that have to come are started
  }
}
// CHECK-FIXES:      {{^}}    Workers.emplace_back([&] { Done.count_down(); });
// CHECK-FIXES-NEXT: {{^ *//$}}
// CHECK-FIXES-NEXT: {{^}}  }
// CHECK-FIXES-NEXT: {{^}}  Done.wait();

class Flushed {
public:
  bool flush() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return !Busy; });
    Busy = true;
    Lock.unlock();
    if (!open())
      return false;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Busy' is not changed back on this path
      // CHECK-FIXES: {{^}}    if (!open()) {
      // CHECK-FIXES-NEXT: {{^}}      {
      // CHECK-FIXES-NEXT: {{^}}        std::lock_guard<decltype(Mutex)> Held(Mutex);
      // CHECK-FIXES-NEXT: {{^}}        Busy = false;
      // CHECK-FIXES-NEXT: {{^}}      }
      // CHECK-FIXES-NEXT: {{^}}      Changed.notify_all();
      // CHECK-FIXES-NEXT: {{^}}      return false;
    Lock.lock();
    Busy = false;
    Changed.notify_all();
    return true;
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

// Which of several states tells of the failure is not known.
class Loaded {
public:
  bool load() {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Now = State::Loading;
    }
    if (!open())
      return false;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Now' is not changed back on this path
      // CHECK-FIXES: {{^}}    if (!open())
      // CHECK-FIXES-NEXT: {{^}}      return false;
    std::lock_guard<std::mutex> Lock(Mutex);
    Now = State::Loaded;
    Changed.notify_all();
    return true;
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (Now == State::Loading)
      Changed.wait(Lock);
  }

private:
  enum class State { Empty, Loading, Loaded };
  std::mutex Mutex;
  std::condition_variable Changed;
  State Now = State::Empty;
};

// A handler tells of the failure.
class Runner {
public:
  void run(std::function<void()> Job) {
    std::promise<void> Done;
    std::future<void> End = Done.get_future();
    std::jthread Worker([&] {
      try {
        Job();
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: channel 'Done' is not satisfied on this path
        Done.set_value();
        // CHECK-FIXES: {{^}}      } catch (...) {
        // CHECK-FIXES-NEXT: {{^}}        open();
        // CHECK-FIXES-NEXT: {{^}}        Done.set_exception(
      } catch (...) {
        open();
      }
    });
    End.get();
  }
};

// By a call with what is in reach.
class Counted {
public:
  void hold() {
    std::lock_guard<std::mutex> Lock(Mutex);
    ++Count;
  }
  void release(int Id) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Last = Id;
    if (--Count == 0)
      Changed.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Count == 0; });
  }
  void work(int Id) {
    hold();
    // CHECK-FIXES: {{^}}    if (!open()) {
    // CHECK-FIXES-NEXT: {{^}}      release(Id);
    // CHECK-FIXES-NEXT: {{^}}      return;
    if (!open())
      return;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Count' is not changed back on this path
    release(Id);
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  int Count = 0, Last = 0;
};
