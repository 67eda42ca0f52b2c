// RUN: %check_tether %s unforwarded-stop-token
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

int load(int Id);
int load(int Id, std::stop_token Stop);
int flush(std::stop_token Stop = {});
bool step();

// Other things than the same operation with a token.

long size(int Id);
int size(int Id, std::stop_token Stop);
long other_result_ok(std::stop_token Stop) { return size(1); }

void print(int Id);
void print(const char *Text, std::stop_token Stop);
void other_parameters_ok(std::stop_token Stop) { print(1); }

int token_first(std::stop_token Stop, int Id);
int token_first_ok(std::stop_token Stop) { return token_first(Stop, 1); }

struct Registry { // takes a token in order to know whom to tell
  void add(std::stop_token Whose, int Id);
  void add(int Id) { ++Count; }
  int Count = 0;
};
void token_for_something_else_ok(Registry &R, std::stop_token Stop) { R.add(1); }

struct Clock {
  int now() const { return Ticks; }
  int now(std::stop_token) const { return Ticks; }
  int Ticks = 0;
};
int takes_it_for_form_ok(const Clock &C, std::stop_token Stop) { return C.now(); }

// An overload that is made of the other one.

struct Queue {
  int take();
  int take(std::stop_token Stop) {
    if (Stop.stop_requested())
      return 0;
    return take();
  }
};

// What has to finish.

void after_the_loop_ok(std::stop_token Stop) {
  while (!Stop.stop_requested())
    step();
  flush();
}

void when_stopped_ok(std::stop_token Stop) {
  while (true) {
    if (Stop.stop_requested()) {
      flush();
      return;
    }
    step();
  }
}

void behind_a_helper_ok(std::stop_token Stop) {
  auto Stopped = [](const std::stop_token &Token) { return Token.stop_requested(); };
  while (!Stopped(Stop))
    step();
  flush();
}

class Store {
public:
  ~Store() { close(Token); }
  void close(std::stop_token) { flush(); }

private:
  std::stop_token Token;
};

void stopped_before_ok(std::stop_source &Source, std::stop_token Stop) {
  Source.request_stop();
  flush();
}

// Child work that is stopped by hand, or by somebody else.

void run(std::stop_token Stop);

void supervise_ok(std::stop_token Stop) {
  std::stop_source Child;
  std::jthread Worker([Token = Child.get_token()] { run(Token); });
  while (!Stop.stop_requested())
    step();
  Child.request_stop();
}

void thread_of_its_own_ok(std::stop_token Stop) {
  std::jthread Worker([](std::stop_token Own) { run(Own); });
  while (!Stop.stop_requested())
    step();
}

void link(std::stop_token From, std::stop_source &To);
void linked_elsewhere_ok(std::stop_token Stop, const std::function<void(std::stop_token)> &Work) {
  std::stop_source Child;
  link(Stop, Child);
  Work(Child.get_token());
}

void both_ok(std::stop_token Stop,
             const std::function<void(std::stop_token, std::stop_token)> &Work) {
  std::stop_source Child;
  Work(Stop, Child.get_token());
}

// A callback of somebody else has no token of its own.

void on(std::function<void()> Done);
void callback_ok(std::stop_token Stop) {
  on([] { load(1); });
}

// An interface asks for the parameter.

struct Job {
  virtual ~Job() = default;
  virtual void run(std::stop_token Stop) = 0;
};
struct Count : Job {
  void run(std::stop_token) override { ++Runs; }
  int Runs = 0;
};
