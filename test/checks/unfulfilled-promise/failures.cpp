// RUN: %check_tether %s unfulfilled-promise
//
// What fails is what nobody tests: exceptions of code that cannot be seen, error codes, and who has
// taken over a request and cannot answer it.
#include <barrier>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

void log(const char *);
int parse(const std::string &);

// ---- a handler that keeps the failure to itself --------------------------------------------------

void handler_does_not_count_down_bad(const std::function<void()> &Prepare) {
  std::latch Ready(1);
  std::jthread Worker([&] {
    try {
      Prepare();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Ready' is not satisfied on this path
      Ready.count_down();
    } catch (const std::exception &E) {
      log(E.what());
    }
  });
  Ready.wait();
}

void handler_counts_down_ok(const std::function<void()> &Prepare) {
  std::latch Ready(1);
  std::jthread Worker([&] {
    try {
      Prepare();
    } catch (const std::exception &E) {
      log(E.what());
    }
    Ready.count_down();
  });
  Ready.wait();
}

void handler_passes_it_on_ok(const std::function<void()> &Prepare) { // the program ends
  std::latch Ready(1);
  std::jthread Worker([&] {
    try {
      Prepare();
      Ready.count_down();
    } catch (...) {
      log("failed");
      throw;
    }
  });
  Ready.wait();
}

int parser_throws_bad(const std::string &Text) {
  std::promise<int> Number;
  std::jthread Parser([&] {
    try {
      Number.set_value(parse(Text));
      // CHECK-MESSAGES: :[[@LINE-1]]:24: warning: channel 'Number' is not satisfied on this path
    } catch (...) {
      log("no number");
    }
  });
  return Number.get_future().get();
}

int answered_twice_ok(const std::string &Text) { // the handler is for the promise alone
  std::promise<int> Number;
  std::jthread Parser([&] {
    try {
      Number.set_value(static_cast<int>(Text.size()));
    } catch (const std::future_error &) {
    }
  });
  return Number.get_future().get();
}

int cannot_throw() noexcept;

int nothing_throws_ok() {
  std::promise<int> Number;
  std::jthread Parser([&] {
    try {
      Number.set_value(cannot_throw());
    } catch (...) {
    }
  });
  return Number.get_future().get();
}

// ---- a barrier that is left ----------------------------------------------------------------------

void barrier_left_bad(int Teams, const std::function<void(int)> &Round) {
  std::barrier Meeting(Teams);
  std::vector<std::jthread> All;
  for (int T = 0; T < Teams; ++T)
    All.emplace_back([&, T] {
      try {
        for (int R = 0; R < 3; ++R) {
          Round(T);
          // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: channel 'Meeting' is left by an exception here: the others wait for it for ever
          Meeting.arrive_and_wait();
        }
      } catch (...) {
        log("team gives up");
      }
    });
}

void barrier_dropped_ok(int Teams, const std::function<void(int)> &Round) {
  std::barrier Meeting(Teams);
  std::vector<std::jthread> All;
  for (int T = 0; T < Teams; ++T)
    All.emplace_back([&, T] {
      try {
        for (int R = 0; R < 3; ++R) {
          Round(T);
          Meeting.arrive_and_wait();
        }
      } catch (...) {
        log("team gives up");
      }
      Meeting.arrive_and_drop();
    });
}

void barrier_in_each_round_ok(int Teams, const std::function<void(int)> &Round) {
  std::barrier Meeting(Teams);
  std::vector<std::jthread> All;
  for (int T = 0; T < Teams; ++T)
    All.emplace_back([&, T] {
      for (int R = 0; R < 3; ++R) {
        try {
          Round(T);
        } catch (...) {
          log("round skipped");
        }
        Meeting.arrive_and_wait();
      }
    });
}

// ---- requests ------------------------------------------------------------------------------------

struct Order {
  std::string What;
  std::promise<int> Price;
};

