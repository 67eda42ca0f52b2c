// RUN: %check_tether %s blocked-forever
// Whose objects are waited for: of a caller, of the one class that uses them, of a pool.
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <mutex>
#include <pthread.h>
#include <queue>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

bool ready();
void work();

// ---- made by whoever calls the function that starts the task ------------------------------------

struct Job {
  pthread_mutex_t Lock;
  pthread_cond_t Ended;
  int Done;
};

static void *runJob(void *Data) {
  Job *J = static_cast<Job *>(Data);
  pthread_mutex_lock(&J->Lock);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the lock of 'Lock' may block for ever: 'joins_with_the_lock_bad' waits for it in turn
  J->Done = 1;
  pthread_cond_broadcast(&J->Ended);
  pthread_mutex_unlock(&J->Lock);
  return nullptr;
}

static int finishLate(Job *J, const timespec *Limit) {
  pthread_t Worker;
  pthread_mutex_lock(&J->Lock);
  if (pthread_create(&Worker, nullptr, runJob, J)) {
    pthread_mutex_unlock(&J->Lock);
    return 1;
  }
  while (!J->Done)
    if (pthread_cond_timedwait(&J->Ended, &J->Lock, Limit) != 0)
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: 'Lock' is left locked when 'joins_with_the_lock_bad' goes this way
      goto join;
  pthread_mutex_unlock(&J->Lock);
join:
  pthread_join(Worker, nullptr);
  return 0;
}

int joins_with_the_lock_bad(const timespec *Limit) {
  Job *J = static_cast<Job *>(calloc(1, sizeof(Job)));
  pthread_mutex_init(&J->Lock, nullptr);
  pthread_cond_init(&J->Ended, nullptr);
  int Result = finishLate(J, Limit);
  free(J);
  return Result;
}

static int finishInTime(Job *J, const timespec *Limit) {
  pthread_t Worker;
  pthread_mutex_lock(&J->Lock);
  if (pthread_create(&Worker, nullptr, runJob, J)) {
    pthread_mutex_unlock(&J->Lock);
    return 1;
  }
  while (!J->Done)
    if (pthread_cond_timedwait(&J->Ended, &J->Lock, Limit) != 0)
      break;
  pthread_mutex_unlock(&J->Lock);
  pthread_join(Worker, nullptr);
  return 0;
}

int unlocks_before_the_join_ok(const timespec *Limit) {
  Job *J = static_cast<Job *>(calloc(1, sizeof(Job)));
  pthread_mutex_init(&J->Lock, nullptr);
  pthread_cond_init(&J->Ended, nullptr);
  int Result = finishInTime(J, Limit);
  free(J);
  return Result;
}

// ---- the thread ends with a mutex held ----------------------------------------------------------

static pthread_mutex_t Clients = PTHREAD_MUTEX_INITIALIZER;

void *exits_with_the_lock_bad(void *) {
  pthread_mutex_lock(&Clients);
  if (!ready())
    pthread_exit(nullptr);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Clients' is left locked when 'exits_with_the_lock_bad' goes this way
  work();
  pthread_mutex_unlock(&Clients);
  return nullptr;
}

static pthread_mutex_t Peers = PTHREAD_MUTEX_INITIALIZER;

void *exits_without_the_lock_ok(void *) {
  pthread_mutex_lock(&Peers);
  if (!ready()) {
    pthread_mutex_unlock(&Peers);
    pthread_exit(nullptr);
  }
  work();
  pthread_mutex_unlock(&Peers);
  return nullptr;
}

// The program ends, and with it everybody who waits.
static pthread_mutex_t Last = PTHREAD_MUTEX_INITIALIZER;

void *program_ends_ok(void *) {
  pthread_mutex_lock(&Last);
  if (!ready())
    exit(1);
  pthread_mutex_unlock(&Last);
  return nullptr;
}

// ---- readers --------------------------------------------------------------------------------------

class ReadsTwice_bad {
public:
  int read() {
    std::shared_lock Lock(Mutex);
    return version();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: 'Mutex' is locked for reading by a thread that reads already: it waits for ever when a writer comes between
  }
  void write(int To) {
    std::unique_lock Lock(Mutex);
    Version = To;
  }

private:
  int version() {
    std::shared_lock Lock(Mutex);
    return Version;
  }
  std::shared_mutex Mutex;
  int Version = 0;
};

class ReadsOnce_ok {
public:
  int read() {
    std::shared_lock Lock(Mutex);
    return Version;
  }
  void write(int To) {
    std::unique_lock Lock(Mutex);
    Version = To;
  }

private:
  std::shared_mutex Mutex;
  int Version = 0;
};

// POSIX allows that.
class ReadsTwiceInPosix_ok {
public:
  int read() {
    pthread_rwlock_rdlock(&Lock);
    int Result = version();
    pthread_rwlock_unlock(&Lock);
    return Result;
  }
  void write(int To) {
    pthread_rwlock_wrlock(&Lock);
    Version = To;
    pthread_rwlock_unlock(&Lock);
  }

private:
  int version() {
    pthread_rwlock_rdlock(&Lock);
    int Result = Version;
    pthread_rwlock_unlock(&Lock);
    return Result;
  }
  pthread_rwlock_t Lock = PTHREAD_RWLOCK_INITIALIZER;
  int Version = 0;
};

