// RUN: %check_tether %s swallowed-cancellation
#include <pthread.h>
// CHECK-FIXES: #include <cxxabi.h>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <unistd.h>

void log(const char *Text);

// What unwinds a thread gets a handler of its own, on the warning: who keeps it aborts the program.

class Poller {
public:
  Poller() { pthread_create(&Thread, nullptr, run, this); }
  ~Poller() {
    pthread_cancel(Thread);
    pthread_join(Thread, nullptr);
  }

private:
  static void *run(void *Self) {
    static_cast<Poller *>(Self)->poll();
    static_cast<Poller *>(Self)->poll_again();
    return nullptr;
  }
  void poll() {
    try {
      sleep(60);
    } catch (...) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler keeps the exception
      // CHECK-FIXES: {{^}}    } catch (abi::__forced_unwind &) {
      // CHECK-FIXES-NEXT: {{^}}      throw;
      // CHECK-FIXES-NEXT: {{^}}    } catch (...) {
      log("failed");
    }
  }
  void poll_again() {
    try {
      sleep(60);
    }
    catch (...)
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this handler keeps the exception
    // CHECK-FIXES: {{^}}    catch (abi::__forced_unwind &) {
    // CHECK-FIXES-NEXT: {{^}}      throw;
    // CHECK-FIXES-NEXT: {{^}}    }
    // CHECK-FIXES-NEXT: {{^}}    catch (...)
    {
      log("failed");
    }
  }
  pthread_t Thread;
};

// An exception of the project's own: on a note.

struct Cancelled : std::runtime_error {
  Cancelled() : std::runtime_error("cancelled") {}
};

namespace hidden {
struct Stopped : std::runtime_error {
  Stopped() : std::runtime_error("stopped") {}
};
void throwIfStopped(const std::stop_token &Stop) {
  if (Stop.stop_requested())
    throw Stopped();
}
} // namespace hidden

void throwIfStopped(const std::stop_token &Stop) {
  if (Stop.stop_requested())
    throw Cancelled();
}

void step(const std::stop_token &Stop) {
  throwIfStopped(Stop);
  log("step");
}

void goes_on_bad(std::stop_token Stop) {
  while (true) {
    try {
      step(Stop);
    } catch (const std::exception &) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler takes the exception that tells of a stop
      // CHECK-NOTE-FIXES: {{^}}    } catch (const Cancelled &) {
      // CHECK-NOTE-FIXES-NEXT: {{^}}      throw;
      // CHECK-NOTE-FIXES-NEXT: {{^}}    } catch (const std::exception &) {
      log("failed");
    }
  }
}

// Nobody would catch it further up.
std::jthread body_bad() {
  return std::jthread([](std::stop_token Stop) {
    while (true) {
      try {
        step(Stop);
      } catch (...) {
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: this handler takes the exception that tells of a stop
        // CHECK-NOTE-FIXES: {{^}}      } catch (const Cancelled &) {
        // CHECK-NOTE-FIXES-NEXT: {{^}}        return;
        // CHECK-NOTE-FIXES-NEXT: {{^}}      } catch (...) {
        log("failed");
      }
    }
  });
}

// Refused: the class cannot be named here.
void of_another_namespace_bad(std::stop_token Stop) {
  while (true) {
    try {
      hidden::throwIfStopped(Stop);
    } catch (const std::exception &) {
      // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this handler takes the exception that tells of a stop
      log("failed");
    }
  }
}
