// RUN: %check_tether %s lost-wakeup
#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <thread>

// ---- under another mutex than that of the wait ---------------------------------------------------

class OtherMutex_bad {
public:
  void close() {
    {
      std::lock_guard Lock(Inbox);
      Closed = true;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: wake-up of 'Drained' may be lost: 'Closed' changes without the mutex 'Outbox' of the wait
    }
    Arrived.notify_all();
    Drained.notify_all();
  }
  bool receive() {
    std::unique_lock Lock(Inbox);
    Arrived.wait(Lock, [this] { return Closed || Letters > 0; });
    return !Closed;
  }
  void drain() {
    std::unique_lock Lock(Outbox);
    while (!Closed && Parcels > 0)
      Drained.wait(Lock);
  }

private:
  std::mutex Inbox, Outbox;
  std::condition_variable Arrived, Drained;
  std::atomic<bool> Closed{false};
  int Letters = 0, Parcels = 0;
};

class BothMutexes_ok {
public:
  void close() {
    {
      std::scoped_lock Lock(Inbox, Outbox);
      Closed = true;
    }
    Arrived.notify_all();
    Drained.notify_all();
  }
  bool receive() {
    std::unique_lock Lock(Inbox);
    Arrived.wait(Lock, [this] { return Closed || Letters > 0; });
    return !Closed;
  }
  void drain() {
    std::unique_lock Lock(Outbox);
    while (!Closed && Parcels > 0)
      Drained.wait(Lock);
  }

private:
  std::mutex Inbox, Outbox;
  std::condition_variable Arrived, Drained;
  std::atomic<bool> Closed{false};
  int Letters = 0, Parcels = 0;
};

class OtherMutexTakenLater_ok { // whoever has looked sleeps by the time of the notification
public:
  void close() {
    {
      std::lock_guard Lock(Inbox);
      Closed = true;
    }
    std::lock_guard Lock(Outbox);
    Drained.notify_all();
  }
  void drain() {
    std::unique_lock Lock(Outbox);
    Drained.wait(Lock, [this] { return Closed.load(); });
  }

private:
  std::mutex Inbox, Outbox;
  std::condition_variable Drained;
  std::atomic<bool> Closed{false};
};

class CallerHoldsTheOther_ok {
public:
  void close() {
    std::lock_guard Lock(Outbox);
    mark();
  }
  void drain() {
    std::unique_lock Lock(Outbox);
    Drained.wait(Lock, [this] { return Closed.load(); });
  }

private:
  void mark() {
    std::lock_guard Lock(Inbox);
    Closed = true;
    Drained.notify_all();
  }
  std::mutex Inbox, Outbox;
  std::condition_variable Drained;
  std::atomic<bool> Closed{false};
};

class MutexOfWhoCalls_ok { // which mutex the guard is for is not known
public:
  void close(std::mutex &Some) {
    std::lock_guard Lock(Some);
    Closed = true;
    Drained.notify_all();
  }
  void drain() {
    std::unique_lock Lock(Outbox);
    Drained.wait(Lock, [this] { return Closed.load(); });
  }
  std::mutex Outbox;

private:
  std::condition_variable Drained;
  std::atomic<bool> Closed{false};
};

// ---- state that heirs and other classes share ----------------------------------------------------

class Worker {
public:
  void halt_bad() {
    Running = false;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Tick' may be lost: 'Running' changes without the mutex
    Tick.notify_one();
  }
  void halt_ok() {
    std::unique_lock Lock(Guard);
    Running = false;
    Lock.unlock();
    Tick.notify_one();
  }

protected:
  std::mutex Guard;
  std::condition_variable Tick;
  std::atomic<bool> Running{true};
};

class Clock : public Worker {
public:
  void run() {
    std::unique_lock Lock(Guard);
    while (Running)
      Tick.wait(Lock);
  }
};

namespace {
std::mutex Door;
std::condition_variable Opened;
bool IsOpen;

void enter() {
  std::unique_lock Lock(Door);
  Opened.wait(Lock, [] { return IsOpen; });
}

void open_bad() {
  IsOpen = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: wake-up of 'Opened' may be lost: 'IsOpen' changes without the mutex
  Opened.notify_all();
}

void open_ok() {
  {
    std::lock_guard Lock(Door);
    IsOpen = true;
  }
  Opened.notify_all();
}
} // namespace

void visit() {
  std::jthread Guest(enter);
  open_bad();
  open_ok();
}

struct Shared { // whoever uses it may hold its mutex, and call a function that does not take it
  std::mutex M;
  std::condition_variable Changed;
  bool Done = false;
};

void wait_for(Shared &S) {
  std::unique_lock Lock(S.M);
  S.Changed.wait(Lock, [&] { return S.Done; });
}

void finish_ok(Shared &S) { // the caller is in another file
  S.Done = true;
  S.Changed.notify_all();
}

void finish_bad(Shared &S) {
  S.Done = true;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: wake-up of 'Changed' may be lost: 'Done' changes without the mutex
  S.Changed.notify_all();
}

void together() {
  Shared S;
  std::jthread Other([&] { finish_bad(S); });
  wait_for(S);
}

// A condition variable that has a pointer to the mutex of whoever owns both.
class Bell_ok {
public:
  explicit Bell_ok(std::mutex *Of) : Of(Of) {}
  void wait() {
    std::unique_lock Lock(*Of, std::adopt_lock);
    Rung.wait(Lock);
    Lock.release();
  }
  void ring() { Rung.notify_all(); }

private:
  std::condition_variable Rung;
  std::mutex *const Of;
};

class Shop_ok {
public:
  void open() {
    M.lock();
    Open = true;
    Bell.ring();
    M.unlock();
  }
  void enter() {
    M.lock();
    while (!Open)
      Bell.wait();
    M.unlock();
  }

private:
  std::mutex M;
  Bell_ok Bell{&M};
  bool Open = false;
};

// ---- a mutex of the program's own, which wraps that of the wait

namespace port {
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability())) { Inner.lock(); }
  void unlock() __attribute__((release_capability())) { Inner.unlock(); }

private:
  friend class Condition;
  std::mutex Inner;
};

class Guard {
public:
  explicit Guard(Mutex *M) : M(M) { M->lock(); }
  ~Guard() { M->unlock(); }

private:
  Mutex *const M;
};

class Condition {
public:
  explicit Condition(Mutex *M) : M(M) {}
  void wait() {
    std::unique_lock Lock(M->Inner, std::adopt_lock);
    Changed.wait(Lock);
    Lock.release();
  }
  void signal() { Changed.notify_one(); }

private:
  std::condition_variable Changed;
  Mutex *const M;
};
} // namespace port

class Journal_ok {
  struct Writer {
    explicit Writer(port::Mutex *M) : Changed(M) {}
    bool Done = false;
    port::Condition Changed;
  };

public:
  void write() {
    Writer Mine(&Mutex);
    port::Guard Lock(&Mutex);
    Waiting.push_back(&Mine);
    while (!Mine.Done && &Mine != Waiting.front())
      Mine.Changed.wait();
    if (Mine.Done)
      return;
    Writer *Next = Waiting.front();
    Waiting.pop_front();
    if (Next != &Mine) {
      Next->Done = true;
      Next->Changed.signal();
    }
  }

private:
  port::Mutex Mutex;
  std::list<Writer *> Waiting;
};
