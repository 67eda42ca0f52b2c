// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;

void use(int Item);

class Worker_bad {
public:
  void start() { Thread = std::thread(&Worker_bad::run, this); }
  ~Worker_bad() { Thread.join(); }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    while (true) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Worker_bad' waits for its end, and nothing ends its wait on 'Ready'
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  std::thread Thread;
};

class Worker_ok {
public:
  void start() { Thread = std::thread(&Worker_ok::run, this); }
  ~Worker_ok() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Ready.notify_all();
    Thread.join();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    while (true) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Done || !Items.empty(); });
      if (Done)
        return;
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

class Poller_ok {
public:
  void start() {
    Thread = std::jthread([this](std::stop_token Stop) { run(Stop); });
  }
  void stop() { Thread.request_stop(); }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      std::unique_lock Lock(Mutex);
      if (!Ready.wait(Lock, Stop, [this] { return !Items.empty(); }))
        return;
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable_any Ready;
  std::deque<int> Items;
  std::jthread Thread;
};

class Printer_bad {
public:
  Printer_bad() : Thread([this] { run(); }) {}
  ~Printer_bad() {
    Done = true;
    Thread.join();
  }
  void print() { Pages.release(); }

private:
  void run() {
    while (!Done)
      Pages.acquire();
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Printer_bad' sets 'Done', and nobody ends its wait on 'Pages'
  }

  std::atomic<bool> Done = false;
  std::counting_semaphore<> Pages{0};
  std::thread Thread;
};

class Printer_ok {
public:
  Printer_ok() : Thread([this] { run(); }) {}
  ~Printer_ok() {
    Done = true;
    Pages.release();
    Thread.join();
  }
  void print() { Pages.release(); }

private:
  void run() {
    while (!Done)
      Pages.acquire();
  }

  std::atomic<bool> Done = false;
  std::counting_semaphore<> Pages{0};
  std::thread Thread;
};

class Watcher_bad {
public:
  Watcher_bad() : Thread(&Watcher_bad::run, this) {}
  ~Watcher_bad() {
    Done = true;
    Thread.join();
  }
  void update() {
    ++Version;
    Version.notify_all();
  }

private:
  void run() {
    while (!Done)
      Version.wait(0);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: task of 'Thread' may never end: '~Watcher_bad' sets 'Done', and nobody ends its wait on 'Version'
  }

  std::atomic<bool> Done = false;
  std::atomic<int> Version = 0;
  std::thread Thread;
};

class Watcher_ok {
public:
  Watcher_ok() : Thread(&Watcher_ok::run, this) {}
  ~Watcher_ok() {
    Done = true;
    ++Version;
    Version.notify_all();
    Thread.join();
  }
  void update() {
    ++Version;
    Version.notify_all();
  }

private:
  void run() {
    while (!Done)
      Version.wait(0);
  }

  std::atomic<bool> Done = false;
  std::atomic<int> Version = 0;
  std::thread Thread;
};

// The task is started by the initialiser of the member.
// The task is started by the initialiser of the member.
class StartedByInitialiser_bad {
public:
  ~StartedByInitialiser_bad() { Thread.join(); }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    while (true) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~StartedByInitialiser_bad' waits for its end, and nothing ends its wait on 'Ready'
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  std::thread Thread{&StartedByInitialiser_bad::run, this};
};

// Its constructor is not written, and made by the compiler where it is used.
void start_by_initialiser() { StartedByInitialiser_bad Started; }

// The wait is in a function that the task's body calls.
class Helper_bad {
public:
  Helper_bad() : Thread(&Helper_bad::run, this) {}
  ~Helper_bad() { Thread.join(); }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  int next() {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, [this] { return !Items.empty(); });
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 'Thread' may never end: '~Helper_bad' waits for its end, and nothing ends its wait on 'Ready'
    int Item = Items.front();
    Items.pop_front();
    return Item;
  }
  void run() {
    for (;;)
      use(next());
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  std::thread Thread;
};

// The wake-up is in a function that the destructor calls.
class Helper_ok {
public:
  Helper_ok() : Thread(&Helper_ok::run, this) {}
  ~Helper_ok() {
    stop();
    wait();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void stop() {
    std::lock_guard Lock(Mutex);
    Done = true;
    wakeAll();
  }
  void wakeAll() { Ready.notify_all(); }
  void wait() { Thread.join(); }
  bool next(int &Item) {
    std::unique_lock Lock(Mutex);
    Ready.wait(Lock, [this] { return Done || !Items.empty(); });
    if (Done)
      return false;
    Item = Items.front();
    Items.pop_front();
    return true;
  }
  void run() {
    int Item;
    while (next(Item))
      use(Item);
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

// The flag is set, and nobody is told.
class NotNotified_bad {
public:
  NotNotified_bad() : Thread(&NotNotified_bad::run, this) {}
  ~NotNotified_bad() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Thread.join();
  }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Done || !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~NotNotified_bad' sets 'Done', and nobody ends its wait on 'Ready'
      if (Done)
        return;
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

// The condition that is notified is another one.
class WrongCondition_bad {
public:
  WrongCondition_bad() : Thread(&WrongCondition_bad::run, this) {}
  ~WrongCondition_bad() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Space.notify_all();
    Thread.join();
  }
  void put(int Item) {
    std::unique_lock Lock(Mutex);
    Space.wait_for(Lock, 1s, [this] { return Items.size() < 4; });
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Done || !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~WrongCondition_bad' sets 'Done', and nobody notifies 'Ready'
      if (Done)
        return;
      use(Items.front());
      Items.pop_front();
      Space.notify_one();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready, Space;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};

class BothConditions_ok {
public:
  BothConditions_ok() : Thread(&BothConditions_ok::run, this) {}
  ~BothConditions_ok() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Space.notify_all();
    Ready.notify_all();
    Thread.join();
  }
  void put(int Item) {
    std::unique_lock Lock(Mutex);
    Space.wait(Lock, [this] { return Done || Items.size() < 4; });
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Done || !Items.empty(); });
      if (Done)
        return;
      use(Items.front());
      Items.pop_front();
      Space.notify_one();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready, Space;
  std::deque<int> Items;
  bool Done = false;
  std::thread Thread;
};
