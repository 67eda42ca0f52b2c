// One moment of a scope: where each thread is, and what each object holds. Knows what an operation
// does, and nothing of how moments are explored.
#ifndef TETHER_PROTOCOL_WORLD_H
#define TETHER_PROTOCOL_WORLD_H

#include "protocol/Scope.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace tether {

/// A number, as far as it is known.
struct Number {
  enum Kind : uint8_t {
    Known,   ///< Value
    AtLeast, ///< Value, which is not negative
    Any,     ///<
    Taken,   ///< somebody else's choice: what was received
    Lost     ///< not followed
  } Is = Any;
  int32_t Value = 0;
  static Number known(int64_t V);
  static Number atLeast(int64_t V);
};

/// Words of one moment: first one for each object, then one for each thread.
using Moment = llvm::SmallVector<uint64_t, 16>;

/// A step of a trace.
struct Taken {
  unsigned Thread = 0;
  const Node *Did = nullptr;      ///< an operation
  const Step *Decision = nullptr; ///< or a way that was taken
};

/// What can come next.
struct Following {
  Moment Then;
  unsigned Thread = 0;
  int Partner = -1;         ///< the other thread that moved, at a rendezvous
  bool Progress = true;     ///< Thread has left the operation that it was at
  bool Calls = false;       ///< a client begins a call
  std::vector<Taken> Story; ///< what happened, if asked for
};

class World {
public:
  explicit World(const Scope &S);

  Moment begin() const;
  /// \p M, and thread \p T begins.
  Moment with(Moment M, unsigned T) const;
  /// All that thread \p T may do next.
  void next(const Moment &M, unsigned T, std::vector<Following> &Out, bool Tell = false) const;
  /// Lets \p T run on from where it is placed to its next operation.
  void settle(Moment M, unsigned T, std::vector<Moment> &Out) const;

  enum : unsigned { NotStarted = 0xffff };
  unsigned nodeOf(const Moment &M, unsigned T) const { return M[Objects + T] & 0xffff; }
  bool runs(const Moment &M, unsigned T) const { return nodeOf(M, T) != NotStarted; }
  const Node &at(const Moment &M, unsigned T) const { return S.Threads[T].Nodes[nodeOf(M, T)]; }
  bool ended(const Moment &M, unsigned T) const { return !runs(M, T) || at(M, T).Is == Node::End; }
  bool asleep(const Moment &M, unsigned T) const { return phase(M, T) == Asleep; }
  bool parked(const Moment &M, unsigned T) const {
    return runs(M, T) && (at(M, T).Is == Node::Park || phase(M, T) == Lost);
  }
  bool halted(const Moment &M, unsigned T) const { return runs(M, T) && at(M, T).Is == Node::Halt; }
  /// \p T is asleep, though what it waits for is there.
  bool oversleeps(const Moment &M, unsigned T) const;
  /// The first thread holds the mutex; or has held it, and given it back.
  bool leavesLocked(const Moment &M, unsigned Mutex) const;
  bool givesBack(const Moment &M, unsigned Mutex) const;
  uint64_t owned(const Moment &M, unsigned Thread) const { return M[Thread]; }
  const Scope &scope() const { return S; }
  /// Nodes that threads have come by so far: what looking at this world has cost.
  unsigned steps() const { return Steps; }

private:
  enum Phase : unsigned { Ready, Asleep, Woken, Failed, Lost };
  unsigned phase(const Moment &M, unsigned T) const { return (M[Objects + T] >> 16) & 0xff; }
  void place(Moment &M, unsigned T, unsigned Node, unsigned Phase = Ready) const {
    M[Objects + T] = Node | Phase << 16;
  }
  void lose(Moment &M, unsigned T) const { place(M, T, nodeOf(M, T), Lost); }

  using Moments = std::vector<Moment>;
  Moments decide(const Test &T, const Moment &M, bool Wanted, bool &Doubt) const;
  Moments compare(const Test &T, const Moment &M, bool Wanted, bool &Doubt) const;
  Moments choose(int Choice, const Moment &M, bool Wanted) const;
  Number value(const Test &T, const Moment &M) const;
  Number number(const Moment &M, int V) const;
  void set(Moment &M, int V, Number N) const;
  void assign(const Node &N, Moment M, Moments &Out, bool &Doubt) const;
  void reset(Moment &M, unsigned V) const;
  void restart(Moment &M, unsigned T, unsigned V, bool Ends) const;
  bool isVisible(const Node &N) const;
  bool passes(const Moment &M, const Node &Halt) const;
  bool isPrivate(const TestRef &T) const;

  struct Move;
  void operate(Move &Mv) const;
  void lock(Move &Mv) const;
  void wait(Move &Mv) const;
  void notify(Move &Mv) const;
  void meet(Move &Mv, const Node &End, int64_t Success) const;
  void finish(Move &Mv, Moment M, int64_t Result, bool Done = true, int Partner = -1,
              int Meeting = -1) const;
  void fill(Moment &M, const Node &Case, bool Got) const;
  void run(Moment M, unsigned T, std::vector<Taken> Story,
           llvm::function_ref<void(Moment, std::vector<Taken>)> Out, bool Tell) const;
  bool isFree(const Moment &M, unsigned T, unsigned Mutex, bool Shared) const;
  void take(Moment &M, unsigned T, unsigned Mutex, bool Shared) const;
  bool release(Moment &M, unsigned T, unsigned Mutex) const;
  bool isOutside(const Moment &M, int V) const;
  /// By another thread that runs.
  bool isUsed(const Moment &M, unsigned T, unsigned V) const;
  bool usedByOthers(unsigned T, int V) const { return (Users[V] & ~(uint64_t{1} << T)) != 0; }

  const Scope &S;
  unsigned Objects;
  mutable unsigned Steps = 0;
  std::vector<uint64_t> Users; ///< of each object: the threads, one bit each
};

} // namespace tether

#endif
