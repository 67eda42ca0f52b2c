// RUN: %check_tether %s detached-thread
#include <threads.h>

static int run(void *Data);

void thread_bad(void) {
  thrd_t Worker;
  if (thrd_create(&Worker, run, 0) == thrd_success)
    thrd_detach(Worker);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: thread 'Worker' is detached:
}

void own_thread_bad(void) {
  thrd_detach(thrd_current());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: temporary thread is detached:
}

void thread_ok(void) {
  thrd_t Worker;
  int Result;
  if (thrd_create(&Worker, run, 0) == thrd_success)
    thrd_join(Worker, &Result);
}

static int run(void *Data) { return 0; }
