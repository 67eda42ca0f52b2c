// From functions to the automata of a scope.
//
// Calls are followed into the callee's own graph, with the objects of the caller in place of
// parameters, `this` and captures. Loops that start threads are unrolled, so that each turn has
// threads and variables of its own; other loops stay loops. What is cut off becomes Park.
#ifndef TETHER_PROTOCOL_UNFOLD_H
#define TETHER_PROTOCOL_UNFOLD_H

#include "protocol/Loops.h"
#include "protocol/Scope.h"
#include <deque>
#include <map>
#include <set>

namespace tether {

class Unfolder {
public:
  Unfolder(const Program &P, Scope &Into) : P(P), S(Into) {}

  /// \p F runs, called by somebody outside.
  /// All that the scope may run.
  void follow(const Function &F);
  void runRoot(const Function &F);
  /// An object is made by one of \p Constructors (by none: that is not written), then any of
  /// \p Methods are called from two threads; those of \p Owners from one only.
  void runClass(const std::vector<const Function *> &Constructors,
                const std::vector<const Function *> &Anybody,
                const std::vector<const Function *> &Owners, const Function *Destructor,
                llvm::ArrayRef<const Symbol *> Fields);
  bool tooLarge() const { return TooLarge; }
  /// Of the objects that the code makes.
  std::set<std::string> classes() const;

private:
  struct Frame;
  /// A frame, and which turns of its loops.
  struct Place {
    Frame *In = nullptr;
    Turns At;
  };
  /// What an object of some function is, for all of the scope.
  struct Name {
    int Root = -1;
    llvm::SmallVector<const Symbol *, 2> Path;
    bool Element = false; ///< one of those in it
    explicit operator bool() const { return Root >= 0; }
    bool operator<(const Name &O) const;
    bool startsWith(const Name &O) const;
    const Symbol *leaf(const Unfolder &U) const;
  };
  struct Root {
    const Symbol *S = nullptr;
    Place Declared;
    bool Outside = false;
    bool PointsOut = false; ///< a pointer to what is outside
    bool Object = false;    ///< the object whose class is the scope
  };
  struct Runnable {
    const Function *Body = nullptr;
    Place Made;
    Value Callable;
  };
  /// One call of a function.
  struct Frame {
    const Function *F = nullptr;
    unsigned Id = 0;
    Loops Graph;
    Place Lexical; ///< where the lambda is written
    Place Caller;
    bool HasHandler = false; ///< in the caller
    Name This;
    std::map<const Symbol *, Name> Given;
    std::map<const Symbol *, Runnable> Runs;
    unsigned Returns = 0; ///< node
    int Thrown = -1;      ///< node that what is thrown here leads to, through what ends
    int ThrowsTo = -1;    ///< node that it leads to from there, where it does not go to the caller
    Name Result;
    std::vector<Step> Via;
    std::map<std::pair<Turns, unsigned>, unsigned> Blocks; ///< nodes
    std::set<std::tuple<unsigned, Turns>> Work;            ///< by block
    explicit Frame(const Function &F) : F(&F), Graph(F) {}
  };

  // Names.
  Name name(const Object &O, const Place &At);
  Name renamed(Name N) const;
  int root(const Symbol *S, const Place &At, bool Outside);
  bool isOutside(const Name &N) const;
  bool isOneThing(const Symbol *S);
  int shared(const Name &N);
  int shared(const Object &O, const Place &At) { return O ? shared(name(O, At)) : -1; }
  int stopOf(const Object &O, const Place &At);
  int newNumber(const Object &What);
  Shared describe(const Name &N);
  void channel(Shared &V, const Symbol *S);
  std::vector<unsigned> within(const Name &N) const;
  std::vector<int> mutexes(const Object &O, const Place &At);
  Test test(const Formula &F, const Place &At);
  TestRef testOf(const FormulaRef &F, const Place &At);
  int choice(const Formula &F, const Place &At, std::vector<unsigned> Reads);

  // Nodes.
  Automaton &code() { return S.Threads[Thread]; }
  unsigned fresh();
  Node &op(Node::Kind Is, int Of = -1, const Event *At = nullptr);
  void set(int Of, TestRef Value, bool Taken = false, const Event *At = nullptr);
  void jump(unsigned To, const Edge *By = nullptr, TestRef When = nullptr);
  void park(const Event *At, bool Anything = false);
  void whole(Node::Kind Is, const Name &Of, const Event *At);
  void addMadeOf(const Name &Of, std::vector<unsigned> &All) const;
  void finish();

