// RUN: %check_tether %s detached-thread
#include <memory>
#include <thread>
#include <utility>
#include <vector>

void work();

std::thread returned_ok() { return std::thread(work); }

std::pair<std::thread, int> returned_in_a_pair_ok() { return {std::thread(work), 1}; }

void kept_by_the_caller_ok(std::vector<std::thread> &Workers) { Workers.emplace_back(work); }

void moved_to_the_caller_ok(std::thread &Out) {
  std::thread Worker(work);
  Out = std::move(Worker);
}

class Owner_ok {
public:
  void start() { Worker = std::make_unique<std::thread>(work); }
  ~Owner_ok() {
    if (Worker && Worker->joinable())
      Worker->join();
  }

private:
  std::unique_ptr<std::thread> Worker;
};

// Other things are detached too.
struct Node {
  Node *Parent = nullptr;
  void detach() { Parent = nullptr; }
};

void removed_from_a_tree_ok(Node &N) { N.detach(); }

void detach(int Device);

void device_is_detached_ok(int Device) { detach(Device); }

// A wrapper that only carries the name.
class Task {
public:
  ~Task() { Worker.join(); }
  void detach_ok() { Detached = true; }

private:
  bool Detached = false;
  std::thread Worker{work};
};
