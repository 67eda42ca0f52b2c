// RUN: %check_tether %s detached-thread
#include <pthread.h>
#include <string>
#include <thread>
#include <utility>

void work();
void store(std::string Text);

void temporary_thread_bad() {
  std::thread(work).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: temporary thread is detached: nothing can wait for its end or stop it [tether-detached-thread]
}

void temporary_thread_ok() {
  std::thread(work).join();
}

void named_thread_bad() {
  std::thread Worker(work);
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached: nothing can wait for its end or stop it [tether-detached-thread]
}

void named_thread_ok() {
  std::thread Worker(work);
  Worker.join();
}

void jthread_gives_up_its_stop_bad() {
  std::jthread Worker([](std::stop_token Stop) {
    while (!Stop.stop_requested())
      work();
  });
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached: nothing can wait for its end or stop it [tether-detached-thread]
}

void jthread_ok() {
  std::jthread Worker([](std::stop_token Stop) {
    while (!Stop.stop_requested())
      work();
  });
}

void local_by_reference_bad() {
  std::string Text = "hello";
  std::thread Writer([&] { store(Text); });
  Writer.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Writer' is detached: it goes on using 'Text' after 'local_by_reference_bad' has returned [tether-detached-thread]
}

void parameter_by_reference_bad(std::string Text) {
  std::thread([&Text] { store(Text); }).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: temporary thread is detached: it goes on using 'Text' after 'parameter_by_reference_bad' has returned [tether-detached-thread]
}

void local_by_value_is_still_detached_bad() {
  std::string Text = "hello";
  std::thread Writer([Text] { store(Text); });
  Writer.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Writer' is detached: nothing can wait for its end or stop it [tether-detached-thread]
}

void local_by_reference_ok() {
  std::string Text = "hello";
  std::thread Writer([&] { store(Text); });
  Writer.join();
}

class Logger {
public:
  void start_bad() {
    std::thread([this] { store(Line); }).detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:42: warning: temporary thread is detached: it goes on using 'this' after the object is destroyed [tether-detached-thread]
  }
  void start_ok() {
    Thread = std::jthread([this] { store(Line); });
  }
  void member_bad() {
    Thread = std::jthread([this] { store(Line); });
    Thread.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Thread' is detached: it goes on using 'this' after the object is destroyed [tether-detached-thread]
  }

private:
  std::string Line;
  std::jthread Thread;
};

void *run(void *);

void posix_bad() {
  pthread_t Worker;
  pthread_create(&Worker, nullptr, run, nullptr);
  pthread_detach(Worker);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: thread 'Worker' is detached: nothing can wait for its end or stop it [tether-detached-thread]
}

void posix_ok() {
  pthread_t Worker;
  pthread_create(&Worker, nullptr, run, nullptr);
  pthread_join(Worker, nullptr);
}

struct Balloon {
  void detach();
};

void other_detach_ok(Balloon B) {
  B.detach();
}
