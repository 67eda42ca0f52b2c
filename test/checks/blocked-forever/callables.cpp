// RUN: %check_tether %s blocked-forever
// Who waits is woken by a callable that others keep.
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

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
