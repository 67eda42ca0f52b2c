// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <semaphore>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

void step();
void use(int);
void handle(int);
void serve(int);
void write(const std::string &);
void drain();

// The end of a std::jthread requests a stop, and the wait cannot listen. (Of one that could listen
// says tether-unbounded-wait.)
class SemaphoreKnowsNoToken_bad {
  std::counting_semaphore<> items_{0};
  std::mutex m_;
  std::deque<int> q_;
  std::jthread t_;
  void run(std::stop_token st) {
    while (!st.stop_requested()) {
      items_.acquire();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: task of 't_' may never end: '~SemaphoreKnowsNoToken_bad' requests a stop, and its wait on 'items_' does not listen to that
      std::lock_guard l(m_);
      if (!q_.empty())
        q_.pop_front();
    }
  }

public:
  SemaphoreKnowsNoToken_bad() : t_([this](std::stop_token st) { run(st); }) {}
  ~SemaphoreKnowsNoToken_bad() { t_.request_stop(); }
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    items_.release();
  }
};

class CallbackReleases_ok {
  std::counting_semaphore<> items_{0};
  std::mutex m_;
  std::deque<int> q_;
  std::jthread t_;
  void run(std::stop_token st) {
    std::stop_callback wake(st, [this] { items_.release(); });
    while (!st.stop_requested()) {
      items_.acquire();
      std::lock_guard l(m_);
      if (!q_.empty())
        q_.pop_front();
    }
  }

public:
  CallbackReleases_ok() : t_([this](std::stop_token st) { run(st); }) {}
  ~CallbackReleases_ok() { t_.request_stop(); }
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    items_.release();
  }
};

class DestructorReleases_ok {
  std::counting_semaphore<> items_{0};
  std::mutex m_;
  std::deque<int> q_;
  std::jthread t_;
  void run(std::stop_token st) {
    while (!st.stop_requested()) {
      items_.acquire();
      std::lock_guard l(m_);
      if (!q_.empty())
        q_.pop_front();
    }
  }

public:
  DestructorReleases_ok() : t_([this](std::stop_token st) { run(st); }) {}
  ~DestructorReleases_ok() {
    t_.request_stop();
    items_.release();
  }
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    items_.release();
  }
};

// Joined without a request, or with a request of something else.
class JoinsWithoutRequest_bad {
  std::jthread t_;

public:
  JoinsWithoutRequest_bad()
      : t_([this](std::stop_token st) {
          while (!st.stop_requested())
          // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 't_' may never end: '~JoinsWithoutRequest_bad' waits for its end without requesting the stop that its loop looks for
            step();
        }) {}
  ~JoinsWithoutRequest_bad() { t_.join(); }
};

class RequestsAnotherSource_bad {
  std::stop_source src_;
  std::mutex m_;
  std::condition_variable_any cv_;
  std::deque<int> q_;
  std::vector<std::jthread> ts_;
  void run(std::stop_token st) {
    std::unique_lock l(m_);
    while (cv_.wait(l, st, [this] { return !q_.empty(); }))
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: task of 'ts_' may never end: 'stop' requests a stop of 'src_', and its wait on 'cv_' listens to the token of 'ts_'
      q_.pop_front();
  }

public:
  RequestsAnotherSource_bad() {
    for (int i = 0; i != 3; ++i)
      ts_.emplace_back([this](std::stop_token st) { run(st); });
  }
  void stop() {
    src_.request_stop();
    for (auto &t : ts_)
      t.join();
  }
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }
};

// A promise says that it is time to end.
class PromiseAfterTheJoin_bad {
  std::promise<void> exit_;
  std::thread t_;

public:
  PromiseAfterTheJoin_bad()
      : t_([this, f = exit_.get_future()]() mutable {
          step();
          f.wait();
          step();
        }) {}
  ~PromiseAfterTheJoin_bad() {
    t_.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: task of 't_' may never end: it is woken only after the join
    exit_.set_value();
  }
};

class PromiseBeforeTheJoin_ok {
  std::promise<void> exit_;
  std::thread t_;

public:
  PromiseBeforeTheJoin_ok()
      : t_([this, f = exit_.get_future()]() mutable {
          step();
          f.wait();
          step();
        }) {}
  ~PromiseBeforeTheJoin_ok() {
    exit_.set_value();
    t_.join();
  }
};

