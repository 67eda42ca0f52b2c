// RUN: %check_tether %s detached-thread
#include <string>
#include <thread>
#include <utility>

void work();

#define RUN_IN_BACKGROUND(Body) std::thread([] { Body; }).detach()

void macro_bad() {
  RUN_IN_BACKGROUND(work());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: temporary thread is detached:
}

#define IN_THREAD(Name, Body) std::thread Name([] { Body; })

void half_a_macro_ok() {
  IN_THREAD(Worker, work());
  Worker.join();
}

template <typename F> void launch_bad(F Body) {
  std::thread Worker(std::move(Body));
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached:
}

// Reported in the template, once, for all that is launched with it.
void uses_the_template_ok() {
  launch_bad([] { work(); });
  launch_bad(work);
}

// Not instantiated, so nobody knows what a Thread is.
template <typename Thread> void FN_dependent_type(Thread &Worker) { Worker.detach(); }

template <typename Thread> void instantiated_bad(Thread &Worker) {
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached:
}
void instantiates_ok(std::thread &Worker) { instantiated_bad(Worker); }

template <typename T> class Holder {
public:
  void start() { Worker = std::thread([this] { Value.run(); }); }
  void drop_bad() {
    Worker.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Worker' is detached:
  }

private:
  T Value;
  std::thread Worker;
};

struct Job {
  void run();
};
template class Holder<Job>;
