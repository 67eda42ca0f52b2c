// RUN: %check_tether %s lost-wakeup
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

bool open();

// ---- a change that nobody hears of

class ErrorIsNotSignalled_bad {
public:
  std::string read() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Error || !Data.empty(); });
    return Data;
  }
  void onData(const std::string &More) {
    std::lock_guard Lock(Mutex);
    Data += More;
    Changed.notify_all();
  }
  void onError(std::exception_ptr What) {
    std::lock_guard Lock(Mutex);
    Error = std::move(What);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Error' changes here, and not every way on notifies
    if (!open())
      return;
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::string Data;
  std::exception_ptr Error;
};

class CountDownIsNotSignalled_bad {
public:
  void begin() {
    std::lock_guard Lock(Mutex);
    ++Pending;
  }
  void end() {
    std::lock_guard Lock(Mutex);
    if (--Pending == 0)
      Changed.notify_all();
  }
  void cancel() {
    std::lock_guard Lock(Mutex);
    --Pending;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wake-up of 'Changed' may be lost: 'Pending' changes here without a notification
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Pending == 0; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  int Pending = 0;
};

class WokenOnlyIfSomebodyWaits_ok {
public:
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    if (Waiting > 0)
      Filled.notify_one();
  }
  void putAll(const std::vector<int> &All) {
    bool Wake = false;
    {
      std::lock_guard Lock(Mutex);
      Wake = Items.empty() && !All.empty();
      for (int Item : All)
        Items.push_back(Item);
    }
    if (Wake)
      Filled.notify_all();
  }
  int take() {
    std::unique_lock Lock(Mutex);
    ++Waiting;
    Filled.wait(Lock, [this] { return !Items.empty(); });
    --Waiting;
    int Item = Items.front();
    Items.pop_front();
    return Item;
  }

private:
  std::mutex Mutex;
  std::condition_variable Filled;
  std::deque<int> Items;
  int Waiting = 0;
};

class CallerWakes_ok {
public:
  void put(int Item) {
    {
      std::lock_guard Lock(Mutex);
      keep(Item);
    }
    Filled.notify_one();
  }
  void putOne() {
    std::lock_guard Lock(Mutex);
    Items.push_back(1);
    Filled.notify_one();
  }
  int take() {
    std::unique_lock Lock(Mutex);
    Filled.wait(Lock, [this] { return !Items.empty(); });
    int Item = Items.front();
    Items.pop_front();
    return Item;
  }

private:
  void keep(int Item) { Items.push_back(Item); }

  std::mutex Mutex;
  std::condition_variable Filled;
  std::deque<int> Items;
};

// ---- what is changed is an element, and the wait looks at what holds it

class Timers_ok {
public:
  Timers_ok() : Worker(&Timers_ok::run, this) {}
  ~Timers_ok() {
    cancelAll();
    add([this](bool) { Finish = true; });
    Worker.join();
  }
  void add(std::function<void(bool)> Do) {
    Item New;
    New.Do = std::move(Do);
    std::unique_lock Lock(Mutex);
    New.Id = ++Last;
    Items.push(std::move(New));
    Changed.notify_one();
  }
  void cancelAll() {
    std::unique_lock Lock(Mutex);
    for (auto &Each : Items.all())
      Each.Id = 0;
    Changed.notify_one();
  }

private:
  struct Item {
    int Id = 0;
    std::function<void(bool)> Do;
    bool operator<(const Item &O) const { return Id < O.Id; }
  };
  void run() {
    std::unique_lock Lock(Mutex);
    while (!Finish) {
      while (!Finish && Items.size() == 0)
        Changed.wait(Lock);
      while (Items.size()) {
        Item Now(Items.top());
        Items.pop();
        Lock.unlock();
        Now.Do(Now.Id == 0);
        Lock.lock();
      }
    }
  }
  bool Finish = false;
  int Last = 0;
  std::mutex Mutex;
  std::condition_variable Changed;
  class Queue : public std::priority_queue<Item> {
  public:
    std::vector<Item> &all() { return this->c; }
  } Items;
  std::thread Worker;
};

// ---- what changes in the next round is another matter

class Rounds_ok {
public:
  void start() {
    std::lock_guard Lock(Mutex);
    ++Round;
    Changed.notify_all();
  }
  void stop() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Busy == 0; });
  }
  void run() {
    for (int Seen = 0;;) {
      {
        std::unique_lock Lock(Mutex);
        Changed.wait(Lock, [&] { return Ended || Round != Seen; });
        if (Ended)
          return;
        Seen = Round;
        ++Busy;
      }
      open();
      bool Last;
      {
        std::lock_guard Lock(Mutex);
        Last = --Busy == 0;
      }
      if (Last)
        Changed.notify_all();
    }
  }
  void end() {
    std::lock_guard Lock(Mutex);
    Ended = true;
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  int Round = 0, Busy = 0;
  bool Ended = false;
};
