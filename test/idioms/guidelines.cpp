// RUN: %check_tether %s '*'
// The good forms of the C++ Core Guidelines, chapter CP: concurrency and parallelism.
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <shared_mutex>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

// CP.1: code that may run in a multi-threaded program.

class Cache_ok {
public:
  double lookup(int Key) {
    {
      std::lock_guard Lock(Mutex);
      if (auto It = Known.find(Key); It != Known.end())
        return It->second;
    }
    double Fresh = std::sqrt(Key);
    std::lock_guard Lock(Mutex);
    Known.emplace(Key, Fresh);
    return Fresh;
  }

private:
  std::mutex Mutex;
  std::map<int, double> Known;
};

double last_root_of_this_thread_ok(int X) {
  static thread_local int Key = 0;
  static thread_local double Result = 0;
  if (Key != X) {
    Key = X;
    Result = std::sqrt(X);
  }
  return Result;
}

// CP.2: no data race.

class Identifiers_ok {
public:
  int next() { return Last.fetch_add(1, std::memory_order_relaxed); }

private:
  std::atomic<int> Last{0};
};

std::vector<long> sums_in_separate_slots_ok(const std::vector<std::vector<int>> &Rows) {
  std::vector<long> Sums(Rows.size());
  {
    std::vector<std::jthread> Workers;
    Workers.reserve(Rows.size());
    for (std::size_t I = 0; I < Rows.size(); ++I)
      Workers.emplace_back([&Row = Rows[I], &Sum = Sums[I]] { Sum = std::accumulate(Row.begin(), Row.end(), 0L); });
  }
  return Sums;
}

// CP.3: little shared data: each task owns its input and returns its output.

std::string rendered(std::string Page);

std::vector<std::string> render_all_ok(std::vector<std::string> Pages) {
  std::vector<std::future<std::string>> Pending;
  for (std::string &Page : Pages)
    Pending.push_back(std::async(std::launch::async, rendered, std::move(Page)));
  std::vector<std::string> Done;
  for (std::future<std::string> &Result : Pending)
    Done.push_back(Result.get());
  return Done;
}

// CP.4: tasks, not threads.

struct Report {
  int Lines = 0;
};
Report scanned(const std::string &Text);
Report counted(const std::string &Text);

Report two_tasks_ok(const std::string &Text) {
  auto Scan = std::async(std::launch::async, scanned, Text);
  Report Count = counted(Text);
  return {Scan.get().Lines + Count.Lines};
}

// CP.8: volatile does not synchronize; an atomic does.

class Publisher_ok {
public:
  void publish(int Value) {
    Payload = Value;
    Ready.store(true, std::memory_order_release);
    Ready.notify_one();
  }
  int take() {
    Ready.wait(false, std::memory_order_acquire);
    return Payload;
  }

private:
  int Payload = 0;
  std::atomic<bool> Ready{false};
};

// CP.20: RAII, never plain lock() and unlock().

void doStuff();

std::mutex Guarded;

void raii_lock_ok() {
  std::unique_lock<std::mutex> Lock{Guarded};
  doStuff();
}

bool raii_lock_with_early_exits_ok(int Mode) {
  std::lock_guard<std::mutex> Lock{Guarded};
  if (Mode == 0)
    return false;
  if (Mode == 1)
    throw std::runtime_error("no such mode");
  doStuff();
  return true;
}

// CP.21: several mutexes at once.

class Account_ok {
public:
  explicit Account_ok(long Cents) : Cents(Cents) {}

  friend void transfer_ok(Account_ok &From, Account_ok &To, long Amount) {
    if (&From == &To)
      return;
    std::scoped_lock Lock(From.Mutex, To.Mutex);
    From.Cents -= Amount;
    To.Cents += Amount;
  }

  friend void transfer_with_std_lock_ok(Account_ok &From, Account_ok &To, long Amount) {
    if (&From == &To)
      return;
    std::unique_lock First(From.Mutex, std::defer_lock);
    std::unique_lock Second(To.Mutex, std::defer_lock);
    std::lock(First, Second);
    From.Cents -= Amount;
    To.Cents += Amount;
  }

  friend void transfer_with_adopted_locks_ok(Account_ok &From, Account_ok &To, long Amount) {
    if (&From == &To)
      return;
    std::lock(From.Mutex, To.Mutex);
    std::lock_guard First(From.Mutex, std::adopt_lock);
    std::lock_guard Second(To.Mutex, std::adopt_lock);
    From.Cents -= Amount;
    To.Cents += Amount;
  }

private:
  std::mutex Mutex;
  long Cents;
};

// CP.22: no unknown code under a lock.

class Subject_ok {
public:
  using Listener = std::function<void(int)>;

