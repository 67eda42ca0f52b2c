// RUN: %check_tether %s blocked-forever,lock-order,lost-wakeup,unbounded-wait,unfulfilled-promise,unreceived-channel
// The classic problems of concurrent programming, each with a form that can come to a standstill and
// one that cannot. Where a check knows more about a defect than that somebody waits, that one speaks.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <semaphore>
#include <thread>

void work();

// ---- dining philosophers ------------------------------------------------------------------------

static void eats_bad(std::mutex &Left, std::mutex &Right) {
  std::lock_guard First(Left);
  work();
  std::lock_guard Second(Right);
  // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: the lock of 'Second' may block for ever
  work();
}

void philosophers_bad() {
  std::mutex One, Two, Three;
  std::jthread Kant([&] { eats_bad(One, Two); });
  std::jthread Hume([&] { eats_bad(Two, Three); });
  std::jthread Marx([&] { eats_bad(Three, One); });
}

static void eats_in_order(std::mutex &Left, std::mutex &Right) {
  std::lock_guard First(Left);
  std::lock_guard Second(Right);
  work();
}

void philosophers_one_left_handed_ok() {
  std::mutex One, Two, Three;
  std::jthread Kant([&] { eats_in_order(One, Two); });
  std::jthread Hume([&] { eats_in_order(Two, Three); });
  std::jthread Marx([&] { eats_in_order(One, Three); });
}

static void eats_at_once(std::mutex &Left, std::mutex &Right) {
  std::scoped_lock Both(Left, Right);
  work();
}

void philosophers_both_forks_at_once_ok() {
  std::mutex One, Two, Three;
  std::jthread Kant([&] { eats_at_once(One, Two); });
  std::jthread Hume([&] { eats_at_once(Two, Three); });
  std::jthread Marx([&] { eats_at_once(Three, One); });
}

static void eats_with_waiter(std::mutex &Left, std::mutex &Right, std::counting_semaphore<> &Chairs) {
  Chairs.acquire();
  {
    std::lock_guard First(Left);
    std::lock_guard Second(Right);
    work();
  }
  Chairs.release();
}

void philosophers_with_waiter_ok() {
  std::mutex One, Two, Three;
  std::counting_semaphore<> Chairs(2);
  std::jthread Kant([&] { eats_with_waiter(One, Two, Chairs); });
  std::jthread Hume([&] { eats_with_waiter(Two, Three, Chairs); });
  std::jthread Marx([&] { eats_with_waiter(Three, One, Chairs); });
}
