// RUN: %check_tether %s ignored-stop-token
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
bool ready();
bool next(int &Item);
void work();
void use(int Item);
void flush();

// An interface asks for the parameter, and the work is short.

struct Job {
  virtual ~Job() = default;
  virtual void run(std::stop_token Stop) = 0;
};
struct Quick_ok : Job {
  void run(std::stop_token Stop) override { work(); }
};
struct Batch_ok : Job {
  void run(std::stop_token) override {
    for (int Item : Items)
      use(Item);
    int Item;
    while (next(Item))
      use(Item);
  }
  std::vector<int> Items;
};
std::function<void(std::stop_token)> callback_ok() {
  return [](std::stop_token) { work(); };
}
void ignored_on_purpose_ok(std::stop_token Stop) {
  (void)Stop;
  while (!ready())
    std::this_thread::sleep_for(10ms);
}

// Stopped by something else.

class Switched_ok {
public:
  ~Switched_ok() {
    Running = false;
    Thread.join();
  }
  void start() {
    Thread = std::jthread([this](std::stop_token) {
      while (Running)
        std::this_thread::sleep_for(100ms);
    });
  }

private:
  std::atomic<bool> Running = true;
  std::jthread Thread;
};

void flag_of_caller_ok(std::stop_token, const std::atomic<bool> &Done) {
  while (!Done)
    std::this_thread::sleep_for(10ms);
}

void until_deadline_ok(std::stop_token, std::chrono::steady_clock::time_point Deadline) {
  while (std::chrono::steady_clock::now() < Deadline)
    std::this_thread::sleep_for(10ms);
}

bool few_attempts_ok(std::stop_token Stop) {
  if (Stop.stop_requested())
    return false;
  for (int Attempt = 0; Attempt != 3; ++Attempt) {
    if (ready())
      return true;
    std::this_thread::sleep_for(100ms);
  }
  return false;
}

bool few_attempts_in_while_ok(std::stop_token Stop) {
  if (Stop.stop_requested())
    return false;
  int Attempts = 0;
  while (!ready()) {
    if (++Attempts > 10)
      return false;
    std::this_thread::sleep_for(100ms);
  }
  return true;
}

// What is done once stop was requested.

void drain_ok(std::stop_token Stop) {
  while (!Stop.stop_requested())
    work();
  for (int Attempt = 0; Attempt != 3; ++Attempt) {
    flush();
    std::this_thread::sleep_for(5s);
  }
}

void drain_at_once_ok(std::stop_token Stop) {
  while (true) {
    if (Stop.stop_requested()) {
      while (!ready())
        std::this_thread::sleep_for(5s);
      return;
    }
    work();
  }
}

// Told of the stop by a callback.

void flag_of_callback_ok(std::stop_token Stop) {
  std::atomic<bool> Done = false;
  std::stop_callback Tell(Stop, [&] { Done = true; });
  while (!Done)
    std::this_thread::sleep_for(100ms);
}

class Queue_ok {
public:
  void run(std::stop_token Stop) {
    std::stop_callback Tell(Stop, [this] {
      std::lock_guard Lock(Mutex);
      Closed = true;
      Changed.notify_all();
    });
    std::unique_lock Lock(Mutex);
    while (true) {
      Changed.wait(Lock, [this] { return Closed || !Items.empty(); });
      if (Closed)
        return;
      Items.pop_front();
    }
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::deque<int> Items;
  bool Closed = false;
};

// Looked at by something that has it.

class Session {
public:
  explicit Session(std::stop_token Stop) : Stop(Stop) {}
  bool step() { return !Stop.stop_requested() && ready(); }

private:
  std::stop_token Stop;
};

void object_looks_ok(std::stop_token Stop) {
  Session S(Stop);
  while (true) {
    if (!S.step())
      return;
    std::this_thread::sleep_for(10ms);
  }
}

void lambda_looks_ok(std::stop_token Stop) {
  auto Stopped = [&] { return Stop.stop_requested(); };
  while (!Stopped())
    std::this_thread::sleep_for(10ms);
}

void thread_polls_through_helper_ok() {
  std::jthread Thread([](std::stop_token Stop) {
    auto GoesOn = [](const std::stop_token &Token) { return !Token.stop_requested(); };
    while (GoesOn(Stop))
      std::this_thread::sleep_for(10ms);
  });
}

void waits_with_it_ok(std::stop_token Stop) {
  std::mutex Mutex;
  std::condition_variable_any Changed;
  std::unique_lock Lock(Mutex);
  while (true) {
    if (!Changed.wait(Lock, Stop, [] { return ready(); }))
      return;
    std::this_thread::sleep_for(100ms);
  }
}
