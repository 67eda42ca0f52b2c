// flags: -std=c++20 -DBOOST_THREAD_VERSION=4
// flags: -DBOOST_THREAD_PROVIDES_EXECUTORS -DBOOST_THREAD_USES_DATETIME
// needs: /usr/include/boost/thread.hpp
#include <boost/thread.hpp>
#include <boost/thread/executors/basic_thread_pool.hpp>
#include <boost/thread/future.hpp>
#include <boost/thread/latch.hpp>
#include <boost/thread/scoped_thread.hpp>
#include <boost/thread/sync_bounded_queue.hpp>
#include <boost/thread/sync_queue.hpp>

using Seconds = boost::chrono::seconds;
static const auto Soon = boost::chrono::steady_clock::now() + Seconds(1);
static const auto OldSeconds = boost::posix_time::seconds(1);
static void body() {}

void threads() {
  boost::thread::attributes Attributes;
  boost::thread Thread(body), Other(Attributes, body);
  Thread.get_id();
  Thread.native_handle();
  Thread.swap(Other);
  Thread.interrupt();
  Thread.interruption_requested();
  if (Thread.joinable())
    Thread.join();
  Thread.try_join_for(Seconds(1));
  Thread.try_join_until(Soon);
  Thread.timed_join(OldSeconds);
  Other.detach();
  boost::scoped_thread<> Scoped(body);
  Scoped.join();
  Scoped.detach();
  boost::strict_scoped_thread<> Strict(body);
  boost::this_thread::interruption_requested();
  boost::this_thread::interruption_point();
  boost::this_thread::sleep_for(Seconds(1));
  boost::this_thread::sleep_until(Soon);
  boost::this_thread::sleep(OldSeconds);
}

void groups(boost::thread_group &Group, boost::executors::basic_thread_pool &Pool) {
  Group.create_thread(body);
  Group.add_thread(new boost::thread(body));
  Group.interrupt_all();
  Group.join_all();
  Pool.submit(body);
  Pool.close();
  Pool.join();
}

void futures(boost::promise<int> Promise, boost::exception_ptr Error) {
  auto First = boost::async([] { return 1; });
  auto Second = boost::async(boost::launch::async, [] { return 1; });
  boost::future<int> Future = Promise.get_future();
  Promise.set_value(1);
  Promise.set_exception(Error);
  Future.valid();
  Future.wait();
  Future.wait_for(Seconds(1));
  Future.wait_until(Soon);
  Future.get();
  boost::shared_future<int> Shared = First.share();
  Shared.get();
  boost::packaged_task<int()> Task([] { return 1; });
  Task.get_future();
  Task();
}

void counting(boost::barrier &Barrier, boost::latch &Latch) {
  Barrier.wait();
  Latch.count_down();
  Latch.try_wait();
  Latch.wait();
  Latch.wait_for(Seconds(1));
  Latch.wait_until(Soon);
  Latch.count_down_and_wait();
}

void queues(boost::sync_queue<int> &Queue, boost::sync_bounded_queue<int> &Bounded) {
  int Value;
  Queue.push(1);
  Queue.try_push(1);
  Queue.nonblocking_push(1);
  Queue.wait_push(1);
  Queue.pull(Value);
  Queue.wait_pull(Value);
  Queue.try_pull(Value);
  Queue.nonblocking_pull(Value);
  Queue.close();
  Queue.closed();
  Bounded.push_back(1);
  Bounded.wait_push_back(1);
  Bounded.try_push_back(1);
  Bounded.pull_front(Value);
  Bounded.wait_pull_front(Value);
  Bounded.try_pull_front(Value);
  Bounded.close();
  Bounded.closed();
}

template <typename Condition> void conditions(Condition &C, boost::mutex &Mutex) {
  boost::unique_lock<boost::mutex> Lock(Mutex);
  C.wait(Lock);
  C.wait_for(Lock, Seconds(1));
  C.wait_until(Lock, Soon);
  C.timed_wait(Lock, OldSeconds);
  C.notify_one();
  C.notify_all();
}

template <typename Mutex> void plain(Mutex &M) {
  M.lock();
  M.try_lock();
  M.unlock();
}

void locks(boost::condition_variable &Condition, boost::condition_variable_any &Any,
           boost::mutex &Plain, boost::timed_mutex &Timed, boost::recursive_mutex &Recursive,
           boost::recursive_timed_mutex &RecursiveTimed, boost::shared_mutex &Shared) {
  conditions(Condition, Plain);
  conditions(Any, Plain);
  plain(Plain);
  plain(Timed);
  plain(Recursive);
  plain(RecursiveTimed);
  plain(Shared);
  Timed.try_lock_for(Seconds(1));
  Timed.try_lock_until(Soon);
  Timed.timed_lock(OldSeconds);
  Shared.lock_shared();
  Shared.try_lock_shared();
  Shared.unlock_shared();
  Shared.lock_upgrade();
  Shared.unlock_upgrade();
  boost::lock(Plain, Timed);
  boost::try_lock(Plain, Timed);
  boost::lock_guard<boost::mutex> Guard(Plain);
  boost::lock_guard<boost::mutex> Adopted(Plain, boost::adopt_lock);
  boost::unique_lock<boost::mutex> Deferred(Plain, boost::defer_lock);
  boost::unique_lock<boost::mutex> Own(Plain, boost::adopt_lock);
  boost::shared_lock<boost::shared_mutex> DeferredReader(Shared, boost::defer_lock);
  boost::shared_lock<boost::shared_mutex> OwnReader(Shared, boost::adopt_lock);
  boost::unique_lock<boost::mutex> Lock(Plain);
  boost::shared_lock<boost::shared_mutex> Reader(Shared);
  boost::upgrade_lock<boost::shared_mutex> Upgrade(Shared);
  plain(Lock);
  plain(Reader);
  Lock.owns_lock();
  Lock.mutex();
  Lock.release();
  static boost::once_flag Once = BOOST_ONCE_INIT;
  boost::call_once(Once, body);
}
