// Which classes are recognised without a table, and as what. The output is a table itself.
// RUN: %tether model --inferred %s -- -std=c++20 -pthread > %t
// RUN: FileCheck %s --input-file=%t --implicit-check-not='{type:' --implicit-check-not='{call:'
// RUN: cp %t %t.yaml
// RUN: %tether model %t.yaml | FileCheck %s --check-prefix=VALID
// VALID: ok

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <semaphore>
#include <stop_token>
#include <thread>
#include <vector>

// CHECK-LABEL: types:

// ---- queues

// CHECK: inferred.cpp:{{[0-9]+}}: one thread waits for what another one brings, and takes it
// CHECK-NEXT: {type: Bounded, is: channel, capacity-arg: 0}
template <typename T> class Bounded {
public:
  explicit Bounded(unsigned Limit) : Limit(Limit) {}
  void put(T Value) {
    std::unique_lock Lock(M);
    Room.wait(Lock, [this] { return Items.size() < Limit; });
    Items.push_back(std::move(Value));
    Filled.notify_one();
  }
  T take() {
    std::unique_lock Lock(M);
    while (Items.empty())
      Filled.wait(Lock);
    T Value = std::move(Items.front());
    Items.pop_front();
    Room.notify_one();
    return Value;
  }

private:
  const unsigned Limit;
  std::mutex M;
  std::condition_variable Room, Filled;
  std::deque<T> Items;
};
template class Bounded<int>;
template class Bounded<char>;

// CHECK: {type: Gate, is: channel}
// CHECK: {type: Hatch, is: channel, needs-arg: 0}
// CHECK: {type: Inbox, is: channel, on-destroy: [close]}

/// A stop flag ends each wait; the wait takes a token, too.
class Inbox {
public:
  void post(int Value) {
    {
      std::lock_guard Lock(M);
      Items.push_back(Value);
    }
    Changed.notify_one();
  }
  std::optional<int> next(std::stop_token Stop) {
    std::unique_lock Lock(M);
    if (!Changed.wait(Lock, Stop, [this] { return Closed || !Items.empty(); }) || Items.empty())
      return std::nullopt;
    int Value = Items.front();
    Items.pop_front();
    return Value;
  }
  bool tryNext(int &Value) {
    std::lock_guard Lock(M);
    if (Items.empty())
      return false;
    Value = Items.front();
    Items.pop_front();
    return true;
  }
  void shutdown() {
    std::lock_guard Lock(M);
    Closed = true;
    Changed.notify_all();
  }
  ~Inbox() { shutdown(); }

private:
  std::mutex M;
  std::condition_variable_any Changed;
  std::deque<int> Items;
  bool Closed = false;
};

// CHECK: {type: Job, is: thread, on-destroy: [join]}
class Job {
public:
  template <typename F> explicit Job(F Body) : Thread(std::move(Body)) {}
  ~Job() {
    if (Thread.joinable())
      Thread.join();
  }

private:
  std::thread Thread;
};
void useJob() {
  Job J([] {});
}

// CHECK: {type: Permits, is: channel}
/// With the threads of POSIX.
class Permits {
public:
  void acquire() {
    pthread_mutex_lock(&M);
    while (Count == 0)
      pthread_cond_wait(&C, &M);
    --Count;
    pthread_mutex_unlock(&M);
  }
  void release() {
    pthread_mutex_lock(&M);
    ++Count;
    pthread_cond_signal(&C);
    pthread_mutex_unlock(&M);
  }

private:
  pthread_mutex_t M = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t C = PTHREAD_COND_INITIALIZER;
  int Count = 0;
};

// CHECK: {type: Pool, is: group, on-destroy: [join]}
class Pool {
public:
  explicit Pool(unsigned Size) {
    for (unsigned I = 0; I != Size; ++I)
      Workers.emplace_back([this] { work(); });
  }
  ~Pool() {
    {
      std::lock_guard Lock(M);
      Ending = true;
    }
    C.notify_all();
    for (std::thread &Each : Workers)
      Each.join();
  }
  void submit(std::function<void()> Task) {
    {
      std::lock_guard Lock(M);
      Tasks.push_back(std::move(Task));
    }
    C.notify_one();
  }

private:
  void work() {
    for (;;) {
      std::function<void()> Task;
      {
        std::unique_lock Lock(M);
        C.wait(Lock, [this] { return Ending || !Tasks.empty(); });
        if (Tasks.empty())
          return;
        Task = std::move(Tasks.front());
        Tasks.pop_front();
      }
      Task();
    }
  }
  std::mutex M;
  std::condition_variable C;
  std::deque<std::function<void()>> Tasks;
  bool Ending = false;
  std::vector<std::thread> Workers;
};

// CHECK: {type: Relay, is: channel}
/// Nothing of its own: it hands on to what was recognised itself.
class Relay {
public:
  void push(int Value) { Inner.post(Value); }
  std::optional<int> pull(std::stop_token Stop) { return Inner.next(Stop); }
  void end() { Inner.shutdown(); }

private:
  Inbox Inner;
};

