// RUN: %check_tether %s unjoined-thread
#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <thread>
#include <utility>
#include <vector>

bool ready();
void work();
void adopt(std::thread Worker);
void adoptAll(std::vector<std::thread> Workers);
void look(std::thread &Worker);

// The thread goes on to somebody else.

std::thread returned_ok() {
  std::thread Worker(work);
  ready();
  return Worker;
}

std::vector<std::thread> returned_in_a_container_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  return Workers;
}

void moved_to_a_function_ok() {
  std::thread Worker(work);
  adopt(std::move(Worker));
}

void container_moved_to_a_function_ok() {
  std::vector<std::thread> Workers;
  Workers.emplace_back(work);
  adoptAll(std::move(Workers));
}

void lent_to_an_unknown_function_ok() {
  std::thread Worker(work);
  look(Worker);
}

void moved_to_the_caller_ok(std::thread &Out) {
  std::thread Worker(work);
  Out = std::move(Worker);
}

void swapped_with_the_caller_ok(std::thread &Out) {
  std::thread Worker(work);
  Worker.swap(Out);
}

void container_swapped_with_the_caller_ok(std::vector<std::thread> &Out) {
  std::vector<std::thread> Workers;
  Workers.emplace_back(work);
  Out.swap(Workers);
}

void pushed_into_a_container_ok(std::vector<std::thread> &Out) {
  std::thread Worker(work);
  Out.push_back(std::move(Worker));
}

void moved_one_by_one_ok(std::vector<std::thread> &Out) {
  std::vector<std::thread> Workers;
  Workers.emplace_back(work);
  std::move(Workers.begin(), Workers.end(), std::back_inserter(Out));
}

void moved_into_a_task_ok() {
  std::thread Worker(work);
  std::thread Waiter([Worker = std::move(Worker)]() mutable { Worker.join(); });
  Waiter.join();
}

void moved_to_another_local_ok() {
  std::thread Worker(work);
  std::thread Other = std::move(Worker);
  Other.join();
}

// It is asked whether there is a thread.

void asks_joinable_ok(bool Background) {
  std::thread Worker;
  if (Background)
    Worker = std::thread(work);
  ready();
  if (Worker.joinable())
    Worker.join();
}

void returns_when_not_joinable_ok(bool Background) {
  std::thread Worker;
  if (Background)
    Worker = std::thread(work);
  ready();
  if (!Worker.joinable())
    return;
  Worker.join();
}

void asks_joinable_and_more_ok(bool Background) {
  std::thread Worker;
  if (Background)
    Worker = std::thread(work);
  if (Background && Worker.joinable())
    Worker.join();
}

void keeps_the_answer_ok(bool Background) {
  std::thread Worker;
  if (Background)
    Worker = std::thread(work);
  const bool Runs = Worker.joinable();
  if (Runs)
    Worker.join();
}

void asks_for_the_id_ok(bool Background) {
  std::thread Worker;
  if (Background)
    Worker = std::thread(work);
  ready();
  if (Worker.get_id() != std::thread::id())
    Worker.join();
}

void asks_the_optional_ok(bool Background) {
  std::optional<std::thread> Worker;
  if (Background)
    Worker.emplace(work);
  if (Worker)
    Worker->join();
}

void started_or_not_ok(bool Background) {
  std::thread Worker = Background ? std::thread(work) : std::thread();
  if (Worker.joinable())
    Worker.join();
}

// Another name of it.

void joined_through_a_reference_ok() {
  std::thread Worker(work);
  std::thread &Same = Worker;
  Same.join();
}

void joined_through_a_pointer_ok() {
  std::thread Worker(work);
  std::thread *Same = &Worker;
  Same->join();
}

void joined_through_an_array_of_pointers_ok() {
  std::thread First(work), Second(work);
  std::thread *All[] = {&First, &Second};
  for (std::thread *Worker : All)
    Worker->join();
}

void joined_through_a_list_ok() {
  std::thread First(work), Second(work);
  for (std::thread *Worker : {&First, &Second})
    Worker->join();
}

