// RUN: %check_tether %s blocked-forever
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <vector>

class Locked_twice_bad {
public:
  void add() {
    std::lock_guard Lock(Mutex);
    size();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Mutex' is locked by the thread that holds it: it waits for itself for ever [tether-blocked-forever]
  }
  int size() {
    std::lock_guard Lock(Mutex);
    return Count;
  }
  void direct() {
    Mutex.lock();
    Mutex.lock();
    // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'Mutex' is locked by the thread that holds it: it waits for itself for ever [tether-blocked-forever]
    Mutex.unlock();
  }

private:
  std::mutex Mutex;
  int Count = 0;
};

class Unlocked_before_ok {
public:
  void add() {
    std::unique_lock Lock(Mutex);
    ++Count;
    Lock.unlock();
    size();
    Lock.lock();
  }
  void scoped() {
    {
      std::lock_guard Lock(Mutex);
      ++Count;
    }
    size();
  }
  void early(bool Stop) {
    std::unique_lock Lock(Mutex);
    if (Stop) {
      Lock.unlock();
      size();
      return;
    }
    ++Count;
  }
  int size() {
    std::lock_guard Lock(Mutex);
    return Count;
  }
  void helper() {
    std::unique_lock Lock(Mutex);
    release(Lock);
    size();
  }

private:
  static void release(std::unique_lock<std::mutex> &Lock) { Lock.unlock(); }
  std::mutex Mutex;
  int Count = 0;
};

class Recursive_ok {
public:
  void add() {
    std::lock_guard Lock(Mutex);
    size();
  }
  int size() {
    std::lock_guard Lock(Mutex);
    return Count;
  }

private:
  std::recursive_mutex Mutex;
  int Count = 0;
};

class Tried_ok {
public:
  void add() {
    std::lock_guard Lock(Mutex);
    std::unique_lock Again(Mutex, std::try_to_lock);
    if (Mutex.try_lock())
      Mutex.unlock();
  }

private:
  std::mutex Mutex;
};

class Reader_in_writer_bad {
public:
  void clear() {
    std::unique_lock Lock(Mutex);
    notify();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Mutex' is locked by the thread that holds it: it waits for itself for ever [tether-blocked-forever]
  }

private:
  void notify() { std::shared_lock Lock(Mutex); }
  std::shared_mutex Mutex;
};

class Readers_ok { // hangs only when a writer comes between, and none does: Strict
public:
  void look() {
    std::shared_lock Lock(Mutex);
    std::shared_lock Again(Mutex);
  }

private:
  std::shared_mutex Mutex;
};

// The caller knows.

class Told_not_to_lock_ok {
public:
  void add() {
    std::lock_guard Lock(Mutex);
    log(/*Locked=*/true);
  }
  void log(bool Locked) {
    std::unique_lock Lock(Mutex, std::defer_lock);
    if (!Locked)
      Lock.lock();
    ++Count;
  }

private:
  std::mutex Mutex;
  int Count = 0;
};

class Unlocks_for_a_while_ok {
public:
  void run() {
    std::unique_lock Lock(Mutex);
    for (int I = 0; I != 3; ++I) {
      ++Count;
      call(Lock);
    }
  }

private:
  void call(std::unique_lock<std::mutex> &Lock) {
    Lock.unlock();
    other();
    Lock.lock();
  }
  void other() { std::lock_guard Lock(Mutex); }
  std::mutex Mutex;
  int Count = 0;
};

// Not the same mutex.

struct Node {
  std::mutex Mutex;
  Node *Next = nullptr;
  std::vector<Node> Children;
};

void hand_over_hand_ok(Node &Head) {
  Node *Now = &Head;
  Now->Mutex.lock();
  while (Now->Next) {
    Node *Last = Now;
    Now = Now->Next;
    Now->Mutex.lock();
    Last->Mutex.unlock();
  }
  Now->Mutex.unlock();
}

void elements_ok(Node &Head) {
  std::lock_guard First(Head.Children[0].Mutex);
  std::lock_guard Second(Head.Children[1].Mutex);
}

void instances_ok(Node &A, Node &B) {
  std::lock_guard First(A.Mutex);
  std::lock_guard Second(B.Mutex);
}

void moved_ok(std::mutex &Mutex, void (*Keep)(std::unique_lock<std::mutex>)) {
  std::unique_lock Lock(Mutex);
  Keep(std::move(Lock));
  std::lock_guard Again(Mutex);
}

std::mutex Global;

void global_bad(bool Again) {
  std::lock_guard First(Global);
  if (Again) {
    std::lock_guard Second(Global);
    // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: 'Global' is locked by the thread that holds it: it waits for itself for ever [tether-blocked-forever]
  }
}

void adopted_ok() {
  Global.lock();
  std::lock_guard Lock(Global, std::adopt_lock);
}

void locks_and_leaves_locked_ok() { Global.lock(); }
void unlocks_ok() { Global.unlock(); }
void in_pairs_ok() {
  locks_and_leaves_locked_ok();
  unlocks_ok();
  locks_and_leaves_locked_ok();
  unlocks_ok();
}
void without_unlock_bad() {
  locks_and_leaves_locked_ok();
  locks_and_leaves_locked_ok();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: 'Global' is locked by the thread that holds it: it waits for itself for ever [tether-blocked-forever]
}

// ---- callables that an object keeps -----------------------------------------------------------

class Confirmed_bad {
public:
  using Callback = std::function<void(int)>;
  void send(int Id, Callback Done) {
    std::lock_guard Lock(M);
    Pending.emplace(Id, std::move(Done));
  }
  void confirm(int Id) {
    std::lock_guard Lock(M);
    Pending.at(Id)(Id);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'M' is locked by the thread that holds it: it waits for itself for ever
    Pending.erase(Id);
  }

private:
  std::mutex M;
  std::map<int, Callback> Pending;
};

class Sends_again_bad {
public:
  explicit Sends_again_bad(Confirmed_bad &To) : To(To) {}
  void send(int Id) {
    To.send(Id, [this](int Failed) { send(Failed + 1); });
  }

private:
  Confirmed_bad &To;
};

class Confirmed_ok {
public:
  using Callback = std::function<void(int)>;
  void send(int Id, Callback Done) {
    std::lock_guard Lock(M);
    Pending.emplace(Id, std::move(Done));
  }
  void confirm(int Id) {
    Callback Done;
    {
      std::lock_guard Lock(M);
      Done = std::move(Pending.at(Id));
      Pending.erase(Id);
    }
    Done(Id);
  }

private:
  std::mutex M;
  std::map<int, Callback> Pending;
};

class Sends_again_ok {
public:
  explicit Sends_again_ok(Confirmed_ok &To, Confirmed_bad &Other) : To(To), Other(Other) {}
  void send(int Id) {
    To.send(Id, [this](int Failed) { send(Failed + 1); });
    Other.send(Id, [this](int Failed) { To.send(Failed, [](int) {}); }); // another mutex
  }

private:
  Confirmed_ok &To;
  Confirmed_bad &Other;
};
