// flags: -std=c++17 -I/usr/include/glibmm-2.4 -I/usr/lib/x86_64-linux-gnu/glibmm-2.4/include -I/usr/include/giomm-2.4 -I/usr/lib/x86_64-linux-gnu/giomm-2.4/include -I/usr/include/sigc++-2.0 -I/usr/lib/x86_64-linux-gnu/sigc++-2.0/include -I/usr/include/glib-2.0 -I/usr/lib/x86_64-linux-gnu/glib-2.0/include
// needs: /usr/include/glibmm-2.4/glibmm.h
// needs: /usr/include/giomm-2.4/giomm.h
#include <giomm.h>
#include <glibmm.h>
#include <glibmm/threads.h>

static void body() {}

void tasks(Glib::ThreadPool &Pool, const Glib::RefPtr<Gio::Cancellable> &Stop) {
  Glib::Threads::Thread *Thread = Glib::Threads::Thread::create(sigc::ptr_fun(body));
  Thread->join();
  Pool.push(sigc::ptr_fun(body));
  Pool.shutdown();
  Stop->connect(sigc::ptr_fun(body));
  Stop->is_cancelled();
  Stop->cancel();
}

void waits(Glib::Threads::Cond &Condition, Glib::Threads::Mutex &Mutex,
           Glib::Threads::RecMutex &Recursive, Glib::Threads::RWLock &Shared,
           Glib::MainLoop &Loop) {
  Glib::Threads::Mutex::Lock Guard(Mutex), Later(Mutex, Glib::Threads::NOT_LOCK);
  Glib::Threads::RWLock::ReaderLock Reader(Shared);
  Condition.wait(Mutex);
  Condition.wait_until(Mutex, 1);
  Condition.signal();
  Condition.broadcast();
  Mutex.lock();
  Mutex.trylock();
  Mutex.unlock();
  Recursive.lock();
  Shared.reader_lock();
  Shared.reader_unlock();
  Shared.writer_lock();
  Shared.writer_unlock();
  Loop.run();
  Loop.quit();
}

void sockets(const Glib::RefPtr<Gio::Socket> &Socket, char *Data) {
  Socket->set_timeout(1);
  Socket->accept();
  Socket->receive(Data, 1);
  Socket->close();
}
