// RUN: %check_tether %s escaping-capture
#include <memory>
#include <string>
#include <thread>

void use(const std::string &Name);
void change(std::string &Name);

class Owner {
public:
  void implicit_bad() {
    std::string Name = "a";
    Worker = std::thread([&] { use(Name); });
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the task uses 'Name' by reference and may outlive it
    // CHECK-NOTE-FIXES: {{^}}    Worker = std::thread([&, Name] { use(Name); });
  }
  void explicit_bad() {
    std::string Name = "a";
    Worker = std::thread([this, &Name] { use(Name + Suffix); });
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the task uses 'Name' by reference and may outlive it
    // CHECK-NOTE-FIXES: {{^}}    Worker = std::thread([this, Name] { use(Name + Suffix); });
  }
  // A copy would not do what is meant.
  void changed_bad() {
    std::string Name = "a";
    Worker = std::thread([&] { change(Name); });
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the task uses 'Name' by reference and may outlive it
    // CHECK-NOTE-FIXES: {{^}}    Worker = std::thread([&] { change(Name); });
  }
  void not_copyable_bad() {
    auto Name = std::make_unique<std::string>("a");
    Worker = std::thread([&] { use(*Name); });
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the task uses 'Name' by reference and may outlive it
    // CHECK-NOTE-FIXES: {{^}}    Worker = std::thread([&] { use(*Name); });
  }
  ~Owner() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::string Suffix;
  std::thread Worker;
};
