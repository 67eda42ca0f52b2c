// RUN: %check_tether %s unjoined-thread
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <system_error>
#include <pthread.h>
#include <thread>
#include <utility>
#include <vector>

bool ready();
void work();
void check() {
  if (!ready())
    throw std::runtime_error("not ready");
}

// Exceptions.

void helper_throws_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  check();
  Worker.join();
}

void helper_throws_before_ok() {
  check();
  std::thread Worker(work);
  Worker.join();
}

void handler_goes_on_ok() {
  std::thread Worker(work);
  try {
    check();
  } catch (const std::runtime_error &) {
  }
  Worker.join();
}

void handler_throws_again_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  try {
    if (!ready())
      throw 1;
  } catch (...) {
    throw;
  }
  Worker.join();
}

void handler_joins_and_throws_again_ok() {
  std::thread Worker(work);
  try {
    check();
  } catch (...) {
    Worker.join();
    throw;
  }
  Worker.join();
}

void handler_returns_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  try {
    if (!ready())
      throw 1;
  } catch (int) {
    return;
  }
  Worker.join();
}

// The exception is caught, and the thread is gone all the same.
void handler_is_outside_its_block_bad() {
  try {
    std::thread Worker(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: thread 'Worker' is destroyed while it can be joined:
    if (!ready())
      throw 1;
    Worker.join();
  } catch (...) {
  }
}

void handler_is_outside_its_block_ok() {
  try {
    if (!ready())
      throw 1;
    std::thread Worker(work);
    Worker.join();
  } catch (...) {
  }
}

struct Connection {
  Connection() { check(); }
};

void constructor_throws_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  Connection Open;
  Worker.join();
}

void lambda_throws_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  auto Check = [] {
    if (!ready())
      throw 1;
  };
  Check();
  Worker.join();
}

// It ends the program, but has nothing to do with this thread.
void task_throws_ok() {
  std::thread Worker([] { check(); });
  Worker.join();
}

void checkOrDie() noexcept {
  if (!ready())
    throw 1;
}

void exception_does_not_leave_the_helper_ok() {
  std::thread Worker(work);
  checkOrDie();
  Worker.join();
}

void thrown_after_the_join_ok() {
  std::exception_ptr Error;
  std::thread Worker(work);
  try {
    check();
  } catch (...) {
    Error = std::current_exception();
  }
  Worker.join();
  if (Error)
    std::rethrow_exception(Error);
}

void start_fails_ok() {
  std::thread Worker;
  try {
    Worker = std::thread(work);
  } catch (const std::system_error &) {
    return;
  }
  Worker.join();
}

void second_start_fails_ok() {
  std::thread First(work);
  std::thread Second;
  try {
    Second = std::thread(work);
  } catch (...) {
    First.join();
    throw;
  }
  First.join();
  Second.join();
}

// Branches.

void one_of_two_bad() {
  std::thread First(work);
  std::thread Second(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Second' is destroyed while it can be joined:
  First.join();
}

void joined_or_detached_ok(bool Wait) {
  std::thread Worker(work);
  if (Wait)
    Worker.join();
  else
    Worker.detach();
}

void switch_without_default_bad(int Mode) {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  switch (Mode) {
  case 0:
    Worker.join();
    break;
  case 1:
    Worker.detach();
    break;
  }
}

void switch_with_default_ok(int Mode) {
  std::thread Worker(work);
  switch (Mode) {
  case 0:
    Worker.join();
    break;
  default:
    Worker.detach();
    break;
  }
}

void goto_over_the_join_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  if (!ready())
    goto out;
  Worker.join();
out:
  ready();
}

void goto_to_the_join_ok() {
  std::thread Worker(work);
  if (!ready())
    goto out;
  ready();
out:
  Worker.join();
}

void both_tests_are_the_same_ok(const bool Background) {
  std::thread Worker;
  if (Background)
    Worker = std::thread(work);
  ready();
  if (Background)
    Worker.join();
}

void same_comparison_ok(const int Count) {
  std::thread Worker;
  if (Count > 1)
    Worker = std::thread(work);
  ready();
  if (Count > 1)
    Worker.join();
}

void other_condition_bad(const bool Background, const bool Wait) {
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  if (Background)
    Worker = std::thread(work);
  ready();
  if (Wait)
    Worker.join();
}

void flag_is_set_with_the_start_ok(bool Background) {
  bool Started = false;
  std::thread Worker;
  if (Background) {
    Worker = std::thread(work);
    Started = true;
  }
  ready();
  if (Started)
    Worker.join();
}

