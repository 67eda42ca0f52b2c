// RUN: %check_tether %s unreceived-channel
#include "channel.h"
#include <future>
#include <latch>
#include <semaphore>
#include <thread>

int compute();
bool step();
void use(int Value);

// The sender waits.

int early_return_bad(bool Ready) {
  parcel::Line<int> Answers;
  std::thread([&] {
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return: nobody receives when 'early_return_bad' leaves [tether-unreceived-channel]
  }).detach();
  if (!Ready)
    return -1;
  return Answers.take().value();
}

int early_return_with_room_ok(bool Ready) {
  parcel::Line<int> Answers(1);
  std::thread([&] { Answers.put(compute()); }).detach();
  if (!Ready)
    return -1;
  return Answers.take().value();
}

int early_return_closes_ok(bool Ready) {
  parcel::Line<int> Answers;
  std::thread([&] { Answers.put(compute()); }).detach();
  if (!Ready) {
    Answers.close();
    return -1;
  }
  return Answers.take().value();
}

int sender_can_be_stopped_ok(bool Ready, std::stop_token Stop) {
  parcel::Line<int> Answers;
  std::thread([&Answers, Stop] { Answers.put(compute(), Stop); }).detach();
  if (!Ready)
    return -1;
  return Answers.take(Stop).value_or(-1);
}

int sender_only_offers_ok(bool Ready) {
  parcel::Line<int> Answers;
  std::thread([&] { Answers.offer(compute()); }).detach();
  if (!Ready)
    return -1;
  return Answers.take().value();
}

void never_received_bad() {
  parcel::Line<int> Answers;
  std::jthread Worker([&] {
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return: nobody receives when 'never_received_bad' leaves [tether-unreceived-channel]
  });
  step();
}

void always_received_ok() {
  parcel::Line<int> Answers;
  std::jthread Worker([&] { Answers.put(compute()); });
  step();
  use(Answers.take().value());
}

void sends_to_itself_bad() {
  parcel::Line<int> Answers;
  Answers.put(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: send on 'Answers' may block for ever: nobody is left who receives from it [tether-unreceived-channel]
  use(Answers.take().value());
}

void sends_to_itself_with_room_ok() {
  parcel::Line<int> Answers(1);
  Answers.put(1);
  use(Answers.take().value());
}

// The receiver waits.

void never_closed_bad() {
  parcel::Line<int> Jobs;
  std::jthread Worker([&] {
    while (auto Job = Jobs.take())
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: receive from 'Jobs' may never return: 'never_closed_bad' leaves without closing it [tether-unreceived-channel]
      use(*Job);
  });
  for (int I = 0; I < 3; ++I)
    Jobs.put(I);
}

void closed_at_the_end_ok() {
  parcel::Line<int> Jobs;
  std::jthread Worker([&] {
    while (auto Job = Jobs.take())
      use(*Job);
  });
  for (int I = 0; I < 3; ++I)
    Jobs.put(I);
  Jobs.close();
}

void closed_on_one_path_bad(bool Ready) {
  parcel::Line<int> Jobs;
  std::jthread Worker([&] {
    while (auto Job = Jobs.take())
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: receive from 'Jobs' may never return: 'closed_on_one_path_bad' leaves without closing it [tether-unreceived-channel]
      use(*Job);
  });
  if (!Ready)
    return;
  Jobs.put(1);
  Jobs.close();
}

// What the standard library has: nothing waits to send, but receivers wait.

bool latch_is_not_counted_down_bad(bool Ready) {
  std::latch Go(1);
  std::jthread Worker([&] {
    Go.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: receive from 'Go' may never return: 'latch_is_not_counted_down_bad' leaves without sending [tether-unreceived-channel]
    step();
  });
  if (!Ready)
    return false;
  Go.count_down();
  return true;
}

bool latch_is_counted_down_ok(bool Ready) {
  std::latch Go(1);
  std::jthread Worker([&] {
    Go.wait();
    step();
  });
  Go.count_down();
  return Ready;
}

bool semaphore_is_not_released_bad(bool Ready) {
  std::binary_semaphore Go(0);
  std::jthread Worker([&] {
    Go.acquire();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: receive from 'Go' may never return: 'semaphore_is_not_released_bad' leaves without sending [tether-unreceived-channel]
    step();
  });
  if (Ready)
    Go.release();
  return Ready;
}

bool semaphore_is_released_ok(bool Ready) {
  std::binary_semaphore Go(0);
  std::jthread Worker([&] {
    Go.acquire();
    step();
  });
  if (Ready)
    step();
  Go.release();
  return Ready;
}

bool semaphore_was_released_before_ok(bool Ready) {
  std::binary_semaphore Go(0);
  Go.release();
  std::jthread Worker([&] {
    Go.acquire();
    step();
  });
  return Ready;
}

// The thread is joined before the promise, declared first, is destroyed and breaks.
bool promise_outlives_the_thread_bad(bool Ready) {
  std::promise<int> Answer;
  std::jthread Worker([Result = Answer.get_future()]() mutable {
    Result.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: receive from 'Answer' may never return: 'promise_outlives_the_thread_bad' leaves without sending [tether-unreceived-channel]
  });
  if (!Ready)
    return false;
  Answer.set_value(1);
  return true;
}

// The promise is destroyed first: it breaks, which ends the wait.
bool promise_breaks_before_the_join_ok(bool Ready) {
  std::jthread Worker;
  std::promise<int> Answer;
  Worker = std::jthread([Result = Answer.get_future()]() mutable { Result.wait(); });
  if (!Ready)
    return false;
  Answer.set_value(1);
  return true;
}
