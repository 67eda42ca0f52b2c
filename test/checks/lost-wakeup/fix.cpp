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

// What is looked at behind the wait only is looked at by its predicate, too.
class Download {
public:
  int size() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Done.wait(Lock, [this] { return Size > 0; });
    // CHECK-FIXES: {{^}}    Done.wait(Lock, [this] { return Failed || Size > 0; });
    return Failed ? -1 : Size;
  }
  void arrived(int Bytes) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Size += Bytes;
    Done.notify_all();
  }
  void fail_bad() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Failed = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Done' may be lost: 'Failed' changes here, and no wait looks at it
    Done.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Done;
  int Size = 0;
  bool Failed = false;
};

// The mutex has a name wherever the block around it is still open.
namespace {
std::mutex Latch;
std::condition_variable Opened;
bool IsOpen;

void enter() {
  std::unique_lock<std::mutex> Lock(Latch);
  Opened.wait(Lock, [] { return IsOpen; });
}

void open_bad() {
  IsOpen = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: wake-up of 'Opened' may be lost: 'IsOpen' changes without the mutex
  // CHECK-FIXES:      {{^}}    std::lock_guard<decltype(Latch)> Lock(Latch);
  // CHECK-FIXES-NEXT: {{^}}    IsOpen = true;
  Opened.notify_all();
}

namespace hidden {
std::mutex Bolt;
}
std::condition_variable Shut;
bool IsShut;

void leave() {
  std::unique_lock<std::mutex> Lock(hidden::Bolt);
  Shut.wait(Lock, [] { return IsShut; });
}

void shut_bad() {
  IsShut = true; // left alone: by a longer name
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: wake-up of 'Shut' may be lost: 'IsShut' changes without the mutex
  // CHECK-FIXES: {{^}}  IsShut = true; // left alone
  Shut.notify_all();
}
} // namespace
