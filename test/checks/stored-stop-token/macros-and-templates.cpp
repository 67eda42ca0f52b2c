// RUN: %check_tether %s stored-stop-token
#include <stop_token>
#include <utility>
#include <vector>

bool step();

#define KEEP(Member, Value) Member = (Value)

class Client {
public:
  void open_bad(std::stop_token Stop) {
    KEEP(Token, Stop);
    // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: token 'Token' outlives the operation that 'open_bad' was called for
  }
  bool send() { return !Token.stop_requested() && step(); }

private:
  std::stop_token Token;
};

template <typename T> class Stream {
public:
  void open_bad(std::stop_token Stop) {
    Token = std::move(Stop);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Token' outlives the operation that 'open_bad' was called for
  }
  bool read(T &Into) { return !Token.stop_requested() && (Into = T(), true); }

private:
  std::stop_token Token;
};

bool reads_ok(Stream<int> &Numbers, Stream<char> &Letters, std::stop_token Stop) {
  int Number;
  char Letter;
  Numbers.open_bad(Stop);
  Letters.open_bad(Stop);
  return Numbers.read(Number) && Letters.read(Letter);
}

// Reported at the member function that stores it, not in the helper that only passes it on.
class Forwarder {
public:
  template <typename Token> void open_ok(Token &&Stop) { Inner.open_bad(std::forward<Token>(Stop)); }

private:
  Client Inner;
};

void forwards_ok(Forwarder &F, std::stop_token Stop) { F.open_ok(Stop); }

// A local structure of a template.
template <typename F> void with_state_ok(F Body, std::stop_token Stop) {
  struct State {
    F Body;
    std::stop_token Stop;
  };
  State Now{std::move(Body), Stop};
  if (!Now.Stop.stop_requested())
    Now.Body();
}

void instantiates_ok(std::stop_token Stop) {
  with_state_ok([] { step(); }, Stop);
}
