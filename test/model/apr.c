// flags: -std=c11 -D_GNU_SOURCE -I/usr/include/apr-1.0
// needs: /usr/include/apr-1.0/apr_thread_proc.h
#include <apr_poll.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>
#include <apr_thread_rwlock.h>

static void *APR_THREAD_FUNC body(apr_thread_t *Thread, void *Data) { return Data; }
static apr_status_t ready(void *Data, apr_pollfd_t *Descriptor) { return APR_SUCCESS; }

void tasks(apr_thread_t *Thread, apr_pool_t *Pool, apr_proc_t *Process) {
  apr_status_t Status;
  apr_thread_create(&Thread, 0, body, 0, Pool);
  apr_thread_detach(Thread);
  apr_thread_join(&Status, Thread);
  apr_proc_wait(Process, 0, 0, APR_WAIT);
  apr_sleep(1);
}

void conditions(apr_thread_cond_t *Condition, apr_thread_mutex_t *Mutex, apr_pool_t *Pool) {
  apr_thread_cond_create(&Condition, Pool);
  apr_thread_cond_wait(Condition, Mutex);
  apr_thread_cond_timedwait(Condition, Mutex, 1);
  apr_thread_cond_signal(Condition);
  apr_thread_cond_broadcast(Condition);
  apr_thread_cond_destroy(Condition);
}

void locks(apr_thread_mutex_t *Mutex, apr_thread_rwlock_t *Shared, apr_pool_t *Pool) {
  apr_thread_mutex_create(&Mutex, APR_THREAD_MUTEX_DEFAULT, Pool);
  apr_thread_mutex_lock(Mutex);
  apr_thread_mutex_trylock(Mutex);
  apr_thread_mutex_unlock(Mutex);
  apr_thread_mutex_destroy(Mutex);
  apr_thread_rwlock_create(&Shared, Pool);
  apr_thread_rwlock_rdlock(Shared);
  apr_thread_rwlock_wrlock(Shared);
  apr_thread_rwlock_tryrdlock(Shared);
  apr_thread_rwlock_trywrlock(Shared);
  apr_thread_rwlock_unlock(Shared);
  apr_thread_rwlock_destroy(Shared);
}

void descriptors(apr_pollset_t *Set, apr_pollcb_t *Calls, apr_pollfd_t *Descriptors,
                 apr_socket_t *Socket, apr_socket_t *New, apr_sockaddr_t *From, apr_pool_t *Pool) {
  apr_int32_t Number;
  const apr_pollfd_t *Ready;
  char Data[8];
  apr_size_t Length = sizeof Data;
  apr_poll(Descriptors, 1, &Number, -1);
  apr_pollset_poll(Set, -1, &Number, &Ready);
  apr_pollcb_poll(Calls, -1, ready, 0);
  apr_pollset_wakeup(Set);
  apr_socket_accept(&New, Socket, Pool);
  apr_socket_recv(Socket, Data, &Length);
  apr_socket_recvfrom(From, Socket, 0, Data, &Length);
  apr_socket_shutdown(Socket, APR_SHUTDOWN_READWRITE);
}