void joined_through_reference_wrappers_ok() {
  std::thread First(work), Second(work);
  std::vector<std::reference_wrapper<std::thread>> All{First, Second};
  for (std::thread &Worker : All)
    Worker.join();
}

void joined_by_a_lambda_ok() {
  std::thread Worker(work);
  auto Finish = [&] { Worker.join(); };
  if (!ready()) {
    Finish();
    return;
  }
  Finish();
}

void joined_by_a_bound_call_ok() {
  std::thread Worker(work);
  auto Finish = std::bind(&std::thread::join, &Worker);
  Finish();
}

// Owning pointers.

void owned_ok() {
  auto Worker = std::make_unique<std::thread>(work);
  Worker->join();
}

void owned_bad() {
  auto Worker = std::make_unique<std::thread>(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:8: warning: thread 'Worker' is destroyed while it can be joined:
  if (!ready())
    return;
  Worker->join();
}

void owned_in_a_container_ok(int Count) {
  std::vector<std::unique_ptr<std::thread>> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.push_back(std::make_unique<std::thread>(work));
  for (auto &Worker : Workers)
    Worker->join();
}

void shared_ok(std::function<void()> &Out) {
  auto Worker = std::make_shared<std::thread>(work);
  Out = [Worker] { Worker->join(); };
}

void by_hand_ok() {
  auto *Worker = new std::thread(work);
  Worker->join();
  delete Worker;
}

class Owns_ok {
public:
  void start() { Worker = std::make_unique<std::thread>(work); }
  ~Owns_ok() {
    if (Worker)
      Worker->join();
  }

private:
  std::unique_ptr<std::thread> Worker;
};

class Owns_bad {
public:
  void start() { Worker = std::make_unique<std::thread>(work); }

private:
  std::unique_ptr<std::thread> Worker;
  // CHECK-MESSAGES: :[[@LINE-1]]:32: warning: thread 'Worker' is destroyed while it can be joined: no function of 'Owns_bad' joins it:
};

// Containers, and the ways through them.

void joined_by_an_iterator_ok(int Count) {
  std::list<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  for (auto It = Workers.begin(); It != Workers.end(); ++It)
    It->join();
}

void joined_and_popped_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  while (!Workers.empty()) {
    Workers.back().join();
    Workers.pop_back();
  }
}

void joined_if_joinable_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  for (std::thread &Worker : Workers)
    if (Worker.joinable())
      Worker.join();
}

void joined_by_an_algorithm_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  std::for_each(Workers.begin(), Workers.end(), std::mem_fn(&std::thread::join));
}

void joined_by_a_range_algorithm_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  std::ranges::for_each(Workers, &std::thread::join);
}

void detached_one_by_one_ok(int Count) {
  std::vector<std::thread> Workers;
  for (int I = 0; I < Count; ++I) {
    std::thread &Worker = Workers.emplace_back(work);
    Worker.detach();
  }
}

void values_of_a_map_ok(int Count) {
  std::map<int, std::thread> Workers;
  for (int I = 0; I < Count; ++I)
    Workers[I] = std::thread(work);
  for (auto &[Key, Worker] : Workers)
    Worker.join();
}

void assigned_and_joined_by_index_ok() {
  std::array<std::thread, 4> Workers;
  for (std::thread &Worker : Workers)
    Worker = std::thread(work);
  for (std::size_t I = 0; I < Workers.size(); ++I)
    Workers[I].join();
}

void plain_array_ok() {
  std::thread Workers[2] = {std::thread(work), std::thread(work)};
  Workers[0].join();
  Workers[1].join();
}

void plain_array_bad() {
  std::thread Workers[2];
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Workers' is destroyed while it can be joined:
  for (std::thread &Worker : Workers)
    Worker = std::thread(work);
}

// Guards.

class Joiner {
public:
  explicit Joiner(std::thread &Worker) : Worker(Worker) {}
  ~Joiner() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread &Worker;
};

