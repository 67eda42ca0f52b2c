// RUN: %check_tether %s unfulfilled-promise
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

bool open();
int fetch();
void log(const char *);

// ---- a promise of the function's own

int nobody_has_it_bad() {
  std::promise<int> Result;
  std::future<int> Answer = Result.get_future();
  std::thread Reader([] { fetch(); });
  Reader.join();
  return Answer.get();
  // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: channel 'Result' is waited for here, and nobody has it to fulfil it
}

int nobody_has_it_ok() {
  std::promise<int> Result;
  std::future<int> Answer = Result.get_future();
  std::thread Reader([Result = std::move(Result)]() mutable { Result.set_value(fetch()); });
  Reader.join();
  return Answer.get();
}

int task_returns_early_bad() {
  std::promise<int> Result;
  std::future<int> Answer = Result.get_future();
  std::thread Reader([&] {
    if (!open())
      return;
    // CHECK-MESSAGES: :[[@LINE-1]]:7: warning: channel 'Result' is not satisfied on this path
    Result.set_value(fetch());
  });
  int Value = Answer.get();
  Reader.join();
  return Value;
}

int task_returns_early_ok() {
  std::promise<int> Result;
  std::future<int> Answer = Result.get_future();
  std::thread Reader([&] {
    if (!open()) {
      Result.set_exception(std::make_exception_ptr(std::runtime_error("closed")));
      return;
    }
    Result.set_value(fetch());
  });
  int Value = Answer.get();
  Reader.join();
  return Value;
}

static void readInto(std::promise<int> &Into, int Part) {
  switch (Part) {
  case 0:
    Into.set_value(fetch());
    break;
  case 1:
    log("nothing to read");
    break;
    // CHECK-MESSAGES: :[[@LINE-3]]:3: warning: channel 'Result' is not satisfied on this path
  default:
    Into.set_exception(std::make_exception_ptr(std::out_of_range("part")));
  }
}

int helper_misses_a_case_bad(int Part) {
  std::promise<int> Result;
  std::thread Reader([&] { readInto(Result, Part); });
  int Value = Result.get_future().get();
  Reader.join();
  return Value;
}

int helper_is_a_task_bad(int Part) {
  std::promise<int> Result;
  std::thread Reader(readInto, std::ref(Result), Part);
  int Value = Result.get_future().get();
  Reader.join();
  return Value;
}

static void readAll(std::promise<int> &Into, bool Ready) {
  if (!Ready)
    Into.set_value(0);
  else
    Into.set_value(fetch());
}

int helper_settles_each_case_ok(bool Ready) {
  std::promise<int> Result;
  std::thread Reader([&] { readAll(Result, Ready); });
  int Value = Result.get_future().get();
  Reader.join();
  return Value;
}

// ---- latches

void latch_not_counted_down_bad(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I)
    Workers.emplace_back([&] {
      if (!open()) {
        log("cannot open");
        return;
        // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: channel 'Done' is not satisfied on this path
      }
      fetch();
      Done.count_down();
    });
  Done.wait();
}

void latch_counted_down_ok(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I)
    Workers.emplace_back([&] {
      if (open())
        fetch();
      Done.count_down();
    });
  Done.wait();
}

void latch_waited_for_in_the_loop_bad(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I) {
    Workers.emplace_back([&] { Done.count_down(); });
    Done.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: channel 'Done' is waited for before all tasks that have to come are started
  }
}

void latch_waited_for_behind_the_loop_ok(int Parts) {
  std::latch Done(Parts);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I)
    Workers.emplace_back([&] { Done.count_down(); });
  Done.wait();
}

void latch_of_each_turn_ok(int Parts) {
  std::vector<std::jthread> Workers;
  for (int I = 0; I < Parts; ++I) {
    std::latch Done(1);
    Workers.emplace_back([&] { Done.count_down(); });
    Done.wait();
  }
}

void latch_for_too_many_bad() {
  std::latch Done(3);
  std::jthread First([&] { Done.count_down(); });
  std::jthread Second([&] { Done.count_down(); });
  Done.wait();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: channel 'Done' waits for 3, and only 2 come
}

void latch_for_two_ok() {
  std::latch Done(2);
  std::jthread First([&] { Done.count_down(); });
  std::jthread Second([&] { Done.count_down(); });
  Done.wait();
}

// ---- twice

void fulfilled_twice_bad(std::promise<int> Result) {
  auto Answer = Result.get_future();
  if (!open())
    Result.set_exception(std::make_exception_ptr(std::runtime_error("closed")));
  Result.set_value(fetch());
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: channel 'Result' is fulfilled a second time, which throws
}

void fulfilled_once_ok(std::promise<int> Result) {
  auto Answer = Result.get_future();
  if (!open())
    Result.set_exception(std::make_exception_ptr(std::runtime_error("closed")));
  else
    Result.set_value(fetch());
}

void fulfilled_or_failed_ok(std::promise<int> Result) {
  auto Answer = Result.get_future();
  try {
    Result.set_value(fetch());
  } catch (...) {
    Result.set_exception(std::current_exception());
  }
}

void fulfilled_again_when_new_ok() {
  std::promise<int> Result;
  auto First = Result.get_future();
  Result.set_value(1);
  Result = std::promise<int>();
  auto Second = Result.get_future();
  Result.set_value(2);
}
