// RUN: %check_tether %s '*'
// What .NET's CA2016 (forward the token to methods that take one) must not report, in its C++ form.
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

// No token in the caller.

void plain();
void with_default(std::stop_token Stop = {});

void no_token_and_callee_takes_none_ok() { plain(); }
void no_token_and_callee_has_a_default_ok() { with_default(); }

// The callee takes none.

void callee_takes_none_ok(std::stop_token Stop) {
  if (!Stop.stop_requested())
    plain();
}

// The token is given already.

void overloaded();
void overloaded(std::stop_token Stop);

void given_ok(std::stop_token Stop) { overloaded(Stop); }
void given_by_move_ok(std::stop_token Stop) { overloaded(std::move(Stop)); }
void given_to_the_default_ok(std::stop_token Stop) { with_default(Stop); }
void given_by_another_name_ok(const std::stop_token &Stop) {
  std::stop_token Mine = Stop;
  overloaded(Mine);
}

// The arguments of the overload with a token do not fit.

void send(int Number, std::string_view Text);
void send(int Number, std::stop_token Stop);

void other_arguments_ok(std::stop_token Stop) {
  send(5, "hello");
  send(6, Stop);
}

// A token that is not the last parameter, among other parameters that the call does not have.

void store();
void store(int Number, std::stop_token Stop, std::string_view Text);

void token_in_the_middle_ok(std::stop_token Stop) {
  store();
  store(1, Stop, "text");
}

// The token comes first, as in the standard library.

int each(std::stop_token Stop, const std::vector<int> &All);

int token_first_ok(std::stop_token Stop) { return each(Stop, {1, 2, 3}); }

// Two tokens: which one is meant is not for a tool to say.

void merge();
void merge(std::stop_token A, std::stop_token B);
void merge(int X, std::stop_token A, std::string_view S, std::stop_token B);

void overload_with_two_tokens_ok(std::stop_token Stop) {
  merge();
  overloaded(Stop);
}

void both_tokens_ok(std::stop_token A, std::stop_token B) { merge(A, B); }

// Another return type: not the same operation.

std::future<int> load(std::string Name, std::stop_token Stop);
std::optional<int> load(std::string Name);

int different_return_type_ok(std::stop_token Stop) {
  if (std::optional<int> Known = load("a"))
    return *Known;
  return load("a", Stop).get();
}

class Awaiter {
public:
  bool ready() const { return true; }
};
Awaiter start(int Id);
void start(int Id, std::stop_token Stop);

bool value_is_used_ok(std::stop_token Stop) { return !Stop.stop_requested() && start(3).ready(); }

// A token that never stops, said by its name.

const std::stop_token NeverStops{};
std::stop_token neverStops() { return {}; }
struct Tokens {
  static std::stop_token none() { return {}; }
};

void never_stops_constant_ok(std::stop_token Stop) {
  overloaded(Stop);
  overloaded(NeverStops);
}

void never_stops_function_ok(std::stop_token Stop) {
  overloaded(Stop);
  overloaded(neverStops());
  overloaded(Tokens::none());
}

void never_stops_local_ok(std::stop_token Stop) {
  overloaded(Stop);
  const std::stop_token NeverStopped;
  overloaded(NeverStopped);
}

// The token of a linked source.

void linked_source_ok(std::stop_token Stop) {
  std::stop_source Linked;
  std::stop_callback Link(Stop, [&Linked] { Linked.request_stop(); });
  overloaded(Linked.get_token());
}

class LinkedSource {
public:
  explicit LinkedSource(std::stop_token Parent) : Link(std::move(Parent), Trigger{&Source}) {}
  std::stop_token token() const { return Source.get_token(); }
  void cancel() { Source.request_stop(); }

private:
  struct Trigger {
    std::stop_source *Source;
    void operator()() const noexcept { Source->request_stop(); }
  };
  std::stop_source Source;
  std::stop_callback<Trigger> Link;
};

void linked_by_a_class_ok(std::stop_token Stop) {
  LinkedSource Linked(Stop);
  overloaded(Linked.token());
}

// Another object has a function of that name with a token: an extension, not an overload.

class Socket {
public:
  void flush();
};
void flush(Socket &S, std::stop_token Stop);

void free_function_of_that_name_ok(std::stop_token Stop) {
  Socket S;
  S.flush();
  flush(S, Stop);
}

// An overload that the caller may not use.

class Channel {
public:
  void push(int Value);

private:
  void push(int Value, std::stop_token Stop);
};

void private_overload_ok(std::stop_token Stop, Channel &C) {
  if (!Stop.stop_requested())
    C.push(1);
}

class Deprecated {
public:
  void read(int Value);
  [[deprecated("use read")]] void read(int Value, std::stop_token Stop);
  void write(int Value);
  void write(int Value, std::stop_token Stop) = delete;
};

void deleted_overload_ok(std::stop_token Stop, Deprecated &D) {
  if (Stop.stop_requested())
    return;
  D.read(1);
  D.write(1);
}

class Buffer {
public:
  int take() const;
  int take(std::stop_token Stop);
};

int const_object_ok(std::stop_token Stop, const Buffer &B) { return Stop.stop_requested() ? 0 : B.take(); }

// An overload that takes a token to change it: this one is not to be changed.

void swap_in(int Value);
void swap_in(int Value, std::stop_token &Stop);

void token_is_const_ok(const std::stop_token &Stop) {
  if (!Stop.stop_requested())
    swap_in(1);
}

