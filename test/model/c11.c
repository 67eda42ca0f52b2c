// flags: -std=c11
#include <threads.h>

static int body(void *Unused) { return 0; }
static void once(void) {}

void tasks(const struct timespec *Soon) {
  static once_flag Once = ONCE_FLAG_INIT;
  thrd_t Thread;
  thrd_create(&Thread, body, 0);
  thrd_equal(Thread, thrd_current());
  thrd_join(Thread, 0);
  thrd_detach(Thread);
  thrd_sleep(Soon, 0);
  call_once(&Once, once);
}

void locks(mtx_t *Mutex, cnd_t *Condition, const struct timespec *Soon) {
  mtx_init(Mutex, mtx_plain);
  mtx_lock(Mutex);
  mtx_trylock(Mutex);
  mtx_timedlock(Mutex, Soon);
  cnd_init(Condition);
  cnd_wait(Condition, Mutex);
  cnd_timedwait(Condition, Mutex, Soon);
  cnd_signal(Condition);
  cnd_broadcast(Condition);
  cnd_destroy(Condition);
  mtx_unlock(Mutex);
  mtx_destroy(Mutex);
}
