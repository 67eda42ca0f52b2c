// RUN: %check_tether %s '*'
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <queue>
#include <stop_token>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

using Clock = std::chrono::steady_clock;

// ---- a timer thread with a heap of deadlines --------------------------------------------------------

class TimerThread_ok {
public:
  using Id = std::uint64_t;

  TimerThread_ok() : Worker([this] { run(); }) {}
  TimerThread_ok(const TimerThread_ok &) = delete;
  TimerThread_ok &operator=(const TimerThread_ok &) = delete;
  ~TimerThread_ok() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stopping = true;
    }
    Wake.notify_one();
    Worker.join();
  }

  Id schedule(Clock::duration Delay, std::function<void()> Fn) {
    const Clock::time_point When = Clock::now() + Delay;
    std::lock_guard<std::mutex> Lock(M);
    const Id New = ++LastId;
    const bool First = Heap.empty() || When < Heap.top().When;
    Heap.push(Entry{When, New, std::move(Fn)});
    if (First)
      Wake.notify_one();
    return New;
  }

  void cancel(Id Which) {
    std::lock_guard<std::mutex> Lock(M);
    Cancelled.insert(Which);
  }

private:
  struct Entry {
    Clock::time_point When;
    Id Number;
    std::function<void()> Fn;
    bool operator>(const Entry &Other) const { return When > Other.When; }
  };

  void run() {
    std::unique_lock<std::mutex> Lock(M);
    while (!Stopping) {
      if (Heap.empty()) {
        Wake.wait(Lock, [this] { return Stopping || !Heap.empty(); });
        continue;
      }
      const Clock::time_point Next = Heap.top().When;
      if (Clock::now() < Next) {
        Wake.wait_until(Lock, Next);
        continue;
      }
      Entry Due = Heap.top();
      Heap.pop();
      if (Cancelled.erase(Due.Number))
        continue;
      Lock.unlock();
      Due.Fn();
      Lock.lock();
    }
  }

  std::mutex M;
  std::condition_variable Wake;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> Heap;
  std::unordered_set<Id> Cancelled;
  Id LastId = 0;
  bool Stopping = false;
  std::thread Worker;
};

// ---- a scheduler over a multimap, plain waits in a loop --------------------------------------------

class Scheduler_ok {
public:
  explicit Scheduler_ok(unsigned Threads) {
    for (unsigned I = 0; I < Threads; ++I)
      Pool.emplace_back(&Scheduler_ok::serviceQueue, this);
  }
  ~Scheduler_ok() { stop(true); }

  void schedule(std::function<void()> Fn, std::chrono::system_clock::time_point When) {
    {
      std::unique_lock<std::mutex> Lock(M);
      Queue.emplace(When, std::move(Fn));
    }
    NewTask.notify_one();
  }
  void every(std::function<void()> Fn, std::chrono::milliseconds Period) {
    schedule(
        [this, Fn, Period] {
          Fn();
          every(Fn, Period);
        },
        std::chrono::system_clock::now() + Period);
  }
  void stop(bool Drop) {
    {
      std::unique_lock<std::mutex> Lock(M);
      StopRequested = true;
      if (Drop)
        Queue.clear();
    }
    NewTask.notify_all();
    for (std::thread &T : Pool)
      if (T.joinable())
        T.join();
  }

private:
  void serviceQueue() {
    std::unique_lock<std::mutex> Lock(M);
    while (!StopRequested) {
      while (!StopRequested && Queue.empty())
        NewTask.wait(Lock);
      while (!StopRequested && !Queue.empty() &&
             NewTask.wait_until(Lock, Queue.begin()->first) != std::cv_status::timeout) {
      }
      if (StopRequested)
        break;
      if (Queue.empty() || std::chrono::system_clock::now() < Queue.begin()->first)
        continue;
      std::function<void()> Fn = std::move(Queue.begin()->second);
      Queue.erase(Queue.begin());
      Lock.unlock();
      Fn();
      Lock.lock();
    }
  }

  std::mutex M;
  std::condition_variable NewTask;
  std::multimap<std::chrono::system_clock::time_point, std::function<void()>> Queue;
  bool StopRequested = false;
  std::vector<std::thread> Pool;
};

