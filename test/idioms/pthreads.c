// RUN: %check_tether %s '*' -- -std=gnu11 -pthread
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// ---- one worker: condition, mutex, flag, join -----------------------------------------------------------------

struct worker_ok {
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t cond;
  bool stop;
  int jobs;
  long done;
};

static void *worker_ok_main(void *arg) {
  struct worker_ok *w = arg;
  pthread_mutex_lock(&w->mutex);
  for (;;) {
    while (!w->stop && w->jobs == 0)
      pthread_cond_wait(&w->cond, &w->mutex);
    if (w->jobs == 0)
      break;
    w->jobs--;
    pthread_mutex_unlock(&w->mutex);
    /* the job */
    pthread_mutex_lock(&w->mutex);
    w->done++;
  }
  pthread_mutex_unlock(&w->mutex);
  return NULL;
}

int worker_ok_start(struct worker_ok *w) {
  int err;
  memset(w, 0, sizeof *w);
  if ((err = pthread_mutex_init(&w->mutex, NULL)) != 0)
    return err;
  if ((err = pthread_cond_init(&w->cond, NULL)) != 0)
    goto no_cond;
  if ((err = pthread_create(&w->thread, NULL, worker_ok_main, w)) != 0)
    goto no_thread;
  return 0;

no_thread:
  pthread_cond_destroy(&w->cond);
no_cond:
  pthread_mutex_destroy(&w->mutex);
  return err;
}

void worker_ok_post(struct worker_ok *w) {
  pthread_mutex_lock(&w->mutex);
  w->jobs++;
  pthread_cond_signal(&w->cond);
  pthread_mutex_unlock(&w->mutex);
}

void worker_ok_stop(struct worker_ok *w) {
  pthread_mutex_lock(&w->mutex);
  w->stop = true;
  pthread_cond_signal(&w->cond);
  pthread_mutex_unlock(&w->mutex);
  pthread_join(w->thread, NULL);
  pthread_cond_destroy(&w->cond);
  pthread_mutex_destroy(&w->mutex);
}

// ---- a pool with a linked queue --------------------------------------------------------------------------------

struct job_ok {
  void (*run)(void *);
  void *arg;
  struct job_ok *next;
};

struct tpool_ok {
  pthread_mutex_t lock;
  pthread_cond_t work;
  pthread_cond_t idle;
  struct job_ok *first, *last;
  size_t working;
  size_t threads;
  bool stop;
};

static struct job_ok *tpool_ok_take(struct tpool_ok *p) {
  struct job_ok *j = p->first;
  if (j == NULL)
    return NULL;
  p->first = j->next;
  if (p->first == NULL)
    p->last = NULL;
  return j;
}

