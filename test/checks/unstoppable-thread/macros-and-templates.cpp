// RUN: %check_tether %s unstoppable-thread
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

void use(int Item);

#define LOCKED(Mutex) std::unique_lock Lock(Mutex)
#define WAIT_FOR(Condition, Expression) (Condition).wait(Lock, [this] { return (Expression); })

class Macros_bad {
public:
  Macros_bad() : Thread([this] { run(); }) {}
  ~Macros_bad() { Thread.join(); }
  void put(int Item) {
    LOCKED(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run() {
    while (true) {
      LOCKED(Mutex);
      WAIT_FOR(Ready, !Items.empty());
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'Thread' may never end: '~Macros_bad' waits for its end, and nothing ends its wait on 'Ready'
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<int> Items;
  std::thread Thread;
};

// A queue for all types, closed by its user.
template <typename T> class Queue {
public:
  void push(T Item) {
    LOCKED(Mutex);
    Items.push_back(std::move(Item));
    Ready.notify_one();
  }
  void close() {
    LOCKED(Mutex);
    Closed = true;
    Ready.notify_all();
  }
  std::optional<T> pop_ok() {
    LOCKED(Mutex);
    WAIT_FOR(Ready, Closed || !Items.empty());
    if (Items.empty())
      return std::nullopt;
    T Item = std::move(Items.front());
    Items.pop_front();
    return Item;
  }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  std::deque<T> Items;
  bool Closed = false;
};

class Consumer_ok {
public:
  Consumer_ok() : Thread([this] { run(); }) {}
  ~Consumer_ok() {
    Items.close();
    Thread.join();
  }

private:
  void run() {
    while (auto Item = Items.pop_ok())
      use(*Item);
  }

  Queue<int> Items;
  std::thread Thread;
};

// The thread is a base class's, the wait a derived class's.
template <typename Derived> class Threaded {
public:
  void start() {
    Thread = std::thread([this] { static_cast<Derived *>(this)->run(); });
  }
  void stop() { Thread.join(); }

private:
  std::thread Thread;
};

class ThreadOfABaseClass_bad : public Threaded<ThreadOfABaseClass_bad> {
public:
  void run() {
    while (true) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return Pages > 0; });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: 'finish' waits for its end, and nothing ends its wait on 'Ready'
      --Pages;
    }
  }
  void print() {
    std::lock_guard Lock(Mutex);
    ++Pages;
    Ready.notify_one();
  }
  void begin() { start(); }
  void finish() { stop(); }

private:
  std::mutex Mutex;
  std::condition_variable Ready;
  int Pages = 0;
};
