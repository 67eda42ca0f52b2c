// RUN: %check_tether %s unfulfilled-promise
// Each message whole, with its notes.
#include <condition_variable>
#include <exception>
#include <future>
#include <latch>
#include <map>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

bool open();
int fetch();

int nobody_bad() {
  std::promise<int> Result;
  std::future<int> Answer = Result.get_future();
  return Answer.get();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: channel 'Result' is waited for here, and nobody has it to fulfil it [tether-unfulfilled-promise]
  // CHECK-NOTES: :[[@LINE-4]]:21: note: it is made here
  // CHECK-NOTES: :[[@LINE-3]]:17: note: satisfy it on every way out, or let an object do it whose destructor does
}

int on_this_path_bad() {
  std::promise<int> Result;
  std::jthread Reader([&] {
    if (!open())
      return;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Result' is not satisfied on this path: whoever waits for it waits for ever [tether-unfulfilled-promise]
      // CHECK-NOTES: :[[@LINE-4]]:16: note: the task starts here
      // CHECK-NOTES: :[[@LINE-4]]:9: note: '!open()' is true
      // CHECK-NOTES: :[[@LINE-4]]:7: note: 'lambda' returns here
      // CHECK-NOTES: :[[@LINE+4]]:30: note: here it is waited for
      // CHECK-NOTES: :[[@LINE-6]]:7: note: satisfy it on every way out, or let an object do it whose destructor does
    Result.set_value(fetch());
  });
  return Result.get_future().get();
}

void too_many_bad() {
  std::latch Done(2);
  std::jthread First([&] { Done.count_down(); });
  Done.wait();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: channel 'Done' waits for 2, and only 1 comes [tether-unfulfilled-promise]
  // CHECK-NOTES: :[[@LINE-4]]:14: note: it is made here
  // CHECK-NOTES: :[[@LINE-3]]:8: note: let the number of those who come be the number waited for
}

void too_early_bad(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I) {
    Workers.emplace_back([&] { Done.count_down(); });
    Done.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: channel 'Done' is waited for before all tasks that have to come are started [tether-unfulfilled-promise]
    // CHECK-NOTES: :[[@LINE-6]]:14: note: it is made here
    // CHECK-NOTES: :[[@LINE-4]]:13: note: the next turn starts one more of them
    // CHECK-NOTES: :[[@LINE-4]]:10: note: let the number of those who come be the number waited for
  }
}

void twice_bad(std::promise<int> Result) {
  auto Answer = Result.get_future();
  if (open())
    Result.set_value(1);
  Result.set_value(2);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: channel 'Result' is fulfilled a second time, which throws [tether-unfulfilled-promise]
  // CHECK-NOTES: :[[@LINE-3]]:12: note: it is fulfilled here first
  // CHECK-NOTES: :[[@LINE-3]]:10: note: fulfil it once, on one of the two ways
}

class LeftSet_bad {
public:
  void flush() {
    {
      std::lock_guard Lock(Mutex);
      Busy = true;
    }
    if (!open())
      return;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Busy' is not changed back on this path: whoever waits for it waits for ever [tether-unfulfilled-promise]
      // CHECK-NOTES: :[[@LINE-5]]:7: note: 'Busy' is changed here
      // CHECK-NOTES: :[[@LINE-4]]:9: note: '!open()' is true
      // CHECK-NOTES: :[[@LINE-4]]:7: note: 'flush' returns here
      // CHECK-NOTES: :[[@LINE+8]]:13: note: here somebody waits until it is changed back
      // CHECK-NOTES: :[[@LINE-6]]:7: note: satisfy it on every way out, or let an object do it whose destructor does
    std::lock_guard Lock(Mutex);
    Busy = false;
    Changed.notify_all();
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Busy; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
};

class TaskLeavesSet_bad {
public:
  ~TaskLeavesSet_bad() { Worker.join(); }
  void start() {
    std::lock_guard Lock(Mutex);
    Busy = true;
    Worker = std::thread([this] {
      if (!open())
        return;
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'Busy' is not changed back on this path: whoever waits for it waits for ever [tether-unfulfilled-promise]
        // CHECK-NOTES: :[[@LINE-5]]:5: note: 'Busy' is changed here
        // CHECK-NOTES: :[[@LINE-5]]:14: note: the task that has to change it back starts here
        // CHECK-NOTES: :[[@LINE-5]]:11: note: '!open()' is true
        // CHECK-NOTES: :[[@LINE-5]]:9: note: 'lambda' returns here
        // CHECK-NOTES: :[[@LINE+9]]:13: note: here somebody waits until it is changed back
        // CHECK-NOTES: :[[@LINE-7]]:9: note: satisfy it on every way out, or let an object do it whose destructor does
      std::lock_guard Lock(Mutex);
      Busy = false;
      Changed.notify_all();
    });
  }
  void wait() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return !Busy; });
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Busy = false;
  std::thread Worker;
};

class MemberPromise_bad {
public:
  MemberPromise_bad() : Worker([this] { run(); }) {}
  ~MemberPromise_bad() { Worker.join(); }
  int get() { return Answer.get(); }

private:
  void run() {
    if (!open())
      return;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Result' is not satisfied on this path: whoever waits for it waits for ever [tether-unfulfilled-promise]
      // CHECK-NOTES: :[[@LINE-9]]:25: note: the task that has to satisfy it starts here
      // CHECK-NOTES: :[[@LINE-10]]:41: note: 'run' is called here
      // CHECK-NOTES: :[[@LINE-5]]:9: note: '!open()' is true
      // CHECK-NOTES: :[[@LINE-5]]:7: note: 'run' returns here
      // CHECK-NOTES: :[[@LINE-11]]:29: note: here it is waited for
      // CHECK-NOTES: :[[@LINE-7]]:7: note: satisfy it on every way out, or let an object do it whose destructor does
    Result.set_value(fetch());
  }

  std::promise<int> Result;
  std::future<int> Answer = Result.get_future();
  std::thread Worker;
};

class Permits_bad {
public:
  bool use() {
    Slots.acquire();
    if (!open())
      return false;
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Slots' is not given back on this path: whoever waits for it waits for ever [tether-unfulfilled-promise]
      // CHECK-NOTES: :[[@LINE-4]]:11: note: it is taken here
      // CHECK-NOTES: :[[@LINE-4]]:9: note: '!open()' is true
      // CHECK-NOTES: :[[@LINE-4]]:7: note: 'use' returns here
      // CHECK-NOTES: :[[@LINE-5]]:7: note: satisfy it on every way out, or let an object do it whose destructor does
    fetch();
    Slots.release();
    return true;
  }

private:
  std::counting_semaphore<> Slots{4};
};

class Forgets_bad {
public:
  std::future<int> get(int Id) { return add(Gets, Id); }
  std::future<int> put(int Id) { return add(Puts, Id); }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
    Gets.clear();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: channel 'Puts' is left as it is by 'close', which settles 'Gets': whoever waits for what is in it waits for ever [tether-unfulfilled-promise]
    // CHECK-NOTES: :[[@LINE+18]]:12: note: 'Puts' is forgotten
    // CHECK-NOTES: :[[@LINE-3]]:10: note: settle all of them in the same place
  }

private:
  using Requests = std::map<int, std::promise<int>>;
  std::future<int> add(Requests &To, int Id) {
    std::lock_guard Lock(Mutex);
    std::promise<int> Request;
    auto Answer = Request.get_future();
    if (!Closed)
      To.emplace(Id, std::move(Request));
    return Answer;
  }

  std::mutex Mutex;
  bool Closed = false;
  Requests Gets;
  Requests Puts;
};
