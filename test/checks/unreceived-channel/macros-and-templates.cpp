// RUN: %check_tether %s unreceived-channel
#include "channel.h"
#include <latch>
#include <thread>
#include <utility>

int compute();
bool step();

#define RETURN_UNLESS(Condition)                                                                   \
  do {                                                                                             \
    if (!(Condition))                                                                              \
      return -1;                                                                                   \
  } while (0)

int macro_returns_bad() {
  parcel::Line<int> Answers;
  std::jthread Worker([&] {
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return:
  });
  RETURN_UNLESS(step());
  return Answers.take().value();
}

int macro_returns_before_ok() {
  RETURN_UNLESS(step());
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  return Answers.take().value();
}

template <typename T, typename F> T ask_bad(F Compute) {
  parcel::Line<T> Answers;
  std::jthread Worker([&] {
    Answers.put(Compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return:
  });
  if (!step())
    return T();
  return Answers.take().value();
}

template <typename T, typename F> T ask_ok(F Compute) {
  parcel::Line<T> Answers(1);
  std::jthread Worker([&] { Answers.put(Compute()); });
  if (!step())
    return T();
  return Answers.take().value();
}

// Two instances, one warning.
int asks_ok() {
  return ask_bad<int>(compute) + ask_bad<int>([] { return 1; }) + ask_ok<int>(compute) + ask_ok<long>(compute);
}

// The capacity is a template argument's business: not a constant that can be read.
template <unsigned Room> int ask_with_room_ok() {
  parcel::Line<int> Answers(Room);
  std::jthread Worker([&] { Answers.put(compute()); });
  if (!step())
    return -1;
  return Answers.take().value();
}
template int ask_with_room_ok<1>();

class Base {
public:
  virtual ~Base() = default;
  virtual void run() = 0;
};

template <typename Derived> class Runner : public Base {
public:
  void run_bad() {
    std::latch Go(1);
    std::jthread Worker([&] {
      Go.wait();
      // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: receive from 'Go' may never return:
      static_cast<Derived *>(this)->run();
    });
    if (!step())
      return;
    Go.count_down();
  }
};

class Job final : public Runner<Job> {
public:
  void run() override { step(); }
};

void runs_ok(Job &J) { J.run_bad(); }