class Shop_bad {
public:
  int ask(std::string What) {
    auto Mine = std::make_shared<Order>();
    Mine->What = std::move(What);
    auto Price = Mine->Price.get_future();
    {
      std::lock_guard Lock(M);
      Orders.push_back(Mine);
    }
    Came.notify_one();
    return Price.get();
  }
  void serve() {
    for (;;) {
      std::unique_lock Lock(M);
      Came.wait(Lock, [this] { return !Orders.empty(); });
      std::shared_ptr<Order> Next = Orders.front();
      Orders.pop_front();
      Lock.unlock();
      try {
        Next->Price.set_value(parse(Next->What));
        // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: channel 'Price' is not satisfied on this path
      } catch (const std::exception &E) {
        log(E.what());
      }
    }
  }

private:
  std::mutex M;
  std::condition_variable Came;
  std::deque<std::shared_ptr<Order>> Orders;
};

class Shop_ok {
public:
  int ask(std::string What) {
    auto Mine = std::make_shared<Order>();
    Mine->What = std::move(What);
    auto Price = Mine->Price.get_future();
    {
      std::lock_guard Lock(M);
      Orders.push_back(Mine);
    }
    Came.notify_one();
    return Price.get();
  }
  void serve() {
    for (;;) {
      std::unique_lock Lock(M);
      Came.wait(Lock, [this] { return !Orders.empty(); });
      std::shared_ptr<Order> Next = Orders.front();
      Orders.pop_front();
      Lock.unlock();
      try {
        Next->Price.set_value(parse(Next->What));
      } catch (...) {
        Next->Price.set_exception(std::current_exception());
      }
    }
  }

private:
  std::mutex M;
  std::condition_variable Came;
  std::deque<std::shared_ptr<Order>> Orders;
};

class MovedShop_ok { // the order dies with whoever has taken it, and breaks its promise
public:
  int ask(std::string What) {
    Order Mine{std::move(What), {}};
    auto Price = Mine.Price.get_future();
    std::lock_guard Lock(M);
    Orders.push_back(std::move(Mine));
    return Price.get();
  }
  void serve() {
    Order Next = std::move(Orders.front());
    Orders.pop_front();
    try {
      Next.Price.set_value(parse(Next.What));
    } catch (const std::exception &E) {
      log(E.what());
    }
  }

private:
  std::mutex M;
  std::deque<Order> Orders;
};

struct Reply {
  std::error_code Error;
  int Id = 0, Value = 0;
};

class Client {
public:
  int call(int Id) {
    auto Mine = std::make_shared<std::promise<int>>();
    auto Answer = Mine->get_future();
    {
      std::lock_guard Lock(M);
      Waiting[Id] = Mine;
    }
    return Answer.get();
  }
  void FN_onReply(const Reply &R) { // what a function gives out of a container is not followed
    std::shared_ptr<std::promise<int>> To = take(R.Id);
    if (!To)
      return;
    if (R.Error)
      return;
    To->set_value(R.Value);
  }
  void onReply_ok(const Reply &R) {
    std::shared_ptr<std::promise<int>> To = take(R.Id);
    if (!To)
      return;
    if (R.Error) {
      To->set_exception(std::make_exception_ptr(std::system_error(R.Error)));
      return;
    }
    To->set_value(R.Value);
  }
  void onPart_ok(const Reply &R) { // it comes with the last part
    std::shared_ptr<std::promise<int>> To = take(R.Id);
    if (To && R.Value > 0)
      To->set_value(R.Value);
  }

private:
  std::shared_ptr<std::promise<int>> take(int Id) {
    std::lock_guard Lock(M);
    return Waiting[Id];
  }
  std::mutex M;
  std::map<int, std::shared_ptr<std::promise<int>>> Waiting;
};

// ---- callbacks -----------------------------------------------------------------------------------

void asyncRead(std::function<void(std::error_code, int)> Done);
void onMessage(std::function<void(int)> Each);

int callback_drops_the_error_bad() {
  std::mutex M;
  std::condition_variable Changed;
  bool Done = false;
  int Bytes = 0;
  asyncRead([&](std::error_code Ec, int N) {
    if (Ec)
      return;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Done' is not satisfied on this path
    std::lock_guard Lock(M);
    Bytes = N;
    Done = true;
    Changed.notify_one();
  });
  std::unique_lock Lock(M);
  Changed.wait(Lock, [&] { return Done; });
  return Bytes;
}

int callback_tells_the_error_ok() {
  std::mutex M;
  std::condition_variable Changed;
  bool Done = false;
  int Bytes = 0;
  asyncRead([&](std::error_code Ec, int N) {
    std::lock_guard Lock(M);
    Bytes = Ec ? -1 : N;
    Done = true;
    Changed.notify_one();
  });
  std::unique_lock Lock(M);
  Changed.wait(Lock, [&] { return Done; });
  return Bytes;
}

