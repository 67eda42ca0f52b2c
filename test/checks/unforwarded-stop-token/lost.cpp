// RUN: %check_tether %s unforwarded-stop-token
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

class Box {
public:
  void put() {
    std::lock_guard Lock(Mutex);
    ++Count;
    Filled.notify_one();
  }
  bool take(std::stop_token Stop = {}) {
    std::unique_lock Lock(Mutex);
    return Filled.wait(Lock, Stop, [this] { return Count > 0; });
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Filled;
  int Count = 0;
};

struct Request {
  std::string Name;
  std::stop_token Stop;

  static Request background(std::string Name) { return {std::move(Name), std::stop_token()}; }
};
extern const std::stop_token NeverStops;

bool serve(Box &From, const Request &R) { return From.take(R.Stop); }
bool step();

// An overload that gives another type.

template <typename T> class Queue {
public:
  void push(T Item) {
    {
      std::lock_guard Lock(Mutex);
      Items.push_back(std::move(Item));
    }
    Filled.notify_one();
  }
  T pop() {
    std::unique_lock Lock(Mutex);
    Filled.wait(Lock, [this] { return !Items.empty(); });
    T Item = std::move(Items.front());
    Items.pop_front();
    return Item;
  }
  std::optional<T> pop(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    if (!Filled.wait(Lock, Stop, [this] { return !Items.empty(); }))
      return std::nullopt;
    std::optional<T> Item = std::move(Items.front());
    Items.pop_front();
    return Item;
  }
  std::size_t size() const { return Items.size(); }
  int size(std::stop_token Stop) const { return Stop.stop_requested() ? 0 : int(Items.size()); }

private:
  std::mutex Mutex;
  std::condition_variable_any Filled;
  std::deque<T> Items;
};

void consume_bad(Queue<int> &From, int &Sum, std::stop_token Stop) {
  while (!Stop.stop_requested())
    Sum += From.pop();
    // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
    // CHECK-NOTES: :[[@LINE-21]]:20: note: this one takes a token
    // CHECK-NOTES: :[[@LINE-3]]:17: note: pass 'Stop'
}

std::size_t another_thing_ok(const Queue<int> &From, std::stop_token) { return From.size(); }

// A bundle has the token.

void bundle_bad(Box &From, const Request &R) {
  From.take();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: this call does not get token 'R.Stop': its default is a token that never stops [tether-unforwarded-stop-token]
  // CHECK-NOTES: :[[@LINE-72]]:8: note: this one takes a token
  // CHECK-NOTES: :[[@LINE-3]]:8: note: pass 'R.Stop'
}
void bundle_ok(Box &From, const Request &R) { From.take(R.Stop); }
void whole_bundle_ok(Box &From, const Request &R) { serve(From, R); }

// Replaced.

void replaced_bad(Box &From, Request R) {
  if (!serve(From, R))
    return;
  R = Request::background(R.Name + "/2");
  // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: token 'R.Stop' is replaced here by one that never stops: what follows does not hear of a stop [tether-unforwarded-stop-token]
  // CHECK-NOTES: :[[@LINE-2]]:7: note: keep 'R.Stop'
  // CHECK-NOTES: :[[@LINE-3]]:7: note: keep the token, and replace the rest
  serve(From, R);
}

void cleared_bad(Box &From, std::stop_token Stop) {
  if (!From.take(Stop))
    return;
  Stop = {};
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: token 'Stop' is replaced here by one that never stops: what follows does not hear of a stop [tether-unforwarded-stop-token]
  // CHECK-NOTES: :[[@LINE-2]]:3: note: keep 'Stop'
  // CHECK-NOTES: :[[@LINE-3]]:3: note: keep the token, and replace the rest
  From.take(Stop);
}

void replaced_when_stopped_ok(Box &From, Request R) {
  if (R.Stop.stop_requested()) {
    R = Request::background("farewell");
    serve(From, R);
  }
}

void replaced_and_unused_ok(Box &From, std::stop_token Stop) {
  From.take(Stop);
  Stop = {};
}

void replaced_by_name_ok(Box &From, std::stop_token Stop) {
  if (!From.take(Stop))
    return;
  Stop = NeverStops;
  From.take(Stop);
}

// Left out.

void left_out_bad(Box &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  Request R;
  R.Name = "first";
  serve(From, R);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this is given 'R' without a token, though token 'Stop' is at hand: it does not hear of a stop [tether-unforwarded-stop-token]
  // CHECK-NOTES: :[[@LINE-4]]:11: note: 'R' is made here
  // CHECK-NOTES: :[[@LINE-3]]:3: note: copy 'Stop' into it
}

void temporary_bad(Box &From, std::stop_token Stop) {
  if (!Stop.stop_requested())
    serve(From, Request{"second"});
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this is given an object without a token, though token 'Stop' is at hand: it does not hear of a stop [tether-unforwarded-stop-token]
    // CHECK-NOTES: :[[@LINE-2]]:5: note: copy 'Stop' into it
}

void copied_ok(Box &From, std::stop_token Stop) {
  Request R;
  R.Stop = Stop;
  serve(From, R);
}

void fill(Request &R);
void filled_elsewhere_ok(Box &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  Request R;
  fill(R);
  serve(From, R);
}

void named_function_ok(Box &From, std::stop_token Stop) {
  if (!Stop.stop_requested())
    serve(From, Request::background("log"));
}

// Tasks.

void task_bad(Box &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  std::thread([&From] {
    std::stop_source Own;
    From.take(Own.get_token());
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this work is given a token that nobody stops: the task was started without token 'Stop' [tether-unforwarded-stop-token]
    // CHECK-NOTES: :[[@LINE-4]]:3: note: the task is started here
    // CHECK-NOTES: :[[@LINE-3]]:10: note: let the task capture 'Stop'
    // (The advice says the same, and is not repeated.)
  }).join();
}

void task_ok(Box &From, std::stop_token Stop) {
  std::thread([&From, Stop] { From.take(Stop); }).join();
}

class Worker {
public:
  void start_bad() {
    Thread = std::jthread([this] {
      while (Mine.take())
      // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: this call does not get the token of 'Thread' that it runs in [tether-unforwarded-stop-token]
      // CHECK-NOTES: :[[@LINE-3]]:14: note: the task is started here
      // CHECK-NOTES: :[[@LINE-185]]:8: note: this one takes a token
      // CHECK-NOTES: :[[@LINE-4]]:19: note: take the token of the thread
      // CHECK-NOTES: :[[@LINE-5]]:19: note: let the task take the token of its thread, and pass it
        step();
    });
  }
  void start_ok() {
    Thread = std::jthread([this](std::stop_token Stop) {
      while (Mine.take(Stop))
        step();
    });
  }

private:
  Box Mine;
  std::jthread Thread;
};

class Crate {
public:
  void put() {
    std::lock_guard Lock(Mutex);
    ++Count;
    Ready.notify_one();
  }
  bool take(std::stop_token Stop = {}) {
    std::unique_lock Lock(Mutex);
    return Ready.wait(Lock, Stop, [this] { return Count > 0; });
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Ready;
  int Count = 0;
};

class Woken { // by the destructor
public:
  ~Woken() {
    Ended = true;
    Mine.put();
  }
  void start_ok() {
    Thread = std::jthread([this] {
      while (!Ended && Mine.take())
        step();
    });
  }

private:
  bool Ended = false;
  Crate Mine;
  std::jthread Thread;
};
