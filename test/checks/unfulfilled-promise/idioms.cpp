// RUN: %check_tether %s unfulfilled-promise
// What must stay silent.
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <semaphore>
#include <stdexcept>
#include <thread>
#include <vector>

bool open();
int fetch();
void post(std::function<void()>);
void keep(std::promise<int>);
void lend(std::promise<int> &);

// ---- transferred

struct CountDown {
  std::latch &Latch;
  ~CountDown() { Latch.count_down(); }
};

void counted_by_a_guard_ok(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I)
    Workers.emplace_back([&] {
      CountDown AtEnd{Done};
      if (!open())
        return;
      fetch();
    });
  Done.wait();
}

int value_or_exception_ok() {
  std::promise<int> Result;
  auto Answer = Result.get_future();
  std::jthread Reader([&] {
    try {
      Result.set_value(fetch());
    } catch (...) {
      Result.set_exception(std::current_exception());
    }
  });
  return Answer.get();
}

int moved_into_a_lambda_ok() {
  std::promise<int> Result;
  auto Answer = Result.get_future();
  std::jthread Reader([Mine = std::move(Result)]() mutable {
    if (!open())
      return; // breaks the promise, which wakes
    Mine.set_value(fetch());
  });
  return Answer.get();
}

int moved_as_argument_ok() {
  std::promise<int> Result;
  auto Answer = Result.get_future();
  std::jthread Reader(
      [](std::promise<int> Mine) {
        if (!open())
          return;
        Mine.set_value(fetch());
      },
      std::move(Result));
  return Answer.get();
}

int moved_into_a_function_ok() {
  std::promise<int> Result;
  auto Answer = Result.get_future();
  keep(std::move(Result));
  return Answer.get();
}

int lent_to_a_function_ok() {
  std::promise<int> Result;
  auto Answer = Result.get_future();
  lend(Result);
  return Answer.get();
}

int shared_with_a_callback_ok() {
  auto Result = std::make_shared<std::promise<int>>();
  auto Answer = Result->get_future();
  post([Result] {
    if (open())
      Result->set_value(fetch());
  });
  return Answer.get();
}

int lent_to_a_callback_ok() {
  std::promise<int> Result;
  auto Answer = Result.get_future();
  post([&Result] { Result.set_value(fetch()); });
  return Answer.get();
}

struct Request {
  int Id;
  std::promise<int> Result;
};
std::queue<Request> Requests;

std::future<int> pushed_to_a_queue_ok(int Id) {
  Request R{Id, {}};
  auto Answer = R.Result.get_future();
  Requests.push(std::move(R));
  return Answer;
}

int packaged_ok() {
  std::packaged_task<int()> Task(fetch);
  auto Answer = Task.get_future();
  std::jthread Runner(std::move(Task));
  return Answer.get();
}

int packaged_and_run_elsewhere_ok() {
  auto Task = std::make_shared<std::packaged_task<int()>>(fetch);
  post([Task] { (*Task)(); });
  return Task->get_future().get();
}

int packaged_and_run_here_ok() {
  std::packaged_task<int()> Task(fetch);
  auto Answer = Task.get_future();
  Task();
  return Answer.get();
}

int fulfilled_before_it_is_asked_ok() {
  std::promise<int> Result;
  Result.set_value(1);
  return Result.get_future().get();
}

// ---- fulfilled once

void once_by_a_flag_ok(std::promise<int> Result) {
  auto Answer = Result.get_future();
  bool Set = false;
  for (int I = 0; I < 3; ++I)
    if (!Set && open()) {
      Result.set_value(I);
      Set = true;
    }
  if (!Set)
    Result.set_value(-1);
}

void each_once_ok(std::vector<std::promise<int>> &All) {
  for (auto &Each : All)
    Each.set_value(0);
  All.clear();
}

class OnceByTheMember_ok {
public:
  std::future<int> answer() { return Result.get_future(); }
  void done(int Value) {
    if (!Sent) {
      Sent = true;
      Result.set_value(Value);
    }
  }
  void fail(std::exception_ptr Why) {
    if (!Sent) {
      Sent = true;
      Result.set_exception(Why);
    }
  }

private:
  std::promise<int> Result;
  bool Sent = false;
};

// ---- counts

void barrier_that_one_leaves_ok() {
  std::barrier<> Phase(2);
  std::jthread Other([&] {
    if (!open()) {
      Phase.arrive_and_drop();
      return;
    }
    Phase.arrive_and_wait();
  });
  Phase.arrive_and_wait();
}

void latch_of_main_and_task_ok() {
  std::latch Ready(2);
  std::jthread Other([&] { Ready.arrive_and_wait(); });
  Ready.arrive_and_wait();
}

