// flags: -std=c++20
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cxxabi.h>
#include <functional>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <thread>

using namespace std::chrono_literals;
static const auto Soon = std::chrono::steady_clock::now() + 1s;

void stopRequests(std::stop_source Source) {
  std::stop_token Never{};
  std::stop_token Token = Source.get_token();
  std::stop_callback Callback(Token, [] {});
  (void)Token.stop_requested();
  (void)Token.stop_possible();
  (void)Source.stop_requested();
  (void)Source.stop_possible();
  Source.request_stop();
}

void threads() {
  std::thread Thread([] {}), Other;
  Thread.get_id();
  Thread.native_handle();
  Thread.swap(Other);
  if (Thread.joinable())
    Thread.join();
  Other.detach();
}

void stoppableThreads() {
  std::jthread Thread([](std::stop_token) {}), Other;
  Thread.get_id();
  Thread.native_handle();
  Thread.swap(Other);
  Thread.get_stop_token();
  Thread.get_stop_source();
  Thread.request_stop();
  if (Thread.joinable())
    Thread.join();
  Other.detach();
}

void asynchronous() {
  std::future<int> Future = std::async([] { return 1; });
  std::future<int> Other = std::async(std::launch::async, [](int I) { return I; }, 1);
  Future.valid();
  Future.wait();
  Future.wait_for(1s);
  Future.wait_until(Soon);
  Future.get();
  std::shared_future<int> Shared = Other.share();
  Shared.valid();
  Shared.wait();
  Shared.wait_for(1s);
  Shared.wait_until(Soon);
  Shared.get();
  std::this_thread::sleep_for(1s);
  std::this_thread::get_id();
  std::this_thread::sleep_until(Soon);
}

void promises(std::promise<int> Promise, std::promise<int> Other, std::exception_ptr Error) {
  std::future<int> Future = Promise.get_future();
  Promise.set_value(1);
  Promise.set_value_at_thread_exit(1);
  Promise.set_exception(Error);
  Promise.set_exception_at_thread_exit(Error);
  Promise.swap(Other);
  std::packaged_task<int()> Task([] { return 1; }), Second;
  std::future<int> Result = Task.get_future();
  Task.valid();
  Task();
  Task.make_ready_at_thread_exit();
  Task.swap(Second);
}

void counting(std::counting_semaphore<8> &Slots, std::latch &Latch, std::barrier<> &Barrier) {
  Slots.acquire();
  Slots.try_acquire();
  Slots.try_acquire_for(1s);
  Slots.try_acquire_until(Soon);
  Slots.release();
  Latch.count_down();
  (void)Latch.try_wait();
  Latch.wait();
  Latch.arrive_and_wait();
  Barrier.wait(Barrier.arrive());
  Barrier.arrive_and_wait();
  Barrier.arrive_and_drop();
}

void conditions(std::condition_variable &Condition, std::mutex &Mutex) {
  std::unique_lock Lock(Mutex);
  Condition.wait(Lock);
  Condition.wait_for(Lock, 1s);
  Condition.wait_until(Lock, Soon);
  Condition.notify_one();
  Condition.notify_all();
  Condition.native_handle();
  std::notify_all_at_thread_exit(Condition, std::move(Lock));
}

void stoppableConditions(std::condition_variable_any &Condition, std::shared_mutex &Mutex,
                         std::stop_token Token) {
  std::shared_lock Lock(Mutex);
  auto Ready = [] { return true; };
  Condition.wait(Lock);
  Condition.wait(Lock, Token, Ready);
  Condition.wait_for(Lock, 1s);
  Condition.wait_for(Lock, Token, 1s, Ready);
  Condition.wait_until(Lock, Soon);
  Condition.wait_until(Lock, Token, Soon, Ready);
  Condition.notify_one();
  Condition.notify_all();
}

void atomics(std::atomic<int> &Number, std::atomic_flag &Flag, std::atomic<void *> &Pointer) {
  Number.wait(0);
  Number.notify_one();
  Number.notify_all();
  Pointer.wait(nullptr);
  std::atomic_wait(&Number, 0);
  std::atomic_wait_explicit(&Number, 0, std::memory_order_acquire);
  std::atomic_notify_one(&Number);
  std::atomic_notify_all(&Number);
  Flag.wait(false);
  Flag.notify_one();
  Flag.notify_all();
  int Plain = 0;
  std::atomic_ref<int> Ref(Plain);
  Ref.wait(0);
  Ref.notify_one();
  Ref.notify_all();
}

template <typename Mutex> void timed(Mutex &M) {
  M.lock();
  M.try_lock();
  M.try_lock_for(1s);
  M.try_lock_until(Soon);
  M.unlock();
}

template <typename Mutex> void shared(Mutex &M) {
  M.lock();
  M.try_lock();
  M.unlock();
  M.lock_shared();
  M.try_lock_shared();
  M.unlock_shared();
}

template <typename Guard> void guard(Guard Lock, Guard Other) {
  Lock.lock();
  Lock.try_lock();
  Lock.try_lock_for(1s);
  Lock.try_lock_until(Soon);
  Lock.unlock();
  Lock.owns_lock();
  Lock.swap(Other);
  Lock.mutex();
  Lock.release();
}

void mutexes(std::mutex &Plain, std::timed_mutex &Timed, std::recursive_mutex &Recursive,
             std::recursive_timed_mutex &RecursiveTimed, std::shared_mutex &Shared,
             std::shared_timed_mutex &SharedTimed) {
  Plain.lock();
  Plain.try_lock();
  Plain.unlock();
  Recursive.lock();
  Recursive.try_lock();
  Recursive.unlock();
  timed(Timed);
  timed(RecursiveTimed);
  timed(SharedTimed);
  shared(Shared);
  shared(SharedTimed);
  SharedTimed.try_lock_shared_for(1s);
  SharedTimed.try_lock_shared_until(Soon);
  std::lock(Plain, Recursive);
  std::try_lock(Plain, Recursive);
  std::lock_guard First(Plain);
  std::lock_guard Adopted(Plain, std::adopt_lock);
  std::scoped_lock AllAdopted(std::adopt_lock, Plain, Timed);
  std::unique_lock Deferred(Plain, std::defer_lock), Own(Plain, std::adopt_lock);
  std::shared_lock DeferredReader(Shared, std::defer_lock), OwnReader(Shared, std::adopt_lock);
  std::scoped_lock Second(Plain, Timed);
  guard(std::unique_lock(Timed), std::unique_lock(Timed));
  guard(std::shared_lock(SharedTimed), std::shared_lock(SharedTimed));
  static std::once_flag Once;
  std::call_once(Once, [] {});
}

void cancelled() {
  try {
  } catch (abi::__forced_unwind &) {
    throw;
  }
}