  // Functions.
  Frame &frame(const Function &F);
  void run(Frame &F);
  unsigned block(Frame &F, const Turns &At, unsigned Block);
  void fill(Frame &F, const Turns &At, unsigned Block);
  void leave(const Place &At, const Block &B, unsigned Number);
  unsigned thrown(Frame &F);
  bool call(const Function &Callee, const Event &E, const Place &At, const Value &This,
            const Place &Made);
  void end(const Name &N, const Event *E);
  void enter(Frame &F, unsigned Start);
  bool cutsOff(const Function &Callee, const Event *E);
  void give(Frame &To, const Event &E, const Value &This, const Place &At, const Place &Made);
  bool isBoring(const Function &F);
  bool spawns(const Function &F);
  const Function *bodyOf(const Event &E, const Place &At, Value &This, Place &Made);
  const Runnable *runnable(const Object &Who, const Place &At);
  void client(unsigned Index, const std::vector<const Function *> &Calls, unsigned Idle,
              const Name &This);

  // Events.
  void take(const Event &E, const Place &At);
  void lock(llvm::ArrayRef<Event> Together, const Place &At);
  void wait(const Event &E, const Place &At);
  void meet(const Event &E, const Place &At);
  void fillCase(Node &N, const Event &E, const Place &At);
  void select(const Event &E, const Place &At);
  void invoke(const Event &E, const Place &At);
  bool isJobOfOthers(const Event &E, const Place &At);
  void spawn(const Event &E, const Place &At, bool Owned = true);
  void onStop(const Event &E, const Place &At);
  void requestStop(int Stop, const Event *E);
  void write(const Event &E, const Place &At);
  void exchange(const Event &E, int V, const Place &At);
  void store(const Event &E, const Place &At);
  bool isCopied(const Symbol *S);
  bool endsWithEffect(const Name &N);
  void mayCallBack(const Event &E, const Place &At);
  const Function *destructorOf(const Name &N) const;
  void destroy(const Name &N, const Event *E);
  void destroyParts(const Name &N, const Event *E);
  void escape(const Name &N, const Event *E);
  void escapeAll(const Event &E, const Place &At);
  void escapeUsed(const Function &Body, const Event &E, const Place &At);
  void escapeCaptured(const Value &Callable, const Event &E, const Place &At, unsigned Depth = 0);
  unsigned thread(const Event &E, const Function &Body, const Place &At, const Value &This,
                  const Place &Made);

  const Program &P;
  Scope &S;
  std::deque<Frame> Frames;
  std::vector<Root> Roots;
  std::map<std::tuple<unsigned, const Symbol *, Turns>, int> KnownRoots;
  std::map<Name, int> Variables;
  std::map<Name, Name> Aliases;
  std::map<Name, Runnable> Stored;          ///< callables
  std::map<Name, std::vector<Name>> MadeOf; ///< objects: what their constructors were given
  std::map<int, int> StopOf;                ///< of a thread's own token
  std::map<std::string, int> KnownChoices;
  std::map<std::tuple<const Event *, unsigned, Turns>, unsigned> KnownThreads;
  std::map<const Function *, bool> Boring, Spawning;
  std::set<unsigned> Interrupted; ///< threads whose waits somebody may end
  std::set<int> JoinsAtEnd;       ///< futures whose destructor waits for the task
  std::set<int> Assigned;         ///< what some operation gives a number to
  llvm::DenseSet<const Function *> Followed;
  std::vector<const Function *> Methods; ///< that anybody who has the object may call
  /// Nodes that act on all parts of something, which are known at the end only.
  struct Whole {
    unsigned Thread, Node;
    Name Of;
  };
  std::vector<Whole> Wholes;
  std::vector<std::pair<unsigned, unsigned>> Unknown; ///< nodes that run a callable, by thread
  bool Posted = false;                 ///< a callable of the scope is kept where others may run it
  std::vector<const Function *> Stack; ///< the functions that are being followed
  unsigned Thread = 0, Now = 0;        ///< where nodes are put
  Frame *Current = nullptr;            ///< whose code they are
  const Block *Here = nullptr;         ///< which part of it
  bool TooLarge = false;
};

} // namespace tether

#endif
