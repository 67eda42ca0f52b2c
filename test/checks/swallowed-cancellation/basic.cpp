// RUN: %check_tether %s swallowed-cancellation
#include <cxxabi.h>
#include <pthread.h>
#include <stdexcept>
#include <stop_token>
#include <unistd.h>

void log(const char *Text);

// A thread that is unwound.

class Poller_bad {
public:
  Poller_bad() { pthread_create(&Thread, nullptr, run, this); }
  ~Poller_bad() {
    pthread_cancel(Thread);
    pthread_join(Thread, nullptr);
  }

private:
  static void *run(void *Self) {
    static_cast<Poller_bad *>(Self)->poll();
    return nullptr;
  }
  void poll() {
    try {
      sleep(60);
    } catch (const std::runtime_error &) {
      log("failed");
    } catch (...) {
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler keeps the exception by which thread 'Thread' is cancelled: the program is aborted [tether-swallowed-cancellation]
    // CHECK-NOTES: :[[@LINE-5]]:7: note: this may be where the thread ends
    // CHECK-NOTES: :[[@LINE-17]]:5: note: the thread is cancelled here
    // CHECK-NOTES: :[[@LINE-4]]:7: note: throw it again
      log("failed");
    }
  }
  pthread_t Thread;
};

class Poller_ok {
public:
  Poller_ok() { pthread_create(&Thread, nullptr, run, this); }
  ~Poller_ok() {
    pthread_cancel(Thread);
    pthread_join(Thread, nullptr);
  }

private:
  static void *run(void *Self) {
    static_cast<Poller_ok *>(Self)->poll();
    static_cast<Poller_ok *>(Self)->again();
    static_cast<Poller_ok *>(Self)->failures();
    return nullptr;
  }
  void poll() {
    try {
      sleep(60);
    } catch (abi::__forced_unwind &) {
      throw;
    } catch (...) {
      log("failed");
    }
  }
  void again() {
    try {
      sleep(60);
    } catch (...) {
      log("ended");
      throw;
    }
  }
  void failures() {
    try {
      sleep(60);
    } catch (const std::exception &) { // it is none of these
      log("failed");
    }
  }
  pthread_t Thread;
};

class Plain_ok { // nobody cancels it
public:
  Plain_ok() { pthread_create(&Thread, nullptr, run, this); }
  ~Plain_ok() { pthread_join(Thread, nullptr); }

private:
  static void *run(void *) {
    try {
      sleep(60);
    } catch (...) {
      log("failed");
    }
    return nullptr;
  }
  pthread_t Thread;
};

// An exception of our own.

struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("cancelled") {}
};

void throwIfStopped(const std::stop_token &Stop) {
  if (Stop.stop_requested())
    throw Cancelled();
}

void step(int Id, const std::stop_token &Stop) {
  throwIfStopped(Stop);
  if (Id < 0)
    throw std::runtime_error("no such step");
}

void retries_bad(std::stop_token Stop) {
  for (int Id = 0;; ++Id) {
    try {
      step(Id, Stop);
    } catch (const std::exception &) {
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler takes the exception that tells of a stop for a failure: the work goes on when stop is requested [tether-swallowed-cancellation]
    // CHECK-NOTES: :[[@LINE-3]]:7: note: 'step' is called here
    // CHECK-NOTES: :[[@LINE-12]]:3: note: 'throwIfStopped' is called here
    // CHECK-NOTES: :[[@LINE-17]]:5: note: this is thrown when stop is requested
    // CHECK-NOTES: :[[@LINE-5]]:7: note: throw it again
    // CHECK-NOTES: :[[@LINE-6]]:7: note: catch that exception before it, and throw it again
      log("failed, goes on");
    }
  }
}

void all_bad(std::stop_token Stop) {
  int Id = 0;
  while (true) {
    try {
      step(++Id, Stop);
    } catch (...) {
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler takes the exception that tells of a stop for a failure: the work goes on when stop is requested [tether-swallowed-cancellation]
    // CHECK-NOTES: :[[@LINE-3]]:7: note: 'step' is called here
    // CHECK-NOTES: :[[@LINE-29]]:3: note: 'throwIfStopped' is called here
    // CHECK-NOTES: :[[@LINE-34]]:5: note: this is thrown when stop is requested
    // CHECK-NOTES: :[[@LINE-5]]:7: note: throw it again
    // CHECK-NOTES: :[[@LINE-6]]:7: note: catch that exception before it, and throw it again
    }
  }
}

void named_ok(std::stop_token Stop) {
  for (int Id = 0;; ++Id) {
    try {
      step(Id, Stop);
    } catch (const Cancelled &) {
      return;
    } catch (const std::exception &) {
      log("failed, goes on");
    }
  }
}

void looks_again_ok(std::stop_token Stop) {
  for (int Id = 0; !Stop.stop_requested(); ++Id) {
    try {
      step(Id, Stop);
    } catch (const std::exception &) {
      log("failed, goes on");
    }
  }
}

void a_few_times_ok(std::stop_token Stop) {
  for (int Tries = 0; Tries != 3; ++Tries) {
    try {
      return step(Tries, Stop);
    } catch (const std::exception &) {
      log("failed, goes on");
    }
  }
}

bool ends_ok(std::stop_token Stop) {
  try {
    step(1, Stop);
  } catch (const std::exception &) {
    return false;
  }
  return true;
}

void FN_thrown_in_the_very_function(std::stop_token Stop) { // only what a called function throws
  while (true) {
    try {
      if (Stop.stop_requested())
        throw Cancelled();
    } catch (const std::exception &) {
      log("failed, goes on");
    }
  }
}

// The point at which it is unwound is inside of what is called.
struct Document_bad {
  explicit Document_bad(int Fd) {
    char Buffer[16];
    while (read(Fd, Buffer, sizeof Buffer) > 0)
      ;
  }
};

class Loader_bad {
public:
  Loader_bad() { pthread_create(&Thread, nullptr, run, this); }
  ~Loader_bad() {
    pthread_cancel(Thread);
    pthread_join(Thread, nullptr);
  }

private:
  static void *run(void *Self) {
    static_cast<Loader_bad *>(Self)->load();
    return nullptr;
  }
  void load() {
    try {
      Document_bad Names(0);
    } catch (...) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler keeps the exception by which thread 'Thread' is cancelled: the program is aborted
      // CHECK-NOTES: :[[@LINE-3]]:20: note: this may be where the thread ends
      // CHECK-NOTES: :[[@LINE-15]]:5: note: the thread is cancelled here
      // CHECK-NOTES: :[[@LINE-4]]:7: note: throw it again
      log("failed");
    }
  }
  pthread_t Thread;
};
