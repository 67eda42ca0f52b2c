// RUN: %check_tether %s '*'
// What gosec G118, containedctx and contextcheck must not report, in its C++ form.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <queue>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

bool step();
void print(std::string_view Text);
void query(std::string_view Text, std::stop_token Stop);

// ---- G118: loops that look at their token.

void polls_ok(std::stop_token Stop) {
  while (!Stop.stop_requested())
    step();
}

void sleeps_interruptibly_ok(std::stop_token Stop) {
  std::mutex Mutex;
  std::condition_variable_any Timer;
  std::unique_lock Lock(Mutex);
  while (!Timer.wait_for(Lock, Stop, 1s, [&] { return Stop.stop_requested(); }))
    step();
}

bool pause_for(std::stop_token Stop, std::chrono::milliseconds Time) {
  std::mutex Mutex;
  std::condition_variable_any Timer;
  std::unique_lock Lock(Mutex);
  Timer.wait_for(Lock, Stop, Time, [] { return false; });
  return !Stop.stop_requested();
}

void sleeps_with_a_helper_ok(std::stop_token Stop) {
  do
    step();
  while (pause_for(Stop, 500ms));
}

void bounded_loop_ok(std::stop_token Stop) {
  for (int I = 0; I < 3 && !Stop.stop_requested(); ++I)
    std::this_thread::sleep_for(1ms);
}

void leaves_by_its_own_condition_ok(std::stop_token Stop, int Max) {
  for (int I = 0;; ++I) {
    if (I >= Max || Stop.stop_requested())
      break;
    step();
  }
}

void passes_it_on_every_round_ok(std::stop_token Stop) {
  while (step()) {
    query("select 1", Stop);
    if (Stop.stop_requested())
      return;
  }
}

void throws_when_stopped_ok(std::stop_token Stop) {
  auto Check = [&] {
    if (Stop.stop_requested())
      throw std::runtime_error("stopped");
  };
  for (;;) {
    Check();
    step();
  }
}

struct Flow {
  std::stop_token Stop;
  bool running() const { return !Stop.stop_requested(); }
};

void polls_through_a_parameter_struct_ok(const Flow &F) {
  while (F.running())
    step();
}

// ---- G118: the handle is called elsewhere.

class Job_ok {
public:
  Job_ok() : Worker([this, Stop = Cancel.get_token()] { run(Stop); }) {}
  ~Job_ok() { close(); }
  void close() {
    Cancel.request_stop();
    if (Worker.joinable())
      Worker.join();
  }

private:
  void run(std::stop_token Stop) {
    while (!Stop.stop_requested())
      Rounds.fetch_add(1);
  }
  std::atomic<int> Rounds{0};
  std::stop_source Cancel;
  std::thread Worker;
};

class Stored_function_ok {
public:
  void start() {
    std::stop_source Cancel;
    auto Task = std::make_shared<std::thread>(polls_ok, Cancel.get_token());
    Stop = [Cancel, Task]() mutable {
      Cancel.request_stop();
      Task->join();
    };
  }
  void stop() {
    if (auto F = std::exchange(Stop, nullptr))
      F();
  }

private:
  std::function<void()> Stop;
};

struct Inner {
  std::stop_source Cancel{std::nostopstate};
  std::thread Worker;
};

class Nested_fields_ok {
public:
  void setup() {
    In.Cancel = std::stop_source();
    In.Worker = std::thread(polls_ok, In.Cancel.get_token());
  }
  void teardown() {
    In.Cancel.request_stop();
    if (In.Worker.joinable())
      In.Worker.join();
  }
  ~Nested_fields_ok() { teardown(); }

private:
  Inner In;
};

struct Environment {
  std::vector<int> Rows;
  std::function<void()> Shutdown;
};

std::function<void()> init_database_ok(std::vector<int> &Rows) {
  std::stop_source Cancel;
  auto Task = std::make_shared<std::jthread>([Stop = Cancel.get_token()] { polls_ok(Stop); });
  Rows.push_back(1);
  return [Cancel, Task]() mutable { Cancel.request_stop(); };
}

