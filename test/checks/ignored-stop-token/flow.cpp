// RUN: %check_tether %s ignored-stop-token
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <poll.h>
#include <stop_token>
#include <sys/eventfd.h>
#include <thread>

using namespace std::chrono_literals;
bool ready();
void work();

// Through helpers.

void pauseFor(std::chrono::milliseconds Time) { std::this_thread::sleep_for(Time); }

void helper_sleeps_bad(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    work();
    pauseFor(10s);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: sleep of up to 10 s does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
  }
}

void helper_sleeps_ok(std::stop_token Stop) {
  while (!Stop.stop_requested()) {
    work();
    pauseFor(100ms);
  }
}

void workForEver() {
  for (;;)
    work();
}

void helper_never_ends_bad(std::stop_token Stop) { workForEver(); }
// CHECK-MESSAGES: :[[@LINE-1]]:44: warning: 'helper_never_ends_bad' never looks at token 'Stop', and goes on when stop is requested [tether-ignored-stop-token]

bool mayGoOn(const std::stop_token &Stop) { return !Stop.stop_requested(); }

void helper_polls_ok(std::stop_token Stop) {
  while (mayGoOn(Stop)) {
    work();
    std::this_thread::sleep_for(100ms);
  }
}

void workUntil(std::stop_token Stop);

void handed_on_ok(std::stop_token Stop) {
  while (true)
    workUntil(Stop);
}

// The token of a thread, seen from the lambda and from the member function it calls: one report.

class Poller_bad {
public:
  explicit Poller_bad(std::chrono::seconds Time)
      : Interval(Time), Thread([this](std::stop_token Stop) { run(Stop); }) {}

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      work();
      std::this_thread::sleep_for(Interval);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: sleep of up to 60 s does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
    }
  }
  std::chrono::seconds Interval;
  std::jthread Thread;
};

void poll_every_minute() {
  Poller_bad Poller(60s);
  work();
}

class Patient_bad { // how long is up to whoever makes it, but seconds are many
public:
  explicit Patient_bad(std::chrono::seconds Time)
      : Interval(Time), Thread([this](std::stop_token Stop) { run(Stop); }) {}

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      work();
      std::this_thread::sleep_for(Interval);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: sleep does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
    }
  }
  std::chrono::seconds Interval;
  std::jthread Thread;
};

class Poller_ok { // how long is up to whoever makes it
public:
  explicit Poller_ok(std::chrono::milliseconds Time)
      : Interval(Time), Thread([this](std::stop_token Stop) { run(Stop); }) {}

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      work();
      std::this_thread::sleep_for(Interval);
    }
  }
  std::chrono::milliseconds Interval;
  std::jthread Thread;
};

// A wait with a timeout, and without the token.

class Batch_bad {
public:
  void add() {
    std::lock_guard Lock(Mutex);
    ++Items;
    Added.notify_one();
  }
  void run(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    while (!Stop.stop_requested()) {
      Added.wait_for(Lock, 30s, [this] { return Items > 10; });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Added' of up to 30 s does not end when stop is requested: token 'Stop' is only looked at before and after it [tether-ignored-stop-token]
      Items = 0;
    }
  }

private:
  std::mutex Mutex;
  std::condition_variable Added;
  int Items = 0;
};

class Batch_ok { // woken when it is stopped
public:
  void start() {
    Thread = std::jthread([this](std::stop_token Stop) { run(Stop); });
  }
  void stop() {
    Thread.request_stop();
    Added.notify_all();
  }

private:
  void run(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    while (!Stop.stop_requested()) {
      Added.wait_for(Lock, 30s);
      work();
    }
  }
  std::mutex Mutex;
  std::condition_variable Added;
  std::jthread Thread;
};

class Batch_with_callback_ok {
public:
  void run(std::stop_token Stop) {
    std::stop_callback Wake(Stop, [this] { Added.notify_all(); });
    std::unique_lock Lock(Mutex);
    while (!Stop.stop_requested()) {
      Added.wait_for(Lock, 30s);
      work();
    }
  }

private:
  std::mutex Mutex;
  std::condition_variable Added;
};

// A callback that sets a flag, while the thread sits in a wait.

class Reader_bad {
public:
  int run(int Descriptor, std::stop_token Stop) {
    std::stop_callback Cancel(Stop, [this] { Cancelled = true; });
    while (!Cancelled) {
      pollfd Set[1] = {{Descriptor, POLLIN, 0}};
      if (::poll(Set, 1, -1) == 1)
        // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: wait on 'Set' does not end when stop is requested: the callback only sets state [tether-ignored-stop-token]
        return 1;
    }
    return 0;
  }

private:
  bool Cancelled = false;
};

class Reader_ok {
public:
  int run(int Descriptor, std::stop_token Stop) {
    std::stop_callback Cancel(Stop, [this] {
      Cancelled = true;
      ::eventfd_write(Wake, 1);
    });
    while (!Cancelled) {
      pollfd Set[2] = {{Descriptor, POLLIN, 0}, {Wake, POLLIN, 0}};
      if (::poll(Set, 2, -1) == 1)
        return 1;
    }
    return 0;
  }

private:
  bool Cancelled = false;
  int Wake = ::eventfd(0, 0);
};
