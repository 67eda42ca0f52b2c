// RUN: %check_tether %s '*'
// What go vet's lostcancel must not report, in its C++ form: the handle is a std::stop_source.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

bool condition();
int someInt();
void work(std::stop_token Stop);
void print(const char *Text);
[[noreturn]] void fatal(const char *Text);

// Deferred.

template <typename F> class Defer {
public:
  explicit Defer(F Run) : Run(std::move(Run)) {}
  Defer(const Defer &) = delete;
  Defer &operator=(const Defer &) = delete;
  ~Defer() { Run(); }

private:
  F Run;
};

void deferred_ok() {
  std::stop_source Cancel;
  std::jthread Task([Stop = Cancel.get_token()] { work(Stop); });
  Defer Guard([&] { Cancel.request_stop(); });
  if (condition())
    return;
  print("work");
}

void deferred_copy_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  Defer Guard([&Task, Copy = Cancel]() mutable {
    Copy.request_stop();
    Task.join();
  });
  if (condition())
    throw std::runtime_error("no");
  print("work");
}

// Used on every path.

void cancelled_on_both_branches_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  if (condition()) {
    Cancel.request_stop();
  } else {
    print("quiet");
    Cancel.request_stop();
  }
  Task.join();
}

void all_cases_of_a_switch_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  switch (someInt()) {
  case 0:
    fatal("zero");
  case 1:
    std::abort();
  case 2:
    Cancel.request_stop();
    Task.join();
    break;
  case 3:
    print("hi");
    [[fallthrough]];
  default:
    std::exit(1);
  }
}

enum class Mode { Fast, Slow };

void exhaustive_switch_ok(Mode M) {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  switch (M) {
  case Mode::Fast:
    Cancel.request_stop();
    break;
  case Mode::Slow:
    std::this_thread::sleep_for(1s);
    Cancel.request_stop();
    break;
  }
  Task.join();
}

void infinite_loop_on_the_other_path_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  if (condition()) {
    Cancel.request_stop();
    Task.join();
  } else {
    for (;;)
      print("forever");
  }
}

void exit_on_the_other_path_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  if (!condition())
    std::quick_exit(2);
  Cancel.request_stop();
  Task.join();
}

void terminate_on_the_other_path_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  if (!condition())
    std::terminate();
  Cancel.request_stop();
  Task.join();
}

void last_iteration_cancels_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  while (true) {
    if (condition()) {
      Cancel.request_stop();
      break;
    }
    print("again");
  }
  Task.join();
}

void goto_the_cleanup_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  if (condition())
    goto done;
  print("more");
done:
  Cancel.request_stop();
  Task.join();
}

void caught_and_cancelled_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  try {
    if (condition())
      throw std::runtime_error("no");
    print("work");
  } catch (const std::exception &E) {
    print(E.what());
  }
  Cancel.request_stop();
  Task.join();
}

// Returned.

std::pair<std::stop_token, std::stop_source> returned_with_its_token_ok() {
  std::stop_source Cancel;
  std::stop_token Token = Cancel.get_token();
  return {std::move(Token), std::move(Cancel)};
}

auto returned_with_its_token_by_a_lambda_ok = [] {
  std::stop_source Cancel;
  return std::pair(Cancel.get_token(), Cancel);
};

void user_of_the_lambda_ok() {
  auto [Token, Cancel] = returned_with_its_token_by_a_lambda_ok();
  std::thread Task(work, Token);
  Cancel.request_stop();
  Task.join();
}

// A named result: assigned first, returned bare.
std::stop_source named_result_ok(std::thread &Task) {
  std::stop_source Result(std::nostopstate);
  Result = std::stop_source();
  Task = std::thread(work, Result.get_token());
  return Result;
}

std::optional<std::stop_source> returned_in_an_optional_ok() {
  if (condition())
    return std::nullopt;
  std::stop_source Cancel;
  std::thread(work, Cancel.get_token()).detach(); // NOLINT(tether-detached-thread)
  return Cancel;
}

std::variant<std::string, std::stop_source> returned_in_a_variant_ok() {
  std::stop_source Cancel;
  std::jthread Task([Stop = Cancel.get_token()] { work(Stop); });
  if (condition()) {
    Cancel.request_stop();
    return "no";
  }
  Task.detach(); // NOLINT(tether-detached-thread)
  return Cancel;
}

struct Operation {
  std::future<void> Done;
  std::stop_source Cancel;
};

Operation returned_in_a_struct_ok() {
  Operation Op;
  Op.Done = std::async(std::launch::async, work, Op.Cancel.get_token());
  return Op;
}

std::unique_ptr<Operation> returned_on_the_heap_ok() {
  std::stop_source Cancel;
  auto Done = std::async(std::launch::async, work, Cancel.get_token());
  return std::make_unique<Operation>(Operation{std::move(Done), std::move(Cancel)});
}

std::function<void()> returned_as_a_function_ok() {
  std::stop_source Cancel;
  auto Task = std::make_shared<std::jthread>([Stop = Cancel.get_token()] { work(Stop); });
  return [Cancel, Task]() mutable { Cancel.request_stop(); };
}