// An atomic is waited on until it changes.
class AtomicIsNotifiedButNotChanged_bad {
  std::atomic<int> gen_{0};
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    int seen = 0;
    while (!stop_) {
      gen_.wait(seen);
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 't_' may never end: '~AtomicIsNotifiedButNotChanged_bad' sets 'stop_' and wakes its wait on 'gen_', which does not look at it and goes on waiting
      seen = gen_;
      step();
    }
  }

public:
  AtomicIsNotifiedButNotChanged_bad() : t_(&AtomicIsNotifiedButNotChanged_bad::run, this) {}
  void kick() {
    ++gen_;
    gen_.notify_one();
  }
  ~AtomicIsNotifiedButNotChanged_bad() {
    stop_ = true;
    gen_.notify_all();
    t_.join();
  }
};

class AtomicIsChangedAndNotified_ok {
  std::atomic<int> gen_{0};
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    int seen = 0;
    while (!stop_) {
      gen_.wait(seen);
      seen = gen_;
      step();
    }
  }

public:
  AtomicIsChangedAndNotified_ok() : t_(&AtomicIsChangedAndNotified_ok::run, this) {}
  void kick() {
    ++gen_;
    gen_.notify_one();
  }
  ~AtomicIsChangedAndNotified_ok() {
    stop_ = true;
    ++gen_;
    gen_.notify_all();
    t_.join();
  }
};

// The future of std::async waits for its task.
class AsyncSetsTheFlagOnly_bad {
  std::mutex m_;
  std::condition_variable cv_;
  bool stop_ = false;
  std::deque<int> q_;
  std::future<void> f_;
  void run() {
    std::unique_lock l(m_);
    while (!stop_) {
      cv_.wait(l, [this] { return stop_ || !q_.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 'f_' may never end: '~AsyncSetsTheFlagOnly_bad' sets 'stop_', and nobody ends its wait on 'cv_'
      if (!q_.empty())
        q_.pop_front();
    }
  }

public:
  AsyncSetsTheFlagOnly_bad() : f_(std::async(std::launch::async, [this] { run(); })) {}
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }
  ~AsyncSetsTheFlagOnly_bad() {
    {
      std::lock_guard l(m_);
      stop_ = true;
    }
    f_.wait();
  }
};

// A class of its own joins.
class JoiningThread {
  std::thread t_;

public:
  JoiningThread() = default;
  template <class F> explicit JoiningThread(F f) : t_(std::move(f)) {}
  JoiningThread(JoiningThread &&) = default;
  JoiningThread &operator=(JoiningThread &&) = default;
  ~JoiningThread() {
    if (t_.joinable())
      t_.join();
  }
};
class WrapperJoins_bad {
  std::mutex m_;
  std::condition_variable cv_;
  bool stop_ = false;
  std::deque<int> q_;
  JoiningThread t_;
  void run() {
    std::unique_lock l(m_);
    while (!stop_) {
      cv_.wait(l, [this] { return stop_ || !q_.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 't_' may never end: '~WrapperJoins_bad' sets 'stop_', and nobody ends its wait on 'cv_'
      if (!q_.empty())
        q_.pop_front();
    }
  }

public:
  WrapperJoins_bad() : t_([this] { run(); }) {}
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }
  ~WrapperJoins_bad() {
    std::lock_guard l(m_);
    stop_ = true;
  }
};

class WrapperJoinsWhatWasWoken_ok {
  std::mutex m_;
  std::condition_variable cv_;
  bool stop_ = false;
  std::deque<int> q_;
  JoiningThread t_;
  void run() {
    std::unique_lock l(m_);
    while (!stop_) {
      cv_.wait(l, [this] { return stop_ || !q_.empty(); });
      if (!q_.empty())
        q_.pop_front();
    }
  }

public:
  WrapperJoinsWhatWasWoken_ok() : t_([this] { run(); }) {}
  void put(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }
  ~WrapperJoinsWhatWasWoken_ok() {
    std::lock_guard l(m_);
    stop_ = true;
    cv_.notify_all();
  }
};
