// RUN: %check_tether %s ignored-stop-token
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

// A wait without end behind an interface.

class Source {
public:
  virtual ~Source() = default;
  virtual int next() = 0;
};

class Memory : public Source {
public:
  void put() {
    std::lock_guard Lock(Mutex);
    ++Count;
    Filled.notify_one();
  }
  int next() override {
    std::unique_lock Lock(Mutex);
    Filled.wait(Lock, [this] { return Count > 0; });
    return Count--;
  }

private:
  std::mutex Mutex;
  std::condition_variable Filled;
  int Count = 0;
};

class Pump {
public:
  explicit Pump(std::shared_ptr<Source> From) : From(std::move(From)) {}
  void start_ok() { // (that the end of the thread does not reach the wait, says unbounded-wait)
    Thread = std::jthread([this](std::stop_token Stop) {
      while (!Stop.stop_requested())
        Sum += From->next();
    });
  }

private:
  std::shared_ptr<Source> From;
  int Sum = 0;
  std::jthread Thread;
};

class Closed { // somebody wakes it at the end
public:
  ~Closed() {
    {
      std::lock_guard Lock(Mutex);
      Over = true;
    }
    Filled.notify_all();
  }
  void start_ok() {
    Thread = std::jthread([this](std::stop_token Stop) {
      while (!Stop.stop_requested())
        next();
    });
  }

private:
  void next() {
    std::unique_lock Lock(Mutex);
    Filled.wait(Lock, [this] { return Over || Count > 0; });
  }
  std::mutex Mutex;
  std::condition_variable Filled;
  bool Over = false;
  int Count = 0;
  std::jthread Thread;
};

class Letters {
public:
  void put(int Letter) {
    {
      std::lock_guard Lock(Mutex);
      All += Letter;
    }
    Filled.notify_one();
  }
  int take() {
    std::unique_lock Lock(Mutex);
    Filled.wait(Lock, [this] { return All != 0; });
    return std::exchange(All, 0);
  }

private:
  std::mutex Mutex;
  std::condition_variable Filled;
  int All = 0;
};

class Postman { // stopped by a last letter
public:
  void start_ok() {
    Thread = std::jthread([this](std::stop_token Stop) {
      while (!Stop.stop_requested() && Box.take() >= 0)
        ;
    });
  }
  void stop() {
    Box.put(-1);
    Thread.join();
  }

private:
  Letters Box;
  std::jthread Thread;
};

void submit(std::function<void()> Work);
bool waits_for_its_own_work_ok(std::stop_token Stop) {
  if (Stop.stop_requested())
    return false;
  std::mutex Mutex;
  std::condition_variable Over;
  bool Done = false;
  submit([&] {
    std::lock_guard Lock(Mutex);
    Done = true;
    Over.notify_one();
  });
  std::unique_lock Lock(Mutex);
  Over.wait(Lock, [&] { return Done; });
  return true;
}

// Work that asks whether to go on.

int receive();

class Transfer {
public:
  void onProgress(std::function<bool(int)> P) { Progress = std::move(P); }
  bool run() {
    int Sum = 0;
    while (int Size = receive()) {
      Sum += Size;
      if (Progress && !Progress(Sum))
        return false;
    }
    return true;
  }

private:
  std::function<bool(int)> Progress;
};

bool download_bad(std::stop_token Stop, int &Size) {
  if (Stop.stop_requested())
    return false;
  Transfer T;
  T.onProgress([&Size](int Now) {
  // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: this never asks for an end, also when stop is requested: token 'Stop' is not looked at until the work is done [tether-ignored-stop-token]
  // CHECK-NOTES: :[[@LINE+7]]:12: note: 'run' is called here
  // CHECK-NOTES: :[[@LINE-17]]:24: note: it is asked here whether to go on
  // CHECK-NOTES: :[[@LINE-4]]:16: note: say so when stop is requested
  // CHECK-NOTES: :[[@LINE-5]]:16: note: poll the token here, and say so when stop is requested
    Size = Now;
    return true;
  });
  return T.run();
}

bool download_ok(std::stop_token Stop, int &Size) {
  Transfer T;
  T.onProgress([&Size, Stop](int Now) {
    Size = Now;
    return !Stop.stop_requested();
  });
  return T.run();
}

bool not_for_that_ok(int &Size) { // nothing says that it is to be stopped
  Transfer T;
  T.onProgress([&Size](int Now) {
    Size = Now;
    return true;
  });
  return T.run();
}

class Copy {
public:
  void onProgress(std::function<bool(int)> P) { Progress = std::move(P); }
  bool run(std::stop_token Stop) {
    for (int Sum = 0;; ++Sum)
      if (Stop.stop_requested() || (Progress && !Progress(Sum)))
        return false;
  }

private:
  std::function<bool(int)> Progress;
};

bool has_the_token_itself_ok(std::stop_token Stop, int &Size) {
  if (Stop.stop_requested())
    return false;
  Copy C;
  C.onProgress([&Size](int Now) {
    Size = Now;
    return true;
  });
  return C.run(Stop);
}

// A bundle has the token.

struct Request {
  int Id;
  std::stop_token Stop;
};

void serve_bad(const Request &R) {
// CHECK-MESSAGES: :[[@LINE-1]]:31: warning: 'serve_bad' never looks at token 'R.Stop', and goes on when stop is requested [tether-ignored-stop-token]
// CHECK-NOTES: :[[@LINE+3]]:5: note: it sleeps here
// CHECK-NOTES: :[[@LINE-3]]:31: note: poll the token, and wait with it instead of sleeping
  while (receive() != R.Id)
    std::this_thread::sleep_for(std::chrono::seconds(1));
}

void serve_ok(const Request &R) {
  while (!R.Stop.stop_requested() && receive() != R.Id)
    std::this_thread::sleep_for(std::chrono::seconds(1));
}