bool out_parameter_ok(std::stop_source &Cancel, std::thread &Task) {
  Cancel = std::stop_source();
  Task = std::thread(work, Cancel.get_token());
  return true;
}

void user_of_the_results_ok() {
  auto [Token, Cancel] = returned_with_its_token_ok();
  std::jthread Task(work, Token);
  print("work");
  Cancel.request_stop();
}

void user_of_the_operation_ok() {
  Operation Op = returned_in_a_struct_ok();
  print("work");
  Op.Cancel.request_stop();
  Op.Done.get();
}

// Assigned in a closure, used outside; assigned outside, used in a closure.

void assigned_in_a_closure_ok() {
  std::stop_source Cancel(std::nostopstate);
  std::thread Task;
  [&] {
    Cancel = std::stop_source();
    Task = std::thread(work, Cancel.get_token());
  }();
  Cancel.request_stop();
  Task.join();
}

void called_in_a_closure_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  auto Finish = [&] {
    Cancel.request_stop();
    Task.join();
  };
  if (condition()) {
    Finish();
    return;
  }
  print("work");
  Finish();
}

void called_in_another_task_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  std::thread Killer([Cancel]() mutable {
    std::this_thread::sleep_for(100ms);
    Cancel.request_stop();
  });
  Task.join();
  Killer.join();
}

void called_by_the_task_itself_ok() {
  std::stop_source Cancel;
  std::jthread First([&Cancel] {
    work(Cancel.get_token());
    Cancel.request_stop();
  });
  std::jthread Second([&Cancel] {
    work(Cancel.get_token());
    Cancel.request_stop();
  });
}

// Shadowing and reuse.

void shadowed_ok() {
  std::stop_source Cancel;
  std::thread Outer(work, Cancel.get_token());
  if (condition()) {
    std::stop_source Cancel;
    std::thread Inner(work, Cancel.get_token());
    Cancel.request_stop();
    Inner.join();
  }
  Cancel.request_stop();
  Outer.join();
}

void one_for_each_round_ok() {
  for (int I = 0; I < 3; ++I) {
    std::stop_source Cancel;
    std::thread Task(work, Cancel.get_token());
    print("round");
    Cancel.request_stop();
    Task.join();
  }
}

void replaced_after_the_stop_ok() {
  std::stop_source Cancel;
  std::jthread First([Stop = Cancel.get_token()] { work(Stop); });
  Cancel.request_stop();
  Cancel = std::stop_source();
  std::jthread Second([Stop = Cancel.get_token()] { work(Stop); });
  Cancel.request_stop();
}

void renewed_every_round_ok() {
  std::stop_source Cancel;
  for (int I = 0; I < 3; ++I) {
    Cancel = std::stop_source();
    std::jthread Task([Stop = Cancel.get_token()] { work(Stop); });
    print("round");
    Cancel.request_stop();
  }
}

// Deliberately not used.

void explicitly_discarded_ok() {
  std::stop_source Cancel;
  std::thread Task(work, Cancel.get_token());
  (void)Cancel;
  Task.join();
}

void never_handed_out_ok() {
  std::stop_source Cancel;
  if (condition())
    Cancel.request_stop();
}

void declared_before_it_is_needed_ok() {
  std::optional<std::stop_source> Cancel;
  std::optional<std::thread> Task;
  if (condition()) {
    Cancel.emplace();
    Task.emplace(work, Cancel->get_token());
  }
  print("work");
  if (Cancel) {
    Cancel->request_stop();
    Task->join();
  }
}

// That a source without a state has no task is not known.
void FP_without_a_state_until_it_is_needed() {
  std::stop_source Cancel(std::nostopstate);
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'Cancel' is not triggered on every path
  std::thread Task;
  if (condition()) {
    Cancel = std::stop_source();
    Task = std::thread(work, Cancel.get_token());
  }
  print("work");
  if (Cancel.stop_possible()) {
    Cancel.request_stop();
    Task.join();
  }
}

// Pushed to a list of cleanups.

class Cleanups {
public:
  void add(std::function<void()> F) { All.push_back(std::move(F)); }
  ~Cleanups() {
    while (!All.empty()) {
      All.back()();
      All.pop_back();
    }
  }

private:
  std::vector<std::function<void()>> All;
};

void pushed_to_the_cleanups_ok() {
  Cleanups AtEnd;
  std::stop_source Cancel;
  auto Task = std::make_shared<std::thread>(work, Cancel.get_token());
  AtEnd.add([Task] { Task->join(); });
  AtEnd.add([Cancel]() mutable { Cancel.request_stop(); });
  if (condition())
    return;
  print("work");
}

void pushed_to_the_cleanups_of_the_caller_ok(Cleanups &AtEnd) {
  std::stop_source Cancel;
  auto Task = std::make_shared<std::thread>(work, Cancel.get_token());
  AtEnd.add([Cancel, Task]() mutable {
    Cancel.request_stop();
    Task->join();
  });
}

