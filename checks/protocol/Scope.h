// The threads of a scope and what they share, as automata whose interleavings can be explored.
//
//   function that creates, or class ──unfold──▶ a graph of operations for each thread
//                                   ──slice──▶ only what can make somebody wait, or decides about
//                                   it
//
//        thread 0            thread 1            shared
//        lock m              send c              m: mutex
//        receive c           lock m              c: channel, capacity 0
//        unlock m            ...                 n: number
//
// A scope is a function that makes objects and starts tasks, with all that it calls; or a class,
// whose constructor is followed by calls of its other functions from two threads, in any order, and
// at last by its destructor.
//
// What is not understood ends what is known of a thread: the node Park, behind which nothing is
// explored, and at which a thread may do all that its code might still do.
#ifndef TETHER_PROTOCOL_SCOPE_H
#define TETHER_PROTOCOL_SCOPE_H

#include "summary/Program.h"
#include "llvm/ADT/BitVector.h"

namespace tether {

/// Something that threads of a scope share, or a variable of one of them.
struct Shared {
  enum Kind : uint8_t {
    Number,    ///< plain state
    Choice,    ///< what an unknown condition was taken to be, until what it reads changes
    Mutex,     ///<
    Condition, ///<
    Queue,     ///< each receive takes what one send gave; semaphores too
    Gate,      ///< opens for good after some sends: latch, promise, event
    Barrier,   ///< opens after some arrivals, and closes again
    Thread,    ///< owns tasks
    Stop,      ///< a stop request
    Once,      ///< code that runs once
    Callback   ///< a registration
  } Is = Number;
  Object What;                     ///< for messages
  bool Outside = false;            ///< code outside of the scope may act on it, too
  bool Recursive = false;          ///< Mutex
  std::optional<int64_t> Capacity; ///< Queue: sends never wait without one
  bool AnyRoom = false;            ///< Queue: it has one, which is not known
  int64_t Begins = 0;              ///< Queue: what is in it; Gate, Barrier: the sends that it needs
  std::optional<int64_t> Initial;  ///< Number
  std::vector<unsigned> Choices;   ///< Number: those that depend on it
  int Follows = -1;                ///< Thread: the stop request that its own token tells of
  std::vector<unsigned> Bodies;    ///< Stop, Callback: threads that run registered callbacks
  bool Limits = false;  ///< Number: how much room there is; where it is not known, there is some
  bool Counts = false;  ///< Number: a variable of one call
  bool Private = false; ///< Number: of one thread, or always used under the same mutex
};

/// A formula over what is shared.
struct Test {
  Formula::Kind Is = Formula::Unknown;
  int Of = -1; ///< Number, Stopped: none is a constant or somebody outside; Unknown: the choice
  int64_t Plus = 0;
  std::vector<Test> Parts;
  std::vector<unsigned> Reads;        ///< Unknown
  bool Asks = false, Certain = false; ///< Unknown
  bool Limits = false; ///< Less: what waits for room would wait for ever if there were none at all
};
using TestRef = std::shared_ptr<const Test>;

/// What a thread does at one place of its code.
struct Node {
  enum Kind : uint8_t {
    Pass,        ///< nothing; the ways on may have conditions
    Set,         ///< Of becomes Value; nothing is unknown, Taken is somebody else's choice
    Reset,       ///< All begin anew
    Lock,        ///< All of them together
    Unlock,      ///< if it is held
    Wait,        ///< on Of, giving up Mutex meanwhile, until Value is true
    Notify,      ///<
    Send,        ///<
    Receive,     ///<
    Close,       ///<
    Select,      ///< one of Cases
    Start,       ///< thread Body, owned by Of
    Join,        ///< of all that Of owns
    Detach,      ///< Of owns nothing any more
    Move,        ///< Of owns what Mutex owned
    RequestStop, ///<
    Register,    ///< the callback Of with the stop request Stop
    Await,       ///< the callbacks that run because of Of
    Unregister,  ///<
    Enter,       ///< the code that runs once; the second way on is that of those who come later
    Leave,       ///< it
    Escape,      ///< from now on others may act on All
    Idle,        ///< a client of the class chooses what to call
    Alone,       ///< no other client is in a call, or will call any more
    Park,        ///< not known what happens
    Halt,        ///< the program ends; if Of owns a task, where there is one
    End          ///< of the thread
  } Is = Pass;
  int Of = -1;
  int Mutex = -1;
  int Stop = -1; ///< the request that ends it
  int Result = -1;
  int64_t Success = 1;
  bool Bounded = false;   ///< ends by itself after some time
  bool AtOnce = false;    ///< ends by itself at once
  bool Stoppable = false; ///< somebody outside can end it
  bool IsShared = false;  ///< Lock: as one of several readers
  bool Everybody = false; ///< Notify
  bool Taken = false;     ///< Set: to what somebody else has chosen
  bool Lost = false;      ///< Set: to what is not followed
  bool Ends = false;      ///< Reset: for good; who has a copy keeps it
  bool Anything = false;  ///< Park: the code behind it is not in the graph
  TestRef Only;           ///< Set: if that is so, which Result tells
  TestRef Value;          ///< Set, Wait; Send: how much
  std::vector<unsigned> All;
  std::vector<Node> Cases; ///< Select; Result is the number of the case
  unsigned Body = 0;       ///< Start
  const Event *At = nullptr;
  std::vector<Step> Via; ///< the calls that lead to it

  struct Way {
    unsigned To = 0;
    TestRef When;
    const Step *Decision = nullptr;
  };
  std::vector<Way> Next;

  /// What it uses.
  void touches(llvm::function_ref<void(int)> Visit) const;
};

/// A thread.
struct Automaton {
  std::string Name; ///< for messages: "worker_", "the caller of 'push'"
  const Event *Started = nullptr;
  const Function *Code = nullptr;
  std::vector<Node> Nodes; ///< the first one is where it begins
  bool Client = false;
};

struct Scope {
  std::string Name;
  const Function *Root = nullptr; ///< null for a class
  std::vector<Shared> Objects;
  std::vector<Automaton> Threads; ///< the first one runs from the beginning
  /// A thread that does not run, but could: one more caller, who may end the waits of others.
  int Reserve = -1;
  std::vector<std::unique_ptr<Step>> Calls; ///< of clients, for decisions to refer to
};

/// Notes what in \p T limits how much of something there can be: there is no limit of none.
void markLimits(Test &T, std::vector<Shared> &Objects);

/// Reads of numbers in \p T.
void readsOf(const Test &T, llvm::function_ref<void(unsigned)> Visit);

/// The scopes of a translation unit in which something may block. Those that are too large, or of
/// which too little is known, are counted only.
struct Scopes {
  std::vector<Scope> Known;
  unsigned GivenUp = 0;
};
Scopes findScopes(const Program &P);

/// For tests and for finding out why a check speaks or is silent.
void dump(const Scope &S, llvm::raw_ostream &Out);

} // namespace tether

#endif
