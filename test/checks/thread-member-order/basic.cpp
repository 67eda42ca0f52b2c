// RUN: %check_tether %s thread-member-order
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
void use(const std::string &);

// Destroyed before the task ends.

class Declared_first_bad {
public:
  Declared_first_bad() {
    Worker = std::jthread([this](std::stop_token St) { run(St); });
  }

private:
  void run(std::stop_token St) {
    while (!St.stop_requested())
      use(Name);
  }
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  std::string Name;
};

class Declared_last_ok {
public:
  Declared_last_ok() {
    Worker = std::jthread([this](std::stop_token St) { run(St); });
  }

private:
  void run(std::stop_token St) {
    while (!St.stop_requested())
      use(Name);
  }
  std::string Name;
  std::jthread Worker;
};

class Uses_what_is_declared_before_ok {
public:
  Uses_what_is_declared_before_ok() {
    Worker = std::jthread([this] { use(Name); });
  }
  void rename(std::string To) { Other = std::move(To); }

private:
  std::string Name;
  std::jthread Worker;
  std::string Other; // the task does not use it
};

class Condition_behind_bad {
public:
  void start() {
    Worker = std::jthread([this](std::stop_token St) { run(St); });
  }

private:
  void run(std::stop_token St) {
    std::unique_lock Lock(Mutex);
    Wakeup.wait(Lock, St, [this] { return Ready; });
  }
  bool Ready = false;
  std::mutex Mutex;
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Wakeup', which its task uses: 'Wakeup' is destroyed while the task may still run [tether-thread-member-order]
  std::condition_variable_any Wakeup;
};

class Several_threads_bad {
public:
  void start() {
    for (int I = 0; I != 4; ++I)
      Workers.emplace_back([this] { use(Name); });
  }

private:
  std::vector<std::jthread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: thread 'Workers' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  std::string Name;
};

class Future_of_async_bad {
public:
  void start() {
    Result = std::async(std::launch::async, [this] { use(Name); });
  }

private:
  std::future<void> Result;
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: future 'Result' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  std::string Name;
};

class Future_behind_ok {
public:
  void start() {
    Result = std::async(std::launch::async, [this] { use(Name); });
  }

private:
  std::string Name;
  std::future<void> Result;
};

class Bound_method_bad {
public:
  Bound_method_bad() { Worker = std::jthread(&Bound_method_bad::run, this); }

private:
  void run() { step(); }
  void step() { Seen[1] = 2; }
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Seen', which its task uses: 'Seen' is destroyed while the task may still run [tether-thread-member-order]
  std::map<int, int> Seen;
};

// The destructor waits first.

class Joined_in_destructor_ok {
public:
  Joined_in_destructor_ok() {
    Worker = std::jthread([this] { use(Name); });
  }
  ~Joined_in_destructor_ok() { Worker.join(); }

private:
  std::jthread Worker;
  std::string Name;
};

class Stopped_by_destructor_ok {
public:
  void start() {
    Worker = std::jthread([this] { use(Name); });
  }
  void stop() {
    Worker.request_stop();
    if (Worker.joinable())
      Worker.join();
  }
  ~Stopped_by_destructor_ok() { stop(); }

private:
  std::jthread Worker;
  std::string Name;
};

class Workers_cleared_ok {
public:
  void start() {
    Workers.emplace_back([this] { use(Name); });
  }
  ~Workers_cleared_ok() { Workers.clear(); }

private:
  std::vector<std::jthread> Workers;
  std::string Name;
};

class Replaced_in_destructor_ok {
public:
  void start() {
    Worker = std::jthread([this] { use(Name); });
  }
  ~Replaced_in_destructor_ok() { Worker = {}; }

private:
  std::jthread Worker;
  std::string Name;
};

class Only_asked_to_stop_bad {
public:
  void start() {
    Worker = std::jthread([this] { use(Name); });
  }
  ~Only_asked_to_stop_bad() { Worker.request_stop(); }

private:
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  std::string Name;
};

class Leaves_destructor_early_bad {
public:
  void start() {
    Worker = std::jthread([this] { use(Name); });
  }
  ~Leaves_destructor_early_bad();

private:
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  std::string Name;
};

bool log();
Leaves_destructor_early_bad::~Leaves_destructor_early_bad() {
  if (!log())
    return;
  Worker.join();
}

class Destructor_elsewhere_ok {
public:
  void start() {
    Worker = std::jthread([this] { use(Name); });
  }
  ~Destructor_elsewhere_ok(); // may join: not known here

private:
  std::jthread Worker;
  std::string Name;
};

// Members whose end does nothing: they are there until the storage of the whole object is gone.

class Plain_flag_behind_ok {
public:
  void start() {
    Worker = std::jthread([this] {
      while (!Stop)
        ++Count;
    });
  }
  ~Plain_flag_behind_ok() { Stop = true; }

private:
  std::jthread Worker;
  std::atomic<bool> Stop{false};
  int Count = 0;
};

// A thread of a class of our own, whose destructor joins.

class Joining {
public:
  template <typename F> void start(F Body) { Thread = std::thread(Body); }
  ~Joining() {
    if (Thread.joinable())
      Thread.join();
  }

private:
  std::thread Thread;
};

class Wrapped_bad {
public:
  void start() {
    Worker.start([this] { use(Name); });
  }

private:
  Joining Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'Worker' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  std::string Name;
};

class Wrapped_ok {
public:
  void start() {
    Worker.start([this] { use(Name); });
  }

private:
  std::string Name;
  Joining Worker;
};

// A plain thread that nobody joins ends the program before that matters: unjoined-thread.

class Unjoined_ok {
public:
  void start() {
    Worker = std::thread([this] { use(Name); });
  }

private:
  std::thread Worker;
  std::string Name;
};

// Started before the member begins.

class Started_in_initialiser_bad {
public:
  Started_in_initialiser_bad() : Worker([this] { run(); }) {}
  ~Started_in_initialiser_bad() { Worker.join(); }

private:
  void run() {
    while (!Stop)
      std::this_thread::sleep_for(1s);
  }
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is declared before 'Stop', which its task uses: 'Stop' is initialised only after the task has started [tether-thread-member-order]
  std::atomic<bool> Stop{false};
};

class Started_in_body_ok {
public:
  Started_in_body_ok() {
    Worker = std::thread([this] { run(); });
  }
  ~Started_in_body_ok() { Worker.join(); }

private:
  void run() {
    while (!Stop)
      std::this_thread::sleep_for(1s);
  }
  std::thread Worker;
  std::atomic<bool> Stop{false};
};

class Started_in_class_bad {
public:
  ~Started_in_class_bad() { Worker.join(); }

private:
  std::thread Worker{[this] { Mutex.lock(); }};
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is declared before 'Mutex', which its task uses: 'Mutex' is initialised only after the task has started [tether-thread-member-order]
  std::mutex Mutex;
};

void make() { Started_in_class_bad Made; }

class Body_uses_nothing_of_this_ok {
public:
  explicit Body_uses_nothing_of_this_ok(std::function<void()> Work)
      : Worker(std::move(Work)) {}

private:
  std::jthread Worker;
  std::string Name = "worker";
};
