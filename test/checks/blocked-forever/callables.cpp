// RUN: %check_tether %s blocked-forever
// Who waits is woken by a callable that others keep.
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

bool ready();

class Server {
  using Acceptor = std::function<void(int)>;

public:
  // Kept, within another callable, where the next connection finds it.
  int kept_for_later_ok() {
    int Got = 0;
    std::condition_variable Came;
    std::mutex Mutex;
    std::unique_lock Lock(Mutex);
    acceptOnce([&Came, &Mutex, &Got](int Socket) {
      Got = Socket;
      std::unique_lock Lock(Mutex);
      Came.notify_all();
    });
    Came.wait(Lock);
    return Got;
  }

  // There is one: "if it is there" is no way round it.
  int run_if_there_ok(int Where) {
    volatile bool Done = false;
    int Got = 0;
    std::condition_variable Came;
    std::mutex Mutex;
    create(
        [&](int Socket) {
          Got = Socket;
          std::unique_lock Lock(Mutex);
          Came.notify_all();
          Done = true;
        },
        Where);
    while (!Done) {
      std::unique_lock Lock(Mutex);
      if (!Done)
        Came.wait(Lock);
    }
    return Got;
  }

  int dropped_on_some_way_bad(int Where) {
    bool Done = false;
    int Got = 0;
    std::condition_variable Came;
    std::mutex Mutex;
    createIfReady(
        [&](int Socket) {
          Got = Socket;
          std::unique_lock Lock(Mutex);
          Came.notify_all();
          Done = true;
        },
        Where);
    std::unique_lock Lock(Mutex);
    while (!Done)
      Came.wait(Lock);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: the wait on 'Came' may block for ever: nobody is left who notifies it
    return Got;
  }

private:
  void acceptOnce(const Acceptor &Accept) {
    std::thread([Accept, this] {
      if (!Pending.empty()) {
        Accept(Pending.front());
        Pending.pop_front();
      } else {
        Open = std::bind(&Server::accepted, this, std::placeholders::_1, Accept, Open);
      }
    }).detach();
  }
  void accepted(int Socket, Acceptor Accept, Acceptor Before) {
    Open = Before;
    Accept(Socket);
  }
  void create(Acceptor Complete, int Where) {
    if (!Complete)
      return;
    request(Where, [Complete](int Socket) { Complete(Socket + 1); });
  }
  void request(int Where, Acceptor Complete) {
    if (ready()) {
      Requests.push_back(Complete);
      return;
    }
    if (Complete)
      Complete(0);
  }
  void createIfReady(Acceptor Complete, int Where) {
    if (ready())
      Complete(Where);
  }

  Acceptor Open;
  std::list<int> Pending;
  std::list<Acceptor> Requests;
};

// ---- what an object was made of goes with it ----------------------------------------------------

class Beacon {
public:
  void fire() { std::lock_guard L(M); Fired = true; C.notify_all(); }
  void wait() { std::unique_lock L(M); C.wait(L, [this] { return Fired; }); }
private:
  std::mutex M; std::condition_variable C; bool Fired = false;
};
template <class T> class counted {
public:
  explicit counted(T *P) : P(P) {}
  T *operator->() const { return P; }
private:
  T *P;
};
class Action {
public:
  explicit Action(counted<Beacon> B) : Run(B) {}
  void run() { Run->fire(); }
private:
  counted<Beacon> Run;
};
class Cell {
public:
  bool subscribe(Action A) {
    std::unique_lock L(M);
    if (Value == 0) {
      Events.push_back(std::move(A));
      return true;
    }
    L.unlock();
    A.run();
    return false;
  }
  void set(int V) { std::vector<Action> All; { std::lock_guard L(M); Value = V; All.swap(Events); } for (auto &E : All) E.run(); }
private:
  std::mutex M; int Value = 0; std::vector<Action> Events;
};
class Future {
public:
  int get_ok() {
    auto Sync = counted<Beacon>(new Beacon);
    if (C->subscribe(Action{Sync}))
      Sync->wait();
    return 0;
  }
private:
  std::shared_ptr<Cell> C;
};

// ---- code that is not seen has a callable of the object ------------------------------------------

void post(std::function<void()> Job);

class Posts_ok {
public:
  void start() {
    {
      std::lock_guard L(M);
      ++Active;
    }
    post([this] {
      std::lock_guard L(M);
      --Active;
      Idle.notify_all();
    });
  }
  void drain() {
    std::unique_lock L(M);
    Idle.wait(L, [this] { return Active == 0; });
  }

private:
  std::mutex M;
  std::condition_variable Idle;
  int Active = 0;
};

// What it does is not what is waited for.
class PostsSomethingElse_bad {
public:
  void start() {
    {
      std::lock_guard L(M);
      ++Active;
    }
    post([this] {
      std::lock_guard L(M);
      ++Runs;
    });
  }
  void drain() {
    std::unique_lock L(M);
    Idle.wait(L, [this] { return Active == 0; });
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: the wait on 'Idle' may block for ever: nobody is left who notifies it
  }

private:
  std::mutex M;
  std::condition_variable Idle;
  int Active = 0, Runs = 0;
};
