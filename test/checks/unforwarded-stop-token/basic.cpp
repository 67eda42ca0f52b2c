// RUN: %check_tether %s unforwarded-stop-token
#include <functional>
#include <stop_token>
#include <string>

int fetch(const std::string &Name, std::stop_token Stop = {});
int load(int Id);
int load(int Id, std::stop_token Stop);
void flush(std::stop_token Stop);
extern const std::stop_token NeverStops;

// A parameter that gets its default.

int default_bad(std::stop_token Stop) { return fetch("a"); }
// CHECK-MESSAGES: :[[@LINE-1]]:48: warning: this call does not get token 'Stop': its default is a token that never stops [tether-unforwarded-stop-token]
// CHECK-FIXES: int default_bad(std::stop_token Stop) { return fetch("a", Stop); }

int default_ok(std::stop_token Stop) { return fetch("a", Stop); }
int no_token_ok() { return fetch("a"); }

// An overload.

int overload_bad(std::stop_token Stop) { return load(1); }
// CHECK-MESSAGES: :[[@LINE-1]]:49: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
// CHECK-FIXES: int overload_bad(std::stop_token Stop) { return load(1, Stop); }

int overload_ok(std::stop_token Stop) { return load(1, Stop); }

// A token that never stops.

void never_bad(std::stop_token Stop) {
  flush({});
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this call gets a token that never stops, though token 'Stop' is at hand [tether-unforwarded-stop-token]
  // CHECK-FIXES: flush(Stop);
  flush(std::stop_token());
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this call gets a token that never stops, though token 'Stop' is at hand [tether-unforwarded-stop-token]
  // CHECK-FIXES: flush(Stop);
}

void never_with_a_name_ok(std::stop_token Stop) {
  flush(NeverStops);
  const std::stop_token HasToFinish;
  flush(HasToFinish);
}

// A source for child work.

using Work = std::function<int(std::stop_token)>;

int child_bad(std::stop_token Stop, const Work &Each) {
  std::stop_source Child;
  return Each(Child.get_token());
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this work is given a token of 'Child', and nothing links that to token 'Stop': it does not hear of a stop [tether-unforwarded-stop-token]
}

int child_ok(std::stop_token Stop, const Work &Each) {
  std::stop_source Child;
  std::stop_callback Link(Stop, [&Child] { Child.request_stop(); });
  return Each(Child.get_token());
}

int same_token_ok(std::stop_token Stop, const Work &Each) { return Each(Stop); }
