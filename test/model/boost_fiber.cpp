// flags: -std=c++20
// needs: /usr/include/boost/fiber/all.hpp
#include <boost/fiber/all.hpp>
#include <chrono>
#include <mutex>

using namespace std::chrono_literals;
static const auto Soon = std::chrono::steady_clock::now() + 1s;
static void body() {}

void fibers() {
  using namespace boost::fibers;
  fiber Fiber(body), Second(launch::post, body);
  fiber Third(std::allocator_arg, fixedsize_stack(), body);
  fiber Fourth(launch::post, std::allocator_arg, fixedsize_stack(), body);
  Fiber.get_id();
  Fiber.swap(Second);
  if (Fiber.joinable())
    Fiber.join();
  Second.detach();
  boost::this_fiber::sleep_for(1s);
  boost::this_fiber::sleep_until(Soon);
}

void futures(boost::fibers::promise<int> Promise, std::exception_ptr Error) {
  auto First = boost::fibers::async([] { return 1; });
  auto Second = boost::fibers::async(boost::fibers::launch::post, [] { return 1; });
  boost::fibers::future<int> Future = Promise.get_future();
  Promise.set_value(1);
  Promise.set_exception(Error);
  Future.valid();
  Future.wait();
  Future.wait_for(1s);
  Future.wait_until(Soon);
  Future.get();
  boost::fibers::shared_future<int> Shared = First.share();
  Shared.get();
  boost::fibers::packaged_task<int()> Task([] { return 1; });
  Task.get_future();
  Task();
}

template <typename Channel> void channel(Channel &C) {
  int Value;
  C.push(1);
  C.push_wait_for(1, 1s);
  C.push_wait_until(1, Soon);
  C.pop(Value);
  C.value_pop();
  C.pop_wait_for(Value, 1s);
  C.pop_wait_until(Value, Soon);
  C.close();
  C.is_closed();
}

void channels(boost::fibers::buffered_channel<int> &Buffered,
              boost::fibers::unbuffered_channel<int> &Unbuffered, boost::fibers::barrier &Barrier) {
  int Value;
  channel(Buffered);
  channel(Unbuffered);
  Buffered.try_push(1);
  Buffered.try_pop(Value);
  Barrier.wait();
}

template <typename Condition> void conditions(Condition &C, boost::fibers::mutex &Mutex) {
  std::unique_lock<boost::fibers::mutex> Lock(Mutex);
  C.wait(Lock);
  C.wait_for(Lock, 1s);
  C.wait_until(Lock, Soon);
  C.notify_one();
  C.notify_all();
}

template <typename Mutex> void plain(Mutex &M) {
  M.lock();
  M.try_lock();
  M.unlock();
}

void locks(boost::fibers::condition_variable &Condition, boost::fibers::condition_variable_any &Any,
           boost::fibers::mutex &Plain, boost::fibers::timed_mutex &Timed,
           boost::fibers::recursive_mutex &Recursive,
           boost::fibers::recursive_timed_mutex &RecursiveTimed) {
  conditions(Condition, Plain);
  conditions(Any, Plain);
  plain(Plain);
  plain(Timed);
  plain(Recursive);
  plain(RecursiveTimed);
  Timed.try_lock_for(1s);
  Timed.try_lock_until(Soon);
}
