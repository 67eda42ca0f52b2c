// RUN: %check_tether %s unjoined-thread
#include <cstdlib>
#include <future>
#include <thread>

// Functions that never come back, though nothing in their declaration says so.

bool ready();
void work();
void die() { std::exit(1); }
void fail(bool Hard) {
  if (Hard)
    std::abort();
  throw 1;
}
void dieIf(bool Condition) {
  if (Condition)
    std::exit(1);
}

void dies_ok() {
  std::thread Worker(work);
  if (!ready())
    die();
  Worker.join();
}

void comes_back_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  if (!ready()) {
    dieIf(ready());
    return;
  }
  Worker.join();
}

void thrown_and_joined_ok() {
  std::thread Worker(work);
  if (!ready()) {
    try {
      fail(ready());
    } catch (...) {
    }
    Worker.join();
    return;
  }
  Worker.join();
}

void thrown_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  if (!ready()) {
    try {
      fail(ready());
    } catch (...) {
      return;
    }
  }
  Worker.join();
}

// The handlers of a function that is called are none of its caller's.
void tell(int Count, std::promise<int> &Answer) {
  for (int I = 0; I < Count; ++I) {
    try {
      if (!ready())
        Answer.set_value(I);
    } catch (...) {
      work();
    }
  }
}

void told_ok(std::promise<int> &Answer) {
  std::thread Worker(work);
  tell(3, Answer);
  Worker.join();
}
