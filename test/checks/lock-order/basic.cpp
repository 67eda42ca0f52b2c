// RUN: %check_tether %s lock-order
#include <functional>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

class Both_orders_bad {
public:
  void add() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
    ++Count;
  }
  void remove() {
    std::lock_guard First(B);
    std::lock_guard Second(A);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'A' is locked while 'B' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
    --Count;
  }

private:
  std::mutex A, B;
  int Count = 0;
};

class One_order_ok {
public:
  void add() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
    ++Count;
  }
  void remove() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
    --Count;
  }

private:
  std::mutex A, B;
  int Count = 0;
};

class Through_calls_bad {
public:
  void add() {
    std::lock_guard Lock(A);
    log();
  }
  void flush() {
    std::unique_lock Lock(B);
    drain();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'A' is locked while 'B' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
  }

private:
  void log() {
    std::lock_guard Lock(B);
    ++Lines;
  }
  void drain() {
    std::lock_guard Lock(A);
    Count = 0;
  }
  std::mutex A, B;
  int Count = 0, Lines = 0;
};

class Unlocked_before_call_ok {
public:
  void add() {
    std::lock_guard Lock(A);
    log();
  }
  void flush() {
    std::unique_lock Lock(B);
    Lines = 0;
    Lock.unlock();
    drain();
  }
  void scoped() {
    {
      std::lock_guard Lock(B);
      Lines = 0;
    }
    drain();
  }

private:
  void log() {
    std::lock_guard Lock(B);
    ++Lines;
  }
  void drain() {
    std::lock_guard Lock(A);
    Count = 0;
  }
  std::mutex A, B;
  int Count = 0, Lines = 0;
};

// Locked at once, or tried.

class At_once_ok {
public:
  void both() {
    std::scoped_lock Lock(A, B);
    ++Count;
  }
  void other() {
    std::scoped_lock Lock(B, A);
    --Count;
  }
  void adopt() {
    std::lock(B, A);
    std::lock_guard First(A, std::adopt_lock);
    std::lock_guard Second(B, std::adopt_lock);
    --Count;
  }
  void defer() {
    std::unique_lock First(B, std::defer_lock), Second(A, std::defer_lock);
    std::lock(First, Second);
    --Count;
  }

private:
  std::mutex A, B;
  int Count = 0;
};

class Tried_ok {
public:
  void add() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
    ++Count;
  }
  void remove() {
    std::lock_guard First(B);
    if (std::unique_lock Second(A, std::try_to_lock); Second.owns_lock())
      --Count;
    if (A.try_lock()) {
      --Count;
      A.unlock();
    }
  }

private:
  std::mutex A, B;
  int Count = 0;
};

class Deferred_then_locked_bad {
public:
  void add() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
    ++Count;
  }
  void remove() {
    std::unique_lock Second(A, std::defer_lock);
    std::lock_guard First(B);
    Second.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'A' is locked while 'B' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
    --Count;
  }

private:
  std::mutex A, B;
  int Count = 0;
};

class Locked_one_after_the_other_ok {
public:
  void add() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
  }
  void remove() {
    B.lock();
    --Count;
    B.unlock();
    A.lock();
    A.unlock();
  }

private:
  std::mutex A, B;
  int Count = 0;
};

// A third mutex lets only one of them in.

class Gate_ok {
public:
  void add() {
    std::lock_guard Outer(Gate);
    std::lock_guard First(A);
    std::lock_guard Second(B);
  }
  void remove() {
    std::lock_guard Outer(Gate);
    std::lock_guard First(B);
    std::lock_guard Second(A);
  }

private:
  std::mutex Gate, A, B;
};

class Gate_of_readers_bad {
public:
  void add() {
    std::shared_lock Outer(Gate);
    std::lock_guard First(A);
    std::lock_guard Second(B);
  }
  void remove() {
    std::shared_lock Outer(Gate);
    std::lock_guard First(B);
    std::lock_guard Second(A);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'A' is locked while 'B' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
  }

private:
  std::shared_mutex Gate;
  std::mutex A, B;
};

// Readers let each other in.

class Readers_ok {
public:
  void look() {
    std::shared_lock First(A);
    std::shared_lock Second(B);
  }
  void peek() {
    std::shared_lock First(B);
    std::shared_lock Second(A);
  }
  void write() { std::unique_lock Lock(A); }

private:
  std::shared_mutex A, B;
};

class Reader_and_writer_bad {
public:
  void look() {
    std::shared_lock First(A);
    std::unique_lock Second(B);
  }
  void write() {
    std::unique_lock First(B);
    std::unique_lock Second(A);
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'A' is locked while 'B' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
  }

private:
  std::shared_mutex A, B;
};

// Several instances.

class Account {
public:
  friend void transfer_ok(Account &From, Account &To) {
    if (&From < &To) { // by address
      std::lock_guard First(From.Mutex);
      std::lock_guard Second(To.Mutex);
    } else {
      std::lock_guard First(To.Mutex);
      std::lock_guard Second(From.Mutex);
    }
  }
  void merge_ok(Account &Other) {
    std::lock_guard First(Mutex);
    std::lock_guard Second(Other.Log);
  }
  void split_ok(Account &Other) {
    std::lock_guard First(Log);
    std::lock_guard Second(Other.Mutex);
  }

private:
  std::mutex Mutex, Log;
};

