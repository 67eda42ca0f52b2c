// RUN: %check_tether %s blocking-under-lock
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

// Joins.

class Joined_under_lock_bad {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard Lock(Mutex);
    Stopped = true;
    Worker.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'Worker' is joined while 'Mutex' is held: the task that it waits for locks the same mutex [tether-blocking-under-lock]
  }

private:
  void run() {
    for (;;) {
      std::lock_guard Lock(Mutex);
      if (Stopped)
        return;
    }
  }
  std::mutex Mutex;
  bool Stopped = false;
  std::thread Worker;
};

class Joined_after_unlock_ok {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    {
      std::lock_guard Lock(Mutex);
      Stopped = true;
    }
    Worker.join();
  }
  void early() {
    std::unique_lock Lock(Mutex);
    Stopped = true;
    Lock.unlock();
    Worker.join();
  }

private:
  void run() {
    for (;;) {
      std::lock_guard Lock(Mutex);
      if (Stopped)
        return;
    }
  }
  std::mutex Mutex;
  bool Stopped = false;
  std::thread Worker;
};

class Task_locks_another_mutex_ok {
public:
  void start() {
    std::lock_guard Lock(StartMutex);
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard Lock(StartMutex); // serialises start and stop
    Worker.join();
  }

private:
  void run() { std::lock_guard Lock(Mutex); }
  std::mutex StartMutex, Mutex;
  std::thread Worker;
};

class All_workers_bad {
public:
  void start() {
    for (int I = 0; I != 4; ++I)
      Workers.emplace_back([this] { run(); });
  }
  void stop() {
    std::unique_lock Lock(Mutex);
    for (std::thread &Worker : Workers)
      joinOne(Worker);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Workers' is joined while 'Mutex' is held: the task that it waits for locks the same mutex [tether-blocking-under-lock]
  }

private:
  static void joinOne(std::thread &One) { One.join(); }
  void run() { std::lock_guard Lock(Mutex); }
  std::mutex Mutex;
  std::vector<std::thread> Workers;
};

class Result_under_lock_bad {
public:
  void start() {
    Result = std::async(std::launch::async, [this] { return compute(); });
  }
  int get() {
    std::lock_guard Lock(Mutex);
    return Result.get();
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: a receive from 'Result' may block while 'Mutex' is held: the task that it waits for locks the same mutex [tether-blocking-under-lock]
  }

private:
  int compute() {
    std::lock_guard Lock(Mutex);
    return ++Count;
  }
  std::mutex Mutex;
  int Count = 0;
  std::future<int> Result;
};

class Task_tries_ok {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard Lock(Mutex);
    Worker.join();
  }

private:
  void run() {
    if (Mutex.try_lock())
      Mutex.unlock();
  }
  std::mutex Mutex;
  std::thread Worker;
};

class Both_read_ok {
public:
  void start() {
    Worker = std::thread([this] { std::shared_lock Lock(Mutex); });
  }
  void stop() {
    std::shared_lock Lock(Mutex);
    Worker.join();
  }

private:
  std::shared_mutex Mutex;
  std::thread Worker;
};

// Conditions.

class Own_lock_ok {
public:
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Ready; });
  }
  void set() {
    std::lock_guard Lock(Mutex);
    Ready = true;
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Ready = false;
};

class Second_lock_held_bad {
public:
  void wait() {
    std::lock_guard Outer(OuterMutex);
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Ready; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the wait on 'Changed' may block while 'OuterMutex' is held: 'set', which ends the wait, needs the same mutex [tether-blocking-under-lock]
  }
  void set() {
    std::lock_guard Outer(OuterMutex);
    std::lock_guard Lock(Mutex);
    Ready = true;
    Changed.notify_all();
  }

private:
  std::mutex OuterMutex, Mutex;
  std::condition_variable Changed;
  bool Ready = false;
};

class Waker_does_not_need_it_ok {
public:
  void wait() {
    std::lock_guard Outer(OuterMutex);
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Ready; });
  }
  void set() {
    std::lock_guard Lock(Mutex);
    Ready = true;
    Changed.notify_all();
  }
  void other() {
    std::lock_guard Outer(OuterMutex);
    Changed.notify_all();
  }

private:
  std::mutex OuterMutex, Mutex;
  std::condition_variable Changed;
  bool Ready = false;
};

class Bounded_ok {
public:
  void wait() {
    std::lock_guard Outer(OuterMutex);
    std::unique_lock Lock(Mutex);
    Changed.wait_for(Lock, 1s, [this] { return Ready; });
  }
  void set() {
    std::lock_guard Outer(OuterMutex);
    Ready = true;
    Changed.notify_all();
  }

private:
  std::mutex OuterMutex, Mutex;
  std::condition_variable Changed;
  bool Ready = false;
};

class Helper_waits_with_the_guard_ok {
public:
  void wait() {
    std::unique_lock Lock(Mutex);
    sleep(Lock);
  }
  void set() {
    std::lock_guard Lock(Mutex);
    Ready = true;
    Changed.notify_all();
  }

private:
  void sleep(std::unique_lock<std::mutex> &Lock) {
    Changed.wait(Lock, [this] { return Ready; });
  }
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Ready = false;
};

// Channels.

class Waits_for_worker_bad {
public:
  Waits_for_worker_bad() {
    Worker = std::thread([this] { run(); });
  }
  ~Waits_for_worker_bad() { Worker.join(); }
  void stop() {
    std::lock_guard Lock(Mutex);
    Stopped = true;
    Ended.get_future().wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: a receive from 'Ended' may block while 'Mutex' is held: 'run', which ends the wait, needs the same mutex [tether-blocking-under-lock]
  }

private:
  void run() {
    while (!isStopped()) {
    }
    Ended.set_value();
  }
  bool isStopped() {
    std::lock_guard Lock(Mutex);
    return Stopped;
  }
  std::mutex Mutex;
  bool Stopped = false;
  std::promise<void> Ended;
  std::thread Worker;
};

// Slow, but not stuck: AllWaits.

void device();
class Serialised_device_ok {
public:
  void use() {
    std::lock_guard Lock(Mutex);
    device();
    std::this_thread::sleep_for(1s);
  }

private:
  std::mutex Mutex;
};

// Readers do not keep each other out.
class Meeting_ok {
public:
  void round() {
    std::shared_lock Lock(Mutex);
    Together.arrive_and_wait();
  }

private:
  std::shared_mutex Mutex;
  std::barrier<> Together{2};
};
