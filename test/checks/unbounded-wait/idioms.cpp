// RUN: %check_tether %s unbounded-wait
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <latch>
#include <mutex>
#include <optional>
#include <semaphore>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

bool step();
int compute();
void use(int Item);

// A bounded wait comes back to the loop, which looks at the flag.
class Ticker_ok {
public:
  Ticker_ok() : Thread(&Ticker_ok::run, this) {}
  ~Ticker_ok() {
    Done = true;
    Thread.join();
  }

private:
  void run() {
    while (!Done) {
      std::unique_lock Lock(Mutex);
      Wake.wait_for(Lock, 100ms);
      step();
    }
  }

  std::atomic<bool> Done = false;
  std::mutex Mutex;
  std::condition_variable Wake;
  std::thread Thread;
};

// The loop around the wait is its predicate.
class LoopPredicate_ok {
public:
  LoopPredicate_ok() : Thread(&LoopPredicate_ok::run, this) {}
  ~LoopPredicate_ok() {
    stop();
    Thread.join();
  }
  void stop() {
    std::lock_guard Lock(Mutex);
    Done = true;
    Wake.notify_all();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Wake.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      while (Items.empty() && !Done)
        Wake.wait(Lock);
      if (Items.empty())
        return;
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Wake;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

// The state that the predicate reads is an enumeration.
class StateMachine_ok {
public:
  enum class State { Idle, Busy, Stopping };
  StateMachine_ok() : Thread(&StateMachine_ok::run, this) {}
  ~StateMachine_ok() {
    set(State::Stopping);
    Thread.join();
  }
  void kick() { set(State::Busy); }

private:
  void set(State Next) {
    std::lock_guard Lock(Mutex);
    Now = Next;
    Changed.notify_all();
  }
  void run() {
    std::unique_lock Lock(Mutex);
    while (Now != State::Stopping) {
      Changed.wait(Lock, [this] { return Now != State::Idle; });
      step();
    }
  }

  std::mutex Mutex;
  std::condition_variable Changed;
  State Now = State::Idle;
  std::thread Thread;
};

// A callback wakes the wait when stop is requested.
class CallbackWakes_ok {
public:
  CallbackWakes_ok()
      : Thread([this](std::stop_token Stop) { run(Stop); }) {}
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Wake.notify_one();
  }
  void stop() { Thread.request_stop(); }

private:
  void run(std::stop_token Stop) {
    std::stop_callback OnStop(Stop, [this] {
      std::lock_guard Lock(Mutex);
      Wake.notify_all();
    });
    while (!Stop.stop_requested()) {
      std::unique_lock Lock(Mutex);
      Wake.wait(Lock, [&] { return Stop.stop_requested() || !Items.empty(); });
      if (Items.empty())
        return;
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Wake;
  std::deque<int> Items;
  std::jthread Thread;
};

// A last item tells the consumer to end.
class PoisonPill_ok {
public:
  PoisonPill_ok() : Thread(&PoisonPill_ok::run, this) {}
  ~PoisonPill_ok() {
    put(-1);
    Thread.join();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Wake.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Wake.wait(Lock, [this] { return !Items.empty(); });
      int Item = Items.front();
      Items.pop_front();
      if (Item < 0)
        return;
      use(Item);
    }
  }

  std::mutex Mutex;
  std::condition_variable Wake;
  std::deque<int> Items;
  std::thread Thread;
};

// A queue class that is closed in its destructor, or by who stops the work.
class Queue {
public:
  ~Queue() { close(); }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
    Ready.notify_all();
  }
  void push(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }
  std::optional<int> pop_ok() {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, [this] { return Closed || !Items.empty(); });
    if (Items.empty())
      return std::nullopt;
    int Item = Items.front();
    Items.pop_front();
    return Item;
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  bool Closed = false;
};

class Consumer_ok {
public:
  Consumer_ok() : Thread(&Consumer_ok::run, this) {}
  ~Consumer_ok() {
    Source.close();
    Thread.join();
  }

private:
  void run() {
    while (auto Item = Source.pop_ok())
      use(*Item);
  }

