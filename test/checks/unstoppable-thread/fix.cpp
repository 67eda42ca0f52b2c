// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <semaphore>
#include <thread>

void work();

// Nobody wakes it.

class Wake_before_join_bad {
public:
  Wake_before_join_bad() : Worker([this] { run(); }) {}
  ~Wake_before_join_bad() {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Stopping = true;
    }
    Worker.join();
    // CHECK-FIXES: {{^}}    Changed.notify_all();
    // CHECK-FIXES-NEXT: {{^}}    Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Stopping; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Worker' may never end: '~Wake_before_join_bad' sets 'Stopping', and nobody ends its wait on 'Changed'
  }
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Stopping = false;
  std::thread Worker;
};

// As it is woken elsewhere in the class.

class Release_before_join_bad {
public:
  Release_before_join_bad() : Worker([this] { run(); }) {}
  ~Release_before_join_bad() { stop(); }
  void add() { Pending.release(); }

private:
  // CHECK-NOTE-FIXES: {{^}}  void stop() {
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Stopping = true;
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Pending.release();
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker.join();
  void stop() {
    Stopping = true;
    Worker.join();
  }
  void run() {
    for (;;) {
      Pending.acquire();
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: task of 'Worker' may never end: '~Release_before_join_bad' sets 'Stopping', and nobody ends its wait on 'Pending'
      if (Stopping)
        return;
      work();
    }
  }
  std::counting_semaphore<> Pending{0};
  std::atomic<bool> Stopping{false};
  std::thread Worker;
};

class Event {
public:
  void set() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Ready = true;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Ready; });
    Ready = false;
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Ready = false;
};

class Set_before_join_bad {
public:
  Set_before_join_bad() : Worker([this] { run(); }) {}
  ~Set_before_join_bad() {
    Stopping = true;
    Worker.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: '~Set_before_join_bad' sets 'Stopping', and nobody ends its wait on 'Work.Changed'
    // CHECK-NOTE-FIXES: {{^}}    Work.set();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker.join();
  }
  void add() { Work.set(); }

private:
  void run() {
    while (!Stopping) {
      Work.wait();
      work();
    }
  }
  Event Work;
  std::atomic<bool> Stopping{false};
  std::thread Worker;
};

// What is called with some value says nothing of another one: no fix.

class Box {
public:
  void put(int Value) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Content = Value;
    Full = true;
    Changed.notify_all();
  }
  int take() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Full; });
    Full = false;
    return Content;
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Full = false;
  int Content = 0;
};

class Put_before_join_bad {
public:
  Put_before_join_bad() : Worker([this] { run(); }) {}
  // CHECK-NOTE-FIXES: {{^}}  ~Put_before_join_bad() {
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Stopping = true;
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker.join();
  ~Put_before_join_bad() {
    Stopping = true;
    Worker.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: '~Put_before_join_bad' sets 'Stopping'
  }
  void add(int Value) { Jobs.put(Value); }

private:
  void run() {
    while (!Stopping) {
      Jobs.take();
      work();
    }
  }
  Box Jobs;
  std::atomic<bool> Stopping{false};
  std::thread Worker;
};

// One of several is woken.

class Wake_all_bad {
public:
  void start() {
    for (int I = 0; I != 4; ++I)
      Workers[I] = std::thread([this] { run(); });
  }
  ~Wake_all_bad() {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Stopping = true;
    }
    Changed.notify_one();
    // CHECK-FIXES: {{^}}    Changed.notify_all();
    for (std::thread &Each : Workers)
      Each.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Changed.wait(Lock, [this] { return Stopping; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Workers' may never end: '~Wake_all_bad' wakes one of several tasks
  }
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Stopping = false;
  std::thread Workers[4];
};

// The wait does not look at what is set.

class Look_at_flag_bad {
public:
  Look_at_flag_bad() : Worker([this] { run(); }) {}
  ~Look_at_flag_bad() {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Stopping = true;
    }
    Changed.notify_all();
    Worker.join();
  }
  void pause(bool On) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Paused = On;
    Changed.notify_all();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (!Stopping) {
      Changed.wait(Lock, [this] { return !Paused; });
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: task of 'Worker' may never end: '~Look_at_flag_bad' sets 'Stopping' and wakes its wait on 'Changed', which does not look at it
      // CHECK-NOTE-FIXES: {{^}}      Changed.wait(Lock, [this] { return Stopping || !Paused; });
      work();
    }
  }
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Paused = false;
  bool Stopping = false;
  std::thread Worker;
};

// The loop has a token, and no way out.

class Look_at_token_bad {
public:
  void start() {
    Worker = std::jthread([this](std::stop_token Stop) { run(Stop); });
  }

private:
  void run(std::stop_token Stop) {
    for (;;) {
      // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: task of 'Worker' may never end: the destructor of 'Look_at_token_bad' waits for its end, and its loop has no way out
      // CHECK-NOTE-FIXES: {{^}}    for (; !Stop.stop_requested();) {
      work();
    }
  }
  std::jthread Worker;
};

