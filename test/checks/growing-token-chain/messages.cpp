// RUN: %check_tether %s growing-token-chain
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

bool step(std::stop_token Stop);
bool more();

class Scope {
public:
  explicit Scope(std::shared_ptr<Scope> P) : Parent(std::move(P)) {}
  std::stop_token token() const { return Own.get_token(); }

private:
  std::shared_ptr<Scope> Parent;
  std::stop_source Own;
};

void each_turn_bad(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = std::make_shared<Scope>(Current);
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    // CHECK-NOTES: :[[@LINE-12]]:46: note: the one before is kept here, in 'Parent'
    // CHECK-NOTES: :[[@LINE-3]]:5: note: let the new one end with the turn
    // CHECK-NOTES: :[[@LINE-4]]:5: note: give the new one a variable of its own, which ends with the turn
    step(Current->token());
  }
}

class Each_call_bad {
public:
  void receive() {
    Current = std::make_shared<Scope>(Current);
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: each call of 'receive' links 'Current' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
    // CHECK-NOTES: :[[@LINE-24]]:46: note: the one before is kept here, in 'Parent'
    // CHECK-NOTES: :[[@LINE-3]]:5: note: let the new one end with the call
    // CHECK-NOTES: :[[@LINE-4]]:5: note: give the new one a variable of its own, which ends with the call
    step(Current->token());
  }

private:
  std::shared_ptr<Scope> Current;
};

using Handler = std::function<bool(std::stop_token)>;

Handler each_call_of_a_lambda_bad(Handler Next) {
  return [Next](std::stop_token Stop) mutable {
    Next = [Next](std::stop_token Stop) { return !Stop.stop_requested() && Next(Stop); };
    // CHECK-NOTES: :[[@LINE-1]]:5: warning: each call of this lambda links 'Next' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
    // CHECK-NOTES: :[[@LINE-2]]:13: note: the one before is captured here
    // CHECK-NOTES: :[[@LINE-3]]:5: note: let the new one end with the call
    // CHECK-NOTES: :[[@LINE-4]]:5: note: give the new one a variable of its own, which ends with the call
    return Next(Stop);
  };
}

void a_variable_of_the_turn_ok(std::shared_ptr<Scope> Outer) {
  while (more()) {
    auto Current = std::make_shared<Scope>(Outer);
    step(Current->token());
  }
}
