// RUN: %check_tether %s blocking-under-lock
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// The last thing that is done under the mutex.

class Join_at_the_end_bad {
public:
  void start() {
    Worker = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard<std::mutex> Lock(Mutex);
    // CHECK-NOTE-FIXES: {{^}}    std::unique_lock<std::mutex> Lock(Mutex);
    Stopping = true;
    // CHECK-NOTE-FIXES: {{^}}    Lock.unlock();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker.join();
    Worker.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'Worker' is joined while 'Mutex' is held
  }

private:
  void run() {
    for (;;) {
      std::lock_guard<std::mutex> Lock(Mutex);
      if (Stopping)
        return;
    }
  }
  std::mutex Mutex;
  bool Stopping = false;
  std::thread Worker;
};

// What comes behind needs the mutex again.

class Term_bad {
public:
  std::string observe(const std::string &Who) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Observers.push_back(Who);
    // CHECK-NOTE-FIXES: {{^}}    Lock.unlock();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Elected.wait();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Lock.lock();
    Elected.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: a receive from 'Elected' may block while 'Mutex' is held
    return Leader;
  }
  void proclaim(const std::string &Who) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Leader = Who;
    Elected.count_down();
  }

private:
  std::mutex Mutex;
  std::latch Elected{1};
  std::string Leader;
  std::vector<std::string> Observers;
};

// What it waits for is found under the mutex: no fix.

class Pointed_to_bad {
public:
  void start() {
    Worker = new std::thread([this] { run(); });
  }
  // CHECK-NOTE-FIXES: {{^}}  void stop() {
  // CHECK-NOTE-FIXES-NEXT: {{^}}    std::lock_guard<std::mutex> Lock(Mutex);
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Stopping = true;
  // CHECK-NOTE-FIXES-NEXT: {{^}}    Worker->join();
  void stop() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Stopping = true;
    Worker->join();
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: 'Worker' is joined while 'Mutex' is held
  }

private:
  void run() { std::lock_guard<std::mutex> Lock(Mutex); }
  std::mutex Mutex;
  bool Stopping = false;
  std::thread *Worker = nullptr;
};
