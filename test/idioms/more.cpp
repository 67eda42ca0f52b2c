// RUN: %check_tether %s '*'
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// ---- behind a pimpl ---------------------------------------------------------------------------------------------

class Uploader_ok {
public:
  Uploader_ok();
  ~Uploader_ok();
  void upload(std::string File);

private:
  struct Impl;
  std::unique_ptr<Impl> D;
};

struct Uploader_ok::Impl {
  std::mutex M;
  std::condition_variable Cv;
  std::list<std::string> Files;
  bool Quit = false;
  std::thread Thread;

  void run() {
    std::unique_lock<std::mutex> Lock(M);
    while (true) {
      Cv.wait(Lock, [this] { return Quit || !Files.empty(); });
      if (Quit)
        return;
      std::string File = std::move(Files.front());
      Files.pop_front();
      Lock.unlock();
      send(File);
      Lock.lock();
    }
  }
  void send(const std::string &File) { Sent += File.size(); }
  std::atomic<std::size_t> Sent{0};
};

Uploader_ok::Uploader_ok() : D(std::make_unique<Impl>()) {
  D->Thread = std::thread(&Impl::run, D.get());
}
Uploader_ok::~Uploader_ok() {
  {
    std::lock_guard<std::mutex> Lock(D->M);
    D->Quit = true;
  }
  D->Cv.notify_one();
  D->Thread.join();
}
void Uploader_ok::upload(std::string File) {
  std::lock_guard<std::mutex> Lock(D->M);
  D->Files.push_back(std::move(File));
  D->Cv.notify_one();
}

// ---- state shared with the thread through a shared_ptr ------------------------------------------------------------

class Shared_ok {
  struct State {
    std::mutex M;
    std::condition_variable Cv;
    std::deque<std::function<void()>> Jobs;
    bool Shutdown = false;
  };

public:
  Shared_ok() : S(std::make_shared<State>()), Thread([S = this->S] { run(*S); }) {}
  Shared_ok(Shared_ok &&) = default;
  ~Shared_ok() {
    if (!S)
      return;
    {
      std::lock_guard Lock(S->M);
      S->Shutdown = true;
    }
    S->Cv.notify_all();
    Thread.join();
  }
  void execute(std::function<void()> Job) {
    {
      std::lock_guard Lock(S->M);
      S->Jobs.push_back(std::move(Job));
    }
    S->Cv.notify_one();
  }

private:
  static void run(State &S) {
    std::unique_lock Lock(S.M);
    for (;;) {
      if (!S.Jobs.empty()) {
        auto Job = std::move(S.Jobs.front());
        S.Jobs.pop_front();
        Lock.unlock();
        Job();
        Lock.lock();
      } else if (S.Shutdown) {
        break;
      } else {
        S.Cv.wait(Lock);
      }
    }
  }
  std::shared_ptr<State> S;
  std::thread Thread;
};

// ---- a callback that may find its owner gone ------------------------------------------------------------------------

class Fetcher_ok : public std::enable_shared_from_this<Fetcher_ok> {
public:
  using Done = std::function<void(std::string)>;
  explicit Fetcher_ok(Shared_ok &Executor) : Executor(Executor) {}
  void fetch(std::string Url, Done OnDone) {
    Executor.execute([Weak = weak_from_this(), Url = std::move(Url), OnDone = std::move(OnDone)] {
      if (auto Self = Weak.lock())
        OnDone(Self->load(Url));
    });
  }

private:
  std::string load(const std::string &Url) {
    std::lock_guard Lock(M);
    return Seen[Url] += Url;
  }
  Shared_ok &Executor;
  std::mutex M;
  std::map<std::string, std::string> Seen;
};

// ---- cancellable work with progress ----------------------------------------------------------------------------------

std::optional<long> countPrimes_ok(long Limit, std::stop_token Stop) {
  long Count = 0;
  for (long N = 2; N < Limit; ++N) {
    if (Stop.stop_requested())
      return std::nullopt;
    bool Prime = true;
    for (long D = 2; Prime && D * D <= N; ++D)
      Prime = N % D != 0;
    Count += Prime;
  }
  return Count;
}