  void subscribe(Listener L) {
    std::lock_guard Lock(Mutex);
    Listeners.push_back(std::move(L));
  }

  void set(int NewValue) {
    std::vector<Listener> Current;
    {
      std::lock_guard Lock(Mutex);
      Value = NewValue;
      Current = Listeners;
    }
    for (const Listener &L : Current)
      L(NewValue);
  }

  void set_and_release_ok(int NewValue) {
    std::unique_lock Lock(Mutex);
    Value = NewValue;
    std::vector<Listener> Current = Listeners;
    Lock.unlock();
    for (const Listener &L : Current)
      L(NewValue);
  }

  int value() const {
    std::lock_guard Lock(Mutex);
    return Value;
  }

private:
  mutable std::mutex Mutex;
  std::vector<Listener> Listeners;
  int Value = 0;
};

class Recursive_ok {
public:
  void outer() {
    std::lock_guard Lock(Mutex);
    inner();
  }
  void inner() {
    std::lock_guard Lock(Mutex);
    ++Calls;
  }

private:
  std::recursive_mutex Mutex;
  int Calls = 0;
};

// CP.23: a joining thread is a scoped container.

void fill(int *P);

int Static = 33;

void scoped_container_ok(int *P) {
  int X = 77;
  auto Y = std::make_unique<int>(99);
  std::jthread T0(fill, &X);
  std::jthread T1(fill, P);
  std::jthread T2(fill, &Static);
  std::jthread T3(fill, Y.get());
}

class ThreadGuard {
public:
  explicit ThreadGuard(std::thread T) : T(std::move(T)) {}
  ThreadGuard(const ThreadGuard &) = delete;
  ThreadGuard &operator=(const ThreadGuard &) = delete;
  ~ThreadGuard() {
    if (T.joinable())
      T.join();
  }

private:
  std::thread T;
};

void own_joining_thread_ok() {
  int X = 0;
  ThreadGuard Guard(std::thread([&X] { fill(&X); }));
  doStuff();
}

void joined_also_when_it_throws_ok() {
  int X = 0;
  std::thread T(fill, &X);
  try {
    doStuff();
  } catch (...) {
    T.join();
    throw;
  }
  T.join();
}

// CP.24: a thread as a global container: it lives as long as the program, and so does its data.

class Heartbeat_ok {
public:
  Heartbeat_ok() : Beat([this](std::stop_token Stop) { run(std::move(Stop)); }) {}
  int beats() const { return Beats.load(); }

private:
  void run(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    while (!Stop.stop_requested()) {
      ++Beats;
      Wake.wait_for(Lock, Stop, 1s, [] { return false; });
    }
  }

  std::atomic<int> Beats{0};
  std::mutex Mutex;
  std::condition_variable_any Wake;
  std::jthread Beat;
};

Heartbeat_ok &heartbeat_ok() {
  static Heartbeat_ok Instance;
  return Instance;
}

// CP.25 and CP.26: gsl::joining_thread over std::thread, and no detach.

void prefer_joining_ok() {
  std::jthread T([] { std::cout << "hello\n"; });
  doStuff();
}

class Monitor_ok {
public:
  Monitor_ok() : Worker(&Monitor_ok::loop, this) {}
  ~Monitor_ok() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Wake.notify_one();
    Worker.join();
  }
  Monitor_ok(const Monitor_ok &) = delete;
  Monitor_ok &operator=(const Monitor_ok &) = delete;

private:
  void loop() {
    std::unique_lock Lock(Mutex);
    while (!Wake.wait_for(Lock, 500ms, [this] { return Done; }))
      ++Samples;
  }

  std::mutex Mutex;
  std::condition_variable Wake;
  bool Done = false;
  long Samples = 0;
  std::thread Worker;
};

// CP.31: small data by value.

std::string modified(std::string Text);
void fillBuffer(std::vector<char> &Buffer);

std::size_t by_value_ok(const std::string &Text) {
  auto Changed = std::async(std::launch::async, modified, Text);
  doStuff();
  return Changed.get().size();
}

std::size_t big_by_reference_ok() {
  std::vector<char> Buffer(1 << 20);
  std::thread Filler(fillBuffer, std::ref(Buffer));
  Filler.join();
  return Buffer.size();
}

// CP.32: shared_ptr between unrelated threads.

struct Settings {
  int Level = 0;
};
void apply(const Settings &S);

std::pair<std::jthread, std::jthread> shared_ownership_ok() {
  auto S = std::make_shared<const Settings>(Settings{3});
  return {std::jthread([S] { apply(*S); }), std::jthread([S] { apply(*S); })};
}

class Session_ok : public std::enable_shared_from_this<Session_ok> {
public:
  std::future<void> flush() {
    return std::async(std::launch::async, [Self = shared_from_this()] { Self->write(); });
  }

private:
  void write() {
    std::lock_guard Lock(Mutex);
    ++Writes;
  }
  std::mutex Mutex;
  int Writes = 0;
};

