// RUN: %check_tether %s dropped-cancel-handle
#include <future>
#include <stop_token>
#include <thread>
#include <vector>

bool step();
int compute();
void wake();
void poll(std::stop_token Stop) {
  while (!Stop.stop_requested())
    step();
}

void callback_is_discarded_bad(std::stop_token Stop) {
  std::stop_callback(Stop, wake);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: callback is deregistered at once: nothing holds the registration [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE-2]]:3: note: declare it in the scope in which the stop request must be heard
  step();
}

void callback_in_a_block_bad(std::stop_token Stop) {
  if (Stop.stop_possible()) {
    std::stop_callback OnStop(Stop, wake);
    // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: callback 'OnStop' is deregistered at once: its block ends here [tether-dropped-cancel-handle]
    // CHECK-NOTES: :[[@LINE-2]]:24: note: declare it in the scope in which the stop request must be heard
  }
  step();
}

void result_is_discarded_bad() {
  std::async(std::launch::async, compute);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: result of the task is discarded: its destructor blocks 'result_is_discarded_bad' right here until the task ends [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE-2]]:3: note: keep the future until its result is needed, or run the work where somebody waits for it
  step();
}

void result_in_a_block_bad() {
  if (step()) {
    auto Result = std::async(std::launch::async, compute);
    // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: future 'Result' is destroyed at once: the task blocks 'result_in_a_block_bad' right here until it ends [tether-dropped-cancel-handle]
    // CHECK-NOTES: :[[@LINE-2]]:19: note: keep the future until its result is needed, or run the work where somebody waits for it
  }
  step();
}

void source_is_destroyed_bad() {
  std::thread Worker(poll, std::stop_source().get_token());
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the source of this token is destroyed here: nobody can ever stop who has it [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE-2]]:15: note: keep the source, and request stop when the work is no longer wanted
  Worker.join();
}

void never_triggered_bad() {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is never triggered: the task that has its token may run on after 'never_triggered_bad' [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE+2]]:3: note: the task starts here
  // CHECK-NOTES: :[[@LINE-3]]:20: note: request stop on every way out, or let a guard do it
  std::thread(poll, Stop.get_token()).detach();
}

int not_on_every_path_bad(int Count, bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path: the task that has its token may run on after 'not_on_every_path_bad' [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE+5]]:3: note: the task starts here
  // CHECK-NOTES: :[[@LINE+5]]:3: note: the loop is entered
  // CHECK-NOTES: :[[@LINE+5]]:9: note: '!step()' is true
  // CHECK-NOTES: :[[@LINE+5]]:7: note: 'not_on_every_path_bad' returns here
  // CHECK-NOTES: :[[@LINE-6]]:20: note: request stop on every way out, or let a guard do it
  std::thread(poll, Stop.get_token()).detach();
  for (int I = 0; I < Count; ++I) {
    if (!step())
      return I;
  }
  Stop.request_stop();
  return Ready ? Count : 0;
}

void not_when_it_throws_bad(bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path: the task that has its token may run on after 'not_when_it_throws_bad' [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE+4]]:3: note: the task starts here
  // CHECK-NOTES: :[[@LINE+4]]:7: note: '!Ready' is true
  // CHECK-NOTES: :[[@LINE+4]]:5: note: 'not_when_it_throws_bad' throws here
  // CHECK-NOTES: :[[@LINE-5]]:20: note: request stop on every way out, or let a guard do it
  std::thread(poll, Stop.get_token()).detach();
  if (!Ready)
    throw 1;
  Stop.request_stop();
}

class Watcher_bad {
public:
  void start() { Thread = std::thread(poll, Stop.get_token()); }
  ~Watcher_bad() { close(); }

private:
  void close() { Thread.join(); }

  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is never triggered: no function of 'Watcher_bad' requests stop on it [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE-8]]:27: note: a task is given its token here
  // CHECK-NOTES: :[[@LINE-8]]:3: note: '~Watcher_bad' ends the object's work, and does not trigger it
  // CHECK-NOTES: :[[@LINE-6]]:8: note: 'close' ends the object's work, and does not trigger it
  // CHECK-NOTES: :[[@LINE-5]]:20: note: request stop in the code that ends the object's work, before it waits for the task
  std::thread Thread;
};

class Pump_bad {
public:
  void start() { Thread = std::jthread(poll); }
  void stop() { Stop.request_stop(); }
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: stop is requested on source 'Stop', but no task has its token [tether-dropped-cancel-handle]
  // CHECK-NOTES: :[[@LINE-2]]:22: note: request the stop of 'Thread'
  // CHECK-NOTES: :[[@LINE-3]]:22: note: hand its token to the tasks, or request stop on what they listen to

private:
  std::stop_source Stop;
  std::jthread Thread;
};

class Searches_bad {
public:
  void add() {
    Stop = std::stop_source();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: source 'Stop' is overwritten while its tokens are in use: the tasks that have them can no longer be stopped [tether-dropped-cancel-handle]
    // CHECK-NOTES: :[[@LINE+2]]:13: note: a task is given its token here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: request stop on it before it gets a new value
    Threads.emplace_back(poll, Stop.get_token());
  }
  ~Searches_bad() {
    Stop.request_stop();
    for (std::thread &Thread : Threads)
      Thread.join();
  }

private:
  std::stop_source Stop;
  std::vector<std::thread> Threads;
};
