// RUN: %check_tether %s ignored-stop-token
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
bool ready();
void work();

// Never looked at.

void never_ends_bad(std::stop_token Stop) {
  // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: 'never_ends_bad' never looks at token 'Stop', and goes on when stop is requested [tether-ignored-stop-token]
  for (;;)
    work();
}

void never_ends_ok(std::stop_token Stop) {
  while (!Stop.stop_requested())
    work();
}

void unnamed_bad(std::stop_token) {
  // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'unnamed_bad' never looks at its token, and goes on when stop is requested [tether-ignored-stop-token]
  while (!ready())
    std::this_thread::sleep_for(10ms);
}

void unnamed_short_ok(std::stop_token) { work(); }

void maybe_unused_bad([[maybe_unused]] std::stop_token Stop) {
  // CHECK-MESSAGES: :[[@LINE-1]]:56: warning: 'maybe_unused_bad' never looks at token 'Stop', and goes on when stop is requested [tether-ignored-stop-token]
  std::this_thread::sleep_for(1min);
}

void maybe_unused_short_ok([[maybe_unused]] std::stop_token Stop) {
  std::this_thread::sleep_for(1ms);
  work();
}

// Looked at, but not on each turn.

void before_the_loop_bad(std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  while (true)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop has no end and does not look at token 'Stop' on each turn [tether-ignored-stop-token]
    work();
}

void in_the_loop_ok(std::stop_token Stop) {
  while (true) {
    if (Stop.stop_requested())
      return;
    work();
  }
}

void skipped_on_some_turns_bad(std::stop_token Stop) {
  while (true) {
    if (!ready()) {
      std::this_thread::sleep_for(10ms);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: sleep in a loop that does not look at token 'Stop' on each turn [tether-ignored-stop-token]
      continue;
    }
    if (Stop.stop_requested())
      return;
    work();
  }
}

void on_each_turn_ok(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    if (!ready()) {
      std::this_thread::sleep_for(10ms);
      continue;
    }
    work();
  }
}

void inner_loop_bad(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    while (!ready())
      std::this_thread::sleep_for(10ms);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: sleep in a loop that does not look at token 'Stop' on each turn [tether-ignored-stop-token]
    work();
  }
}

void inner_loop_ok(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    while (!Stop.stop_requested() && !ready())
      std::this_thread::sleep_for(10ms);
    for (int I = 0; I < 5; ++I) // half a second at most
      std::this_thread::sleep_for(100ms);
    work();
  }
}

// Looked at between long pauses.

void long_sleep_bad(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    work();
    std::this_thread::sleep_for(10s);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 10 s does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
  }
}

void short_sleep_ok(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    work();
    std::this_thread::sleep_for(500ms);
  }
}

void growing_delay_bad(std::stop_token Stop) {
  std::chrono::milliseconds Delay = 100ms;
  while (!Stop.stop_requested() && !ready()) {
    std::this_thread::sleep_for(Delay);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 30 s does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
    Delay = std::min<std::chrono::milliseconds>(Delay * 2, 30s);
  }
}

void capped_delay_ok(std::stop_token Stop) {
  std::chrono::milliseconds Delay = 10ms;
  while (!Stop.stop_requested() && !ready()) {
    std::this_thread::sleep_for(Delay);
    Delay = std::min<std::chrono::milliseconds>(Delay * 2, 800ms);
  }
}

void stoppable_pause_ok(std::stop_token Stop) {
  std::mutex Mutex;
  std::condition_variable_any Pause;
  std::unique_lock Lock(Mutex);
  while (!Stop.stop_requested()) {
    work();
    Pause.wait_for(Lock, Stop, 10s, [] { return false; });
  }
}