// CP.40/41: few context switches and few threads: a loop over messages instead of a thread for each.

class Pool_ok {
public:
  explicit Pool_ok(unsigned Count) {
    for (unsigned I = 0; I < Count; ++I)
      Workers.emplace_back([this] { run(); });
  }
  ~Pool_ok() {
    {
      std::lock_guard Lock(Mutex);
      Closed = true;
    }
    Available.notify_all();
    for (std::thread &Worker : Workers)
      Worker.join();
  }
  Pool_ok(const Pool_ok &) = delete;
  Pool_ok &operator=(const Pool_ok &) = delete;

  template <typename F> auto submit(F Job) -> std::future<std::invoke_result_t<F &>> {
    auto Task = std::make_shared<std::packaged_task<std::invoke_result_t<F &>()>>(std::move(Job));
    auto Result = Task->get_future();
    {
      std::lock_guard Lock(Mutex);
      Jobs.emplace_back([Task] { (*Task)(); });
    }
    Available.notify_one();
    return Result;
  }

private:
  void run() {
    for (;;) {
      std::function<void()> Job;
      {
        std::unique_lock Lock(Mutex);
        Available.wait(Lock, [this] { return Closed || !Jobs.empty(); });
        if (Jobs.empty())
          return;
        Job = std::move(Jobs.front());
        Jobs.pop_front();
      }
      Job();
    }
  }

  std::mutex Mutex;
  std::condition_variable Available;
  std::deque<std::function<void()>> Jobs;
  bool Closed = false;
  std::vector<std::thread> Workers;
};