int callback_waits_for_its_message_ok(int Id) {
  std::mutex M;
  std::condition_variable Changed;
  bool Done = false;
  onMessage([&](int Got) {
    if (Got != Id)
      return;
    std::lock_guard Lock(M);
    Done = true;
    Changed.notify_one();
  });
  std::unique_lock Lock(M);
  Changed.wait(Lock, [&] { return Done; });
  return Id;
}

// ---- state that only one task brings -------------------------------------------------------------

bool connect();

class Session_bad {
public:
  Session_bad() : Thread([this] { run(); }) {}
  ~Session_bad() { Thread.join(); }
  void waitUntilUp() {
    std::unique_lock Lock(M);
    Changed.wait(Lock, [this] { return Up; });
  }

private:
  void run() {
    if (!connect())
      return;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Up' is not reached on this path
    std::lock_guard Lock(M);
    Up = true;
    Changed.notify_all();
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Up = false;
  std::thread Thread;
};

class Session_ok {
public:
  Session_ok() : Thread([this] { run(); }) {}
  ~Session_ok() { Thread.join(); }
  bool waitUntilUp() {
    std::unique_lock Lock(M);
    Changed.wait(Lock, [this] { return Up || Failed; });
    return Up;
  }

private:
  void run() {
    const bool Connected = connect();
    std::lock_guard Lock(M);
    if (Connected)
      Up = true;
    else
      Failed = true;
    Changed.notify_all();
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Up = false, Failed = false;
  std::thread Thread;
};

class FirstFinds_ok { // one of several tasks finds it
public:
  void search() {
    for (int I = 0; I < 4; ++I)
      Threads.emplace_back([this] { look(); });
    std::unique_lock Lock(M);
    Changed.wait(Lock, [this] { return Found; });
  }

private:
  void look() {
    if (!connect())
      return;
    std::lock_guard Lock(M);
    Found = true;
    Changed.notify_all();
  }
  std::mutex M;
  std::condition_variable Changed;
  bool Found = false;
  std::vector<std::jthread> Threads;
};

// ---- the result says that it has not been done -----------------------------------------------------

static bool deliver(std::promise<int> &To, int Room) {
  if (Room == 0)
    return false;
  To.set_value(Room);
  return true;
}

void caller_does_it_then_ok(int Room) {
  std::promise<int> Done;
  std::thread Waiter([Later = Done.get_future()]() mutable { Later.get(); });
  const bool Delivered = deliver(Done, Room);
  if (!Delivered)
    Done.set_value(0);
  Waiter.join();
}

// ---- as many as there are --------------------------------------------------------------------------

class CountsTasks_bad {
public:
  void run(const std::function<void(int)> &Do) {
    for (int Item : Items)
      Threads.emplace_back([this, Do, Item] {
        try {
          Do(Item);
          // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: 'Completed' is not reached on this path
          finishOne();
        } catch (const std::exception &) {
          log("failed");
        }
      });
    std::unique_lock Lock(M);
    AllDone.wait(Lock, [this] { return Completed == Items.size(); });
  }

private:
  void finishOne() {
    std::lock_guard Lock(M);
    ++Completed;
    AllDone.notify_one();
  }
  std::vector<int> Items;
  std::vector<std::jthread> Threads;
  std::mutex M;
  std::condition_variable AllDone;
  std::size_t Completed = 0;
};

class CountsTasks_ok {
public:
  void run(const std::function<void(int)> &Do) {
    for (int Item : Items)
      Threads.emplace_back([this, Do, Item] {
        try {
          Do(Item);
        } catch (const std::exception &) {
          log("failed");
        }
        finishOne();
      });
    std::unique_lock Lock(M);
    AllDone.wait(Lock, [this] { return Completed == Items.size(); });
  }

private:
  void finishOne() {
    std::lock_guard Lock(M);
    ++Completed;
    AllDone.notify_one();
  }
  std::vector<int> Items;
  std::vector<std::jthread> Threads;
  std::mutex M;
  std::condition_variable AllDone;
  std::size_t Completed = 0;
};
