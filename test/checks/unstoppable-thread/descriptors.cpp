// RUN: %check_tether %s unstoppable-thread
#include <atomic>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

void step();
void got();
void got(const char *, size_t);
void got(epoll_event &);
void serve(int);
class ClosesTheListener_bad {
  int fd_ = -1;
  std::atomic<bool> running_{true};
  std::thread t_;
  void run() {
    while (running_) {
      int c = ::accept(fd_, nullptr, nullptr);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: task of 't_' may never end: '~ClosesTheListener_bad' closes 'fd_', which does not end its wait in 'accept'
      if (c < 0)
        continue;
      serve(c);
      ::close(c);
    }
  }

public:
  ClosesTheListener_bad() {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in a{};
    ::bind(fd_, (sockaddr *)&a, sizeof a);
    ::listen(fd_, 8);
    t_ = std::thread(&ClosesTheListener_bad::run, this);
  }
  ~ClosesTheListener_bad() {
    running_ = false;
    ::close(fd_);
    t_.join();
  }
};

class ShutsTheListenerDown_ok {
  int fd_ = -1;
  std::atomic<bool> running_{true};
  std::thread t_;
  void run() {
    while (running_) {
      int c = ::accept(fd_, nullptr, nullptr);
      if (c < 0)
        continue;
      serve(c);
      ::close(c);
    }
  }

public:
  ShutsTheListenerDown_ok() {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    ::listen(fd_, 8);
    t_ = std::thread(&ShutsTheListenerDown_ok::run, this);
  }
  ~ShutsTheListenerDown_ok() {
    running_ = false;
    ::shutdown(fd_, SHUT_RDWR);
    t_.join();
    ::close(fd_);
  }
};

class ReceivesForEver_bad {
  int sock_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    char b[512];
    while (!stop_) {
      ssize_t n = ::recv(sock_, b, sizeof b, 0);
      // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: task of 't_' may never end: '~ReceivesForEver_bad' closes 'sock_', which does not end its wait in 'recv'
      if (n <= 0)
        break;
      got(b, n);
    }
  }

public:
  explicit ReceivesForEver_bad(int s) : sock_(s), t_([this] { run(); }) {}
  ~ReceivesForEver_bad() {
    stop_ = true;
    t_.join();
    ::close(sock_);
  }
};

class ReceivesWithATimeout_ok {
  int sock_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    char b[512];
    while (!stop_) {
      ssize_t n = ::recv(sock_, b, sizeof b, 0);
      if (n < 0)
        continue;
      got(b, n);
    }
  }

public:
  explicit ReceivesWithATimeout_ok(int s) : sock_(s), t_() {
    timeval tv{0, 100000};
    ::setsockopt(sock_, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv);
    t_ = std::thread([this] { run(); });
  }
  ~ReceivesWithATimeout_ok() {
    stop_ = true;
    t_.join();
    ::close(sock_);
  }
};

class PollsForEver_bad {
  int fd_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    while (!stop_) {
      pollfd p{fd_, POLLIN, 0};
      if (::poll(&p, 1, -1) > 0)
      // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 't_' may never end: '~PollsForEver_bad' sets 'stop_', and nobody ends its wait in 'poll'
        got();
    }
  }

public:
  explicit PollsForEver_bad(int s) : fd_(s), t_([this] { run(); }) {}
  ~PollsForEver_bad() {
    stop_ = true;
    t_.join();
  }
};

class PollsAnEventfd_ok {
  int fd_, wake_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    while (!stop_) {
      pollfd p[2] = {{fd_, POLLIN, 0}, {wake_, POLLIN, 0}};
      if (::poll(p, 2, -1) > 0 && (p[0].revents & POLLIN))
        got();
    }
  }

public:
  explicit PollsAnEventfd_ok(int s) : fd_(s), wake_(::eventfd(0, 0)), t_([this] { run(); }) {}
  ~PollsAnEventfd_ok() {
    stop_ = true;
    uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
    t_.join();
    ::close(wake_);
  }
};

// Which descriptors are in the set is not known.
class FN_the_eventfd_is_not_polled {
  int fd_, wake_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    while (!stop_) {
      pollfd p[1] = {{fd_, POLLIN, 0}};
      if (::poll(p, 1, -1) > 0 && (p[0].revents & POLLIN))
        got();
    }
  }

public:
  explicit FN_the_eventfd_is_not_polled(int s)
      : fd_(s), wake_(::eventfd(0, 0)), t_([this] { run(); }) {}
  ~FN_the_eventfd_is_not_polled() {
    stop_ = true;
    uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
    t_.join();
    ::close(wake_);
  }
};

class ClosesTheEpoll_bad {
  int ep_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    epoll_event ev[8];
    while (!stop_.load()) {
      int n = ::epoll_wait(ep_, ev, 8, -1);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: task of 't_' may never end: '~ClosesTheEpoll_bad' closes 'ep_', which does not end its wait in 'epoll_wait'
      for (int i = 0; i < n; ++i)
        got(ev[i]);
    }
  }

public:
  ClosesTheEpoll_bad() : ep_(::epoll_create1(0)), t_(&ClosesTheEpoll_bad::run, this) {}
  ~ClosesTheEpoll_bad() {
    stop_.store(true);
    ::close(ep_);
    t_.join();
  }
};

