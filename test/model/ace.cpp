// flags: -std=c++14
// needs: /usr/include/ace/Task.h
#include <ace/Barrier.h>
#include <ace/Guard_T.h>
#include <ace/Proactor.h>
#include <ace/Reactor.h>
#include <ace/Recursive_Thread_Mutex.h>
#include <ace/Semaphore.h>
#include <ace/Task.h>
#include <ace/Thread.h>

static ACE_THR_FUNC_RETURN body(void *Data) { return 0; }

void tasks(ACE_Task<ACE_MT_SYNCH> &Task, ACE_Thread_Manager &Threads, ACE_thread_t Thread) {
  ACE_Message_Block *Block = nullptr;
  Task.activate();
  Task.putq(Block);
  Task.getq(Block);
  Task.msg_queue();
  Task.wait();
  Threads.spawn(body);
  Threads.spawn_n(2, body);
  Threads.cancel_all();
  Threads.testcancel(Thread);
  Threads.wait();
  ACE_Thread_Manager::instance();
  ACE_Thread::join(Thread, nullptr, nullptr);
}

void queues(ACE_Message_Queue<ACE_MT_SYNCH> &Queue) {
  ACE_Message_Block *Block = nullptr;
  Queue.enqueue_tail(Block);
  Queue.dequeue_head(Block);
  Queue.deactivate();
  Queue.deactivated();
}

void waits(ACE_Condition<ACE_Thread_Mutex> &Condition, ACE_Semaphore &Slots, ACE_Barrier &Barrier) {
  Condition.wait();
  Condition.signal();
  Condition.broadcast();
  Slots.acquire();
  Slots.tryacquire();
  Slots.release();
  Barrier.wait();
}

void locks(ACE_Thread_Mutex &Mutex, ACE_Recursive_Thread_Mutex &Recursive) {
  Mutex.acquire();
  Mutex.tryacquire();
  Mutex.release();
  Recursive.acquire();
  ACE_Guard<ACE_Thread_Mutex> Guard(Mutex);
  Guard.locked();
  Guard.release();
  Guard.tryacquire();
  Guard.acquire();
}

void loops(ACE_Reactor &Reactor, ACE_Proactor &Proactor) {
  Reactor.run_reactor_event_loop();
  Reactor.end_reactor_event_loop();
  Reactor.handle_events();
  Reactor.notify();
  Proactor.proactor_run_event_loop();
  Proactor.proactor_end_event_loop();
}
