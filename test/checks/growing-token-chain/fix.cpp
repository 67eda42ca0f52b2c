// RUN: %check_tether %s growing-token-chain
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

bool more();
bool step(std::stop_token Stop);

// Each stands on a note: what comes behind works with the same as before, and nothing keeps it.

class Scope {
public:
  explicit Scope(std::shared_ptr<Scope> P) : Parent(std::move(P)) {}
  std::stop_token token() const { return Own.get_token(); }

private:
  std::shared_ptr<Scope> Parent;
  std::stop_source Own;
};

void turns_bad(std::shared_ptr<Scope> Current) {
  while (more()) {
    if (Current->token().stop_requested())
      return;
    Current = std::make_shared<Scope>(Current);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current'
    // CHECK-NOTE-FIXES: {{^}}    auto Next = std::make_shared<Scope>(Current);
    step(Current->token());
    // CHECK-NOTE-FIXES: {{^}}    step(Next->token());
  }
}

// A variable that it has already.

struct Connection {
  std::shared_ptr<Scope> scope;
};

bool has_a_variable_bad(Connection *To) {
  auto scope = std::make_shared<Scope>(To->scope);
  To->scope = scope;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: each call of 'has_a_variable_bad' links 'scope'
  return step(scope->token());
  // CHECK-NOTE-FIXES:      {{^}}  auto scope = std::make_shared<Scope>(To->scope);
  // CHECK-NOTE-FIXES-NOT:  To->scope = scope;
  // CHECK-NOTE-FIXES:      {{^}}  return step(scope->token());
}

// What a lambda has captured.

using Work = std::function<int(std::stop_token, int)>;

Work checked(Work Inner) {
  return [Inner = std::move(Inner)](std::stop_token Stop, int Depth) {
    return Stop.stop_requested() ? -1 : Inner(Stop, Depth + 1);
  };
}

Work wraps_bad(Work Own) {
  return [Own = std::move(Own)](std::stop_token Stop, int Depth) mutable {
    Own = checked(Own);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each call of this lambda links 'Own'
    // CHECK-NOTE-FIXES:      {{^}}    auto Next = checked(Own);
    // CHECK-NOTE-FIXES: {{^}}    return Next(Stop, Depth);
    return Own(Stop, Depth);
  };
}

// Refused: what is called looks at the member.

class Session {
public:
  bool handle_bad() {
    Current = std::make_shared<Scope>(Current);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each call of 'handle_bad' links 'Current'
    // CHECK-NOTE-FIXES: {{^}}    Current = std::make_shared<Scope>(Current);
    return run() && step(Current->token());
  }

private:
  bool run() { return step(Current->token()); }
  std::shared_ptr<Scope> Current;
};
