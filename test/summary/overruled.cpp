// What a table or an attribute says of a class stands in place of what could be found out.
// RUN: rm -rf %t && mkdir %t && cp %s %t/overruled.cpp
// RUN: %tether model --inferred %t/overruled.cpp -- -std=c++20 | FileCheck %s --check-prefix=FOUND
// FOUND: {type: Mail, is: channel}
// RUN: echo 'types: [{type: Mail, is: none}]' > %t/.tether.yaml
// RUN: %tether model --inferred %t/overruled.cpp -- -std=c++20 | FileCheck %s --check-prefix=NONE
// NONE: # nothing was inferred
// RUN: echo 'calls: [{call: Mail::put, is: notify}, {call: Mail::get, is: wait}]' > %t/lines.yaml
// RUN: rm %t/.tether.yaml
// RUN: %tether model --inferred --model=%t/lines.yaml %t/overruled.cpp -- -std=c++20 | FileCheck %s --check-prefix=NONE
// RUN: not %tether model --inferred --model=%t/none.yaml %t/overruled.cpp -- -std=c++20 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: %tether model --inferred %t/overruled.cpp -- -std=c++20 -DSAID | FileCheck %s --check-prefix=NONE
// MISSING: tether: error: {{.*}}none.yaml: {{.*}}
// RUN: not %tether model --inferred %t/vanished.cpp -- -std=c++20 2>&1 | FileCheck %s --check-prefix=VANISHED
// VANISHED: vanished.cpp

#include <condition_variable>
#include <deque>
#include <mutex>

class Mail {
public:
#ifdef SAID
  [[clang::annotate("tether::poll")]] bool full() const;
#endif
  void put(int Value) {
    std::lock_guard Lock(M);
    Items.push_back(Value);
    C.notify_one();
  }
  int get() {
    std::unique_lock Lock(M);
    C.wait(Lock, [this] { return !Items.empty(); });
    int Value = Items.front();
    Items.pop_front();
    return Value;
  }

private:
  std::mutex M;
  std::condition_variable C;
  std::deque<int> Items;
};

int use(Mail &Box) { return Box.get(); }
void fill(Mail &Box) { Box.put(1); }