void guard_ok() {
  std::thread Worker(work);
  Joiner Guard(Worker);
  if (!ready())
    throw 1;
}

void guard_before_the_start_ok() {
  std::thread Worker;
  Joiner Guard(Worker);
  Worker = std::thread(work);
  if (!ready())
    throw 1;
}

// A guard anywhere in the function counts when an exception passes, also one that comes too late.
void FN_guard_comes_late() {
  std::thread Worker(work);
  if (!ready())
    throw 1;
  Joiner Guard(Worker);
}

struct Watcher {
  explicit Watcher(std::thread &Worker) : Worker(Worker) {}
  ~Watcher() { (void)Worker.get_id(); }
  std::thread &Worker;
};

void guard_does_not_join_bad() {
  std::thread Worker(work);
  // CHECK-MESSAGES: :[[@LINE-1]]:15: warning: thread 'Worker' is destroyed while it can be joined:
  Watcher Guard(Worker);
  if (!ready())
    throw 1;
  Worker.join();
}

struct JoinAll {
  std::vector<std::thread> &Workers;
  ~JoinAll() {
    for (std::thread &Worker : Workers)
      Worker.join();
  }
};

void guard_of_a_container_ok(int Count) {
  std::vector<std::thread> Workers;
  JoinAll Guard{Workers};
  for (int I = 0; I < Count; ++I)
    Workers.emplace_back(work);
  if (!ready())
    throw 1;
}

class JoiningThread {
public:
  explicit JoiningThread(std::thread Worker) : Worker(std::move(Worker)) {}
  ~JoiningThread() { Worker.join(); }

private:
  std::thread Worker;
};

void joining_thread_ok() {
  JoiningThread Worker{std::thread(work)};
  if (!ready())
    throw 1;
}

void joining_thread_takes_over_ok() {
  std::thread Worker(work);
  JoiningThread Guard(std::move(Worker));
  if (!ready())
    throw 1;
}

template <typename F> struct Finally {
  F Run;
  ~Finally() { Run(); }
};

void finally_ok() {
  std::thread Worker(work);
  Finally Guard{[&] { Worker.join(); }};
  if (!ready())
    throw 1;
}

void deleter_joins_ok() {
  std::thread Worker(work);
  auto Join = [](std::thread *T) { T->join(); };
  std::unique_ptr<std::thread, decltype(Join)> Guard(&Worker, Join);
  if (!ready())
    throw 1;
}

class GuardsItsMember_ok {
public:
  GuardsItsMember_ok() : Worker(work), Guard(Worker) {
    if (!ready())
      throw 1;
  }

private:
  std::thread Worker;
  Joiner Guard;
};

// Members: start, stop, and flags.

class StopIsIdempotent_ok {
public:
  void start() {
    stop();
    Worker = std::thread(work);
  }
  void stop() {
    if (Worker.joinable())
      Worker.join();
  }
  ~StopIsIdempotent_ok() { stop(); }

private:
  std::thread Worker;
};

class ReturnsWhenNotRunning_ok {
public:
  void start() {
    if (Running)
      return;
    Running = true;
    Worker = std::thread(work);
  }
  void stop() {
    if (!Running)
      return;
    Running = false;
    Worker.join();
  }
  ~ReturnsWhenNotRunning_ok() { stop(); }

private:
  bool Running = false;
  std::thread Worker;
};

class FlagInItsDestructor_ok {
public:
  void start() {
    Running = true;
    Worker = std::thread(work);
  }
  ~FlagInItsDestructor_ok() {
    if (Running)
      Worker.join();
  }

private:
  bool Running = false;
  std::thread Worker;
};

class AtomicFlag_ok {
public:
  void start() {
    if (!Running.exchange(true))
      Worker = std::thread(work);
  }
  ~AtomicFlag_ok() {
    if (Running.exchange(false))
      Worker.join();
  }

private:
  std::atomic<bool> Running{false};
  std::thread Worker;
};

