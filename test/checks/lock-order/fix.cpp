// RUN: %check_tether %s lock-order
#include <mutex>

void step();

class Adjacent {
public:
  void once() {
    std::lock_guard<std::mutex> First(A);
    std::lock_guard<std::mutex> Second(B);
  }
  void twice() {
    std::lock_guard<std::mutex> First(A);
    std::lock_guard<std::mutex> Second(B);
  }
  void other_way_bad() {
    std::lock_guard<std::mutex> First(B);
    std::lock_guard<std::mutex> Second(A);
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: 'A' is locked while 'B' is held, and elsewhere the other way round
    // CHECK-FIXES: void other_way_bad() {
    // CHECK-FIXES-NEXT: {{^}}    std::lock_guard<std::mutex> Second(A);
    // CHECK-FIXES-NEXT: {{^}}    std::lock_guard<std::mutex> First(B);
  }

private:
  std::mutex A, B;
};

// No fix: the other one is locked at another place as well.
class Twice {
public:
  void forth_bad() {
    std::lock_guard<std::mutex> Lock(A);
    step();
    note();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'B' is locked while 'A' is held, and elsewhere the other way round
    note();
  }
  void back() {
    std::lock_guard<std::mutex> Lock(B);
    step();
    std::lock_guard<std::mutex> Other(A);
  }
  void back_again() {
    std::lock_guard<std::mutex> Lock(B);
    step();
    std::lock_guard<std::mutex> Other(A);
  }

private:
  void note() {
    std::lock_guard<std::mutex> Lock(B);
    step();
  }
  std::mutex A, B;
};
