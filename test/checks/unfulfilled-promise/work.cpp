// RUN: %check_tether %s unfulfilled-promise
//
// Work that is begun and ended by two calls, or ended by a callback.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

void send(const std::string &, std::function<void()> Done);
bool valid(const std::string &);

class Activity {
public:
  void enter() {
    std::lock_guard Lock(M);
    ++Active;
  }
  bool tryEnter() {
    std::lock_guard Lock(M);
    if (Closing)
      return false;
    ++Active;
    return true;
  }
  void leave() {
    std::lock_guard Lock(M);
    if (--Active == 0)
      Idle.notify_all();
  }
  void close() {
    std::unique_lock Lock(M);
    Closing = true;
    Idle.wait(Lock, [this] { return Active == 0; });
  }

private:
  std::mutex M;
  std::condition_variable Idle;
  int Active = 0;
  bool Closing = false;
};

class Visit {
public:
  explicit Visit(Activity &A) : A(A) { A.enter(); }
  ~Visit() { A.leave(); }
  Visit(const Visit &) = delete;

private:
  Activity &A;
};

class Handler {
public:
  void throws_bad(const std::string &Text) {
    All.enter();
    if (Text.empty())
      throw std::invalid_argument("empty");
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Active' is not changed back on this path
    handle(Text);
    All.leave();
  }
  bool returns_bad(const std::string &Text) {
    if (!All.tryEnter())
      return false;
    if (!valid(Text))
      return true;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Active' is not changed back on this path
    handle(Text);
    All.leave();
    return true;
  }
  void handler_bad(const std::function<void()> &Work) {
    All.enter();
    try {
      Work();
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Active' is not changed back on this path
      done();
    } catch (...) {
      handle("failed");
    }
  }
  bool every_way_ok(const std::string &Text) {
    if (!All.tryEnter())
      return false;
    if (!valid(Text)) {
      All.leave();
      return true;
    }
    handle(Text);
    done();
    return true;
  }
  void guard_ok(const std::string &Text) {
    Visit Here(All);
    if (!valid(Text))
      throw std::invalid_argument("not valid");
    handle(Text);
  }
  bool kept_if_it_went_well_ok(const std::string &Text) { // the result says that it goes on
    All.enter();
    if (valid(Text))
      return true;
    All.leave();
    return false;
  }

private:
  void handle(const std::string &) {}
  void done() { All.leave(); }
  Activity All;
};

class Lent {
public:
  void enter() {
    std::lock_guard Lock(M);
    ++Users;
  }
  void leave() {
    std::lock_guard Lock(M);
    --Users;
    Free.notify_all();
  }
  void wait() {
    std::unique_lock Lock(M);
    Free.wait(Lock, [this] { return Users == 0; });
  }

private:
  std::mutex M;
  std::condition_variable Free;
  int Users = 0;
};

class Book { // what one call borrows, another one gives back
public:
  void borrow_ok(const std::string &Who) {
    All.enter();
    if (valid(Who))
      return;
    All.leave();
  }
  void bring() { All.leave(); }

private:
  Lent All;
};

// ---- a callback that is never made ---------------------------------------------------------------

class Sender_bad {
public:
  bool post(const std::string &Text) {
    {
      std::lock_guard Lock(M);
      ++Pending;
    }
    if (!valid(Text))
      return false;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Pending' is not changed back on this path
    send(Text, [this] {
      std::lock_guard Lock(M);
      --Pending;
      Idle.notify_all();
    });
    return true;
  }
  void flush() {
    std::unique_lock Lock(M);
    Idle.wait(Lock, [this] { return Pending == 0; });
  }

private:
  std::mutex M;
  std::condition_variable Idle;
  int Pending = 0;
};

class Sender_ok {
public:
  bool post(const std::string &Text) {
    if (!valid(Text))
      return false;
    {
      std::lock_guard Lock(M);
      ++Pending;
    }
    send(Text, [this] {
      std::lock_guard Lock(M);
      --Pending;
      Idle.notify_all();
    });
    return true;
  }
  void flush() {
    std::unique_lock Lock(M);
    Idle.wait(Lock, [this] { return Pending == 0; });
  }

private:
  std::mutex M;
  std::condition_variable Idle;
  int Pending = 0;
};

class Starter_bad {
public:
  ~Starter_bad() {
    if (Thread.joinable())
      Thread.join();
  }
  bool start(const std::string &Text) {
    {
      std::lock_guard Lock(M);
      Running = true;
    }
    if (!valid(Text))
      return false;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: 'Running' is not changed back on this path
    Thread = std::thread([this] {
      std::lock_guard Lock(M);
      Running = false;
      Ended.notify_all();
    });
    return true;
  }
  void wait() {
    std::unique_lock Lock(M);
    Ended.wait(Lock, [this] { return !Running; });
  }

private:
  std::mutex M;
  std::condition_variable Ended;
  bool Running = false;
  std::thread Thread;
};
