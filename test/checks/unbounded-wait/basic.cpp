// RUN: %check_tether %s unbounded-wait
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <thread>

void use(int Item);

// A loop that waits, and a join that wakes nobody.

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
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token: '~Worker_bad' joins the task without waking it [tether-unbounded-wait]
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

// The task has a token, and the wait does not take it.

class Poller_bad {
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
      Ready.wait(Lock, [this] { return !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token: the task has a stop token that the wait does not take [tether-unbounded-wait]
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable_any Ready;
  std::deque<int> Items;
  std::jthread Thread;
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

// Semaphores and atomics wait as well.

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
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Pages' has no timeout and no stop token:
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
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: wait on 'Version' has no timeout and no stop token:
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
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token:
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
