// flags: -std=c++17
// needs: /usr/include/oneapi/tbb/task_group.h
#include <oneapi/tbb/concurrent_priority_queue.h>
#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/mutex.h>
#include <oneapi/tbb/queuing_mutex.h>
#include <oneapi/tbb/rw_mutex.h>
#include <oneapi/tbb/spin_mutex.h>
#include <oneapi/tbb/spin_rw_mutex.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

void tasks(tbb::task_group &Group, tbb::task_group_context &Context, tbb::task_arena &Arena,
           tbb::flow::graph &Graph) {
  Group.run([] {});
  Group.run_and_wait([] {});
  Group.cancel();
  Group.wait();
  Context.cancel_group_execution();
  Context.is_group_execution_cancelled();
  tbb::is_current_task_group_canceling();
  Arena.enqueue([] {});
  Graph.cancel();
  Graph.is_cancelled();
  Graph.wait_for_all();
}

void queues(tbb::concurrent_bounded_queue<int> &Bounded, tbb::concurrent_queue<int> &Queue,
            tbb::concurrent_priority_queue<int> &Sorted) {
  int Value;
  Bounded.set_capacity(1);
  Bounded.push(1);
  Bounded.try_push(1);
  Bounded.pop(Value);
  Bounded.try_pop(Value);
  Bounded.abort();
  Queue.push(1);
  Queue.try_pop(Value);
  Sorted.push(1);
}

void locks(tbb::mutex &Mutex, tbb::rw_mutex &Shared, tbb::spin_mutex &Spin,
           tbb::spin_rw_mutex &Both, tbb::queuing_mutex &Fair) {
  tbb::queuing_mutex::scoped_lock Guard(Fair);
  tbb::spin_mutex::scoped_lock Other(Spin);
  tbb::spin_rw_mutex::scoped_lock Third(Both);
  Mutex.lock();
  Mutex.try_lock();
  Mutex.unlock();
  Shared.lock_shared();
  Shared.unlock_shared();
}