void process_ends_ok() {
  std::thread Worker(work);
  if (!ready())
    std::exit(EXIT_FAILURE);
  Worker.join();
}

void never_returns_ok() {
  std::thread Worker(work);
  for (;;)
    ready();
}

// Blocks and loops.

void inner_block_bad() {
  if (ready()) {
    std::thread Worker(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: thread 'Worker' is destroyed while it can be joined:
    ready();
  }
}

void declared_in_the_condition_bad() {
  if (std::thread Worker(work); ready())
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: thread 'Worker' is destroyed while it can be joined:
    Worker.join();
}

void continued_before_the_join_bad(int Count) {
  for (int I = 0; I < Count; ++I) {
    std::thread Worker(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: thread 'Worker' is destroyed while it can be joined:
    if (!ready())
      continue;
    Worker.join();
  }
}

void joined_in_each_turn_ok(int Count) {
  for (int I = 0; I < Count; ++I) {
    std::thread Worker(work);
    Worker.join();
  }
}

void left_by_break_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  while (true) {
    if (ready())
      break;
  }
}

void joined_before_the_break_ok() {
  std::thread Worker(work);
  while (true) {
    if (ready()) {
      Worker.join();
      break;
    }
  }
}

void continued_before_a_new_task_bad() {
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' gets a new task while it can be joined:
  for (;;) {
    Worker = std::thread(work);
    if (!ready())
      continue;
    Worker.join();
  }
}

void joined_before_a_new_task_ok() {
  std::thread Worker;
  for (;;) {
    Worker = std::thread(work);
    Worker.join();
    if (ready())
      return;
  }
}

void started_once_in_a_loop_ok() {
  bool Started = false;
  std::thread Worker;
  while (ready()) {
    if (!Started) {
      Worker = std::thread(work);
      Started = true;
    }
  }
  if (Started)
    Worker.join();
}

void one_ahead_ok(int Count) {
  std::thread Previous;
  for (int I = 0; I < Count; ++I) {
    std::thread Next(work);
    if (Previous.joinable())
      Previous.join();
    Previous = std::move(Next);
  }
  if (Previous.joinable())
    Previous.join();
}

void start_loop_returns_bad(int Count) {
  std::vector<std::thread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: thread 'Workers' is destroyed while it can be joined:
  for (int I = 0; I < Count; ++I) {
    if (!ready())
      return;
    Workers.emplace_back(work);
  }
  for (std::thread &Worker : Workers)
    Worker.join();
}

void start_loop_throws_ok(int Count) {
  std::vector<std::thread> Workers;
  try {
    for (int I = 0; I < Count; ++I) {
      if (!ready())
        throw 1;
      Workers.emplace_back(work);
    }
  } catch (int) {
    for (std::thread &Worker : Workers)
      Worker.join();
    throw;
  }
  for (std::thread &Worker : Workers)
    Worker.join();
}

// Helpers.

void join(std::thread &Worker) { Worker.join(); }
void look(std::thread &Worker) { (void)Worker.get_id(); }
std::thread start() { return std::thread(work); }

void helper_joins_ok() {
  std::thread Worker(work);
  join(Worker);
}

void helper_only_looks_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  look(Worker);
}

void helper_starts_bad() {
  std::thread Worker = start();
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  if (!ready())
    return;
  Worker.join();
}

void helper_starts_ok() {
  std::thread Worker = start();
  Worker.join();
}

// Constructors.

class ThrowsItself_bad {
public:
  ThrowsItself_bad() : Worker(work) {
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: thread 'Worker' is destroyed while it can be joined when the constructor throws:
    if (!ready())
      throw 1;
  }
  ~ThrowsItself_bad() { Worker.join(); }

private:
  std::thread Worker;
};

class HelperStarts_bad {
public:
  HelperStarts_bad() {
    start();
    check();
  }
  ~HelperStarts_bad() { Worker.join(); }

private:
  void start() { Worker = std::thread(work); }
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: thread 'Worker' is destroyed while it can be joined when the constructor throws:
  std::thread Worker;
};

// A second start is refused before there is a thread.
class HelperThrowsBeforeItStarts_ok {
public:
  HelperThrowsBeforeItStarts_ok() { start(); }
  ~HelperThrowsBeforeItStarts_ok() {
    if (Running)
      Worker.join();
  }
  void start() {
    if (Running)
      throw 1;
    Running = true;
    Worker = std::thread(work);
  }

private:
  bool Running = false;
  std::thread Worker;
};

