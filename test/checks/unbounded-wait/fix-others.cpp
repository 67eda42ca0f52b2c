// RUN: %check_tether %s unbounded-wait
#include "../unreceived-channel/channel.h"
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

// Each stands on a note: what happens on stop is new.

// A channel is closed where the flag is set that is looked at before the wait.
class Stream {
public:
  std::optional<int> read() {
    if (Closed)
      return std::nullopt;
    return Items.take();
    // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: wait on 'Items' has no timeout and no stop token: whoever sets 'Closed' wakes nobody
  }
  void deliver(int Item) { Items.put(Item); }
  void end() {
    Closed = true;
    // CHECK-NOTE-FIXES: {{^}}    Closed = true;
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Items.close();
  }

private:
  std::atomic<bool> Closed{false};
  parcel::Line<int> Items{8};
};

// A lambda takes along the token of the function around it.
class Replica {
public:
  parcel::Line<bool> &command(std::size_t I) { return *Commands[I]; }
  void begin(std::stop_token Client, std::stop_token Quiesce) {
    for (auto &Each : Commands) {
      if (Each->take(Client))
        continue;
      Background.post([this] {
        // CHECK-NOTE-FIXES: {{^}}      Background.post([this, Quiesce] {
        for (auto &Other : Commands)
          Other->take();
        // CHECK-MESSAGES: :[[@LINE-1]]:18: warning: wait on 'Commands' has no timeout and no stop token: token 'Quiesce' is in reach
        // CHECK-NOTE-FIXES: {{^}}          Other->take(Quiesce);
      });
    }
  }

private:
  std::vector<std::unique_ptr<parcel::Line<bool>>> Commands;
  parcel::Crew Background;
};

// Who stops the only task that wakes it says so by a flag.
class Port {
public:
  Port() : Output([this](std::stop_token Stop) { drain(Stop); }) {}
  int send(int Frames) {
    std::unique_lock<std::mutex> Lock(Mutex);
    Free.wait(Lock, [this] { return !Full; });
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: wait on 'Free' has no timeout and no stop token: only the task of 'Output' ever wakes it
    // CHECK-NOTE-FIXES: {{^}}    Free.wait(Lock, [this] { return Stopping || !Full; });
    // CHECK-NOTE-FIXES-NEXT: {{^}}    if (Stopping)
    // CHECK-NOTE-FIXES-NEXT: {{^}}      return {};
    Full = true;
    return Frames;
  }
  void close() {
    // CHECK-NOTE-FIXES: {{^}}      Stopping = true;
    // CHECK-NOTE-FIXES-NEXT: {{^}}    }
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Free.notify_all();
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Output.request_stop();
    Output.request_stop();
    Output.join();
  }

private:
  void drain(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      {
        std::lock_guard<std::mutex> Lock(Mutex);
        if (Stop.stop_requested())
          return;
        Full = false;
      }
      Free.notify_one();
    }
  }
  std::mutex Mutex;
  std::condition_variable Free;
  bool Full = false;
  std::jthread Output;
};

// The function that waits gets a parameter, and who has a token gives it.
class Pool {
public:
  bool submit(int Item) {
    // CHECK-NOTE-FIXES: {{^}}  bool submit(int Item, std::stop_token Stop = {}) {
    std::unique_lock<std::mutex> Lock(Mutex);
    Free.wait(Lock, [this] { return Count < 4 || Finished; });
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: wait on 'Free' has no timeout and no stop token: 'stop' requests a stop, and it does not listen to that
    // CHECK-NOTE-FIXES: {{^}}    Free.wait(Lock, Stop, [this] { return Count < 4 || Finished; });
    // CHECK-NOTE-FIXES-NEXT: {{^}}    if (Stop.stop_requested())
    // CHECK-NOTE-FIXES-NEXT: {{^}}      return {};
    if (Finished)
      return false;
    Count += Item;
    return true;
  }
  void take() {
    std::lock_guard<std::mutex> Lock(Mutex);
    --Count;
    Free.notify_all();
  }
  void finish() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Finished = true;
    Free.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Free;
  int Count = 0;
  bool Finished = false;
};

class Solver {
public:
  explicit Solver(Pool &P) : Into(P), Thread([this](std::stop_token Stop) { search(Stop); }) {}
  void stop() {
    Thread.request_stop();
    Thread.join();
  }

private:
  void search(std::stop_token Stop) {
    for (int Id = 0; !Stop.stop_requested(); ++Id)
      if (!Into.submit(Id))
        // CHECK-NOTE-FIXES: {{^}}      if (!Into.submit(Id, Stop))
        return;
  }
  Pool &Into;
  std::jthread Thread;
};
