// RUN: %check_tether %s '*'
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <fstream>
#include <functional>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <semaphore>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

// ---- an actor that ends with a poison pill --------------------------------------------------------

class Actor_ok {
  struct Deposit {
    int Amount;
  };
  struct Query {
    std::promise<int> Reply;
  };
  struct Poison {};
  using Message = std::variant<Deposit, Query, Poison>;

public:
  Actor_ok() : Thread(&Actor_ok::run, this) {}
  Actor_ok(const Actor_ok &) = delete;
  ~Actor_ok() {
    send(Poison{});
    Thread.join();
  }

  void deposit(int Amount) { send(Deposit{Amount}); }
  std::future<int> balance() {
    Query Q;
    std::future<int> Result = Q.Reply.get_future();
    send(std::move(Q));
    return Result;
  }

private:
  void send(Message Msg) {
    {
      std::lock_guard<std::mutex> Lock(M);
      Mailbox.push_back(std::move(Msg));
    }
    Arrived.notify_one();
  }
  Message receive() {
    std::unique_lock<std::mutex> Lock(M);
    Arrived.wait(Lock, [this] { return !Mailbox.empty(); });
    Message Msg = std::move(Mailbox.front());
    Mailbox.pop_front();
    return Msg;
  }
  void run() {
    int Balance = 0;
    for (;;) {
      Message Msg = receive();
      if (std::holds_alternative<Poison>(Msg))
        return;
      if (auto *D = std::get_if<Deposit>(&Msg))
        Balance += D->Amount;
      else if (auto *Q = std::get_if<Query>(&Msg))
        Q->Reply.set_value(Balance);
    }
  }

  std::mutex M;
  std::condition_variable Arrived;
  std::deque<Message> Mailbox;
  std::thread Thread;
};

// ---- the active object: a queue of functions, ended by a function ---------------------------------

class ActiveObject_ok {
public:
  ActiveObject_ok() {
    Thread = std::thread([this] {
      while (!Done)
        pop()();
    });
  }
  ~ActiveObject_ok() {
    post([this] { Done = true; });
    Thread.join();
  }
  void post(std::function<void()> Fn) {
    std::lock_guard<std::mutex> Lock(M);
    Queue.push(std::move(Fn));
    NotEmpty.notify_one();
  }

private:
  std::function<void()> pop() {
    std::unique_lock<std::mutex> Lock(M);
    while (Queue.empty())
      NotEmpty.wait(Lock);
    std::function<void()> Fn = std::move(Queue.front());
    Queue.pop();
    return Fn;
  }

  std::mutex M;
  std::condition_variable NotEmpty;
  std::queue<std::function<void()>> Queue;
  bool Done = false; // only the thread itself reads and writes it
  std::thread Thread;
};

// ---- a logger that writes what is left when it is stopped -----------------------------------------

class Logger_ok {
public:
  explicit Logger_ok(const std::string &Path) : Out(Path, std::ios::app), Writer([this] { run(); }) {}
  ~Logger_ok() { stop(); }

  void log(std::string Line) {
    {
      std::lock_guard Lock(M);
      if (Stopped)
        return;
      Lines.push_back(std::move(Line));
    }
    Wake.notify_one();
  }

  void stop() {
    {
      std::lock_guard Lock(M);
      if (Stopped)
        return;
      Stopped = true;
    }
    Wake.notify_one();
    Writer.join();
  }

private:
  void run() {
    std::unique_lock Lock(M);
    while (true) {
      Wake.wait(Lock, [this] { return Stopped || !Lines.empty(); });
      std::deque<std::string> Batch;
      Batch.swap(Lines);
      const bool Last = Stopped;
      Lock.unlock();
      for (const std::string &Line : Batch)
        Out << Line << '\n';
      Out.flush();
      if (Last)
        return;
      Lock.lock();
    }
  }

  std::ofstream Out;
  std::mutex M;
  std::condition_variable Wake;
  std::deque<std::string> Lines;
  bool Stopped = false;
  std::thread Writer;
};

