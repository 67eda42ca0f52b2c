// RUN: %check_tether %s blocked-forever -config="{CheckOptions: {tether-blocked-forever.Strict: true}}"
#include <mutex>
#include <shared_mutex>

class Table {
public:
  void clear() {
    std::unique_lock Lock(Mutex);
    notify();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Mutex' is locked by the thread that holds it: it waits for itself for ever [tether-blocked-forever]
    // CHECK-NOTES: :[[@LINE-3]]:22: note: 'clear' locks 'Mutex' here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: 'notify' is called here
    // CHECK-NOTES: :[[@LINE+15]]:22: note: 'Mutex' is locked again here
    // CHECK-NOTES: :[[@LINE-5]]:5: note: unlock it before{{$}}
    // CHECK-NOTES: :[[@LINE-6]]:5: note: unlock it before, or split off a function that expects it to be held
  }
  void look() {
    std::shared_lock Lock(Mutex);
    std::shared_lock Again(Mutex);
    // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: 'Mutex' is locked for reading by a thread that reads already: it waits for ever when a writer comes between [tether-blocked-forever]
    // CHECK-NOTES: :[[@LINE-3]]:22: note: 'look' locks 'Mutex' here
    // CHECK-NOTES: :[[@LINE-3]]:22: note: 'Mutex' is locked again here
    // CHECK-NOTES: :[[@LINE-4]]:22: note: unlock it before, or split off a function that expects it to be held
  }

private:
  void notify() {
    std::shared_lock Lock(Mutex);
  }
  std::shared_mutex Mutex;
};
