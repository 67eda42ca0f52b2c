// RUN: %check_tether %s '*'
// What clang-tidy's and the static analyzer's own concurrency checks must not report:
// bugprone-spuriously-wake-up-functions, bugprone-unused-return-value, bugprone-signal-handler,
// bugprone-bad-signal-to-kill-thread, unix.BlockInCriticalSection, alpha.unix.PthreadLock, concurrency-*,
// modernize-use-scoped-lock, misc-coroutine-hostile-raii, cppcoreguidelines-no-suspend-with-lock,
// -avoid-capturing-lambda-coroutines and -avoid-reference-coroutine-parameters.
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <exception>
#include <future>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <threads.h>
#include <unistd.h>

using namespace std::chrono_literals;

void use(int Value);
bool condition();

// ---- bugprone-spuriously-wake-up-functions

struct Node {
  int Value;
  Node *Next;
};

class List_ok {
public:
  void push(Node *N) {
    std::lock_guard Lock(Mutex);
    N->Next = Head;
    Head = N;
    NotEmpty.notify_one();
  }

  int consume_in_a_while_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (Head == nullptr)
      NotEmpty.wait(Lock);
    return take();
  }

  int consume_in_a_while_with_braces_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    while (!Head) {
      NotEmpty.wait(Lock);
      ++Wakeups;
    }
    return take();
  }

  int consume_with_a_predicate_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    NotEmpty.wait(Lock, [this] { return Head != nullptr; });
    return take();
  }

  int consume_in_a_do_loop_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (Head == nullptr) {
      do
        NotEmpty.wait(Lock);
      while (Head == nullptr);
    }
    return take();
  }

  int consume_in_a_for_loop_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    for (; Head == nullptr;)
      NotEmpty.wait(Lock);
    return take();
  }

  int consume_in_an_endless_loop_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    for (;;) {
      if (Head != nullptr)
        return take();
      NotEmpty.wait(Lock);
    }
  }

  std::optional<int> consume_with_a_timeout_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    const auto Deadline = std::chrono::steady_clock::now() + 100ms;
    while (Head == nullptr)
      if (NotEmpty.wait_until(Lock, Deadline) == std::cv_status::timeout)
        break;
    if (Head == nullptr)
      return std::nullopt;
    return take();
  }

  std::optional<int> consume_with_wait_for_ok() {
    std::unique_lock<std::mutex> Lock(Mutex);
    if (!NotEmpty.wait_for(Lock, 100ms, [this] { return Head != nullptr; }))
      return std::nullopt;
    return take();
  }

private:
  int take() {
    Node *First = std::exchange(Head, Head->Next);
    return First->Value;
  }

  std::mutex Mutex;
  std::condition_variable NotEmpty;
  Node *Head = nullptr;
  int Wakeups = 0;
};

int list_user_ok() {
  Node A{1, nullptr};
  Node B{2, nullptr};
  List_ok List;
  std::jthread Producer([&] {
    List.push(&A);
    List.push(&B);
  });
  int Sum = List.consume_in_a_while_ok();
  return Sum + List.consume_with_a_predicate_ok();
}

// The same in C11.
class CList_ok {
public:
  CList_ok() {
    mtx_init(&Mutex, mtx_plain);
    cnd_init(&NotEmpty);
  }
  ~CList_ok() {
    cnd_destroy(&NotEmpty);
    mtx_destroy(&Mutex);
  }
  void push(Node *N) {
    mtx_lock(&Mutex);
    N->Next = Head;
    Head = N;
    mtx_unlock(&Mutex);
    cnd_signal(&NotEmpty);
  }
  int consume() {
    mtx_lock(&Mutex);
    while (Head == nullptr)
      cnd_wait(&NotEmpty, &Mutex);
    Node *First = std::exchange(Head, Head->Next);
    mtx_unlock(&Mutex);
    return First->Value;
  }
  int consume_timed() {
    timespec Until{};
    timespec_get(&Until, TIME_UTC);
    Until.tv_sec += 1;
    mtx_lock(&Mutex);
    while (Head == nullptr)
      if (cnd_timedwait(&NotEmpty, &Mutex, &Until) != thrd_success) {
        mtx_unlock(&Mutex);
        return -1;
      }
    Node *First = std::exchange(Head, Head->Next);
    mtx_unlock(&Mutex);
    return First->Value;
  }

private:
  mtx_t Mutex{};
  cnd_t NotEmpty{};
  Node *Head = nullptr;
};

