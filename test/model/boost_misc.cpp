// flags: -std=c++17
// needs: /usr/include/boost/process/child.hpp
#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>
#include <boost/lockfree/stack.hpp>
#include <boost/process/child.hpp>
#include <boost/process/system.hpp>
#include <boost/signals2.hpp>

void queues(boost::lockfree::queue<int> &Queue, boost::lockfree::spsc_queue<int> &Single,
            boost::lockfree::stack<int> &Stack) {
  int Value;
  Queue.push(1);
  Queue.pop(Value);
  Queue.empty();
  Single.push(1);
  Stack.pop(Value);
}

void processes(boost::process::child &Child) {
  Child.wait();
  Child.wait_for(std::chrono::seconds(1));
  Child.join();
  Child.terminate();
  boost::process::system("true");
}

void signals(boost::signals2::signal<void()> &Signal) {
  boost::signals2::scoped_connection Kept(Signal.connect([] {}));
}