  Queue Source;
  std::thread Thread;
};

// Several workers, one stop.
class Pool_ok {
public:
  explicit Pool_ok(unsigned Count) {
    for (unsigned I = 0; I != Count; ++I)
      Workers.emplace_back([this] { run(); });
  }
  ~Pool_ok() {
    {
      std::scoped_lock Lock(Mutex);
      Stopping = true;
    }
    Wake.notify_all();
    for (std::thread &Worker : Workers)
      Worker.join();
  }
  void post(std::function<void()> Job) {
    {
      std::scoped_lock Lock(Mutex);
      Jobs.push_back(std::move(Job));
    }
    Wake.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::function<void()> Job;
      {
        std::unique_lock Lock(Mutex);
        Wake.wait(Lock, [this] { return Stopping || !Jobs.empty(); });
        if (Stopping && Jobs.empty())
          return;
        Job = std::move(Jobs.front());
        Jobs.pop_front();
      }
      Job();
    }
  }

  std::mutex Mutex;
  std::condition_variable Wake;
  std::deque<std::function<void()>> Jobs;
  bool Stopping = false;
  std::vector<std::thread> Workers;
};

// The result of a task that ends by itself.

int result_of_a_task_ok() {
  auto Result = std::async(std::launch::async, compute);
  return Result.get();
}

int result_of_a_promise_ok() {
  std::promise<int> Answer;
  std::future<int> Result = Answer.get_future();
  std::thread Worker([&] { Answer.set_value(compute()); });
  int Value = Result.get();
  Worker.join();
  return Value;
}

// The peer provably arrives.

void tasks_arrive_ok() {
  std::latch Started(2);
  std::jthread First([&] { Started.count_down(); });
  std::jthread Second([&] { Started.count_down(); });
  Started.wait();
}

// Nobody is a task here and there is nothing to stop.
class Buffer {
public:
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }
  int take_ok() {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, [this] { return !Items.empty(); });
    int Item = Items.front();
    Items.pop_front();
    return Item;
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
};

// A start signal: waited for once, and the starter always gives it.
class StartSignal_ok {
public:
  StartSignal_ok() : Thread([this] { run(); }) {
    std::lock_guard Lock(Mutex);
    Started = true;
    Go.notify_one();
  }
  ~StartSignal_ok() { Thread.join(); }

private:
  void run() {
    std::unique_lock Lock(Mutex);
    Go.wait(Lock, [this] { return Started; });
    step();
  }

  std::mutex Mutex;
  std::condition_variable Go;
  bool Started = false;
  std::thread Thread;
};

// Acquired and released by the same task: a bound on how many run at a time.
class Limiter_ok {
public:
  void run() {
    Slots.acquire();
    step();
    Slots.release();
  }

private:
  std::counting_semaphore<4> Slots{4};
};

// Code that cannot be seen has the condition variable.
void adopt(std::condition_variable &Wake, std::mutex &Mutex);

class Shared_ok {
public:
  Shared_ok() : Thread(&Shared_ok::run, this) {}
  ~Shared_ok() { Thread.join(); }

private:
  void run() {
    adopt(Wake, Mutex);
    while (step()) {
      std::unique_lock Lock(Mutex);
      Wake.wait(Lock);
    }
  }

  std::mutex Mutex;
  std::condition_variable Wake;
  std::thread Thread;
};

// A flag that is looked at on the way, and does not decide whether there is another wait.
class Priorities_ok {
public:
  void lower() { Low = true; }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }
  void close() {
    std::lock_guard Lock(Mutex);
    Done = true;
    Ready.notify_all();
  }
  void run() {
    while (true) {
      std::unique_lock Lock(Mutex);
      while (Items.empty() && !Done)
        Ready.wait(Lock);
      if (Done)
        return;
      Items.pop_front();
      if (Low)
        ++Slow;
    }
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  std::atomic<bool> Low = false;
  bool Done = false;
  int Slow = 0;
};
