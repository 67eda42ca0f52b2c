// RUN: %check_tether %s blocked-forever
// What exploring a function or a class finds, and what keeps it silent.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

void work();
bool ready();

// ---- a mutex is left locked ---------------------------------------------------------------------

std::mutex Table;
int Entries;

bool early_return_keeps_the_lock_bad() {
  Table.lock();
  if (Entries == 0)
    return false;
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Table' is left locked when 'early_return_keeps_the_lock_bad' goes this way
  --Entries;
  Table.unlock();
  return true;
}

bool every_return_unlocks_ok() {
  Table.lock();
  if (Entries == 0) {
    Table.unlock();
    return false;
  }
  --Entries;
  Table.unlock();
  return true;
}

std::mutex Session;
static bool enter_ok() { // whoever has entered leaves
  Session.lock();
  if (ready())
    return true;
  Session.unlock();
  return false;
}
void visit_ok() {
  if (!enter_ok())
    return;
  work();
  Session.unlock();
}

std::mutex Jobs;
std::atomic<int> Waiting;
static void spin_and_lock_ok() { // another one was faster, at times
  for (int Turn = 0; Turn != 100; ++Turn)
    if (Waiting != 0) {
      Jobs.lock();
      if (Waiting != 0)
        return;
      Jobs.unlock();
    }
  Jobs.lock();
}
void take_job_ok() {
  spin_and_lock_ok();
  work();
  Jobs.unlock();
}

// A lock of the project's own, and its guard.
class __attribute__((lockable)) Latch {
public:
  void lock() __attribute__((exclusive_lock_function())) { M.lock(); }
  void unlock() __attribute__((unlock_function())) { M.unlock(); }

private:
  std::mutex M;
};
class __attribute__((scoped_lockable)) Holder {
public:
  explicit Holder(Latch *L) __attribute__((exclusive_lock_function(L))) : L(L) { L->lock(); }
  ~Holder() __attribute__((unlock_function())) { L->unlock(); }

private:
  Latch *const L;
};

class Store {
public:
  void guards_end_with_their_block_ok() {
    {
      Holder H(&Closed);
      ++Writes;
    }
    write();
  }
  void guard_is_still_there_bad() {
    Holder H(&Closed);
    write();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Closed' is locked by the thread that holds it
  }
  void write() {
    Holder H(&Closed);
    ++Writes;
  }

private:
  Latch Closed;
  int Writes = 0;
};

// ---- a class, used in any order -----------------------------------------------------------------

class ClosedTwice_ok {
public:
  ClosedTwice_ok() : Worker([this] { run(); }) {}
  ~ClosedTwice_ok() { close(); }
  void close() {
    bool Open = false;
    if (!Closed.compare_exchange_strong(Open, true))
      return; // somebody has done all of that
    {
      std::lock_guard L(M);
      Stopped = true;
    }
    Wake.notify_all();
    Worker.join();
  }

private:
  void run() {
    std::unique_lock L(M);
    Wake.wait(L, [this] { return Stopped; });
  }
  std::atomic<bool> Closed{false};
  std::mutex M;
  std::condition_variable Wake;
  bool Stopped = false;
  std::thread Worker;
};

class TaskLeavesMutexLocked_bad {
public:
  TaskLeavesMutexLocked_bad() : Worker([this] { run(); }) {}
  int count() {
    std::lock_guard L(M);
    return Count;
  }

private:
  void run() {
    M.lock();
    if (ready())
      return;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'M' is left locked when 'run' goes this way
    ++Count;
    M.unlock();
  }
  std::mutex M;
  int Count = 0;
  std::jthread Worker;
};

// How much room there is is not known: none at all would make no sense.
class Queue_ok {
public:
  explicit Queue_ok(unsigned Room) : Room(Room) {}
  void put(int Value) {
    std::unique_lock L(M);
    NotFull.wait(L, [this] { return Items.size() < Room; });
    Items.push_back(Value);
    NotEmpty.notify_one();
  }
  int take() {
    std::unique_lock L(M);
    NotEmpty.wait(L, [this] { return !Items.empty(); });
    int Value = Items.front();
    Items.pop_front();
    NotFull.notify_one();
    return Value;
  }

private:
  const unsigned Room;
  std::mutex M;
  std::condition_variable NotFull, NotEmpty;
  std::deque<int> Items;
};

// Who lets it end without a stop ends the program: its thread can be joined still.
class StoppedByItsUser_ok {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
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
  std::thread Worker;
};

class WakesNobody_bad {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard<std::mutex> Lock(M);
    Stop = true;
  }
  void finish() { Worker.join(); }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the wait on 'Changed' may block for ever
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
  std::thread Worker;
};

// What a producer says is not guessed: it may be the end, in time.
void told_to_end_ok(int Turns) {
  std::mutex M;
  std::condition_variable Cv;
  std::deque<int> Orders;
  auto Post = [&](int Order) {
    {
      std::lock_guard L(M);
      Orders.push_back(Order);
    }
    Cv.notify_one();
  };
  std::jthread Worker([&] {
    for (;;) {
      std::unique_lock L(M);
      Cv.wait(L, [&] { return !Orders.empty(); });
      const int Order = Orders.front();
      Orders.pop_front();
      if (Order == -1)
        return;
    }
  });
  for (int I = 0; I < Turns; ++I)
    Post(I);
  Post(-1);
}

// ---- what an argument is by default, and what a delegating constructor makes --------------------

class Pipe {
public:
  explicit Pipe(unsigned Room = 0) : Room(Room) {}
  void push(int Item) {
    std::unique_lock Lock(Mutex);
    while (isFull())
      Left.wait(Lock);
    Items.push_back(Item);
  }
  void pop() {
    std::unique_lock Lock(Mutex);
    Items.pop_front();
    Left.notify_one();
  }

private:
  bool isFull() const { return Room != 0 && Items.size() >= Room; }
  std::mutex Mutex;
  std::condition_variable Left;
  std::deque<int> Items;
  const unsigned Room;
};

void room_without_end_ok() {
  Pipe All;
  All.push(1);
  All.push(2);
  All.pop();
  All.pop();
}

// ---- a guard of the program's own: which mutex it unlocks is not known by its name --------------

template <typename T> class OwnGuard {
  T *Mine = nullptr;
public:
  OwnGuard(T &Of) { acquire(Of); }
  ~OwnGuard() { if (Mine) release(); }
  void acquire(T &Of) { Mine = &Of; Of.lock(); }
  void release() { Mine->unlock(); Mine = nullptr; }
};
std::mutex Global;
std::atomic<int> Users;
static void make_ok() { OwnGuard<std::mutex> L(Global); ++Users; }
void once_more_ok() {
  OwnGuard<std::mutex> L(Global);
  if (Users == 0) {
    L.release();
    make_ok();
  }
}
static void wait_last_ok(OwnGuard<std::mutex> &L) {
  while (Users > 1) {
    L.release();
    while (Users > 1) ;
    L.acquire(Global);
  }
}
void last_ok() { OwnGuard<std::mutex> L(Global); wait_last_ok(L); --Users; }
