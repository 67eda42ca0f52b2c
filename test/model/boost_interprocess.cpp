// flags: -std=c++17
// needs: /usr/include/boost/interprocess/ipc/message_queue.hpp
#include <boost/interprocess/ipc/message_queue.hpp>
#include <boost/interprocess/sync/file_lock.hpp>
#include <boost/interprocess/sync/interprocess_condition.hpp>
#include <boost/interprocess/sync/interprocess_condition_any.hpp>
#include <boost/interprocess/sync/interprocess_mutex.hpp>
#include <boost/interprocess/sync/interprocess_recursive_mutex.hpp>
#include <boost/interprocess/sync/interprocess_semaphore.hpp>
#include <boost/interprocess/sync/named_condition.hpp>
#include <boost/interprocess/sync/named_mutex.hpp>
#include <boost/interprocess/sync/named_semaphore.hpp>
#include <boost/interprocess/sync/scoped_lock.hpp>
#include <boost/interprocess/sync/sharable_lock.hpp>

using namespace boost::interprocess;

void channels(interprocess_semaphore &Slots, named_semaphore &Named, message_queue &Queue,
              const boost::posix_time::ptime &Soon) {
  char Data[8];
  message_queue::size_type Size;
  unsigned Priority;
  Slots.wait();
  Slots.timed_wait(Soon);
  Slots.try_wait();
  Slots.post();
  Named.wait();
  Queue.send(Data, 8, 0);
  Queue.timed_send(Data, 8, 0, Soon);
  Queue.try_send(Data, 8, 0);
  Queue.receive(Data, 8, Size, Priority);
  Queue.timed_receive(Data, 8, Size, Priority, Soon);
  Queue.try_receive(Data, 8, Size, Priority);
}

void waits(interprocess_mutex &Mutex, interprocess_recursive_mutex &Recursive, named_mutex &Named,
           file_lock &File, interprocess_condition &Condition, interprocess_condition_any &Any,
           named_condition &Other, const boost::posix_time::ptime &Soon) {
  scoped_lock<interprocess_mutex> Guard(Mutex);
  scoped_lock<interprocess_mutex> Later(Mutex, defer_lock), Already(Mutex, accept_ownership);
  sharable_lock<file_lock> Shared(File);
  Shared.unlock();
  Shared.try_lock();
  Shared.lock();
  Condition.wait(Guard);
  Condition.timed_wait(Guard, Soon);
  Condition.notify_one();
  Condition.notify_all();
  Any.notify_all();
  Other.notify_all();
  Mutex.lock();
  Mutex.timed_lock(Soon);
  Mutex.try_lock();
  Mutex.unlock();
  Recursive.lock();
  Named.lock();
  File.lock_sharable();
  File.unlock_sharable();
  Guard.unlock();
  Guard.try_lock();
  Guard.lock();
  Guard.owns();
  Guard.release();
}
