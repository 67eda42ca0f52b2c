// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <sys/socket.h>
#include <thread>

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto Forever = std::chrono::hours(24) * 3650;

// A limit of years is none.

class Years_bad {
public:
  void start() { Thread = std::thread(&Years_bad::run, this); }
  ~Years_bad() { Thread.join(); }

private:
  void run() {
    while (true) {
      std::unique_lock Lock(Mutex);
      Ready.wait_for(Lock, std::chrono::hours(24 * 365));
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Years_bad' waits for its end, and nothing ends its wait on 'Ready'
      Ready.wait_for(Lock, std::chrono::hours::max());
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Years_bad' waits for its end, and nothing ends its wait on 'Ready'
      Ready.wait_for(Lock, Forever);
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Years_bad' waits for its end, and nothing ends its wait on 'Ready'
      Ready.wait_for(Lock, 100000h);
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Years_bad' waits for its end, and nothing ends its wait on 'Ready'
      Ready.wait_for(Lock, std::chrono::duration<double>(1e9));
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Years_bad' waits for its end, and nothing ends its wait on 'Ready'
      Ready.wait_until(Lock, steady_clock::time_point::max());
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Years_bad' waits for its end, and nothing ends its wait on 'Ready'
      Ready.wait_until(Lock, steady_clock::now() + std::chrono::hours(24 * 365));
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'Thread' may never end: '~Years_bad' waits for its end, and nothing ends its wait on 'Ready'
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::thread Thread;
};

class Hours_ok {
public:
  void start() { Thread = std::thread(&Hours_ok::run, this); }
  ~Hours_ok() {
    Done = true;
    Thread.join();
  }

private:
  void run() {
    while (!Done) {
      std::unique_lock Lock(Mutex);
      Ready.wait_for(Lock, std::chrono::hours(24));
      Ready.wait_for(Lock, 500ms);
      Ready.wait_for(Lock, Pause);
      Ready.wait_until(Lock, steady_clock::now() + 1s);
      Ready.wait_until(Lock, Deadline);
    }
  }

  std::mutex Mutex;
  std::condition_variable Ready;
  std::chrono::milliseconds Pause{100};
  steady_clock::time_point Deadline;
  std::atomic<bool> Done = false;
  std::thread Thread;
};

// Flags that make a call return at once.

class Flags_bad {
public:
  explicit Flags_bad(int Socket) : Socket(Socket) {}
  void start() { Thread = std::thread(&Flags_bad::run, this); }
  ~Flags_bad() {
    Done = true;
    Thread.join();
  }

private:
  void run() {
    char Data[8];
    while (!Done) {
      recv(Socket, Data, sizeof Data, 0);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'Thread' may never end: '~Flags_bad' sets 'Done', and nobody ends its wait in 'recv'
      recv(Socket, Data, sizeof Data, MSG_PEEK | MSG_NOSIGNAL);
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: task of 'Thread' may never end: '~Flags_bad' sets 'Done', and nobody ends its wait in 'recv'
    }
  }

  int Socket;
  std::atomic<bool> Done = false;
  std::thread Thread;
};

class Flags_ok {
public:
  explicit Flags_ok(int Socket) : Socket(Socket) {}
  void start() { Thread = std::thread(&Flags_ok::run, this); }
  ~Flags_ok() {
    Done = true;
    Thread.join();
  }

private:
  void run() {
    char Data[8];
    const int Plain = MSG_DONTWAIT;
    while (!Done) {
      recv(Socket, Data, sizeof Data, MSG_DONTWAIT | MSG_PEEK);
      recv(Socket, Data, sizeof Data, Plain);
      recv(Socket, Data, sizeof Data, Options);
    }
  }

  int Socket;
  int Options = 0;
  std::atomic<bool> Done = false;
  std::thread Thread;
};

// Who stops the task waits until it has begun: the stop cannot come before that.

class Meeting_ok {
public:
  void open() {
    Guest = std::thread([this] {
      ++Arrived;
      while (Arrived != 0)
        ;
    });
  }
  void close() {
    while (Arrived != 1)
      ;
    Arrived = 0;
    Guest.join();
  }

private:
  std::atomic<int> Arrived = 0;
  std::thread Guest;
};

void all_have_come_ok() {
  std::atomic<int> Arrived = 0;
  std::thread Guest([&] {
    ++Arrived;
    while (Arrived != 0)
      ;
  });
  while (Arrived != 1)
    ;
  Arrived = 0;
  Guest.join();
}

void nobody_may_have_come_bad() {
  std::atomic<int> Arrived = 0;
  std::thread Guest([&] {
    ++Arrived;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: task of 'Guest' may never end: it changes 'Arrived' itself, and forgets a stop that came before
    while (Arrived != 0)
      ;
  });
  Arrived = 0;
  Guest.join();
}