// Stored.

class Supervisor {
public:
  void start_ok(int Id) {
    std::stop_source Cancel;
    std::jthread Task([Stop = Cancel.get_token()] { work(Stop); });
    std::lock_guard Lock(Mutex);
    Running.insert_or_assign(Id, Entry{std::move(Cancel), std::move(Task)});
  }

  void cancel_ok(int Id) {
    std::lock_guard Lock(Mutex);
    if (auto It = Running.find(Id); It != Running.end())
      It->second.Cancel.request_stop();
  }

  ~Supervisor() {
    for (auto &[Id, E] : Running)
      E.Cancel.request_stop();
  }

private:
  struct Entry {
    std::stop_source Cancel;
    std::jthread Task;
  };
  std::mutex Mutex;
  std::map<int, Entry> Running;
};

// A test runs to its end.

void runs_to_its_end_ok() {
  std::stop_source NeverUsed;
  std::thread Task(work, NeverUsed.get_token());
  Task.join();
}

void all_run_to_their_end_ok() {
  std::stop_source NeverUsed;
  std::vector<std::thread> Tasks;
  for (int I = 0; I < 3; ++I)
    Tasks.emplace_back(work, NeverUsed.get_token());
  for (std::thread &Task : Tasks)
    Task.join();
}

int adds_all_results_ok() {
  std::stop_source NeverUsed;
  std::vector<std::future<int>> Results;
  for (int I = 0; I < 3; ++I)
    Results.push_back(std::async(
        std::launch::async, [I](std::stop_token Stop) { return Stop.stop_requested() ? 0 : I; },
        NeverUsed.get_token()));
  int Sum = 0;
  for (std::future<int> &Result : Results)
    Sum += Result.get();
  return Sum;
}

// The future of a packaged task is taken for the task itself, not for the thread that it is given to.
int FP_waits_for_a_packaged_task() {
  std::stop_source NeverUsed;
  // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: source 'NeverUsed' is never triggered
  std::packaged_task<int(std::stop_token)> Job([](std::stop_token Stop) { return Stop.stop_requested() ? 0 : 1; });
  std::future<int> Result = Job.get_future();
  std::jthread Task(std::move(Job), NeverUsed.get_token());
  return Result.get();
}

void waits_without_a_result_ok() {
  std::stop_source NeverUsed;
  std::future<void> Done = std::async(std::launch::async, work, NeverUsed.get_token());
  Done.wait();
}

int waits_for_the_result_ok() {
  std::stop_source Cancel;
  auto Result = std::async(
      std::launch::async, [](std::stop_token Stop) { return Stop.stop_requested() ? 0 : 1; }, Cancel.get_token());
  return Result.get();
}

int with_a_timeout_ok() {
  std::stop_source Cancel;
  auto Result = std::async(
      std::launch::async,
      [](std::stop_token Stop) {
        int Rounds = 0;
        while (!Stop.stop_requested() && Rounds < 1000) {
          ++Rounds;
          std::this_thread::sleep_for(1ms);
        }
        return Rounds;
      },
      Cancel.get_token());
  if (Result.wait_for(200ms) != std::future_status::ready)
    Cancel.request_stop();
  return Result.get();
}

// A parameter of the handle's type is used by whoever gave it.

void parameter_ok(std::stop_source Cancel) { work(Cancel.get_token()); }
void reference_parameter_ok(std::stop_source &Cancel) {
  std::thread Task(work, Cancel.get_token());
  Task.join();
}

// jthread: the source is inside.

void jthread_ok() {
  std::jthread Task(work);
  if (condition())
    return;
  Task.request_stop();
}

void jthread_source_ok() {
  std::jthread Task(work);
  std::stop_source Cancel = Task.get_stop_source();
  std::stop_token Token = Task.get_stop_token();
  if (condition())
    Cancel.request_stop();
  Task.join();
  print(Token.stop_requested() ? "stopped" : "done");
}

// Callbacks.

void callback_for_the_scope_ok(std::stop_token Stop) {
  std::mutex Mutex;
  std::condition_variable Wake;
  bool Stopped = false;
  std::stop_callback OnStop(Stop, [&] {
    std::lock_guard Lock(Mutex);
    Stopped = true;
    Wake.notify_all();
  });
  std::unique_lock Lock(Mutex);
  Wake.wait(Lock, [&] { return Stopped; });
}

class Registration {
public:
  void attach_ok(std::stop_token Stop) {
    OnStop.emplace(std::move(Stop), [this] { Asked.store(true); });
  }
  void detach_ok() { OnStop.reset(); }
  bool asked() const { return Asked.load(); }

private:
  std::atomic<bool> Asked{false};
  std::optional<std::stop_callback<std::function<void()>>> OnStop;
};

std::unique_ptr<std::stop_callback<std::function<void()>>> callback_on_the_heap_ok(std::stop_token Stop) {
  return std::make_unique<std::stop_callback<std::function<void()>>>(std::move(Stop), [] { print("stopped"); });
}
