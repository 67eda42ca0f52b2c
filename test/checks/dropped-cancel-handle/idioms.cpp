// RUN: %check_tether %s dropped-cancel-handle
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

bool step();
int compute();
void poll(std::stop_token Stop);
void adopt(std::stop_source Stop);
void adoptFuture(std::future<int> Result);

// The handle goes on to somebody else.

std::stop_source returned_ok() {
  std::stop_source Stop;
  std::thread(poll, Stop.get_token()).detach();
  return Stop;
}

std::pair<std::thread, std::stop_source> returned_in_a_pair_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  return {std::move(Worker), std::move(Stop)};
}

std::tuple<std::thread, std::stop_source> returned_in_a_tuple_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  return std::make_tuple(std::move(Worker), Stop);
}

struct Job {
  std::thread Worker;
  std::stop_source Stop;
};

Job returned_in_a_struct_ok() {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  return Job{std::move(Worker), Stop};
}

Job built_member_by_member_ok() {
  Job Result;
  Result.Worker = std::thread(poll, Result.Stop.get_token());
  return Result;
}

std::unique_ptr<Job> returned_by_pointer_ok() {
  auto Result = std::make_unique<Job>();
  Result->Worker = std::thread(poll, Result->Stop.get_token());
  return Result;
}

void given_to_the_caller_ok(std::stop_source &Out) {
  std::stop_source Stop;
  std::thread(poll, Stop.get_token()).detach();
  Out = Stop;
}

void moved_to_another_function_ok() {
  std::stop_source Stop;
  std::thread(poll, Stop.get_token()).detach();
  adopt(std::move(Stop));
}

void copied_to_another_function_ok() {
  std::stop_source Stop;
  std::thread(poll, Stop.get_token()).detach();
  adopt(Stop);
}

class Registry {
public:
  void stored_in_a_member_ok() {
    std::stop_source Stop;
    std::thread(poll, Stop.get_token()).detach();
    Current = Stop;
  }
  void pushed_into_a_container_ok() {
    std::stop_source Stop;
    std::thread(poll, Stop.get_token()).detach();
    All.push_back(std::move(Stop));
  }
  void keyed_in_a_map_ok(int Id) {
    std::stop_source Stop;
    std::thread(poll, Stop.get_token()).detach();
    ById.emplace(Id, Stop);
  }
  void captured_by_a_stored_callable_ok() {
    std::stop_source Stop;
    std::thread(poll, Stop.get_token()).detach();
    Cleanup.push_back([Stop]() mutable { Stop.request_stop(); });
  }
  void stopAll() {
    Current.request_stop();
    for (std::stop_source &Stop : All)
      Stop.request_stop();
    for (auto &[Id, Stop] : ById)
      Stop.request_stop();
    for (auto &F : Cleanup)
      F();
  }

private:
  std::stop_source Current{std::nostopstate};
  std::vector<std::stop_source> All;
  std::map<int, std::stop_source> ById;
  std::vector<std::function<void()>> Cleanup;
};

std::function<void()> captured_by_a_returned_lambda_ok() {
  std::stop_source Stop;
  std::thread(poll, Stop.get_token()).detach();
  return [Stop]() mutable { Stop.request_stop(); };
}

auto registration_in_an_optional_ok(std::stop_token Stop, std::optional<std::stop_callback<std::function<void()>>> &Out) {
  Out.emplace(Stop, [] { step(); });
}

// Guards.

class StopOnExit {
public:
  explicit StopOnExit(std::stop_source Stop) : Stop(std::move(Stop)) {}
  ~StopOnExit() { Stop.request_stop(); }

private:
  std::stop_source Stop;
};

void guard_with_a_copy_ok() {
  std::stop_source Stop;
  StopOnExit Guard(Stop);
  std::thread(poll, Stop.get_token()).detach();
  if (!step())
    return;
  step();
}

template <typename F> struct Finally {
  F Run;
  ~Finally() { Run(); }
};

void guard_with_a_lambda_ok() {
  std::stop_source Stop;
  Finally Guard{[&] { Stop.request_stop(); }};
  std::thread(poll, Stop.get_token()).detach();
  if (!step())
    return;
  step();
}

void unique_pointer_as_guard_ok() {
  std::stop_source Stop;
  auto Trigger = [](std::stop_source *S) { S->request_stop(); };
  std::unique_ptr<std::stop_source, decltype(Trigger)> Guard(&Stop, Trigger);
  std::thread(poll, Stop.get_token()).detach();
  if (!step())
    return;
  step();
}

void jthread_is_its_own_guard_ok() {
  std::jthread Worker(poll);
  if (!step())
    return;
  step();
}

// The jthread is destroyed first: it joins, and its own token stops the task.
void source_of_the_jthread_ok() {
  std::jthread Worker(poll);
  std::stop_source Stop = Worker.get_stop_source();
  if (!step())
    Stop.request_stop();
}

// Linked: whoever stops the outer work stops this one.
void linked_to_the_outer_token_ok(std::stop_token Outer) {
  std::stop_source Stop;
  std::stop_callback Link(Outer, [&Stop] { Stop.request_stop(); });
  std::thread Worker(poll, Stop.get_token());
  Worker.join();
}

void task_stops_itself_ok() {
  std::stop_source Stop;
  std::thread Worker([Stop]() mutable {
    if (!step())
      Stop.request_stop();
    poll(Stop.get_token());
  });
  Worker.join();
}

// Joined on the path on which nobody stops it.
void joined_where_it_is_not_stopped_ok(bool Wait) {
  std::stop_source Stop;
  std::thread Worker(poll, Stop.get_token());
  if (Wait) {
    Worker.join();
    return;
  }
  Stop.request_stop();
  Worker.join();
}

// One class owns both ends, with start() and stop().

class Service {
public:
  void start_ok() {
    Stop = std::stop_source();
    Worker = std::thread(poll, Stop.get_token());
  }
  void stop_ok() {
    Stop.request_stop();
    if (Worker.joinable())
      Worker.join();
  }
  ~Service() { stop_ok(); }

private:
  std::stop_source Stop;
  std::thread Worker;
};

class Restartable {
public:
  void restart_ok() {
    halt();
    Stop = {};
    Worker = std::thread(poll, Stop.get_token());
  }
  void halt() {
    Stop.request_stop();
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::stop_source Stop;
  std::thread Worker;
};

// Others can stop it.
class Exposed_ok {
public:
  void start() { Worker = std::thread(poll, Stop.get_token()); }
  std::stop_source &source() { return Stop; }
  void wait() { Worker.join(); }

private:
  std::stop_source Stop;
  std::thread Worker;
};

class Public_ok {
public:
  void start() { Worker = std::thread(poll, Stop.get_token()); }
  void wait() { Worker.join(); }
  std::stop_source Stop;

private:
  std::thread Worker;
};

// Async results.

void kept_in_a_list_ok(std::vector<std::future<int>> &Results) {
  Results.push_back(std::async(std::launch::async, compute));
  Results.emplace_back(std::async(std::launch::async, compute));
}

void handed_on_ok() { adoptFuture(std::async(std::launch::async, compute)); }

int waited_for_at_once_ok() { return std::async(std::launch::async, compute).get(); }

std::future<int> returned_result_ok() { return std::async(std::launch::async, compute); }

std::shared_future<int> shared_result_ok() { return std::async(std::launch::async, compute).share(); }