// An overload whose constraints do not hold.

template <typename T> void scan(T) {}
template <typename T>
  requires std::integral<T>
void scan(T, std::stop_token) {}

void constraints_do_not_hold_ok(std::stop_token Stop) {
  if (!Stop.stop_requested())
    scan(std::string("text"));
}

// An overload that is declared further down.

void announce(int Value);

void not_declared_yet_ok(std::stop_token Stop) {
  if (!Stop.stop_requested())
    announce(1);
}

void announce(int Value, std::stop_token Stop);

void declared_now_ok(std::stop_token Stop) { announce(1, Stop); }

// The token has been given away.

// That a token has been moved from is not known.
void FP_given_away(std::stop_token Stop) {
  overloaded(std::move(Stop));
  overloaded();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this call does not get token 'Stop', though an overload takes one
}

// What happens after the stop is not to be stopped.

void after_the_stop_ok(std::stop_token Stop) {
  if (Stop.stop_requested()) {
    overloaded();
    return;
  }
  overloaded(Stop);
}

void after_the_loop_ok(std::stop_token Stop) {
  while (!Stop.stop_requested())
    overloaded(Stop);
  overloaded();
}

// A flag that holds the answer of the token is not followed.
void FP_after_the_stop_by_a_flag(std::stop_token Stop) {
  const bool Stopped = Stop.stop_requested();
  if (Stopped)
    with_default();
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this call does not get token 'Stop': its default is a token that never stops
  else
    with_default(Stop);
}

void in_a_stop_callback_ok(std::stop_token Stop) {
  std::stop_callback OnStop(Stop, [] { overloaded(); });
  overloaded(Stop);
}

void in_a_guard_ok(std::stop_token Stop) {
  struct Guard {
    ~Guard() { overloaded(); }
  } Cleanup;
  overloaded(Stop);
}

// The overload with a token is this very function: it does not call itself.

void convert_ok(int Value);
void convert_ok(int Value, std::stop_token Stop) {
  if (!Stop.stop_requested())
    convert_ok(Value);
}

// The short form makes a token of its own or says that there is none.
void transfer(int Value, std::stop_token Stop);
void transfer(int Value) { transfer(Value, NeverStops); }

// Closures: the inner token is the one at hand.

void inner_token_ok(std::stop_token Stop) {
  std::function<void(std::stop_token)> F = [](std::stop_token Inner) { overloaded(Inner); };
  F(Stop);
}

void jthread_token_ok(std::stop_token Stop) {
  std::jthread Task([](std::stop_token Own) { overloaded(Own); });
  overloaded(Stop);
}

void closure_without_the_token_ok(std::stop_token Stop) {
  auto Format = [](int Value) { return std::to_string(Value); };
  overloaded(Stop);
  Format(3);
}

// A task of another owner: it lives longer than the call, its owner stops it.
class Background {
public:
  void enqueue(std::function<void(std::stop_token)> Job);
};

void handed_to_another_owner_ok(std::stop_token Request, Background &Queue) {
  Queue.enqueue([](std::stop_token OfTheQueue) { overloaded(OfTheQueue); });
  overloaded(Request);
}

// Waits that end by themselves.

void bounded_wait_ok(std::stop_token Stop) {
  std::mutex Mutex;
  std::condition_variable_any Wake;
  bool Ready = false;
  std::jthread Peer([&] {
    std::lock_guard Lock(Mutex);
    Ready = true;
    Wake.notify_one();
  });
  std::unique_lock Lock(Mutex);
  Wake.wait(Lock, Stop, [&] { return Ready; });
}

// Destructors and noexcept cleanup do not stop half-way.

class Transaction {
public:
  explicit Transaction(std::stop_token Stop) { overloaded(Stop); }
  ~Transaction() {
    if (!Committed)
      undo(NeverStops);
  }
  void commit(std::stop_token Stop) {
    overloaded(std::move(Stop));
    Committed = true;
  }

private:
  void undo(std::stop_token Stop) { overloaded(std::move(Stop)); }
  bool Committed = false;
};

void transaction_ok(std::stop_token Stop) {
  Transaction T(Stop);
  T.commit(Stop);
}

// Cleanup in a catch or after a stop needs to run to its end.
void cleanup_after_the_stop_ok(std::stop_token Stop) {
  try {
    overloaded(Stop);
  } catch (...) {
    overloaded(NeverStops);
    throw;
  }
}

// Templates: the token in a pack.

template <typename F, typename... Args> auto invoke_ok(F Fn, Args &&...A) { return Fn(std::forward<Args>(A)...); }

void forwarded_in_a_pack_ok(std::stop_token Stop) {
  invoke_ok([](int Value, std::stop_token Inner) { transfer(Value, std::move(Inner)); }, 4, Stop);
}

template <typename Token> void generic_ok(Token Stop) {
  overloaded(Stop);
}
template void generic_ok<std::stop_token>(std::stop_token);

// A defaulted token that is given in a struct of options.
struct Options {
  int Retries = 3;
  std::stop_token Stop = {};
};
void fetch(std::string_view Url, Options O = {});

void given_in_options_ok(std::stop_token Stop) { fetch("http://localhost/", {.Retries = 1, .Stop = Stop}); }

// An optional token.
void maybe(std::optional<std::stop_token> Stop = std::nullopt);
void optional_token_ok(std::stop_token Stop) { maybe(Stop); }
