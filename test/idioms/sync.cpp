// RUN: %check_tether %s '*'
#include <algorithm>
#include <atomic>
#include <barrier>
#include <condition_variable>
#include <functional>
#include <future>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <shared_mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

// ---- a cache of many readers ----------------------------------------------------------------------------

class Cache_ok {
public:
  explicit Cache_ok(std::function<std::string(int)> Load) : Load(std::move(Load)) {}

  std::string get(int Key) {
    {
      std::shared_lock Read(M);
      if (auto It = Values.find(Key); It != Values.end())
        return It->second;
    }
    std::string Loaded = Load(Key);
    std::unique_lock Write(M);
    return Values.try_emplace(Key, std::move(Loaded)).first->second;
  }
  void invalidate(int Key) {
    std::unique_lock Write(M);
    Values.erase(Key);
  }
  std::size_t size() const {
    std::shared_lock Read(M);
    return Values.size();
  }

private:
  std::function<std::string(int)> Load;
  mutable std::shared_mutex M;
  std::unordered_map<int, std::string> Values;
};

// ---- a cache in which one thread loads and the others wait for its future ----------------------------------

class LoadOnce_ok {
public:
  std::string get(const std::string &Key) {
    std::promise<std::string> Mine;
    std::shared_future<std::string> Result;
    bool Loader = false;
    {
      std::lock_guard Lock(M);
      auto [It, Inserted] = Entries.try_emplace(Key);
      if (Inserted)
        It->second = Mine.get_future().share();
      Result = It->second;
      Loader = Inserted;
    }
    if (Loader) {
      try {
        Mine.set_value(load(Key));
      } catch (...) {
        Mine.set_exception(std::current_exception());
      }
    }
    return Result.get();
  }

private:
  static std::string load(const std::string &Key) {
    if (Key.empty())
      throw std::invalid_argument("empty key");
    return Key + Key;
  }
  std::mutex M;
  std::map<std::string, std::shared_future<std::string>> Entries;
};

// ---- a map in shards, each with its own mutex ----------------------------------------------------------------

template <class Key, class Value> class ShardedMap_ok {
  struct Shard {
    mutable std::shared_mutex M;
    std::unordered_map<Key, Value> Data;
  };

public:
  void set(const Key &K, Value V) {
    Shard &S = shard(K);
    std::lock_guard Lock(S.M);
    S.Data.insert_or_assign(K, std::move(V));
  }
  std::optional<Value> get(const Key &K) const {
    const Shard &S = const_cast<ShardedMap_ok *>(this)->shard(K);
    std::shared_lock Lock(S.M);
    auto It = S.Data.find(K);
    return It == S.Data.end() ? std::nullopt : std::optional(It->second);
  }
  std::map<Key, Value> snapshot() const {
    std::vector<std::shared_lock<std::shared_mutex>> Locks;
    for (const Shard &S : Shards)
      Locks.emplace_back(S.M);
    std::map<Key, Value> Result;
    for (const Shard &S : Shards)
      Result.insert(S.Data.begin(), S.Data.end());
    return Result;
  }

private:
  Shard &shard(const Key &K) { return Shards[std::hash<Key>{}(K) % 16]; }
  Shard Shards[16];
};

std::optional<int> shardedUse_ok() {
  ShardedMap_ok<std::string, int> Map;
  std::jthread Writer([&] { Map.set("a", 1); });
  Map.set("b", 2);
  return Map.snapshot().size() > 1 ? Map.get("a") : std::nullopt;
}

// ---- two accounts ---------------------------------------------------------------------------------------

struct Account_ok {
  explicit Account_ok(long Start) : Balance(Start) {}
  std::mutex M;
  long Balance;
};

bool transfer_ok(Account_ok &From, Account_ok &To, long Amount) {
  if (&From == &To)
    return true;
  std::scoped_lock Lock(From.M, To.M);
  if (From.Balance < Amount)
    return false;
  From.Balance -= Amount;
  To.Balance += Amount;
  return true;
}

void transferDeferred_ok(Account_ok &From, Account_ok &To, long Amount) {
  std::unique_lock<std::mutex> A(From.M, std::defer_lock);
  std::unique_lock<std::mutex> B(To.M, std::defer_lock);
  std::lock(A, B);
  From.Balance -= Amount;
  To.Balance += Amount;
}

