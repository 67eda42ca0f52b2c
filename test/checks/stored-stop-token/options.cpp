// RUN: %check_tether %s stored-stop-token -config="{CheckOptions: {tether-stored-stop-token.AllowedClasses: 'Request;net::Call'}}"
// RUN: %check_tether %s stored-stop-token -suffix=STRICT -config="{CheckOptions: {tether-stored-stop-token.Strict: true}}"
#include <stop_token>
#include <utility>

class Request {
public:
  void begin_ok(std::stop_token Stop) { Token = std::move(Stop); }
  // CHECK-MESSAGES-STRICT: :[[@LINE-1]]:41: warning: token 'Token' outlives the operation that 'begin_ok' was called for
  bool cancelled() const { return Token.stop_requested(); }

private:
  std::stop_token Token;
};

namespace net {
class Call {
public:
  void begin_ok(std::stop_token Stop) { Token = std::move(Stop); }
  // CHECK-MESSAGES-STRICT: :[[@LINE-1]]:41: warning: token 'Token' outlives the operation that 'begin_ok' was called for
  bool cancelled() const { return Token.stop_requested(); }

private:
  std::stop_token Token;
};
} // namespace net

class Call {
public:
  void begin_bad(std::stop_token Stop) { Token = std::move(Stop); }
  // CHECK-MESSAGES: :[[@LINE-1]]:42: warning: token 'Token' outlives the operation that 'begin_bad' was called for
  // CHECK-MESSAGES-STRICT: :[[@LINE-2]]:42: warning: token 'Token' outlives the operation that 'begin_bad' was called for
  bool cancelled() const { return Token.stop_requested(); }

private:
  std::stop_token Token;
};

// How long the object lives is not known: in doubt for the code, unless asked otherwise.
class Scan {
public:
  explicit Scan(std::stop_token Stop) : Token_ok(std::move(Stop)) {}
  // CHECK-MESSAGES-STRICT: :[[@LINE-1]]:41: warning: token 'Token_ok' outlives the operation that 'Scan' was called for
  bool cancelled() const { return Token_ok.stop_requested(); }

private:
  std::stop_token Token_ok;
};