void chained_shutdown_ok(Environment &Env) {
  auto Close = init_database_ok(Env.Rows);
  Env.Shutdown = [Previous = std::move(Env.Shutdown), Close] {
    if (Previous)
      Previous();
    Close();
  };
}

std::stop_source Program;
std::function<void()> StopProgram;

void global_source_ok() {
  std::jthread Task([Stop = Program.get_token()] { polls_ok(Stop); });
  step();
  Program.request_stop();
}

void global_function_ok(std::jthread &Task) {
  std::stop_source Cancel;
  Task = std::jthread([Stop = Cancel.get_token()] { polls_ok(Stop); });
  StopProgram = [Cancel]() mutable { Cancel.request_stop(); };
}

void one_of_two_ok(bool Quick) {
  std::stop_source Fast, Slow;
  std::stop_source &Cancel = Quick ? Fast : Slow;
  std::thread Task(polls_ok, Cancel.get_token());
  step();
  Cancel.request_stop();
  Task.join();
}

void conditionally_created_ok(bool Quick) {
  std::stop_source Cancel(std::nostopstate);
  std::thread Task;
  if (Quick) {
    Cancel = std::stop_source();
    Task = std::thread(bounded_loop_ok, Cancel.get_token());
  } else {
    Cancel = std::stop_source();
    Task = std::thread(polls_ok, Cancel.get_token());
  }
  Cancel.request_stop();
  Task.join();
}

void cancel_through(std::stop_source &Cancel) { Cancel.request_stop(); }
void cancel_by(const std::function<void()> &F) { F(); }

void passed_to_a_helper_ok() {
  std::stop_source Cancel;
  std::thread Task(polls_ok, Cancel.get_token());
  cancel_through(Cancel);
  Task.join();
}

void passed_as_a_function_to_a_helper_ok() {
  std::stop_source Cancel;
  std::thread Task(polls_ok, Cancel.get_token());
  cancel_by([&] { Cancel.request_stop(); });
  Task.join();
}

void list_of_sources_ok() {
  std::vector<std::stop_source> Sources;
  std::vector<std::thread> Tasks;
  for (int I = 0; I < 4; ++I) {
    Sources.emplace_back();
    Tasks.emplace_back(polls_ok, Sources.back().get_token());
  }
  step();
  for (std::stop_source &Source : Sources)
    Source.request_stop();
  for (std::thread &Task : Tasks)
    Task.join();
}

void one_source_for_many_ok() {
  std::stop_source Cancel;
  std::list<std::thread> Tasks;
  for (int I = 0; I < 4; ++I)
    Tasks.emplace_back(polls_ok, Cancel.get_token());
  step();
  Cancel.request_stop();
  for (std::thread &Task : Tasks)
    Task.join();
}

// ---- G118: tasks that get the token of the request.

void handler_passes_the_token_ok(std::stop_token Request) {
  std::jthread Side([Request] {
    while (!Request.stop_requested())
      step();
  });
  step();
}

void handler_links_ok(std::stop_token Request) {
  std::stop_source Child;
  std::stop_callback Link(Request, [&] { Child.request_stop(); });
  std::jthread Side([Stop = Child.get_token()] { polls_ok(Stop); });
  step();
  Child.request_stop();
}

void handler_with_a_deadline_ok(std::stop_token Request) {
  std::stop_source Child;
  std::stop_callback Link(Request, [&] { Child.request_stop(); });
  auto Answer = std::async(std::launch::async, [Stop = Child.get_token()] { query("select 1", Stop); });
  if (Answer.wait_for(2s) == std::future_status::timeout)
    Child.request_stop();
  Answer.get();
}

// ---- containedctx: structs without a token, structs of parameters, objects of one request.

struct No_token_ok {
  int Id = 0;
  std::string Name;
};

