// RUN: %check_tether %s unjoined-thread -- -std=c++17 -pthread
// RUN: %check_tether %s unjoined-thread -suffix=OWN -config="{CheckOptions: {tether-unjoined-thread.ScopeGuard: '<memory> std::shared_ptr<void> {name}(nullptr, [&](void *) { {action} });'}}" -- -std=c++17 -pthread
#include <thread>

void work();
bool ready();

void one_exit_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-MESSAGES-OWN: :[[@LINE-2]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  if (!ready())
    return;
    // CHECK-FIXES: {{^}}    Worker.join();
    // CHECK-FIXES-NEXT: {{^}}    return;
  Worker.join();
}

void exception_bad(int Mode) {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-MESSAGES-OWN: :[[@LINE-2]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  // CHECK-FIXES: {{^}}  struct SettleWorker {
  if (Mode == 1)
    return;
  if (Mode == 2)
    throw 1;
  Worker.join();
}
// CHECK-FIXES-OWN: #include <memory>
// CHECK-FIXES-OWN: {{^}}  std::shared_ptr<void> WorkerAtEnd(nullptr, [&](void *) { if (Worker.joinable()) Worker.join(); });