// ---- double-buffered flush with back pressure -------------------------------------------------------

class DoubleBuffer_ok {
public:
  explicit DoubleBuffer_ok(std::function<void(const std::vector<char> &)> Sink)
      : Sink(std::move(Sink)), Flusher([this](std::stop_token Stop) { flushLoop(Stop); }) {}

  void append(const char *Data, std::size_t Size) {
    std::unique_lock Lock(M);
    Space.wait(Lock, [this] { return Front.size() < Limit; });
    Front.insert(Front.end(), Data, Data + Size);
    Lock.unlock();
    Filled.notify_one();
  }

private:
  void flushLoop(std::stop_token Stop) {
    for (;;) {
      {
        std::unique_lock Lock(M);
        Filled.wait(Lock, Stop, [this] { return !Front.empty(); });
        if (Front.empty())
          return; // stopped, and nothing left
        Front.swap(Back);
      }
      Space.notify_all();
      Sink(Back);
      Back.clear();
    }
  }

  static constexpr std::size_t Limit = 1 << 20;
  std::function<void(const std::vector<char> &)> Sink;
  std::mutex M;
  std::condition_variable_any Filled;
  std::condition_variable_any Space;
  std::vector<char> Front;
  std::vector<char> Back;
  std::jthread Flusher;
};

// ---- a bounded blocking queue with close --------------------------------------------------------------

template <class T> class BlockingQueue_ok {
public:
  explicit BlockingQueue_ok(std::size_t Capacity) : Capacity(Capacity) {}

  bool push(T Value) {
    std::unique_lock<std::mutex> Lock(M);
    NotFull.wait(Lock, [this] { return Closed || Items.size() < Capacity; });
    if (Closed)
      return false;
    Items.push_back(std::move(Value));
    NotEmpty.notify_one();
    return true;
  }

  std::optional<T> pop() {
    std::unique_lock<std::mutex> Lock(M);
    NotEmpty.wait(Lock, [this] { return Closed || !Items.empty(); });
    if (Items.empty())
      return std::nullopt;
    std::optional<T> Value(std::move(Items.front()));
    Items.pop_front();
    NotFull.notify_one();
    return Value;
  }

  void close() {
    std::lock_guard<std::mutex> Lock(M);
    Closed = true;
    NotFull.notify_all();
    NotEmpty.notify_all();
  }

private:
  const std::size_t Capacity;
  std::mutex M;
  std::condition_variable NotFull;
  std::condition_variable NotEmpty;
  std::deque<T> Items;
  bool Closed = false;
};

// ---- two queues, two stages -------------------------------------------------------------------------

class Pipeline_ok {
public:
  Pipeline_ok() : Parser([this] { parse(); }), Printer([this] { print(); }) {}
  ~Pipeline_ok() {
    Raw.close();
    Parser.join();
    Printer.join();
  }
  bool feed(std::string Line) { return Raw.push(std::move(Line)); }

private:
  void parse() {
    while (std::optional<std::string> Line = Raw.pop())
      if (!Parsed.push(static_cast<int>(Line->size())))
        break;
    Parsed.close();
  }
  void print() {
    while (std::optional<int> N = Parsed.pop())
      Total += *N;
  }

  BlockingQueue_ok<std::string> Raw{64};
  BlockingQueue_ok<int> Parsed{64};
  long Total = 0;
  std::thread Parser;
  std::thread Printer;
};

long localPipeline_ok() {
  BlockingQueue_ok<int> Queue(8);
  auto Consumer = std::async(std::launch::async, [&Queue] {
    long Sum = 0;
    while (auto Value = Queue.pop())
      Sum += *Value;
    return Sum;
  });
  for (int I = 0; I < 100; ++I)
    Queue.push(I);
  Queue.close();
  return Consumer.get();
}

// ---- a ring between counting semaphores -----------------------------------------------------------