struct CallOptions {
  std::chrono::milliseconds Timeout{1000};
  std::stop_token Stop;
};

std::optional<std::string> call_ok(std::string_view Text, const CallOptions &Options) {
  if (Options.Stop.stop_requested())
    return std::nullopt;
  query(Text, Options.Stop);
  return std::string(Text);
}

void user_of_the_options_ok(std::stop_token Stop) {
  call_ok("ping", {.Timeout = 1s, .Stop = Stop});
  CallOptions Options;
  Options.Stop = std::move(Stop);
  call_ok("pong", Options);
}

// One object for one request: made by the handler, dies with it.
class Request_scoped_ok {
public:
  explicit Request_scoped_ok(std::stop_token Stop) : Stop(std::move(Stop)) {}
  void run() {
    while (!Stop.stop_requested() && step())
      ++Done;
  }
  int done() const { return Done; }

private:
  std::stop_token Stop;
  int Done = 0;
};

int handler_with_an_object_ok(std::stop_token Stop) {
  Request_scoped_ok Request(std::move(Stop));
  Request.run();
  return Request.done();
}

// The task's own callable.
class Download_ok {
public:
  Download_ok(std::string Url, std::stop_token Stop) : Url(std::move(Url)), Stop(std::move(Stop)) {}
  void operator()() {
    while (!Stop.stop_requested() && step())
      print(Url);
  }

private:
  std::string Url;
  std::stop_token Stop;
};

void starts_the_callable_ok(std::stop_token Stop) {
  std::jthread Task(Download_ok("http://localhost/", std::move(Stop)));
}

// A token next to its source.
class Scope_ok {
public:
  std::stop_token token() const { return Token; }
  void close() { Source.request_stop(); }
  ~Scope_ok() { close(); }

private:
  std::stop_source Source;
  std::stop_token Token = Source.get_token();
};

// Start and stop own both ends.
class Server_ok {
public:
  void start() {
    std::lock_guard Lock(Mutex);
    if (Acceptor.joinable())
      return;
    Source = std::stop_source();
    Acceptor = std::thread([this, Stop = Source.get_token()] { accept(Stop); });
  }
  void stop() {
    std::thread Ended;
    {
      std::lock_guard Lock(Mutex);
      Source.request_stop();
      Ended = std::move(Acceptor);
    }
    if (Ended.joinable())
      Ended.join();
  }
  ~Server_ok() { stop(); }

private:
  void accept(std::stop_token Stop) {
    std::unique_lock Lock(QueueMutex);
    while (Arrived.wait(Lock, Stop, [this] { return !Queue.empty(); })) {
      print(Queue.front());
      Queue.pop_front();
    }
  }

  std::mutex Mutex;
  std::mutex QueueMutex;
  std::condition_variable_any Arrived;
  std::deque<std::string> Queue;
  std::stop_source Source;
  std::thread Acceptor;
};

// The source is there as long as the thread is.
class Restartable_ok {
public:
  ~Restartable_ok() { stop(); }
  void start() {
    stop();
    std::stop_source Fresh;
    Worker = std::thread(polls_ok, Fresh.get_token());
    Source = std::move(Fresh);
  }
  void stop() {
    if (!Source)
      return;
    Source->request_stop();
    Worker.join();
    Source.reset();
  }

private:
  std::optional<std::stop_source> Source;
  std::thread Worker;
};

class Started_once_ok {
public:
  ~Started_once_ok() {
    if (Started)
      stop();
  }
  void start() {
    Worker = std::thread(polls_ok, Source.get_token());
    Started = true;
  }
  void stop() {
    Source.request_stop();
    Worker.join();
    Started = false;
  }

private:
  std::stop_source Source;
  std::thread Worker;
  bool Started = false;
};

class Recreated_ok {
public:
  void start() {
    if (!Worker)
      Worker = std::make_unique<std::jthread>(polls_ok);
  }
  void stop() { Worker.reset(); }

private:
  std::unique_ptr<std::jthread> Worker;
};

