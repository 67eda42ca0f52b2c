// RUN: %check_tether %s unreceived-channel
#include "channel.h"
#include <latch>
#include <thread>

int compute();
bool step();
void use(int Value);

int nobody_receives_bad(bool Ready) {
  parcel::Line<int> Answers;
  std::jthread Worker([&] {
    Answers.put(compute());
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: send on 'Answers' may never return: nobody receives when 'nobody_receives_bad' leaves [tether-unreceived-channel]
    // CHECK-NOTES: :[[@LINE-4]]:21: note: 'Answers' is made here
    // CHECK-NOTES: :[[@LINE-4]]:16: note: the task starts here
    // CHECK-NOTES: :[[@LINE+4]]:7: note: '!Ready' is true
    // CHECK-NOTES: :[[@LINE+4]]:5: note: 'nobody_receives_bad' returns here
    // CHECK-NOTES: :[[@LINE-6]]:13: note: give the channel room for what is sent, send with a stop token, or close it on every way out
  });
  if (!Ready)
    return -1;
  return Answers.take().value();
}

void not_closed_bad(int Count) {
  parcel::Line<int> Jobs;
  std::jthread Worker([&] {
    while (auto Job = Jobs.take())
    // CHECK-MESSAGES: :[[@LINE-1]]:28: warning: receive from 'Jobs' may never return: 'not_closed_bad' leaves without closing it [tether-unreceived-channel]
    // CHECK-NOTES: :[[@LINE-4]]:21: note: 'Jobs' is made here
    // CHECK-NOTES: :[[@LINE-4]]:16: note: the task starts here
    // CHECK-NOTES: :[[@LINE+6]]:3: note: the loop is entered
    // CHECK-NOTES: :[[@LINE+6]]:9: note: '!step()' is true
    // CHECK-NOTES: :[[@LINE+6]]:7: note: 'not_closed_bad' returns here
    // CHECK-NOTES: :[[@LINE-7]]:28: note: send or close on every way out, or receive with a stop token
      use(*Job);
  });
  for (int I = 0; I < Count; ++I) {
    if (!step())
      return;
    Jobs.put(I);
  }
  Jobs.close();
}

void not_sent_bad() {
  std::latch Go(1);
  std::jthread Worker([&] {
    Go.wait();
    // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: receive from 'Go' may never return: 'not_sent_bad' leaves without sending [tether-unreceived-channel]
    // CHECK-NOTES: :[[@LINE-4]]:14: note: 'Go' is made here
    // CHECK-NOTES: :[[@LINE-4]]:16: note: the task starts here
    // CHECK-NOTES: :[[@LINE+4]]:7: note: 'step()' is false
    // CHECK-NOTES: :[[@LINE-5]]:8: note: send or close on every way out, or receive with a stop token
    step();
  });
  if (step())
    Go.count_down();
}

void nobody_else_has_it_bad() {
  parcel::Line<int> Answers;
  Answers.put(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: send on 'Answers' may block for ever: nobody is left who receives from it [tether-unreceived-channel]
  // CHECK-NOTES: :[[@LINE-2]]:11: note: [nobody_else_has_it_bad] sends to 'Answers', and goes no further
  // CHECK-NOTES: :[[@LINE-3]]:11: note: give the channel room for what is sent, send with a stop token, or close it on every way out
  use(Answers.take().value());
}

class Pump {
public:
  void receiver_leaves_bad() {
    Source = std::jthread([this] {
      while (step())
        Drops.put(compute());
        // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: send on 'Drops' may never return: its receiver leaves when stop is requested, and this send does not [tether-unreceived-channel]
        // CHECK-NOTES: :[[@LINE-4]]:14: note: the sending task starts here
        // CHECK-NOTES: :[[@LINE+4]]:32: note: the receiver stops receiving here when stop is requested
        // CHECK-NOTES: :[[@LINE-4]]:15: note: give the channel room for what is sent, send with a stop token, or close it on every way out
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

class Loader {
public:
  void filled_before_it_is_emptied_bad() {
    for (int I = 0; I < 10; ++I)
      Jobs.put(I);
      // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: send on 'Jobs' may block for ever: nobody is left who receives from it [tether-unreceived-channel]
      // CHECK-NOTES: :[[@LINE-4]]:8: note: [the owner] 'filled_before_it_is_emptied_bad' is called
      // CHECK-NOTES: :[[@LINE-4]]:5: note: [the owner] the loop is entered
      // CHECK-NOTES: :[[@LINE-4]]:12: note: [the owner] sends to 'Jobs'
      // CHECK-NOTES: :[[@LINE-6]]:5: note: [the owner] the loop is entered
      // CHECK-NOTES: :[[@LINE-6]]:12: note: [the owner] sends to 'Jobs', and goes no further
      // CHECK-NOTES: :[[@LINE-7]]:12: note: give the channel room for what is sent, send with a stop token, or close it on every way out
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
