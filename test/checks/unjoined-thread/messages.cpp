// RUN: %check_tether %s unjoined-thread
#include <thread>
#include <vector>

bool ready();
void work();
void check() {
  if (!ready())
    throw 1;
}

void never_joined_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  // CHECK-NOTES: :[[@LINE-2]]:15: note: the task starts here
  // CHECK-NOTES: :[[@LINE-3]]:15: note: join it on every way out, or let an object do it whose destructor joins
  ready();
}

int returns_bad(int Count) {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  // CHECK-NOTES: :[[@LINE-2]]:15: note: the task starts here
  // CHECK-NOTES: :[[@LINE+4]]:3: note: the loop is entered
  // CHECK-NOTES: :[[@LINE+4]]:9: note: '!ready()' is true
  // CHECK-NOTES: :[[@LINE+4]]:7: note: 'returns_bad' returns here
  // CHECK-NOTES: :[[@LINE-6]]:15: note: join it on every way out, or let an object do it whose destructor joins
  for (int I = 0; I < Count; ++I) {
    if (!ready())
      return I;
  }
  Worker.join();
  return 0;
}

void throws_bad() {
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  // CHECK-NOTES: :[[@LINE+4]]:12: note: the task starts here
  // CHECK-NOTES: :[[@LINE+4]]:7: note: '!ready()' is true
  // CHECK-NOTES: :[[@LINE+4]]:5: note: 'throws_bad' throws here
  // CHECK-NOTES: :[[@LINE-5]]:15: note: join it on every way out, or let an object do it whose destructor joins
  Worker = std::thread(work);
  if (!ready())
    throw 1;
  Worker.join();
}

void helper_throws_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  // CHECK-NOTES: :[[@LINE-2]]:15: note: the task starts here
  // CHECK-NOTES: :[[@LINE+3]]:3: note: 'check' is called here
  // CHECK-NOTES: :[[@LINE-45]]:5: note: it throws here
  // CHECK-NOTES: :[[@LINE-5]]:15: note: join it on every way out, or let an object do it whose destructor joins
  check();
  Worker.join();
}

void new_task_bad(int Count) {
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' gets a new task while it can be joined: the program is terminated [tether-unjoined-thread]
  // CHECK-NOTES: :[[@LINE+4]]:14: note: the task starts here
  // CHECK-NOTES: :[[@LINE+2]]:3: note: the loop is entered
  // CHECK-NOTES: :[[@LINE-4]]:15: note: join it on every way out, or let an object do it whose destructor joins
  for (int I = 0; I < Count; ++I)
    Worker = std::thread(work);
  Worker.join();
}

class ConstructorThrows_bad {
public:
  ConstructorThrows_bad() : Worker(work) {
    // CHECK-MESSAGES: :[[@LINE-1]]:29: warning: thread 'Worker' is destroyed while it can be joined when the constructor throws: the program is terminated [tether-unjoined-thread]
    // CHECK-NOTES: :[[@LINE-2]]:29: note: the task starts here
    // CHECK-NOTES: :[[@LINE+3]]:5: note: 'check' is called here
    // CHECK-NOTES: :[[@LINE-68]]:5: note: it throws here, and the destructor will not run
    // CHECK-NOTES: :[[@LINE-5]]:29: note: join it on every way out, or let an object do it whose destructor joins
    check();
  }
  ~ConstructorThrows_bad() { Worker.join(); }

private:
  std::thread Worker;
};

class DestructorReturns_bad {
public:
  DestructorReturns_bad() : Worker(work) {}
  ~DestructorReturns_bad() {
    if (!ready())
      return;
    Worker.join();
  }

private:
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: '~DestructorReturns_bad' does not join it on every path: the program is terminated [tether-unjoined-thread]
  // CHECK-NOTES: :[[@LINE-8]]:9: note: '!ready()' is true
  // CHECK-NOTES: :[[@LINE-8]]:7: note: '~DestructorReturns_bad' returns here
  // CHECK-NOTES: :[[@LINE-8]]:12: note: only here it is joined
  // CHECK-NOTES: :[[@LINE-5]]:15: note: join it on every way out, or let an object do it whose destructor joins
};

class Assigned_bad {
public:
  Assigned_bad &operator=(int) {
    Worker = std::thread(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Worker' gets a new task while the one before may still run: the program is terminated [tether-unjoined-thread]
    // CHECK-NOTES: :[[@LINE-2]]:14: note: join it on every way out, or let an object do it whose destructor joins
    return *this;
  }
  ~Assigned_bad() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};

class NeverJoined_bad {
public:
  void start() { Workers.emplace_back(work); }

private:
  std::vector<std::thread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: thread 'Workers' is destroyed while it can be joined: no function of 'NeverJoined_bad' joins it: the program is terminated [tether-unjoined-thread]
  // CHECK-NOTES: :[[@LINE-5]]:26: note: the task starts here
  // CHECK-NOTES: :[[@LINE-3]]:28: note: join it on every way out, or let an object do it whose destructor joins
};
