// RUN: %check_tether %s '*'
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <latch>
#include <mutex>
#include <optional>
#include <queue>
#include <semaphore>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

// ---- a fixed pool: flag under the lock, notify_all, join ----------------------------------------

class FixedPool_ok {
public:
  explicit FixedPool_ok(std::size_t Count) {
    Threads.reserve(Count);
    try {
      for (std::size_t I = 0; I < Count; ++I)
        Threads.emplace_back([this] { work(); });
    } catch (...) {
      shutdown();
      throw;
    }
  }
  FixedPool_ok(const FixedPool_ok &) = delete;
  FixedPool_ok &operator=(const FixedPool_ok &) = delete;
  ~FixedPool_ok() { shutdown(); }

  bool post(std::function<void()> Job) {
    {
      std::lock_guard<std::mutex> Lock(M);
      if (Stopping)
        return false;
      Jobs.push_back(std::move(Job));
    }
    Ready.notify_one();
    return true;
  }

  void waitIdle() {
    std::unique_lock<std::mutex> Lock(M);
    Idle.wait(Lock, [this] { return Jobs.empty() && Running == 0; });
  }

private:
  void shutdown() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stopping = true;
      Ready.notify_all();
    }
    for (std::thread &T : Threads)
      if (T.joinable())
        T.join();
  }

  void work() {
    for (;;) {
      std::function<void()> Job;
      {
        std::unique_lock<std::mutex> Lock(M);
        Ready.wait(Lock, [this] { return Stopping || !Jobs.empty(); });
        if (Jobs.empty())
          return;
        Job = std::move(Jobs.front());
        Jobs.pop_front();
        ++Running;
      }
      try {
        Job();
      } catch (...) {
        // A job answers for its own errors.
      }
      {
        std::lock_guard<std::mutex> Lock(M);
        --Running;
        if (Jobs.empty() && Running == 0)
          Idle.notify_all();
      }
    }
  }

  std::mutex M;
  std::condition_variable Ready;
  std::condition_variable Idle;
  std::deque<std::function<void()>> Jobs;
  std::size_t Running = 0;
  bool Stopping = false;
  std::vector<std::thread> Threads;
};

// ---- condition_variable_any and the token of a jthread ------------------------------------------

class TokenPool_ok {
public:
  explicit TokenPool_ok(unsigned Count) {
    for (unsigned I = 0; I != Count; ++I)
      Threads.emplace_back([this](std::stop_token Stop) { work(std::move(Stop)); });
  }
  ~TokenPool_ok() {
    for (std::jthread &T : Threads)
      T.request_stop();
  }

  void post(std::function<void()> Job) {
    {
      std::scoped_lock Lock(M);
      Jobs.push(std::move(Job));
    }
    Ready.notify_one();
  }

private:
  void work(std::stop_token Stop) {
    while (true) {
      std::unique_lock Lock(M);
      if (!Ready.wait(Lock, Stop, [this] { return !Jobs.empty(); }))
        return;
      auto Job = std::move(Jobs.front());
      Jobs.pop();
      Lock.unlock();
      Job();
    }
  }

  std::mutex M;
  std::condition_variable_any Ready;
  std::queue<std::function<void()>> Jobs;
  std::vector<std::jthread> Threads; // last: joined before the rest goes
};

// ---- one stop_source for all workers ------------------------------------------------------------

class SharedSourcePool_ok {
public:
  explicit SharedSourcePool_ok(unsigned Count) {
    for (unsigned I = 0; I != Count; ++I)
      Threads.emplace_back(&SharedSourcePool_ok::work, this, Source.get_token());
  }
  ~SharedSourcePool_ok() {
    Source.request_stop();
    for (std::thread &T : Threads)
      T.join();
  }
  void post(int Job) {
    {
      std::lock_guard Lock(M);
      Jobs.push_back(Job);
    }
    Ready.notify_one();
  }
  int sum() const { return Sum.load(); }

private:
  void work(std::stop_token Stop) {
    std::unique_lock Lock(M);
    while (Ready.wait(Lock, Stop, [this] { return !Jobs.empty(); })) {
      int Job = Jobs.front();
      Jobs.pop_front();
      Lock.unlock();
      Sum += Job;
      Lock.lock();
    }
  }

  std::stop_source Source;
  std::mutex M;
  std::condition_variable_any Ready;
  std::deque<int> Jobs;
  std::atomic<int> Sum{0};
  std::vector<std::thread> Threads;
};

// ---- work stealing over semaphores --------------------------------------------------------------

class StealingPool_ok {
public:
  explicit StealingPool_ok(std::size_t Count = std::thread::hardware_concurrency())
      : Queues(std::max<std::size_t>(Count, 1)) {
    for (std::size_t Id = 0; Id < Queues.size(); ++Id)
      Threads.emplace_back([this, Id](std::stop_token Stop) {
        do {
          Queues[Id].Signal.acquire();
          do {
            while (auto Task = Queues[Id].popFront()) {
              Pending.fetch_sub(1, std::memory_order_release);
              (*Task)();
            }
            for (std::size_t J = 1; J < Queues.size(); ++J) {
              if (auto Task = Queues[(Id + J) % Queues.size()].popBack()) {
                Pending.fetch_sub(1, std::memory_order_release);
                (*Task)();
                break;
              }
            }
          } while (Pending.load(std::memory_order_acquire) > 0);
        } while (!Stop.stop_requested());
      });
  }

