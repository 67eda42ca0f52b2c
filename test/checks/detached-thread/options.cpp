// RUN: %check_tether %s detached-thread -config="{CheckOptions: {tether-detached-thread.AllowedCalls: 'std::thread::detach;pthread_detach'}}"
#include <pthread.h>
#include <string>
#include <thread>

void work();
void use(const std::string &Text);

void allowed_ok() { std::thread(work).detach(); }

void allowed_in_posix_ok(pthread_t Worker) { pthread_detach(Worker); }

void another_call_bad() {
  std::jthread(work).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:22: warning: temporary thread is detached:
}

// Nothing makes this safe.
void allowed_but_uses_a_local_bad() {
  std::string Text;
  std::thread Writer([&] { use(Text); });
  Writer.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Writer' is detached:
}
