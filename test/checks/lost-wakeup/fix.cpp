// RUN: %check_tether %s lost-wakeup
#include <condition_variable>
#include <deque>
#include <mutex>

class Gate {
public:
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Open; });
  }
  void open() {
    Open = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Open' changes without the mutex
    // CHECK-FIXES: void open() {
    // CHECK-FIXES-NEXT: {{^}}    {
    // CHECK-FIXES-NEXT: {{^}}      std::lock_guard<decltype(Mutex)> Lock(Mutex);
    // CHECK-FIXES-NEXT: {{^}}      Open = true;
    // CHECK-FIXES-NEXT: {{^}}    }
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Open = false;
};

class Signal {
public:
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Set; });
  }
  void set() {
    Changed.notify_all();
    std::lock_guard<std::mutex> Lock(Mutex);
    Set = true; // at last
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Set' changes only after the notification
    // CHECK-FIXES: {{^}}    Set = true; // at last
    // CHECK-FIXES-NEXT: {{^}}    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Set = false;
};

class Counter {
public:
  void end() {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (--Pending == 0)
      Idle.notify_all();
  }
  void abandon() {
    std::lock_guard<std::mutex> Lock(Mutex);
    --Pending;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Idle' may be lost: 'Pending' changes here without a notification
    // CHECK-FIXES: {{^}}    --Pending;
    // CHECK-FIXES-NEXT: {{^}}    Idle.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Idle.wait(Lock, [this] { return Pending == 0; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Idle;
  int Pending = 0;
};

// No state to wait for, and none that a fix could make up.
class Bell {
public:
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Rang.wait(Lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: wake-up of 'Rang' may be lost: it waits without having looked at any state
    // CHECK-FIXES: {{^}}    Rang.wait(Lock);
  }
  void ring() { Rang.notify_all(); }

private:
  std::mutex Mutex;
  std::condition_variable Rang;
};

// The flag that ends the loop is looked at first.
class Loop {
public:
  void run() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (!Ended) {
      while (Served != Wanted && !Ended) {
        ++Served;
        Lock.unlock();
        serve();
        Lock.lock();
      }
      // CHECK-FIXES: {{^}}      if (!Ended)
      // CHECK-FIXES-NEXT: {{^}}        Changed.wait(Lock);
      Changed.wait(Lock);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: wake-up of 'Changed' may be lost: 'Ended' is not looked at between the lock and this wait
    }
  }
  void want() {
    std::lock_guard<std::mutex> Lock(Mutex);
    ++Wanted;
    Changed.notify_one();
  }
  void end() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Ended = true;
    Changed.notify_one();
  }

private:
  void serve();
  std::mutex Mutex;
  std::condition_variable Changed;
  int Wanted = 0, Served = 0;
  bool Ended = false;
};
