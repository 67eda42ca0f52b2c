// RUN: %check_tether %s escaping-capture
#include <future>
#include <string>
#include <thread>

void use(const std::string &);
bool ready();

class Owner {
public:
  void start_bad() {
    std::string Name = "job";
    Worker = std::thread([&] { use(Name); });
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the task uses 'Name' by reference and may outlive it: nothing here waits for the task before 'start_bad' is left [tether-escaping-capture]
    // CHECK-NOTES: :[[@LINE-2]]:36: note: 'Name' is captured here
    // CHECK-NOTES: :[[@LINE+4]]:9: note: '!ready()' is true
    // CHECK-NOTES: :[[@LINE+4]]:7: note: 'start_bad' returns here
    // CHECK-NOTES: :[[@LINE-5]]:14: note: capture a copy of 'Name'
    // CHECK-NOTES: :[[@LINE-6]]:14: note: capture a copy or a shared pointer, or wait for the task before 'Name' ends
    if (!ready())
      return;
    Worker.join();
  }
  ~Owner() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};

void destroyed_first_bad() {
  std::jthread Worker;
  std::string Name = "job";
  Worker = std::jthread([&] { use(Name); });
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the task uses 'Name' by reference and may outlive it: 'Name' is destroyed before 'Worker' waits for the task [tether-escaping-capture]
  // CHECK-NOTES: :[[@LINE-2]]:35: note: 'Name' is captured here
  // CHECK-NOTES: :[[@LINE-3]]:12: note: capture a copy of 'Name'
  // CHECK-NOTES: :[[@LINE-4]]:12: note: capture a copy or a shared pointer, or wait for the task before 'Name' ends
}
