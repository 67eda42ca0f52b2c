// RUN: %check_tether %s unjoined-thread
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

void work();
bool ready();

// Another type, wherever the old one is written.

void local_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-FIXES: void local_bad() {
  // CHECK-FIXES-NEXT: {{^}}  std::jthread Worker(work);
  ready();
}

void container_bad(int Count) {
  std::vector<std::thread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: thread 'Workers' is destroyed while it can be joined:
  // CHECK-FIXES: {{^}}  std::vector<std::jthread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  if (!ready())
    return;
  for (std::thread &Worker : Workers)
    // CHECK-FIXES: {{^}}  for (std::jthread &Worker : Workers)
    Worker.join();
}

void pointer_bad() {
  auto Worker = std::make_unique<std::thread>(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-FIXES: {{^}}  auto Worker = std::make_unique<std::jthread>(work);
  ready();
}

void given_to_another_bad() {
  std::thread First(work);
  std::thread Second = std::move(First);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Second' is destroyed while it can be joined:
  // CHECK-FIXES: {{^}}  std::jthread First(work);
  // CHECK-FIXES-NEXT: {{^}}  std::jthread Second = std::move(First);
  if (!ready())
    return;
  Second.join();
}

class NeverJoined {
public:
  void start() { Worker = std::thread(work); }
  // CHECK-FIXES: void start() { Worker = std::jthread(work); }

private:
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: no function of 'NeverJoined' joins it
  // CHECK-FIXES: {{^}}  std::jthread Worker;
};

// Handed to a function of this file alone, which has to change, too.
static void look(std::thread &It) { (void)It.get_id(); }
// CHECK-FIXES: static void look(std::jthread &It)

void helper_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-FIXES: void helper_bad() {
  // CHECK-FIXES-NEXT: {{^}}  std::jthread Worker(work);
  look(Worker);
}

// Where the type has to stay: joined at the exit that misses it, or by a guard.

void take(std::thread It);

void one_exit_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-FIXES: {{^}}  std::thread Worker(work);
  if (!ready())
    return;
    // CHECK-FIXES: {{^}}  if (!ready()) {
    // CHECK-FIXES-NEXT: {{^}}    Worker.join();
    // CHECK-FIXES-NEXT: {{^}}    return;
  take(std::move(Worker));
}

void two_exits_bad(int Mode) {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-FIXES: {{^}}  std::thread Worker(work);
  // CHECK-FIXES: {{^}}  struct SettleWorker {
  // CHECK-FIXES-NEXT: {{^}}    decltype(Worker) &It;
  // CHECK-FIXES-NEXT: {{^}}    ~SettleWorker() {
  // CHECK-FIXES-NEXT: {{^}}      if (It.joinable())
  // CHECK-FIXES-NEXT: {{^}}        It.join();
  // CHECK-FIXES-NEXT: {{^}}    }
  // CHECK-FIXES-NEXT: {{^}}  } WorkerAtEnd{Worker};
  if (Mode == 1)
    return;
  if (Mode == 2)
    throw std::runtime_error("mode");
  take(std::move(Worker));
}

// Members whose life takes a turn.