// Stopped when any of two owners says so.
class Either_ok {
public:
  Either_ok(std::stop_token A, std::stop_token B)
      : OnA(std::move(A), [this] { Source.request_stop(); }), OnB(std::move(B), [this] { Source.request_stop(); }) {}
  Either_ok(const Either_ok &) = delete;
  Either_ok &operator=(const Either_ok &) = delete;
  std::stop_token token() const { return Source.get_token(); }

private:
  std::stop_source Source;
  std::stop_callback<std::function<void()>> OnA;
  std::stop_callback<std::function<void()>> OnB;
};

void either_user_ok(std::stop_token Request, std::stop_token Process) {
  Either_ok Both(std::move(Request), std::move(Process));
  polls_ok(Both.token());
}

// A queue of work, each piece with the token of who asked for it.
class Executor_ok {
public:
  Executor_ok() : Worker([this](std::stop_token Stop) { run(std::move(Stop)); }) {}

  std::future<void> post(std::function<void(std::stop_token)> Body, std::stop_token Stop) {
    Item I{std::move(Body), std::move(Stop), {}};
    std::future<void> Result = I.Done.get_future();
    {
      std::lock_guard Lock(Mutex);
      Items.push(std::move(I));
    }
    Wake.notify_one();
    return Result;
  }

private:
  struct Item {
    std::function<void(std::stop_token)> Body;
    std::stop_token Stop;
    std::promise<void> Done;
  };

  void run(std::stop_token Stop) {
    std::unique_lock Lock(Mutex);
    while (Wake.wait(Lock, Stop, [this] { return !Items.empty(); })) {
      Item I = std::move(Items.front());
      Items.pop();
      Lock.unlock();
      try {
        I.Body(I.Stop);
        I.Done.set_value();
      } catch (...) {
        I.Done.set_exception(std::current_exception());
      }
      Lock.lock();
    }
  }

  std::mutex Mutex;
  std::condition_variable_any Wake;
  std::queue<Item> Items;
  std::jthread Worker;
};

// ---- contextcheck: work that deliberately outlives its request, and closures that take their own token.

class Audit_ok {
public:
  void handle(std::stop_token Request) {
    query("select 1", Request);
    note("handled");
  }
  void note(std::string Text) {
    std::lock_guard Lock(Mutex);
    Lines.push_back(std::move(Text));
  }

private:
  std::mutex Mutex;
  std::vector<std::string> Lines;
};

std::function<void(std::stop_token)> middleware_ok(std::function<void(std::stop_token)> Next) {
  return [Next = std::move(Next)](std::stop_token Request) {
    print("before");
    Next(Request);
    print("after");
  };
}

void unused_token_is_unnamed_ok(std::stop_token /*Stop*/) { print("nothing to wait for"); }

struct Handler {
  virtual ~Handler() = default;
  virtual void serve(std::stop_token Stop) = 0;
};

class Immediate_ok : public Handler {
public:
  void serve(std::stop_token) override { print("ok"); }
};

class Wrapping_ok : public Handler {
public:
  explicit Wrapping_ok(std::unique_ptr<Handler> Inner) : Inner(std::move(Inner)) {}
  void serve(std::stop_token Stop) override {
    Inner->serve(std::move(Stop));
    print("span closed");
  }

private:
  std::unique_ptr<Handler> Inner;
};

const std::stop_token NeverStops;

void rollback(std::stop_token Stop);

void cleans_up_even_when_stopped_ok(std::stop_token Request) {
  query("begin", Request);
  if (Request.stop_requested()) {
    rollback(NeverStops);
    return;
  }
  query("commit", Request);
}

int main_ok() {
  std::stop_source Process;
  Server_ok Server;
  Server.start();
  Executor_ok Executor;
  auto Done = Executor.post([](std::stop_token Stop) { query("select 1", Stop); }, Process.get_token());
  Done.get();
  Server.stop();
  return 0;
}
