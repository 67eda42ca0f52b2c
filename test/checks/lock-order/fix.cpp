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
