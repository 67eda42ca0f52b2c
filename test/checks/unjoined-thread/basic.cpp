// RUN: %check_tether %s unjoined-thread
#include <thread>
#include <vector>

bool ready();
void work();
void check() {
  if (!ready())
    throw 1;
}

// Locals.

void never_joined_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  ready();
}

void joined_ok() {
  std::thread Worker(work);
  ready();
  Worker.join();
}

void detached_ok() {
  std::thread Worker(work);
  Worker.detach();
}

void returns_early_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  if (!ready())
    return;
  Worker.join();
}

void returns_early_ok() {
  std::thread Worker(work);
  if (!ready()) {
    Worker.join();
    return;
  }
  Worker.join();
}

void throws_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  if (!ready())
    throw 1;
  Worker.join();
}

void throws_before_ok() {
  if (!ready())
    throw 1;
  std::thread Worker(work);
  Worker.join();
}

void never_started_ok() {
  std::thread Worker;
  ready();
}

void joins_by_itself_ok() {
  std::jthread Worker(work);
  if (!ready())
    throw 1;
}

// Overwriting.

void new_task_in_a_loop_bad(int Count) {
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' gets a new task while it can be joined: the program is terminated [tether-unjoined-thread]
  for (int I = 0; I < Count; ++I)
    Worker = std::thread(work);
  Worker.join();
}

void new_task_in_a_loop_ok(int Count) {
  std::thread Worker;
  for (int I = 0; I < Count; ++I) {
    if (Worker.joinable())
      Worker.join();
    Worker = std::thread(work);
  }
  if (Worker.joinable())
    Worker.join();
}

void new_task_after_the_join_ok() {
  std::thread Worker(work);
  Worker.join();
  Worker = std::thread(work);
  Worker.join();
}

// Containers.

void container_bad(int Count) {
  std::vector<std::thread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: thread 'Workers' is destroyed while it can be joined: the program is terminated [tether-unjoined-thread]
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  if (!ready())
    return;
  for (std::thread &Worker : Workers)
    Worker.join();
}

void container_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  for (std::thread &Worker : Workers)
    Worker.join();
}

void container_joined_by_index_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.push_back(std::thread(work));
  for (int I = 0; I < Count; ++I)
    Workers[I].join();
}

// Members.

class NeverJoined_bad {
public:
  void start() { Worker = std::thread(work); }

private:
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: no function of 'NeverJoined_bad' joins it: the program is terminated [tether-unjoined-thread]
};

class NeverJoinedPool_bad {
public:
  void start() { Workers.emplace_back(work); }

private:
  std::vector<std::thread> Workers;
  // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: thread 'Workers' is destroyed while it can be joined: no function of 'NeverJoinedPool_bad' joins it: the program is terminated [tether-unjoined-thread]
};

class JoinedByItsDestructor_ok {
public:
  void start() { Worker = std::thread(work); }
  ~JoinedByItsDestructor_ok() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};

class JoinsByItself_ok {
public:
  void start() { Worker = std::jthread(work); }

private:
  std::jthread Worker;
};

class DestructorReturnsEarly_bad {
public:
  DestructorReturnsEarly_bad() : Worker(work) {}
  ~DestructorReturnsEarly_bad() {
    if (!ready())
      return;
    Worker.join();
  }

private:
  std::thread Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined: '~DestructorReturnsEarly_bad' does not join it on every path: the program is terminated [tether-unjoined-thread]
};

class ConstructorThrows_bad {
public:
  ConstructorThrows_bad() {
    Worker = std::thread(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Worker' is destroyed while it can be joined when the constructor throws: the program is terminated [tether-unjoined-thread]
    check();
  }
  ~ConstructorThrows_bad() { Worker.join(); }

private:
  std::thread Worker;
};

class ConstructorThrowsBefore_ok {
public:
  ConstructorThrowsBefore_ok() {
    check();
    Worker = std::thread(work);
  }
  ~ConstructorThrowsBefore_ok() { Worker.join(); }

private:
  std::thread Worker;
};

class Assigned_bad {
public:
  Assigned_bad &operator=(int) {
    Worker = std::thread(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Worker' gets a new task while the one before may still run: the program is terminated [tether-unjoined-thread]
    return *this;
  }
  ~Assigned_bad() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};

class Assigned_ok {
public:
  Assigned_ok &operator=(int) {
    if (Worker.joinable())
      Worker.join();
    Worker = std::thread(work);
    return *this;
  }
  ~Assigned_ok() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};
