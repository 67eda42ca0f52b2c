// RUN: %check_tether %s stored-stop-token
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <utility>

void fetch(int Id, std::stop_token Stop);
bool scale(std::stop_token Stop, int Width);

// Each stands on a note: another token counts then.

// The one function that uses it gets it from its callers.
class Connection {
public:
  void open(std::stop_token Request) {
    fetch(0, Request);
    Kept = std::move(Request);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Kept' outlives the operation that 'open' was called for
    // CHECK-NOTE-FIXES: {{^}}    fetch(0, Request);
    // CHECK-NOTE-FIXES-NOT: Kept =
  }
  void send(int Id, std::stop_token Stop) {
    renew();
    // CHECK-NOTE-FIXES: {{^}}    renew(Stop);
    fetch(Id, Stop);
  }

private:
  void renew() {
    // CHECK-NOTE-FIXES: {{^}}  void renew(std::stop_token Request) {
    fetch(1, Kept);
    // CHECK-NOTE-FIXES: {{^}}    fetch(1, Request);
  }
  std::stop_token Kept;
  // CHECK-NOTE-FIXES-NOT: {{^}}  std::stop_token Kept;
};

// In an entry of a table; who uses it has a token of its own.
class Cache {
public:
  void add(int Id, std::stop_token Stop, int Width) {
    if (scale(Stop, Width))
      Entries.emplace(Id, Entry{Stop, Width});
    // CHECK-MESSAGES: :[[@LINE-1]]:33: warning: token 'Stop' outlives the operation that 'add' was called for
    // CHECK-NOTE-FIXES: {{^}}      Entries.emplace(Id, Entry{Width});
  }
  void refresh(std::stop_token Service) {
    for (auto &[Id, Each] : Entries)
      scale(Each.Ctx, Each.Width);
    // CHECK-NOTE-FIXES: {{^}}      scale(Service, Each.Width);
  }

private:
  struct Entry {
    std::stop_token Ctx;
    int Width;
  };
  std::map<int, Entry> Entries;
};

// The function that has kept it has no use for it any more.
class Loader {
public:
  void load(int Id, std::stop_token Stop) {
    remember(Stop);
    // CHECK-NOTE-FIXES: {{^}}    remember();
    run(Id);
    // CHECK-NOTE-FIXES: {{^}}    run(Id, Stop);
  }

private:
  void remember(std::stop_token Stop) { Last = Stop; }
  // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: token 'Last' outlives the operation that 'remember' was called for
  void run(int Id) { fetch(Id, Last); }
  std::stop_token Last;
};

// Refused: a caller has no token.
class Timer {
public:
  void start(std::stop_token Stop) {
    fetch(0, Stop);
    Started = Stop;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Started' outlives the operation that 'start' was called for
  }
  void tick() { run(); }

private:
  void run() { fetch(1, Started); }
  std::stop_token Started;
};

// Refused: a lambda uses it, which would have to capture it.
class Later {
public:
  void set(std::stop_token Stop) {
    fetch(0, Stop);
    Given = Stop;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Given' outlives the operation that 'set' was called for
  }
  std::function<void()> work() {
    return [this] { fetch(1, Given); };
  }

private:
  std::stop_token Given;
};

// Refused: the type of the callable would have to change.
class Table {
public:
  void add(std::string Name, std::stop_token Stop) {
    if (Stop.stop_requested())
      return;
    Calls[std::move(Name)] = [Stop] { fetch(2, Stop); };
    // CHECK-MESSAGES: :[[@LINE-1]]:31: warning: token 'Stop' is captured by a callable that 'Calls' keeps
  }

private:
  std::map<std::string, std::function<void()>> Calls;
};
