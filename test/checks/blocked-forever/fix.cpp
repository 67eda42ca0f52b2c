// RUN: %check_tether %s blocked-forever
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

bool send(const std::string &);

// Left locked on some way.

class Early_return_bad {
public:
  // CHECK-FIXES: {{^}}    if (Value < 0) {
  // CHECK-FIXES-NEXT: {{^}}      Mutex.unlock();
  // CHECK-FIXES-NEXT: {{^}}      return false;
  // CHECK-FIXES-NEXT: {{^}}    }
  bool add(int Value) {
    Mutex.lock();
    if (Value < 0)
      return false;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Mutex' is left locked when 'add' goes this way
    Values.push_back(Value);
    Mutex.unlock();
    return true;
  }

private:
  std::mutex Mutex;
  std::vector<int> Values;
};

// What is returned may be what the mutex guards: no fix.

class Returns_what_is_guarded_bad {
public:
  // CHECK-FIXES: {{^}}  int next(bool Peek) {
  // CHECK-FIXES-NOT: unlock
  // CHECK-FIXES: {{^}}      return Last;
  int next(bool Peek) {
    Mutex.lock();
    if (Peek)
      return Last;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Mutex' is left locked when 'next' goes this way
    int Result = ++Last;
    Mutex.unlock();
    return Result;
  }

private:
  std::mutex Mutex;
  int Last = 0;
};

// Locked again by what is called at the end.

class Locks_again_bad {
public:
  void clear() {
    std::vector<int> Removed;
    std::unique_lock<std::shared_mutex> Lock(Mutex);
    Removed.swap(Values);
    if (!Removed.empty())
      tell(Removed);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Mutex' is locked by the thread that holds it
    // CHECK-NOTE-FIXES: {{^}}      Lock.unlock();
    // CHECK-NOTE-FIXES-NEXT: {{^}}      tell(Removed);
  }

private:
  void tell(const std::vector<int> &Removed) {
    std::shared_lock<std::shared_mutex> Lock(Mutex);
    Told.push_back(Removed);
  }
  std::shared_mutex Mutex;
  std::vector<int> Values;
  std::vector<std::vector<int>> Told;
};

// Its guard has to be another one for that.

class Guard_changes_bad {
public:
  void remove(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mutex);
    // CHECK-NOTE-FIXES: {{^}}    std::unique_lock<std::mutex> Lock(Mutex);
    send("remove " + Name);
    // CHECK-NOTE-FIXES: {{^}}    Lock.unlock();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    forget(Name);
    forget(Name);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Mutex' is locked by the thread that holds it
  }

private:
  void forget(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Known.erase(Name);
  }
  std::mutex Mutex;
  std::map<std::string, int> Known;
};

// What is done behind it uses what was found before: no fix.

class Goes_on_with_what_it_found_bad {
public:
  // CHECK-NOTE-FIXES: {{^}}    auto Found = Known.find(Name);
  // CHECK-NOTE-FIXES-NEXT: {{^}}    tidy();
  int count(const std::string &Name) {
    std::lock_guard<std::mutex> Lock(Mutex);
    auto Found = Known.find(Name);
    tidy();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Mutex' is locked by the thread that holds it
    return Found->second;
  }

private:
  void tidy() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Known.erase("");
  }
  std::mutex Mutex;
  std::map<std::string, int> Known;
};

// In a loop over what is guarded: no fix.

class In_a_loop_bad {
public:
  // CHECK-NOTE-FIXES: {{^}}    for (int Each : Values)
  // CHECK-NOTE-FIXES-NEXT: {{^}}      tell(Each);
  void tellAll() {
    std::lock_guard<std::mutex> Lock(Mutex);
    for (int Each : Values)
      tell(Each);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Mutex' is locked by the thread that holds it
  }

private:
  void tell(int Value) {
    std::lock_guard<std::mutex> Lock(Mutex);
    Told = Value;
  }
  std::mutex Mutex;
  std::vector<int> Values;
  int Told = 0;
};
