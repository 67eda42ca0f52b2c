// RUN: %check_tether %s thread-member-order
#include <functional>
#include <mutex>
#include <string>
#include <thread>

class Destroyed {
public:
  void start() {
    Worker = std::jthread([this] { run(); });
  }

private:
  void run() { Name += "!"; }
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  // CHECK-NOTES: :[[@LINE-7]]:14: note: the task starts here
  // CHECK-NOTES: :[[@LINE-4]]:16: note: it uses 'Name' here
  // CHECK-NOTES: :[[@LINE+2]]:15: note: 'Name' is declared here
  // CHECK-NOTES: :[[@LINE-5]]:16: note: declare 'Worker' behind all members that its task uses
  std::string Name;
};

class Both {
public:
  explicit Both(std::function<void()> F) : Worker([this] { Work(); }), Work(std::move(F)) {}

private:
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Work', which its task uses: 'Work' begins after the task and is destroyed before it ends [tether-thread-member-order]
  // CHECK-NOTES: :[[@LINE-5]]:44: note: the task starts here
  // CHECK-NOTES: :[[@LINE-6]]:60: note: it uses 'Work' here
  // CHECK-NOTES: :[[@LINE+2]]:25: note: 'Work' is declared here
  // CHECK-NOTES: :[[@LINE-5]]:16: note: declare 'Worker' behind all members that its task uses
  std::function<void()> Work;
};
