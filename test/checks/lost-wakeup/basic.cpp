// RUN: %check_tether %s lost-wakeup
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

// ---- changed without the mutex ------------------------------------------------------------------

class AtomicFlag_bad {
public:
  ~AtomicFlag_bad() {
    Stop = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Stop' changes without the mutex
    Changed.notify_all();
    Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop.load(); });
  }
  std::mutex M;
  std::condition_variable Changed;
  std::atomic<bool> Stop{false};
  std::thread Worker{[this] { run(); }};
};

class FlagUnderTheMutex_ok {
public:
  ~FlagUnderTheMutex_ok() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Changed.notify_all();
    Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
  std::thread Worker{[this] { run(); }};
};

class MutexTakenBetween_ok {
public:
  void stop() {
    Stop = true;
    { std::lock_guard<std::mutex> Lock(M); } // whoever has looked at the flag sleeps by now
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop.load(); });
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  std::atomic<bool> Stop{false};
};

class HelperCalledWithTheMutex_ok {
public:
  void stop() {
    std::lock_guard<std::mutex> Lock(M);
    set();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (!Stop)
      Changed.wait(Lock);
  }

private:
  void set() {
    Stop = true;
    Changed.notify_all();
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
};

class HelperCalledWithout_bad {
public:
  void stop() { set(); }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (!Stop)
      Changed.wait(Lock);
  }

private:
  void set() {
    Stop = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Stop' changes without the mutex
    Changed.notify_all();
  }
  std::mutex M;
  std::condition_variable Changed;
  std::atomic<bool> Stop{false};
};

class HelperIsGivenTheLock_ok {
public:
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (!Stop)
      Changed.wait(Lock);
  }
  void set(std::unique_lock<std::mutex> &) {
    Stop = true;
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
};

class PollingWait_ok { // a wake-up that is lost costs a tenth of a second
public:
  void stop() {
    Stop = true;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (!Stop)
      Changed.wait_for(Lock, std::chrono::milliseconds(100));
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  std::atomic<bool> Stop{false};
};

class ResetBeforeTheStart_ok { // nobody waits for the flag to be cleared
public:
  void start() {
    Stop = false;
    Changed.notify_all();
  }
  void stop() {
    std::lock_guard<std::mutex> Lock(M);
    Stop = true;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop.load(); });
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  std::atomic<bool> Stop{false};
};

// ---- changed after the notification -------------------------------------------------------------

class NotifiesFirst_bad {
public:
  void open() {
    Changed.notify_all();
    std::lock_guard<std::mutex> Lock(M);
    Open = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Open' changes only after the notification
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Open; });
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Open = false;
};

class NotifiesFirstUnderTheMutex_ok { // nobody can look before the mutex is released
public:
  void open() {
    std::lock_guard<std::mutex> Lock(M);
    Changed.notify_all();
    Open = true;
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Open; });
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Open = false;
};

// ---- not every way notifies ---------------------------------------------------------------------

class ErrorWay_bad {
public:
  void fail(bool Seeking) {
    std::lock_guard<std::mutex> Lock(M);
    Failed = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Failed' changes here, and not every way on notifies
    if (Seeking)
      return;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Failed || Ready; });
  }
  void ready() {
    std::lock_guard<std::mutex> Lock(M);
    Ready = true;
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Failed = false, Ready = false;
};

class EveryWay_ok {
public:
  void fail(bool Seeking) {
    std::lock_guard<std::mutex> Lock(M);
    Failed = true;
    if (Seeking) {
      Changed.notify_one();
      return;
    }
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Failed; });
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Failed = false;
};

class CounterReachesZero_bad {
public:
  void begin() {
    std::lock_guard<std::mutex> Lock(M);
    ++Pending;
  }
  void end() {
    std::lock_guard<std::mutex> Lock(M);
    if (--Pending == 0)
      Idle.notify_all();
  }
  void nothing_to_do() {
    std::lock_guard<std::mutex> Lock(M);
    --Pending;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Idle' may be lost: 'Pending' changes here without a notification
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (Pending != 0)
      Idle.wait(Lock);
  }

private:
  std::mutex M;
  std::condition_variable Idle;
  int Pending = 0;
};

class CounterReachesZero_ok {
public:
  void begin() {
    std::lock_guard<std::mutex> Lock(M);
    ++Pending;
  }
  void end() {
    std::lock_guard<std::mutex> Lock(M);
    Pending -= 1;
    if (Pending == 0)
      Idle.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (Pending != 0)
      Idle.wait(Lock);
  }

private:
  std::mutex M;
  std::condition_variable Idle;
  int Pending = 0;
};