void released_by_another_task_ok() {
  std::binary_semaphore Ready(0);
  std::jthread Other([&] { Ready.release(); });
  Ready.acquire();
  fetch();
}

void counted_by_callbacks_ok(int Parts) {
  std::latch Done(Parts);
  for (int I = 0; I < Parts; ++I)
    post([&Done] { Done.count_down(); });
  Done.wait();
}

void batches_ok(int Parts) {
  for (int I = 0; I < Parts; I += 4) {
    std::latch Done(4);
    std::vector<std::jthread> Workers;
    for (int J = 0; J < 4; ++J)
      Workers.emplace_back([&] { Done.count_down(); });
    Done.wait();
  }
}

// ---- state

// The one who waits is the one who changes it.
class ItsOwnWork_ok {
public:
  ~ItsOwnWork_ok() {
    {
      std::lock_guard Lock(Mutex);
      Stop = true;
    }
    Changed.notify_all();
    Worker.join();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Changed.notify_one();
  }

private:
  void run() {
    std::unique_lock Lock(Mutex);
    while (!Stop) {
      Changed.wait(Lock, [this] { return Stop || !Items.empty(); });
      if (!Items.empty())
        Items.pop_front();
      if (open())
        Items.push_back(0);
    }
  }

  std::mutex Mutex;
  std::condition_variable Changed;
  std::deque<int> Items;
  bool Stop = false;
  std::thread Worker{[this] { run(); }};
};

// A pool: a worker is busy between two waits, and leaves only when it is not.
class Pool_ok {
public:
  ~Pool_ok() {
    {
      std::lock_guard Lock(Mutex);
      Stop = true;
    }
    Filled.notify_all();
    for (auto &T : Threads)
      T.join();
  }
  void post(std::function<void()> Job) {
    {
      std::lock_guard Lock(Mutex);
      Jobs.push_back(std::move(Job));
    }
    Filled.notify_one();
  }
  void drain() {
    std::unique_lock Lock(Mutex);
    Idle.wait(Lock, [this] { return Busy == 0 && Jobs.empty(); });
  }

private:
  void run() {
    std::unique_lock Lock(Mutex);
    for (;;) {
      Filled.wait(Lock, [this] { return Stop || !Jobs.empty(); });
      if (Stop)
        return;
      auto Job = std::move(Jobs.front());
      Jobs.pop_front();
      ++Busy;
      Lock.unlock();
      Job();
      Lock.lock();
      --Busy;
      Idle.notify_all();
    }
  }

  std::mutex Mutex;
  std::condition_variable Filled, Idle;
  std::deque<std::function<void()>> Jobs;
  int Busy = 0;
  bool Stop = false;
  std::vector<std::thread> Threads;
};

// Success leaves it set on purpose: finish() is called later, by others.
class LeasedUntilReleased_ok {
public:
  bool lease() {
    std::unique_lock Lock(Mutex);
    Free.wait(Lock, [this] { return !Leased; });
    Leased = true;
    if (!open()) {
      Leased = false;
      Free.notify_one();
      return false;
    }
    return true;
  }
  void release() {
    std::lock_guard Lock(Mutex);
    Leased = false;
    Free.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Free;
  bool Leased = false;
};

// The callback clears it.
class ClearedByCallback_ok {
public:
  void start() {
    {
      std::lock_guard Lock(Mutex);
      Running = true;
    }
    post([this] {
      std::lock_guard Lock(Mutex);
      Running = false;
      Changed.notify_all();
    });
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Running; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Running = false;
};

// Both the start and the failure to start see to it.
class ClearedWhereItFails_ok {
public:
  ~ClearedWhereItFails_ok() {
    if (Worker.joinable())
      Worker.join();
  }
  bool start() {
    std::unique_lock Lock(Mutex);
    Running = true;
    if (!open()) {
      finished();
      return false;
    }
    Worker = std::thread([this] {
      fetch();
      std::lock_guard Lock(Mutex);
      finished();
    });
    return true;
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Running; });
  }

private:
  void finished() {
    Running = false;
    Changed.notify_all();
  }

  std::mutex Mutex;
  std::condition_variable Changed;
  bool Running = false;
  std::thread Worker;
};

// A result in parts: only the last one wakes.
class InParts_ok {
public:
  void part(int Value) {
    std::lock_guard Lock(Mutex);
    Parts.push_back(Value);
    if (--Missing == 0)
      Complete.notify_all();
  }
  std::vector<int> all() {
    std::unique_lock Lock(Mutex);
    Complete.wait(Lock, [this] { return Missing == 0; });
    return Parts;
  }

private:
  std::mutex Mutex;
  std::condition_variable Complete;
  std::vector<int> Parts;
  int Missing = 3;
};

