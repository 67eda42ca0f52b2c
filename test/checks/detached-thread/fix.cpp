// RUN: %check_tether %s detached-thread
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <utility>
#include <vector>

void work();
void step();

// Each changes what the program does on purpose, and stands on a note.

void temporary_bad() {
  std::thread(work).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: temporary thread is detached
  // CHECK-NOTE-FIXES: void temporary_bad() {
  // CHECK-NOTE-FIXES-NEXT: {{^}}  std::jthread Worker(work);
  step();
}

void two_temporaries_bad() {
  std::thread{work}.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: temporary thread is detached
  // CHECK-NOTE-FIXES: {{^}}  std::jthread Worker{work};
  std::thread([] { step(); }).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: temporary thread is detached
  // CHECK-NOTE-FIXES: {{^}}  std::jthread Worker2([] { step(); });
}

void local_bad() {
  std::thread Worker(work);
  step();
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached
}
// CHECK-NOTE-FIXES:      void local_bad() {
// CHECK-NOTE-FIXES-NEXT: {{^}}  std::jthread Worker(work);
// CHECK-NOTE-FIXES-NEXT: {{^}}  step();
// CHECK-NOTE-FIXES-NEXT: {{^ *//$}}
// CHECK-NOTE-FIXES-NEXT: {{^}}}

// It requests the stop, and joins, by itself.
void jthread_bad() {
  std::jthread Worker([](std::stop_token Stop) {
    while (!Stop.stop_requested())
      step();
  });
  step();
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached
}
// CHECK-NOTE-FIXES:      void jthread_bad() {
// CHECK-NOTE-FIXES:      {{^}}  });
// CHECK-NOTE-FIXES-NEXT: {{^}}  step();
// CHECK-NOTE-FIXES-NEXT: {{^ *//$}}
// CHECK-NOTE-FIXES-NEXT: {{^}}}

void others(std::thread &It);

void somebody_has_it_bad() {
  std::thread Worker(work);
  others(Worker);
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached
  // CHECK-NOTE-FIXES: {{^}}  others(Worker);
  // CHECK-NOTE-FIXES-NEXT: {{^}}  Worker.join();
}

void all_of_them_bad(std::vector<std::thread> &Workers) {
  for (std::thread &Worker : Workers)
    Worker.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Workers' is detached
    // CHECK-NOTE-FIXES: {{^}}    Worker.join();
}

void posix_bad(pthread_t Worker) {
  pthread_detach(Worker);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: thread 'Worker' is detached
  // CHECK-NOTE-FIXES: {{^}}  pthread_join(Worker, NULL);
}

// Left alone: a thread cannot wait for itself.

class Session {
public:
  ~Session() {
    if (Reader.get_id() == std::this_thread::get_id())
      Reader.detach();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Reader' is detached
      // CHECK-NOTE-FIXES: {{^}}      Reader.detach();
    else if (Reader.joinable())
      Reader.join();
  }

private:
  std::thread Reader{[this] { Count = 1; }};
  int Count = 0;
};

// Nor for what may run its destructor: who counts, and who keeps the object.

struct Shared {
  void release();
  int Users = 0;
};

class Countable : public Shared {
public:
  ~Countable() {
    if (Reader.joinable())
      Reader.detach();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Reader' is detached
      // CHECK-NOTE-FIXES: {{^}}      Reader.detach();
  }

private:
  std::thread Reader{[this] { Count = 1; }};
  int Count = 0;
};

class Kept : public std::enable_shared_from_this<Kept> {
public:
  void start() {
    Reader = std::thread([Self = shared_from_this()] { Self->Count = 1; });
  }
  ~Kept() {
    if (Reader.joinable())
      Reader.detach();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Reader' is detached
      // CHECK-NOTE-FIXES: {{^}}      Reader.detach();
  }

private:
  std::thread Reader;
  int Count = 0;
};

class Plain {
public:
  void start() {
    Reader = std::thread([this] { Count = 1; });
  }
  ~Plain() {
    if (Reader.joinable())
      Reader.detach();
      // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Reader' is detached
      // CHECK-NOTE-FIXES: {{^}}      Reader.join();
  }

private:
  std::thread Reader;
  int Count = 0;
};

void own_thread_bad() {
  pthread_detach(pthread_self());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: temporary thread is detached
  // CHECK-NOTE-FIXES: {{^}}  pthread_detach(pthread_self());
}

#define IN_BACKGROUND(Call) std::thread([] { Call; }).detach()

void in_a_macro_bad() {
  IN_BACKGROUND(step());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: temporary thread is detached
  // CHECK-NOTE-FIXES: {{^}}  IN_BACKGROUND(step());
}

// A member that its class tells to end is only not detached.

class Looped {
public:
  void start() {
    Worker = std::thread([this] { run(); });
    Worker.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Worker' is detached
    // CHECK-NOTE-FIXES: {{^}}    Worker = std::jthread([this] { run(); });
  }
  ~Looped() { Stop = true; }

private:
  void run() {
    while (!Stop)
      step();
  }
  std::atomic<bool> Stop{false};
  std::thread Worker;
  // CHECK-NOTE-FIXES: {{^}}  std::jthread Worker;
};

// Left alone: nobody tells the task to end.

class Endless {
public:
  void start() {
    Worker = std::thread([this] { run(); });
    Worker.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Worker' is detached
    // CHECK-NOTE-FIXES: {{^}}    Worker.detach();
  }

private:
  void run() {
    while (!Stop)
      step();
  }
  std::atomic<bool> Stop{false};
  std::thread Worker;
};

// One more letter is not its end, what ends its turns is.

class Mailbox {
public:
  void post(int Letter) {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Letters.push_back(Letter);
    }
    Arrived.notify_one();
  }
  int take() {
    std::unique_lock<std::mutex> Lock(Mutex);
    Arrived.wait(Lock, [this] { return Closed || !Letters.empty(); });
    if (Letters.empty())
      return 0;
    const int Letter = Letters.front();
    Letters.pop_front();
    return Letter;
  }
  void close() {
    {
      std::lock_guard<std::mutex> Lock(Mutex);
      Closed = true;
    }
    Arrived.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Arrived;
  std::deque<int> Letters;
  bool Closed = false;
};

void only_told_news_bad() {
  Mailbox Session;
  std::thread Reader([&] {
    while (Session.take() != 0)
      step();
  });
  Session.post(1);
  Reader.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Reader' is detached
  // CHECK-NOTE-FIXES: {{^}}  Reader.detach();
}

void told_the_end_bad() {
  Mailbox Inbox;
  std::thread Other([&] {
    while (Inbox.take() != 0)
      step();
  });
  Inbox.post(1);
  Inbox.close();
  Other.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:9: warning: thread 'Other' is detached
}
// CHECK-NOTE-FIXES:      {{^}}  std::jthread Other([&] {
// CHECK-NOTE-FIXES:      {{^}}  Inbox.close();
// CHECK-NOTE-FIXES-NEXT: {{^ *//$}}
