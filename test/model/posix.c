// flags: -std=c11 -D_GNU_SOURCE
#include <aio.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static void *body(void *Unused) { return 0; }
static void once(void) {}

void tasks(const struct timespec *Soon) {
  static pthread_once_t Once = PTHREAD_ONCE_INIT;
  pthread_t Thread;
  char Name[16];
  int Policy;
  struct sched_param Schedule;
  cpu_set_t Processors;
  clockid_t Clock;
  pthread_create(&Thread, 0, body, 0);
  pthread_setname_np(Thread, "worker");
  pthread_getname_np(Thread, Name, sizeof Name);
  pthread_getschedparam(Thread, &Policy, &Schedule);
  pthread_setschedparam(Thread, Policy, &Schedule);
  pthread_getaffinity_np(Thread, sizeof Processors, &Processors);
  pthread_setaffinity_np(Thread, sizeof Processors, &Processors);
  pthread_getcpuclockid(Thread, &Clock);
  pthread_equal(Thread, pthread_self());
  pthread_once(&Once, once);
  pthread_cancel(Thread);
  pthread_testcancel();
  pthread_kill(Thread, SIGUSR1);
  pthread_join(Thread, 0);
  pthread_tryjoin_np(Thread, 0);
  pthread_timedjoin_np(Thread, 0, Soon);
  pthread_clockjoin_np(Thread, 0, CLOCK_MONOTONIC, Soon);
  pthread_detach(Thread);
  pthread_exit(0);
}

void conditions(pthread_cond_t *Condition, pthread_mutex_t *Mutex, const struct timespec *Soon) {
  pthread_cond_init(Condition, 0);
  pthread_cond_wait(Condition, Mutex);
  pthread_cond_timedwait(Condition, Mutex, Soon);
  pthread_cond_clockwait(Condition, Mutex, CLOCK_MONOTONIC, Soon);
  pthread_cond_signal(Condition);
  pthread_cond_broadcast(Condition);
  pthread_cond_destroy(Condition);
}

void locks(pthread_mutex_t *Mutex, pthread_rwlock_t *Shared, pthread_spinlock_t *Spin,
           const struct timespec *Soon) {
  pthread_mutex_init(Mutex, 0);
  pthread_mutex_lock(Mutex);
  pthread_mutex_trylock(Mutex);
  pthread_mutex_timedlock(Mutex, Soon);
  pthread_mutex_clocklock(Mutex, CLOCK_MONOTONIC, Soon);
  pthread_mutex_unlock(Mutex);
  pthread_mutex_destroy(Mutex);
  pthread_rwlock_init(Shared, 0);
  pthread_rwlock_rdlock(Shared);
  pthread_rwlock_wrlock(Shared);
  pthread_rwlock_tryrdlock(Shared);
  pthread_rwlock_trywrlock(Shared);
  pthread_rwlock_timedrdlock(Shared, Soon);
  pthread_rwlock_timedwrlock(Shared, Soon);
  pthread_rwlock_clockrdlock(Shared, CLOCK_MONOTONIC, Soon);
  pthread_rwlock_clockwrlock(Shared, CLOCK_MONOTONIC, Soon);
  pthread_rwlock_unlock(Shared);
  pthread_rwlock_destroy(Shared);
  pthread_spin_init(Spin, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_lock(Spin);
  pthread_spin_trylock(Spin);
  pthread_spin_unlock(Spin);
  pthread_spin_destroy(Spin);
}

void counting(sem_t *Slots, pthread_barrier_t *Barrier, const struct timespec *Soon) {
  int Value;
  sem_init(Slots, 0, 1);
  sem_getvalue(Slots, &Value);
  sem_wait(Slots);
  sem_trywait(Slots);
  sem_timedwait(Slots, Soon);
  sem_clockwait(Slots, CLOCK_MONOTONIC, Soon);
  sem_post(Slots);
  sem_destroy(Slots);
  sem_close(Slots);
  pthread_barrier_init(Barrier, 0, 2);
  pthread_barrier_wait(Barrier);
  pthread_barrier_destroy(Barrier);
}

void messages(mqd_t Queue, char *Text, const struct timespec *Soon) {
  mq_send(Queue, Text, 1, 0);
  mq_timedsend(Queue, Text, 1, 0, Soon);
  mq_receive(Queue, Text, 1, 0);
  mq_timedreceive(Queue, Text, 1, 0, Soon);
  msgsnd(Queue, Text, 1, 0);
  msgrcv(Queue, Text, 1, 0, 0);
  msgctl(Queue, IPC_RMID, 0);
}

void descriptors(int Socket, char *Buffer, struct msghdr *Message, struct mmsghdr *Messages,
                 struct timespec *Soon, const struct aiocb *const *Operations) {
  struct pollfd Poll;
  struct epoll_event Event;
  fd_set Set;
  eventfd_t Count;
  accept(Socket, 0, 0);
  accept4(Socket, 0, 0, 0);
  recv(Socket, Buffer, 1, 0);
  recvfrom(Socket, Buffer, 1, 0, 0, 0);
  recvmsg(Socket, Message, 0);
  recvmmsg(Socket, Messages, 1, 0, Soon);
  eventfd_read(Socket, &Count);
  eventfd_write(Socket, 1);
  shutdown(Socket, SHUT_RDWR);
  poll(&Poll, 1, -1);
  ppoll(&Poll, 1, Soon, 0);
  select(1, &Set, 0, 0, 0);
  pselect(1, &Set, 0, 0, Soon, 0);
  epoll_wait(Socket, &Event, 1, -1);
  epoll_pwait(Socket, &Event, 1, -1, 0);
  epoll_pwait2(Socket, &Event, 1, Soon, 0);
  aio_suspend(Operations, 1, Soon);
}

void bytes(int Socket, struct msghdr *Message, struct sockaddr *Where, struct termios *Line,
           sigset_t *Signals) {
  char Buffer[1];
  int Both[2];
  read(Socket, Buffer, 1);
  write(Socket, Buffer, 1);
  send(Socket, Buffer, 1, 0);
  connect(Socket, Where, 0);
  close(Socket);
  fcntl(Socket, F_SETFL, O_NONBLOCK);
  ioctl(Socket, FIONBIO, Both);
  setsockopt(Socket, SOL_SOCKET, SO_RCVTIMEO, Buffer, 1);
  tcsetattr(Socket, TCSANOW, Line);
  socket(AF_UNIX, SOCK_STREAM, 0);
  open("file", O_RDONLY);
  pipe2(Both, O_NONBLOCK);
  eventfd(0, EFD_NONBLOCK);
  signalfd(-1, Signals, SFD_NONBLOCK);
  inotify_init1(IN_NONBLOCK);
  timerfd_create(CLOCK_MONOTONIC, 0);
}

void processes(sigset_t *Signals, siginfo_t *Info, const struct timespec *Soon) {
  int Status;
  kill(1, SIGTERM);
  wait(&Status);
  waitpid(1, &Status, 0);
  waitid(P_ALL, 0, Info, WEXITED);
  wait4(1, &Status, 0, 0);
  sigwait(Signals, &Status);
  sigwaitinfo(Signals, Info);
  sigtimedwait(Signals, Info, Soon);
  sigsuspend(Signals);
  pause();
}

void sleeping(const struct timespec *Soon) {
  sleep(1);
  usleep(1);
  nanosleep(Soon, 0);
  clock_nanosleep(CLOCK_MONOTONIC, 0, Soon, 0);
}
