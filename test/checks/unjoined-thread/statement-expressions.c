// RUN: %check_tether %s unjoined-thread
#include <pthread.h>

// A condition may have statements in it.

struct Worker {
  pthread_t Id;
  int Started;
};

int ready(void);

void statements_in_a_condition_ok(struct Worker *W) {
  if (({
        int Is = W->Started;
        Is && ready();
      }))
    pthread_join(W->Id, 0);
}
