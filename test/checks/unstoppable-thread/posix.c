// RUN: %check_tether %s unstoppable-thread
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static pthread_t worker;
static int items;

static void *run_bad(void *unused) {
  for (;;) {
    pthread_mutex_lock(&mutex);
    while (items == 0)
      pthread_cond_wait(&filled, &mutex);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'worker' may never end: 'serve' waits for its end, and nothing ends its wait on 'filled'
    --items;
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

void put(void) {
  pthread_mutex_lock(&mutex);
  ++items;
  pthread_cond_signal(&filled);
  pthread_mutex_unlock(&mutex);
}

int serve(void) {
  int error = pthread_create(&worker, 0, run_bad, 0);
  if (error)
    return error;
  return pthread_join(worker, 0);
}

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_t listener;
static int letters;
static bool closing;

static void *run_ok(void *unused) {
  pthread_mutex_lock(&guard);
  while (!closing) {
    while (letters == 0 && !closing)
      pthread_cond_wait(&changed, &guard);
    letters = 0;
  }
  pthread_mutex_unlock(&guard);
  return unused;
}

int listen_ok(void) { return pthread_create(&listener, 0, run_ok, 0); }

void close_ok(void) {
  pthread_mutex_lock(&guard);
  closing = true;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&guard);
  pthread_join(listener, 0);
}