  ~StealingPool_ok() {
    for (std::size_t I = 0; I < Threads.size(); ++I) {
      Threads[I].request_stop();
      Queues[I].Signal.release();
      Threads[I].join();
    }
  }

  void enqueue(std::function<void()> Task) {
    std::size_t I = Next.fetch_add(1, std::memory_order_relaxed) % Queues.size();
    Pending.fetch_add(1, std::memory_order_relaxed);
    Queues[I].pushBack(std::move(Task));
    Queues[I].Signal.release();
  }

private:
  struct Queue {
    void pushBack(std::function<void()> Task) {
      std::scoped_lock Lock(M);
      Tasks.push_back(std::move(Task));
    }
    std::optional<std::function<void()>> popFront() {
      std::scoped_lock Lock(M);
      if (Tasks.empty())
        return std::nullopt;
      auto Task = std::move(Tasks.front());
      Tasks.pop_front();
      return Task;
    }
    std::optional<std::function<void()>> popBack() {
      std::scoped_lock Lock(M);
      if (Tasks.empty())
        return std::nullopt;
      auto Task = std::move(Tasks.back());
      Tasks.pop_back();
      return Task;
    }

    std::mutex M;
    std::deque<std::function<void()>> Tasks;
    std::counting_semaphore<> Signal{0};
  };

  std::deque<Queue> Queues;
  std::atomic<std::ptrdiff_t> Pending{0};
  std::atomic<std::size_t> Next{0};
  std::vector<std::jthread> Threads;
};

// ---- a pool with priorities ---------------------------------------------------------------------

class PriorityPool_ok {
public:
  enum class Priority { Low, Normal, High };

  explicit PriorityPool_ok(int Count) {
    for (int I = 0; I < Count; ++I)
      Workers.push_back(std::thread(&PriorityPool_ok::loop, this));
  }
  ~PriorityPool_ok() {
    close();
    for (auto &W : Workers)
      W.join();
  }

  void submit(Priority P, std::function<void()> Fn) {
    std::unique_lock Lock(M);
    if (Closed)
      throw std::logic_error("pool is closed");
    Items.push(Item{P, Sequence++, std::move(Fn)});
    Lock.unlock();
    Available.notify_one();
  }

  void close() noexcept {
    const std::lock_guard Lock(M);
    if (std::exchange(Closed, true))
      return;
    Available.notify_all();
  }

private:
  struct Item {
    Priority P;
    unsigned long Seq;
    std::function<void()> Fn;
    bool operator<(const Item &Other) const {
      return P != Other.P ? P < Other.P : Seq > Other.Seq;
    }
  };

  std::optional<Item> next() {
    std::unique_lock Lock(M);
    while (Items.empty() && !Closed)
      Available.wait(Lock);
    if (Items.empty())
      return std::nullopt;
    Item Top = Items.top();
    Items.pop();
    return Top;
  }

  void loop() {
    while (std::optional<Item> I = next())
      I->Fn();
  }

  std::mutex M;
  std::condition_variable Available;
  std::priority_queue<Item> Items;
  unsigned long Sequence = 0;
  bool Closed = false;
  std::vector<std::thread> Workers;
};

// ---- parallel_for with a latch over somebody's pool ---------------------------------------------

void parallelFor_ok(FixedPool_ok &Pool, int N, const std::function<void(int)> &Body) {
  std::latch Done(N);
  for (int I = 0; I < N; ++I) {
    bool Posted = Pool.post([&, I] {
      try {
        Body(I);
      } catch (...) {
      }
      Done.count_down();
    });
    if (!Posted)
      Done.count_down();
  }
  Done.wait();
}

// ---- double-checked sleeping: atomics with wait and notify ----------------------------------------

class AtomicSleepWorker_ok {
public:
  AtomicSleepWorker_ok() : Worker([this] { run(); }) {}
  ~AtomicSleepWorker_ok() {
    Stop.store(true, std::memory_order_release);
    Epoch.fetch_add(1, std::memory_order_release);
    Epoch.notify_all();
    Worker.join();
  }
  void post(int Value) {
    {
      std::lock_guard Lock(M);
      Values.push_back(Value);
    }
    Epoch.fetch_add(1, std::memory_order_release);
    Epoch.notify_one();
  }

private:
  bool drain() {
    std::vector<int> Batch;
    {
      std::lock_guard Lock(M);
      Batch.swap(Values);
    }
    for (int Value : Batch)
      Total += Value;
    return !Batch.empty();
  }
  void run() {
    while (!Stop.load(std::memory_order_acquire)) {
      unsigned Seen = Epoch.load(std::memory_order_acquire);
      if (drain())
        continue;
      if (Stop.load(std::memory_order_acquire))
        break;
      Epoch.wait(Seen, std::memory_order_acquire);
    }
    drain();
  }

  std::atomic<bool> Stop{false};
  std::atomic<unsigned> Epoch{0};
  std::mutex M;
  std::vector<int> Values;
  long Total = 0;
  std::thread Worker;
};