std::optional<long> countWithDeadline_ok(long Limit, std::chrono::milliseconds Time) {
  std::stop_source Source;
  auto Result = std::async(std::launch::async, countPrimes_ok, Limit, Source.get_token());
  if (Result.wait_for(Time) == std::future_status::timeout)
    Source.request_stop();
  return Result.get();
}

bool sleepUnlessStopped_ok(std::stop_token Stop, std::chrono::milliseconds Time) {
  std::mutex M;
  std::condition_variable_any Cv;
  std::unique_lock Lock(M);
  Cv.wait_for(Lock, Stop, Time, [] { return false; });
  return !Stop.stop_requested();
}

class Retrier_ok {
public:
  explicit Retrier_ok(std::function<bool()> Try)
      : Thread([Try = std::move(Try)](std::stop_token Stop) {
          auto Delay = std::chrono::milliseconds(100);
          while (!Try() && sleepUnlessStopped_ok(Stop, Delay))
            Delay *= 2;
        }) {}

private:
  std::jthread Thread;
};

// ---- a child that stops when its parent does ----------------------------------------------------------------------------

int firstOf_ok(std::stop_token Parent, const std::vector<std::function<int(std::stop_token)>> &Tasks) {
  std::stop_source Race;
  std::stop_callback Link(Parent, [&Race] { Race.request_stop(); });
  std::mutex M;
  std::optional<int> Winner;
  {
    std::vector<std::jthread> Threads;
    for (const auto &Task : Tasks)
      Threads.emplace_back([&] {
        int Value = Task(Race.get_token());
        std::lock_guard Lock(M);
        if (!Winner) {
          Winner = Value;
          Race.request_stop();
        }
      });
  }
  return Winner.value_or(-1);
}

// ---- a connection pool with leases -------------------------------------------------------------------------------------

class LeasePool_ok {
public:
  class Lease {
  public:
    Lease(LeasePool_ok &Pool, int Handle) : Pool(&Pool), Handle(Handle) {}
    Lease(Lease &&Other) noexcept : Pool(std::exchange(Other.Pool, nullptr)), Handle(Other.Handle) {}
    Lease &operator=(Lease &&) = delete;
    ~Lease() {
      if (Pool)
        Pool->giveBack(Handle);
    }
    int handle() const { return Handle; }

  private:
    LeasePool_ok *Pool;
    int Handle;
  };

  explicit LeasePool_ok(int Count) {
    for (int I = 0; I < Count; ++I)
      Free.push_back(I);
  }
  Lease take() {
    std::unique_lock Lock(M);
    Returned.wait(Lock, [this] { return !Free.empty(); });
    int Handle = Free.back();
    Free.pop_back();
    return Lease(*this, Handle);
  }
  std::optional<Lease> tryTake(std::chrono::milliseconds Time) {
    std::unique_lock Lock(M);
    if (!Returned.wait_for(Lock, Time, [this] { return !Free.empty(); }))
      return std::nullopt;
    int Handle = Free.back();
    Free.pop_back();
    return std::optional<Lease>(std::in_place, *this, Handle);
  }

private:
  void giveBack(int Handle) {
    {
      std::lock_guard Lock(M);
      Free.push_back(Handle);
    }
    Returned.notify_one();
  }
  std::mutex M;
  std::condition_variable Returned;
  std::vector<int> Free;
};

// ---- pause and resume -------------------------------------------------------------------------------------------------------

class Pausable_ok {
public:
  Pausable_ok() : Thread([this] { run(); }) {}
  ~Pausable_ok() {
    set(State::Stopped);
    Thread.join();
  }
  void pause() { set(State::Paused); }
  void resume() { set(State::Running); }

private:
  enum class State { Running, Paused, Stopped };
  void set(State New) {
    {
      std::lock_guard Lock(M);
      if (Now == State::Stopped)
        return;
      Now = New;
    }
    Changed.notify_all();
  }
  void run() {
    std::unique_lock Lock(M);
    for (;;) {
      Changed.wait(Lock, [this] { return Now != State::Paused; });
      if (Now == State::Stopped)
        return;
      ++Steps;
      Changed.wait_for(Lock, std::chrono::milliseconds(1), [this] { return Now != State::Running; });
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  State Now = State::Running;
  long Steps = 0;
  std::thread Thread;
};