class SemaphoreRing_ok {
public:
  void put(int Value) {
    Free.acquire();
    {
      std::lock_guard Lock(M);
      Ring[Tail++ % Size] = Value;
    }
    Used.release();
  }
  int take() {
    Used.acquire();
    int Value;
    {
      std::lock_guard Lock(M);
      Value = Ring[Head++ % Size];
    }
    Free.release();
    return Value;
  }

private:
  static constexpr int Size = 16;
  std::counting_semaphore<Size> Free{Size};
  std::counting_semaphore<Size> Used{0};
  std::mutex M;
  std::array<int, Size> Ring{};
  unsigned Head = 0;
  unsigned Tail = 0;
};

int semaphoreProducer_ok(int Count) {
  SemaphoreRing_ok Ring;
  std::jthread Producer([&Ring, Count] {
    for (int I = 0; I < Count; ++I)
      Ring.put(I);
  });
  int Sum = 0;
  for (int I = 0; I < Count; ++I)
    Sum += Ring.take();
  return Sum;
}

// ---- request and response through promises ----------------------------------------------------------

class Service_ok {
  struct Request {
    int Key;
    std::promise<std::string> Answer;
  };

public:
  Service_ok() : Worker([this] { serve(); }) {}
  ~Service_ok() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Quit = true;
    }
    Cv.notify_one();
    Worker.join();
  }

  std::future<std::string> ask(int Key) {
    Request R{Key, {}};
    auto Answer = R.Answer.get_future();
    {
      std::lock_guard<std::mutex> Lock(M);
      if (Quit) {
        R.Answer.set_exception(std::make_exception_ptr(std::runtime_error("service is down")));
        return Answer;
      }
      Requests.push(std::move(R));
    }
    Cv.notify_one();
    return Answer;
  }

private:
  static std::string lookUp(int Key) {
    if (Key < 0)
      throw std::out_of_range("key");
    return std::to_string(Key);
  }
  void serve() {
    std::unique_lock<std::mutex> Lock(M);
    for (;;) {
      Cv.wait(Lock, [&] { return Quit || !Requests.empty(); });
      if (Requests.empty())
        return;
      Request R = std::move(Requests.front());
      Requests.pop();
      Lock.unlock();
      try {
        R.Answer.set_value(lookUp(R.Key));
      } catch (...) {
        R.Answer.set_exception(std::current_exception());
      }
      Lock.lock();
    }
  }

  std::mutex M;
  std::condition_variable Cv;
  std::queue<Request> Requests;
  bool Quit = false;
  std::thread Worker;
};

std::string ask_ok(Service_ok &Service, int Key) {
  std::future<std::string> Answer = Service.ask(Key);
  if (Answer.wait_for(std::chrono::seconds(1)) != std::future_status::ready)
    return "timeout";
  return Answer.get();
}

// ---- started and stopped in pairs -----------------------------------------------------------------------

class Restartable_ok {
public:
  ~Restartable_ok() { stop(); }

  void start() {
    std::lock_guard Control(ControlMutex);
    if (Thread.joinable())
      return;
    Running = true;
    Thread = std::thread(&Restartable_ok::run, this);
  }

  void stop() {
    std::lock_guard Control(ControlMutex);
    if (!Thread.joinable())
      return;
    {
      std::lock_guard Lock(StateMutex);
      Running = false;
    }
    Changed.notify_all();
    Thread.join();
  }

private:
  void run() {
    std::unique_lock Lock(StateMutex);
    while (Running) {
      ++Ticks;
      Changed.wait_for(Lock, std::chrono::milliseconds(100), [this] { return !Running; });
    }
  }

  std::mutex ControlMutex;
  std::mutex StateMutex;
  std::condition_variable Changed;
  bool Running = false;
  long Ticks = 0;
  std::thread Thread;
};

class RestartableJthread_ok {
public:
  void start() {
    stop();
    Thread = std::jthread([this](std::stop_token Stop) {
      while (!Stop.stop_requested()) {
        std::unique_lock Lock(M);
        if (!Pause.wait(Lock, Stop, [this] { return Work > 0; }))
          break;
        --Work;
      }
    });
  }
  void stop() {
    if (Thread.joinable()) {
      Thread.request_stop();
      Thread.join();
    }
  }
  void add() {
    {
      std::lock_guard Lock(M);
      ++Work;
    }
    Pause.notify_one();
  }

private:
  std::mutex M;
  std::condition_variable_any Pause;
  int Work = 0;
  std::jthread Thread;
};

