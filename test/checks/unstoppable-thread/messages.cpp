// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

void step();

class Late {
public:
  Late() : Worker([this] { run(); }) {}
  ~Late() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Worker.join();
    // CHECK-NOTES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: it is woken only after the join [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-8]]:12: note: the task starts here
    // CHECK-NOTES: :[[@LINE-9]]:28: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE+11]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE-5]]:12: note: '~Late' waits for its end here
    // CHECK-NOTES: :[[@LINE+3]]:13: note: this comes too late
    // CHECK-NOTES: :[[@LINE-7]]:12: note: wait for its end after that
    // CHECK-NOTES: :[[@LINE-8]]:12: note: do it before the join, on every way
    Changed.notify_all();
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

class OneWay {
public:
  OneWay() : Worker([this] { run(); }) {}
  void stop(bool Quiet) {
    std::unique_lock<std::mutex> Lock(M);
    Stop = true;
    if (!Quiet)
      Changed.notify_all();
    Lock.unlock();
    Worker.join();
    // CHECK-NOTES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: it is not woken on every way to the join [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-9]]:14: note: the task starts here
    // CHECK-NOTES: :[[@LINE-10]]:30: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE+9]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE-8]]:9: note: '!Quiet' is false
    // CHECK-NOTES: :[[@LINE-6]]:12: note: 'stop' waits for its end here
    // CHECK-NOTES: :[[@LINE-7]]:12: note: do it before the join, on every way
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

class Overwrites {
public:
  Overwrites() : Worker([this] { run(); }) {}
  ~Overwrites() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
      Woken = true;
    }
    Changed.notify_one();
    Worker.join();
  }

private:
  bool stopped() {
    std::lock_guard<std::mutex> Lock(M);
    return Stop;
  }
  void run() {
    while (!stopped()) {
      std::unique_lock<std::mutex> Lock(M);
      Woken = false;
      // CHECK-NOTES: :[[@LINE-1]]:7: warning: task of 'Worker' may never end: the reset of 'Woken' overwrites the wake-up of '~Overwrites' [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-21]]:18: note: the task starts here
      // CHECK-NOTES: :[[@LINE+4]]:15: note: it waits here
      // CHECK-NOTES: :[[@LINE-18]]:7: note: it is woken by this change, to stop
      // CHECK-NOTES: :[[@LINE-5]]:7: note: if that comes before this reset, nobody wakes the task: 'Stop' is not looked at again
      // CHECK-NOTES: :[[@LINE-6]]:7: note: look at 'Stop' under the same lock, before the reset or in the predicate
      Changed.wait(Lock, [this] { return Woken; });
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false, Woken = false;
  std::thread Worker;
};

class Forgets {
public:
  bool step(const std::function<bool()> &Ready) {
    std::unique_lock<std::mutex> Lock(M);
    Outstanding = true;
    while (!Cancelled && !Ready())
      Changed.wait_for(Lock, std::chrono::milliseconds(1));
    Outstanding = false;
    return !Cancelled;
  }
  void cancel() {
    std::lock_guard<std::mutex> Lock(M);
    if (Outstanding)
      Cancelled = true;
      // CHECK-NOTES: :[[@LINE-1]]:7: warning: wait on 'Changed' may miss the stop: 'Cancelled' is set only while 'Outstanding' says that somebody waits [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-9]]:15: note: 'step' waits here, and ends when 'Cancelled' is set
      // CHECK-NOTES: :[[@LINE-4]]:9: note: a stop that comes between two waits is forgotten here
      // CHECK-NOTES: :[[@LINE-4]]:7: note: set it in any case
      // CHECK-NOTES: :[[@LINE-5]]:7: note: set 'Cancelled' in any case, and look at it before the wait
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Outstanding = false, Cancelled = false;
};

class Itself {
public:
  Itself() : Worker([this] { run(); }) {}
  ~Itself() { stop(); }
  void stop() {
    if (Worker.joinable())
      Worker.join();
      // CHECK-NOTES: :[[@LINE-1]]:14: warning: task of 'Worker' may never end: the task joins itself [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-6]]:14: note: the task starts here
      // CHECK-NOTES: :[[@LINE-3]]:14: note: it gets here
      // CHECK-NOTES: :[[@LINE-4]]:14: note: here it waits for its own end
      // CHECK-NOTES: :[[@LINE-5]]:14: note: ask first whether this is the task's own thread, or leave the join to somebody else
  }

private:
  void run() {
    if (failed())
      stop();
  }
  static bool failed();
  std::thread Worker;
};

class Callback {
public:
  explicit Callback(std::function<void(Callback &)> OnEnd)
      : OnEnd(std::move(OnEnd)), Worker([this] { run(); }) {}
  ~Callback() { stop(); }
  void stop() {
    if (Worker.joinable())
      Worker.join();
      // CHECK-NOTES: :[[@LINE-1]]:14: warning: task of 'Worker' may never end: a callback of the task may join the task [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-6]]:34: note: the task starts here
      // CHECK-NOTES: :[[@LINE+6]]:16: note: it calls a callback here, which may call 'stop'
      // CHECK-NOTES: :[[@LINE-4]]:14: note: here it waits for its own end
      // CHECK-NOTES: :[[@LINE-5]]:14: note: ask first whether this is the task's own thread, or leave the join to somebody else
  }

private:
  void run() { OnEnd(*this); }
  std::function<void(Callback &)> OnEnd;
  std::thread Worker;
};

class WaitsForTheEnd {
public:
  explicit WaitsForTheEnd(std::function<void(WaitsForTheEnd &)> OnEnd)
      : OnEnd(std::move(OnEnd)), Worker([this] { run(); }) {}
  ~WaitsForTheEnd() { Worker.join(); }
  void finish() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Ended; });
    // CHECK-NOTES: :[[@LINE-1]]:13: warning: task of 'Worker' may never end: a callback of the task may wait for the end of the task [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-6]]:34: note: the task starts here
    // CHECK-NOTES: :[[@LINE+7]]:5: note: it calls a callback here, which may call 'finish'
    // CHECK-NOTES: :[[@LINE-4]]:13: note: here it waits for its own end
    // CHECK-NOTES: :[[@LINE-5]]:13: note: ask first whether this is the task's own thread, or leave the join to somebody else
  }

private:
  void run() {
    OnEnd(*this);
    std::lock_guard<std::mutex> Lock(M);
    Ended = true;
    Changed.notify_all();
  }
  std::function<void(WaitsForTheEnd &)> OnEnd;
  std::mutex M;
  std::condition_variable Changed;
  bool Ended = false;
  std::thread Worker;
};

class NobodyNotifies {
public:
  NobodyNotifies() : Worker([this] { run(); }) {}
  ~NobodyNotifies() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
    // CHECK-NOTES: :[[@LINE-1]]:13: warning: task of 'Worker' may never end: '~NobodyNotifies' sets 'Stop', and nobody ends its wait on 'Changed' [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-14]]:22: note: the task starts here
    // CHECK-NOTES: :[[@LINE-15]]:38: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE-4]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE-13]]:7: note: 'Stop' is set here
    // CHECK-NOTES: :[[@LINE-12]]:12: note: '~NobodyNotifies' waits for its end here
    // CHECK-NOTES: :[[@LINE-7]]:13: note: wake it before the join
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
  std::thread Worker;
};

class NotifiesOthers {
public:
  NotifiesOthers() : Worker([this] { run(); }) {}
  ~NotifiesOthers() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Space.notify_all();
    Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
    // CHECK-NOTES: :[[@LINE-1]]:13: warning: task of 'Worker' may never end: '~NotifiesOthers' sets 'Stop', and nobody notifies 'Changed' [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-15]]:22: note: the task starts here
    // CHECK-NOTES: :[[@LINE-16]]:38: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE-4]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE-14]]:7: note: 'Stop' is set here
    // CHECK-NOTES: :[[@LINE-13]]:11: note: 'Space' is notified here
    // CHECK-NOTES: :[[@LINE-13]]:12: note: '~NotifiesOthers' waits for its end here
    // CHECK-NOTES: :[[@LINE-8]]:13: note: wake it before the join
  }
  std::mutex M;
  std::condition_variable Changed, Space;
  bool Stop = false;
  std::thread Worker;
};

