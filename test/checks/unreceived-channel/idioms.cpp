// RUN: %check_tether %s unreceived-channel
#include "channel.h"
#include <chrono>
#include <functional>
#include <future>
#include <latch>
#include <memory>
#include <semaphore>
#include <thread>
#include <utility>
#include <vector>

int compute();
bool step();
void use(int Value);
void adopt(std::shared_ptr<parcel::Line<int>> Answers);
void drain(parcel::Line<int> &Answers);

// Somebody else has the other end.

std::shared_ptr<parcel::Line<int>> returned_ok() {
  auto Answers = std::make_shared<parcel::Line<int>>();
  std::thread([Answers] { Answers->put(compute()); }).detach();
  return Answers;
}

void handed_on_ok() {
  auto Answers = std::make_shared<parcel::Line<int>>();
  std::thread([Answers] { Answers->put(compute()); }).detach();
  adopt(Answers);
}

void drained_by_unseen_code_ok() {
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  drain(Answers);
}

void drainAll(parcel::Line<int> &Answers) {
  while (auto Answer = Answers.take())
    use(*Answer);
}

void drained_by_a_helper_ok() {
  parcel::Line<int> Answers;
  std::jthread Worker([&] {
    Answers.put(compute());
    Answers.close();
  });
  drainAll(Answers);
}

std::function<int()> captured_by_a_returned_lambda_ok() {
  auto Answers = std::make_shared<parcel::Line<int>>();
  std::thread([Answers] { Answers->put(compute()); }).detach();
  return [Answers] { return Answers->take().value(); };
}

struct Subscription {
  std::shared_ptr<parcel::Line<int>> Events;
};

Subscription returned_in_a_struct_ok() {
  auto Events = std::make_shared<parcel::Line<int>>();
  std::thread([Events] { Events->put(compute()); }).detach();
  return {Events};
}

class Hub {
public:
  void stored_in_a_member_ok() {
    auto Events = std::make_shared<parcel::Line<int>>();
    std::thread([Events] { Events->put(compute()); }).detach();
    All.push_back(Events);
  }

private:
  std::vector<std::shared_ptr<parcel::Line<int>>> All;
};

// Two tasks, one at each end.

void producer_and_consumer_ok() {
  parcel::Line<int> Items;
  std::jthread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
    Items.close();
  });
  std::jthread Consumer([&] {
    while (auto Item = Items.take())
      use(*Item);
  });
}

void producer_closes_ok() {
  parcel::Line<int> Items;
  std::jthread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
    Items.close();
  });
  while (auto Item = Items.take())
    use(*Item);
}

// Guards close.

struct CloseOnExit {
  parcel::Line<int> &Line;
  ~CloseOnExit() { Line.close(); }
};

int guard_closes_ok(bool Ready) {
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  CloseOnExit Guard{Answers};
  if (!Ready)
    return -1;
  return Answers.take().value();
}

// The guard closes too late: the thread, declared behind it, is joined first. That a scope's end joins
// is not looked at before other things that happen there.
int FN_guard_closes_behind_the_join(bool Ready) {
  parcel::Line<int> Answers;
  CloseOnExit Guard{Answers};
  std::jthread Worker([&] { Answers.put(compute()); });
  if (!Ready)
    return -1;
  return Answers.take().value();
}

template <typename F> struct Defer {
  F Run;
  ~Defer() { Run(); }
};

int deferred_close_ok(bool Ready) {
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  Defer Guard{[&] { Answers.close(); }};
  if (!Ready)
    return -1;
  return Answers.take().value();
}

// The receive is bounded, and gives the sender a way out.

int timeout_closes_ok(std::stop_token Stop) {
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  auto Answer = Answers.take(Stop);
  if (!Answer) {
    Answers.close();
    return -1;
  }
  return *Answer;
}

// A queue without bound: no send waits.
void results_are_counted_ok() {
  parcel::Line<int> Answers(2);
  std::jthread First([&] { Answers.put(compute()); });
  std::jthread Second([&] { Answers.put(compute()); });
}

// One channel in a class, closed where the class stops.
class Mailer {
public:
  Mailer() : Thread([this] { run(); }) {}
  ~Mailer() { Letters.close(); }
  void send_ok(int Letter) { Letters.put(Letter); }

private:
  void run() {
    while (auto Letter = Letters.take())
      use(*Letter);
  }

  parcel::Line<int> Letters{8};
  std::jthread Thread;
};

// The latch counts the tasks down, and the starter waits for it.
void latch_waited_for_by_the_starter_ok() {
  std::latch Done(2);
  std::jthread First([&] { Done.count_down(); });
  std::jthread Second([&] { Done.count_down(); });
  Done.wait();
}

// A semaphore as a bound: what waits is released by those who have it.
void semaphore_as_a_bound_ok() {
  std::counting_semaphore<2> Slots(2);
  std::vector<std::jthread> Workers;
  for (int I = 0; I < 8; ++I)
    Workers.emplace_back([&Slots] {
      Slots.acquire();
      step();
      Slots.release();
    });
}

// A crew's threads, joined by its destructor.
void crew_ok() {
  parcel::Line<int> Answers(4);
  parcel::Crew Crew;
  Crew.post([&] { Answers.put(compute()); });
  use(Answers.take().value());
}

int first_of_two_ok() {
  auto Answers = std::make_shared<parcel::Line<int>>(2);
  for (int I = 0; I < 2; ++I)
    std::thread([Answers] { Answers->put(compute()); }).detach();
  return Answers->take().value();
}

void result_of_async_ok() {
  parcel::Line<int> Answers;
  auto Done = std::async(std::launch::async, [&] { Answers.put(compute()); });
  use(Answers.take().value());
  Done.get();
}

// The task ends before anything is waited for.
void future_by_packaged_task_ok() {
  std::packaged_task<int()> Task(compute);
  std::future<int> Result = Task.get_future();
  std::jthread Worker(std::move(Task));
  use(Result.get());
}
