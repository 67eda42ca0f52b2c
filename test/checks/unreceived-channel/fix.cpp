// RUN: %check_tether %s unreceived-channel
#include "channel.h"
#include <condition_variable>
#include <deque>
#include <latch>
#include <memory>
#include <mutex>
#include <stop_token>
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

// Before the join that would wait for ever. Where only some ways lead to one, a guard would come too
// late for that: 'joined_on_one_way' of test/tool/fix-refusals.test.

bool fits(int Value);

void consumer_leaves_bad() {
  parcel::Line<int> Parts;
  std::thread Consumer([&] {
    while (auto Item = Parts.take())
      if (!fits(*Item))
        return;
  });
  std::thread Producer([&] {
    for (int I = 0; I < 10; ++I)
      Parts.put(I);
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Parts' may never return: nobody may be left to receive when 'consumer_leaves_bad' waits for its end
  });
  // CHECK-NOTE-FIXES:      {{^}}  Parts.close();
  // CHECK-NOTE-FIXES-NEXT: {{^}}  Producer.join();
  Producer.join();
  Parts.close();
  Consumer.join();
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

// Of a select, too, and what waits for an answer does not wait for one that will not come.
class Node {
public:
  Node() : Loop([this, Stop = Ended.get_token()] { run(Stop); }) {}
  ~Node() {
    Ended.request_stop();
    Loop.join();
  }
  int status() {
    auto Answer = std::make_shared<parcel::Line<int>>(1);
    Requests.put(Answer);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: send on 'Requests' may block for ever
    // CHECK-NOTE-FIXES: {{^}}    Requests.put(Answer, Ended.get_token());
    // CHECK-NOTE-FIXES-NEXT: {{^}}    if (Ended.stop_requested())
    // CHECK-NOTE-FIXES-NEXT: {{^}}      return {};
    return Answer->take().value_or(0);
  }
  void stop() { Ended.request_stop(); }

private:
  void run(std::stop_token Stop) {
    while (auto Request = Requests.take(Stop))
      (*Request)->put(1);
  }
  parcel::Line<std::shared_ptr<parcel::Line<int>>> Requests;
  std::stop_source Ended;
  std::thread Loop;
};

int ask_bad() {
  Node Of;
  Of.stop();
  return Of.status();
}

// Sent when the receiver is there.
class Compactor {
public:
  ~Compactor() {
    Worker.request_stop();
    if (Worker.joinable())
      Worker.join();
  }
  void suggest() { Poke.offer(1); }
  void start() {
    Poke.put(1);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: send on 'Poke' may block for ever
    // CHECK-NOTE-FIXES:      {{^}}  void start() {
    // CHECK-NOTE-FIXES:      {{^}}    Worker = std::jthread(
    // CHECK-NOTE-FIXES-NEXT: {{^}}    Poke.put(1);
    Worker = std::jthread([this](std::stop_token Stop) { while (Poke.take(Stop)) use(1); });
  }

private:
  parcel::Line<int> Poke{1};
  std::jthread Worker;
};

void reopened_bad() {
  Compactor Of;
  Of.suggest();
  Of.start();
}

// A class that was found to be a channel, by its own way to close; before the join.
class Chunks {
public:
  bool push(int Item) {
    std::unique_lock<std::mutex> Lock(Mutex);
    Room.wait(Lock, [this] { return Items.size() < 4 || Done; });
    if (Done)
      return false;
    Items.push_back(Item);
    Filled.notify_one();
    return true;
  }
  bool pop(int &Item) {
    std::unique_lock<std::mutex> Lock(Mutex);
    Filled.wait(Lock, [this] { return !Items.empty() || Done; });
    if (Items.empty())
      return false;
    Item = Items.front();
    Items.pop_front();
    Room.notify_one();
    return true;
  }
  void finish() {
    std::lock_guard<std::mutex> Lock(Mutex);
    Done = true;
    Filled.notify_all();
    Room.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Filled, Room;
  std::deque<int> Items;
  bool Done = false;
};

bool writes_bad(int Count) {
  Chunks Read;
  std::jthread Reader([&] {
    for (int I = 0; I < Count; ++I)
      if (!Read.push(I))
        // CHECK-MESSAGES: :[[@LINE-1]]:17: warning: send on 'Read' may never return
        return;
    Read.finish();
  });
  bool Good = true;
  for (int Item; Read.pop(Item);)
    if (Item == 7) {
      Good = false;
      break;
    }
  // CHECK-NOTE-FIXES: {{^}}      Good = false;
  // CHECK-NOTE-FIXES: {{^}}    }
  // CHECK-NOTE-FIXES: {{^}}  Read.finish();
  // CHECK-NOTE-FIXES-NEXT: {{^}}  Reader.join();
  Reader.join();
  return Good;
}