void transferAdopted_ok(Account_ok &From, Account_ok &To, long Amount) {
  std::lock(From.M, To.M);
  std::lock_guard<std::mutex> A(From.M, std::adopt_lock);
  std::lock_guard<std::mutex> B(To.M, std::adopt_lock);
  From.Balance -= Amount;
  To.Balance += Amount;
}

void transferByAddress_ok(Account_ok &From, Account_ok &To, long Amount) {
  auto *First = &From;
  auto *Second = &To;
  if (std::less<>{}(Second, First))
    std::swap(First, Second);
  std::lock_guard A(First->M);
  std::lock_guard B(Second->M);
  From.Balance -= Amount;
  To.Balance += Amount;
}

class Swappable_ok {
public:
  friend void swap(Swappable_ok &L, Swappable_ok &R) {
    if (&L == &R)
      return;
    std::scoped_lock Lock(L.M, R.M);
    std::swap(L.Text, R.Text);
  }
  Swappable_ok() = default;
  Swappable_ok(const Swappable_ok &Other) {
    std::lock_guard Lock(Other.M);
    Text = Other.Text;
  }
  Swappable_ok &operator=(const Swappable_ok &Other) {
    if (this != &Other) {
      std::unique_lock Mine(M, std::defer_lock);
      std::unique_lock Theirs(Other.M, std::defer_lock);
      std::lock(Mine, Theirs);
      Text = Other.Text;
    }
    return *this;
  }

private:
  mutable std::mutex M;
  std::string Text;
};

// ---- a list locked hand over hand -------------------------------------------------------------------------

class HandOverHandList_ok {
  struct Node {
    std::mutex M;
    int Value = 0;
    std::unique_ptr<Node> Next;
  };

public:
  void pushFront(int Value) {
    auto New = std::make_unique<Node>();
    New->Value = Value;
    std::lock_guard Lock(Head.M);
    New->Next = std::move(Head.Next);
    Head.Next = std::move(New);
  }
  template <class Fn> void forEach(Fn F) {
    Node *Current = &Head;
    std::unique_lock<std::mutex> Lock(Head.M);
    while (Node *Next = Current->Next.get()) {
      std::unique_lock<std::mutex> NextLock(Next->M);
      Lock.unlock();
      F(Next->Value);
      Current = Next;
      Lock = std::move(NextLock);
    }
  }
  template <class Predicate> void removeIf(Predicate P) {
    Node *Current = &Head;
    std::unique_lock<std::mutex> Lock(Head.M);
    while (Node *Next = Current->Next.get()) {
      std::unique_lock<std::mutex> NextLock(Next->M);
      if (P(Next->Value)) {
        std::unique_ptr<Node> Old = std::move(Current->Next);
        Current->Next = std::move(Next->Next);
        NextLock.unlock();
      } else {
        Lock.unlock();
        Current = Next;
        Lock = std::move(NextLock);
      }
    }
  }

private:
  Node Head;
};

int listUse_ok() {
  HandOverHandList_ok List;
  std::thread Writer([&List] {
    for (int I = 0; I < 10; ++I)
      List.pushFront(I);
  });
  List.removeIf([](int Value) { return Value % 2 == 0; });
  Writer.join();
  int Sum = 0;
  List.forEach([&Sum](int Value) { Sum += Value; });
  return Sum;
}

// ---- initialised once ----------------------------------------------------------------------------------

class Connection_ok {
public:
  void send(std::string_view Text) {
    std::call_once(Opened, [this] { open(); });
    std::lock_guard Lock(M);
    Sent += Text;
  }

private:
  void open() { Sent.reserve(1024); }
  std::once_flag Opened;
  std::mutex M;
  std::string Sent;
};

class DoubleChecked_ok {
public:
  static DoubleChecked_ok &get() {
    DoubleChecked_ok *Seen = Instance.load(std::memory_order_acquire);
    if (!Seen) {
      std::lock_guard Lock(M);
      Seen = Instance.load(std::memory_order_relaxed);
      if (!Seen) {
        Seen = new DoubleChecked_ok;
        Instance.store(Seen, std::memory_order_release);
      }
    }
    return *Seen;
  }

private:
  static inline std::atomic<DoubleChecked_ok *> Instance{nullptr};
  static inline std::mutex M;
};

// ---- observers -----------------------------------------------------------------------------------------

class Subject_ok {
public:
  using Callback = std::function<void(int)>;

  class Subscription {
  public:
    Subscription() = default;
    explicit Subscription(std::shared_ptr<Callback> Fn) : Fn(std::move(Fn)) {}

