// RUN: %check_tether %s dropped-cancel-handle
#include <future>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

bool step();
int compute();
void poll(std::stop_token Stop) {
  while (!Stop.stop_requested())
    step();
}

// Temporaries.

void registration_is_discarded_bad(std::stop_token Stop, int &Wakeups) {
  std::stop_callback(Stop, [&Wakeups] { ++Wakeups; });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: callback is deregistered at once: nothing holds the registration [tether-dropped-cancel-handle]
  while (step())
    ;
}

void registration_lives_as_long_as_the_loop_ok(std::stop_token Stop, int &Wakeups) {
  std::stop_callback OnStop(Stop, [&Wakeups] { ++Wakeups; });
  while (step())
    ;
}

void registration_in_an_inner_block_bad(std::stop_token Stop, int &Wakeups) {
  if (Stop.stop_possible()) {
    std::stop_callback OnStop(Stop, [&Wakeups] { ++Wakeups; });
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: callback 'OnStop' is deregistered at once: its block ends here [tether-dropped-cancel-handle]
  }
  while (step())
    ;
}

void registration_in_the_block_that_waits_ok(std::stop_token Stop, int &Wakeups) {
  if (Stop.stop_possible()) {
    std::stop_callback OnStop(Stop, [&Wakeups] { ++Wakeups; });
    while (step())
      ;
  }
}

void result_is_discarded_bad() {
  std::async(std::launch::async, compute);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: result of the task is discarded: its destructor blocks 'result_is_discarded_bad' right here until the task ends [tether-dropped-cancel-handle]
  step();
}

void result_is_discarded_on_purpose_ok() {
  (void)std::async(std::launch::async, compute);
}

int result_is_used_ok() {
  auto Result = std::async(std::launch::async, compute);
  step();
  return Result.get();
}

// The source of a task's token.

void source_is_never_triggered_bad() {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is never triggered: the task that has its token may run on after 'source_is_never_triggered_bad' [tether-dropped-cancel-handle]
  std::thread Worker(poll, Stop.get_token());
  step();
  Worker.detach();
}

void source_is_triggered_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  step();
  Stop.request_stop();
  Worker.join();
}

void task_has_already_ended_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  step();
  Worker.join();
}

void source_of_a_temporary_bad() {
  std::thread Worker(poll, std::stop_source().get_token());
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the source of this token is destroyed here: nobody can ever stop who has it [tether-dropped-cancel-handle]
  Worker.join();
}

// Members.

class NeverStopped_bad {
public:
  void start() { Worker = std::thread(poll, Stop.get_token()); }
  void wait() { Worker.join(); }

private:
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is never triggered: no function of 'NeverStopped_bad' requests stop on it [tether-dropped-cancel-handle]
  std::thread Worker;
};

class StoppedByItsDestructor_ok {
public:
  void start() { Worker = std::thread(poll, Stop.get_token()); }
  ~StoppedByItsDestructor_ok() {
    Stop.request_stop();
    Worker.join();
  }

private:
  std::stop_source Stop;
  std::thread Worker;
};

// The thread listens to its own token; the source that is stopped has nothing to do with it.
class StopsTheWrongSource_bad {
public:
  void start() { Worker = std::jthread(poll); }
  void stop() { Stop.request_stop(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: stop is requested on source 'Stop', but no task has its token [tether-dropped-cancel-handle]

private:
  std::stop_source Stop;
  std::jthread Worker;
};

class StopsItsThread_ok {
public:
  void start() { Worker = std::jthread(poll); }
  void stop() { Worker.request_stop(); }

private:
  std::jthread Worker;
};

// Overwriting.

class Searches {
public:
  void search_bad() {
    Stop = std::stop_source();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: source 'Stop' is overwritten while its tokens are in use: the tasks that have them can no longer be stopped [tether-dropped-cancel-handle]
    Workers.emplace_back(poll, Stop.get_token());
  }
  void cancel_ok() { Stop.request_stop(); }
  ~Searches() {
    for (std::thread &Worker : Workers)
      Worker.join();
  }

private:
  std::stop_source Stop;
  std::vector<std::thread> Workers;
};

class RestartedSearches {
public:
  void search_ok() {
    Stop.request_stop();
    Stop = std::stop_source();
    Workers.emplace_back(poll, Stop.get_token());
  }
  ~RestartedSearches() {
    Stop.request_stop();
    for (std::thread &Worker : Workers)
      Worker.join();
  }

private:
  std::stop_source Stop;
  std::vector<std::thread> Workers;
};
