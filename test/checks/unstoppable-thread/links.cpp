// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <thread>
#include <vector>

void step();
void use(int);
void handle(int);
void serve(int);
void write(const std::string &);
void drain();

// The flag is set, and nobody is notified.
struct NobodyNotifies_bad {
  std::mutex mtx;
  std::condition_variable cond;
  bool quit = false;
  std::queue<std::string> docs;
  std::unique_ptr<std::thread> thr;
  void start() { thr = std::make_unique<std::thread>(&NobodyNotifies_bad::loop, this); }
  void stop() {
    {
      std::lock_guard<std::mutex> g(mtx);
      quit = true;
    }
    if (thr && thr->joinable())
      thr->join();
    thr.reset();
  }
  void save(std::string s) {
    {
      std::lock_guard<std::mutex> g(mtx);
      docs.push(std::move(s));
    }
    cond.notify_one();
  }
  void loop() {
    std::unique_lock<std::mutex> lk(mtx);
    while (!quit) {
      cond.wait(lk, [this] { return quit || !docs.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 'thr' may never end: 'stop' sets 'quit', and nobody ends its wait on 'cond'
      while (!docs.empty()) {
        auto d = std::move(docs.front());
        docs.pop();
        lk.unlock();
        write(d);
        lk.lock();
      }
    }
  }
};

// The flag is set and the wait is woken, but its predicate looks at the work only.
class PredicateForgetsTheFlag_bad {
  std::mutex m_;
  std::condition_variable cv_;
  std::deque<int> q_;
  bool stopping_ = false;
  std::thread t_;
  void run() {
    for (;;) {
      std::unique_lock l(m_);
      cv_.wait(l, [&] { return !q_.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 't_' may never end: '~PredicateForgetsTheFlag_bad' sets 'stopping_' and wakes its wait on 'cv_', which does not look at it and goes on waiting
      if (stopping_)
        return;
      int x = q_.front();
      q_.pop_front();
      l.unlock();
      handle(x);
    }
  }

public:
  PredicateForgetsTheFlag_bad() : t_([this] { run(); }) {}
  ~PredicateForgetsTheFlag_bad() {
    {
      std::scoped_lock l(m_);
      stopping_ = true;
    }
    cv_.notify_all();
    t_.join();
  }
  void post(int x) {
    {
      std::scoped_lock l(m_);
      q_.push_back(x);
    }
    cv_.notify_one();
  }
};

// One of several is woken.
class PoolWakesOne_bad {
  std::vector<std::thread> workers;
  std::deque<std::function<void()>> jobs;
  std::mutex m;
  std::condition_variable cv;
  bool done = false;

public:
  explicit PoolWakesOne_bad(unsigned n) {
    for (unsigned i = 0; i < n; ++i)
      workers.emplace_back([this] { work(); });
  }
  ~PoolWakesOne_bad() {
    {
      std::lock_guard l(m);
      done = true;
    }
    cv.notify_one();
    for (auto &w : workers)
      w.join();
  }
  void submit(std::function<void()> f) {
    {
      std::lock_guard l(m);
      jobs.push_back(std::move(f));
    }
    cv.notify_one();
  }

private:
  void work() {
    while (true) {
      std::function<void()> j;
      {
        std::unique_lock l(m);
        cv.wait(l, [this] { return done || !jobs.empty(); });
        // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: task of 'workers' may never end: '~PoolWakesOne_bad' wakes one of several tasks that may be in its wait on 'cv'
        if (done && jobs.empty())
          return;
        j = std::move(jobs.front());
        jobs.pop_front();
      }
      j();
    }
  }
};

class PoolPassesTheWakeUpOn_ok {
  std::vector<std::thread> workers;
  std::deque<std::function<void()>> jobs;
  std::mutex m;
  std::condition_variable cv;
  bool done = false;

public:
  explicit PoolPassesTheWakeUpOn_ok(unsigned n) {
    for (unsigned i = 0; i < n; ++i)
      workers.emplace_back([this] { work(); });
  }
  ~PoolPassesTheWakeUpOn_ok() {
    {
      std::lock_guard l(m);
      done = true;
    }
    cv.notify_one();
    for (auto &w : workers)
      w.join();
  }
  void submit(std::function<void()> f) {
    {
      std::lock_guard l(m);
      jobs.push_back(std::move(f));
    }
    cv.notify_one();
  }

private:
  void work() {
    while (true) {
      std::function<void()> j;
      {
        std::unique_lock l(m);
        cv.wait(l, [this] { return done || !jobs.empty(); });
        if (done && jobs.empty()) {
          cv.notify_one();
          return;
        }
        j = std::move(jobs.front());
        jobs.pop_front();
      }
      j();
    }
  }
};

// A queue that can be closed, and who closes it.
template <class T> class BlockingQueue {
  std::mutex m;
  std::condition_variable cv;
  std::deque<T> q;
  bool closed = false;

public:
  void push(T v) {
    {
      std::lock_guard l(m);
      q.push_back(std::move(v));
    }
    cv.notify_one();
  }
  bool pop(T &v) {
    std::unique_lock l(m);
    cv.wait(l, [this] { return closed || !q.empty(); });
    if (q.empty())
      return false;
    v = std::move(q.front());
    q.pop_front();
    return true;
  }
  void close() {
    {
      std::lock_guard l(m);
      closed = true;
    }
    cv.notify_all();
  }
};

class ClosesTheOtherQueue_bad { // closes the other one
  BlockingQueue<int> in_, out_;
  std::thread t_;
  void run() {
    int v;
    while (in_.pop(v))
      out_.push(v * 2);
  }

public:
  ClosesTheOtherQueue_bad() { t_ = std::thread(&ClosesTheOtherQueue_bad::run, this); }
  ~ClosesTheOtherQueue_bad() {
    out_.close();
    t_.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: task of 't_' may never end: '~ClosesTheOtherQueue_bad' wakes 'out_.cv', and nothing ends its wait on 'in_.cv'
  }
  void draw(int v) { in_.push(v); }
  bool result(int &v) { return out_.pop(v); }
};

class ClosesItsQueue_ok {
  BlockingQueue<int> in_, out_;
  std::thread t_;
  void run() {
    int v;
    while (in_.pop(v))
      out_.push(v * 2);
    out_.close();
  }

public:
  ClosesItsQueue_ok() { t_ = std::thread(&ClosesItsQueue_ok::run, this); }
  ~ClosesItsQueue_ok() {
    in_.close();
    t_.join();
  }
  void draw(int v) { in_.push(v); }
  bool result(int &v) { return out_.pop(v); }
};

class ClosesAfterTheJoin_bad { // closes only after join
  BlockingQueue<int> in_;
  std::thread t_;
  void run() {
    int v;
    while (in_.pop(v))
      use(v);
  }

public:
  ClosesAfterTheJoin_bad() { t_ = std::thread(&ClosesAfterTheJoin_bad::run, this); }
  ~ClosesAfterTheJoin_bad() {
    t_.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: task of 't_' may never end: it is woken only after the join
    in_.close();
  }
  void draw(int v) { in_.push(v); }
};

// Messages that end who takes them.
class OnePillForFour_bad {
  BlockingQueue<int> q_;
  std::vector<std::thread> ts_;
  void run() {
    int v;
    while (q_.pop(v)) {
      if (v < 0)
        break;
      use(v);
    }
  }

public:
  OnePillForFour_bad() {
    for (int i = 0; i != 4; ++i)
      ts_.emplace_back(&OnePillForFour_bad::run, this);
  }
  ~OnePillForFour_bad() {
    q_.push(-1);
    for (auto &t : ts_)
      t.join();
      // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: task of 'ts_' may never end: '~OnePillForFour_bad' wakes one of several tasks that may be in its wait on 'q_.cv'
  }
  void put(int v) { q_.push(v); }
};

class PillForEach_ok {
  BlockingQueue<int> q_;
  std::vector<std::thread> ts_;
  void run() {
    int v;
    while (q_.pop(v)) {
      if (v < 0)
        break;
      use(v);
    }
  }

public:
  PillForEach_ok() {
    for (int i = 0; i != 4; ++i)
      ts_.emplace_back(&PillForEach_ok::run, this);
  }
  ~PillForEach_ok() {
    for (size_t i = 0; i != ts_.size(); ++i)
      q_.push(-1);
    for (auto &t : ts_)
      t.join();
  }
  void put(int v) { q_.push(v); }
};

class PillIsPassedOn_ok { // passed on
  BlockingQueue<int> q_;
  std::vector<std::thread> ts_;
  void run() {
    int v;
    while (q_.pop(v)) {
      if (v < 0) {
        q_.push(v);
        break;
      }
      use(v);
    }
  }

public:
  PillIsPassedOn_ok() {
    for (int i = 0; i != 4; ++i)
      ts_.emplace_back(&PillIsPassedOn_ok::run, this);
  }
  ~PillIsPassedOn_ok() {
    q_.push(-1);
    for (auto &t : ts_)
      t.join();
  }
  void put(int v) { q_.push(v); }
};

// The wake-up is left out on some way.
class WakesOnlyIfThereIsWork_bad {
  std::mutex m_;
  std::condition_variable cv_;
  std::deque<int> q_;
  bool stop_ = false;
  std::thread t_;
  void run() {
    std::unique_lock l(m_);
    while (!stop_) {
      if (q_.empty()) {
        cv_.wait(l);
        continue;
      }
      int v = q_.front();
      q_.pop_front();
      l.unlock();
      use(v);
      l.lock();
    }
  }

public:
  WakesOnlyIfThereIsWork_bad() : t_([this] { run(); }) {}
  void put(int v) {
    std::lock_guard l(m_);
    q_.push_back(v);
    cv_.notify_one();
  }
  ~WakesOnlyIfThereIsWork_bad() {
    {
      std::lock_guard l(m_);
      stop_ = true;
      if (!q_.empty())
        cv_.notify_all();
    }
    t_.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: task of 't_' may never end: it is not woken on every way to the join
  }
};

// The task overwrites a stop that comes before it runs.
class SaysItselfThatItRuns_bad {
  std::atomic<bool> running_{false};
  std::thread t_;
  void loop() {
    running_ = true;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: task of 't_' may never end: it changes 'running_' itself, and forgets a stop that came before
    while (running_)
      step();
  }

public:
  void start() {
    t_ = std::thread([this] { loop(); });
  }
  void stop() {
    running_ = false;
    if (t_.joinable())
      t_.join();
  }
  ~SaysItselfThatItRuns_bad() { stop(); }
};

class ToldBeforeItStarts_ok {
  std::atomic<bool> running_{false};
  std::thread t_;
  void loop() {
    while (running_)
      step();
  }

public:
  void start() {
    running_ = true;
    t_ = std::thread([this] { loop(); });
  }
  void stop() {
    running_ = false;
    if (t_.joinable())
      t_.join();
  }
  ~ToldBeforeItStarts_ok() { stop(); }
};

// Loops, and the flags that they look at.
class NobodySetsTheFlag_bad {
  std::atomic<bool> quit_{false};
  std::thread t_;

public:
  NobodySetsTheFlag_bad()
      : t_([this] {
          while (!quit_) {
          // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 't_' may never end: '~NobodySetsTheFlag_bad' waits for its end, and nobody sets 'quit_', which its loop looks at
            step();
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
          }
        }) {}
  ~NobodySetsTheFlag_bad() {
    if (t_.joinable())
      t_.join();
  }
};

class SetAfterTheJoin_bad {
  std::atomic<bool> quit_{false};
  std::thread t_;

public:
  SetAfterTheJoin_bad()
      : t_([this] {
          while (!quit_)
            step();
        }) {}
  ~SetAfterTheJoin_bad() {
    t_.join();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: task of 't_' may never end: it is told only after the join
    quit_ = true;
  }
};

class LoopHasNoWayOut_bad {
  std::mutex m_;
  std::condition_variable cv_;
  bool work_ = false;
  std::thread t_;

public:
  LoopHasNoWayOut_bad()
      : t_([this] {
          while (true) {
          // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 't_' may never end: '~LoopHasNoWayOut_bad' waits for its end, and its loop has no way out
            std::unique_lock l(m_);
            cv_.wait(l, [this] { return work_; });
            work_ = false;
            step();
          }
        }) {}
  ~LoopHasNoWayOut_bad() {
    {
      std::lock_guard l(m_);
      work_ = true;
    }
    cv_.notify_all();
    t_.join();
  }
};

// The thread is a base class's, the wait a derived class's.
class ThreadBase {
public:
  virtual ~ThreadBase() = default;
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void join() {
    if (thread_.joinable())
      thread_.join();
  }

protected:
  virtual void run() = 0;
  std::atomic<bool> stop_{false};

private:
  std::thread thread_;
};

class DerivedSetsTheFlagOnly_bad : public ThreadBase {
public:
  ~DerivedSetsTheFlagOnly_bad() override {
    stop_ = true;
    join();
  }
  void push(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }

protected:
  void run() override {
    while (!stop_) {
      std::unique_lock l(m_);
      cv_.wait(l, [this] { return stop_ || !q_.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 'thread_' may never end: '~DerivedSetsTheFlagOnly_bad' sets 'stop_', and nobody ends its wait on 'cv_'
      if (!q_.empty())
        q_.pop_front();
    }
  }

private:
  std::mutex m_;
  std::condition_variable cv_;
  std::deque<int> q_;
};

class DerivedWakes_ok : public ThreadBase {
public:
  ~DerivedWakes_ok() override {
    {
      std::lock_guard l(m_);
      stop_ = true;
    }
    cv_.notify_all();
    join();
  }
  void push(int v) {
    {
      std::lock_guard l(m_);
      q_.push_back(v);
    }
    cv_.notify_one();
  }

protected:
  void run() override {
    while (!stop_) {
      std::unique_lock l(m_);
      cv_.wait(l, [this] { return stop_ || !q_.empty(); });
      if (!q_.empty())
        q_.pop_front();
    }
  }

private:
  std::mutex m_;
  std::condition_variable cv_;
  std::deque<int> q_;
};

// The class hides its members.
class HiddenImplementation_bad {
public:
  HiddenImplementation_bad();
  ~HiddenImplementation_bad();
  void log(std::string s);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct HiddenImplementation_bad::Impl {
  std::mutex m;
  std::condition_variable cv;
  std::vector<std::string> lines;
  std::atomic<bool> done{false};
  std::thread t;
  void run() {
    while (!done) {
      std::unique_lock l(m);
      cv.wait(l, [this] { return !lines.empty(); });
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: task of 't' may never end: '~HiddenImplementation_bad' sets 'done' and wakes its wait on 'impl_.cv', which does not look at it and goes on waiting
      lines.clear();
    }
  }
};
HiddenImplementation_bad::HiddenImplementation_bad() : impl_(std::make_unique<Impl>()) {
  impl_->t = std::thread([p = impl_.get()] { p->run(); });
}
HiddenImplementation_bad::~HiddenImplementation_bad() {
  impl_->done = true;
  impl_->cv.notify_all();
  impl_->t.join();
}
void HiddenImplementation_bad::log(std::string s) {
  std::lock_guard l(impl_->m);
  impl_->lines.push_back(std::move(s));
  impl_->cv.notify_one();
}

// The task of a function.
void notified_before_the_flag_bad(std::vector<int> in) {
  std::mutex m;
  std::condition_variable cv;
  std::deque<int> q;
  bool done = false;
  std::thread t([&] {
    for (;;) {
      std::unique_lock l(m);
      cv.wait(l, [&] { return done || !q.empty(); });
      if (q.empty())
        return;
      q.pop_front();
    }
  });
  for (int v : in) {
    std::lock_guard l(m);
    q.push_back(v);
    cv.notify_one();
  }
  {
    std::lock_guard l(m);
    done = true;
  }
  t.join();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: task of 't' may never end: it is woken before 'done' is changed, and goes back to sleep
}

void notified_after_the_flag_ok(std::vector<int> in) {
  std::mutex m;
  std::condition_variable cv;
  std::deque<int> q;
  bool done = false;
  std::thread t([&] {
    for (;;) {
      std::unique_lock l(m);
      cv.wait(l, [&] { return done || !q.empty(); });
      if (q.empty())
        return;
      q.pop_front();
    }
  });
  for (int v : in) {
    std::lock_guard l(m);
    q.push_back(v);
    cv.notify_one();
  }
  {
    std::lock_guard l(m);
    done = true;
  }
  cv.notify_one();
  t.join();
}

// Whoever destroys it may have called stop() before.
class OthersMayHaveStoppedIt_ok {
  std::mutex m_;
  std::condition_variable cv_;
  bool stop_ = false;
  std::thread t_;

public:
  OthersMayHaveStoppedIt_ok()
      : t_([this] {
          std::unique_lock l(m_);
          while (!stop_)
            cv_.wait(l);
        }) {}
  void stop() {
    {
      std::lock_guard l(m_);
      stop_ = true;
    }
    cv_.notify_all();
  }
  ~OthersMayHaveStoppedIt_ok() { t_.join(); }
};

// The same by a setter, in a base class that starts the task for others.
class ServiceSaysItself_bad {
public:
  virtual ~ServiceSaysItself_bad() = default;
  void start() { t_ = std::thread(&ServiceSaysItself_bad::run, this); }
  void stop() {
    set_running(false);
    if (t_.joinable())
      t_.join();
  }

protected:
  virtual void serve() {
    while (running_)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

private:
  void set_running(bool value) { running_ = value; }
  void run() {
    set_running(true);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: task of 't_' may never end: it changes 'running_' itself, and forgets a stop that came before
    serve();
  }
  std::atomic<bool> running_{false};
  std::thread t_;
};

class ServiceIsSetBefore_ok {
public:
  virtual ~ServiceIsSetBefore_ok() = default;
  void start() {
    set_running(true);
    t_ = std::thread(&ServiceIsSetBefore_ok::run, this);
  }
  void stop() {
    set_running(false);
    if (t_.joinable())
      t_.join();
  }

protected:
  virtual void serve() {
    while (running_)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

private:
  void set_running(bool value) { running_ = value; }
  void run() { serve(); }
  std::atomic<bool> running_{false};
  std::thread t_;
};
