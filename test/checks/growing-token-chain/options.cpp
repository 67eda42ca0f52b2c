// RUN: %check_tether %s growing-token-chain
// RUN: %check_tether -suffix=STRICT %s growing-token-chain -config="{CheckOptions: {tether-growing-token-chain.Strict: true}}"
#include <memory>
#include <stop_token>
#include <utility>

bool step(std::stop_token Stop);
bool more();

class Scope {
public:
  explicit Scope(std::shared_ptr<Scope> P) : Parent(std::move(P)) {}
  std::shared_ptr<Scope> parent() const { return Parent; }
  std::stop_token token() const { return Own.get_token(); }

private:
  std::shared_ptr<Scope> Parent;
  std::stop_source Own;
};

void used_bad(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = std::make_shared<Scope>(Current);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before
    // CHECK-MESSAGES-STRICT: :[[@LINE-2]]:5: warning: each turn of the loop links 'Current' to the one of the turn before
    step(Current->token());
  }
}

std::shared_ptr<Scope> only_built_ok(std::shared_ptr<Scope> Current) {
  while (more())
    Current = std::make_shared<Scope>(Current);
  // CHECK-MESSAGES-STRICT: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before
  return Current;
}

class Set_back_elsewhere_ok {
public:
  void enter() {
    Current = std::make_shared<Scope>(Current);
    // CHECK-MESSAGES-STRICT: :[[@LINE-1]]:5: warning: each call of 'enter' links 'Current' to the one of the call before
    step(Current->token());
  }
  void leave() { Current = Current->parent(); }

private:
  std::shared_ptr<Scope> Current;
};
