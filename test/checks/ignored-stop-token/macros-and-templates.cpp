// RUN: %check_tether %s ignored-stop-token
#include <chrono>
#include <stop_token>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
void work();

#define FOREVER for (;;)

void macro_bad(std::stop_token Stop) {
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: 'macro_bad' never looks at token 'Stop', and goes on when stop is requested [tether-ignored-stop-token]
  FOREVER work();
}

void macro_ok(std::stop_token Stop) {
  FOREVER {
    if (Stop.stop_requested())
      return;
    work();
  }
}

template <typename Task> void repeat_bad(std::stop_token Stop, Task Each) {
  while (!Stop.stop_requested()) {
    Each();
    sleep(5);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 5 s does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
  }
}

template <typename Task> void repeat_ok(std::stop_token Stop, Task Each) {
  while (!Stop.stop_requested()) {
    Each();
    usleep(5000);
  }
}

template <typename Rep, typename Period>
void pause_of_any_kind_ok(std::stop_token Stop, std::chrono::duration<Rep, Period> Time) {
  while (!Stop.stop_requested())
    std::this_thread::sleep_for(Time);
}

void instantiate(std::stop_token Stop) {
  repeat_bad(Stop, work);
  repeat_ok(Stop, work);
  pause_of_any_kind_ok(Stop, 50ms);
}
