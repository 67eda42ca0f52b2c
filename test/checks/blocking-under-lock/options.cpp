// RUN: %check_tether %s blocking-under-lock -config="{CheckOptions: {tether-blocking-under-lock.AllWaits: true}}"
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

class Slow {
public:
  void sleeps_bad() {
    std::lock_guard Lock(Mutex);
    std::this_thread::sleep_for(1s);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: the thread sleeps while 'Mutex' is held: whoever needs 'Mutex' waits, too [tether-blocking-under-lock]
  }
  void receives_bad(std::future<int> &Result) {
    std::lock_guard Lock(Mutex);
    Result.get();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: a receive from 'Result' may block while 'Mutex' is held: whoever needs 'Mutex' waits, too [tether-blocking-under-lock]
  }
  void waits_ok() {
    std::unique_lock Lock(Mutex);
    Changed.wait(Lock, [this] { return Ready; });
    Lock.unlock();
    std::this_thread::sleep_for(1s);
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Ready = false;
};
