// RUN: %check_tether %s lost-wakeup
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>

// ---- looked at before the mutex is taken ---------------------------------------------------------

class LooksOutside_bad {
public:
  ~LooksOutside_bad() {
    {
      std::lock_guard Lock(M);
      Quit = true;
    }
    Bell.notify_all();
    Thread.join();
  }
  void post(int Value) {
    std::lock_guard Lock(M);
    Values.push(Value);
    Bell.notify_one();
  }

private:
  void run() {
    while (!Quit) {
      std::unique_lock Lock(M);
      if (Values.empty()) {
        Bell.wait(Lock);
        // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: wake-up of 'Bell' may be lost: 'Quit' is not looked at between the lock and this wait, and may have changed before
        continue;
      }
      Values.pop();
    }
  }
  std::mutex M;
  std::condition_variable Bell;
  std::queue<int> Values;
  std::atomic<bool> Quit{false};
  std::thread Thread{[this] { run(); }};
};

class LooksInside_ok {
public:
  ~LooksInside_ok() {
    {
      std::lock_guard Lock(M);
      Quit = true;
    }
    Bell.notify_all();
    Thread.join();
  }
  void post(int Value) {
    std::lock_guard Lock(M);
    Values.push(Value);
    Bell.notify_one();
  }

private:
  void run() {
    std::unique_lock Lock(M);
    while (!Quit) {
      if (Values.empty()) {
        Bell.wait(Lock);
        continue;
      }
      Values.pop();
    }
  }
  std::mutex M;
  std::condition_variable Bell;
  std::queue<int> Values;
  std::atomic<bool> Quit{false};
  std::thread Thread{[this] { run(); }};
};

class LooksInHelper_ok {
public:
  ~LooksInHelper_ok() {
    {
      std::lock_guard Lock(M);
      Quit = true;
    }
    Bell.notify_all();
    Thread.join();
  }

private:
  bool idle() const { return !Quit; }
  void run() {
    while (!Quit) {
      std::unique_lock Lock(M);
      if (idle())
        Bell.wait(Lock);
    }
  }
  std::mutex M;
  std::condition_variable Bell;
  std::atomic<bool> Quit{false};
  std::thread Thread{[this] { run(); }};
};

class PollsOutside_ok { // what is lost costs a second
public:
  ~PollsOutside_ok() {
    {
      std::lock_guard Lock(M);
      Quit = true;
    }
    Bell.notify_all();
    Thread.join();
  }

private:
  void run() {
    while (!Quit) {
      std::unique_lock Lock(M);
      Bell.wait_for(Lock, std::chrono::seconds(1));
    }
  }
  std::mutex M;
  std::condition_variable Bell;
  std::atomic<bool> Quit{false};
  std::thread Thread{[this] { run(); }};
};

// ---- by whoever calls the function that waits ----------------------------------------------------

class Basket {
public:
  int take() {
    std::unique_lock Lock(M);
    if (Eggs == 0)
      Filled.wait(Lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: wake-up of 'Filled' may be lost: 'Open' is not looked at between the lock and this wait, and may have changed before
    return Eggs;
  }
  void put() {
    std::lock_guard Lock(M);
    ++Eggs;
    Filled.notify_one();
  }
  void wake() {
    std::lock_guard Lock(M);
    Filled.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Filled;
  int Eggs = 0;
};

class Stall_bad {
public:
  void close() {
    Open = false;
    Eggs.wake();
  }
  int sell() {
    int Sold = 0;
    while (Open)
      Sold += Eggs.take();
    return Sold;
  }

private:
  Basket Eggs;
  std::atomic<bool> Open{true};
};

// ---- the mutex is given up between look and wait -------------------------------------------------

class WorksInBetween_bad {
public:
  explicit WorksInBetween_bad(std::function<void()> Work) : Work(std::move(Work)) {}
  ~WorksInBetween_bad() {
    {
      std::lock_guard Lock(M);
      Quit = true;
      Bell.notify_all();
    }
    Thread.join();
  }
  void ask() {
    std::lock_guard Lock(M);
    Asked = true;
    Bell.notify_all();
  }

private:
  void run() {
    std::unique_lock Lock(M);
    while (!Quit) {
      if (Asked) {
        Asked = false;
        Lock.unlock();
        Work();
        Lock.lock();
      }
      Bell.wait(Lock);
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: wake-up of 'Bell' may be lost: it waits without having looked at any state
    }
  }
  const std::function<void()> Work;
  std::mutex M;
  std::condition_variable Bell;
  bool Quit = false, Asked = false;
  std::thread Thread{[this] { run(); }};
};

class LooksAgain_ok {
public:
  explicit LooksAgain_ok(std::function<void()> Work) : Work(std::move(Work)) {}
  ~LooksAgain_ok() {
    {
      std::lock_guard Lock(M);
      Quit = true;
      Bell.notify_all();
    }
    Thread.join();
  }
  void ask() {
    std::lock_guard Lock(M);
    Asked = true;
    Bell.notify_all();
  }

private:
  void run() {
    std::unique_lock Lock(M);
    while (!Quit) {
      if (Asked) {
        Asked = false;
        Lock.unlock();
        Work();
        Lock.lock();
        continue;
      }
      Bell.wait(Lock);
    }
  }
  const std::function<void()> Work;
  std::mutex M;
  std::condition_variable Bell;
  bool Quit = false, Asked = false;
  std::thread Thread{[this] { run(); }};
};