class OnlyWhenEmpty_bad {
public:
  void put(int Value) {
    std::unique_lock<std::mutex> Lock(M);
    bool WasEmpty = Values.empty();
    Values.push_back(Value);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: wake-up of 'NotEmpty' may be lost: of several waiters only one is woken, and nobody for the next change of 'Values'
    if (WasEmpty)
      NotEmpty.notify_one();
  }
  int get() {
    std::unique_lock<std::mutex> Lock(M);
    NotEmpty.wait(Lock, [this] { return !Values.empty(); });
    int Value = Values.front();
    Values.pop_front();
    return Value;
  }

private:
  std::mutex M;
  std::condition_variable NotEmpty;
  std::deque<int> Values;
};

class OnlyWhenEmptyToAll_ok {
public:
  void put(int Value) {
    std::unique_lock<std::mutex> Lock(M);
    bool WasEmpty = Values.empty();
    Values.push_back(Value);
    if (WasEmpty)
      NotEmpty.notify_all();
  }
  int get() {
    std::unique_lock<std::mutex> Lock(M);
    NotEmpty.wait(Lock, [this] { return !Values.empty(); });
    int Value = Values.front();
    Values.pop_front();
    return Value;
  }

private:
  std::mutex M;
  std::condition_variable NotEmpty;
  std::deque<int> Values;
};

class OnlyWhenEmptyForOneWorker_ok {
public:
  OnlyWhenEmptyForOneWorker_ok() : Worker([this] { run(); }) {}
  void put(int Value) {
    std::unique_lock<std::mutex> Lock(M);
    bool WasEmpty = Values.empty();
    Values.push_back(Value);
    if (WasEmpty)
      NotEmpty.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock<std::mutex> Lock(M);
      NotEmpty.wait(Lock, [this] { return !Values.empty(); });
      if (Values.front() < 0)
        return;
      Values.pop_front();
    }
  }
  std::mutex M;
  std::condition_variable NotEmpty;
  std::deque<int> Values;
  std::jthread Worker;
};

class KnowsItsWaiters_ok {
public:
  void put(int Value) {
    std::unique_lock<std::mutex> Lock(M);
    Values.push_back(Value);
    if (Waiting > 0)
      NotEmpty.notify_one();
  }
  int get() {
    std::unique_lock<std::mutex> Lock(M);
    ++Waiting;
    NotEmpty.wait(Lock, [this] { return !Values.empty(); });
    --Waiting;
    int Value = Values.front();
    Values.pop_front();
    return Value;
  }

private:
  std::mutex M;
  std::condition_variable NotEmpty;
  std::deque<int> Values;
  int Waiting = 0;
};

class CallerNotifies_ok {
public:
  void put(int Value) {
    add(Value);
    NotEmpty.notify_one();
  }
  void put_two(int Value) {
    std::lock_guard<std::mutex> Lock(M);
    Values.push_back(Value);
    Values.push_back(Value);
    NotEmpty.notify_all();
  }
  int get() {
    std::unique_lock<std::mutex> Lock(M);
    NotEmpty.wait(Lock, [this] { return !Values.empty(); });
    int Value = Values.front();
    Values.pop_front();
    return Value;
  }

private:
  void add(int Value) {
    std::lock_guard<std::mutex> Lock(M);
    Values.push_back(Value);
  }
  std::mutex M;
  std::condition_variable NotEmpty;
  std::deque<int> Values;
};

class FilledThenKicked_ok { // nobody says that each put has to be told
public:
  void put(int Value) {
    std::lock_guard<std::mutex> Lock(M);
    Values.push_back(Value);
  }
  void kick() { NotEmpty.notify_all(); }
  int get() {
    std::unique_lock<std::mutex> Lock(M);
    NotEmpty.wait(Lock, [this] { return !Values.empty(); });
    int Value = Values.front();
    Values.pop_front();
    return Value;
  }

private:
  std::mutex M;
  std::condition_variable NotEmpty;
  std::deque<int> Values;
};

// ---- waits that look at nothing -----------------------------------------------------------------

class Blind_bad {
public:
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    Rang.wait(Lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: wake-up of 'Rang' may be lost: it waits without having looked at any state: a notification that came before is lost
  }
  void ring() { Rang.notify_all(); }

private:
  std::mutex M;
  std::condition_variable Rang;
};

class LooksFirst_ok {
public:
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (!HasRung)
      Rang.wait(Lock);
  }
  void ring() {
    std::lock_guard<std::mutex> Lock(M);
    HasRung = true;
    Rang.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Rang;
  bool HasRung = false;
};

void started_under_the_mutex_ok() { // the task cannot notify before the wait has released the mutex
  std::mutex M;
  std::condition_variable Started;
  std::unique_lock<std::mutex> Lock(M);
  std::thread Worker([&] {
    std::lock_guard<std::mutex> Inner(M);
    Started.notify_one();
  });
  Started.wait(Lock);
  Lock.unlock();
  Worker.join();
}

void sleeps_for_a_time_ok(std::mutex &M, std::condition_variable &Nobody) {
  std::unique_lock<std::mutex> Lock(M);
  Nobody.wait_for(Lock, std::chrono::seconds(1));
}
