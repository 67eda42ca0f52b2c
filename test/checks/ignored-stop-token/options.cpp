// RUN: %check_tether %s ignored-stop-token -config="{CheckOptions: {tether-ignored-stop-token.LongestPause: 100}}"
// RUN: %check_tether %s ignored-stop-token -suffix=LAX -config="{CheckOptions: {tether-ignored-stop-token.LongestPause: 60000}}"
#include <chrono>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
void work();

void half_a_second(std::stop_token Stop) {
  while (!Stop.stop_requested())
    std::this_thread::sleep_for(500ms);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 500 ms does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
}

void ten_seconds(std::stop_token Stop) {
  while (!Stop.stop_requested())
    std::this_thread::sleep_for(10s);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 10 s does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
}