  private:
    std::shared_ptr<Callback> Fn;
  };

  [[nodiscard]] Subscription subscribe(Callback Fn) {
    auto Shared = std::make_shared<Callback>(std::move(Fn));
    std::lock_guard Lock(M);
    Observers.push_back(Shared);
    return Subscription(std::move(Shared));
  }
  void notify(int Value) {
    std::vector<std::shared_ptr<Callback>> Live;
    {
      std::lock_guard Lock(M);
      std::erase_if(Observers, [](const auto &Weak) { return Weak.expired(); });
      for (auto &Weak : Observers)
        if (auto Fn = Weak.lock())
          Live.push_back(std::move(Fn));
    }
    for (auto &Fn : Live)
      (*Fn)(Value);
  }

private:
  std::mutex M;
  std::vector<std::weak_ptr<Callback>> Observers;
};

// ---- phases ---------------------------------------------------------------------------------------------

double relax_ok(std::vector<double> &Cells, int Threads, int Rounds) {
  std::vector<double> Next(Cells.size());
  std::barrier Phase(Threads, [&]() noexcept { Cells.swap(Next); });
  auto Work = [&](int Id) {
    for (int Round = 0; Round < Rounds; ++Round) {
      for (std::size_t I = Id; I < Cells.size(); I += Threads) {
        const double Left = I == 0 ? 0 : Cells[I - 1];
        const double Right = I + 1 == Cells.size() ? 0 : Cells[I + 1];
        Next[I] = (Left + Right) / 2;
      }
      Phase.arrive_and_wait();
    }
  };
  {
    std::vector<std::jthread> Workers;
    for (int Id = 0; Id < Threads; ++Id)
      Workers.emplace_back(Work, Id);
  }
  return std::accumulate(Cells.begin(), Cells.end(), 0.0);
}

int startTogether_ok() {
  constexpr int Count = 3;
  std::latch Ready(Count);
  std::latch Go(1);
  std::atomic<int> Sum{0};
  std::vector<std::thread> Threads;
  Threads.reserve(Count);
  for (int I = 0; I < Count; ++I)
    Threads.emplace_back([&, I] {
      Ready.count_down();
      Go.wait();
      Sum += I;
    });
  Ready.wait();
  Go.count_down();
  for (auto &T : Threads)
    T.join();
  return Sum;
}

class WaitGroup_ok {
public:
  void add(int N = 1) {
    std::lock_guard Lock(M);
    Count += N;
  }
  void done() {
    std::lock_guard Lock(M);
    if (--Count == 0)
      Zero.notify_all();
  }
  void wait() {
    std::unique_lock Lock(M);
    Zero.wait(Lock, [this] { return Count == 0; });
  }

private:
  std::mutex M;
  std::condition_variable Zero;
  int Count = 0;
};

int waitGroup_ok(std::span<const int> Values) {
  WaitGroup_ok Group;
  std::atomic<int> Sum{0};
  std::vector<std::jthread> Threads;
  for (int Value : Values) {
    Group.add();
    Threads.emplace_back([&Group, &Sum, Value] {
      Sum += Value;
      Group.done();
    });
  }
  Group.wait();
  return Sum;
}

// ---- divide and conquer ---------------------------------------------------------------------------------

long parallelSum_ok(std::span<const long> Values) {
  if (Values.size() < 1000)
    return std::accumulate(Values.begin(), Values.end(), 0L);
  auto Half = Values.size() / 2;
  auto Left = std::async(std::launch::async, parallelSum_ok, Values.first(Half));
  long Right = parallelSum_ok(Values.subspan(Half));
  return Left.get() + Right;
}

long parallelAccumulate_ok(const std::vector<long> &Values) {
  const std::size_t Count = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t Block = Values.size() / Count;
  std::vector<long> Results(Count);
  std::vector<std::thread> Threads(Count - 1);
  auto Start = Values.begin();
  for (std::size_t I = 0; I < Count - 1; ++I) {
    auto End = Start + Block;
    Threads[I] = std::thread(
        [Start, End, &Result = Results[I]] { Result = std::accumulate(Start, End, 0L); });
    Start = End;
  }
  Results.back() = std::accumulate(Start, Values.end(), 0L);
  std::for_each(Threads.begin(), Threads.end(), std::mem_fn(&std::thread::join));
  return std::accumulate(Results.begin(), Results.end(), 0L);
}