// And with POSIX threads.
class PosixQueue_ok {
public:
  void push(int Value) {
    pthread_mutex_lock(&Mutex);
    Items.push_back(Value);
    pthread_cond_signal(&NotEmpty);
    pthread_mutex_unlock(&Mutex);
  }
  void close() {
    pthread_mutex_lock(&Mutex);
    Closed = true;
    pthread_cond_broadcast(&NotEmpty);
    pthread_mutex_unlock(&Mutex);
  }
  bool pop(int *Value) {
    pthread_mutex_lock(&Mutex);
    while (Items.empty() && !Closed)
      pthread_cond_wait(&NotEmpty, &Mutex);
    bool Found = !Items.empty();
    if (Found) {
      *Value = Items.front();
      Items.pop_front();
    }
    pthread_mutex_unlock(&Mutex);
    return Found;
  }

private:
  pthread_mutex_t Mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t NotEmpty = PTHREAD_COND_INITIALIZER;
  std::deque<int> Items;
  bool Closed = false;
};

void *drain(void *Arg) {
  auto *Queue = static_cast<PosixQueue_ok *>(Arg);
  int Value = 0;
  while (Queue->pop(&Value))
    use(Value);
  return nullptr;
}

int posix_queue_user_ok() {
  PosixQueue_ok Queue;
  pthread_t Consumer;
  if (pthread_create(&Consumer, nullptr, drain, &Queue) != 0)
    return -1;
  for (int I = 0; I < 10; ++I)
    Queue.push(I);
  Queue.close();
  return pthread_join(Consumer, nullptr);
}

int error_in_a_variable_ok() {
  PosixQueue_ok Queue;
  pthread_t Consumer;
  const int Error = pthread_create(&Consumer, nullptr, drain, &Queue);
  if (Error != 0)
    return Error;
  Queue.push(1);
  Queue.close();
  return pthread_join(Consumer, nullptr);
}

int joined_where_it_was_created_ok() {
  PosixQueue_ok Queue;
  pthread_t Consumer;
  int Error = pthread_create(&Consumer, nullptr, drain, &Queue);
  if (Error == 0) {
    Queue.close();
    Error = pthread_join(Consumer, nullptr);
  }
  return Error;
}

int several_consumers_ok() {
  PosixQueue_ok Queue;
  pthread_t Consumers[4];
  int Count = 0;
  while (Count < 4 && pthread_create(&Consumers[Count], nullptr, drain, &Queue) == 0)
    ++Count;
  Queue.close();
  for (int I = 0; I < Count; ++I)
    pthread_join(Consumers[I], nullptr);
  return Count;
}

// ---- unix.BlockInCriticalSection

std::mutex Mutex;
pthread_mutex_t PosixMutex = PTHREAD_MUTEX_INITIALIZER;

void blocks_before_the_lock_ok() {
  sleep(1);
  std::lock_guard Lock(Mutex);
  use(1);
}

void blocks_after_the_unlock_ok() {
  Mutex.lock();
  use(1);
  Mutex.unlock();
  sleep(1);
}

void blocks_after_the_inner_scope_ok() {
  {
    std::scoped_lock Lock(Mutex);
    use(1);
  }
  sleep(1);
}

void blocks_after_an_early_release_ok() {
  std::unique_lock Lock(Mutex);
  use(1);
  Lock.unlock();
  sleep(1);
}

void blocks_while_the_lock_is_deferred_ok() {
  std::unique_lock Lock(Mutex, std::defer_lock);
  sleep(1);
  Lock.lock();
  use(1);
}

void blocks_where_the_lock_was_not_taken_ok() {
  std::unique_lock Lock(Mutex, std::try_to_lock);
  if (!Lock.owns_lock()) {
    std::this_thread::sleep_for(10ms);
    return;
  }
  use(1);
}

void blocks_where_trylock_failed_ok() {
  if (pthread_mutex_trylock(&PosixMutex) != 0) {
    usleep(1000);
    return;
  }
  use(1);
  pthread_mutex_unlock(&PosixMutex);
}

void moved_lock_ok() {
  std::unique_lock Outer(Mutex);
  {
    std::unique_lock Inner = std::move(Outer);
    use(1);
  }
  sleep(1);
}

void lock_dies_with_the_branch_ok() {
  if (std::unique_lock Lock(Mutex, std::try_to_lock); Lock) {
    use(1);
    return;
  }
  std::this_thread::sleep_for(10ms);
}

void task_does_not_hold_the_lock_of_its_creator_ok(std::vector<std::jthread> &Tasks) {
  std::lock_guard Lock(Mutex);
  Tasks.emplace_back([] { std::this_thread::sleep_for(1s); });
}

void lambda_runs_after_the_release_ok() {
  std::unique_lock Lock(Mutex);
  auto Later = [] { std::this_thread::sleep_for(1s); };
  Lock.unlock();
  Later();
}

int nonblocking_socket(int Port) {
  int Fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (Fd < 0 || listen(Fd, Port) != 0)
    return -1;
  return Fd;
}

