// RUN: %check_tether %s stored-stop-token
#include <coroutine>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>

bool step();

// Both ends belong to the class.
class Engine {
public:
  void start_ok() {
    Stop = std::stop_source();
    Token = Stop.get_token();
  }
  void adopt_ok(std::stop_source Outer) {
    Stop = std::move(Outer);
    Token = Stop.get_token();
  }
  void stop() { Stop.request_stop(); }
  bool running() const { return !Token.stop_requested(); }

private:
  std::stop_source Stop;
  std::stop_token Token;
};

// The token of the class's own thread.
class Loop {
public:
  void start() {
    Thread = std::jthread([this](std::stop_token Stop) { run_ok(std::move(Stop)); });
  }
  void stop() { Thread.request_stop(); }

private:
  void run_ok(std::stop_token Stop) {
    Token = Stop;
    while (turn())
      ;
  }
  bool turn() { return !Token.stop_requested() && step(); }

  std::stop_token Token;
  std::jthread Thread;
};

// The task's own callable.
class Copier_ok {
public:
  Copier_ok(std::string From, std::stop_token Stop) : From(std::move(From)), Token(std::move(Stop)) {}
  void operator()() {
    while (!Token.stop_requested() && step())
      ;
  }

private:
  std::string From;
  std::stop_token Token;
};

void copy_ok(std::stop_token Stop) {
  std::jthread Worker(Copier_ok("a", Stop));
}

// A bundle of parameters.
struct Options_ok {
  std::string Name;
  int Retries = 3;
  std::stop_token Stop;
};

bool fetch(const Options_ok &Options);

bool fetch_with_options_ok(std::string Name, std::stop_token Stop) {
  return fetch({std::move(Name), 5, Stop});
}

bool fetch_field_by_field_ok(std::string Name, std::stop_token Stop) {
  Options_ok Options;
  Options.Name = std::move(Name);
  Options.Stop = Stop;
  return fetch(Options);
}

// A coroutine's awaiter lives as long as the wait does.
struct Sleep_ok {
  std::stop_token Token;
  std::optional<std::stop_callback<std::function<void()>>> OnStop;

  explicit Sleep_ok(std::stop_token Stop) : Token(std::move(Stop)) {}
  bool await_ready() const { return Token.stop_requested(); }
  void await_suspend(std::coroutine_handle<> Waiting) {
    OnStop.emplace(Token, [Waiting] { Waiting.resume(); });
  }
  void await_resume() const {}
};

// So does a coroutine's promise.
struct Task_ok {
  struct promise_type {
    std::stop_token Token;
    explicit promise_type(std::stop_token Stop) : Token(std::move(Stop)) {}
    Task_ok get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

Task_ok coroutine_with_token_ok(std::stop_token Stop) {
  co_await Sleep_ok(Stop);
}

// What waits in the queue is taken out again.
class Pool {
public:
  void post_ok(std::stop_token Stop) {
    Jobs.push_back([Stop] {
      if (!Stop.stop_requested())
        step();
    });
  }
  void run() {
    while (!Jobs.empty()) {
      auto Job = std::move(Jobs.front());
      Jobs.pop_front();
      Job();
    }
  }

private:
  std::deque<std::function<void()>> Jobs;
};

// A guard that restores the former token when the operation ends.
class CurrentToken {
public:
  static std::stop_token &current() {
    static thread_local std::stop_token Token;
    return Token;
  }
  explicit CurrentToken(std::stop_token Stop) : Before_ok(std::exchange(current(), std::move(Stop))) {}
  ~CurrentToken() { current() = Before_ok; }

private:
  std::stop_token Before_ok;
};

// Forgotten when the operation is over.
class Session {
public:
  void run_ok(std::stop_token Stop) {
    Token = Stop;
    while (turn())
      ;
    Token = {};
  }

private:
  bool turn() { return !Token.stop_requested() && step(); }
  std::stop_token Token;
};

// A lambda that only lives in this call.
void each(const std::function<void()> &Visit);

void visits_ok(std::stop_token Stop) {
  each([&Stop] {
    if (!Stop.stop_requested())
      step();
  });
  std::function<void()> Again = [Stop] {
    if (!Stop.stop_requested())
      step();
  };
  Again();
}

// The token and its source go to the caller together.
struct Operation {
  std::stop_source Stop;
  std::stop_token Token;
};

Operation begin_ok() {
  Operation New;
  New.Token = New.Stop.get_token();
  return New;
}

// A scope of work whose object is on the stack of the operation.
class Scanner {
public:
  explicit Scanner(std::stop_token Stop) : Token_ok(std::move(Stop)) {}
  void scan() {
    while (!Token_ok.stop_requested() && step())
      ;
  }

private:
  std::stop_token Token_ok;
};

void scan_on_the_stack_ok(std::stop_token Stop) { Scanner(Stop).scan(); }

void scan_on_the_heap_ok(std::stop_token Stop) {
  auto Mine = std::make_unique<Scanner>(Stop);
  Mine->scan();
}

// A reference to the operation keeps nothing.
class Attempt {
public:
  explicit Attempt(std::stop_token Stop) : Token_ok(std::move(Stop)) {}
  bool isOver() { return Token_ok.stop_requested(); }

private:
  std::stop_token Token_ok;
};

class Watcher {
public:
  explicit Watcher(Attempt &Of) : Of(Of) {}
  void watch() {
    while (!Of.isOver())
      step();
  }

private:
  Attempt &Of;
};

void watched_ok(std::stop_token Stop) {
  Attempt Mine(Stop);
  Watcher(Mine).watch();
}
