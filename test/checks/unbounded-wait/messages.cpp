// RUN: %check_tether %s unbounded-wait
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

void use(int Item);

class Gate {
public:
  bool enter_bad() {
    std::unique_lock Lock(Mutex);
    if (Closed)
      return false;
    Free.wait(Lock, [this] { return Places > 0; });
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: wait on 'Free' has no timeout and no stop token: whoever sets 'Closed' wakes nobody [tether-unbounded-wait]
    // CHECK-NOTES: :[[@LINE-4]]:9: note: 'Closed' is looked at here, before the wait
    // CHECK-NOTES: :[[@LINE+13]]:5: note: 'Closed' is set here
    // CHECK-NOTES: :[[@LINE-4]]:10: note: let a flag end it
    // CHECK-NOTES: :[[@LINE-5]]:10: note: wait with the stop token or a timeout, or wake the wait where the work is stopped
    --Places;
    return true;
  }
  void leave() {
    std::lock_guard Lock(Mutex);
    ++Places;
    Free.notify_one();
  }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
  }

private:
  std::mutex Mutex;
  std::condition_variable Free;
  int Places = 4;
  bool Closed = false;
};

class Answer {
public:
  void arrive() {
    std::lock_guard Lock(Mutex);
    Arrived = true;
    Changed.notify_all();
  }
  void await_bad(std::chrono::seconds Limit) {
    std::unique_lock Lock(Mutex);
    while (!Arrived)
      Changed.wait_for(Lock, Limit);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: wait on 'Changed' never ends by its timeout: the loop around it goes on waiting when it has passed [tether-unbounded-wait]
      // CHECK-NOTES: :[[@LINE-2]]:15: note: leave the loop when the time has passed
      // CHECK-NOTES: :[[@LINE-3]]:15: note: leave the loop when the wait times out, or wait once with a predicate
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Arrived = false;
};

class Inbox {
public:
  bool take(std::stop_token Stop, int &Item) {
    std::unique_lock Lock(Mutex);
    if (!Changed.wait(Lock, Stop, [this] { return !Items.empty(); }))
      return false;
    Item = Items.front();
    Items.pop_front();
    Changed.notify_all();
    return true;
  }
  void flush_bad(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    while (!Stop.stop_requested() && !Items.empty())
      Changed.wait(Lock);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: wait on 'Changed' has no timeout and no stop token: token 'Stop' is in reach [tether-unbounded-wait]
      // CHECK-NOTES: :[[@LINE-12]]:18: note: here 'Changed' is waited on with a token
      // CHECK-NOTES: :[[@LINE-3]]:15: note: wait with the stop token or a timeout, or wake the wait where the work is stopped
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Changed;
  std::deque<int> Items;
};

// Whoever calls drain() waits for the task, which stop() ends.
class Spooler {
public:
  Spooler() : Thread([this](std::stop_token Stop) { run(Stop); }) {}
  void stop() { Thread.request_stop(); }
  void drain_bad() {
    std::unique_lock Lock(Mutex);
    Emptied.wait(Lock, [this] { return Pages.empty(); });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Emptied' has no timeout and no stop token: only the task of 'Thread' ever wakes it, and 'stop' stops that task [tether-unbounded-wait]
    // CHECK-NOTES: :[[@LINE-6]]:15: note: the task starts here
    // CHECK-NOTES: :[[@LINE-6]]:24: note: it is stopped here, and whoever waits is not woken
    // CHECK-NOTES: :[[@LINE-4]]:13: note: let a flag end it
    // CHECK-NOTES: :[[@LINE-5]]:13: note: wait with the stop token or a timeout, or wake the wait where the work is stopped
  }

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      std::lock_guard Lock(Mutex);
      if (!Pages.empty())
        Pages.pop_front();
      Emptied.notify_all();
    }
  }

  std::mutex Mutex;
  std::condition_variable Emptied;
  std::deque<int> Pages;
  std::jthread Thread;
};

// finish() waits for a task that listens to a source which nobody triggers.
class Unstopped {
public:
  void start() {
    Thread = std::thread([this, Token = Stop.get_token()] { run(Token); });
  }
  void finish_bad() {
    std::unique_lock Lock(Mutex);
    Ended.wait(Lock, [this] { return Over; });
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: wait on 'Ended' has no timeout and no stop token: it waits for tasks that listen to 'Stop', which nobody triggers [tether-unbounded-wait]
    // CHECK-NOTES: :[[@LINE-6]]:14: note: such a task starts here
    // CHECK-NOTES: :[[@LINE-3]]:11: note: request the stop
    // CHECK-NOTES: :[[@LINE-4]]:11: note: wait with the stop token or a timeout, or wake the wait where the work is stopped
  }

private:
  void run(std::stop_token Token) {
    while (!Token.stop_requested())
      use(1);
    std::lock_guard Lock(Mutex);
    Over = true;
    Ended.notify_all();
  }

  std::mutex Mutex;
  std::condition_variable Ended;
  bool Over = false;
  std::stop_source Stop;
  std::thread Thread;
};

class TokenIsNotTaken {
public:
  TokenIsNotTaken() : Worker([this](std::stop_token Stop) { run(Stop); }) {}
  void put() {
    std::lock_guard<std::mutex> Lock(M);
    ++Jobs;
    Changed.notify_all();
  }

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      std::unique_lock<std::mutex> Lock(M);
      Changed.wait(Lock, [this] { return Jobs > 0; });
      // CHECK-NOTES: :[[@LINE-1]]:15: warning: wait on 'Changed' has no timeout and no stop token: the destructor of 'TokenIsNotTaken' requests a stop, and it does not listen to that [tether-unbounded-wait]
      // CHECK-NOTES: :[[@LINE-13]]:23: note: the task starts here
      // CHECK-NOTES: :[[@LINE-14]]:61: note: 'run' is called here
      // CHECK-NOTES: :[[@LINE-4]]:15: note: it waits here
      // CHECK-NOTES: :[[@LINE+9]]:16: note: the destructor of 'TokenIsNotTaken', which is not written, waits for its end
      // CHECK-NOTES: :[[@LINE-6]]:15: note: wait with 'Stop'
      // CHECK-NOTES: :[[@LINE-7]]:15: note: wait with the token, or wake the wait where the stop is requested
      --Jobs;
    }
  }
  std::mutex M;
  std::condition_variable Changed;
  int Jobs = 0;
  std::jthread Worker;
};