ssize_t nonblocking_read_ok(int Fd, char *Data, std::size_t Size) {
  std::lock_guard Lock(Mutex);
  return recv(Fd, Data, Size, MSG_DONTWAIT);
}

ssize_t nonblocking_descriptor_ok(char *Data, std::size_t Size) {
  int Fd = open("/dev/ttyS0", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (Fd < 0)
    return -1;
  ssize_t Count = 0;
  {
    std::lock_guard Lock(Mutex);
    Count = read(Fd, Data, Size);
  }
  close(Fd);
  return Count;
}

ssize_t made_nonblocking_ok(int Fd, char *Data, std::size_t Size) {
  if (fcntl(Fd, F_SETFL, fcntl(Fd, F_GETFL) | O_NONBLOCK) != 0)
    return -1;
  std::lock_guard Lock(Mutex);
  return read(Fd, Data, Size);
}

int nonblocking_poll_ok(int Fd) {
  pollfd Entry{Fd, POLLIN, 0};
  std::lock_guard Lock(Mutex);
  return poll(&Entry, 1, 0);
}

class Wakeup_ok {
public:
  Wakeup_ok() {
    if (pipe2(Ends, O_NONBLOCK | O_CLOEXEC) != 0)
      std::abort();
  }
  ~Wakeup_ok() {
    close(Ends[0]);
    close(Ends[1]);
  }
  Wakeup_ok(const Wakeup_ok &) = delete;
  Wakeup_ok &operator=(const Wakeup_ok &) = delete;
  void signal() {
    std::lock_guard Lock(Mutex);
    if (!std::exchange(Pending, true)) {
      char Byte = 0;
      if (write(Ends[1], &Byte, 1) < 0 && errno != EAGAIN)
        std::abort();
    }
  }
  void clear() {
    std::lock_guard Lock(Mutex);
    char Bytes[16];
    while (read(Ends[0], Bytes, sizeof(Bytes)) > 0) {
    }
    Pending = false;
  }

private:
  int Ends[2] = {-1, -1};
  std::mutex Mutex;
  bool Pending = false;
};

int future_is_ready_ok(std::future<int> &Result) {
  std::lock_guard Lock(Mutex);
  if (Result.wait_for(0s) == std::future_status::ready)
    return Result.get();
  return 0;
}

// Waiting on a condition gives up the one lock that is held.
class Gate_ok {
public:
  void open() {
    std::lock_guard Lock(Mutex);
    Open = true;
    Opened.notify_all();
  }
  void pass() {
    std::unique_lock Lock(Mutex);
    Opened.wait(Lock, [this] { return Open; });
  }
  void close_ok() {
    std::thread Old;
    {
      std::lock_guard Lock(Mutex);
      Open = true;
      Opened.notify_all();
      Old = std::move(Worker);
    }
    if (Old.joinable())
      Old.join();
  }
  void start_ok() {
    std::lock_guard Lock(Mutex);
    if (!Worker.joinable())
      Worker = std::thread([this] { pass(); });
  }
  ~Gate_ok() { close_ok(); }

private:
  std::mutex Mutex;
  std::condition_variable Opened;
  bool Open = false;
  std::thread Worker;
};

// ---- alpha.unix.PthreadLock and modernize-use-scoped-lock

pthread_mutex_t First = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t Second = PTHREAD_MUTEX_INITIALIZER;

void always_in_this_order_ok() {
  pthread_mutex_lock(&First);
  pthread_mutex_lock(&Second);
  use(1);
  pthread_mutex_unlock(&Second);
  pthread_mutex_unlock(&First);
}

void and_here_too_ok() {
  pthread_mutex_lock(&First);
  use(1);
  pthread_mutex_lock(&Second);
  use(2);
  pthread_mutex_unlock(&Second);
  pthread_mutex_unlock(&First);
}

void backs_off_ok() {
  for (;;) {
    pthread_mutex_lock(&Second);
    if (pthread_mutex_trylock(&First) == 0)
      break;
    pthread_mutex_unlock(&Second);
    sched_yield();
  }
  use(1);
  pthread_mutex_unlock(&First);
  pthread_mutex_unlock(&Second);
}

void locked_again_after_the_unlock_ok() {
  pthread_mutex_lock(&First);
  use(1);
  pthread_mutex_unlock(&First);
  pthread_mutex_lock(&First);
  use(2);
  pthread_mutex_unlock(&First);
}

void locked_in_each_round_ok() {
  for (int I = 0; I < 3; ++I) {
    pthread_mutex_lock(&First);
    use(I);
    if (condition()) {
      pthread_mutex_unlock(&First);
      continue;
    }
    use(-I);
    pthread_mutex_unlock(&First);
  }
}

std::mutex M1;
std::mutex M2;

void both_at_once_ok() {
  std::scoped_lock Lock(M1, M2);
  use(1);
}

void both_at_once_the_other_way_round_ok() {
  std::scoped_lock Lock(M2, M1);
  use(1);
}

void one_after_the_other_ok() {
  {
    std::lock_guard Lock(M2);
    use(1);
  }
  std::lock_guard Lock(M1);
  use(2);
}

std::shared_mutex Shared;

int upgrade_by_release_ok() {
  {
    std::shared_lock Read(Shared);
    if (!condition())
      return 0;
  }
  std::unique_lock Write(Shared);
  return 1;
}

// A lock that the caller holds is given back and taken again.
void runs_unlocked_ok(std::unique_lock<std::mutex> &Lock) {
  Lock.unlock();
  std::this_thread::sleep_for(1ms);
  Lock.lock();
}

std::unique_lock<std::mutex> returned_lock_ok() {
  std::unique_lock Lock(Mutex);
  use(1);
  return Lock;
}

void holds_a_returned_lock_ok() {
  auto Lock = returned_lock_ok();
  use(2);
}

// ---- coroutines

class Task {
public:
  struct promise_type {
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  explicit Task(std::coroutine_handle<promise_type> Handle) : Handle(Handle) {}
  Task(Task &&Other) noexcept : Handle(std::exchange(Other.Handle, nullptr)) {}
  ~Task() {
    if (Handle)
      Handle.destroy();
  }
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return Handle; }
  void await_resume() const noexcept {}
  void run() { Handle.resume(); }

private:
  std::coroutine_handle<promise_type> Handle;
};

Task yielded();

Task released_before_the_suspension_ok() {
  {
    std::lock_guard Lock(Mutex);
    use(1);
  }
  co_await yielded();
  std::lock_guard Lock(Mutex);
  use(2);
}

Task unlocked_before_the_suspension_ok() {
  std::unique_lock Lock(Mutex);
  use(1);
  Lock.unlock();
  co_await yielded();
  Lock.lock();
  use(2);
}

Task parameters_by_value_ok(std::string Text, std::shared_ptr<int> Count, std::stop_token Stop) {
  while (!Stop.stop_requested() && *Count > 0) {
    co_await yielded();
    use(static_cast<int>(Text.size()));
    --*Count;
  }
}

Task lambda_without_captures_ok(int Value) {
  auto Body = [](int Copy) -> Task {
    co_await yielded();
    use(Copy);
  };
  co_await Body(Value);
}

// The lambda lives as long as the coroutine that awaits it.
Task awaited_lambda_ok(int Value) {
  auto Body = [Value]() -> Task {
    co_await yielded();
    use(Value);
  };
  co_await Body();
}

// ---- bugprone-unused-return-value

int compute();

int result_is_used_ok() {
  auto Result = std::async(std::launch::async, compute);
  return Result.get();
}

void result_is_waited_for_ok() { std::async(std::launch::async, compute).wait(); }

void result_is_awaited_by_the_scope_ok() {
  auto Result = std::async(std::launch::async, compute);
  use(1);
}

// ---- signals and cancellation

std::atomic<bool> Quit{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void on_signal(int) { Quit.store(true, std::memory_order_relaxed); }

void handler_sets_a_flag_ok() {
  struct sigaction Action = {};
  Action.sa_handler = on_signal;
  sigaction(SIGTERM, &Action, nullptr);
  while (!Quit.load(std::memory_order_relaxed)) {
    pollfd None{-1, 0, 0};
    poll(&None, 1, 100);
  }
}

// Signals are blocked and taken by one thread; the thread is woken by a signal of its own.
class Signals_ok {
public:
  Signals_ok() {
    sigemptyset(&Set);
    sigaddset(&Set, SIGINT);
    sigaddset(&Set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &Set, nullptr);
    Worker = std::thread([this] {
      int Number = 0;
      while (sigwait(&Set, &Number) == 0 && Number != SIGUSR1)
        use(Number);
    });
  }
  ~Signals_ok() {
    pthread_kill(Worker.native_handle(), SIGUSR1);
    Worker.join();
  }
  Signals_ok(const Signals_ok &) = delete;
  Signals_ok &operator=(const Signals_ok &) = delete;

private:
  sigset_t Set{};
  std::thread Worker;
};

void *cancellable(void *) {
  pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, nullptr);
  for (;;) {
    sleep(1);
    pthread_testcancel();
  }
}

int deferred_cancellation_ok() {
  pthread_t Thread;
  if (pthread_create(&Thread, nullptr, cancellable, nullptr) != 0)
    return -1;
  pthread_cancel(Thread);
  return pthread_join(Thread, nullptr);
}

std::string formatted_time_ok(std::time_t Time) {
  std::tm Parts{};
  localtime_r(&Time, &Parts);
  char Text[32];
  return std::string(Text, std::strftime(Text, sizeof(Text), "%F %T", &Parts));
}