// ---- a periodic jthread --------------------------------------------------------------------------------

class Periodic_ok {
public:
  Periodic_ok(std::chrono::milliseconds Period, std::function<void()> Fn)
      : Thread([this, Period, Fn = std::move(Fn)](std::stop_token Stop) {
          std::unique_lock Lock(M);
          while (!Cv.wait_for(Lock, Stop, Period, [&Stop] { return Stop.stop_requested(); })) {
            Lock.unlock();
            Fn();
            Lock.lock();
          }
        }) {}

private:
  std::mutex M;
  std::condition_variable_any Cv;
  std::jthread Thread;
};

class PeriodicUntil_ok {
public:
  void start() { Thread = std::jthread(std::bind_front(&PeriodicUntil_ok::run, this)); }
  void trigger() {
    {
      std::scoped_lock Lock(M);
      Triggered = true;
    }
    Cv.notify_one();
  }
  long count() const { return Runs.load(std::memory_order_relaxed); }

private:
  void run(std::stop_token Stop) {
    auto Next = Clock::now();
    while (!Stop.stop_requested()) {
      Next += std::chrono::seconds(1);
      {
        std::unique_lock Lock(M);
        Cv.wait_until(Lock, Stop, Next, [this] { return Triggered; });
        Triggered = false;
      }
      if (Stop.stop_requested())
        return;
      Runs.fetch_add(1, std::memory_order_relaxed);
    }
  }
  std::atomic<long> Runs{0};
  std::mutex M;
  std::condition_variable_any Cv;
  bool Triggered = false;
  std::jthread Thread;
};

// ---- a watchdog that is fed -----------------------------------------------------------------------------

class Watchdog_ok {
public:
  Watchdog_ok(std::chrono::seconds Limit, std::function<void()> OnExpiry)
      : Limit(Limit), OnExpiry(std::move(OnExpiry)), Thread(&Watchdog_ok::watch, this) {}
  ~Watchdog_ok() {
    {
      std::lock_guard Lock(M);
      Done = true;
    }
    Cv.notify_all();
    Thread.join();
  }
  void feed() {
    std::lock_guard Lock(M);
    ++Fed;
    Cv.notify_all();
  }

private:
  void watch() {
    std::unique_lock Lock(M);
    while (!Done) {
      const auto Before = Fed;
      if (!Cv.wait_for(Lock, Limit, [&] { return Done || Fed != Before; })) {
        Lock.unlock();
        OnExpiry();
        return;
      }
    }
  }

  const std::chrono::seconds Limit;
  const std::function<void()> OnExpiry;
  std::mutex M;
  std::condition_variable Cv;
  unsigned long Fed = 0;
  bool Done = false;
  std::thread Thread;
};

// ---- an event that is waited for with a deadline, and one that is not --------------------------------------

class ManualResetEvent_ok {
public:
  void set() {
    std::lock_guard Lock(M);
    Signalled = true;
    Cv.notify_all();
  }
  void reset() {
    std::lock_guard Lock(M);
    Signalled = false;
  }
  void wait() const {
    std::unique_lock Lock(M);
    Cv.wait(Lock, [this] { return Signalled; });
  }
  template <class Rep, class Period>
  bool waitFor(const std::chrono::duration<Rep, Period> &Time) const {
    std::unique_lock Lock(M);
    return Cv.wait_for(Lock, Time, [this] { return Signalled; });
  }

private:
  mutable std::mutex M;
  mutable std::condition_variable Cv;
  bool Signalled = false;
};

class Sampler_ok {
public:
  Sampler_ok() : Thread([this] {
    while (!Quit.waitFor(std::chrono::milliseconds(10)))
      Samples.fetch_add(1);
  }) {}
  ~Sampler_ok() {
    Quit.set();
    Thread.join();
  }

private:
  ManualResetEvent_ok Quit;
  std::atomic<int> Samples{0};
  std::thread Thread;
};

int eventHandshake_ok() {
  ManualResetEvent_ok Go;
  int Value = 0;
  std::thread Worker([&] {
    Go.wait();
    ++Value;
  });
  Value = 41;
  Go.set();
  Worker.join();
  return Value;
}