/* The threads are detached on purpose elsewhere; here each is joined by tpool_ok_run. */
static void *tpool_ok_worker(void *arg) {
  struct tpool_ok *p = arg;
  for (;;) {
    struct job_ok *j;
    pthread_mutex_lock(&p->lock);
    while (p->first == NULL && !p->stop)
      pthread_cond_wait(&p->work, &p->lock);
    if (p->first == NULL && p->stop)
      break;
    j = tpool_ok_take(p);
    p->working++;
    pthread_mutex_unlock(&p->lock);

    j->run(j->arg);
    free(j);

    pthread_mutex_lock(&p->lock);
    p->working--;
    if (!p->stop && p->working == 0 && p->first == NULL)
      pthread_cond_signal(&p->idle);
    pthread_mutex_unlock(&p->lock);
  }
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

bool tpool_ok_add(struct tpool_ok *p, void (*run)(void *), void *arg) {
  struct job_ok *j = malloc(sizeof *j);
  if (j == NULL)
    return false;
  j->run = run;
  j->arg = arg;
  j->next = NULL;
  pthread_mutex_lock(&p->lock);
  if (p->last == NULL)
    p->first = j;
  else
    p->last->next = j;
  p->last = j;
  pthread_cond_signal(&p->work);
  pthread_mutex_unlock(&p->lock);
  return true;
}

static void tpool_ok_wait(struct tpool_ok *p) {
  pthread_mutex_lock(&p->lock);
  while (p->working != 0 || p->first != NULL)
    pthread_cond_wait(&p->idle, &p->lock);
  pthread_mutex_unlock(&p->lock);
}

int tpool_ok_run(size_t count, void (*seed)(struct tpool_ok *)) {
  struct tpool_ok p = {.lock = PTHREAD_MUTEX_INITIALIZER,
                       .work = PTHREAD_COND_INITIALIZER,
                       .idle = PTHREAD_COND_INITIALIZER};
  pthread_t *threads = calloc(count, sizeof *threads);
  size_t started = 0;
  if (threads == NULL)
    return ENOMEM;
  while (started < count && pthread_create(&threads[started], NULL, tpool_ok_worker, &p) == 0)
    started++;
  if (started > 0) {
    seed(&p);
    tpool_ok_wait(&p);
  }
  pthread_mutex_lock(&p.lock);
  p.stop = true;
  pthread_cond_broadcast(&p.work);
  pthread_mutex_unlock(&p.lock);
  for (size_t i = 0; i < started; i++)
    pthread_join(threads[i], NULL);
  free(threads);
  pthread_mutex_destroy(&p.lock);
  pthread_cond_destroy(&p.work);
  pthread_cond_destroy(&p.idle);
  return started > 0 ? 0 : EAGAIN;
}

// ---- a ring between two semaphores -----------------------------------------------------------------------------

struct ring_ok {
  sem_t used, free;
  pthread_mutex_t mutex;
  int slots[8];
  unsigned head, tail;
};

static void sem_down_ok(sem_t *s) {
  while (sem_wait(s) != 0 && errno == EINTR)
    continue;
}

static void ring_ok_put(struct ring_ok *r, int value) {
  sem_down_ok(&r->free);
  pthread_mutex_lock(&r->mutex);
  r->slots[r->tail++ % 8] = value;
  pthread_mutex_unlock(&r->mutex);
  sem_post(&r->used);
}

static int ring_ok_get(struct ring_ok *r) {
  int value;
  sem_down_ok(&r->used);
  pthread_mutex_lock(&r->mutex);
  value = r->slots[r->head++ % 8];
  pthread_mutex_unlock(&r->mutex);
  sem_post(&r->free);
  return value;
}

static void *ring_ok_consumer(void *arg) {
  struct ring_ok *r = arg;
  long sum = 0;
  int value;
  while ((value = ring_ok_get(r)) >= 0)
    sum += value;
  return (void *)sum;
}

long ring_ok_run(int count) {
  struct ring_ok r;
  pthread_t consumer;
  void *sum = NULL;
  memset(&r, 0, sizeof r);
  sem_init(&r.used, 0, 0);
  sem_init(&r.free, 0, 8);
  pthread_mutex_init(&r.mutex, NULL);
  if (pthread_create(&consumer, NULL, ring_ok_consumer, &r) == 0) {
    for (int i = 0; i < count; i++)
      ring_ok_put(&r, i);
    ring_ok_put(&r, -1);
    pthread_join(consumer, &sum);
  }
  pthread_mutex_destroy(&r.mutex);
  sem_destroy(&r.free);
  sem_destroy(&r.used);
  return (long)sum;
}

// ---- a ticker with pthread_cond_timedwait, file-scope state ------------------------------------------------------

static pthread_mutex_t ticker_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ticker_cond = PTHREAD_COND_INITIALIZER;
static bool ticker_quit;
static unsigned long ticks;
static pthread_t ticker_thread;

static void *ticker_ok_main(void *unused) {
  (void)unused;
  pthread_mutex_lock(&ticker_lock);
  while (!ticker_quit) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 1;
    int err = 0;
    while (!ticker_quit && err != ETIMEDOUT)
      err = pthread_cond_timedwait(&ticker_cond, &ticker_lock, &until);
    ticks++;
  }
  pthread_mutex_unlock(&ticker_lock);
  return NULL;
}

int ticker_ok_start(void) {
  pthread_mutex_lock(&ticker_lock);
  ticker_quit = false;
  pthread_mutex_unlock(&ticker_lock);
  return pthread_create(&ticker_thread, NULL, ticker_ok_main, NULL);
}

void ticker_ok_stop(void) {
  pthread_mutex_lock(&ticker_lock);
  ticker_quit = true;
  pthread_cond_broadcast(&ticker_cond);
  pthread_mutex_unlock(&ticker_lock);
  pthread_join(ticker_thread, NULL);
}