class SelectsForEver_bad {
  int fd_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    while (!stop_) {
      fd_set s;
      FD_ZERO(&s);
      FD_SET(fd_, &s);
      if (::select(fd_ + 1, &s, nullptr, nullptr, nullptr) > 0)
      // CHECK-MESSAGES: :[[@LINE-1]]:11: warning: task of 't_' may never end: '~SelectsForEver_bad' sets 'stop_', and nobody ends its wait in 'select'
        got();
    }
  }

public:
  explicit SelectsForEver_bad(int s) : fd_(s), t_([this] { run(); }) {}
  ~SelectsForEver_bad() {
    stop_ = true;
    if (t_.joinable())
      t_.join();
  }
};

class ReadsWithoutTheToken_bad {
  int fd_;
  std::jthread t_;
  void run(std::stop_token st) {
    char b[64];
    while (!st.stop_requested()) {
      ssize_t n = ::read(fd_, b, sizeof b);
      // CHECK-MESSAGES: :[[@LINE-1]]:19: warning: task of 't_' may never end: '~ReadsWithoutTheToken_bad' closes 'fd_', which does not end its wait in 'read'
      if (n > 0)
        got(b, n);
    }
  }

public:
  ReadsWithoutTheToken_bad() {
    int p[2];
    fd_ = ::pipe(p) == 0 ? p[0] : -1;
    t_ = std::jthread([this](std::stop_token st) { run(st); });
  }
  ~ReadsWithoutTheToken_bad() {
    t_.request_stop();
    t_.join();
    ::close(fd_);
  }
};

struct CServer {
  int fd;
  volatile int stop;
  pthread_t tid;
};
static void *cserve(void *arg) {
  CServer *s = static_cast<CServer *>(arg);
  while (!s->stop) {
    int c = accept(s->fd, nullptr, nullptr);
    // CHECK-MESSAGES: :[[@LINE-1]]:13: warning: task of 'tid' may never end: 'cstop_bad' closes 'fd', which does not end its wait in 'accept'
    if (c >= 0)
      close(c);
  }
  return nullptr;
}
void cstart(CServer *s) {
  s->fd = socket(AF_INET, SOCK_STREAM, 0);
  listen(s->fd, 5);
  pthread_create(&s->tid, nullptr, cserve, s);
}
void cstop_bad(CServer *s) {
  s->stop = 1;
  close(s->fd);
  pthread_join(s->tid, nullptr);
}
class DoesNotBlock_ok {
  int fd_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    while (!stop_) {
      int c = ::accept(fd_, nullptr, nullptr);
      if (c < 0) {
        ::usleep(10000);
        continue;
      }
      got();
    }
  }

public:
  DoesNotBlock_ok() : fd_(::socket(AF_INET, SOCK_STREAM, 0)), t_() {
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    t_ = std::thread([this] { run(); });
  }
  ~DoesNotBlock_ok() {
    stop_ = true;
    t_.join();
    ::close(fd_);
  }
};

class ClosesTheOtherEnd_ok {
  int pipe_[2];
  std::thread t_;
  void run() {
    char c;
    while (::read(pipe_[0], &c, 1) > 0)
      got();
  }

public:
  ClosesTheOtherEnd_ok() {
    (void)!::pipe(pipe_);
    t_ = std::thread([this] { run(); });
  }
  ~ClosesTheOtherEnd_ok() {
    ::close(pipe_[1]);
    t_.join();
    ::close(pipe_[0]);
  }
};

class Signals_ok {
  int fd_;
  std::atomic<bool> stop_{false};
  std::thread t_;
  void run() {
    char b[9];
    while (!stop_)
      if (::read(fd_, b, 9) > 0)
        got();
  }

public:
  explicit Signals_ok(int f) : fd_(f), t_([this] { run(); }) {}
  ~Signals_ok() {
    stop_ = true;
    ::pthread_kill(t_.native_handle(), 10);
    t_.join();
  }
};

// A copy of a descriptor is the descriptor.
class ClosesACopy_bad {
  int fd_ = -1;
  std::atomic<bool> running_{true};
  std::thread t_;
  void run() {
    const int listener = fd_;
    while (running_) {
      int c = ::accept(listener, nullptr, nullptr);
      // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: task of 't_' may never end: '~ClosesACopy_bad' closes 'fd_', which does not end its wait in 'accept'
      if (c >= 0)
        serve(c);
    }
  }

public:
  ClosesACopy_bad() : t_([this] { run(); }) {}
  ~ClosesACopy_bad() {
    running_ = false;
    ::close(fd_);
    t_.join();
  }
};

class ShutsDownACopy_ok {
  int fd_ = -1;
  std::atomic<bool> running_{true};
  std::thread t_;
  void run() {
    const int listener = fd_;
    while (running_) {
      int c = ::accept(listener, nullptr, nullptr);
      if (c >= 0)
        serve(c);
    }
  }

public:
  ShutsDownACopy_ok() : t_([this] { run(); }) {}
  ~ShutsDownACopy_ok() {
    running_ = false;
    ::shutdown(fd_, SHUT_RDWR);
    t_.join();
    ::close(fd_);
  }
};
