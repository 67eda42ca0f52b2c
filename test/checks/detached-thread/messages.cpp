// RUN: %check_tether %s detached-thread
#include <string>
#include <thread>

void save(const std::string &Text);
void work();

void nothing_is_captured_bad() {
  std::thread Worker(work);
  Worker.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Worker' is detached: nothing can wait for its end or stop it [tether-detached-thread]
  // CHECK-NOTES: :[[@LINE-3]]:15: note: the task starts here
  // CHECK-NOTES: :[[@LINE-3]]:10: note: let it join at the end of its block
  // CHECK-NOTES: :[[@LINE-4]]:10: note: keep the handle, tell the task to stop, and join it before what it uses is destroyed
}

void one_local_bad() {
  std::string Text;
  std::thread Writer([&Text] { save(Text); });
  Writer.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Writer' is detached: it goes on using 'Text' after 'one_local_bad' has returned [tether-detached-thread]
  // CHECK-NOTES: :[[@LINE-3]]:15: note: the task starts here
  // CHECK-NOTES: :[[@LINE-3]]:10: note: let it join at the end of its block
  // CHECK-NOTES: :[[@LINE-4]]:10: note: keep the handle, tell the task to stop, and join it before what it uses is destroyed
}

void two_objects_bad(std::string First) {
  std::string Second;
  std::thread Writer([&] {
    save(First);
    save(Second);
  });
  Writer.detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:10: warning: thread 'Writer' is detached: it goes on using 'First', 'Second' after 'two_objects_bad' has returned [tether-detached-thread]
  // CHECK-NOTES: :[[@LINE-6]]:15: note: the task starts here
  // CHECK-NOTES: :[[@LINE-3]]:10: note: let it join at the end of its block
  // CHECK-NOTES: :[[@LINE-4]]:10: note: keep the handle, tell the task to stop, and join it before what it uses is destroyed
}

class Journal {
public:
  void this_object_bad() {
    std::thread([this] { save(Text); }).detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:41: warning: temporary thread is detached: it goes on using 'this' after the object is destroyed [tether-detached-thread]
    // CHECK-NOTES: :[[@LINE-2]]:5: note: the task starts here
    // CHECK-NOTES: :[[@LINE-3]]:41: note: keep it in a variable that joins it at the end of the block
    // CHECK-NOTES: :[[@LINE-4]]:41: note: keep the handle, tell the task to stop, and join it before what it uses is destroyed
  }
  // A local is worse than the object.
  void this_and_a_local_bad(int Length) {
    std::thread Writer([&] { save(Text.substr(0, Length)); });
    Writer.detach();
    // CHECK-MESSAGES: :[[@LINE-1]]:12: warning: thread 'Writer' is detached: it goes on using 'Length' after 'this_and_a_local_bad' has returned [tether-detached-thread]
    // CHECK-NOTES: :[[@LINE-3]]:17: note: the task starts here
    // CHECK-NOTES: :[[@LINE-3]]:12: note: let it join at the end of its block
    // CHECK-NOTES: :[[@LINE-4]]:12: note: keep the handle, tell the task to stop, and join it before what it uses is destroyed
  }

private:
  std::string Text;
};

void temporary_bad() {
  std::thread(work).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: temporary thread is detached: nothing can wait for its end or stop it [tether-detached-thread]
  // CHECK-NOTES: :[[@LINE-2]]:3: note: the task starts here
  // CHECK-NOTES: :[[@LINE-3]]:21: note: keep it in a variable that joins it at the end of the block
  // CHECK-NOTES: :[[@LINE-4]]:21: note: keep the handle, tell the task to stop, and join it before what it uses is destroyed
}