int pool_user_ok() {
  Pool_ok Pool(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::future<int>> Results;
  for (int I = 0; I < 10; ++I)
    Results.push_back(Pool.submit([I] { return I * I; }));
  int Sum = 0;
  for (std::future<int> &Result : Results)
    Sum += Result.get();
  return Sum;
}

// CP.42: no wait without a condition.

template <typename T> class Queue_ok {
public:
  void put(T Value) {
    {
      std::lock_guard Lock(Mutex);
      Items.push(std::move(Value));
    }
    NotEmpty.notify_one();
  }

  T get() {
    std::unique_lock Lock(Mutex);
    NotEmpty.wait(Lock, [this] { return !Items.empty(); });
    T Value = std::move(Items.front());
    Items.pop();
    return Value;
  }

  T get_with_a_loop() {
    std::unique_lock Lock(Mutex);
    while (Items.empty())
      NotEmpty.wait(Lock);
    T Value = std::move(Items.front());
    Items.pop();
    return Value;
  }

  std::optional<T> try_get_for(std::chrono::milliseconds Timeout) {
    std::unique_lock Lock(Mutex);
    if (!NotEmpty.wait_for(Lock, Timeout, [this] { return !Items.empty(); }))
      return std::nullopt;
    T Value = std::move(Items.front());
    Items.pop();
    return Value;
  }

  std::optional<T> get(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    if (!NotEmpty.wait(Lock, Stop, [this] { return !Items.empty(); }))
      return std::nullopt;
    T Value = std::move(Items.front());
    Items.pop();
    return Value;
  }

private:
  std::mutex Mutex;
  std::condition_variable_any NotEmpty;
  std::queue<T> Items;
};

void handle(const std::string &Message);

int main_loop_of_a_program_ok() {
  Queue_ok<std::string> Messages;
  std::jthread Consumer([&Messages](std::stop_token Stop) {
    while (std::optional<std::string> Message = Messages.get(Stop))
      handle(*Message);
  });
  for (std::string Line; std::getline(std::cin, Line);)
    Messages.put(std::move(Line));
  return 0;
}

std::string first_message_ok() {
  Queue_ok<std::string> Messages;
  std::jthread Producer([&Messages] { Messages.put("hello"); });
  return Messages.get();
}

std::string last_message_ok() {
  Queue_ok<std::string> Messages;
  std::jthread Producer([&Messages] {
    Messages.put("one");
    Messages.put("two");
  });
  Messages.get_with_a_loop();
  return Messages.try_get_for(2s).value_or("");
}

// CP.43: little time in a critical section.

int compute();

class Short_ok {
public:
  void update() {
    int Fresh = compute();
    std::lock_guard Lock(Mutex);
    Current = Fresh;
  }
  void update_in_three_parts_ok() {
    {
      std::lock_guard Lock(Mutex);
      ++Started;
    }
    std::this_thread::sleep_for(10ms);
    std::lock_guard Lock(Mutex);
    ++Finished;
  }
  void update_with_a_pause_ok() {
    std::unique_lock Lock(Mutex);
    ++Started;
    Lock.unlock();
    std::this_thread::sleep_for(10ms);
    Lock.lock();
    ++Finished;
  }

private:
  std::mutex Mutex;
  int Current = 0;
  int Started = 0;
  int Finished = 0;
};

// CP.44: named locks.

void named_lock_ok() {
  std::lock_guard<std::mutex> Lock(Guarded);
  doStuff();
}

// CP.50: the mutex next to its data.

struct Record_ok {
  std::mutex Mutex;
  int Value = 0;
};

void raise_ok(Record_ok &R) {
  std::lock_guard Lock(R.Mutex);
  ++R.Value;
}

template <typename T> class Synchronized_ok {
public:
  template <typename F> auto with(F Use) {
    std::lock_guard Lock(Mutex);
    return Use(Value);
  }

private:
  std::mutex Mutex;
  T Value{};
};

int synchronized_value_ok() {
  Synchronized_ok<std::vector<int>> Numbers;
  std::jthread Other([&Numbers] { Numbers.with([](std::vector<int> &V) { V.push_back(1); }); });
  return Numbers.with([](std::vector<int> &V) { return static_cast<int>(V.size()); });
}

class Readers_ok {
public:
  int get() const {
    std::shared_lock Lock(Mutex);
    return Value;
  }
  void set(int V) {
    std::unique_lock Lock(Mutex);
    Value = V;
  }

private:
  mutable std::shared_mutex Mutex;
  int Value = 0;
};

// CP.51 to CP.53, coroutines: see clang-tidy-concurrency.cpp.

// CP.60 and CP.61: values from tasks.

int read_value(const std::string &Name);

void async_value_ok() {
  std::future<int> Value = std::async(read_value, "v1.txt");
  try {
    std::cout << Value.get() << '\n';
  } catch (const std::exception &E) {
    std::cout << E.what() << '\n';
  }
}

int packaged_task_ok() {
  std::packaged_task<int()> Task(compute);
  std::future<int> Result = Task.get_future();
  std::jthread Worker(std::move(Task));
  return Result.get();
}

int promise_ok() {
  std::promise<int> Promise;
  std::future<int> Result = Promise.get_future();
  std::jthread Worker([P = std::move(Promise)]() mutable {
    try {
      P.set_value(compute());
    } catch (...) {
      P.set_exception(std::current_exception());
    }
  });
  return Result.get();
}

int shared_future_ok() {
  std::promise<int> Promise;
  std::shared_future<int> Start = Promise.get_future().share();
  auto A = std::async(std::launch::async, [Start] { return Start.get() + 1; });
  auto B = std::async(std::launch::async, [Start] { return Start.get() + 2; });
  Promise.set_value(40);
  return A.get() + B.get();
}

std::optional<int> with_patience_ok() {
  auto Result = std::async(std::launch::async, compute);
  if (Result.wait_for(1s) == std::future_status::ready)
    return Result.get();
  return std::nullopt;
}

// CP.100 to CP.111: lock-free only where it is needed, and the two known patterns for initialization.

class Singleton_ok {
public:
  static Singleton_ok &instance() {
    static Singleton_ok Only;
    return Only;
  }
};

class OnceOnly_ok {
public:
  int &value() {
    std::call_once(Flag, [this] { Value = std::make_unique<int>(compute()); });
    return *Value;
  }

private:
  std::once_flag Flag;
  std::unique_ptr<int> Value;
};

class DoubleChecked_ok {
public:
  int &value() {
    if (!Ready.load(std::memory_order_acquire)) {
      std::lock_guard Lock(Mutex);
      if (!Ready.load(std::memory_order_relaxed)) {
        Value = compute();
        Ready.store(true, std::memory_order_release);
      }
    }
    return Value;
  }

private:
  std::atomic<bool> Ready{false};
  std::mutex Mutex;
  int Value = 0;
};

class Spin_ok {
public:
  void lock() {
    while (Busy.test_and_set(std::memory_order_acquire))
      Busy.wait(true, std::memory_order_relaxed);
  }
  void unlock() {
    Busy.clear(std::memory_order_release);
    Busy.notify_one();
  }

private:
  std::atomic_flag Busy;
};

int spin_user_ok() {
  Spin_ok Spin;
  int Count = 0;
  {
    std::jthread Other([&] {
      std::lock_guard Lock(Spin);
      ++Count;
    });
    std::lock_guard Lock(Spin);
    ++Count;
  }
  return Count;
}

// CP.200/201: a flag for a signal handler.

volatile std::sig_atomic_t Interrupted = 0;

void run_until_signalled_ok() {
  std::signal(SIGINT, [](int) { Interrupted = 1; });
  while (!Interrupted) {
    doStuff();
    std::this_thread::sleep_for(50ms);
  }
}
