// RUN: %check_tether %s unforwarded-stop-token
#include <stop_token>
#include <string>

int first(std::stop_token Stop, int Id);
int first(int Id);
int middle(int Id, const std::stop_token &Stop, const char *Name);
int middle(int Id, const char *Name);
int none();
int none(std::stop_token Stop);
int late(int Id, int Tries = 3, std::stop_token Stop = {});
int changed(std::stop_token &Stop);
int changed();
struct File {
  int read(int Size);
  int read(int Size, std::stop_token Stop);
};

void positions_bad(std::stop_token Stop, File &F, File *P) {
  first(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
  // CHECK-FIXES: first(Stop, 1);
  middle(1, "a");
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
  // CHECK-FIXES: middle(1, Stop, "a");
  none();
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
  // CHECK-FIXES: none(Stop);
  F.read(1);
  // CHECK-MESSAGES: :[[@LINE-1]]:5: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
  // CHECK-FIXES: F.read(1, Stop);
  P->read(none(Stop));
  // CHECK-MESSAGES: :[[@LINE-1]]:6: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
  // CHECK-FIXES: P->read(none(Stop), Stop);
  late(1, 2);
  // CHECK-MESSAGES: :[[@LINE-1]]:3: warning: this call does not get token 'Stop': its default is a token that never stops [tether-unforwarded-stop-token]
  // CHECK-FIXES: late(1, 2, Stop);
}

// No fix: a default stands in between, or it would not compile.

int default_in_between_bad(std::stop_token Stop) { return late(1); }
// CHECK-MESSAGES: :[[@LINE-1]]:59: warning: this call does not get token 'Stop': its default is a token that never stops [tether-unforwarded-stop-token]

// The overload changes its token, which this one does not allow.
int changes_it_ok(const std::stop_token Stop) { return changed(); }

// The token is copied into what the call is given.

struct Options {
  int Size = 1;
  std::stop_token Stop;
};

int load(const Options &With) {
  int Count = 0;
  while (!With.Stop.stop_requested())
    Count += With.Size;
  return Count;
}

int left_out_bad(std::stop_token Stop) {
  if (Stop.stop_requested())
    return 0;
  Options With;
  With.Size = 3;
  // CHECK-FIXES: {{^}}  With.Stop = Stop;
  // CHECK-FIXES-NEXT: {{^}}  return load(With);
  return load(With);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this is given 'With' without a token, though token 'Stop' is at hand
}

// No fix: it cannot be changed.
int constant_bad(std::stop_token Stop) {
  if (Stop.stop_requested())
    return 0;
  const Options With;
  return load(With);
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: this is given 'With' without a token
}
