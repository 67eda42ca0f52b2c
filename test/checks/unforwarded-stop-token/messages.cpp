// RUN: %check_tether %s unforwarded-stop-token
#include <functional>
#include <semaphore>
#include <stop_token>

int load(int Id);
int load(int Id, std::stop_token Stop);
int fetch(std::stop_token Stop = {});

int overload_bad(std::stop_token Stop) { return load(1); }
// CHECK-MESSAGES: :[[@LINE-1]]:49: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
// CHECK-NOTES: :[[@LINE-5]]:5: note: this one takes a token
// CHECK-NOTES: :[[@LINE-3]]:49: note: pass 'Stop'
// CHECK-FIXES: int overload_bad(std::stop_token Stop) { return load(1, Stop); }

int default_bad(std::stop_token Stop) { return fetch(); }
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: this call does not get token 'Stop': its default is a token that never stops [tether-unforwarded-stop-token]
// CHECK-NOTES: :[[@LINE-10]]:5: note: this one takes a token
// CHECK-NOTES: :[[@LINE-3]]:48: note: pass 'Stop'
// CHECK-FIXES: int default_bad(std::stop_token Stop) { return fetch(Stop); }

int never_bad(std::stop_token Stop) { return fetch(std::stop_token()); }
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: this call gets a token that never stops, though token 'Stop' is at hand [tether-unforwarded-stop-token]
// CHECK-NOTES: :[[@LINE-16]]:5: note: this one takes a token
// CHECK-NOTES: :[[@LINE-3]]:46: note: pass 'Stop', or give the token a name that says that it never stops
// CHECK-FIXES: int never_bad(std::stop_token Stop) { return fetch(Stop); }

int child_bad(std::stop_token Stop, const std::function<int(std::stop_token)> &Work) {
  std::stop_source Child;
  return Work(Child.get_token());
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this work is given a token of 'Child', and nothing links that to token 'Stop': it does not hear of a stop [tether-unforwarded-stop-token]
  // CHECK-NOTES: :[[@LINE-3]]:20: note: 'Child' is made here
  // CHECK-NOTES: :[[@LINE-3]]:10: note: link the source to the token with a callback that requests the stop
}

class Turnstile {
public:
  void pass() { Free.acquire(); }
  void pass(std::stop_token Stop) {
    while (!Stop.stop_requested() && !Free.try_acquire())
      ;
  }

private:
  std::counting_semaphore<> Free{0};
};

void passTwice(Turnstile &T) {
  T.pass();
  T.pass();
}

void behind_bad(Turnstile &T, std::stop_token Stop) {
  if (!Stop.stop_requested())
    passTwice(T);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: token 'Stop' does not reach a wait in this call that could take it [tether-unforwarded-stop-token]
  // CHECK-NOTES: :[[@LINE-8]]:5: note: 'pass' is called here
  // CHECK-NOTES: :[[@LINE-19]]:8: note: this one takes a token
  // CHECK-NOTES: :[[@LINE-4]]:5: note: let the functions in between take the token
}
