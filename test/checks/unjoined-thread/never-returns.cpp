// RUN: %check_tether %s unjoined-thread
#include <cstdlib>
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