class StateInItsDestructor_ok {
public:
  void start() {
    Now = State::Running;
    Worker = std::thread(work);
  }
  ~StateInItsDestructor_ok() {
    if (Now == State::Running)
      Worker.join();
  }

private:
  enum class State { Idle, Running };
  State Now = State::Idle;
  std::thread Worker;
};

class FlagBehindAFunction_ok {
public:
  void start() {
    Running = true;
    Worker = std::thread(work);
  }
  bool isRunning() const { return Running; }
  ~FlagBehindAFunction_ok() {
    if (!isRunning())
      return;
    Worker.join();
  }

private:
  bool Running = false;
  std::thread Worker;
};

class JoinsOrDetaches_ok {
public:
  JoinsOrDetaches_ok() : Worker(work) {}
  ~JoinsOrDetaches_ok() {
    if (std::this_thread::get_id() == Worker.get_id())
      Worker.detach();
    else
      Worker.join();
  }

private:
  std::thread Worker;
};

class JoinsWithCallOnce_ok {
public:
  JoinsWithCallOnce_ok() : Worker(work) {}
  ~JoinsWithCallOnce_ok() {
    std::call_once(Joined, [this] { Worker.join(); });
  }

private:
  std::once_flag Joined;
  std::thread Worker;
};

class ReturnsWhenEmpty_ok {
public:
  void start() { Workers.emplace_back(work); }
  ~ReturnsWhenEmpty_ok() {
    if (Workers.empty())
      return;
    for (std::thread &Worker : Workers)
      Worker.join();
  }

private:
  std::vector<std::thread> Workers;
};

class JoinsBoth_ok {
public:
  JoinsBoth_ok() : Reader(work), Writer(work) {}
  ~JoinsBoth_ok() {
    for (std::thread *Worker : {&Reader, &Writer})
      Worker->join();
  }

private:
  std::thread Reader;
  std::thread Writer;
};

class JoinsWhatItMovesOut_ok {
public:
  void start() { Worker = std::thread(work); }
  ~JoinsWhatItMovesOut_ok() {
    std::thread Last = std::move(Worker);
    if (Last.joinable())
      Last.join();
  }

private:
  std::thread Worker;
};

class JoinsWhatItSwapsOut_ok {
public:
  void start() { std::thread(work).swap(Worker); }
  ~JoinsWhatItSwapsOut_ok() {
    std::thread Last;
    Last.swap(Worker);
    if (Last.joinable())
      Last.join();
  }

private:
  std::thread Worker;
};

class ClosesBeforeItIsAssigned_ok {
public:
  ClosesBeforeItIsAssigned_ok &operator=(ClosesBeforeItIsAssigned_ok &&Other) {
    if (this != &Other) {
      close();
      Worker = std::move(Other.Worker);
    }
    return *this;
  }
  ~ClosesBeforeItIsAssigned_ok() { close(); }
  void start() { Worker = std::thread(work); }
  void close() {
    if (Worker.joinable())
      Worker.join();
  }

private:
  std::thread Worker;
};

class LastOneJoins_ok {
public:
  LastOneJoins_ok() : Worker(work) {}
  void add() { ++Users; }
  ~LastOneJoins_ok() {
    if (--Users == 0)
      Worker.join();
  }

private:
  int Users = 1;
  std::thread Worker;
};

class PoolThatStopsWhenAStartFails_ok {
public:
  explicit PoolThatStopsWhenAStartFails_ok(int Count) {
    try {
      for (int I = 0; I < Count; ++I)
        Workers.emplace_back(work);
    } catch (...) {
      stop();
      throw;
    }
  }
  ~PoolThatStopsWhenAStartFails_ok() { stop(); }
  void stop() {
    for (std::thread &Worker : Workers)
      if (Worker.joinable())
        Worker.join();
  }

private:
  std::vector<std::thread> Workers;
};

class DetachesAtOnce_ok {
public:
  void start() {
    Worker = std::thread(work);
    Worker.detach();
  }

private:
  std::thread Worker;
};

class DestructorIsElsewhere_ok {
public:
  void start() { Worker = std::thread(work); }
  ~DestructorIsElsewhere_ok();

private:
  std::thread Worker;
};

