// RUN: %check_tether %s escaping-capture
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace work {
class Pool {
public:
  ~Pool();
  void submit(std::function<void()> Job);
  void wait();
};
Pool &shared();
} // namespace work

void use(const std::string &);
bool ready();

// Pools that live on.

void job_bad(work::Pool &Pool) {
  std::string Name = "job";
  Pool.submit([&] { use(Name); });
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the task uses 'Name' by reference and may outlive it: nothing here waits for the task before 'job_bad' is left [tether-escaping-capture]
}

void job_waited_for_ok(work::Pool &Pool) {
  std::string Name = "job";
  Pool.submit([&] { use(Name); });
  Pool.wait();
}

void job_with_copy_ok(work::Pool &Pool) {
  std::string Name = "job";
  Pool.submit([Name] { use(Name); });
}

void returns_early_bad(work::Pool &Pool) {
  std::string Name = "job";
  Pool.submit([&Name] { use(Name); });
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the task uses 'Name' by reference and may outlive it: nothing here waits for the task before 'returns_early_bad' is left [tether-escaping-capture]
  if (!ready())
    return;
  Pool.wait();
}

void job_with_latch_ok(work::Pool &Pool) {
  std::latch Done(1);
  Pool.submit([&] { Done.count_down(); });
  Done.wait();
}

void own_pool_ok() {
  std::string Name = "job";
  work::Pool Pool;
  Pool.submit([&] { use(Name); });
}

void own_pool_declared_first_bad() {
  work::Pool Pool;
  std::string Name = "job";
  Pool.submit([&] { use(Name); });
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the task uses 'Name' by reference and may outlive it: 'Name' is destroyed before 'Pool' waits for the task [tether-escaping-capture]
}

void own_pool_declared_first_ok() {
  work::Pool Pool;
  std::string Name = "job";
  Pool.submit([&] { use(Name); });
  Pool.wait();
}

void parameter_by_reference_ok(work::Pool &Pool, std::string &Name) {
  Pool.submit([&] { use(Name); }); // the caller knows how long it lives
}

void parameter_by_value_bad(work::Pool &Pool, std::string Name) {
  Pool.submit([&] { use(Name); });
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the task uses 'Name' by reference and may outlive it: nothing here waits for the task before 'parameter_by_value_bad' is left [tether-escaping-capture]
}

void static_ok(work::Pool &Pool) {
  static std::string Name = "job";
  Pool.submit([&] { use(Name); });
}

// Futures and threads that leave.

std::future<int> returned_bad(int Count) {
  return std::async(std::launch::async, [&] { return Count + 1; });
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: the task uses 'Count' by reference and may outlive it: nothing here waits for the task before 'returned_bad' is left [tether-escaping-capture]
}

std::future<int> returned_ok(int Count) {
  return std::async(std::launch::async, [Count] { return Count + 1; });
}

void future_stays_ok(int Count) {
  std::future<int> Result = std::async(std::launch::async, [&] { return Count + 1; });
  ready();
}

class Owner {
public:
  void member_bad() {
    std::string Name = "job";
    Worker = std::thread([&] { use(Name); });
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: the task uses 'Name' by reference and may outlive it: nothing here waits for the task before 'member_bad' is left [tether-escaping-capture]
  }
  void container_bad(int Count) {
    for (int I = 0; I != Count; ++I)
      Workers.emplace_back([&I] { use(std::to_string(I)); });
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: the task uses 'I' by reference and may outlive it: nothing here waits for the task before 'container_bad' is left [tether-escaping-capture]
  }
  void joined_ok(int Count) {
    std::string Name = "job";
    for (int I = 0; I != Count; ++I)
      Workers.emplace_back([&] { use(Name); });
    for (std::thread &Each : Workers)
      Each.join();
  }
  void uses_this_ok() {
    Worker = std::thread([this] { use(Member); });
  }
  ~Owner() {
    Worker.join();
    for (std::thread &Each : Workers)
      Each.join();
  }

private:
  std::string Member;
  std::thread Worker;
  std::vector<std::thread> Workers;
};

void moved_into_a_member_bad(std::vector<std::thread> &Threads) {
  std::string Name = "job";
  Threads.emplace_back(use, std::ref(Name));
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: the task uses 'Name' by reference and may outlive it: nothing here waits for the task before 'moved_into_a_member_bad' is left [tether-escaping-capture]
}

// Objects whose tasks use them.

class Job {
public:
  void start(work::Pool &Pool) {
    Pool.submit([this] { use(Name); });
  }

private:
  std::string Name;
};

void job_object_bad(work::Pool &Pool) {
  Job Mine;
  Mine.start(Pool);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the task uses 'Mine' by reference and may outlive it: nothing here waits for the task before 'job_object_bad' is left [tether-escaping-capture]
}

void job_object_ok(work::Pool &Pool) {
  Job Mine;
  Mine.start(Pool);
  Pool.wait();
}

void shared_job_ok(work::Pool &Pool) {
  auto Mine = std::make_shared<Job>();
  Pool.submit([Mine] { Mine->start(work::shared()); });
}

// Other checks say it.

void detached_ok() {
  std::string Name = "job";
  std::thread([&] { use(Name); }).detach();
}

void unjoined_ok() {
  std::string Name = "job";
  std::thread Worker([&] { use(Name); });
}

void handed_on_ok(void (*Keep)(std::thread)) {
  std::string Name = "job";
  std::thread Worker([&] { use(Name); });
  Keep(std::move(Worker)); // may join it
}

// A function that waits for its own tasks is done with what it was given.

static void sum_all(std::vector<int> &Sums, int Count) {
  std::vector<std::jthread> Threads;
  for (int I = 0; I < Count; ++I)
    Threads.emplace_back([&, I] { Sums[I] = I; });
  for (auto &Thread : Threads)
    if (Thread.joinable())
      Thread.join();
}

int called_function_waits_ok(int Count) {
  std::vector<int> Sums(Count);
  sum_all(Sums, Count);
  return Sums[0];
}
