// RUN: %check_tether %s escaping-capture
// What is taken along as a pointer, or as a copy of one.
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace boost::asio {
class io_context {};
template <typename T> void post(io_context &, T &&) {}
} // namespace boost::asio
namespace asio = boost::asio;

class Server {
public:
  asio::io_context &service() { return Service; }

private:
  asio::io_context Service;
};

// ---- what a bound call takes along is a copy, unless it is a pointer or a reference

void bound_copy_ok(asio::io_context &Service) {
  int Count = 1;
  asio::post(Service, std::bind([](int N) { ++N; }, Count));
}

void bound_reference_bad(asio::io_context &Service) {
  int Count = 1;
  asio::post(Service, std::bind([](int &N) { ++N; }, std::ref(Count)));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the task uses 'Count' by reference and may outlive it
}

void bound_address_bad(asio::io_context &Service) {
  int Count = 1;
  asio::post(Service, std::bind([](int *N) { ++*N; }, &Count));
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the task uses 'Count' by reference and may outlive it
}

// ---- an object that several pointers have does not end with one of them

class Session : public std::enable_shared_from_this<Session> {
public:
  explicit Session(Server &Of) : Of(Of) {}
  void closeLater() { asio::post(Of.service(), std::bind(&Session::close, shared_from_this())); }
  void close() { ++Closed; }

private:
  Server &Of;
  int Closed = 0;
};

std::shared_ptr<Session> findSession(int);

void pointer_to_what_keeps_itself_ok(int Id) {
  std::shared_ptr<Session> Found = findSession(Id);
  if (Found)
    Found->closeLater();
}

void parameter_ok(std::shared_ptr<Session> Other) { Other->closeLater(); }

class Counter {
public:
  explicit Counter(Server &Of) : Of(Of) {}
  void countLater() {
    asio::post(Of.service(), [this] { ++Count; });
  }

private:
  Server &Of;
  int Count = 0;
};

void others_may_have_it_ok(std::shared_ptr<Counter> Shared) { Shared->countLater(); }

void nobody_else_has_it_bad(Server &Of) {
  Counter Mine(Of);
  Mine.countLater();
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: the task uses 'Mine' by reference and may outlive it
}

// ---- nor does what a function has returned a pointer to

class Workers {
public:
  void grow(unsigned Count) {
    while (All.size() < Count)
      All.push_back(std::thread([this] { run(); }));
  }

private:
  void run() { ++Turns; }
  std::vector<std::thread> All;
  int Turns = 0;
};

Workers *workersOf(Server &);

void returned_pointer_ok(Server &Of) {
  auto const Found = workersOf(Of);
  if (Found)
    Found->grow(2);
}

// ---- code that is given what the task changes may wait for it by that ---------------------------

class Countdown {
public:
  explicit Countdown(int);
  void release();
};

void waitFor(Countdown &);
void look(const Countdown &);

void given_what_the_task_counts_ok(asio::io_context &Service) {
  Countdown Left(1);
  asio::post(Service, [&] { Left.release(); });
  waitFor(Left);
}

void only_looked_at_bad(asio::io_context &Service) {
  Countdown Left(1);
  asio::post(Service, [&] { Left.release(); });
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: the task uses 'Left' by reference and may outlive it
  look(Left);
}
