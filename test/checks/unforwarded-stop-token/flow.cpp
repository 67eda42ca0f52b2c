// RUN: %check_tether %s unforwarded-stop-token
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

int load(int Id);
int load(int Id, std::stop_token Stop);
struct Environment {
  std::stop_token token() const;
};

// Within reach without being a parameter.

int environment_bad(const Environment &Env) {
  auto Stop = Env.token();
  return load(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
  // CHECK-FIXES: return load(1, Stop);
}

int environment_later_ok(const Environment &Env) {
  int Result = load(1);
  auto Stop = Env.token();
  return Result + load(2, Stop);
}

int captured_bad(std::stop_token Stop) {
  auto Load = [&] {
    if (Stop.stop_requested())
      return 0;
    return load(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
    // CHECK-FIXES: return load(1, Stop);
  };
  return Load();
}

void thread_bad() {
  std::jthread Thread([](std::stop_token Stop) {
    while (!Stop.stop_requested())
      load(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
    // CHECK-FIXES: load(1, Stop);
  });
}

struct Loader {
  explicit Loader(std::stop_token S) : Stop(S) {}
  int all_bad() {
    int Sum = 0;
    while (!Stop.stop_requested())
      Sum += load(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
    return Sum;
  }
  std::stop_token Stop;
};

// Through functions that have no token.

class Mailbox {
public:
  void put(int Letter) {
    std::lock_guard Lock(Mutex);
    Letters += Letter;
    Arrived.notify_one();
  }
  int take() {
    std::unique_lock Lock(Mutex);
    Arrived.wait(Lock, [this] { return Letters > 0; });
    return std::exchange(Letters, 0);
  }
  int take(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    Arrived.wait(Lock, Stop, [this] { return Letters > 0; });
    return std::exchange(Letters, 0);
  }

private:
  std::mutex Mutex;
  std::condition_variable_any Arrived;
  int Letters = 0;
};

static int readOne(Mailbox &From) { return From.take(); }
static int readTwo(Mailbox &From) { return readOne(From) + readOne(From); }

int session_bad(Mailbox &From, std::stop_token Stop) {
  int Sum = 0;
  while (!Stop.stop_requested())
    Sum += readTwo(From);
  // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: token 'Stop' does not reach a wait in this call that could take it [tether-unforwarded-stop-token]
  return Sum;
}

int readOneOrStop(Mailbox &From, std::stop_token Stop) { return From.take(Stop); }

int session_ok(Mailbox &From, std::stop_token Stop) {
  int Sum = 0;
  while (!Stop.stop_requested())
    Sum += readOneOrStop(From, Stop);
  return Sum;
}

// A lambda has what it has taken along.
struct Jobs {
  ~Jobs();
  template <typename F> void run(F Job) { std::thread(Job).join(); }
};

void install(Mailbox &From, std::stop_token Stop) {
  while (!Stop.stop_requested())
    From.take(Stop);
}

void taken_along_bad(Jobs &All, Mailbox &From, std::stop_token Stop) {
  All.run([&From, Stop] {
    install(From, std::stop_token{});
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this call {{.*}} 'Stop'
  });
}

void taken_along_ok(Jobs &All, Mailbox &From, std::stop_token Stop) {
  All.run([&From, Stop] { install(From, Stop); });
}

void not_taken_along_ok(Jobs &All, Mailbox &From, std::stop_token Stop) {
  if (Stop.stop_requested())
    return;
  All.run([&From] { install(From, std::stop_token{}); });
}
