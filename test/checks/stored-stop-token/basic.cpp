// RUN: %check_tether %s stored-stop-token
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

bool step();

// A member outlives the call that brought the token.

class Client_bad {
public:
  void connect(std::stop_token Stop) {
    Token = Stop;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Token' outlives the operation that 'connect' was called for [tether-stored-stop-token]
    step();
  }
  bool send() {
    if (Token.stop_requested())
      return false;
    return step();
  }

private:
  std::stop_token Token;
};

class Client_ok {
public:
  void connect(std::stop_token Stop) {
    if (!Stop.stop_requested())
      step();
  }
  bool send(std::stop_token Stop) {
    if (Stop.stop_requested())
      return false;
    return step();
  }
};

class Setter_bad {
public:
  void setToken(std::stop_token Stop) { Token = std::move(Stop); }
  // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: token 'Token' outlives the operation that 'setToken' was called for [tether-stored-stop-token]
  void run() {
    while (!Token.stop_requested())
      step();
  }

private:
  std::stop_token Token;
};

// Globals and statics.

static std::stop_token Current;

void start_bad(std::stop_token Stop) {
  Current = Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: token 'Current' outlives the operation that 'start_bad' was called for [tether-stored-stop-token]
  step();
}

void start_ok(std::stop_token Stop) {
  std::stop_token Local = Stop;
  while (!Local.stop_requested())
    step();
}

void remember_in_a_static_bad(std::stop_token Stop) {
  static std::stop_token First = Stop;
  // CHECK-MESSAGES: :[[@LINE-1]]:26: warning: token 'First' outlives the operation that 'remember_in_a_static_bad' was called for [tether-stored-stop-token]
  while (!First.stop_requested())
    step();
}

// Containers.

class Sessions {
public:
  void open_bad(int Id, std::stop_token Stop) {
    Tokens[Id] = Stop;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Tokens' outlives the operation that 'open_bad' was called for [tether-stored-stop-token]
  }
  void add_bad(std::stop_token Stop) {
    List.push_back(Stop);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: token 'List' outlives the operation that 'add_bad' was called for [tether-stored-stop-token]
  }
  void look_ok(int Id) {
    if (Tokens[Id].stop_requested())
      Tokens.erase(Id);
  }

private:
  std::map<int, std::stop_token> Tokens;
  std::vector<std::stop_token> List;
};

// Callables.

class Bus {
public:
  void subscribe_bad(std::stop_token Stop) {
    Handlers.push_back([Stop] {
    // CHECK-MESSAGES: :[[@LINE-1]]:25: warning: token 'Stop' is captured by a callable that 'Handlers' keeps: it outlives the operation it was given for [tether-stored-stop-token]
      if (!Stop.stop_requested())
        step();
    });
  }
  void publish() {
    for (auto &Handler : Handlers)
      Handler();
  }

private:
  std::vector<std::function<void()>> Handlers;
};

class TokenBus {
public:
  void subscribe_ok() {
    Handlers.push_back([](std::stop_token Stop) {
      if (!Stop.stop_requested())
        step();
    });
  }
  void publish(std::stop_token Stop) {
    for (auto &Handler : Handlers)
      Handler(Stop);
  }

private:
  std::vector<std::function<void(std::stop_token)>> Handlers;
};

class OnClose {
public:
  void set_bad(std::stop_token Stop) {
    Handler = [Stop] {
    // CHECK-MESSAGES: :[[@LINE-1]]:16: warning: token 'Stop' is captured by a callable that 'Handler' keeps:
      if (!Stop.stop_requested())
        step();
    };
  }
  void close() { Handler(); }

private:
  std::function<void()> Handler;
};

// An object that is made for one request, and one that is kept.

class Request {
public:
  explicit Request(std::stop_token Stop) : Token_ok(std::move(Stop)) {}
  bool cancelled() const { return Token_ok.stop_requested(); }

private:
  std::stop_token Token_ok;
};

void handle_ok(std::stop_token Stop) {
  Request Mine(Stop);
  while (!Mine.cancelled())
    step();
}

class Connection {
public:
  explicit Connection(std::stop_token Stop) : Token_bad(std::move(Stop)) {}
  // CHECK-MESSAGES: :[[@LINE-1]]:47: warning: token 'Token_bad' outlives the operation that 'Connection' was called for [tether-stored-stop-token]
  bool cancelled() const { return Token_bad.stop_requested(); }

private:
  std::stop_token Token_bad;
};

class Connections {
public:
  void accept(std::stop_token Stop) { Open.emplace_back(Stop); }

private:
  std::vector<Connection> Open;
};
