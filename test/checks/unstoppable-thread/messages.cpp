// RUN: %check_tether %s unstoppable-thread
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

class Late {
public:
  Late() : Worker([this] { run(); }) {}
  ~Late() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Worker.join();
    // CHECK-NOTES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: it is woken only after the join [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-8]]:12: note: the task starts here
    // CHECK-NOTES: :[[@LINE+9]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE+2]]:13: note: this comes too late
    // CHECK-NOTES: :[[@LINE-5]]:12: note: wake it before the join, on every way
    Changed.notify_all();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
  std::thread Worker;
};

class OneWay {
public:
  OneWay() : Worker([this] { run(); }) {}
  void stop(bool Quiet) {
    std::unique_lock<std::mutex> Lock(M);
    Stop = true;
    if (!Quiet)
      Changed.notify_all();
    Lock.unlock();
    Worker.join();
    // CHECK-NOTES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: not every way to the join wakes it [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-9]]:14: note: the task starts here
    // CHECK-NOTES: :[[@LINE+8]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE-7]]:9: note: '!Quiet' is false
    // CHECK-NOTES: :[[@LINE-5]]:12: note: wake it before the join, on every way
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
  std::thread Worker;
};

class Overwrites {
public:
  Overwrites() : Worker([this] { run(); }) {}
  ~Overwrites() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
      Woken = true;
    }
    Changed.notify_one();
    Worker.join();
  }

private:
  bool stopped() {
    std::lock_guard<std::mutex> Lock(M);
    return Stop;
  }
  void run() {
    while (!stopped()) {
      std::unique_lock<std::mutex> Lock(M);
      Woken = false;
      // CHECK-NOTES: :[[@LINE-1]]:7: warning: task of 'Worker' may never end: the reset of 'Woken' overwrites the wake-up of '~Overwrites' [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-21]]:18: note: the task starts here
      // CHECK-NOTES: :[[@LINE+4]]:15: note: it waits here
      // CHECK-NOTES: :[[@LINE-18]]:7: note: it is woken by this change, to stop
      // CHECK-NOTES: :[[@LINE-5]]:7: note: if that comes before this reset, nobody wakes the task: 'Stop' is not looked at again
      // CHECK-NOTES: :[[@LINE-6]]:7: note: look at 'Stop' under the same lock, before the reset or in the predicate
      Changed.wait(Lock, [this] { return Woken; });
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false, Woken = false;
  std::thread Worker;
};

class Forgets {
public:
  bool step(const std::function<bool()> &Ready) {
    std::unique_lock<std::mutex> Lock(M);
    Outstanding = true;
    while (!Cancelled && !Ready())
      Changed.wait_for(Lock, std::chrono::milliseconds(1));
    Outstanding = false;
    return !Cancelled;
  }
  void cancel() {
    std::lock_guard<std::mutex> Lock(M);
    if (Outstanding)
      Cancelled = true;
      // CHECK-NOTES: :[[@LINE-1]]:7: warning: wait on 'Changed' may miss the stop: 'Cancelled' is set only while 'Outstanding' says that somebody waits [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-9]]:15: note: 'step' waits here, and ends when 'Cancelled' is set
      // CHECK-NOTES: :[[@LINE-4]]:9: note: a stop that comes between two waits is forgotten here
      // CHECK-NOTES: :[[@LINE-4]]:7: note: set 'Cancelled' in any case, and look at it before the wait
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Outstanding = false, Cancelled = false;
};

class Itself {
public:
  Itself() : Worker([this] { run(); }) {}
  ~Itself() { stop(); }
  void stop() {
    if (Worker.joinable())
      Worker.join();
      // CHECK-NOTES: :[[@LINE-1]]:14: warning: task of 'Worker' may never end: the task joins itself [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-6]]:14: note: the task starts here
      // CHECK-NOTES: :[[@LINE-3]]:14: note: it gets here
      // CHECK-NOTES: :[[@LINE-4]]:14: note: here it waits for its own end
      // CHECK-NOTES: :[[@LINE-5]]:14: note: ask first whether this is the task's own thread, or leave the join to somebody else
  }

private:
  void run() {
    if (failed())
      stop();
  }
  static bool failed();
  std::thread Worker;
};

class Callback {
public:
  explicit Callback(std::function<void(Callback &)> OnEnd)
      : OnEnd(std::move(OnEnd)), Worker([this] { run(); }) {}
  ~Callback() { stop(); }
  void stop() {
    if (Worker.joinable())
      Worker.join();
      // CHECK-NOTES: :[[@LINE-1]]:14: warning: task of 'Worker' may never end: a callback of the task may join the task [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-6]]:34: note: the task starts here
      // CHECK-NOTES: :[[@LINE+6]]:16: note: it calls a callback here, which may call 'stop'
      // CHECK-NOTES: :[[@LINE-4]]:14: note: here it waits for its own end
      // CHECK-NOTES: :[[@LINE-5]]:14: note: ask first whether this is the task's own thread, or leave the join to somebody else
  }

private:
  void run() { OnEnd(*this); }
  std::function<void(Callback &)> OnEnd;
  std::thread Worker;
};

class WaitsForTheEnd {
public:
  explicit WaitsForTheEnd(std::function<void(WaitsForTheEnd &)> OnEnd)
      : OnEnd(std::move(OnEnd)), Worker([this] { run(); }) {}
  ~WaitsForTheEnd() { Worker.join(); }
  void finish() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Ended; });
    // CHECK-NOTES: :[[@LINE-1]]:13: warning: task of 'Worker' may never end: a callback of the task may wait for the end of the task [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-6]]:34: note: the task starts here
    // CHECK-NOTES: :[[@LINE+7]]:5: note: it calls a callback here, which may call 'finish'
    // CHECK-NOTES: :[[@LINE-4]]:13: note: here it waits for its own end
    // CHECK-NOTES: :[[@LINE-5]]:13: note: ask first whether this is the task's own thread, or leave the join to somebody else
  }

private:
  void run() {
    OnEnd(*this);
    std::lock_guard<std::mutex> Lock(M);
    Ended = true;
    Changed.notify_all();
  }
  std::function<void(WaitsForTheEnd &)> OnEnd;
  std::mutex M;
  std::condition_variable Changed;
  bool Ended = false;
  std::thread Worker;
};
