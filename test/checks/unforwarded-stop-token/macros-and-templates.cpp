// RUN: %check_tether %s unforwarded-stop-token
#include <optional>
#include <stop_token>
#include <vector>

int load(int Id);
int load(int Id, std::stop_token Stop);
#define LOAD(Id) load(Id)

int macro_bad(std::stop_token Stop) { return LOAD(1); } // not fixed
// CHECK-MESSAGES: :[[@LINE-1]]:46: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]

template <typename T> struct Channel {
  std::optional<T> pull();
  std::optional<T> pull(std::stop_token Stop);
};

template <typename T> T sum_bad(std::vector<Channel<T> *> From, std::stop_token Stop) {
  T Sum{};
  for (Channel<T> *C : From)
    if (auto V = C->pull())
      // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: this call does not get token 'Stop', though an overload takes one [tether-unforwarded-stop-token]
      // CHECK-FIXES: if (auto V = C->pull(Stop))
      Sum += *V;
  return Sum;
}

template <typename T> T sum_ok(std::vector<Channel<T> *> From, std::stop_token Stop) {
  T Sum{};
  for (Channel<T> *C : From)
    if (auto V = C->pull(Stop))
      Sum += *V;
  return Sum;
}

double both(Channel<double> &A, Channel<double> &B, std::stop_token Stop) {
  return sum_bad<double>({&A, &B}, Stop) + sum_ok<double>({&A, &B}, Stop);
}
