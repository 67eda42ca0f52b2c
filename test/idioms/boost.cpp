// REQUIRES: boost-asio
// RUN: %check_tether %s '*'
#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/thread.hpp>
#include <boost/thread/scoped_thread.hpp>
#include <chrono>
#include <csignal>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;

// ---- an io_context with a work guard and threads ---------------------------------------------------------------

class IoPool_ok {
public:
  explicit IoPool_ok(std::size_t Count) : Guard(asio::make_work_guard(Io)) {
    for (std::size_t I = 0; I < Count; ++I)
      Threads.emplace_back([this] { Io.run(); });
  }
  ~IoPool_ok() {
    Guard.reset();
    Io.stop();
    for (std::thread &T : Threads)
      T.join();
  }
  asio::io_context &context() { return Io; }
  template <class Fn> void post(Fn F) { asio::post(Io, std::move(F)); }

private:
  asio::io_context Io;
  asio::executor_work_guard<asio::io_context::executor_type> Guard;
  std::vector<std::thread> Threads;
};

// ---- the guard alone: what is posted is still run ------------------------------------------------------------------

class DrainingIoThread_ok {
public:
  DrainingIoThread_ok() : Guard(Io.get_executor()), Thread([this] { Io.run(); }) {}
  ~DrainingIoThread_ok() {
    Guard.reset();
    Thread.join();
  }
  void post(std::function<void()> Fn) { asio::post(Io, std::move(Fn)); }

private:
  asio::io_context Io;
  asio::executor_work_guard<asio::io_context::executor_type> Guard;
  std::thread Thread;
};

int threadPool_ok() {
  asio::thread_pool Pool(4);
  std::atomic<int> Sum{0};
  for (int I = 0; I < 10; ++I)
    asio::post(Pool, [&Sum, I] { Sum += I; });
  Pool.join();
  return Sum;
}

// ---- sessions that keep themselves alive ------------------------------------------------------------------------------

class Session_ok : public std::enable_shared_from_this<Session_ok> {
public:
  explicit Session_ok(tcp::socket Socket)
      : Socket(std::move(Socket)), Idle(this->Socket.get_executor()) {}

  void start() {
    armTimer();
    read();
  }

private:
  void armTimer() {
    Idle.expires_after(std::chrono::seconds(30));
    Idle.async_wait([Weak = weak_from_this()](boost::system::error_code Error) {
      if (Error)
        return;
      if (auto Self = Weak.lock()) {
        boost::system::error_code Ignored;
        Self->Socket.shutdown(tcp::socket::shutdown_both, Ignored);
      }
    });
  }
  void read() {
    auto Self(shared_from_this());
    Socket.async_read_some(asio::buffer(Data),
                           [this, Self](boost::system::error_code Error, std::size_t Length) {
                             if (Error) {
                               Idle.cancel();
                               return;
                             }
                             armTimer();
                             write(Length);
                           });
  }
  void write(std::size_t Length) {
    auto Self(shared_from_this());
    asio::async_write(Socket, asio::buffer(Data, Length),
                      [this, Self](boost::system::error_code Error, std::size_t) {
                        if (!Error)
                          read();
                      });
  }

  tcp::socket Socket;
  asio::steady_timer Idle;
  std::array<char, 1024> Data;
};

class EchoServer_ok {
public:
  EchoServer_ok(asio::io_context &Io, unsigned short Port)
      : Acceptor(Io, tcp::endpoint(tcp::v4(), Port)) {
    accept();
  }

private:
  void accept() {
    Acceptor.async_accept([this](boost::system::error_code Error, tcp::socket Socket) {
      if (!Error)
        std::make_shared<Session_ok>(std::move(Socket))->start();
      if (Acceptor.is_open())
        accept();
    });
  }
  tcp::acceptor Acceptor;
};

int serverMain_ok(unsigned short Port) {
  asio::io_context Io;
  EchoServer_ok Server(Io, Port);
  asio::signal_set Signals(Io, SIGINT, SIGTERM);
  Signals.async_wait([&Io](boost::system::error_code, int) { Io.stop(); });
  Io.run();
  return 0;
}

// ---- a repeated timer whose owner stops its thread first ------------------------------------------------------------

class Ticker_ok {
public:
  Ticker_ok() : Timer(Io), Thread(&Ticker_ok::run, this) {}
  ~Ticker_ok() {
    asio::post(Io, [this] { Timer.cancel(); });
    Io.stop();
    Thread.join();
  }

private:
  void run() {
    next();
    Io.run();
  }
  void next() {
    Timer.expires_after(std::chrono::milliseconds(250));
    Timer.async_wait([this](const boost::system::error_code &Error) {
      if (Error == asio::error::operation_aborted)
        return;
      ++Ticks;
      next();
    });
  }

  asio::io_context Io;
  asio::steady_timer Timer;
  long Ticks = 0;
  std::thread Thread;
};

// ---- Boost.Thread: interruption at a wait ------------------------------------------------------------------------------

class InterruptedWorker_ok {
public:
  InterruptedWorker_ok() : Thread(&InterruptedWorker_ok::run, this) {}
  ~InterruptedWorker_ok() {
    Thread.interrupt();
    Thread.join();
  }
  void post(int Value) {
    {
      boost::lock_guard<boost::mutex> Lock(M);
      Values.push_back(Value);
    }
    Arrived.notify_one();
  }

private:
  void run() {
    try {
      for (;;) {
        boost::unique_lock<boost::mutex> Lock(M);
        while (Values.empty())
          Arrived.wait(Lock);
        Sum += Values.front();
        Values.pop_front();
      }
    } catch (const boost::thread_interrupted &) {
    }
  }

  boost::mutex M;
  boost::condition_variable Arrived;
  std::deque<int> Values;
  long Sum = 0;
  boost::thread Thread;
};

class FlagWorker_ok {
public:
  FlagWorker_ok() : Thread(boost::bind(&FlagWorker_ok::run, this)) {}
  ~FlagWorker_ok() {
    {
      boost::mutex::scoped_lock Lock(M);
      Stop = true;
    }
    Wake.notify_all();
    Thread.join();
  }

private:
  void run() {
    boost::mutex::scoped_lock Lock(M);
    while (!Stop)
      Wake.wait(Lock);
  }

  boost::mutex M;
  boost::condition_variable Wake;
  bool Stop = false;
  boost::thread Thread;
};

int threadGroup_ok(int Count) {
  std::atomic<int> Sum{0};
  boost::thread_group Group;
  for (int I = 0; I < Count; ++I)
    Group.create_thread([&Sum, I] { Sum += I; });
  Group.join_all();
  return Sum;
}

int barrier_ok() {
  boost::barrier Both(2);
  int Left = 0;
  boost::scoped_thread<boost::join_if_joinable> Other([&] {
    Left = 1;
    Both.wait();
  });
  Both.wait();
  return Left;
}
