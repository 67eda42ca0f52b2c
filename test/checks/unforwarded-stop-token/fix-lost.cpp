// RUN: %check_tether %s unforwarded-stop-token
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

class Box {
public:
  void put() {
    std::lock_guard Lock(Mutex);
    ++Count;
    Filled.notify_one();
  }
  bool take(std::stop_token Stop = {}) {
    std::unique_lock Lock(Mutex);
    return Filled.wait(Lock, Stop, [this] { return Count > 0; });
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Filled;
  int Count = 0;
};

struct Request {
  std::string Name;
  std::stop_token Stop;

  static Request background(std::string Name) { return {Name, std::stop_token()}; }
};

bool serve(Box &From, const Request &R) { return From.take(R.Stop); }
bool step();

void part_bad(Box &From, const Request &R) {
  From.take();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this call does not get token 'R.Stop'
  // CHECK-FIXES: {{^}}  From.take(R.Stop);
}

// The token that was there stays.

void replaced_bad(Box &From, Request R) {
  if (!serve(From, R))
    return;
  R = Request::background("again");
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: token 'R.Stop' is replaced here by one that never stops
  serve(From, R);
}
// CHECK-NOTE-FIXES:      {{^}}  auto Stop = R.Stop;
// CHECK-NOTE-FIXES-NEXT: {{^}}  R = Request::background("again");
// CHECK-NOTE-FIXES:      {{^}}  R.Stop = Stop;

void cleared_bad(Box &From, std::stop_token Stop) {
  if (!From.take(Stop))
    return;
  Stop = {};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: token 'Stop' is replaced here by one that never stops
  From.take(Stop);
}
// CHECK-NOTE-FIXES:      void cleared_bad(
// CHECK-NOTE-FIXES:      {{^}}    return;
// CHECK-NOTE-FIXES-NEXT: {{^ *//$}}
// CHECK-NOTE-FIXES-NEXT: {{^}}  From.take(Stop);

// With the branch that does nothing else.
void cleared_in_branch_bad(Box &From, std::stop_token Stop, bool Last) {
  step();
  if (Last)
    Stop = {};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Stop' is replaced here by one that never stops
  From.take(Stop);
  while (!Last)
    step();
}
// CHECK-NOTE-FIXES:      void cleared_in_branch_bad(
// CHECK-NOTE-FIXES-NEXT: {{^}}  step();
// CHECK-NOTE-FIXES-NEXT: {{^ *//$}}
// CHECK-NOTE-FIXES-NEXT: {{^}}  From.take(Stop);

// No fix: the parameter would not be used any more.
void cleared_for_last_bad(Box &From, std::stop_token Stop, bool Last) {
  if (Last)
    Stop = {};
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Stop' is replaced here by one that never stops
    // CHECK-NOTE-FIXES: {{^}}    Stop = {};
  From.take(Stop);
}

// The task captures it.

void linked_bad(Box &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  std::thread([&From] {
    // CHECK-NOTE-FIXES: {{^}}  std::thread([&From, Stop] {
    std::stop_source Own;
    // CHECK-NOTE-FIXES: {{^}}    std::stop_source Own;
    // CHECK-NOTE-FIXES-NEXT: {{^}}    std::stop_callback StopTogether(Stop, [&] { Own.request_stop(); });
    From.take(Own.get_token());
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this work is given a token that nobody stops: the task was started without token 'Stop'
  }).join();
}

void by_default_bad(Box &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  std::thread([&] {
    // CHECK-NOTE-FIXES: {{^}}  std::thread([&, Stop] {
    From.take();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this work is given no token: the task was started without token 'Stop'
    // CHECK-NOTE-FIXES: {{^}}    From.take(Stop);
  }).join();
}

// By another name, if something in the task has that one.
void hidden_bad(Box &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  std::thread([&From] {
  // CHECK-NOTE-FIXES: {{^}}  std::thread([&From, Stop2 = Stop] {
    bool Stop = step();
    // CHECK-NOTE-FIXES: {{^}}    bool Stop = step();
    if (!Stop)
      From.take();
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: this work is given no token: the task was started without token 'Stop'
      // CHECK-NOTE-FIXES: {{^}}      From.take(Stop2);
  }).join();
}

// The thread has one of its own.

class Worker {
public:
  void start_bad() {
    Thread = std::jthread([this] {
      // CHECK-NOTE-FIXES: {{^}}    Thread = std::jthread([this](std::stop_token Stop) {
      while (Mine.take())
      // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this call does not get the token of 'Thread' that it runs in
      // CHECK-NOTE-FIXES: {{^}}      while (Mine.take(Stop))
        step();
    });
  }
  void start_with_parentheses_bad() {
    Thread = std::jthread([this]() {
      // CHECK-NOTE-FIXES: {{^}}    Thread = std::jthread([this](std::stop_token Stop) {
      while (Mine.take())
      // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this call does not get the token of 'Thread' that it runs in
      // CHECK-NOTE-FIXES: {{^}}      while (Mine.take(Stop))
        step();
    });
  }
  // No fix: others may call the function, too.
  void start_method_bad() {
    Thread = std::jthread(&Worker::run, this);
  }

private:
  void run() {
    while (Mine.take())
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: this call does not get the token of 'Thread' that it runs in
    // CHECK-NOTE-FIXES: {{^}}    while (Mine.take())
      step();
  }
  Box Mine;
  std::jthread Thread;
};
