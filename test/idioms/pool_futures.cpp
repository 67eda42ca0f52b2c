// RUN: %check_tether %s '*' -- -std=c++11 -pthread
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

// ---- the well-known ThreadPool.h ----------------------------------------------------------------

class FuturePool_ok {
public:
  explicit FuturePool_ok(std::size_t Threads);
  template <class F, class... Args>
  auto enqueue(F &&Fn, Args &&...As) -> std::future<typename std::result_of<F(Args...)>::type>;
  ~FuturePool_ok();

private:
  std::vector<std::thread> Workers;
  std::queue<std::function<void()>> Tasks;

  std::mutex QueueMutex;
  std::condition_variable Condition;
  bool Stop;
};

inline FuturePool_ok::FuturePool_ok(std::size_t Threads) : Stop(false) {
  for (std::size_t I = 0; I < Threads; ++I)
    Workers.emplace_back([this] {
      for (;;) {
        std::function<void()> Task;

        {
          std::unique_lock<std::mutex> Lock(this->QueueMutex);
          this->Condition.wait(Lock, [this] { return this->Stop || !this->Tasks.empty(); });
          if (this->Stop && this->Tasks.empty())
            return;
          Task = std::move(this->Tasks.front());
          this->Tasks.pop();
        }

        Task();
      }
    });
}

template <class F, class... Args>
auto FuturePool_ok::enqueue(F &&Fn, Args &&...As) -> std::future<typename std::result_of<F(Args...)>::type> {
  using Result = typename std::result_of<F(Args...)>::type;

  auto Task = std::make_shared<std::packaged_task<Result()>>(
      std::bind(std::forward<F>(Fn), std::forward<Args>(As)...));

  std::future<Result> Res = Task->get_future();
  {
    std::unique_lock<std::mutex> Lock(QueueMutex);

    if (Stop)
      throw std::runtime_error("enqueue on stopped ThreadPool");

    Tasks.emplace([Task]() { (*Task)(); });
  }
  Condition.notify_one();
  return Res;
}

inline FuturePool_ok::~FuturePool_ok() {
  {
    std::unique_lock<std::mutex> Lock(QueueMutex);
    Stop = true;
  }
  Condition.notify_all();
  for (std::thread &Worker : Workers)
    Worker.join();
}

int futurePoolUse_ok() {
  FuturePool_ok Pool(4);
  std::vector<std::future<int>> Results;
  for (int I = 0; I < 8; ++I)
    Results.emplace_back(Pool.enqueue([I] { return I * I; }));
  int Sum = 0;
  for (auto &Result : Results)
    Sum += Result.get();
  return Sum;
}
