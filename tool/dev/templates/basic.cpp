// RUN: %check_tether %s @ID@
#include <thread>

void work();

void TODO_a_sentence_bad() {
  std::thread(work).detach();
  // CHECK-MESSAGES: :[[@LINE-1]]:21: warning: TODO the object's name and the consequence [tether-@ID@]
}

void TODO_a_sentence_ok() {
  std::thread T(work);
  T.join();
}
