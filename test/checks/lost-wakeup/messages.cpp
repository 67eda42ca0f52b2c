// RUN: %check_tether %s lost-wakeup
#include <condition_variable>
#include <mutex>

class Purges {
public:
  void drop() {
    Pending = 0;
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: wake-up of 'Idle' may be lost: 'Pending' changes without the mutex [tether-lost-wakeup]
    // CHECK-NOTES: :[[@LINE+33]]:12: note: a waiter has looked at 'Pending' here and is about to sleep
    // CHECK-NOTES: :[[@LINE+2]]:10: note: this notification comes before it sleeps
    // CHECK-NOTES: :[[@LINE-4]]:5: note: change it under the mutex of the wait, and notify after that
    Idle.notify_all();
  }
  void late() {
    Idle.notify_all();
    std::lock_guard<std::mutex> Lock(Mutex);
    Pending = 0;
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: wake-up of 'Idle' may be lost: 'Pending' changes only after the notification [tether-lost-wakeup]
    // CHECK-NOTES: :[[@LINE+23]]:12: note: a waiter has looked at 'Pending' here and is about to sleep
    // CHECK-NOTES: :[[@LINE-5]]:10: note: this notification wakes it before the change
    // CHECK-NOTES: :[[@LINE-4]]:5: note: change it under the mutex of the wait, and notify after that
  }
  void begin(bool Anything) {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (!Anything)
      --Pending;
      // CHECK-NOTES: :[[@LINE-1]]:7: warning: wake-up of 'Idle' may be lost: 'Pending' changes here without a notification [tether-lost-wakeup]
      // CHECK-NOTES: :[[@LINE+4]]:3: note: the end of 'begin' is reached here
      // CHECK-NOTES: :[[@LINE+13]]:12: note: whoever waits here for that goes on waiting
      // CHECK-NOTES: :[[@LINE+6]]:12: note: elsewhere the same change is followed by a notification
      // CHECK-NOTES: :[[@LINE-5]]:7: note: notify on every way on
  }
  void end() {
    std::lock_guard<std::mutex> Lock(Mutex);
    if (--Pending == 0)
      Idle.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (Pending != 0)
      // comes to rest
      Idle.wait(Lock);
  }

private:
  std::mutex Mutex;
  std::condition_variable Idle;
  int Pending = 0;
};