// Too late.

class Join_comes_last_bad {
public:
  Join_comes_last_bad() : Worker([this] { run(); }) {}
  // CHECK-NOTE-FIXES: {{^}}  ~Join_comes_last_bad() {
  // CHECK-NOTE-FIXES: {{^}}    Pending.release();
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker.join();
  ~Join_comes_last_bad() {
    Worker.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: it is woken only after the join
    Pending.release();
  }

private:
  void run() {
    Pending.acquire();
    work();
  }
  std::counting_semaphore<> Pending{0};
  std::thread Worker;
};

// What stands between needs the join: no fix.

class Task_is_gone_before_bad {
public:
  Task_is_gone_before_bad()
      : Worker(std::make_unique<std::thread>([this] { run(); })) {}
  // CHECK-NOTE-FIXES: {{^}}  ~Task_is_gone_before_bad() {
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker->join();
  ~Task_is_gone_before_bad() {
    Worker->join();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Worker' may never end: it is woken only after the join
    Worker.reset();
    Pending.release();
  }

private:
  void run() {
    Pending.acquire();
    work();
  }
  std::counting_semaphore<> Pending{0};
  std::unique_ptr<std::thread> Worker;
};

// Only while somebody waits.

class In_any_case_bad {
public:
  bool step() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Waiting = true;
    Changed.wait(Lock, [this] { return Cancelled || Done; });
    Waiting = false;
    return !Cancelled;
  }
  void finish() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Done = true;
    Changed.notify_all();
  }
  // CHECK-NOTE-FIXES: {{^}}  void cancel() {
  // CHECK-NOTE-FIXES-NEXT: {{^}}    std::lock_guard<std::mutex> Lock(Mutex);
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Cancelled = true;
  void cancel() {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (Waiting)
      Cancelled = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: wait on 'Changed' may miss the stop: 'Cancelled' is set only while 'Waiting' says that somebody waits
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Waiting = false, Cancelled = false, Done = false;
};

// What its loop looks for is said before the join, where nobody says it.

class Never_requested {
public:
  Never_requested() : Worker([](std::stop_token Stop) {
      while (!Stop.stop_requested())
        // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'Worker' may never end: 'finish' waits for its end without requesting the stop that its loop looks for
        work();
    }) {}
  void finish() {
    // CHECK-NOTE-FIXES: {{^}}    Worker.request_stop();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker.join();
    Worker.join();
  }

private:
  std::jthread Worker;
};

class Never_set {
public:
  Never_set() : Worker([this] {
      while (!Ending)
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'Worker' may never end: '~Never_set' waits for its end, and nobody sets 'Ending', which its loop looks at
        work();
    }) {}
  ~Never_set() {
    // CHECK-NOTE-FIXES: {{^}}    Ending = true;
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker.join();
    Worker.join();
  }

private:
  std::atomic<bool> Ending{false};
  std::thread Worker;
};

// Left alone: it would need a mutex.
class Never_set_plain {
public:
  Never_set_plain() : Worker([this] {
      while (!Ending)
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'Worker' may never end: '~Never_set_plain' waits for its end, and nobody sets 'Ending', which its loop looks at
        work();
    }) {}
  // CHECK-NOTE-FIXES: {{^}}  ~Never_set_plain() { Worker.join(); }
  ~Never_set_plain() { Worker.join(); }

private:
  bool Ending = false;
  std::thread Worker;
};

// What it says of itself is said before it starts.
class Says_it_runs {
public:
  // CHECK-NOTE-FIXES:      {{^}}  void start() {
  // CHECK-NOTE-FIXES-NEXT: {{^}}    say(true);
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker = std::thread([this] { run(); });
  // CHECK-NOTE-FIXES-NEXT: {{^}}  }
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    say(false);
    Worker.join();
  }

private:
  void say(bool It) { Running = It; }
  // CHECK-NOTE-FIXES:      {{^}}  void run() {
  // CHECK-NOTE-FIXES-NEXT: {{^ *//}}
  // CHECK-NOTE-FIXES-NEXT: {{^}}    while (Running)
  void run() {
    say(true);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: task of 'Worker' may never end: it changes 'Running' itself, and forgets a stop that came before
    while (Running)
      work();
  }
  std::atomic<bool> Running{false};
  std::thread Worker;
};

// Left alone: others may run it, too.
class Says_it_for_all {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    Running = false;
    Worker.join();
  }
  void run() {
    // CHECK-NOTE-FIXES: {{^}}    Running = true; // for all
    Running = true; // for all
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: task of 'Worker' may never end: it changes 'Running' itself, and forgets a stop that came before
    while (Running)
      work();
  }

private:
  std::atomic<bool> Running{false};
  std::thread Worker;
};
