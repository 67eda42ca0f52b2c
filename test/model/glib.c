// flags: -std=c11 -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// needs: /usr/include/glib-2.0/gio/gio.h
#include <gio/gio.h>

static gpointer body(gpointer Data) { return Data; }
static void work(gpointer Data, gpointer More) {}
static void stopped(void) {}
static void task(GTask *Task, gpointer Source, gpointer Data, GCancellable *Stop) {}

void stops(GCancellable *Stop, GTask *Task) {
  g_cancellable_is_cancelled(Stop);
  g_cancellable_set_error_if_cancelled(Stop, 0);
  g_cancellable_connect(Stop, G_CALLBACK(stopped), 0, 0);
  g_cancellable_cancel(Stop);
  g_task_get_cancellable(Task);
}

void tasks(GTask *Task) {
  GThread *Thread = g_thread_new("worker", body, 0);
  g_thread_join(Thread);
  Thread = g_thread_try_new("worker", body, 0, 0);
  g_thread_unref(Thread);
  GThreadPool *Pool = g_thread_pool_new(work, 0, 1, TRUE, 0);
  g_thread_pool_push(Pool, 0, 0);
  g_thread_pool_free(Pool, FALSE, TRUE);
  g_task_run_in_thread(Task, task);
  g_task_run_in_thread_sync(Task, task);
}

void waits(GCond *Condition, GMutex *Mutex, GAsyncQueue *Queue) {
  g_cond_init(Condition);
  g_cond_wait(Condition, Mutex);
  g_cond_wait_until(Condition, Mutex, 1);
  g_cond_signal(Condition);
  g_cond_broadcast(Condition);
  g_cond_clear(Condition);
  g_async_queue_push(Queue, Mutex);
  g_async_queue_pop(Queue);
  g_async_queue_try_pop(Queue);
  g_async_queue_timeout_pop(Queue, 1);
  g_async_queue_length(Queue);
}

void locks(GMutex *Mutex, GRecMutex *Recursive, GRWLock *Shared) {
  g_mutex_init(Mutex);
  g_mutex_lock(Mutex);
  g_mutex_trylock(Mutex);
  g_mutex_unlock(Mutex);
  g_mutex_clear(Mutex);
  g_rec_mutex_lock(Recursive);
  g_rec_mutex_trylock(Recursive);
  g_rec_mutex_unlock(Recursive);
  g_rw_lock_reader_lock(Shared);
  g_rw_lock_reader_trylock(Shared);
  g_rw_lock_reader_unlock(Shared);
  g_rw_lock_writer_lock(Shared);
  g_rw_lock_writer_trylock(Shared);
  g_rw_lock_writer_unlock(Shared);
}

void loops(GMainLoop *Loop, GSocket *Socket, GSubprocess *Process) {
  GPollFD Poll;
  char Data[8];
  g_main_loop_run(Loop);
  g_main_loop_quit(Loop);
  g_poll(&Poll, 1, -1);
  g_usleep(1);
  g_socket_accept(Socket, 0, 0);
  g_socket_receive(Socket, Data, 8, 0, 0);
  g_socket_condition_wait(Socket, G_IO_IN, 0, 0);
  g_socket_set_timeout(Socket, 1);
  g_socket_shutdown(Socket, TRUE, TRUE, 0);
  g_subprocess_wait(Process, 0, 0);
}
