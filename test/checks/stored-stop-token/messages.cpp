// RUN: %check_tether %s stored-stop-token
#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

bool step();

class Connection_bad {
public:
  void open(std::stop_token Stop) {
    Token = Stop;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Token' outlives the operation that 'open' was called for [tether-stored-stop-token]
    // CHECK-NOTES: :[[@LINE-2]]:5: note: pass the token to the functions that need it instead of keeping it
  }
  bool send() { return !Token.stop_requested() && step(); }

private:
  std::stop_token Token;
};

class Bus {
public:
  void subscribe_bad(std::stop_token Stop) {
    Handlers.push_back([Stop] {
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: token 'Stop' is captured by a callable that 'Handlers' keeps: it outlives the operation it was given for [tether-stored-stop-token]
    // CHECK-NOTES: :[[@LINE-2]]:14: note: the callable is kept here, and nothing takes it out again
    // CHECK-NOTES: :[[@LINE-3]]:25: note: let the callable take a token with each call
      if (!Stop.stop_requested())
        step();
    });
  }

private:
  std::vector<std::function<void()>> Handlers;
};

class Peer_bad {
public:
  explicit Peer_bad(std::stop_token Stop) : Token(std::move(Stop)) {}
  // CHECK-MESSAGES: :[[@LINE-1]]:45: warning: token 'Token' outlives the operation that 'Peer_bad' was called for [tether-stored-stop-token]
  // CHECK-NOTES: :[[@LINE+6]]:19: note: the token is kept here
  // CHECK-NOTES: :[[@LINE+13]]:25: note: objects of 'Peer_bad' are kept here
  // CHECK-NOTES: :[[@LINE-4]]:45: note: pass the token to the functions that need it instead of keeping it
  bool gone() const { return Token.stop_requested(); }

private:
  std::stop_token Token;
};

class Peers {
public:
  void accept(std::stop_token Stop) { All.emplace_back(Stop); }

private:
  std::vector<Peer_bad> All;
};
