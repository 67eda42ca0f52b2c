// flags: -std=c++17
// needs: /usr/include/thrift/concurrency/ThreadManager.h
#include <thrift/concurrency/Monitor.h>
#include <thrift/concurrency/Mutex.h>
#include <thrift/concurrency/ThreadManager.h>
#include <thrift/server/TServer.h>

using namespace apache::thrift::concurrency;

void tasks(Thread &Worker, ThreadManager &Workers, std::shared_ptr<Runnable> Work) {
  Worker.start();
  Worker.join();
  Workers.add(Work);
  Workers.stop();
}

void waits(Monitor &State, Mutex &Plain) {
  Synchronized Both(State);
  Guard One(Plain);
  State.mutex();
  State.wait();
  State.waitForever();
  State.waitForTimeRelative(std::chrono::milliseconds(1));
  State.notify();
  State.notifyAll();
  Plain.lock();
  Plain.trylock();
  Plain.timedlock(1);
  Plain.unlock();
}

void servers(apache::thrift::server::TServer &Server) {
  Server.serve();
  Server.stop();
}
