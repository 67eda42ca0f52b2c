// RUN: %check_tether %s '*'
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <functional>
#include <mutex>
#include <netinet/in.h>
#include <poll.h>
#include <set>
#include <stop_token>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

class Fd_ok {
public:
  explicit Fd_ok(int Value = -1) : Value(Value) {}
  Fd_ok(Fd_ok &&Other) noexcept : Value(std::exchange(Other.Value, -1)) {}
  Fd_ok &operator=(Fd_ok &&Other) noexcept {
    std::swap(Value, Other.Value);
    return *this;
  }
  ~Fd_ok() {
    if (Value >= 0)
      ::close(Value);
  }
  int get() const { return Value; }

private:
  int Value;
};

static int check(int Result, const char *What) {
  if (Result < 0)
    throw std::system_error(errno, std::generic_category(), What);
  return Result;
}

// ---- an event loop woken through an eventfd -----------------------------------------------------------------

class EventLoop_ok {
public:
  EventLoop_ok() : Wake(check(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")) {
    Thread = std::thread([this] { run(); });
  }
  ~EventLoop_ok() {
    Quit.store(true);
    wake();
    Thread.join();
  }
  void post(std::function<void()> Fn) {
    {
      std::lock_guard Lock(M);
      Pending.push_back(std::move(Fn));
    }
    wake();
  }

private:
  void wake() {
    const std::uint64_t One = 1;
    ssize_t Written = ::write(Wake.get(), &One, sizeof One);
    (void)Written; // EAGAIN: it is awake anyway
  }
  void run() {
    while (!Quit.load()) {
      pollfd Set = {Wake.get(), POLLIN, 0};
      if (::poll(&Set, 1, -1) < 0) {
        if (errno == EINTR)
          continue;
        return;
      }
      if (Set.revents & POLLIN) {
        std::uint64_t Count;
        if (::read(Wake.get(), &Count, sizeof Count) < 0 && errno != EAGAIN)
          return;
      }
      std::vector<std::function<void()>> Ready;
      {
        std::lock_guard Lock(M);
        Ready.swap(Pending);
      }
      for (auto &Fn : Ready)
        Fn();
    }
  }

  Fd_ok Wake;
  std::atomic<bool> Quit{false};
  std::mutex M;
  std::vector<std::function<void()>> Pending;
  std::thread Thread;
};

// ---- the self-pipe: one end in the poll set, the other in the destructor --------------------------------------

class PipeWake_ok {
public:
  explicit PipeWake_ok(int Device) : Device(Device) {
    check(::pipe2(Pipe, O_CLOEXEC), "pipe2");
    Thread = std::thread(&PipeWake_ok::loop, this);
  }
  PipeWake_ok(const PipeWake_ok &) = delete;
  PipeWake_ok &operator=(const PipeWake_ok &) = delete;
  ~PipeWake_ok() {
    char Byte = 'q';
    while (::write(Pipe[1], &Byte, 1) < 0 && errno == EINTR) {
    }
    Thread.join();
    ::close(Pipe[0]);
    ::close(Pipe[1]);
  }

private:
  void loop() {
    for (;;) {
      struct pollfd Fds[2];
      Fds[0].fd = Pipe[0];
      Fds[0].events = POLLIN;
      Fds[1].fd = Device;
      Fds[1].events = POLLIN;
      if (poll(Fds, 2, -1) < 0) {
        if (errno == EINTR)
          continue;
        break;
      }
      if (Fds[0].revents)
        break;
      if (Fds[1].revents & POLLIN) {
        char Buffer[256];
        ssize_t Got = read(Device, Buffer, sizeof Buffer);
        if (Got <= 0)
          break;
        Bytes += static_cast<std::size_t>(Got);
      }
    }
  }

