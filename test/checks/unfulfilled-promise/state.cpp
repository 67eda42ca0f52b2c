// RUN: %check_tether %s unfulfilled-promise
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

bool open();
bool step();

// ---- a flag that says that work is going on

class FlagLeftSet_bad {
public:
  bool flush() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Busy; });
    Busy = true;
    Lock.unlock();
    if (!open())
      return false;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Busy' is not changed back on this path
    Lock.lock();
    Busy = false;
    Changed.notify_all();
    return true;
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

class FlagCleared_ok {
public:
  bool flush() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Busy; });
    Busy = true;
    Lock.unlock();
    bool Opened = open();
    Lock.lock();
    Busy = false;
    Changed.notify_all();
    return Opened;
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

class FlagLeftSetByException_bad {
public:
  void flush() {
    {
      std::lock_guard Lock(Mutex);
      Busy = true;
    }
    if (!open())
      throw std::runtime_error("closed");
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Busy' is not changed back on this path
    std::lock_guard Lock(Mutex);
    Busy = false;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    while (Busy)
      Changed.wait(Lock);
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

class FlagClearedByGuard_ok {
public:
  void flush() {
    {
      std::lock_guard Lock(Mutex);
      Busy = true;
    }
    struct Clear {
      FlagClearedByGuard_ok &Self;
      ~Clear() {
        std::lock_guard Lock(Self.Mutex);
        Self.Busy = false;
        Self.Changed.notify_all();
      }
    } Clear{*this};
    if (!open())
      throw std::runtime_error("closed");
    step();
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    while (Busy)
      Changed.wait(Lock);
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

template <typename Fn> struct Finally {
  Fn Do;
  ~Finally() { Do(); }
};
template <typename Fn> Finally(Fn) -> Finally<Fn>;

class FlagClearedByScopeGuard_ok {
public:
  bool flush() {
    {
      std::lock_guard Lock(Mutex);
      Busy = true;
    }
    Finally Clear{[this] {
      std::lock_guard Lock(Mutex);
      Busy = false;
      Changed.notify_all();
    }};
    if (!open())
      return false;
    return step();
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    while (Busy)
      Changed.wait(Lock);
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

class TaskLeavesFlagSet_bad {
public:
  ~TaskLeavesFlagSet_bad() { Worker.join(); }
  void start() {
    std::lock_guard Lock(Mutex);
    Running = true;
    Worker = std::thread([this] { run(); });
  }
  void finish() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Running; });
  }

private:
  void run() {
    for (int Attempt = 0; Attempt < 3; ++Attempt) {
      if (!open())
        return;
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'Running' is not changed back on this path
      if (step())
        break;
    }
    std::lock_guard Lock(Mutex);
    Running = false;
    Changed.notify_all();
  }

  std::mutex Mutex;
  std::condition_variable Changed;
  bool Running = false;
  std::thread Worker;
};

class TaskClearsFlag_ok {
public:
  ~TaskClearsFlag_ok() { Worker.join(); }
  void start() {
    std::lock_guard Lock(Mutex);
    Running = true;
    Worker = std::thread([this] { run(); });
  }
  void finish() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Running; });
  }

private:
  void run() {
    for (int Attempt = 0; Attempt < 3; ++Attempt)
      if (!open() || step())
        break;
    std::lock_guard Lock(Mutex);
    Running = false;
    Changed.notify_all();
  }

  std::mutex Mutex;
  std::condition_variable Changed;
  bool Running = false;
  std::thread Worker;
};

