// RUN: %check_tether %s lock-order
#include <mutex>

class Store {
public:
  void add() {
    std::lock_guard Lock(Items);
    std::lock_guard Both(Log);
  }
  void flush() {
    std::lock_guard Lock(Log);
    clear();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Items' is locked while 'Log' is held, and elsewhere the other way round: two threads can wait for each other for ever [tether-lock-order]
    // CHECK-NOTES: :[[@LINE-3]]:21: note: 'flush' locks 'Log' here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: 'clear' is called here
    // CHECK-NOTES: :[[@LINE+8]]:21: note: and then 'Items' here
    // CHECK-NOTES: :[[@LINE-10]]:21: note: 'add' locks 'Items' here
    // CHECK-NOTES: :[[@LINE-10]]:21: note: and then 'Log' here
    // CHECK-NOTES: :[[@LINE-7]]:5: note: lock them in the same order everywhere, or both at once
  }

private:
  void clear() {
    std::lock_guard Lock(Items);
  }
  std::mutex Items, Log;
};
