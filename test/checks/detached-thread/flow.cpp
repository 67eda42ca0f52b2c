// RUN: %check_tether %s detached-thread
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

void work();
void use(const std::string &Text);

// On one path only.
void detached_on_one_path_bad(bool Wait) {
  std::thread Worker(work);
  if (Wait)
    Worker.join();
  else
    Worker.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Worker' is detached:
}

void joined_on_both_paths_ok(bool Wait) {
  std::thread Worker(work);
  if (Wait)
    work();
  Worker.join();
}

// In a helper: there the detach is written, there it is reported, once.
void letGo_bad(std::thread Worker) { Worker.detach(); }
// CHECK-MESSAGES: :[[@LINE-1]]:45: warning: thread 'Worker' is detached:

void uses_the_helper_ok() { letGo_bad(std::thread(work)); }

void letGoIfRunning_bad(std::thread &Worker) {
  if (Worker.joinable())
    Worker.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Worker' is detached:
}

// Elements of a container.
class Crew {
public:
  void add_ok(int Id) { Workers.emplace_back([this, Id] { run(Id); }); }
  void forget_bad() {
    for (std::thread &Worker : Workers)
      Worker.detach();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Workers' is detached:
  }
  ~Crew() {
    for (std::thread &Worker : Workers)
      if (Worker.joinable())
        Worker.join();
  }

private:
  void run(int Id);
  std::vector<std::thread> Workers;
};

// A destructor that cannot wait any more.
class Session_bad {
public:
  void start() { Reader = std::thread(&Session_bad::run, this); }
  ~Session_bad() {
    if (Reader.joinable())
      Reader.detach();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Reader' is detached:
  }

private:
  void run();
  std::thread Reader;
};

class SharedSession : public std::enable_shared_from_this<SharedSession> {
public:
  void start_bad() {
    std::thread([Self = shared_from_this()] { Self->run(); }).detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:63: warning: temporary thread is detached:
  }

private:
  void run();
};

// Held by pointer, moved about.
void by_pointer_bad() {
  auto Worker = std::make_unique<std::thread>(work);
  Worker->detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: thread 'Worker' is detached:
}

void moved_first_bad() {
  std::thread Worker(work);
  std::thread Other = std::move(Worker);
  Other.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: thread 'Other' is detached:
}

void in_a_lambda_bad() {
  auto Start = [] {
    std::thread(work).detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: temporary thread is detached:
  };
  Start();
}
