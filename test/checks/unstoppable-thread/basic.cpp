// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

// ---- the loop overwrites the wake-up
// --------------------------------------------------------------

class Overwrites_bad {
public:
  Overwrites_bad() : Worker([this] { run(); }) {}
  ~Overwrites_bad() {
    Stop.store(true);
    {
      std::lock_guard<std::mutex> Lock(M);
      Woken = true;
    }
    Changed.notify_one();
    Worker.join();
  }

private:
  void run() {
    while (!Stop.load()) {
      std::unique_lock<std::mutex> Lock(M);
      Woken = false;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'Worker' may never end: the reset of 'Woken' overwrites the wake-up of '~Overwrites_bad'
      Changed.wait(Lock, [this] { return Woken; });
    }
  }
  std::atomic<bool> Stop{false};
  std::mutex M;
  std::condition_variable Changed;
  bool Woken = false;
  std::thread Worker;
};

class LooksUnderTheLock_ok {
public:
  LooksUnderTheLock_ok() : Worker([this] { run(); }) {}
  ~LooksUnderTheLock_ok() {
    Stop.store(true);
    {
      std::lock_guard<std::mutex> Lock(M);
      Woken = true;
    }
    Changed.notify_one();
    Worker.join();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock<std::mutex> Lock(M);
      if (Stop.load())
        return;
      Woken = false;
      Changed.wait(Lock, [this] { return Woken; });
    }
  }
  std::atomic<bool> Stop{false};
  std::mutex M;
  std::condition_variable Changed;
  bool Woken = false;
  std::thread Worker;
};

class ResetsAfterTheWait_ok { // what came before the wait has been seen by then
public:
  ResetsAfterTheWait_ok() : Worker([this] { run(); }) {}
  ~ResetsAfterTheWait_ok() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
      Woken = true;
    }
    Changed.notify_one();
    Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    while (!Stop) {
      Changed.wait(Lock, [this] { return Woken; });
      Woken = false;
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false, Woken = false;
  std::thread Worker;
};

class PredicateKnowsTheFlag_ok {
public:
  PredicateKnowsTheFlag_ok() : Worker([this] { run(); }) {}
  ~PredicateKnowsTheFlag_ok() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = Woken = true;
    }
    Changed.notify_one();
    Worker.join();
  }

