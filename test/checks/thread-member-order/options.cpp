// RUN: %check_tether %s thread-member-order -config="{CheckOptions: {tether-thread-member-order.Strict: true}}"
#include <atomic>
#include <thread>

class Flag_behind_bad {
public:
  void start() {
    Worker = std::jthread([this] {
      while (!Stop) {
      }
    });
  }
  ~Flag_behind_bad() { Stop = true; }

private:
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Stop', which its task uses: 'Stop' is destroyed while the task may still run [tether-thread-member-order]
  std::atomic<bool> Stop{false};
};
