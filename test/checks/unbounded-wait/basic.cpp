// RUN: %check_tether %s unbounded-wait
#include <condition_variable>
#include <mutex>
#include <thread>

// A flag that is looked at before the wait, and set without waking it.

class Gate {
public:
  void enter_bad() {
    std::unique_lock Lock(Mutex);
    if (Closed)
      return;
    Opened.wait(Lock, [this] { return Tokens > 0; });
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: wait on 'Opened' has no timeout and no stop token: whoever sets 'Closed' wakes nobody [tether-unbounded-wait]
    --Tokens;
  }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
  }
  void leave() {
    std::lock_guard Lock(Mutex);
    ++Tokens;
    Opened.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Opened;
  int Tokens = 0;
  bool Closed = false;
};

class WokenGate {
public:
  void enter_ok() {
    std::unique_lock Lock(Mutex);
    if (Closed)
      return;
    Opened.wait(Lock, [this] { return Closed || Tokens > 0; });
    --Tokens;
  }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
    Opened.notify_all();
  }
  void leave() {
    std::lock_guard Lock(Mutex);
    ++Tokens;
    Opened.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Opened;
  int Tokens = 0;
  bool Closed = false;
};

// What a task waits for that somebody is to end says tether-unstoppable-thread.
class Worker_ok {
public:
  Worker_ok() : Thread(&Worker_ok::run, this) {}
  ~Worker_ok() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Thread.join();
  }

private:
  void run() {
    std::unique_lock Lock(Mutex);
    Ended.wait(Lock, [this] { return Done; });
  }

  std::mutex Mutex;
  std::condition_variable Ended;
  bool Done = false;
  std::thread Thread;
};
