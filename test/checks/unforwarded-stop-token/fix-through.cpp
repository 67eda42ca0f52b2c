// RUN: %check_tether %s unforwarded-stop-token
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

bool step(int Id);

struct Inbox {
  int take() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Arrived.wait(Lock, [this] { return Letters > 0; });
    return Letters--;
  }
  int take(std::stop_token Stop) {
    std::unique_lock<std::mutex> Lock(Mutex);
    Arrived.wait(Lock, Stop, [this] { return Letters > 0; });
    return Letters;
  }
  void put() {
    std::lock_guard<std::mutex> Lock(Mutex);
    ++Letters;
    Arrived.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Arrived;
  int Letters = 0;
};

// The functions in between get a parameter that others need not give.

static int read_one(Inbox &From) { return From.take(); }
// CHECK-NOTE-FIXES: {{^}}static int read_one(Inbox &From, std::stop_token Stop = {}) { return From.take(Stop); }
static int read_all(Inbox &From, int Count) {
  // CHECK-NOTE-FIXES: {{^}}static int read_all(Inbox &From, int Count, std::stop_token Stop = {}) {
  int Sum = 0;
  while (Count--)
    Sum += read_one(From);
  // CHECK-NOTE-FIXES: {{^}}    Sum += read_one(From, Stop);
  return Sum;
}
int other_ok(Inbox &From) { return read_one(From); }
// CHECK-NOTE-FIXES: {{^}}int other_ok(Inbox &From) { return read_one(From); }

int behind_two_calls_bad(Inbox &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return 0;
  return read_all(From, 2);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: token 'Stop' does not reach a wait in this call that could take it
  // CHECK-NOTE-FIXES: {{^}}  return read_all(From, 2, Stop);
}

static int read_next(Inbox &From) { return From.take(); }
static int read_two(Inbox &From) { return read_next(From) + read_next(From); }
// CHECK-NOTE-FIXES: {{^}}static int read_two(Inbox &From, std::stop_token Stop = {}) { return read_next(From, Stop) + read_next(From, Stop); }

int behind_both_calls_bad(Inbox &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return 0;
  return read_two(From);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: token 'Stop' does not reach a wait in this call that could take it
}

// No fix: its address is taken.
static int read_first(Inbox &From) { return From.take(); }
int (*const Reader)(Inbox &) = read_first;

int address_bad(Inbox &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return 0;
  return read_first(From);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: token 'Stop' does not reach a wait in this call that could take it
}

// No fix: others may declare it.
int read_shared(Inbox &From) { return From.take(); }

int external_bad(Inbox &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return 0;
  return read_shared(From);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: token 'Stop' does not reach a wait in this call that could take it
}

// No fix: what it overrides would have to take one, too.
struct Source {
  virtual ~Source() = default;
  virtual int next() = 0;
};
struct FromInbox final : Source {
  int next() override { return Own.take(); }
  Inbox Own;
};

int virtual_bad(FromInbox &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return 0;
  return From.next();
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: token 'Stop' does not reach a wait in this call that could take it
}

// A part of a request is captured under a name of its own, and the source is linked to it.

struct Request {
  std::string Path;
  std::stop_token Client;
};

void stream(std::stop_token Stop) {
  while (!Stop.stop_requested())
    step(1);
}

std::thread handle_bad(const Request &R) {
  if (R.Client.stop_requested())
    return std::thread();
  return std::thread([Path = R.Path] {
    // CHECK-NOTE-FIXES: {{^}}  return std::thread([Path = R.Path, Client = R.Client] {
    std::stop_source Own;
    // CHECK-NOTE-FIXES: {{^}}    std::stop_callback StopTogether(Client, [&] { Own.request_stop(); });
    stream(Own.get_token());
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this work is given a token that nobody stops: the task was started without token 'R.Client'
  });
}
