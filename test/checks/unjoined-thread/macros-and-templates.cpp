// RUN: %check_tether %s unjoined-thread
#include <thread>
#include <utility>
#include <vector>

bool ready();
void work();

#define RETURN_IF(Condition)                                                                       \
  do {                                                                                             \
    if (Condition)                                                                                 \
      return;                                                                                      \
  } while (0)

void macro_returns_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  RETURN_IF(!ready());
  Worker.join();
}

void macro_returns_before_ok() {
  RETURN_IF(!ready());
  std::thread Worker(work);
  Worker.join();
}

#define JOIN(Worker)                                                                               \
  do {                                                                                             \
    if ((Worker).joinable())                                                                       \
      (Worker).join();                                                                             \
  } while (0)

void macro_joins_ok() {
  std::thread Worker(work);
  if (!ready()) {
    JOIN(Worker);
    return;
  }
  JOIN(Worker);
}

#define START(Name) std::thread Name(work)

void macro_starts_bad() {
  START(Worker);
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: thread 'Worker' is destroyed while it can be joined:
  RETURN_IF(!ready());
  Worker.join();
}

template <typename F> void run_bad(F Body) {
  std::thread Worker(std::move(Body));
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  if (!ready())
    return;
  Worker.join();
}

template <typename F> void run_ok(F Body) {
  std::thread Worker(std::move(Body));
  ready();
  Worker.join();
}

void instantiates_ok() {
  run_bad(work);
  run_bad([] { work(); });
  run_ok(work);
  run_ok([] { work(); });
}

template <typename Thread> class Pool {
public:
  void start() { Workers.emplace_back(work); }
  ~Pool() {
    for (Thread &Worker : Workers)
      if (Worker.joinable())
        Worker.join();
  }

private:
  std::vector<Thread> Workers;
};

template <typename Thread> class ForgetfulPool_bad {
public:
  void start() { Workers.emplace_back(work); }

private:
  std::vector<Thread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: thread 'Workers' is destroyed while it can be joined: no function of 'ForgetfulPool_bad' joins it:
};

void pools_ok() {
  Pool<std::thread> First;
  First.start();
  Pool<std::jthread> Second;
  Second.start();
}

void forgetful_pools() {
  ForgetfulPool_bad<std::thread> First;
  First.start();
  ForgetfulPool_bad<std::jthread> Second;
  Second.start();
}

template <typename Thread> class Guard {
public:
  explicit Guard(Thread &Worker) : Worker(Worker) {}
  ~Guard() { Worker.join(); }

private:
  Thread &Worker;
};

void template_guard_ok() {
  std::thread Worker(work);
  Guard Joins(Worker);
  if (!ready())
    throw 1;
}

template <typename... Threads> void joinAll(Threads &...Workers) { (Workers.join(), ...); }

void variadic_join_ok() {
  std::thread First(work), Second(work);
  joinAll(First, Second);
}

template <typename... Args> std::thread spawn(Args &&...A) {
  return std::thread(std::forward<Args>(A)...);
}

void through_a_forwarder_bad() {
  std::thread Worker = spawn(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  if (!ready())
    return;
  Worker.join();
}

void through_a_forwarder_ok() {
  std::thread Worker = spawn(work);
  Worker.join();
}

using Thread = std::thread;

void through_an_alias_bad() {
  Thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is destroyed while it can be joined:
  if (ready())
    Worker.join();
}

// A test that has failed says so and returns: it has failed either way.

struct Failure {
  void operator=(const char *) const;
};

#define ASSERT_THAT(Condition)                                                                     \
  if (Condition)                                                                                   \
    ;                                                                                              \
  else                                                                                             \
    return Failure() = #Condition

void asserted_ok() {
  std::thread Worker(work);
  ASSERT_THAT(ready());
  Worker.join();
}