class Assigned {
public:
  Assigned &operator=(int) {
    Worker = std::thread(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Worker' gets a new task while the one before may still run
    // CHECK-FIXES: Assigned &operator=(int) {
    // CHECK-FIXES-NEXT: {{^}}    if (Worker.joinable())
    // CHECK-FIXES-NEXT: {{^}}      Worker.join();
    // CHECK-FIXES-NEXT: {{^}}    Worker = std::thread(work);
    return *this;
  }
  ~Assigned() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};

// Left alone: without being told to end, the task before might be waited for without end.
class Told {
public:
  Told &operator=(int) {
    Worker = std::thread([this] { run(); });
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Worker' gets a new task while the one before may still run
    // CHECK-FIXES: Told &operator=(int) {
    // CHECK-FIXES-NEXT: {{^}}    Worker = std::thread([this] { run(); });
    return *this;
  }
  ~Told() {
    Stop = true;
    if (Worker.joinable())
      Worker.join();
  }

private:
  void run() {
    while (!Stop)
      work();
  }
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

class Connection {
public:
  explicit Connection(bool Fast) {
    Worker = std::thread(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Worker' is destroyed while it can be joined when the constructor throws

    if (!Fast && !ready())
      throw std::runtime_error("not ready");
  }
  ~Connection() {
    Stop = true;
    Worker.join();
  }

private:
  bool Stop = false;
  std::thread Worker;
};
// CHECK-FIXES:      explicit Connection(bool Fast) {
// CHECK-FIXES-NEXT: {{^}}    try {
// CHECK-FIXES-NEXT: {{^}}      Worker = std::thread(work);
// CHECK-FIXES:      {{^}}        throw std::runtime_error("not ready");
// CHECK-FIXES-NEXT: {{^}}    } catch (...) {
// CHECK-FIXES-NEXT: {{^}}      Stop = true;
// CHECK-FIXES-NEXT: {{^}}      Worker.join();
// CHECK-FIXES-NEXT: {{^}}      throw;
// CHECK-FIXES-NEXT: {{^}}    }
// CHECK-FIXES-NEXT: {{^}}  }

class Unstarted {
public:
  void start() { Worker = std::thread(work); }
  ~Unstarted() { Worker.join(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: thread 'Worker' is joined although it may never have been started
  // CHECK-FIXES: ~Unstarted() { if (Worker.joinable()) Worker.join(); }

private:
  std::thread Worker;
};

// No edits in macros, and none where each instance of a template has another type.

#define START(Name) std::thread Name(work)

void in_a_macro_bad() {
  START(Worker);
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-FIXES: {{^}}  START(Worker);
  ready();
}

template <typename T> class Holder {
public:
  void start() { Worker = T(work); }

private:
  T Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: thread 'Worker' is destroyed while it can be joined: no function of 'Holder' joins it
  // CHECK-FIXES: {{^}}  T Worker;
};

void make_holders() {
  Holder<std::thread>().start();
  Holder<std::jthread>().start();
}

// What the destructor ends by a delete.

class Deletes {
public:
  virtual ~Deletes() {
    Stop = true;
    // CHECK-FIXES: {{^}}    if (Worker && Worker->joinable())
    // CHECK-FIXES-NEXT: {{^}}      Worker->join();
    // CHECK-FIXES-NEXT: {{^}}    delete Worker;
    delete Worker;
  }
  virtual void run() {
    Worker = new std::thread([this] {
      while (!Stop)
        work();
    });
  }

private:
  std::atomic<bool> Stop{false};
  std::thread *Worker = nullptr;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is destroyed while it can be joined
};

// No fix: nothing tells the task to end, and a join would wait for ever.
class Deletes_without_stop {
public:
  // CHECK-FIXES: ~Deletes_without_stop() { delete Worker; }
  virtual ~Deletes_without_stop() { delete Worker; }
  virtual void run() {
    Worker = new std::thread([this] {
      while (!Stop)
        work();
    });
  }

private:
  std::atomic<bool> Stop{false};
  std::thread *Worker = nullptr;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is destroyed while it can be joined
};

// No fix: a type that joins when it is destroyed would wait for ever, too.
class Member_without_stop {
public:
  void run() {
    Worker = std::thread([this] {
      while (!Stop)
        work();
    });
  }

private:
  std::atomic<bool> Stop{false};
  std::thread Worker; // never told
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined
  // CHECK-FIXES: {{^}}  std::thread Worker; // never told
};

// Who joins it wants to wait for it: it is not given up before.
class Detaches_and_joins {
public:
  void start() {
    Thread = std::thread([this] {
      while (!Stop)
        work();
    });
  }
  void stop() {
    Stop = true;
    Thread.detach();
    // CHECK-NOTE-FIXES:      {{^}}    Stop = true;
    // CHECK-NOTE-FIXES-NOT:  Thread.detach();
  }
  void join() { Thread.join(); }
  // CHECK-NOTE-FIXES: void join() { Thread.join(); }

private:
  std::atomic<bool> Stop{false};
  std::thread Thread;
};

void twice_bad() {
  Detaches_and_joins Of;
  Of.start();
  Of.stop();
  Of.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: thread 'Thread' is joined a second time
}

// A thread whose work is not seen, and that could be told to end, is told before it is waited for.

class QThread {
public:
  virtual ~QThread();
  void start();
  bool wait();
  void quit();
  bool isRunning() const;

protected:
  virtual void run();
};

class Waits_for_events_bad {
public:
  Waits_for_events_bad() : Monitor(new QThread) { Monitor->start(); }
  // CHECK-FIXES: {{^}}  ~Waits_for_events_bad() { delete Monitor; }
  ~Waits_for_events_bad() { delete Monitor; }

private:
  QThread *Monitor;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Monitor' is destroyed while it can be joined
};

class Told_to_end_bad {
public:
  Told_to_end_bad() : Listener(new QThread) { Listener->start(); }
  ~Told_to_end_bad() {
    Listener->quit();
    // CHECK-FIXES:      {{^}}    if (Listener && Listener->isRunning())
    // CHECK-FIXES-NEXT: {{^}}      Listener->wait();
    // CHECK-FIXES-NEXT: {{^}}    delete Listener;
    delete Listener;
  }

private:
  QThread *Listener;
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Listener' is destroyed while it can be joined
};