// ---- a callable that runs under the caller's lock -----------------------------------------------

class Database {
public:
  void rotateLocked(const std::function<int(int)> &Make) {
    std::lock_guard Lock(Mutex);
    Backend = Make(Backend);
    // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: 'Mutex' is locked by the thread that holds it: it waits for itself for ever
  }
  void rotate(const std::function<int(int)> &Make) {
    const int Next = Make(fetch());
    std::lock_guard Lock(Mutex);
    Backend = Next;
  }
  int fetch() {
    std::lock_guard Lock(Mutex);
    return Backend;
  }

private:
  std::mutex Mutex;
  int Backend = 0;
};

class Keeper {
public:
  explicit Keeper(Database &D) : Db(D) {}
  void rotates_under_the_lock_bad() {
    Db.rotateLocked([&](int Before) {
      refresh();
      return Before + 1;
    });
  }
  void rotates_before_the_lock_ok() {
    Db.rotate([&](int Before) {
      refresh();
      return Before + 1;
    });
  }

private:
  void refresh() { Seen = Db.fetch(); }
  Database &Db;
  int Seen = 0;
};

// ---- a part of one class only -------------------------------------------------------------------

// What its one user does not do with it does not happen.
class Letters {
public:
  void put(int L) {
    std::lock_guard Lock(Mutex);
    if (Closed)
      return;
    All.push_back(L);
    Came.notify_one();
  }
  int take() {
    std::unique_lock Lock(Mutex);
    Came.wait(Lock, [this] { return !All.empty(); });
    int L = All.front();
    All.pop_front();
    return L;
  }
  void close() {
    std::lock_guard Lock(Mutex);
    Closed = true;
  }

private:
  std::mutex Mutex;
  std::condition_variable Came;
  std::deque<int> All;
  bool Closed = false;
};

class Reader_ok {
public:
  Reader_ok() : Loop([this] { run(); }) {}
  ~Reader_ok() {
    Ended = true;
    Box.put(0);
    Loop.join();
  }

private:
  void run() {
    while (!Ended) {
      Box.take();
      work();
    }
    Box.close();
  }
  Letters Box;
  std::atomic<bool> Ended{false};
  std::thread Loop;
};

// ---- something that a function has made, by another name -----------------------------------------

struct List {
  std::mutex *Lock;
  std::condition_variable *Came;
  std::deque<int> Items;
  bool Closed;
};

static List *makeList() {
  return new List{new std::mutex, new std::condition_variable, {}, false};
}

static bool take(List *L, int &Item) {
  std::unique_lock<std::mutex> Lock(*L->Lock);
  while (L->Items.empty()) {
    if (L->Closed)
      return false;
    L->Came->wait(Lock);
  }
  Item = L->Items.front();
  L->Items.pop_front();
  return true;
}

static void closeList(List *L) {
  std::unique_lock<std::mutex> Lock(*L->Lock);
  L->Closed = true;
  L->Came->notify_all();
}

void worker_and_starter_have_the_same_ok() {
  List *L = makeList();
  std::thread Worker([&] {
    int Item = 0;
    while (take(L, Item))
      work();
  });
  closeList(L);
  Worker.join();
}

// ---- tasks of a pool of somebody else -------------------------------------------------------------

class Workers {
public:
  explicit Workers(unsigned N) {
    for (unsigned I = 0; I < N; ++I)
      Threads.emplace_back([this] { run(); });
  }
  ~Workers() {
    {
      std::lock_guard Lock(Mutex);
      Done = true;
    }
    Came.notify_all();
    for (auto &T : Threads)
      T.join();
  }
  void post(std::function<void()> F) {
    {
      std::lock_guard Lock(Mutex);
      Jobs.push(std::move(F));
    }
    Came.notify_one();
  }

private:
  void run() {
    for (;;) {
      std::unique_lock Lock(Mutex);
      Came.wait(Lock, [this] { return Done || !Jobs.empty(); });
      if (Jobs.empty())
        return;
      auto F = std::move(Jobs.front());
      Jobs.pop();
      Lock.unlock();
      F();
    }
  }
  std::mutex Mutex;
  std::condition_variable Came;
  std::queue<std::function<void()>> Jobs;
  bool Done = false;
  std::vector<std::thread> Threads;
};

void pool_of_the_caller_ok(Workers &Pool, int Items) {
  std::mutex Mutex;
  std::condition_variable AllDone;
  int Pending = 2;
  auto Finish = [&] {
    std::lock_guard Lock(Mutex);
    --Pending;
    AllDone.notify_one();
  };
  Pool.post([&Finish] { Finish(); });
  Pool.post([&Finish, Items] {
    if (Items > 0)
      work();
    Finish();
  });
  std::unique_lock Lock(Mutex);
  AllDone.wait(Lock, [&] { return Pending == 0; });
}

void one_of_two_tells_nobody_bad(Workers &Pool) {
  std::mutex Mutex;
  std::condition_variable AllDone;
  int Pending = 2;
  Pool.post([&] {
    std::lock_guard Lock(Mutex);
    --Pending;
    AllDone.notify_one();
  });
  Pool.post([&] { work(); });
  std::unique_lock Lock(Mutex);
  AllDone.wait(Lock, [&] { return Pending == 0; });
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: the wait on 'AllDone' may block for ever:
}
