// RUN: %check_tether %s dropped-cancel-handle
#include <functional>
#include <future>
#include <stop_token>
#include <thread>
#include <utility>

bool step();
void poll(std::stop_token Stop) {
  while (!Stop.stop_requested())
    step();
}

#define RETURN_IF(Condition)                                                                       \
  do {                                                                                             \
    if (Condition)                                                                                 \
      return;                                                                                      \
  } while (0)

void macro_returns_bad(bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread(poll, Stop.get_token()).detach();
  RETURN_IF(!Ready);
  Stop.request_stop();
}

void macro_returns_before_ok(bool Ready) {
  RETURN_IF(!Ready);
  std::stop_source Stop;
  std::thread(poll, Stop.get_token()).detach();
  Stop.request_stop();
}

template <typename F> void run_with_token_bad(F Body) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread Worker(std::move(Body), Stop.get_token());
  if (!step()) {
    Worker.detach();
    return;
  }
  Stop.request_stop();
  Worker.join();
}

void instantiates_ok() {
  run_with_token_bad(poll);
  run_with_token_bad([](std::stop_token Stop) { poll(Stop); });
}

template <typename Source> class Scope {
public:
  explicit Scope(Source S) : S(std::move(S)) {}
  ~Scope() { S.request_stop(); }

private:
  Source S;
};

void template_guard_ok() {
  std::stop_source Stop;
  Scope Guard(Stop);
  std::thread(poll, Stop.get_token()).detach();
  if (!step())
    return;
  step();
}

template <typename F> void result_of_a_template_bad(F Body) {
  std::async(std::launch::async, std::move(Body));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: result of the task is discarded:
  step();
}

void uses_it_ok() {
  result_of_a_template_bad([] { step(); });
}

// Callers of a variadic function pass the token through.
template <typename... Args> std::thread spawn(Args &&...A) {
  return std::thread(std::forward<Args>(A)...);
}

void through_a_forwarder_ok() {
  std::stop_source Stop;
  std::thread Worker = spawn(poll, Stop.get_token());
  Worker.join();
}

void through_a_forwarder_bad(bool Ready) {
  std::stop_source Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Stop' is not triggered on every path:
  std::thread Worker = spawn(poll, Stop.get_token());
  if (!Ready) {
    Worker.detach();
    return;
  }
  Stop.request_stop();
  Worker.join();
}

using Handle = std::stop_source;

void through_an_alias_bad(bool Ready) {
  Handle Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: source 'Stop' is not triggered on every path:
  auto Token = Stop.get_token();
  std::thread(poll, Token).detach();
  if (Ready)
    Stop.request_stop();
}
