// RUN: %check_tether %s blocking-under-lock
#include <functional>
#include <map>
#include <mutex>
#include <stop_token>

namespace work {
template <typename T> struct Rendezvous {
  void send(T);
  bool send(T, std::stop_token);
  T receive();
};
template <typename T> struct Queue { // has room
  void send(T);
  T receive();
};
} // namespace work

class Hub_bad {
public:
  void publish(int Event) {
    std::lock_guard Lock(Mutex);
    for (auto &Each : Listeners)
      Each.second->send(Event);
      // CHECK-MESSAGES: :[[@LINE-1]]:20: warning: a send on 'second' may block while 'Mutex' is held: whoever needs 'Mutex' waits, too [tether-blocking-under-lock]
  }
  void remove(int Id) {
    std::lock_guard Lock(Mutex);
    Listeners.erase(Id);
  }

private:
  std::mutex Mutex;
  std::map<int, work::Rendezvous<int> *> Listeners;
};

class Hub_with_token_ok {
public:
  void publish(int Event, std::stop_token Stop) {
    std::lock_guard Lock(Mutex);
    for (auto &Each : Listeners)
      Each.second->send(Event, Stop);
  }
  void remove(int Id) {
    std::lock_guard Lock(Mutex);
    Listeners.erase(Id);
  }

private:
  std::mutex Mutex;
  std::map<int, work::Rendezvous<int> *> Listeners;
};

class Hub_with_room_ok {
public:
  void publish(int Event) {
    std::lock_guard Lock(Mutex);
    for (auto &Each : Listeners)
      Each.second->send(Event);
  }
  void remove(int Id) {
    std::lock_guard Lock(Mutex);
    Listeners.erase(Id);
  }

private:
  std::mutex Mutex;
  std::map<int, work::Queue<int> *> Listeners;
};

class Hub_unlocked_ok {
public:
  void publish(int Event) {
    std::map<int, work::Rendezvous<int> *> Copy;
    {
      std::lock_guard Lock(Mutex);
      Copy = Listeners;
    }
    for (auto &Each : Copy)
      Each.second->send(Event);
  }
  void remove(int Id) {
    std::lock_guard Lock(Mutex);
    Listeners.erase(Id);
  }

private:
  std::mutex Mutex;
  std::map<int, work::Rendezvous<int> *> Listeners;
};