// ---- a thread that joins itself in its destructor ---------------------------------------------------------

class JoiningThread_ok {
public:
  JoiningThread_ok() noexcept = default;
  template <class Fn, class... Args>
  explicit JoiningThread_ok(Fn &&F, Args &&...As)
      : T(std::forward<Fn>(F), std::forward<Args>(As)...) {}
  explicit JoiningThread_ok(std::thread Other) noexcept : T(std::move(Other)) {}
  JoiningThread_ok(JoiningThread_ok &&Other) noexcept : T(std::move(Other.T)) {}
  JoiningThread_ok &operator=(JoiningThread_ok &&Other) noexcept {
    if (this != &Other) {
      if (joinable())
        join();
      T = std::move(Other.T);
    }
    return *this;
  }
  ~JoiningThread_ok() noexcept {
    if (joinable())
      join();
  }
  bool joinable() const noexcept { return T.joinable(); }
  void join() { T.join(); }
  std::thread::id id() const noexcept { return T.get_id(); }

private:
  std::thread T;
};

class ThreadGuard_ok {
public:
  explicit ThreadGuard_ok(std::thread &T) : T(T) {}
  ThreadGuard_ok(const ThreadGuard_ok &) = delete;
  ThreadGuard_ok &operator=(const ThreadGuard_ok &) = delete;
  ~ThreadGuard_ok() {
    if (T.joinable())
      T.join();
  }

private:
  std::thread &T;
};

int guarded_ok(const std::vector<int> &In) {
  int Even = 0;
  int Odd = 0;
  {
    std::thread Counter([&] {
      for (int I : In)
        Even += I % 2 == 0;
    });
    ThreadGuard_ok Guard(Counter);
    for (int I : In)
      Odd += I % 2 != 0;
  }
  return Even - Odd;
}

int joiningThreads_ok(const std::vector<int> &In) {
  std::atomic<int> Sum{0};
  {
    std::vector<JoiningThread_ok> Threads;
    for (int Value : In)
      Threads.emplace_back([&Sum, Value] { Sum += Value; });
  }
  return Sum;
}

// ---- a base class for threads -----------------------------------------------------------------------------

class Runnable_ok {
public:
  virtual ~Runnable_ok() = default;
  void start() { Thread = std::thread([this] { run(); }); }
  void stop() {
    {
      std::lock_guard Lock(M);
      StopRequested = true;
    }
    Cv.notify_all();
    if (Thread.joinable())
      Thread.join();
  }

protected:
  virtual void run() = 0;
  bool sleepFor(std::chrono::milliseconds Time) {
    std::unique_lock Lock(M);
    return !Cv.wait_for(Lock, Time, [this] { return StopRequested; });
  }

private:
  std::mutex M;
  std::condition_variable Cv;
  bool StopRequested = false;
  std::thread Thread;
};

class Heartbeat_ok final : public Runnable_ok {
public:
  ~Heartbeat_ok() override { stop(); }

private:
  void run() override {
    do
      ++Beats;
    while (sleepFor(std::chrono::milliseconds(500)));
  }
  std::atomic<long> Beats{0};
};

// ---- a promise that says when the thread is ready -----------------------------------------------------

class ReadySignal_ok {
public:
  ReadySignal_ok() {
    std::promise<void> Started;
    std::future<void> Ready = Started.get_future();
    Thread = std::jthread([this, Started = std::move(Started)](std::stop_token Stop) mutable {
      Buffer.resize(4096);
      Started.set_value();
      std::mutex M;
      std::condition_variable_any Cv;
      std::unique_lock Lock(M);
      Cv.wait(Lock, Stop, [] { return false; });
    });
    Ready.wait();
  }

private:
  std::vector<char> Buffer;
  std::jthread Thread;
};
