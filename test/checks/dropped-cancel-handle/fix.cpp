// RUN: %check_tether %s dropped-cancel-handle
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <vector>

bool step();
int compute();
void poll(std::stop_token Stop) {
  while (!Stop.stop_requested())
    step();
}

void names_the_registration_bad(std::stop_token Stop, int &Wakeups) {
  std::stop_callback(Stop, [&Wakeups] { ++Wakeups; });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: callback is deregistered at once:
  // CHECK-FIXES: {{^}}  auto {{[a-zA-Z]+}} = std::stop_callback(Stop, [&Wakeups] { ++Wakeups; });
  step();
}

void names_the_future_bad() {
  std::async(std::launch::async, compute);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: result of the task is discarded:
  // CHECK-FIXES: {{^}}  auto {{[a-zA-Z]+}} = std::async(std::launch::async, compute);
  step();
}

void names_two_futures_bad() {
  std::async(std::launch::async, compute);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: result of the task is discarded:
  std::async(std::launch::async, poll, std::stop_token());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: result of the task is discarded:
  step();
}

bool triggers_before_the_return_bad(bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread(poll, Stop.get_token()).detach();
  if (!Ready) {
    return false;
    // CHECK-FIXES: {{^}}    Stop.request_stop();
    // CHECK-FIXES-NEXT: {{^}}    return false;
  }
  Stop.request_stop();
  return true;
}

// A statement without braces cannot take a second one.
bool return_without_braces_bad(bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread(poll, Stop.get_token()).detach();
  if (!Ready)
    return false;
  Stop.request_stop();
  return true;
}

void triggers_before_the_end_bad(bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread(poll, Stop.get_token()).detach();
  if (Ready) {
    Stop.request_stop();
  }
  step();
}

class Searches {
public:
  void search_bad() {
    Stop = std::stop_source();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: source 'Stop' is overwritten while its tokens are in use:
    // CHECK-FIXES: void search_bad() {
    // CHECK-FIXES-NEXT: {{^}}    Stop.request_stop();
    // CHECK-FIXES-NEXT: {{^}}    Stop = std::stop_source();
    Workers.emplace_back(poll, Stop.get_token());
  }
  void cancel() { Stop.request_stop(); }
  ~Searches() {
    for (std::thread &Worker : Workers)
      Worker.join();
  }

private:
  std::stop_source Stop;
  std::vector<std::thread> Workers;
};

#define ON_STOP(Token, Action) std::stop_callback(Token, [&] { Action; })

// No edits in macros.
void in_a_macro_bad(std::stop_token Stop, int &Wakeups) {
  ON_STOP(Stop, ++Wakeups);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: callback is deregistered at once:
  step();
}

// Of a private source, by the function of its class that does nothing else.

class Transaction {
public:
  void run() { poll(Source.get_token()); }
  void commit() {
    step();
    Source.request_stop();
  }
  void giveUp() { Source.request_stop(); }

private:
  std::stop_source Source;
};

bool transfer_bad() {
  auto Running = std::make_shared<Transaction>();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: source 'Source' of 'Running' is not triggered on every path
  std::thread([Running] { Running->run(); }).detach();
  // CHECK-FIXES: {{^}}    Running->giveUp();
  // CHECK-FIXES-NEXT: {{^}}    return false;
  if (!step())
    return false;
  Running->commit();
  return true;
}

// A callable that does nothing but request a stop may be called twice: by a guard, when a function
// that is called throws.

struct Deadline {
  std::stop_token Token;
  std::function<void()> Cancel;
};

class Timers {
public:
  Deadline start() {
    std::stop_source Source;
    Workers.emplace_back([Source] { poll(Source.get_token()); });
    return {Source.get_token(), [Source]() mutable { Source.request_stop(); }};
  }
  ~Timers() {
    for (std::thread &Worker : Workers)
      Worker.join();
  }

private:
  std::vector<std::thread> Workers;
};

static int positive(int Value) {
  if (Value < 0)
    throw std::invalid_argument("negative");
  return Value;
}

int throws_bad(Timers &From, int Value) {
  Deadline Limit = From.start();
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the source in 'Cancel' is not triggered on every path
  // CHECK-FIXES:      {{^}}  struct SettleCancel {
  // CHECK-FIXES-NEXT: {{^}}    decltype(Limit.Cancel) &It;
  // CHECK-FIXES-NEXT: {{^}}    ~SettleCancel() {
  // CHECK-FIXES-NEXT: {{^}}      if (It)
  // CHECK-FIXES-NEXT: {{^}}        It();
  // CHECK-FIXES-NEXT: {{^}}    }
  // CHECK-FIXES-NEXT: {{^}}  } CancelAtEnd{Limit.Cancel};
  int Sum = positive(Value);
  Limit.Cancel();
  return Sum;
}

// A source that is a temporary is kept, and then triggered.

void temporary_bad() {
  std::stop_token Token = std::stop_source().get_token();
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the source of token 'Token' is destroyed here
  std::thread(poll, Token).detach();
}

// Beside the stop of the other one, where that is written and not where it is called.

struct Lane {
  std::stop_source Cancel;
};

class Sync {
public:
  Sync() : Up(poll, First.Cancel.get_token()), Down(poll, Second.Cancel.get_token()) {}
  ~Sync() { stop(); }
  // CHECK-FIXES: {{^}}  ~Sync() { stop(); }
  void stop() {
    First.Cancel.request_stop();
    // CHECK-MESSAGES: :[[@LINE-4]]:13: warning: stop is requested on 'First', and never on 'Second'
    // CHECK-FIXES:      {{^}}  void stop() {
    // CHECK-FIXES-NEXT: {{^}}    Second.Cancel.request_stop();
    Up.join();
    Down.join();
  }

private:
  Lane First, Second;
  std::thread Up, Down;
};