  int Device;
  int Pipe[2];
  std::atomic<std::size_t> Bytes{0};
  std::thread Thread;
};

// ---- epoll, a token, and a callback that writes into an eventfd ------------------------------------------------

class EpollReactor_ok {
public:
  EpollReactor_ok()
      : Epoll(check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
        Wake(check(::eventfd(0, EFD_CLOEXEC), "eventfd")) {
    epoll_event Event{};
    Event.events = EPOLLIN;
    Event.data.fd = Wake.get();
    check(::epoll_ctl(Epoll.get(), EPOLL_CTL_ADD, Wake.get(), &Event), "epoll_ctl");
    Thread = std::jthread([this](std::stop_token Stop) { run(Stop); });
  }
  void add(int Fd) {
    epoll_event Event{};
    Event.events = EPOLLIN | EPOLLET;
    Event.data.fd = Fd;
    check(::epoll_ctl(Epoll.get(), EPOLL_CTL_ADD, Fd, &Event), "epoll_ctl");
  }

private:
  void run(const std::stop_token &Stop) {
    std::stop_callback OnStop(Stop, [this] { ::eventfd_write(Wake.get(), 1); });
    epoll_event Events[16];
    while (!Stop.stop_requested()) {
      int Count = ::epoll_wait(Epoll.get(), Events, 16, -1);
      if (Count < 0 && errno != EINTR)
        return;
      for (int I = 0; I < Count; ++I)
        if (Events[I].data.fd != Wake.get())
          ++Handled;
    }
  }

  Fd_ok Epoll;
  Fd_ok Wake;
  std::atomic<long> Handled{0};
  std::jthread Thread;
};

// ---- a reader that ends when its socket is shut down -----------------------------------------------------------

class SocketReader_ok {
public:
  SocketReader_ok(int Socket, std::function<void(std::string)> OnData)
      : Socket(Socket), OnData(std::move(OnData)), Reader([this] { read(); }) {}
  ~SocketReader_ok() {
    ::shutdown(Socket, SHUT_RDWR);
    Reader.join();
    ::close(Socket);
  }

private:
  void read() {
    char Buffer[4096];
    for (;;) {
      ssize_t Got = ::recv(Socket, Buffer, sizeof Buffer, 0);
      if (Got < 0 && errno == EINTR)
        continue;
      if (Got <= 0)
        return;
      OnData(std::string(Buffer, static_cast<std::size_t>(Got)));
    }
  }

  int Socket;
  std::function<void(std::string)> OnData;
  std::thread Reader;
};

// ---- a server: a listener, a thread for each connection, a graceful end ---------------------------------------

class Server_ok {
public:
  explicit Server_ok(std::uint16_t Port) {
    Listen = Fd_ok(check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
    sockaddr_in Address{};
    Address.sin_family = AF_INET;
    Address.sin_port = htons(Port);
    Address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(::bind(Listen.get(), reinterpret_cast<sockaddr *>(&Address), sizeof Address), "bind");
    check(::listen(Listen.get(), 16), "listen");
    Acceptor = std::thread([this] { accept(); });
  }
  ~Server_ok() { stop(); }

  void stop() {
    if (!Acceptor.joinable())
      return;
    Stopping = true;
    ::shutdown(Listen.get(), SHUT_RDWR);
    Acceptor.join();
    {
      std::lock_guard Lock(M);
      for (int Client : Clients)
        ::shutdown(Client, SHUT_RDWR);
    }
    for (std::thread &T : Sessions)
      T.join();
    Sessions.clear();
  }

private:
  void accept() {
    while (!Stopping) {
      int Client = ::accept4(Listen.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (Client < 0) {
        if (errno == EINTR || errno == ECONNABORTED)
          continue;
        return;
      }
      {
        std::lock_guard Lock(M);
        Clients.insert(Client);
      }
      Sessions.emplace_back([this, Client] { echo(Client); });
    }
  }
  void echo(int Client) {
    char Buffer[1024];
    ssize_t Got;
    while ((Got = ::recv(Client, Buffer, sizeof Buffer, 0)) > 0)
      if (::send(Client, Buffer, static_cast<std::size_t>(Got), MSG_NOSIGNAL) != Got)
        break;
    std::lock_guard Lock(M);
    Clients.erase(Client);
    ::close(Client);
  }

  Fd_ok Listen;
  std::atomic<bool> Stopping{false};
  std::mutex M;
  std::set<int> Clients;
  std::vector<std::thread> Sessions; // the acceptor's until it is joined
  std::thread Acceptor;
};

// ---- poll with a timeout and a flag ------------------------------------------------------------------------------

class PollingReader_ok {
public:
  explicit PollingReader_ok(int Fd) : Fd(Fd), Thread([this] {
    while (Running.load(std::memory_order_relaxed)) {
      pollfd P{this->Fd, POLLIN, 0};
      if (::poll(&P, 1, 200) == 1) {
        char C;
        if (::read(this->Fd, &C, 1) != 1)
          break;
      }
    }
  }) {}
  ~PollingReader_ok() {
    Running.store(false, std::memory_order_relaxed);
    Thread.join();
  }

private:
  int Fd;
  std::atomic<bool> Running{true};
  std::thread Thread;
};
