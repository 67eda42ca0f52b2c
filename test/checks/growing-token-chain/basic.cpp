// RUN: %check_tether %s growing-token-chain
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

bool step(std::stop_token Stop);
bool more();

// Stopped with its parent, which it keeps.
class Scope {
public:
  explicit Scope(std::shared_ptr<Scope> P) : Parent(std::move(P)) {}
  std::stop_token token() const { return Own.get_token(); }
  std::shared_ptr<Scope> parent() const { return Parent; }
  void stop() { Own.request_stop(); }

private:
  std::shared_ptr<Scope> Parent;
  std::stop_source Own;
};

// A member of the class knows its own object.
class Context : public std::enable_shared_from_this<Context> {
public:
  Context(std::shared_ptr<const Context> P, std::stop_token Stop, std::string Value)
      : Parent(std::move(P)), Token(std::move(Stop)), Value(std::move(Value)) {}
  std::shared_ptr<const Context> with(std::string More) const {
    return std::make_shared<const Context>(shared_from_this(), Token, std::move(More));
  }
  // Another one like this, beside it.
  std::shared_ptr<const Context> instead(std::string Other) const {
    return std::make_shared<const Context>(Parent, Token, std::move(Other));
  }
  std::stop_token token() const { return Token; }

private:
  std::shared_ptr<const Context> Parent;
  std::stop_token Token;
  std::string Value;
};

bool run(const Context &With);

// A variable from outside of the loop.

void loop_bad(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = std::make_shared<Scope>(Current);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    step(Current->token());
  }
}

void loop_ok(std::shared_ptr<Scope> Outer) {
  while (more()) {
    auto Current = std::make_shared<Scope>(Outer);
    step(Current->token());
  }
}

void one_local_in_between_bad(std::shared_ptr<Scope> Current) {
  while (more()) {
    auto Next = std::make_shared<Scope>(Current);
    Current = Next;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    step(Next->token());
  }
}

void begins_anew_ok(std::shared_ptr<Scope> Outer) {
  auto Current = Outer;
  while (more()) {
    Current = std::make_shared<Scope>(Current);
    step(Current->token());
    Current = Outer;
  }
}

void ends_after_one_turn_ok(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = std::make_shared<Scope>(Current);
    step(Current->token());
    break;
  }
}

void walk_ok(std::shared_ptr<Scope> Current) {
  while (Current) {
    step(Current->token());
    Current = Current->parent();
  }
}

void from_its_parent_ok(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = std::make_shared<Scope>(Current->parent());
    step(Current->token());
  }
}

void once_ok(std::shared_ptr<Scope> Current) {
  bool Own = false;
  while (more()) {
    if (!Own) {
      Current = std::make_shared<Scope>(Current);
      Own = true;
    }
    step(Current->token());
  }
}

void method_bad(std::shared_ptr<const Context> Current) {
  while (more()) {
    Current = Current->with("turn");
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    run(*Current);
  }
}

void method_ok(std::shared_ptr<const Context> Outer) {
  while (more()) {
    auto Current = Outer->with("turn");
    run(*Current);
  }
}

void beside_it_ok(std::shared_ptr<const Context> Current) {
  while (more()) {
    Current = Current->instead("turn");
    run(*Current);
  }
}

// Only built: who uses it wants the whole of it.
std::shared_ptr<const Context> built_ok(std::shared_ptr<const Context> Current,
                                        const std::map<std::string, std::string> &Values) {
  for (const auto &[Key, Value] : Values)
    Current = Current->with(Key + Value);
  return Current;
}

// What lives as long as the object whose function is called again.

class Session_bad {
public:
  void receive() {
    Current = std::make_shared<Scope>(Current);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each call of 'receive' links 'Current' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
    step(Current->token());
  }

private:
  std::shared_ptr<Scope> Current;
};

class Session_ok {
public:
  void receive() {
    auto Current = std::make_shared<Scope>(Whole);
    step(Current->token());
  }

private:
  std::shared_ptr<Scope> Whole;
};

class Made_once_ok {
public:
  explicit Made_once_ok(std::shared_ptr<Scope> S) : Current(S) {
    Current = std::make_shared<Scope>(Current);
    step(Current->token());
  }

private:
  std::shared_ptr<Scope> Current;
};

class Nested_ok {
public:
  void enter() {
    Current = std::make_shared<Scope>(Current);
    step(Current->token());
  }
  void leave() { Current = Current->parent(); }

private:
  std::shared_ptr<Scope> Current;
};

struct Connection {
  std::shared_ptr<Scope> Current;
};

void part_of_parameter_bad(Connection &C) {
  auto Next = std::make_shared<Scope>(C.Current);
  C.Current = Next;
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: each call of 'part_of_parameter_bad' links 'Current' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
  step(Next->token());
}

void part_of_copy_ok(Connection C) {
  C.Current = std::make_shared<Scope>(C.Current);
  step(C.Current->token());
}

// Callables that take a token.

using Handler = std::function<bool(std::stop_token)>;

Handler checked(Handler Inner) {
  return [Inner = std::move(Inner)](std::stop_token Stop) {
    return !Stop.stop_requested() && Inner(Stop);
  };
}

