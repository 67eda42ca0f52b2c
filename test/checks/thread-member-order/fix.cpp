// RUN: %check_tether %s thread-member-order
#include <functional>
#include <string>
#include <thread>

void use(const std::string &);

class Moved {
public:
  Moved() : Worker([this] { show(); }) {}

private:
  void show() {
    use(First);
    use(Last);
  }
  int Count = 0;
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'First', which its task uses: 'First' begins after the task and is destroyed before it ends [tether-thread-member-order]
  std::string First;
  std::string Last;
  int Unused = 0;
};
// CHECK-FIXES:      int Count = 0;
// CHECK-FIXES:      std::string First;
// CHECK-FIXES-NEXT: std::string Last;
// CHECK-FIXES-NEXT: std::jthread Worker;
// CHECK-FIXES-NEXT: int Unused = 0;

// The initialisers that are written change their places as well.
class Initialised {
public:
  explicit Initialised(std::string N) : Worker([this] { use(Name); }), Name(std::move(N)) {}

private:
  std::jthread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'Worker' is declared before 'Name', which its task uses: 'Name' begins after the task and is destroyed before it ends [tether-thread-member-order]
  std::string Name;
};
// CHECK-FIXES:      explicit Initialised(std::string N) : Name(std::move(N)), Worker([this] { use(Name); }) {}
// CHECK-FIXES:      std::string Name;
// CHECK-FIXES-NEXT: std::jthread Worker;

class Shares_its_line {
public:
  void start() {
    First = std::jthread([this] { use(Name); });
  }

private:
  std::jthread First, Second;
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: thread 'First' is declared before 'Name', which its task uses: 'Name' is destroyed while the task may still run [tether-thread-member-order]
  std::string Name;
};
// CHECK-FIXES: std::jthread First, Second;
