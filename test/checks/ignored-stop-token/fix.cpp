// RUN: %check_tether %s ignored-stop-token
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
void work();
bool ready();

// Each stands on a note: what happens on stop is new.

void endless_bad(std::stop_token Stop) {
  // CHECK-MESSAGES: :[[@LINE-1]]:34: warning: 'endless_bad' never looks at token 'Stop'
  // CHECK-NOTE-FIXES: void endless_bad(std::stop_token Stop) {
  while (true)
    // CHECK-NOTE-FIXES: {{^}}  while (!Stop.stop_requested())
    work();
}

void unnamed_bad(std::stop_token) {
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'unnamed_bad' never looks at its token
  // CHECK-NOTE-FIXES: void unnamed_bad(std::stop_token Stop) {
  for (;;)
    // CHECK-NOTE-FIXES: {{^}}  for (; !Stop.stop_requested();)
    work();
}

void condition_bad(std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  bool Late = false;
  while (!ready() || Late)
    // CHECK-NOTE-FIXES: {{^}}  while (!Stop.stop_requested() && (!ready() || Late))
    std::this_thread::sleep_for(10ms);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep in a loop that does not look at token 'Stop' on each turn
}

void sleep_bad(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    work();
    std::this_thread::sleep_for(10s);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 10 s does not end when stop is requested
    // CHECK-NOTE-FIXES: {{^}}    work();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    {
    // CHECK-NOTE-FIXES-NEXT: {{^}}      std::mutex Sleeping;
    // CHECK-NOTE-FIXES-NEXT: {{^}}      std::unique_lock<std::mutex> Lock(Sleeping);
    // CHECK-NOTE-FIXES-NEXT: {{^}}      std::condition_variable_any().wait_for(Lock, Stop, 10s, [] { return false; });
    // CHECK-NOTE-FIXES-NEXT: {{^}}    }
  }
}

class Collector {
public:
  void run(std::stop_token Stop) {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (!Stop.stop_requested()) {
      Added.wait_for(Lock, 30s, [this] { return Items > 10; });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Added' of up to 30 s does not end when stop is requested
      // CHECK-NOTE-FIXES: {{^}}      Added.wait_for(Lock, Stop, 30s, [this] { return Items > 10; });
      Items = 0;
    }
  }
  void add() {
    std::lock_guard<std::mutex> Lock(Mutex);
    ++Items;
    Added.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Added;
  // CHECK-NOTE-FIXES: {{^}}  std::condition_variable_any Added;
  int Items = 0;
};

// What it should return when it is stopped is not known.
int value_bad(std::stop_token Stop) {
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'value_bad' never looks at token 'Stop'
  while (true)
    // CHECK-NOTE-FIXES: {{^}}  while (true)
    work();
}

// The sleep is in a function without a token, the loop is not.

void tidy() { std::this_thread::sleep_for(1ms); }

void idle_bad(std::stop_token Stop) {
  // CHECK-NOTE-FIXES: {{^}}  for (; !Stop.stop_requested();) {
  for (;;) {
    if (!ready()) {
      tidy();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: sleep in a loop that does not look at token 'Stop' on each turn
      continue;
    }
    if (Stop.stop_requested())
      return;
    work();
  }
}

// The callable that is asked whether to go on.

class Transfer {
public:
  void onProgress(std::function<bool(int)> F) { Progress = std::move(F); }
  bool run() {
    for (int Received = 0;; ++Received)
      if (!Progress(Received))
        return false;
  }

private:
  std::function<bool(int)> Progress;
};

bool download_bad(std::stop_token Stop, int &Size) {
  if (Stop.stop_requested())
    return false;
  Transfer T;
  T.onProgress([&Size](int Now) {
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this never asks for an end, also when stop is requested
    // CHECK-NOTE-FIXES: {{^}}  T.onProgress([&Size, &Stop](int Now) {
    Size = Now;
    return true;
    // CHECK-NOTE-FIXES: {{^}}    return !Stop.stop_requested();
  });
  return T.run();
}
