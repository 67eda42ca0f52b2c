// RUN: %check_tether %s lost-wakeup
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

void handle(int);

// ---- nobody ever tells of this change ------------------------------------------------------------

class MakesRoomSilently_bad {
public:
  MakesRoomSilently_bad() : Eater([this] { eat(); }) {}
  ~MakesRoomSilently_bad() {
    {
      std::lock_guard Lock(M);
      Closed = true;
    }
    Changed.notify_all();
    Eater.join();
  }
  void serve(int Dish) {
    std::unique_lock Lock(M);
    Changed.wait(Lock, [this] { return Closed || hasRoom(); });
    Table.push_back(Dish);
    Changed.notify_all();
  }

private:
  bool hasRoom() const { return Table.size() < 4; }
  void eat() {
    for (;;) {
      std::unique_lock Lock(M);
      Changed.wait(Lock, [this] { return Closed || !Table.empty(); });
      if (Closed)
        return;
      const int Dish = Table.front();
      Table.pop_front();
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wake-up of 'Changed' may be lost: 'Table' changes here without a notification
      Lock.unlock();
      handle(Dish);
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  std::deque<int> Table;
  bool Closed = false;
  std::thread Eater;
};

class MakesRoomAndTells_ok {
public:
  MakesRoomAndTells_ok() : Eater([this] { eat(); }) {}
  ~MakesRoomAndTells_ok() {
    {
      std::lock_guard Lock(M);
      Closed = true;
    }
    Changed.notify_all();
    Eater.join();
  }
  void serve(int Dish) {
    std::unique_lock Lock(M);
    Changed.wait(Lock, [this] { return Closed || Table.size() < 4; });
    Table.push_back(Dish);
    Changed.notify_all();
  }

private:
  void eat() {
    for (;;) {
      std::unique_lock Lock(M);
      Changed.wait(Lock, [this] { return Closed || !Table.empty(); });
      if (Closed)
        return;
      const int Dish = Table.front();
      Table.pop_front();
      Lock.unlock();
      Changed.notify_all();
      handle(Dish);
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  std::deque<int> Table;
  bool Closed = false;
  std::thread Eater;
};

class ForItself_ok { // the one who waits sets the flag himself, and sees it before he waits again
public:
  ForItself_ok() : Thread([this] { run(); }) {}
  ~ForItself_ok() {
    {
      std::lock_guard Lock(M);
      Closed = true;
    }
    Changed.notify_all();
    Thread.join();
  }

private:
  void run() {
    std::unique_lock Lock(M);
    while (!Closed) {
      Changed.wait(Lock, [this] { return Closed || Again; });
      again();
    }
  }
  void again() { Again = !Again; }
  std::mutex M;
  std::condition_variable Changed;
  bool Closed = false, Again = false;
  std::thread Thread;
};

// ---- one of two values ---------------------------------------------------------------------------

class Ship {
public:
  void wait() {
    std::unique_lock Lock(M);
    Arrived.wait(Lock, [this] { return Where != Place::Sea; });
  }
  void land(bool Safe) {
    std::lock_guard Lock(M);
    Where = Safe ? Place::Port : Place::Reef;
    Arrived.notify_all();
  }
  void tow_bad() {
    std::lock_guard Lock(M);
    Where = Place::Port;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Arrived' may be lost: 'Where' changes here without a notification
  }
  void sail_ok() {
    std::lock_guard Lock(M);
    Where = Place::Sea;
  }
  void drift_ok(bool Storm) {
    std::lock_guard Lock(M);
    Where = Storm ? Place::Sea : Place::Reef; // may be no arrival
  }

private:
  enum class Place { Sea, Port, Reef };
  std::mutex M;
  std::condition_variable Arrived;
  Place Where = Place::Sea;
};

// ---- only some of those who wait are told --------------------------------------------------------

class Gate {
public:
  void arrive() {
    std::unique_lock Lock(M);
    Left.wait(Lock, [this] { return Shut || Guests < 3; });
    ++Guests;
    Came.notify_one();
  }
  void greet() {
    std::unique_lock Lock(M);
    Came.wait(Lock, [this] { return Shut || Guests > 0; });
    --Guests;
    Left.notify_one();
  }
  void shut_bad() {
    std::lock_guard Lock(M);
    Shut = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Left' may be lost: 'Shut' changes here without a notification
    Came.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Came, Left;
  int Guests = 0;
  bool Shut = false;
};

class Relay { // whoever is told first tells the others
public:
  void first() {
    std::unique_lock Lock(M);
    First.wait(Lock, [this] { return Go; });
    Second.notify_all();
  }
  void second() {
    std::unique_lock Lock(M);
    Second.wait(Lock, [this] { return Go; });
  }
  void start_ok() {
    std::lock_guard Lock(M);
    Go = true;
    First.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable First, Second;
  bool Go = false;
};

// An event of the project's own, waited for in a loop over other state.
class Event {
public:
  void set() {
    {
      std::lock_guard Lock(M);
      IsSet = true;
    }
    Changed.notify_one();
  }
  void wait() {
    std::unique_lock Lock(M);
    Changed.wait(Lock, [this] { return IsSet; });
    IsSet = false;
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool IsSet = false;
};

class Kitchen {
public:
  void cook() {
    std::unique_lock Lock(M);
    while (Orders == 0 && !Closed) {
      Lock.unlock();
      Ordered.wait();
      Lock.lock();
    }
  }
  void wash() {
    std::unique_lock Lock(M);
    while (Dirty == 0 && !Closed) {
      Lock.unlock();
      Soiled.wait();
      Lock.lock();
    }
  }
  void order() {
    std::unique_lock Lock(M);
    ++Orders;
    Lock.unlock();
    Ordered.set();
  }
  void soil() {
    std::unique_lock Lock(M);
    ++Dirty;
    Lock.unlock();
    Soiled.set();
  }
  void close_bad() {
    std::unique_lock Lock(M);
    Closed = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Soiled' may be lost: 'Closed' changes here without a notification
    Lock.unlock();
    Ordered.set();
  }

private:
  std::mutex M;
  Event Ordered, Soiled;
  int Orders = 0, Dirty = 0;
  bool Closed = false;
};

class TidyKitchen {
public:
  void cook() {
    std::unique_lock Lock(M);
    while (Orders == 0 && !Closed) {
      Lock.unlock();
      Ordered.wait();
      Lock.lock();
    }
  }
  void wash() {
    std::unique_lock Lock(M);
    while (Dirty == 0 && !Closed) {
      Lock.unlock();
      Soiled.wait();
      Lock.lock();
    }
  }
  void close_ok() {
    std::unique_lock Lock(M);
    Closed = true;
    Lock.unlock();
    Ordered.set();
    Soiled.set();
  }

private:
  std::mutex M;
  Event Ordered, Soiled;
  int Orders = 0, Dirty = 0;
  bool Closed = false;
};

// ---- told, and not looked at ---------------------------------------------------------------------

class Download_bad {
public:
  int size() {
    std::unique_lock Lock(M);
    Done.wait(Lock, [this] { return Size > 0; });
    if (Failed)
      throw std::runtime_error("download failed");
    return Size;
  }
  void arrived(int Bytes) {
    std::lock_guard Lock(M);
    Size += Bytes;
    Done.notify_all();
  }
  void failed() {
    std::lock_guard Lock(M);
    Failed = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Done' may be lost: 'Failed' changes here, and no wait looks at it
    Done.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Done;
  int Size = 0;
  bool Failed = false;
};

class Download_ok {
public:
  int size() {
    std::unique_lock Lock(M);
    Done.wait(Lock, [this] { return Failed || Size > 0; });
    if (Failed)
      throw std::runtime_error("download failed");
    return Size;
  }
  void arrived(int Bytes) {
    std::lock_guard Lock(M);
    Size += Bytes;
    Done.notify_all();
  }
  void failed() {
    std::lock_guard Lock(M);
    Failed = true;
    Done.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Done;
  int Size = 0;
  bool Failed = false;
};

class Statistics_ok { // what is counted beside it ends no wait, and has not to
public:
  int size() {
    std::unique_lock Lock(M);
    Done.wait(Lock, [this] { return Size > 0; });
    return Parts;
  }
  void arrived(int Bytes) {
    std::lock_guard Lock(M);
    ++Parts;
    Size += Bytes;
    Done.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Done;
  int Size = 0, Parts = 0;
};
