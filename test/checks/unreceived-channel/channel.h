// A channel of the user's own, described by .tether.yaml beside it.
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

namespace parcel {

/// Holds Room values; a sender waits for room, a receiver for a value or for the end.
template <typename T> class Line {
public:
  explicit Line(std::size_t Room = 0);
  void put(T Value);
  bool put(T Value, std::stop_token Stop);
  bool offer(T Value);
  std::optional<T> take();
  std::optional<T> take(std::stop_token Stop);
  std::optional<T> poll();
  void close();
};

/// What either() is given: it does one of them.
template <typename T> struct Taking {
  Line<T> &From;
  std::optional<T> &Into;
};
template <typename T> Taking<T> taking(Line<T> &From, std::optional<T> &Into);
template <typename... C> int either(C &&...Cases);

/// Runs jobs on threads of its own.
class Crew {
public:
  ~Crew();
  void post(std::function<void()> Job);
  void finish();
};

} // namespace parcel