class LooksAtSomethingElse {
public:
  LooksAtSomethingElse() : Worker([this] { run(); }) {}
  ~LooksAtSomethingElse() {
    Stop = true;
    Changed.notify_all();
    Worker.join();
  }
  void put() {
    std::lock_guard<std::mutex> Lock(M);
    ++Jobs;
    Changed.notify_all();
  }

private:
  void run() {
    while (!Stop) {
      std::unique_lock<std::mutex> Lock(M);
      Changed.wait(Lock, [this] { return Jobs > 0; });
      // CHECK-NOTES: :[[@LINE-1]]:15: warning: task of 'Worker' may never end: '~LooksAtSomethingElse' sets 'Stop' and wakes its wait on 'Changed', which does not look at it and goes on waiting [tether-unstoppable-thread]
      // CHECK-NOTES: :[[@LINE-18]]:28: note: the task starts here
      // CHECK-NOTES: :[[@LINE-19]]:44: note: 'run' is called here
      // CHECK-NOTES: :[[@LINE-4]]:15: note: it waits here
      // CHECK-NOTES: :[[@LINE-19]]:5: note: 'Stop' is set here
      // CHECK-NOTES: :[[@LINE-19]]:13: note: 'Changed' is notified here
      // CHECK-NOTES: :[[@LINE-19]]:12: note: '~LooksAtSomethingElse' waits for its end here
      // CHECK-NOTES: :[[@LINE-8]]:15: note: let a flag end it
      // CHECK-NOTES: :[[@LINE-9]]:15: note: let the predicate of the wait look at 'Stop'
      --Jobs;
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  int Jobs = 0;
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

class TooEarly {
public:
  TooEarly() : Worker([this] { run(); }) {}
  ~TooEarly() {
    Changed.notify_all();
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Worker.join();
    // CHECK-NOTES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: it is woken before 'Stop' is changed, and goes back to sleep [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-9]]:16: note: the task starts here
    // CHECK-NOTES: :[[@LINE-10]]:32: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE+10]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE-10]]:13: note: it is woken here
    // CHECK-NOTES: :[[@LINE-8]]:7: note: only here 'Stop' is changed
    // CHECK-NOTES: :[[@LINE-7]]:12: note: '~TooEarly' waits for its end here
    // CHECK-NOTES: :[[@LINE-8]]:12: note: change what it looks at first, and wake it after that
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

class OneOfFour {
public:
  OneOfFour() {
    for (int I = 0; I != 4; ++I)
      Workers.emplace_back([this] { run(); });
  }
  ~OneOfFour() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Changed.notify_one();
    for (std::thread &Worker : Workers)
      Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
    // CHECK-NOTES: :[[@LINE-1]]:13: warning: task of 'Workers' may never end: '~OneOfFour' wakes one of several tasks that may be in its wait on 'Changed' [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-17]]:15: note: the task starts here
    // CHECK-NOTES: :[[@LINE-18]]:37: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE-4]]:13: note: it waits here
    // CHECK-NOTES: :[[@LINE-13]]:13: note: one of them is woken here
    // CHECK-NOTES: :[[@LINE-12]]:14: note: '~OneOfFour' waits for its end here
    // CHECK-NOTES: :[[@LINE-7]]:13: note: wake all of them
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
  std::vector<std::thread> Workers;
};

class AnotherSource {
public:
  AnotherSource() : Worker([this](std::stop_token Stop) { run(Stop); }) {}
  void stop() {
    Source.request_stop();
    Worker.join();
  }

private:
  void run(std::stop_token Stop) {
    std::unique_lock<std::mutex> Lock(M);
    while (Changed.wait(Lock, Stop, [this] { return Jobs > 0; }))
    // CHECK-NOTES: :[[@LINE-1]]:20: warning: task of 'Worker' may never end: 'stop' requests a stop of 'Source', and its wait on 'Changed' listens to the token of 'Worker' [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-11]]:21: note: the task starts here
    // CHECK-NOTES: :[[@LINE-12]]:59: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE-4]]:20: note: it waits here
    // CHECK-NOTES: :[[@LINE-12]]:12: note: stop is requested here
    // CHECK-NOTES: :[[@LINE-12]]:12: note: 'stop' waits for its end here
    // CHECK-NOTES: :[[@LINE-7]]:20: note: request the stop of what it listens to, or hand it a token of the other source
      --Jobs;
  }
  std::mutex M;
  std::condition_variable_any Changed;
  int Jobs = 0;
  std::stop_source Source;
  std::jthread Worker;
};

class NoRequest {
public:
  NoRequest()
      : Worker([](std::stop_token Stop) {
          while (!Stop.stop_requested())
          // CHECK-NOTES: :[[@LINE-1]]:11: warning: task of 'Worker' may never end: 'wait' waits for its end without requesting the stop that its loop looks for [tether-unstoppable-thread]
          // CHECK-NOTES: :[[@LINE-3]]:9: note: the task starts here
          // CHECK-NOTES: :[[@LINE-3]]:11: note: it goes round this loop
          // CHECK-NOTES: :[[@LINE+5]]:24: note: 'wait' waits for its end here
          // CHECK-NOTES: :[[@LINE-5]]:11: note: request the stop{{$}}
          // CHECK-NOTES: :[[@LINE-6]]:11: note: request the stop before the join
            step();
        }) {}
  void wait() { Worker.join(); }

private:
  std::jthread Worker;
};

class Closes {
public:
  explicit Closes(int Socket) : Socket(Socket), Worker([this] { run(); }) {}
  ~Closes() {
    ::close(Socket);
    Worker.join();
  }

private:
  void run() {
    char Data[8];
    while (::recv(Socket, Data, sizeof Data, 0) > 0)
    // CHECK-NOTES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: '~Closes' closes 'Socket', which does not end its wait in 'recv' [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-11]]:49: note: the task starts here
    // CHECK-NOTES: :[[@LINE-12]]:65: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE-4]]:12: note: it waits here
    // CHECK-NOTES: :[[@LINE-12]]:5: note: 'Socket' is closed here
    // CHECK-NOTES: :[[@LINE-12]]:12: note: '~Closes' waits for its end here
    // CHECK-NOTES: :[[@LINE-7]]:12: note: shut the descriptor down, wake the wait through an eventfd or a pipe, or wait with a timeout
      step();
  }
  int Socket;
  std::thread Worker;
};

class NobodySets {
public:
  NobodySets()
      : Worker([this] {
          while (!Stop)
          // CHECK-NOTES: :[[@LINE-1]]:11: warning: task of 'Worker' may never end: '~NobodySets' waits for its end, and nobody sets 'Stop', which its loop looks at [tether-unstoppable-thread]
          // CHECK-NOTES: :[[@LINE-3]]:9: note: the task starts here
          // CHECK-NOTES: :[[@LINE-3]]:11: note: it goes round this loop
          // CHECK-NOTES: :[[@LINE+5]]:26: note: '~NobodySets' waits for its end here
          // CHECK-NOTES: :[[@LINE-5]]:11: note: tell it to end before its end is waited for
          // CHECK-NOTES: :[[@LINE-6]]:11: note: change it before the join
            step();
        }) {}
  ~NobodySets() { Worker.join(); }

private:
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

class NoWayOut {
public:
  NoWayOut()
      : Worker([] {
          while (true)
          // CHECK-NOTES: :[[@LINE-1]]:11: warning: task of 'Worker' may never end: '~NoWayOut' waits for its end, and its loop has no way out [tether-unstoppable-thread]
          // CHECK-NOTES: :[[@LINE-3]]:9: note: the task starts here
          // CHECK-NOTES: :[[@LINE-3]]:11: note: it goes round this loop
          // CHECK-NOTES: :[[@LINE+4]]:24: note: '~NoWayOut' waits for its end here
          // CHECK-NOTES: :[[@LINE-5]]:11: note: let the loop look at a flag or token that '~NoWayOut' sets
            step();
        }) {}
  ~NoWayOut() { Worker.join(); }

private:
  std::thread Worker;
};

class SetsItself {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    Running = false;
    Worker.join();
  }

private:
  void run() {
    Running = true;
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: task of 'Worker' may never end: it changes 'Running' itself, and forgets a stop that came before [tether-unstoppable-thread]
    // CHECK-NOTES: :[[@LINE-11]]:14: note: the task starts here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: the task changes 'Running' here
    // CHECK-NOTES: :[[@LINE-10]]:5: note: 'stop' changes it back here, to stop the task
    // CHECK-NOTES: :[[@LINE+3]]:5: note: if that comes first, nobody ends this loop
    // CHECK-NOTES: :[[@LINE-6]]:5: note: do it before the task starts
    // CHECK-NOTES: :[[@LINE-7]]:5: note: change 'Running' before the task starts
    while (Running)
      step();
  }
  std::atomic<bool> Running{false};
  std::thread Worker;
};
