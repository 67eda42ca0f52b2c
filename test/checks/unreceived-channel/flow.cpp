// RUN: %check_tether %s unreceived-channel
#include "channel.h"
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <thread>
#include <vector>

int compute();
bool step();
void use(int Value);

// Several senders, one value taken.
int first_answer_bad() {
  parcel::Line<int> Answers;
  std::vector<std::jthread> Asked;
  for (int I = 0; I < 3; ++I)
    Asked.emplace_back([&] {
      Answers.put(compute());
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: send on 'Answers' may never return:
    });
  return Answers.take().value();
}

int first_answer_closes_ok() {
  parcel::Line<int> Answers;
  std::vector<std::jthread> Asked;
  for (int I = 0; I < 3; ++I)
    Asked.emplace_back([&] { Answers.put(compute()); });
  int First = Answers.take().value();
  Answers.close();
  return First;
}

int first_answer_with_room_ok(unsigned Count) {
  parcel::Line<int> Answers(Count);
  std::vector<std::jthread> Asked;
  for (unsigned I = 0; I < Count; ++I)
    Asked.emplace_back([&] { Answers.put(compute()); });
  return Answers.take().value();
}

// The loop is left before the sender is done.
int loop_left_early_bad() {
  parcel::Line<int> Items;
  std::jthread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Items' may never return:
    Items.close();
  });
  while (auto Item = Items.take())
    if (*Item == 3)
      return *Item;
  return -1;
}

int loop_left_early_closes_ok() {
  parcel::Line<int> Items;
  std::jthread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
  });
  for (int I = 0; I < 10; ++I) {
    auto Item = Items.take();
    if (!Item || *Item == 3)
      break;
  }
  Items.close();
  return -1;
}

// A timeout abandons the sender.
int timeout_bad(std::stop_token Stop) {
  auto Answers = std::make_shared<parcel::Line<int>>();
  std::thread([Answers] {
    Answers->put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: send on 'Answers' may never return:
  }).detach();
  for (int I = 0; I < 10 && !Stop.stop_requested(); ++I) {
    if (auto Answer = Answers->poll())
      return *Answer;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  return -1;
}

// A visible throw.
int throws_bad(int Limit) {
  parcel::Line<int> Answers;
  std::jthread Worker([&] {
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return:
  });
  if (Limit < 0)
    throw std::invalid_argument("limit");
  return Answers.take().value();
}

int throws_before_ok(int Limit) {
  if (Limit < 0)
    throw std::invalid_argument("limit");
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  return Answers.take().value();
}

// Both tests are of the same condition.
int correlated_ok(const bool Ask) {
  parcel::Line<int> Answers;
  std::jthread Worker;
  if (Ask)
    Worker = std::jthread([&] { Answers.put(compute()); });
  step();
  if (Ask)
    return Answers.take().value();
  return 0;
}

// The send is in a function that the task calls.
void report(parcel::Line<int> &Answers) { Answers.put(compute()); } // for helper_sends_bad
// CHECK-MESSAGES: :[[@LINE-1]]:51: warning: send on 'Answers' may never return:

int helper_sends_bad(bool Ready) {
  parcel::Line<int> Answers;
  std::jthread Worker([&] { report(Answers); });
  if (!Ready)
    return -1;
  return Answers.take().value();
}

int receive(parcel::Line<int> &Answers) { return Answers.take().value_or(0); }

int helper_receives_ok(bool Ready) {
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  if (!Ready)
    return receive(Answers);
  return Answers.take().value();
}

// A crew's destructor waits for the job.
int crew_waits_bad(bool Ready) {
  parcel::Line<int> Answers;
  parcel::Crew Crew;
  Crew.post([&] {
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return:
  });
  if (!Ready)
    return -1;
  return Answers.take().value();
}

int crew_ok(bool Ready) {
  parcel::Line<int> Answers(1);
  parcel::Crew Crew;
  Crew.post([&] { Answers.put(compute()); });
  if (!Ready)
    return -1;
  return Answers.take().value();
}

// Counted down in one branch only.
void latch_count_bad(bool Two) {
  std::latch Go(1);
  std::jthread Worker([&] {
    Go.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: receive from 'Go' may never return:
    step();
  });
  if (Two) {
    step();
    Go.count_down();
  }
}

void latch_count_in_both_branches_ok(bool Two) {
  std::latch Go(1);
  std::jthread Worker([&] {
    Go.wait();
    step();
  });
  if (Two) {
    step();
    Go.count_down();
  } else {
    Go.count_down();
  }
}

// The receiver stops to receive, and the senders do not stop to send.
class Pump_bad {
public:
  void start() {
    Source = std::jthread([this] {
      while (step())
        Drops.put(compute());
        // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: send on 'Drops' may never return:
    });
    Drain = std::jthread([this](std::stop_token Stop) {
      while (auto Drop = Drops.take(Stop))
        use(*Drop);
    });
  }

private:
  parcel::Line<int> Drops{4};
  std::jthread Source, Drain;
};

class Pump_ok {
public:
  void start() {
    Source = std::jthread([this](std::stop_token Stop) {
      while (Drops.put(compute(), Stop))
        step();
    });
    Drain = std::jthread([this](std::stop_token Stop) {
      while (auto Drop = Drops.take(Stop))
        use(*Drop);
    });
  }

private:
  parcel::Line<int> Drops{4};
  std::jthread Source, Drain;
};

// The constructor fills the channel before it starts who empties it.
class Loader {
public:
  void load_bad() {
    for (int I = 0; I < 10; ++I)
      Jobs.put(I);
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: send on 'Jobs' may block for ever:
    Worker = std::jthread([this] {
      while (auto Job = Jobs.take())
        use(*Job);
    });
    Jobs.put(-1);
  }

private:
  parcel::Line<int> Jobs{4};
  std::jthread Worker;
};