// Both halves of the predicate have to be there: the second one wakes.
class BothHalves_ok {
public:
  void header(int Value) {
    std::lock_guard Lock(Mutex);
    Header = Value;
    HasHeader = true;
    if (HasBody)
      Complete.notify_all();
  }
  void body() {
    std::lock_guard Lock(Mutex);
    HasBody = true;
    Complete.notify_all();
  }
  int wait() {
    std::unique_lock Lock(Mutex);
    Complete.wait(Lock, [this] { return HasHeader && HasBody; });
    return Header;
  }

private:
  std::mutex Mutex;
  std::condition_variable Complete;
  int Header = 0;
  bool HasHeader = false, HasBody = false;
};

// Only ever waited for with a timeout.
class LookedAtNowAndThen_ok {
public:
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    if (!open())
      return;
    Filled.notify_one();
  }
  bool take() {
    std::unique_lock Lock(Mutex);
    return Filled.wait_for(Lock, std::chrono::seconds(1), [this] { return !Items.empty(); });
  }

private:
  std::mutex Mutex;
  std::condition_variable Filled;
  std::deque<int> Items;
};

// An exception out of a call leaves the caller too: it does not get to wait.
static void checkedSet(std::promise<int> &Into, int Value) {
  if (Value < 0)
    throw std::invalid_argument("negative");
  Into.set_value(Value);
}

int throws_before_it_waits_ok(int Value) {
  std::promise<int> Result;
  checkedSet(Result, Value);
  return Result.get_future().get();
}

// ---- shared ownership

// The starter still has its copy while it waits.
int shared_promise_not_fulfilled_bad() {
  auto Result = std::make_shared<std::promise<int>>();
  auto Answer = Result->get_future();
  std::jthread Reader([Result] {
    if (!open())
      return;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Result' is not satisfied on this path
    Result->set_value(fetch());
  });
  return Answer.get();
}

int shared_promise_moved_into_the_task_ok() {
  auto Result = std::make_shared<std::promise<int>>();
  auto Answer = Result->get_future();
  std::jthread Reader([Result = std::move(Result)] {
    if (!open())
      return;
    Result->set_value(fetch());
  });
  return Answer.get();
}

// ---- a handle that others have copies of: what is set already, or is not the last one, is all right

class Fiber {
public:
  static Fiber *current();
  void notify();
};

class FiberCondition {
public:
  void notifyAll() {
    if (Waiting == 0)
      return;
    {
      std::lock_guard Lock(Mutex);
      for (Fiber *Each : Fibers)
        Each->notify();
    }
    Changed.notify_all();
  }
  template <typename Predicate> void wait(std::unique_lock<std::mutex> &Lock, Predicate &&Ready) {
    if (Ready())
      return;
    ++Waiting;
    Changed.wait(Lock, Ready);
    --Waiting;
  }

private:
  std::mutex Mutex;
  std::vector<Fiber *> Fibers;
  std::atomic<int> Waiting{0};
  std::condition_variable Changed;
};

class SharedEvent {
public:
  void signal() const { State->signal(); }
  void wait() const { State->wait(); }

private:
  struct Shared {
    void signal() {
      std::unique_lock Lock(Mutex);
      if (Signalled)
        return;
      Signalled = true;
      Changed.notifyAll();
      for (const std::shared_ptr<Shared> &Each : Others)
        Each->signal();
    }
    void wait() {
      std::unique_lock Lock(Mutex);
      Changed.wait(Lock, [this] { return Signalled; });
    }
    std::mutex Mutex;
    FiberCondition Changed;
    std::vector<std::shared_ptr<Shared>> Others;
    bool Signalled = false;
  };
  const std::shared_ptr<Shared> State = std::make_shared<Shared>();
};

template <typename Callable> void postIfOpen(Callable &&Job) {
  if (open())
    post(std::function<void()>(std::forward<Callable>(Job)));
}

void another_event_of_that_kind_ok() {
  SharedEvent Asked, Done;
  postIfOpen([=] {
    Asked.wait();
    Done.signal();
  });
  Asked.signal();
  Done.wait();
}

// ---- a wait that ends by itself

void nothing_comes_in_time_ok() {
  std::promise<int> Never;
  std::future<int> Result = Never.get_future();
  if (Result.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout)
    fetch();
}

// ---- as many as are needed, by a sum that is not done here

void product_of_two_ok(size_t PerThread) {
  const auto Threads = std::thread::hardware_concurrency() * 4;
  const auto Total = PerThread * Threads;
  std::latch Done(Total);
  std::vector<std::thread> All;
  All.resize(Threads);
  for (auto &Each : All)
    Each = std::thread([=, &Done] {
      for (size_t I = 0; I < PerThread; ++I)
        Done.count_down();
    });
  Done.wait();
  for (auto &Each : All)
    Each.join();
}
