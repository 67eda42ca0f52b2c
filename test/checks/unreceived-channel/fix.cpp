// RUN: %check_tether %s unreceived-channel
#include "channel.h"
#include <latch>
#include <memory>
#include <thread>

int compute();
bool ready();
void use(int Value);

// Room, where it is known how much is sent.

int one_value_bad() {
  parcel::Line<int> Answers;
  // CHECK-FIXES: {{^}}  parcel::Line<int> Answers(1);
  std::jthread Worker([&] { Answers.put(compute()); });
  // CHECK-MESSAGES: :[[@LINE-1]]:37: warning: send on 'Answers' may never return
  if (!ready())
    return -1;
  return Answers.take().value_or(0);
}

int too_little_room_bad() {
  parcel::Line<int> Answers(1);
  // CHECK-FIXES: {{^}}  parcel::Line<int> Answers(2);
  std::jthread Worker([&] {
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return
  });
  if (!ready())
    return -1;
  return Answers.take().value_or(0) + Answers.take().value_or(0);
}

int shared_bad() {
  auto Answers = std::make_shared<parcel::Line<int>>();
  // CHECK-FIXES: {{^}}  auto Answers = std::make_shared<parcel::Line<int>>(1);
  std::jthread Worker([Answers] { Answers->put(compute()); });
  // CHECK-MESSAGES: :[[@LINE-1]]:44: warning: send on 'Answers' may never return
  if (!ready())
    return -1;
  return Answers->take().value_or(0);
}

// A guard that closes, declared behind the thread, so that it comes before the join.

void many_values_bad(int Limit) {
  parcel::Line<int> Items;
  std::jthread Producer([&] {
    for (int I = 0; I < Limit; ++I)
      Items.put(I);
      // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Items' may never return
    Items.close();
  });
  // CHECK-FIXES:      {{^}}  struct SettleItems {
  // CHECK-FIXES-NEXT: {{^}}    decltype(Items) &It;
  // CHECK-FIXES-NEXT: {{^}}    ~SettleItems() { It.close(); }
  // CHECK-FIXES-NEXT: {{^}}  } ItemsAtEnd{Items};
  while (auto Item = Items.take())
    if (*Item == 3)
      return;
}

// What the other end waits for.

bool latch_bad() {
  std::latch Go(1);
  std::jthread Worker([&] {
    Go.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: receive from 'Go' may never return
    use(1);
  });
  if (!ready())
    return false;
    // CHECK-FIXES: {{^}}    Go.count_down();
    // CHECK-FIXES-NEXT: {{^}}    return false;
  Go.count_down();
  return true;
}

// The token of the source that ends the receiver.

bool isOver(std::stop_token Stop) { return Stop.stop_requested(); }

class Watch {
public:
  void start() {
    Worker = std::jthread([this] { run(); });
  }
  int next() { return Results.take(Ended.get_token()).value_or(0); }
  ~Watch() { Ended.request_stop(); }

private:
  void run() {
    Ended.request_stop();
    Results.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Results' may never return
    // CHECK-NOTE-FIXES: {{^}}    Results.put(compute(), Ended.get_token());
  }
  std::stop_source Ended;
  parcel::Line<int> Results;
  std::jthread Worker;
};
