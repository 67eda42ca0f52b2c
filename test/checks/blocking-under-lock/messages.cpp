// RUN: %check_tether %s blocking-under-lock
#include <condition_variable>
#include <mutex>
#include <thread>

class Worker {
public:
  void start() {
    Thread = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard Lock(Mutex);
    finish();
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: 'Thread' is joined while 'Mutex' is held: the task that it waits for locks the same mutex [tether-blocking-under-lock]
    // CHECK-NOTES: :[[@LINE-3]]:21: note: 'stop' locks 'Mutex' here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: 'finish' is called here
    // CHECK-NOTES: :[[@LINE-8]]:14: note: the task starts here
    // CHECK-NOTES: :[[@LINE-9]]:35: note: 'run' is called here
    // CHECK-NOTES: :[[@LINE+8]]:16: note: 'step' is called here
    // CHECK-NOTES: :[[@LINE+8]]:33: note: it locks 'Mutex' here
    // CHECK-NOTES: :[[@LINE-8]]:5: note: unlock it before{{$}}
    // CHECK-NOTES: :[[@LINE-9]]:5: note: unlock it before, and wait without it
  }

private:
  void finish() { Thread.join(); }
  void run() { step(); }
  void step() { std::lock_guard Lock(Mutex); }
  std::mutex Mutex;
  std::thread Thread;
};

class Cache {
public:
  void load() {
    std::lock_guard Outer(Mutex);
    std::unique_lock Lock(ReadyMutex);
    Changed.wait(Lock, [this] { return Ready; });
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: the wait on 'Changed' may block while 'Mutex' is held: 'loaded', which ends the wait, needs the same mutex [tether-blocking-under-lock]
    // CHECK-NOTES: :[[@LINE-4]]:21: note: 'load' locks 'Mutex' here
    // CHECK-NOTES: :[[@LINE+5]]:21: note: 'loaded' locks 'Mutex' here
    // CHECK-NOTES: :[[@LINE+9]]:13: note: here it would end the wait
    // CHECK-NOTES: :[[@LINE-5]]:13: note: unlock it before, and wait without it
  }
  void loaded() {
    std::lock_guard Outer(Mutex);
    {
      std::lock_guard Lock(ReadyMutex);
      Ready = true;
    }
    Changed.notify_all();
  }

private:
  std::mutex Mutex, ReadyMutex;
  std::condition_variable Changed;
  bool Ready = false;
};
