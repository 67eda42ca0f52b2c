// RUN: %check_tether %s unreceived-channel
// One task sends, another one receives; and one of several channels is waited for.
#include "channel.h"
#include <memory>
#include <string>
#include <thread>
#include <vector>

int compute();
bool fits(int Value);

// ---- one of several -----------------------------------------------------------------------------

int cases_in_variables_bad(parcel::Line<int> &Timer) {
  auto Answers = std::make_shared<parcel::Line<int>>();
  std::thread([Answers] {
    Answers->put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: send on 'Answers' may never return: nobody receives when 'cases_in_variables_bad' leaves
  }).detach();
  std::optional<int> Late, Answer;
  auto OnTimer = parcel::taking(Timer, Late);
  auto OnAnswer = parcel::taking(*Answers, Answer);
  if (parcel::either(OnTimer, OnAnswer) == 0)
    return -1;
  return *Answer;
}

int cases_in_variables_ok(parcel::Line<int> &Timer) {
  auto Answers = std::make_shared<parcel::Line<int>>(1);
  std::thread([Answers] { Answers->put(compute()); }).detach();
  std::optional<int> Late, Answer;
  auto OnTimer = parcel::taking(Timer, Late);
  auto OnAnswer = parcel::taking(*Answers, Answer);
  if (parcel::either(OnTimer, OnAnswer) == 0)
    return -1;
  return *Answer;
}

// Which cases there are is up to the caller.
template <typename C> int case_from_outside_ok(C &Case) {
  parcel::Line<int> Answers(1);
  std::jthread Worker([&] { Answers.put(compute()); });
  return parcel::either(Case);
}
int with(parcel::Taking<int> &Case) { return case_from_outside_ok(Case); }

// ---- a task that receives -----------------------------------------------------------------------

void consumer_leaves_early_bad() {
  parcel::Line<int> Items;
  std::thread Consumer([&] {
    while (auto Item = Items.take())
      if (!fits(*Item))
        return;
  });
  std::thread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Items' may never return: nobody may be left to receive when 'consumer_leaves_early_bad' waits for its end
  });
  Producer.join();
  Items.close();
  Consumer.join();
}

void consumer_takes_all_ok() {
  parcel::Line<int> Items;
  bool Fit = true;
  std::thread Consumer([&] {
    while (auto Item = Items.take())
      Fit &= fits(*Item);
  });
  std::thread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
  });
  Producer.join();
  Items.close();
  Consumer.join();
}

void consumer_asks_for_the_end_ok() {
  parcel::Line<int> Items;
  std::thread Consumer([&] {
    for (;;) {
      auto Item = Items.take();
      if (!Item)
        break;
      fits(*Item);
    }
  });
  std::thread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
  });
  Producer.join();
  Items.close();
  Consumer.join();
}

void consumer_closes_ok() {
  parcel::Line<int> Items;
  std::thread Consumer([&] {
    while (auto Item = Items.take())
      if (!fits(*Item)) {
        Items.close();
        return;
      }
  });
  std::thread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
  });
  Producer.join();
  Items.close();
  Consumer.join();
}

// ---- a token ends the receive, and not the send ---------------------------------------------------

int stopped_receiver_bad(std::stop_token Stop) {
  parcel::Line<int> Items;
  std::jthread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Items.put(I);
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Items' may never return:
    Items.close();
  });
  int Sum = 0;
  while (auto Item = Items.take(Stop))
    Sum += *Item;
  return Sum;
}

int stopped_receiver_and_sender_ok(std::stop_token Stop) {
  parcel::Line<int> Items;
  std::jthread Producer([&Items, Stop] {
    for (int I = 0; I < 10; ++I)
      if (!Items.put(I, Stop))
        return;
    Items.close();
  });
  int Sum = 0;
  while (auto Item = Items.take(Stop))
    Sum += *Item;
  return Sum;
}

// ---- tasks of a group ----------------------------------------------------------------------------

int first_of_two_bad() {
  parcel::Line<int> Answers;
  parcel::Crew Crew;
  Crew.post([&] { Answers.put(compute()); });
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: send on 'Answers' may block for ever: nobody is left who receives from it
  Crew.post([&] { Answers.put(compute()); });
  // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: send on 'Answers' may block for ever: nobody is left who receives from it
  return Answers.take().value_or(0);
}

int both_of_two_ok() {
  parcel::Line<int> Answers;
  parcel::Crew Crew;
  Crew.post([&] { Answers.put(compute()); });
  Crew.post([&] { Answers.put(compute()); });
  const int First = Answers.take().value_or(0);
  Answers.take();
  Crew.finish();
  return First;
}

// ---- members ------------------------------------------------------------------------------------

// The receiver stops with the object, which whoever sends has.
class Inbox_ok {
public:
  Inbox_ok() : Loop([this](std::stop_token Stop) { run(Stop); }) {}
  void add(int Item) { Items.put(Item); }

private:
  void run(std::stop_token Stop) {
    while (auto Item = Items.take(Stop))
      Sum += *Item;
  }
  parcel::Line<int> Items;
  int Sum = 0;
  std::jthread Loop;
};

void fill(Inbox_ok &Inbox) {
  parcel::Crew Crew;
  Crew.post([&Inbox] { Inbox.add(1); });
}
