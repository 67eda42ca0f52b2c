// RUN: %check_tether %s unbounded-wait
// Numbers that no int64_t holds are numbers nobody knows, and no crash.
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <semaphore>

class Sequence_ok {
public:
  void wait() {
    std::unique_lock<std::mutex> Lock(M);
    while (Last != UINT64_MAX)
      Changed.wait(Lock);
  }
  void end() {
    std::lock_guard<std::mutex> Lock(M);
    Last = UINT64_MAX;
    Changed.notify_all();
  }

private:
  std::mutex M;
  std::condition_variable Changed;
  std::uint64_t Last = UINT64_MAX - 1;
};

unsigned __int128 wide_ok(unsigned __int128 Value) {
  switch (Value) {
  case ~(unsigned __int128)0:
    return 1;
  default:
    return Value == ~(unsigned __int128)0 ? 1 : 2;
  }
}