class HandlerJoins_ok {
public:
  HandlerJoins_ok() : Worker(work) {
    try {
      check();
    } catch (...) {
      stop();
      throw;
    }
  }
  ~HandlerJoins_ok() { stop(); }

private:
  void stop() {
    if (Worker.joinable())
      Worker.join();
  }
  std::thread Worker;
};

// The handler of what a helper throws passes it on.
class HandlerThrowsAgain_bad {
public:
  HandlerThrowsAgain_bad() : Worker(work) {
    // CHECK-MESSAGES: :[[@LINE-1]]:30: warning: thread 'Worker' is destroyed while it can be joined when the constructor throws:
    try {
      check();
    } catch (...) {
      throw;
    }
  }
  ~HandlerThrowsAgain_bad() { Worker.join(); }

private:
  std::thread Worker;
};

class HandlerGoesOn_ok {
public:
  HandlerGoesOn_ok() : Worker(work) {
    try {
      check();
    } catch (...) {
    }
  }
  ~HandlerGoesOn_ok() { Worker.join(); }

private:
  std::thread Worker;
};

class JoinsBeforeItThrows_ok {
public:
  JoinsBeforeItThrows_ok() : Worker(work) {
    if (!ready()) {
      Worker.join();
      throw 1;
    }
  }
  ~JoinsBeforeItThrows_ok() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};

// Once the other constructor is through, the destructor runs.
class Delegates_ok {
public:
  Delegates_ok() : Delegates_ok(1) {
    Worker = std::thread(work);
    if (!ready())
      throw 1;
  }
  ~Delegates_ok() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  explicit Delegates_ok(int) {}
  std::thread Worker;
};

class StartsMany_bad {
public:
  explicit StartsMany_bad(int Count) {
    for (int I = 0; I < Count; ++I) {
      if (!ready())
        throw 1;
      Workers.emplace_back(work);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Workers' is destroyed while it can be joined when the constructor throws:
    }
  }
  ~StartsMany_bad() {
    for (std::thread &Worker : Workers)
      Worker.join();
  }

private:
  std::vector<std::thread> Workers;
};

// In a new task, another variable, a container.

void second_task_without_a_loop_bad() {
  std::thread Worker(work);
  Worker = std::thread(work);
  // CHECK-MESSAGES: :[[@LINE-2]]:15: warning: thread 'Worker' gets a new task while it can be joined:
  Worker.join();
}

void joined_twice_bad() {
  std::thread Worker(work);
  Worker.join();
  Worker.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is joined a second time: that fails
}

void FN_joined_without_a_start(bool Background) { // ways without a start are not looked at
  std::thread Worker;
  if (Background)
    Worker = std::thread(work);
  Worker.join();
}

void moved_to_another_local_bad() {
  std::thread Worker(work);
  std::thread Other = std::move(Worker);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Other' is destroyed while it can be joined:
  ready();
}

void cleared_container_bad() {
  std::vector<std::thread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: thread 'Workers' is destroyed while it can be joined:
  Workers.emplace_back(work);
  Workers.clear();
}

void FN_temporary() { // gone before there is a place to look
  std::thread(work);
}

class StopReturnsEarly_bad {
public:
  StopReturnsEarly_bad() : Worker(work) {}
  ~StopReturnsEarly_bad() { stop(); }
  void stop() {
    if (!ready())
      return;
    Worker.join();
  }

private:
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: '~StopReturnsEarly_bad' does not join it on every path:
};

// A pointer goes from one to the next.

struct Job {
  pthread_t Id;
};

void joined_by_a_pointer_ok(Job *Jobs, int Count) {
  for (int I = 0; I < Count; ++I)
    pthread_join(Jobs[I].Id, nullptr);
}

void array_on_the_heap_ok(int Count) {
  std::thread *Workers = new std::thread[Count];
  for (int I = 0; I < Count; ++I)
    Workers[I] = std::thread(work);
  for (int I = 0; I < Count; ++I)
    Workers[I].join();
  delete[] Workers;
}

[[noreturn]] void failed(const char *Text) { throw Text; }
#define REQUIRE(Condition) ((Condition) ? (void)0 : failed(#Condition))

void assertion_ok() {
  std::thread Worker(work);
  REQUIRE(ready());
  Worker.join();
}