class GivesItAway_ok {
public:
  void start() { Worker = std::thread(work); }
  std::thread take() { return std::move(Worker); }

private:
  std::thread Worker;
};

class ShowsIt_ok {
public:
  void start() { Worker = std::thread(work); }
  std::thread &worker() { return Worker; }

private:
  std::thread Worker;
};

class Base {
public:
  void start() { Worker = std::thread(work); }

protected:
  std::thread Worker;
};

class JoinedByTheDerivedClass_ok : public Base {
public:
  ~JoinedByTheDerivedClass_ok() { Worker.join(); }
};

class MemberIsMoved_ok {
public:
  MemberIsMoved_ok &operator=(MemberIsMoved_ok &&) = default;
  void start() { Worker = std::thread(work); }
  void wait() { Worker.join(); }

private:
  std::thread Worker;
};

// Structs that have a thread.

struct Job {
  std::thread Worker;
  int Id = 0;
};

Job built_member_by_member_ok() {
  Job Result;
  Result.Worker = std::thread(work);
  return Result;
}

void joined_in_a_struct_ok(int Count) {
  std::vector<Job> Jobs;
  for (int I = 0; I < Count; ++I)
    Jobs.push_back({std::thread(work), I});
  for (Job &One : Jobs)
    One.Worker.join();
}

void FN_member_of_a_local(int Id) { // members of locals are not followed
  Job One{std::thread(work), Id};
  if (!ready())
    return;
  One.Worker.join();
}

// A handle is not the thread: it has no destructor, and to drop it leaks the thread.

void *serve(void *Data);

void handle_is_dropped_ok() {
  pthread_t Worker;
  if (pthread_create(&Worker, nullptr, serve, nullptr) != 0)
    return;
  if (!ready())
    throw 1;
  pthread_join(Worker, nullptr);
}

class HandleIsAMember_ok {
public:
  void start() { pthread_create(&Worker, nullptr, serve, nullptr); }

private:
  pthread_t Worker;
};

// Other files may join it.

std::thread Global;

void global_ok() { Global = std::thread(work); }

// Destroyed at the end of the program, which is no better.

static std::thread OfThisFile_bad;
// CHECK-MESSAGES: :[[@LINE-1]]:20: warning: thread 'OfThisFile_bad' is destroyed while it can be joined: nothing joins it before the program ends: the program is terminated

void ofThisFile() { OfThisFile_bad = std::thread(work); }

static std::thread Joined_ok;

void joined() { Joined_ok = std::thread(work); }
void atTheEnd() { Joined_ok.join(); }

void static_bad() { static std::thread Worker(work); }
// CHECK-MESSAGES: :[[@LINE-1]]:40: warning: thread 'Worker' is destroyed while it can be joined: nothing joins it before the program ends

// A deleter of the program's own is there to join.

struct JoinAndDelete {
  void operator()(std::thread *T) const {
    if (T->joinable())
      T->join();
    delete T;
  }
};

class Downloader_ok {
public:
  Downloader_ok() {
    Worker.reset(new std::thread(work));
    if (!ready())
      throw 1;
  }

private:
  std::unique_ptr<std::thread, JoinAndDelete> Worker;
};

class Downloader_bad {
public:
  Downloader_bad() {
    Worker = std::make_unique<std::thread>(work);
    // CHECK-MESSAGES: :[[@LINE-1]]:14: warning: thread 'Worker' is destroyed while it can be joined when the constructor throws
    if (!ready())
      throw 1;
  }
  ~Downloader_bad() { Worker->join(); }

private:
  std::unique_ptr<std::thread> Worker;
};

// What a pointer has released is somebody else's.

class Released {
public:
  static Released *launch_ok() {
    auto Mine = std::make_unique<Released>();
    Mine->Worker = std::thread(work);
    return Mine.release();
  }
  void stop() { Worker.join(); }

private:
  std::thread Worker;
};

int main() {
  std::thread Worker(work);
  ready();
  Worker.join();
}