// Somebody else clears the flag.
class FlagOfTwoCalls_ok {
public:
  bool begin() {
    std::lock_guard Lock(Mutex);
    Busy = true;
    return open();
  }
  void end() {
    std::lock_guard Lock(Mutex);
    Busy = false;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Busy; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

class CountLeftUp_bad {
public:
  bool handle() {
    {
      std::lock_guard Lock(Mutex);
      ++Active;
    }
    if (!open())
      return false;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Active' is not changed back on this path
    std::lock_guard Lock(Mutex);
    if (--Active == 0)
      Idle.notify_all();
    return true;
  }
  void drain() {
    std::unique_lock Lock(Mutex);
    Idle.wait(Lock, [this] { return Active == 0; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Idle;
  int Active = 0;
};

// ---- an object of the function's own, with a wait inside

class Event {
public:
  void set() {
    std::lock_guard Lock(Mutex);
    Set = true;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Set; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Set = false;
};

void event_not_set_bad() {
  Event Ready;
  std::jthread Worker([&] {
    if (!open())
      return;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Ready' is not satisfied on this path
    Ready.set();
    step();
  });
  Ready.wait();
}

void owned_by_others_too_ok(std::shared_ptr<Event> Ready) {
  std::jthread Worker([Ready, Self = Ready] {
    std::jthread Inner([&] { Self->wait(); });
    if (!open())
      return;
    Self->set();
  });
}

void event_set_ok() {
  Event Ready;
  std::jthread Worker([&] {
    bool Opened = open();
    Ready.set();
    if (Opened)
      step();
  });
  Ready.wait();
}

class Starter {
public:
  explicit Starter(Event &Ready) {
    if (open())
      Ready.set();
    // CHECK-MESSAGES: :[[@LINE-2]]:9: warning: channel 'Ready' is not satisfied on this path
  }
};

class SureStarter {
public:
  explicit SureStarter(Event &Ready) {
    if (open()) {
      Started = true;
      Ready.set();
    }
    if (!Started)
      Ready.set();
  }

private:
  bool Started = false;
};

void starter_does_not_report_bad() {
  Event Ready;
  std::thread Waiter([&] { Ready.wait(); });
  Starter Start(Ready);
  Waiter.join();
}

void starter_reports_ok() {
  Event Ready;
  std::thread Waiter([&] { Ready.wait(); });
  SureStarter Start(Ready);
  Waiter.join();
}

// ---- requests that wait for an answer

class ForgetsRequests_bad {
public:
  std::future<int> get(int Id) { return add(Gets, Id); }
  std::future<int> put(int Id) { return add(Puts, Id); }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
    for (auto &[Id, Request] : Gets)
      Request.set_value(-1);
    Gets.clear();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: channel 'Puts' is left as it is by 'close', which settles 'Gets'
  }

private:
  using Requests = std::map<int, std::promise<int>>;
  std::future<int> add(Requests &To, int Id) {
    std::lock_guard Lock(Mutex);
    std::promise<int> Request;
    auto Answer = Request.get_future();
    if (Closed)
      Request.set_value(-1);
    else
      To.emplace(Id, std::move(Request));
    return Answer;
  }

  std::mutex Mutex;
  bool Closed = false;
  Requests Gets;
  Requests Puts;
};

class SettlesRequests_ok {
public:
  std::future<int> get(int Id) { return add(Gets, Id); }
  std::future<int> put(int Id) { return add(Puts, Id); }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
    for (auto *Each : {&Gets, &Puts})
      Each->clear(); // breaks the promises
  }

private:
  using Requests = std::map<int, std::promise<int>>;
  std::future<int> add(Requests &To, int Id) {
    std::lock_guard Lock(Mutex);
    std::promise<int> Request;
    auto Answer = Request.get_future();
    if (Closed)
      Request.set_value(-1);
    else
      To.emplace(Id, std::move(Request));
    return Answer;
  }

  std::mutex Mutex;
  bool Closed = false;
  Requests Gets;
  Requests Puts;
};

// ---- states that have names

class StateLeftAtWork_bad {
public:
  bool load() {
    {
      std::lock_guard Lock(Mutex);
      Now = State::Loading;
    }
    if (!open())
      return false;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Now' is not changed back on this path: whoever waits for it waits for ever
    std::lock_guard Lock(Mutex);
    Now = State::Loaded;
    Changed.notify_all();
    return true;
  }
  bool wait() {
    std::unique_lock Lock(Mutex);
    while (Now == State::Loading)
      Changed.wait(Lock);
    return Now == State::Loaded;
  }

private:
  enum class State { Empty, Loading, Loaded };
  std::mutex Mutex;
  std::condition_variable Changed;
  State Now = State::Empty;
};

class StateOfFailure_ok {
public:
  bool load() {
    {
      std::lock_guard Lock(Mutex);
      Now = State::Loading;
    }
    bool Opened = open();
    std::lock_guard Lock(Mutex);
    Now = Opened ? State::Loaded : State::Empty;
    Changed.notify_all();
    return Opened;
  }
  bool wait() {
    std::unique_lock Lock(Mutex);
    while (Now == State::Loading)
      Changed.wait(Lock);
    return Now == State::Loaded;
  }

private:
  enum class State { Empty, Loading, Loaded };
  std::mutex Mutex;
  std::condition_variable Changed;
  State Now = State::Empty;
};

// ---- callbacks

class Client {
public:
  void requestSometimes(int Id, std::function<void(int)> Done) {
    if (!open())
      return;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Result' is not satisfied on this path: whoever waits for it waits for ever
    Pending.emplace(Id, std::move(Done));
  }
  void request(int Id, std::function<void(int)> Done) {
    if (!open())
      return Done(-1);
    Pending.emplace(Id, std::move(Done));
  }

private:
  std::map<int, std::function<void(int)>> Pending;
};

int callback_is_dropped_bad(Client &To) {
  std::promise<int> Result;
  To.requestSometimes(1, [&](int Value) { Result.set_value(Value); });
  return Result.get_future().get();
}

int callback_is_called_or_kept_ok(Client &To) {
  std::promise<int> Result;
  To.request(1, [&](int Value) { Result.set_value(Value); });
  return Result.get_future().get();
}

void post(std::function<void()> Job);

class CallbackLeavesCountUp_bad {
public:
  void start() {
    {
      std::lock_guard Lock(Mutex);
      ++Active;
    }
    post([this] {
      if (!open())
        return;
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'Active' is not changed back on this path: whoever waits for it waits for ever
      std::lock_guard Lock(Mutex);
      if (--Active == 0)
        Idle.notify_all();
    });
  }
  void drain() {
    std::unique_lock Lock(Mutex);
    Idle.wait(Lock, [this] { return Active == 0; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Idle;
  int Active = 0;
};

class ForgetsCallbacks_bad {
public:
  void get(int Id, std::function<void(int)> Done) { add(Gets, Id, std::move(Done)); }
  void put(int Id, std::function<void(int)> Done) { add(Puts, Id, std::move(Done)); }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
    for (auto &[Id, Done] : Gets)
      Done(-1);
    Gets.clear();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: 'Puts' is left as it is by 'close', which settles 'Gets': whoever waits for what is in it waits for ever
  }

private:
  using Callbacks = std::map<int, std::function<void(int)>>;
  void add(Callbacks &To, int Id, std::function<void(int)> Done) {
    std::lock_guard Lock(Mutex);
    if (Closed)
      return Done(-1);
    To.emplace(Id, std::move(Done));
  }

  std::mutex Mutex;
  bool Closed = false;
  Callbacks Gets;
  Callbacks Puts;
};
