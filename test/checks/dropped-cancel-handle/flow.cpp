// RUN: %check_tether %s dropped-cancel-handle
#include <chrono>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>

bool connect();
bool step();
void poll(std::stop_token Stop);

struct Pool {
  ~Pool();
  void post(void (*Task)(std::stop_token), std::stop_token Stop);
};

void third_early_return_bad(const std::string &Name) {
  if (Name.empty())
    return;
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  if (!connect()) {
    Stop.request_stop();
    return;
  }
  if (Name == "quit")
    return;
  Stop.request_stop();
}

void every_return_ok(const std::string &Name) {
  if (Name.empty())
    return;
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  if (!connect()) {
    Stop.request_stop();
    return;
  }
  Stop.request_stop();
}

void visible_throw_bad() {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  if (!connect())
    throw std::runtime_error("no connection");
  Stop.request_stop();
}

void throw_is_caught_and_stops_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  try {
    if (!connect())
      throw std::runtime_error("no connection");
    step();
  } catch (const std::runtime_error &) {
    Stop.request_stop();
    return;
  }
  Stop.request_stop();
}

void loop_left_early_bad(int Retries) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  for (int I = 0; I < Retries; ++I) {
    if (!step())
      return;
  }
  Stop.request_stop();
}

void loop_broken_out_of_ok(int Retries) {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  for (int I = 0; I < Retries; ++I) {
    if (!step())
      break;
  }
  Stop.request_stop();
}

void switch_without_default_bad(int Mode) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  switch (Mode) {
  case 0:
    Stop.request_stop();
    break;
  case 1:
    step();
    Stop.request_stop();
    break;
  }
}

void switch_with_default_ok(int Mode) {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  switch (Mode) {
  case 0:
    Stop.request_stop();
    break;
  default:
    step();
    Stop.request_stop();
    break;
  }
}

// Both tests are of the same condition, which does not change in between.
void correlated_conditions_ok(const bool Background) {
  std::stop_source Stop;
  std::thread Worker;
  if (Background)
    Worker = std::thread(poll, Stop.get_token());
  step();
  if (Background) {
    Stop.request_stop();
    Worker.join();
  }
}

void other_condition_bad(const bool Background, const bool Verbose) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread Worker;
  if (Background) {
    Worker = std::thread(poll, Stop.get_token());
    Worker.detach();
  }
  step();
  if (Verbose)
    Stop.request_stop();
}

void process_ends_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  if (!connect())
    std::terminate();
  Stop.request_stop();
  Worker.join();
}

void timeout_abandons_the_task_bad() {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::jthread Worker([Token = Stop.get_token()] { poll(Token); });
  for (int I = 0; I < 10; ++I) {
    if (step()) {
      Stop.request_stop();
      return;
    }
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

void helper(std::stop_source &Stop) { Stop.request_stop(); }
void unrelated(std::stop_source &Stop) { (void)Stop.stop_possible(); }

void helper_triggers_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  helper(Stop);
}

void helper_only_looks_bad() {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is never triggered:
  std::thread Worker(poll, Stop.get_token());
  Worker.detach();
  unrelated(Stop);
}

void second_task_keeps_running_bad() {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is never triggered:
  std::thread First(poll, Stop.get_token());
  std::thread Second(poll, Stop.get_token());
  First.join();
  Second.detach();
}

// The task's body is in another file: that it has the token is enough.
class BodyInAnotherFile_bad {
public:
  void start() { Worker = std::thread(poll, Stop.get_token()); }
  ~BodyInAnotherFile_bad() { Worker.join(); }

private:
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is never triggered:
  std::thread Worker;
};

class BodyInAnotherFile_ok {
public:
  void start() { Worker = std::thread(poll, Stop.get_token()); }
  ~BodyInAnotherFile_ok() {
    Stop.request_stop();
    Worker.join();
  }

private:
  std::stop_source Stop;
  std::thread Worker;
};

// The token is not the last parameter.
void pollPort(std::stop_token Stop, int Port);

void token_comes_first_bad(int Port) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread(pollPort, Stop.get_token(), Port).detach();
  if (Port == 0)
    return;
  Stop.request_stop();
}

void token_comes_first_ok(int Port) {
  std::stop_source Stop;
  std::thread Worker(pollPort, Stop.get_token(), Port);
  if (Port == 0) {
    Worker.join();
    return;
  }
  Stop.request_stop();
  Worker.join();
}

// The token has a name on the way.
void token_has_a_name_bad(bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  const std::stop_token Token = Stop.get_token();
  std::thread(pollPort, Token, 80).detach();
  if (Ready)
    Stop.request_stop();
}

void token_has_a_name_ok(bool Ready) {
  std::stop_source Stop;
  const std::stop_token Token = Stop.get_token();
  std::thread(pollPort, Token, 80).detach();
  if (Ready)
    step();
  Stop.request_stop();
}

// The source is a part of an object, whose functions stop what it has started.
class Call {
public:
  Call() {
    std::thread([Stop = Cancel.get_token()] { poll(Stop); }).detach();
  }
  void done() { Cancel.request_stop(); }
  int answer();

private:
  std::stop_source Cancel;
};

int call_is_not_ended_bad(bool Valid) {
  Call C;
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: source 'Cancel' of 'C' is not triggered on every path:
  if (!Valid)
    return -1;
  int Result = C.answer();
  C.done();
  return Result;
}

int call_is_ended_ok(bool Valid) {
  Call C;
  if (!Valid) {
    C.done();
    return -1;
  }
  int Result = C.answer();
  C.done();
  return Result;
}

// Whoever starts such a call for good never ends it.
void call_goes_on_ok() { Call C; }