struct Node {
  std::mutex Mutex;
  Node *Next = nullptr;
  int Value = 0;
};

void hand_over_hand_ok(Node *Head) {
  Head->Mutex.lock();
  for (Node *Now = Head; Now->Next; Now = Now->Next) {
    Now->Next->Mutex.lock();
    Now->Mutex.unlock();
  }
}

// Globals, and two classes.

std::mutex GlobalA, GlobalB;

void globals() {
  std::lock_guard First(GlobalA);
  std::lock_guard Second(GlobalB);
}
void globals_bad() {
  std::lock_guard First(GlobalB);
  std::lock_guard Second(GlobalA);
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: 'GlobalA' is locked while 'GlobalB' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
}

class Parent;
class Child {
public:
  explicit Child(Parent &P) : Up(P) {}
  void changed();
  void set() {
    std::lock_guard Lock(ChildMutex);
    ++Value;
  }

private:
  Parent &Up;
  std::mutex ChildMutex;
  int Value = 0;
};
class Parent {
public:
  void update() {
    std::lock_guard Lock(ParentMutex);
    Only.set();
  }
  void note() {
    std::lock_guard Lock(ParentMutex);
    ++Notes;
  }

private:
  std::mutex ParentMutex;
  int Notes = 0;
  Child Only{*this};
};
void Child::changed() {
  std::lock_guard Lock(ChildMutex);
  Up.note();
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: 'ParentMutex' is locked while 'ChildMutex' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
}

// Never at the same time.

class One_thread_only_ok {
public:
  One_thread_only_ok() : Worker([this] { run(); }) {}

private:
  void run() {
    first();
    second();
  }
  void first() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
  }
  void second() {
    std::lock_guard First(B);
    std::lock_guard Second(A);
  }
  std::mutex A, B;
  std::jthread Worker;
};

class Two_threads_bad {
public:
  Two_threads_bad() : One([this] { first(); }), Two([this] { second(); }) {}

private:
  void first() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
  }
  void second() {
    std::lock_guard First(B);
    std::lock_guard Second(A);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'A' is locked while 'B' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
  }
  std::mutex A, B;
  std::jthread One, Two;
};

class In_constructor_ok {
public:
  In_constructor_ok() {
    std::lock_guard First(B);
    std::lock_guard Second(A);
  }
  void add() {
    std::lock_guard First(A);
    std::lock_guard Second(B);
  }

private:
  std::mutex A, B;
};

// A guard of our own.

class Own_guard {
public:
  explicit Own_guard(std::mutex &M) : Mutex(M) { Mutex.lock(); }
  ~Own_guard() { Mutex.unlock(); }

private:
  std::mutex &Mutex;
};

class With_own_guard_bad {
public:
  void add() {
    Own_guard First(A);
    Own_guard Second(B);
  }
  void remove() {
    Own_guard First(B);
    Own_guard Second(A);
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'A' is locked while 'B' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
  }
  void apart_ok() {
    {
      Own_guard First(B);
    }
    Own_guard Second(A);
  }

private:
  std::mutex A, B;
};

// ---- callables that an object keeps -----------------------------------------------------------

class Alarm_bad {
public:
  void create(std::function<void()> Callback) {
    std::lock_guard Lock(M);
    Entries.push_back(std::move(Callback));
  }
  void expire() {
    std::lock_guard Lock(M);
    for (auto &Callback : Entries)
      Callback();
    Entries.clear();
  }

private:
  std::mutex M;
  std::vector<std::function<void()>> Entries;
};

class Progress_bad {
public:
  void decrement() {
    std::lock_guard Lock(Mine);
    --Count;
    Alarm.create([this] { expired(); });
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'M' is locked while 'Mine' is held, and elsewhere the other way round
  }

private:
  void expired() {
    std::lock_guard Lock(Mine);
    ++Count;
  }
  std::mutex Mine;
  int Count = 0;
  Alarm_bad Alarm;
};

class Alarm_ok {
public:
  void create(std::function<void()> Callback) {
    std::lock_guard Lock(M);
    Entries.push_back(std::move(Callback));
  }
  void expire() {
    std::vector<std::function<void()>> Expired;
    {
      std::lock_guard Lock(M);
      Expired.swap(Entries);
    }
    for (auto &Callback : Expired)
      Callback();
  }

private:
  std::mutex M;
  std::vector<std::function<void()>> Entries;
};

class Progress_ok {
public:
  void decrement() {
    std::lock_guard Lock(Mine);
    --Count;
    Alarm.create([this] { expired(); });
  }

private:
  void expired() {
    std::lock_guard Lock(Mine);
    ++Count;
  }
  std::mutex Mine;
  int Count = 0;
  Alarm_ok Alarm;
};