Handler callable_bad(Handler Next) {
  return [Next](std::stop_token Stop) mutable {
    Next = checked(Next);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each call of this lambda links 'Next' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
    return Next(Stop);
  };
}

Handler callable_ok(Handler Next) {
  return [Next](std::stop_token Stop) {
    Handler Checked = checked(Next);
    return Checked(Stop);
  };
}

Handler around_each_other_ok(Handler Inner, int Layers) {
  for (int I = 0; I < Layers; ++I)
    Inner = checked(Inner);
  return Inner;
}

void lambda_bad(Handler Next, std::stop_token Stop) {
  while (more()) {
    Next = [Next](std::stop_token Stop) { return !Stop.stop_requested() && Next(Stop); };
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Next' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    Next(Stop);
  }
}

// Without a token, it is any list.

class Node {
public:
  explicit Node(std::shared_ptr<Node> N) : Next(std::move(N)) {}
  int value() const { return 0; }

private:
  std::shared_ptr<Node> Next;
};

void list_ok(std::shared_ptr<Node> Head, int &Sum) {
  while (more()) {
    Head = std::make_shared<Node>(Head);
    Sum += Head->value();
  }
}

// One element of many is not told apart from the others.
class FN_Table {
public:
  void receive(int Id) {
    Scopes[Id] = std::make_shared<Scope>(Scopes[Id]);
    step(Scopes[Id]->token());
  }

private:
  std::map<int, std::shared_ptr<Scope>> Scopes;
};

// Two places that link, and none that cuts.
class Two_places_bad {
public:
  void receive() {
    Current = std::make_shared<Scope>(Current);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each call of 'receive' links 'Current' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
    step(Current->token());
  }
  void send() {
    auto Before = Current;
    Current = std::make_shared<Scope>(Before);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each call of 'send' links 'Current' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
    step(Current->token());
  }

private:
  std::shared_ptr<Scope> Current;
};

void name_from_before_the_loop_ok(std::shared_ptr<Scope> Current) {
  auto Outer = Current;
  while (more()) {
    Current = std::make_shared<Scope>(Outer);
    step(Current->token());
  }
}

void name_in_the_turn_bad(std::shared_ptr<Scope> Current) {
  while (more()) {
    auto Before = Current;
    Current = std::make_shared<Scope>(Before);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    step(Current->token());
  }
}

Handler copy_of_a_variable_bad() {
  Handler Next = [](std::stop_token Stop) { return step(Stop); };
  return [Next](std::stop_token Stop) mutable {
    Next = checked(Next);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each call of this lambda links 'Next' to the one of the call before: the chain of tokens grows [tether-growing-token-chain]
    return Next(Stop);
  };
}

// What a function may return unchanged does not grow.
std::shared_ptr<Scope> maybeOwn(std::shared_ptr<Scope> Outer, bool Own) {
  if (!Own)
    return Outer;
  return std::make_shared<Scope>(Outer);
}

void perhaps_unchanged_ok(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = maybeOwn(Current, false);
    step(Current->token());
  }
}

std::shared_ptr<Scope> own(std::shared_ptr<Scope> Outer) {
  auto Made = std::make_shared<Scope>(std::move(Outer));
  return Made;
}

void by_a_function_bad(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = own(Current);
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    step(Current->token());
  }
}

std::shared_ptr<Scope> elsewhere(std::shared_ptr<Scope> Outer);

void by_code_that_cannot_be_seen_ok(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = elsewhere(Current);
    step(Current->token());
  }
}

// Set by hand; and one that owns nothing of its parent.
struct Plain {
  std::shared_ptr<Plain> Parent;
  std::stop_source Own;
};

void by_hand_bad(std::shared_ptr<Plain> Current) {
  while (more()) {
    auto Next = std::make_shared<Plain>();
    Next->Parent = Current;
    Current = Next;
    // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: each turn of the loop links 'Current' to the one of the turn before: the chain of tokens grows [tether-growing-token-chain]
    step(Next->Own.get_token());
  }
}

class Borrowing {
public:
  explicit Borrowing(Borrowing *P) : Parent(P) {}
  std::stop_token token() const { return Own.get_token(); }

private:
  Borrowing *Parent;
  std::stop_source Own;
};

void only_a_pointer_ok(Borrowing *Current) {
  while (more()) {
    Borrowing Next(Current);
    Current = &Next;
    step(Next.token());
  }
}

// What is made of the linked one is another object.
std::shared_ptr<Scope> fresh(std::shared_ptr<Scope> Used) {
  step(Used->token());
  return std::make_shared<Scope>(nullptr);
}

void made_of_it_ok(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = fresh(std::make_shared<Scope>(Current));
    step(Current->token());
    Current = fresh(own(Current));
    step(Current->token());
  }
}

void and_back_ok(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = own(Current)->parent();
    step(Current->token());
  }
}

std::shared_ptr<Scope> twice(std::shared_ptr<Scope> Outer) { return own(own(Outer)); }

void FN_two_links_in_one_expression(std::shared_ptr<Scope> Current) {
  while (more()) {
    Current = twice(Current);
    step(Current->token());
  }
}

// Who gets it may set it back.
class Handed_out_ok {
public:
  std::shared_ptr<Scope> enter() {
    Current = std::make_shared<Scope>(Current);
    return Current;
  }

private:
  std::shared_ptr<Scope> Current;
};
