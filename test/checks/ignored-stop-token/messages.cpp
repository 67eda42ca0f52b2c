// RUN: %check_tether %s ignored-stop-token
#include <chrono>
#include <condition_variable>
#include <poll.h>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
bool ready();
void work();

void never_bad(std::stop_token Stop) {
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'never_bad' never looks at token 'Stop', and goes on when stop is requested [tether-ignored-stop-token]
  // CHECK-NOTES: :[[@LINE+3]]:3: note: this loop has no end
  // CHECK-NOTES: :[[@LINE-3]]:32: note: look at the token on each turn
  // CHECK-NOTES: :[[@LINE-4]]:32: note: poll the token on each turn of the loop
  while (true)
    work();
}

void never_unnamed_bad(std::stop_token) {
  // CHECK-MESSAGES: :[[@LINE-1]]:39: warning: 'never_unnamed_bad' never looks at its token, and goes on when stop is requested [tether-ignored-stop-token]
  // CHECK-NOTES: :[[@LINE+3]]:3: note: it sleeps here
  // CHECK-NOTES: :[[@LINE-3]]:39: note: let the token end it
  // CHECK-NOTES: :[[@LINE-4]]:39: note: poll the token, and wait with it instead of sleeping
  std::this_thread::sleep_for(2min);
}

void turn_bad(std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  for (;;)
    // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this loop has no end and does not look at token 'Stop' on each turn [tether-ignored-stop-token]
    // CHECK-NOTES: :[[@LINE-2]]:3: note: look at the token on each turn
    // CHECK-NOTES: :[[@LINE-3]]:3: note: poll the token on each turn, or wait with it
    work();
}

void sleep_bad(std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  while (!ready())
    std::this_thread::sleep_for(10ms);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep in a loop that does not look at token 'Stop' on each turn [tether-ignored-stop-token]
  // CHECK-NOTES: :[[@LINE-2]]:5: note: let the token end it
  // CHECK-NOTES: :[[@LINE-3]]:5: note: poll the token on each turn, or wait with it
}

void rest() { std::this_thread::sleep_for(2500ms); }

void pause_bad(std::stop_token Stop) {
  while (!Stop.stop_requested())
    rest();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 2500 ms does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
  // CHECK-NOTES: :[[@LINE-6]]:15: note: it sleeps here
  // CHECK-NOTES: :[[@LINE-3]]:5: note: wait for that time on something that takes the token
}

void callback_bad(pollfd *Set, std::stop_token Stop) {
  bool Cancelled = false;
  std::stop_callback Cancel(Stop, [&] { Cancelled = true; });
  if (!Cancelled)
    ::poll(Set, 1, -1);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: wait on 'Set' does not end when stop is requested: the callback only sets state [tether-ignored-stop-token]
  // CHECK-NOTES: :[[@LINE-4]]:22: note: the callback is registered here
  // CHECK-NOTES: :[[@LINE-3]]:5: note: let the callback wake the wait too
}
