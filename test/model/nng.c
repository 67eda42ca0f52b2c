// flags: -std=c11
// needs: /usr/include/nng/nng.h
#include <nng/nng.h>
#include <nng/supplemental/util/platform.h>

static void body(void *Data) {}

void messages(nng_socket Socket, nng_socket Other, nng_aio *Operation, void *Data, size_t *Size) {
  nng_msg *Message;
  nng_recv(Socket, Data, Size, 0);
  nng_recvmsg(Socket, &Message, 0);
  nng_socket_set_ms(Socket, NNG_OPT_RECVTIMEO, 100);
  nng_setopt_ms(Socket, NNG_OPT_RECVTIMEO, 100);
  nng_device(Socket, Other);
  nng_close(Socket);
  nng_aio_wait(Operation);
  nng_aio_cancel(Operation);
  nng_aio_stop(Operation);
  nng_aio_abort(Operation, 1);
}

void tasks(nng_thread *Thread, nng_mtx *Mutex, nng_cv *Condition) {
  nng_mtx_alloc(&Mutex);
  nng_cv_alloc(&Condition, Mutex);
  nng_thread_create(&Thread, body, 0);
  nng_mtx_lock(Mutex);
  nng_cv_wait(Condition);
  nng_cv_until(Condition, 100);
  nng_cv_wake(Condition);
  nng_cv_wake1(Condition);
  nng_mtx_unlock(Mutex);
  nng_msleep(1);
  nng_thread_destroy(Thread);
  nng_cv_free(Condition);
  nng_mtx_free(Mutex);
}
