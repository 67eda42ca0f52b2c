// flags: -std=c++17
// needs: /usr/include/Poco/Thread.h
// needs: /usr/include/Poco/Net/ServerSocket.h
#include <Poco/ActiveResult.h>
#include <Poco/Activity.h>
#include <Poco/Condition.h>
#include <Poco/Event.h>
#include <Poco/Mutex.h>
#include <Poco/Net/DatagramSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/NotificationQueue.h>
#include <Poco/PriorityNotificationQueue.h>
#include <Poco/RWLock.h>
#include <Poco/Semaphore.h>
#include <Poco/Task.h>
#include <Poco/TaskManager.h>
#include <Poco/Thread.h>
#include <Poco/ThreadPool.h>
#include <Poco/TimedNotificationQueue.h>

using namespace Poco;

struct Worker {
  void run() {}
};

void tasks(Thread &One, ThreadPool &Pool, Activity<Worker> &Active, Task &Work, TaskManager &Tasks,
           Runnable &Body, ActiveResult<int> &Result) {
  One.start(Body);
  One.isRunning();
  One.wakeUp();
  One.join();
  One.join(1);
  Thread::sleep(1);
  Thread::trySleep(1);
  Pool.start(Body);
  Pool.startWithPriority(Thread::PRIO_LOW, Body);
  Pool.joinAll();
  Active.start();
  Active.isStopped();
  Active.stop();
  Active.wait();
  Active.wait(1);
  Tasks.start(&Work);
  Work.isCancelled();
  Work.cancel();
  Tasks.cancelAll();
  Tasks.joinAll();
  Result.wait();
  Result.wait(1);
}

void waits(Event &Flag, Semaphore &Slots, Condition &State, Mutex &Lock, FastMutex &Fast,
           RWLock &Shared) {
  Mutex::ScopedLock Guard(Lock);
  ScopedLockWithUnlock<FastMutex> Other(Fast);
  ScopedRWLock Third(Shared);
  Flag.wait();
  Flag.wait(1);
  Flag.set();
  Slots.wait();
  Slots.wait(1);
  Slots.set();
  State.wait(Lock);
  State.wait(Lock, 1);
  State.signal();
  State.broadcast();
  Lock.lock();
  Lock.lock(1);
  Lock.tryLock();
  Lock.tryLock(1);
  Lock.unlock();
  Shared.readLock();
  Shared.writeLock();
  Shared.unlock();
}

void queues(NotificationQueue &Queue, PriorityNotificationQueue &Sorted,
            TimedNotificationQueue &Timed) {
  Queue.enqueueNotification(nullptr);
  Queue.waitDequeueNotification();
  Queue.waitDequeueNotification(1);
  Queue.dequeueNotification();
  Queue.wakeUpAll();
  Sorted.wakeUpAll();
  Timed.dequeueNotification();
}

void sockets(Net::StreamSocket &Stream, Net::ServerSocket &Server, Net::DatagramSocket &Datagrams,
             Net::SocketAddress &From) {
  char Data[8];
  Stream.receiveBytes(Data, 8);
  Server.acceptConnection();
  Datagrams.receiveFrom(Data, 8, From);
}