private:
  void run() {
    while (true) {
      std::unique_lock<std::mutex> Lock(M);
      Woken = false;
      Changed.wait(Lock, [this] { return Stop || Woken; });
      if (Stop)
        return;
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false, Woken = false;
  std::thread Worker;
};

// ---- a stop that comes before the wait
// ------------------------------------------------------------

class Forgets_bad {
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
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: wait on 'Changed' may miss the stop: 'Cancelled' is set only while 'Outstanding' says that somebody waits
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Outstanding = false, Cancelled = false;
};

class Remembers_ok {
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
    Cancelled = true;
    if (Outstanding)
      Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Outstanding = false, Cancelled = false;
};

class EachStepOnItsOwn_ok { // a cancel is for the step that runs, and no other
public:
  bool step(const std::function<bool()> &Ready) {
    std::unique_lock<std::mutex> Lock(M);
    Cancelled = false;
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
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Outstanding = false, Cancelled = false;
};

// ---- a task that waits for itself
// -----------------------------------------------------------------

class JoinsItself_bad {
public:
  JoinsItself_bad() : Worker([this] { run(); }) {}
  ~JoinsItself_bad() { stop(); }
  void stop() {
    Stop = true;
    if (Worker.joinable())
      Worker.join();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: task of 'Worker' may never end: the task joins itself
  }

private:
  void run() {
    while (!Stop)
      if (failed())
        stop();
  }
  static bool failed();
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

class AsksFirst_ok {
public:
  AsksFirst_ok() : Worker([this] { run(); }) {}
  ~AsksFirst_ok() { stop(); }
  void stop() {
    Stop = true;
    if (Worker.get_id() != std::this_thread::get_id() && Worker.joinable())
      Worker.join();
  }

private:
  void run() {
    while (!Stop)
      if (failed())
        stop();
  }
  static bool failed();
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

class CallbackMayStop_bad {
public:
  explicit CallbackMayStop_bad(std::function<void(CallbackMayStop_bad &)> OnTick)
      : OnTick(std::move(OnTick)), Worker([this] { run(); }) {}
  ~CallbackMayStop_bad() { stop(); }
  void stop() {
    Stop = true;
    if (Worker.joinable())
      Worker.join();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: task of 'Worker' may never end: a callback of the task may join the task
  }

private:
  void run() {
    while (!Stop)
      OnTick(*this);
  }
  std::function<void(CallbackMayStop_bad &)> OnTick;
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

class CallbackIsNotGivenTheObject_ok {
public:
  explicit CallbackIsNotGivenTheObject_ok(std::function<void()> OnTick)
      : OnTick(std::move(OnTick)), Worker([this] { run(); }) {}
  ~CallbackIsNotGivenTheObject_ok() { stop(); }
  void stop() {
    Stop = true;
    if (Worker.joinable())
      Worker.join();
  }

private:
  void run() {
    while (!Stop)
      OnTick();
  }
  std::function<void()> OnTick;
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

class OnlyTheDestructorJoins_ok {
public:
  explicit OnlyTheDestructorJoins_ok(std::function<void(OnlyTheDestructorJoins_ok &)> OnTick)
      : OnTick(std::move(OnTick)), Worker([this] { run(); }) {}
  ~OnlyTheDestructorJoins_ok() {
    Stop = true;
    Worker.join();
  }

private:
  void run() {
    while (!Stop)
      OnTick(*this);
  }
  std::function<void(OnlyTheDestructorJoins_ok &)> OnTick;
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

// ---- joined before it is woken
// --------------------------------------------------------------------

class JoinsFirst_bad {
public:
  JoinsFirst_bad() : Worker([this] { run(); }) {}
  ~JoinsFirst_bad() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Worker.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: it is woken only after the join
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

class WakesOnOneWay_bad {
public:
  WakesOnOneWay_bad() : Worker([this] { run(); }) {}
  void stop(bool Quiet) {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    if (!Quiet)
      Changed.notify_all();
    Worker.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 'Worker' may never end: it is not woken on every way to the join
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

class WakesWhatWasStarted_ok {
public:
  void start() {
    Worker = std::thread([this] { run(); });
    Started = true;
  }
  void stop() {
    if (Started) {
      {
        std::lock_guard<std::mutex> Lock(M);
        Stop = true;
      }
      Changed.notify_all();
    }
    if (Worker.joinable())
      Worker.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false, Started = false;
  std::thread Worker;
};

class SetsTheFlagOnly_bad { // whoever pokes does not do it to stop
public:
  SetsTheFlagOnly_bad() : Worker([this] { run(); }) {}
  ~SetsTheFlagOnly_bad() {
    {
      std::lock_guard<std::mutex> Lock(M);
      Stop = true;
    }
    Worker.join();
  }
  void poke() { Changed.notify_all(); }

private:
  void run() {
    std::unique_lock<std::mutex> Lock(M);
    Changed.wait(Lock, [this] { return Stop; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Worker' may never end: '~SetsTheFlagOnly_bad' sets 'Stop', and nobody ends its wait on 'Changed'
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Stop = false;
  std::thread Worker;
};

// The task waits for work, which the stopping code does not bring: it ends otherwise.
class TellsOthersAfterTheJoin_ok {
public:
  explicit TellsOthersAfterTheJoin_ok(std::function<bool()> Finished)
      : Finished(std::move(Finished)), Worker([this] { run(); }) {}
  ~TellsOthersAfterTheJoin_ok() {
    Worker.join();
    Changed.notify_all();
  }
  void put() {
    std::lock_guard<std::mutex> Lock(M);
    ++Jobs;
    Changed.notify_all();
  }

private:
  void run() {
    while (!Finished()) {
      std::unique_lock<std::mutex> Lock(M);
      Changed.wait(Lock, [this] { return Jobs > 0; });
      --Jobs;
    }
  }
  std::function<bool()> Finished;
  std::mutex M;
  std::condition_variable Changed;
  int Jobs = 0;
  std::thread Worker;
};

class ForgetsInAnotherClass_bad { // each class is told of
public:
  bool step(const std::function<bool()> &Ready) {
    std::unique_lock<std::mutex> Lock(M);
    Busy = true;
    while (!Aborted && !Ready())
      Changed.wait_for(Lock, std::chrono::milliseconds(1));
    Busy = false;
    return !Aborted;
  }
  void abort() {
    std::lock_guard<std::mutex> Lock(M);
    if (Busy)
      Aborted = true;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: wait on 'Changed' may miss the stop: 'Aborted' is set only while 'Busy' says that somebody waits
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  bool Busy = false, Aborted = false;
};
