// RUN: %check_tether %s stored-stop-token
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

bool step();

// As a part of an entry.

class Thumbnails {
public:
  void add_bad(int Id, std::stop_token Stop) {
    All.emplace(Id, Entry{Stop, 3});
    // CHECK-MESSAGES: :[[@LINE-1]]:27: warning: token 'Stop' outlives the operation that 'add_bad' was called for: 'All' keeps it [tether-stored-stop-token]
    // CHECK-NOTES: :[[@LINE+13]]:21: note: this is the token that is kept
    // CHECK-NOTES: :[[@LINE-3]]:27: note: it is kept here, and nothing takes it out again
    // CHECK-NOTES: :[[@LINE-4]]:27: note: pass the token to the functions that need it instead of keeping it
  }
  int refresh() {
    int Sum = 0;
    for (auto &[Id, E] : All)
      Sum += E.Stop.stop_requested() ? 0 : E.Width;
    return Sum;
  }

private:
  struct Entry {
    std::stop_token Stop;
    int Width;
  };
  std::map<int, Entry> All;
};

class Jobs { // taken out again
public:
  void add_ok(std::stop_token Stop, int Id) { Waiting.push_back(Job{Stop, Id}); }
  void run() {
    Job Next = Waiting.front();
    Waiting.pop_front();
    if (!Next.Stop.stop_requested())
      step();
  }

private:
  struct Job {
    std::stop_token Stop;
    int Id;
  };
  std::deque<Job> Waiting;
};

// In the options of an object that is kept.

struct Options {
  std::string Layer;
  std::stop_token Stop;
};

class Layer {
public:
  explicit Layer(Options O) : Mine(std::move(O)) {}
  bool load() { return !Mine.Stop.stop_requested() && step(); }

private:
  const Options Mine;
};

class Client {
public:
  bool load_bad(const std::string &Name, std::stop_token Stop) {
    auto &Known = Layers[Name];
    if (!Known) {
      Options O{Name, Stop};
      // CHECK-MESSAGES: :[[@LINE-1]]:23: warning: token 'Stop' outlives the operation that 'load_bad' was called for: 'Layers' keeps it [tether-stored-stop-token]
      // CHECK-NOTES: :[[@LINE-19]]:19: note: this is the token that is kept
      // CHECK-NOTES: :[[@LINE+2]]:15: note: it is kept here, and nothing takes it out again
      // CHECK-NOTES: :[[@LINE-4]]:23: note: pass the token to the functions that need it instead of keeping it
      Known = std::make_shared<Layer>(std::move(O));
    }
    return Known->load();
  }

private:
  std::map<std::string, std::shared_ptr<Layer>> Layers;
};

bool local_ok(const std::string &Name, std::stop_token Stop) {
  Layer Once({Name, Stop});
  return Once.load();
}

class Service { // the token that it is made with is that of its own life
public:
  explicit Service(std::stop_token Stop) {
    for (int Id = 0; Id != 3; ++Id)
      Parts_ok.push_back(std::make_unique<Layer>(Options{"part", Stop}));
  }

private:
  std::vector<std::unique_ptr<Layer>> Parts_ok;
};
