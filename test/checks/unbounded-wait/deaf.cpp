// RUN: %check_tether %s unbounded-wait
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>

void use(int);

// The end of a std::jthread requests a stop, and the wait does not listen.
class WaitTakesNoToken_bad {
  std::mutex m_;
  std::condition_variable cv_;
  std::deque<int> q_;
  std::jthread t_{[this](std::stop_token st) { run(st); }};
  void run(std::stop_token st) {
    while (!st.stop_requested()) {
      std::unique_lock l(m_);
      cv_.wait(l, [this] { return !q_.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: wait on 'cv_' has no timeout and no stop token: the destructor of 'WaitTakesNoToken_bad' requests a stop, and it does not listen to that
      q_.pop_front();
    }
  }

public:
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }
};

class WaitTakesTheToken_ok {
  std::mutex m_;
  std::condition_variable_any cv_;
  std::deque<int> q_;
  std::jthread t_{[this](std::stop_token st) { run(st); }};
  void run(std::stop_token st) {
    while (!st.stop_requested()) {
      std::unique_lock l(m_);
      if (!cv_.wait(l, st, [this] { return !q_.empty(); }))
        return;
      q_.pop_front();
    }
  }

public:
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }
};

void made() {
  WaitTakesNoToken_bad a;
  WaitTakesTheToken_ok b;
}

class Poller_bad {
public:
  void start() {
    Thread = std::jthread([this](std::stop_token Stop) { run(Stop); });
  }
  void stop() { Thread.request_stop(); }
  void put(int Item) {
    std::lock_guard Lock(Mutex);
    Items.push_back(Item);
    Ready.notify_one();
  }

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested()) {
      std::unique_lock Lock(Mutex);
      Ready.wait(Lock, [this] { return !Items.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: wait on 'Ready' has no timeout and no stop token: the destructor of 'Poller_bad' requests a stop, and it does not listen to that
      use(Items.front());
      Items.pop_front();
    }
  }

  std::mutex Mutex;
  std::condition_variable_any Ready;
  std::deque<int> Items;
  std::jthread Thread;
};
