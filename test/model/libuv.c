// flags: -std=c11 -D_GNU_SOURCE
// needs: /usr/include/uv.h
#include <uv.h>

static void body(void *Data) {}
static void work(uv_work_t *Work) {}
static void done(uv_work_t *Work, int Status) {}

void tasks(uv_thread_t *Thread, uv_loop_t *Loop, uv_work_t *Work) {
  uv_thread_options_t Options;
  uv_thread_create(Thread, body, 0);
  uv_thread_create_ex(Thread, &Options, body, 0);
  uv_thread_equal(Thread, Thread);
  uv_thread_join(Thread);
  uv_queue_work(Loop, Work, work, done);
  uv_cancel((uv_req_t *)Work);
  uv_run(Loop, UV_RUN_DEFAULT);
  uv_stop(Loop);
  uv_sleep(1);
}

void waits(uv_cond_t *Condition, uv_mutex_t *Mutex, uv_sem_t *Slots, uv_barrier_t *Barrier) {
  uv_cond_init(Condition);
  uv_cond_wait(Condition, Mutex);
  uv_cond_timedwait(Condition, Mutex, 1);
  uv_cond_signal(Condition);
  uv_cond_broadcast(Condition);
  uv_cond_destroy(Condition);
  uv_sem_init(Slots, 1);
  uv_sem_wait(Slots);
  uv_sem_trywait(Slots);
  uv_sem_post(Slots);
  uv_sem_destroy(Slots);
  uv_barrier_init(Barrier, 2);
  uv_barrier_wait(Barrier);
  uv_barrier_destroy(Barrier);
}

void locks(uv_mutex_t *Mutex, uv_rwlock_t *Shared) {
  uv_mutex_init(Mutex);
  uv_mutex_lock(Mutex);
  uv_mutex_trylock(Mutex);
  uv_mutex_unlock(Mutex);
  uv_mutex_destroy(Mutex);
  uv_rwlock_rdlock(Shared);
  uv_rwlock_tryrdlock(Shared);
  uv_rwlock_rdunlock(Shared);
  uv_rwlock_wrlock(Shared);
  uv_rwlock_trywrlock(Shared);
  uv_rwlock_wrunlock(Shared);
}