// CHECK: {type: Slot, is: channel}
/// A result: two ways to come, one to wait.
class Slot {
public:
  void value(int V) {
    std::lock_guard Lock(M);
    Value = V;
    C.notify_all();
  }
  void error() {
    std::lock_guard Lock(M);
    Failed = true;
    C.notify_all();
  }
  std::optional<int> get() {
    std::unique_lock Lock(M);
    C.wait(Lock, [this] { return Value.has_value() || Failed; });
    return Value;
  }

private:
  std::mutex M;
  std::condition_variable C;
  std::optional<int> Value;
  bool Failed = false;
};

/// An event that is reset by hand.
class Gate {
public:
  void open() {
    std::lock_guard Lock(M);
    Open = true;
    C.notify_all();
  }
  void shut() {
    std::lock_guard Lock(M);
    Open = false;
  }
  void pass() {
    std::unique_lock Lock(M);
    C.wait(Lock, [this] { return Open; });
  }

private:
  std::mutex M;
  std::condition_variable C;
  bool Open = false;
};

/// A latch.
class Hatch {
public:
  explicit Hatch(int Needed) : Left(Needed) {}
  void arrive() {
    std::lock_guard Lock(M);
    if (--Left == 0)
      C.notify_all();
  }
  void wait() {
    std::unique_lock Lock(M);
    C.wait(Lock, [this] { return Left == 0; });
  }

private:
  std::mutex M;
  std::condition_variable C;
  int Left;
};

// ---- what is none of them

/// Its own thread waits: nobody else uses it to wait for something.
class Worker {
public:
  void start() { Thread = std::thread(&Worker::run, this); }
  void stop() {
    {
      std::lock_guard Lock(M);
      Stopping = true;
    }
    C.notify_all();
    Thread.join();
  }
  void run() {
    std::unique_lock Lock(M);
    C.wait(Lock, [this] { return Stopping; });
  }

private:
  std::mutex M;
  std::condition_variable C;
  bool Stopping = false;
  std::thread Thread;
};

/// One method brings and takes: what it is for cannot be said in one word.
class Swap {
public:
  int exchange(int Value) {
    std::unique_lock Lock(M);
    C.wait(Lock, [this] { return Full; });
    Full = false;
    Full = Value != 0;
    C.notify_all();
    return Value;
  }

private:
  std::mutex M;
  std::condition_variable C;
  bool Full = false;
};

/// Waits only for a time: whoever uses it goes on in any case.
class Watch {
public:
  void ping() {
    std::lock_guard Lock(M);
    Seen = true;
    C.notify_all();
  }
  bool look() {
    std::unique_lock Lock(M);
    return C.wait_for(Lock, std::chrono::seconds(1), [this] { return Seen; });
  }

private:
  std::mutex M;
  std::condition_variable C;
  bool Seen = false;
};

/// What others may change is not known.
struct Open {
  void wait() {
    std::unique_lock Lock(M);
    C.wait(Lock, [this] { return Ready; });
  }
  void set();
  std::mutex M;
  std::condition_variable C;
  bool Ready = false;
};

// CHECK: calls:
// CHECK-NEXT: {call: Bounded::take, is: receive}  # waits on 'Filled' until 'Items' grows or is set, and takes from it
// CHECK-NEXT: {call: Bounded::put, is: send}  # waits on 'Room' until 'Items' shrinks or is reset
// CHECK-NEXT: {call: Gate::pass, is: receive}  # waits on 'C' until 'Open' grows or is set
// CHECK-NEXT: {call: Gate::open, is: send, blocks: false}  # raises 'Open'
// CHECK-NEXT: {call: Hatch::wait, is: receive}  # waits on 'C' until 'Left' shrinks or is reset
// CHECK-NEXT: {call: Hatch::arrive, is: send, blocks: false}  # lowers 'Left'
// CHECK-NEXT: {call: Inbox::next, is: receive}
// CHECK-NEXT: {call: Inbox::post, is: send, blocks: false}  # adds to 'Items'
// CHECK-NEXT: {call: Inbox::tryNext, is: receive, blocks: false}  # takes from 'Items' if it can
// CHECK-NEXT: {call: Inbox::shutdown, is: close}  # sets 'Closed', which ends each wait
// CHECK-NEXT: {call: Job::Job, is: spawn, callable: 0}  # runs what it is given in 'Thread'
// CHECK-NEXT: {call: Permits::acquire, is: receive}
// CHECK-NEXT: {call: Permits::release, is: send, blocks: false}
// CHECK-NEXT: {call: Pool::submit, is: spawn, callable: 0}  # keeps what it is given in 'Tasks', from where its tasks take what they run
// CHECK-NEXT: {call: Relay::pull, is: receive}
// CHECK-NEXT: {call: Relay::push, is: send, blocks: false}
// CHECK-NEXT: {call: Relay::end, is: close}
// CHECK-NEXT: {call: Slot::get, is: receive}
// CHECK-NEXT: {call: Slot::value, is: send, blocks: false}
// CHECK-NEXT: {call: Slot::error, is: send, blocks: false}
