#include "summary/Program.h"
#include "flow/Extract.h"
#include "flow/HeldLocks.h"
#include "model/ApiTable.h"
#include "clang/AST/ASTContext.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SaveAndRestore.h"
#include <set>

namespace tether {

// What a function does is cut off at so many effects: a function that does more is no helper, and
// what is left out is unknown, which errs to silence.
constexpr size_t MaxEffects = 160;
constexpr size_t MaxVia = 6;
// Calls in calls that are followed at a time, so that the stack lasts: templates nest them by the
// hundreds. What lies deeper is unknown, which errs to silence.
constexpr unsigned MaxNesting = 64;

/// Follows calls: each call event is succeeded by what the callee does to objects that the caller
/// can name, in the caller's terms.
struct Program::Inliner {
  Program &P;
  llvm::DenseMap<const Function *, int> State; // 1 in progress, 2 done
  unsigned Nesting = 0;
  llvm::DenseMap<const Function *, std::vector<Event>> Effects;

  std::map<std::string, std::vector<const Function *>> Methods; ///< by class

  explicit Inliner(Program &P) : P(P) {
    for (auto &F : P.Code.Functions)
      if (!F->Class.empty())
        Methods[F->Class].push_back(F.get());
  }

  /// Callables that objects of the function at hand hold: a guard's function, a named lambda.
  using Held = std::map<Object, Value>;

  void run(Function &F) {
    if (State.lookup(&F) || Nesting == MaxNesting)
      return; // recursion: what the inner call does is left out, which errs to silence
    State[&F] = 1;
    llvm::SaveAndRestore Deeper(Nesting, Nesting + 1);
    std::map<Object, Object> Bound;
    Held Callables;
    // Blocks are numbered against the flow: the entry has the highest number.
    for (Block &B : llvm::reverse(F.Blocks)) {
      std::vector<Event> Out;
      for (Event &E : B.Events)
        take(F, std::move(E), Out, Bound, Callables, 0);
      B.Events = std::move(Out);
    }
    F.Roles = {};
    F.forEach([&](const Event &E, Position) { F.Roles = F.Roles | E.Is; });
    F.NeverReturns = neverReturns(F);
    HandedBack[&F] = partsOf(F);
    Effects[&F] = effectsOf(F);
    State[&F] = 2;
  }

  /// Each way through it ends the program or the thread, goes round for ever or throws.
  static bool neverReturns(const Function &F) {
    // (Whatever its conditions have to do with each other: a way that cannot be gone only makes it
    // look as if it returned.)
    llvm::BitVector Reached(F.Blocks.size());
    llvm::SmallVector<unsigned> Work{F.Entry};
    while (!Work.empty()) {
      const unsigned Now = Work.pop_back_val();
      if (Reached.test(Now))
        continue;
      Reached.set(Now);
      const Block &B = F.Blocks[Now];
      bool Ends = B.NoReturn;
      for (const Event &E : B.Events) {
        for (const Handler &H : E.Handlers)
          Work.push_back(H.Block);
        Ends |= E.Ends || E.is(Role::Throw);
      }
      if (Ends || B.Throws)
        continue;
      if (B.Leaves || Now == F.Exit)
        return false;
      for (const Edge &E : B.Next)
        Work.push_back(E.To);
    }
    return true;
  }

  /// Locals of a function that live on in what it returns, and as which part of that.
  using Parts = std::map<const Symbol *, Object>;
  llvm::DenseMap<const Function *, Parts> HandedBack;

  Parts partsOf(const Function &F) {
    Parts Found;
    const Symbol *Result = nullptr; // stands for what is returned
    auto isOwn = [&](const Object &O) {
      return O && O.path().empty() && !O.root()->Indirect &&
             (O.root()->Where == Symbol::Temporary ||
              (O.root()->Where == Symbol::Local && O.root()->Owner == F.Id));
    };
    // The part goes by the name it had, so that it stays what it is whatever holds it.
    auto give = [&](const Object &O, const Object &Holder) {
      if (isOwn(O) && llvm::is_contained({TypeKind::Source, TypeKind::Thread}, O.kind()))
        Found.try_emplace(O.root(), Holder.field(O.root()));
    };
    for (const Value &V : F.Returns) {
      if (isOwn(V.What)) {
        Result = V.What.root();
        Found.try_emplace(Result, V.What);
      }
      for (const Capture &C : V.Captures)
        if (!C.ByReference && isOwn(V.What))
          give(C.What, V.What);
    }
    if (!Result)
      return Found;
    F.forEach(Role::Store | Role::Bind, [&](const Event &E, Position) {
      if (!E.On || !Found.count(E.On.root()) || E.On.root()->Where == Symbol::This)
        return;
      const Object Holder = E.On.rebased(Object(E.On.root()), Found[E.On.root()]);
      for (const Value &V : E.Args) {
        if (!V.IsToken)
          give(V.What, Holder);
        for (const Capture &C : V.Captures)
          if (!C.ByReference)
            give(C.What, Holder);
      }
    });
    return Found;
  }

  /// What is done to a guard is done to the mutexes that it was given.
  bool takeMutexes(Function &F, const Event &E, std::vector<Event> &Out,
                   std::map<Object, Object> &Bound, Held &Callables, unsigned Depth) {
    auto Guarded = E.is(Role::Lock | Role::Unlock) && E.On.kind() == TypeKind::Guard
                       ? P.Code.Guarded.find(E.On)
                       : P.Code.Guarded.end();
    if (Guarded == P.Code.Guarded.end())
      return false;
    for (const Object &M : Guarded->second) {
      Event Each = E;
      Each.On = M;
      take(F, std::move(Each), Out, Bound, Callables, Depth);
    }
    return true;
  }

  Object mutexOf(const Object &O) const {
    auto Guarded = O && O.kind() == TypeKind::Guard ? P.Code.Guarded.find(O) : P.Code.Guarded.end();
    return Guarded != P.Code.Guarded.end() && Guarded->second.size() == 1 ? Guarded->second.front()
                                                                          : O;
  }

  /// \p O is a part of what a container or an array holds.
  static bool isOfElement(const Object &O) {
    return O.root()->Container || llvm::any_of(O.path().drop_back(!O.path().empty()),
                                               [](const Symbol *Part) { return Part->Container; });
  }

  void take(Function &F, Event Mine, std::vector<Event> &Out, std::map<Object, Object> &Bound,
            Held &Callables, unsigned Depth) {
    rename(Mine, Bound);
    if (takeMutexes(F, Mine, Out, Bound, Callables, Depth))
      return;
    if (Mine.is(Role::MayThrow) &&
        (Callables.count(Mine.On) || (Mine.Callee && P.ById.count(Mine.Callee))))
      return; // what it throws is seen where it does
    Mine.GivesUp = mutexOf(Mine.GivesUp);
    for (HeldLock &L : Mine.Held)
      L.Mutex = mutexOf(L.Mutex);
    for (Object &O : Mine.Freed)
      O = mutexOf(O);
    if (Mine.is(Role::Bind | Role::Store) && Mine.Args.size() == 1) {
      if (Mine.is(Role::Bind) && Mine.Args[0].What && Mine.On) {
        auto [Known, New] = Bound.emplace(Mine.On, Mine.Args[0].What);
        // Elements are not told apart: where two of them name different things, none is meant.
        if (!New && Known->second != Mine.Args[0].What && isOfElement(Mine.On))
          Known->second = Mine.On;
      }
      if (Mine.Args[0].Body)
        Callables[Mine.On] = Mine.Args[0];
      else if (auto It = Callables.find(Mine.Args[0].What); It != Callables.end()) {
        Value V = It->second;
        Callables[Mine.On] = V;
      }
    }
    if (Mine.is(Role::Invoke) && !Mine.Callee)
      if (auto It = Callables.find(Mine.On); It != Callables.end()) {
        Mine.Callee = It->second.Body;
        Mine.This.Captures = It->second.Captures;
      }
    // What is put where others can reach it is theirs to settle.
    bool Keeps =
        Mine.is(Role::Store) && Mine.On && (!Mine.On.isLocal() || Mine.On.leaf()->Container);
    if (!Keeps && !Mine.is(Role::Spawn | Role::Call | Role::Invoke)) {
      Out.push_back(std::move(Mine));
      return;
    }
    Out.push_back(Mine);
    if (Keeps)
      for (const Value &V : Mine.Args)
        for (const Capture &C : V.Captures)
          if (C.What && C.What.root()->Where != Symbol::This && !C.What.isWithin(Mine.On))
            transfer(C.What, Mine, Out);
    if (Mine.is(Role::Spawn) && Mine.Callee && Mine.Inner.empty())
      Out.back().Inner = taskEffects(Mine, Bound);
    if (!Mine.is(Role::Call | Role::Invoke) || !Mine.Callee || Depth > 3)
      return;
    Function *Callee = P.ById.lookup(Mine.Callee);
    if (!Callee) {
      // Known by name only: what it was given is transferred.
      for (const Value &V : Mine.Args) {
        transfer(V.What, Mine, Out);
        for (const Capture &C : V.Captures)
          transfer(C.What, Mine, Out);
      }
      return;
    }
    run(*Callee);
    // (What is called on some ways only, or through a name that may mean another, may come back.)
    const bool Ends = Callee->NeverReturns && !Mine.MayHappen && Mine.is(Role::Call);
    std::vector<Event> Roles = rolesOf(F, Mine, *Callee);
    // What a pool is given runs, and is known: where it is kept meanwhile matters no more.
    const bool Runs = llvm::any_of(
        Roles, [](const Event &R) { return R.is(Role::Spawn) && R.Callee != nullptr; });
    const bool HasRoles = !Roles.empty();
    for (Event &Each : Roles)
      take(F, std::move(Each), Out, Bound, Callables, Depth);
    auto Known = Effects.find(Callee);
    if (Known == Effects.end())
      return;
    const auto Called = std::make_shared<const Step>(
        Step{Mine.At, Callee->IsLambda ? "the lambda is called here"
                                       : "'" + Callee->Name + "' is called here"});
    std::vector<Event> Copies = Known->second; // run() below may move the table
    const Parts Given = HandedBack[Callee];    // take() below may move the table
    // What goes into the result comes to the caller by that.
    llvm::DenseSet<clang::SourceLocation> IntoResult;
    for (const Event &E : Copies)
      if (E.is(Role::Store | Role::Bind) && E.On && Given.count(E.On.root()))
        IntoResult.insert(E.At);
    auto isHandedBack = [&](const Event &E) {
      return E.is(Role::Transfer) && E.On && Given.count(E.On.root()) &&
             (E.Returned || IntoResult.contains(E.At));
    };
    for (Event &Effect : Copies) {
      if (isHandedBack(Effect))
        continue;
      if (Effect.Via.size() >= MaxVia && !Effect.is(Role::Unlock))
        continue;
      if (Mine.Result && !Given.empty())
        eachObject(Effect, [&](Object &O) {
          auto It = O ? Given.find(O.root()) : Given.end();
          if (It == Given.end())
            return;
          Object Part = It->second.rebased(Object(It->second.root()), Mine.Result);
          O = O.rebased(Object(O.root()), Part);
        });
      if (Runs && Effect.is(Role::Store | Role::Transfer))
        continue;
      Effect.Handlers = Mine.Handlers; // those of the callee are blocks of another function
      if (Effect.is(Role::Throw | Role::MayThrow) && Mine.InTry)
        Effect.InTry = Effect.is(Role::MayThrow) || Mine.handlerOf(Effect) != nullptr;
      substitute(Effect, Mine, *Callee);
      if (!Mine.Immediate) // a callable that was handed over runs under what is held there
        llvm::append_range(Effect.Held, Mine.Held);
      if (!Effect.On &&
          !Effect.is(Role::Spawn | Role::Throw | Role::MayThrow | Role::Sleep | Role::Turn) &&
          (!Effect.Returned || Effect.is(Role::Transfer)))
        continue;
      // What the callee made and gave back is what the caller made of it.
      if (Effect.Returned && !Effect.is(Role::Transfer)) {
        Effect.On = Mine.Result;
        Effect.Returned = Mine.Returned;
        Effect.Discarded = Mine.Discarded;
        if (!Effect.On)
          continue;
      }
      Effect.Via.leadThrough(Called);
      Effect.Immediate = false;
      Effect.Detail |= HasRoles;
      Effect.MayHappen |= Mine.MayHappen;
      Effect.InTry |= Effect.is(Role::Turn) && Mine.InTry;
      // A wait that its function does not repeat is repeated by the loop around the call.
      if (Effect.is(Role::Wait) && !Effect.HasPredicate && !Effect.InLoop) {
        llvm::append_range(Effect.Reads, Mine.Reads);
        llvm::append_range(Effect.EndedBy, Mine.EndedBy);
      }
      if (!Effect.InLoop) {
        Effect.Limited = Mine.Limited;
        if (Effect.is(Role::Sleep))
          Effect.Reads = Mine.Reads;
        Effect.InLoop = Mine.InLoop;
      }
      Effect.AtScopeEnd |= Mine.AtScopeEnd;
      // A callable parameter is now known: its body runs here.
      bool NewBody = Effect.is(Role::Invoke);
      take(F, std::move(Effect), Out, Bound, Callables, NewBody ? Depth + 1 : 4);
    }
    if (Ends) {
      Event End;
      End.Is = Role::Neutral;
      End.At = Mine.At;
      End.Ends = true;
      Out.push_back(std::move(End));
    }
  }

  /// What the body of a task does, in the terms of the function that starts it.
  std::vector<Event> taskEffects(const Event &Spawn, const std::map<Object, Object> &Bound) {
    Function *Body = P.ById.lookup(Spawn.Callee);
    if (!Body)
      return {};
    run(*Body);
    std::vector<Event> Copies;
    if (auto Known = Effects.find(Body); Known != Effects.end())
      Copies = Known->second;
    for (Event &E : Copies) {
      substitute(E, Spawn, *Body);
      rename(E, Bound);
      E.Immediate = false;
    }
    return Copies;
  }

  /// What the class of \p Method comes to, or null.
  const InferredClass *classOf(const Function &Method) {
    auto Mine = Methods.find(Method.Class);
    if (Mine == Methods.end() || P.Table.speaksOf(Method.Class) ||
        P.Code.Annotated.count(Method.Class))
      return nullptr; // said by who knows it
    if (auto Known = P.Inferred.find(Method.Class); Known != P.Inferred.end())
      return Known->second ? &*Known->second : nullptr;
    for (const Function *F : Mine->second)
      run(*const_cast<Function *>(F)); // ours; what is in progress stays so
    auto &Found = P.Inferred[Method.Class];
    if (Found) // by a function that was run just now
      return &*Found;
    Found =
        inferClass(Method.Class, Mine->second, [&](const void *Id) { return P.ById.lookup(Id); });
    if (!Found)
      return nullptr;
    for (Symbol &S : P.Code.Symbols)
      if (S.Holds == Method.Class && S.Kind == TypeKind::None &&
          Found->Type.Is != TypeKind::Thread) { // of a thread, all that happens is seen
        S.Kind = Found->Type.Is;
        S.Type = &Found->Type;
        S.Container |= S.HoldsMany;
        S.Capacity = Found->Type.Capacity;
        S.NeedsSeveral = Found->Type.NeedsArg.has_value();
      }
    return &*Found;
  }

  /// \p Call runs a method of a class that is known to be a queue, a pool or the like: its role.
  std::vector<Event> rolesOf(const Function &Caller, const Event &Call, const Function &Callee) {
    const InferredClass *C =
        Callee.Class.empty() || Callee.Class == classAround(Caller) ? nullptr : classOf(Callee);
    if (!C || C->Type.Is == TypeKind::Thread || !Call.This.What)
      return {};
    auto event = [&](Role Is, const Event *Wait) {
      Event E;
      if (Wait) {
        E = *Wait;
        substitute(E, Call, Callee);
        E.Via = {};
        E.Held.clear();
        E.Freed.clear();
      }
      llvm::append_range(E.Reads, Call.Reads);
      E.EndedBy = Call.EndedBy;
      E.Is = Is;
      E.On = Call.This.What;
      E.At = Call.At;
      E.Range = Call.Range;
      E.Bounded = !Wait || Wait->Bounded;
      E.InLoop = Call.InLoop;
      E.Limited = Call.Limited;
      E.LoopHasOtherExit = Call.LoopHasOtherExit;
      E.Discarded = Call.Discarded;
      E.AtScopeEnd = Call.AtScopeEnd;
      E.InTry = Call.InTry;
      E.Immediate = E.Inferred = true;
      return E;
    };
    std::vector<Event> Roles;
    if (Callee.IsConstructor)
      noteArguments(*C, Call);
    if (Callee.IsDestructor)
      for (Role Is : C->Type.OnDestroy)
        Roles.push_back(event(Is, nullptr));
    const Event *Wait = nullptr;
    const InferredCall *Known = C->find(Callee, &Wait);
    if (!Known)
      return Roles;
    Roles.push_back(event(Known->Entry.Is, Wait));
    Event &E = Roles.back();
    E.Entry = &Known->Entry;
    if (E.is(Role::Spawn) && Known->Entry.Callable && *Known->Entry.Callable < Call.Args.size()) {
      const Value &Task = Call.Args[*Known->Entry.Callable];
      E.Callee = Task.Body;
      E.This.Captures = Task.Captures;
      E.Bounded = false;
      if (!Task.Body)
        E.Args.push_back(Task);
    }
    return Roles;
  }

  /// What the constructor of a channel is told.
  static void noteArguments(const InferredClass &C, const Event &Call) {
    if (!Call.This.What)
      return;
    auto *S = const_cast<Symbol *>(Call.This.What.leaf()); // ours
    auto number = [&](unsigned Index) -> std::optional<int64_t> {
      return Index < Call.Args.size() ? Call.Args[Index].constant() : std::nullopt;
    };
    if (C.Type.CapacityArg)
      S->Capacity = number(*C.Type.CapacityArg).value_or(UnknownCapacity);
    if (C.Type.NeedsArg)
      S->Needs = number(*C.Type.NeedsArg);
  }

  /// The class whose code \p F is, also where it is in a lambda.
  const std::string &classAround(const Function &F) const {
    const Function *Up = &F;
    while (Up->IsLambda && Up->Parent && P.ById.lookup(Up->Parent))
      Up = P.ById.lookup(Up->Parent);
    return Up->Class;
  }

  static void transfer(const Object &O, const Event &Why, std::vector<Event> &Out) {
    if (!O || O.root()->Where == Symbol::This)
      return;
    Event E;
    E.Is = Role::Transfer;
    E.On = O;
    E.At = Why.At;
    E.Via = Why.Via;
    Out.push_back(std::move(E));
  }

  template <typename Fn> static void eachObject(Event &E, Fn Change) {
    Change(E.On);
    Change(E.StoppedBy);
    Change(E.GivesUp);
    Change(E.TimeFrom);
    for (Object &O : E.Reads)
      Change(O);
    for (Object &O : E.Freed)
      Change(O);
    for (HeldLock &L : E.Held)
      Change(L.Mutex);
    for (StateChange &C : E.EndedBy)
      Change(C.What);
    auto value = [&](Value &V) {
      Change(V.What);
      Change(V.TokenOf);
      for (Capture &C : V.Captures) {
        Change(C.What);
        Change(C.TokenOf);
      }
    };
    value(E.This);
    for (Value &V : E.Args)
      value(V);
    for (Event &C : E.Inner)
      eachObject(C, Change);
  }

  static void rename(Event &E, const std::map<Object, Object> &Bound) {
    if (Bound.empty())
      return;
    bool IsBind = E.is(Role::Bind);
    Object Before = E.On;
    eachObject(E, [&](Object &O) {
      for (unsigned Rounds = 0; Rounds != 4; ++Rounds) {
        auto It = llvm::find_if(Bound, [&](const auto &B) {
          return O.isWithin(B.first) && !B.second.isWithin(B.first);
        });
        if (It == Bound.end())
          return;
        O = O.rebased(It->first, It->second);
      }
    });
    if (IsBind)
      E.On = Before;
  }

  /// From the callee's terms to the caller's.
  static void substitute(Event &E, const Event &Call, const Function &Callee) {
    auto argument = [&](const Object &O) -> const Value * {
      const Symbol *S = O.root();
      return S->Where == Symbol::Param && S->Owner == Callee.Id && S->ParamIndex < Call.Args.size()
                 ? &Call.Args[S->ParamIndex]
                 : nullptr;
    };
    auto change = [&](Object &O) {
      if (!O)
        return;
      if (O.root()->Where == Symbol::This) {
        if (Callee.IsLambda)
          return;
        O = Call.This.What ? O.rebased(Object(O.root()), Call.This.What) : Object();
        // Seen from outside, the object is what it inherits.
        if (O && O.isField() && O.leaf()->IsBase && O.whole().kind() == O.kind())
          O = O.whole();
      } else if (const Value *V = argument(O)) {
        if (V->What)
          O = O.rebased(Object(O.root()), V->What);
        else
          O = O.path().empty() ? V->TokenOf : Object();
      } else if (O.root()->Where == Symbol::Param && O.root()->Owner == Callee.Id) {
        O = Object();
      }
    };
    auto origin = [&](Object &O) {
      if (!O)
        return;
      if (const Value *V = argument(O); V && V->TokenOf && O.path().empty())
        O = V->TokenOf;
      else
        change(O);
    };
    // A parameter that is called: the argument says what runs.
    if (E.is(Role::Invoke | Role::MayThrow | Role::Spawn) && !E.Callee) {
      const Object &Who = !E.is(Role::Spawn) || E.Args.empty() ? E.On : E.Args[0].What;
      if (Who)
        if (const Value *V = Who.path().empty() ? argument(Who) : nullptr; V && V->Body) {
          E.Callee = V->Body;
          E.This.Captures = V->Captures;
        }
    }
    auto value = [&](Value &V) {
      if (V.What)
        if (const Value *A = V.What.path().empty() ? argument(V.What) : nullptr) {
          bool Token = V.IsToken;
          V = *A;
          V.IsToken |= Token;
          return;
        }
      change(V.What);
      origin(V.TokenOf);
      for (Capture &C : V.Captures) {
        const bool OfThis = C.What && C.What.root()->Where == Symbol::This && C.What.path().empty();
        change(C.What);
        // Others may have the object, too: it does not end with this one pointer.
        if (OfThis && C.What && C.What.leaf()->Counted)
          C.ByReference = false;
        origin(C.TokenOf);
      }
    };
    if (const Value *V = E.TimeFrom ? argument(E.TimeFrom) : nullptr; V && !E.Time)
      E.Time = V->Time;
    // A setter that is given a constant.
    if (const Value *V =
            E.Becomes && E.Becomes->isNumber() && E.Becomes->Of ? argument(E.Becomes->Of) : nullptr;
        V && V->constant() && E.Becomes->Of.path().empty() && E.is(Role::Write)) {
      const int64_t Number = *V->constant() + E.Becomes->Plus;
      if (E.Way == Change::Unknown && E.Becomes->Of.root()->Scalar)
        E.Way = Number == 0 ? Change::Down : Change::Up;
      E.Written = {Number};
      E.Becomes = std::make_shared<Formula>(Formula::constant(Number));
    }
    change(E.TimeFrom);
    change(E.On);
    origin(E.StoppedBy);
    for (Object &O : E.Reads)
      change(O);
    change(E.GivesUp);
    for (Object &O : E.Freed)
      change(O);
    for (HeldLock &L : E.Held)
      change(L.Mutex);
    auto Nothing = [](const Object &O) { return !O; };
    llvm::erase_if(E.Reads, Nothing);
    llvm::erase_if(E.Freed, Nothing);
    llvm::erase_if(E.Held, [](const HeldLock &L) { return !L.Mutex; });
    for (StateChange &C : E.EndedBy)
      change(C.What);
    llvm::erase_if(E.EndedBy, [](const StateChange &C) { return !C.What; });
    value(E.This);
    for (Value &V : E.Args)
      value(V);
    for (Event &C : E.Inner)
      substitute(C, Call, Callee);
  }

  std::vector<Event> effectsOf(const Function &F) {
    std::vector<Event> Result;
    std::set<std::tuple<Role, Object, unsigned>> Seen;
    const Parts &Given = HandedBack[&F];
    auto visible = [&](const Object &O) {
      if (!O)
        return false;
      const Symbol *S = O.root();
      if (Given.count(S))
        return true;
      switch (S->Where) {
      case Symbol::This:
        return !O.path().empty();
      case Symbol::Global:
        return true;
      case Symbol::Param:
      case Symbol::Local:
        return S->Owner != F.Id || S->Where == Symbol::Param;
      default:
        return false;
      }
    };
    auto takesVisible = [&](const Event &E) {
      auto any = [&](const Value &V) {
        return visible(V.TokenOf) || llvm::any_of(V.Captures, [&](const Capture &C) {
                 return visible(C.TokenOf) || visible(C.What);
               });
      };
      return E.is(Role::Spawn) && (any(E.This) || llvm::any_of(E.Args, any));
    };
    const HeldLocks Locks(F);
    const LockSet AtExit = Locks.atExit();
    bool MayThrow = false; // has been taken
    auto take = [&](const Event &E, Position At) {
      // A lock that is left out is not held, an unlock that is left out would be.
      if ((Result.size() >= MaxEffects && !E.is(Role::Unlock)) ||
          E.is(Role::Call | Role::Destroy | Role::Read))
        return;
      if (E.is(Role::Unlock) && !AtExit.freed(E.On))
        return;
      // Who sleeps, waits or never ends does so in whoever calls it.
      bool Lasts = E.is(Role::Sleep | Role::Turn) ||
                   (E.is(Role::Wait) && (E.blocks() || (E.Entry && E.Entry->Set)));
      const bool Raises =
          E.is(Role::Throw | Role::MayThrow) && !F.IsNoexcept && !E.InTry &&
          !(E.is(Role::MayThrow) && std::exchange(MayThrow, true)); // one says it all
      if (E.is(Role::MayThrow) && !Raises)
        return;
      if (!visible(E.On) && !takesVisible(E) && !Lasts && !(E.Returned && E.is(Role::Spawn)) &&
          !Raises)
        return;
      // What was handed over once stays so, wherever that is done again.
      const unsigned Which = E.is(Role::Transfer)
                                 ? E.Doubtful | E.Constant << 1 | E.Returned << 2 | E.MayHappen << 3
                                 : E.At.getRawEncoding();
      if (!Seen.insert({E.Is, E.On, Which}).second)
        return;
      Result.push_back(E);
      LockSet Now = Locks.at(At);
      Result.back().Held = std::move(Now.Held);
      Result.back().Freed = std::move(Now.Freed);
      if (!E.is(Role::Lock))
        return;
      Result.back().Released |= !AtExit.holds(E.On);
      // What decides about it may well be known to the caller.
      auto Locked = [&](const Event &Other) { return Other.is(Role::Lock, E.On); };
      Result.back().MayHappen |= F.findPath({.From = F.entry(), .Avoiding = Locked}).has_value();
    };
    // In the order of the flow: the entry has the highest number.
    for (unsigned B = F.Blocks.size(); B-- > 0;)
      for (unsigned I = 0; I != F.Blocks[B].Events.size(); ++I)
        take(F.Blocks[B].Events[I], {B, I});
    return Result;
  }
};

Program::Program(clang::ASTContext &AST, const ApiTable &Table)
    : Table(Table), Code(extract(AST, Table)), SM(AST.getSourceManager()), Lang(AST.getLangOpts()) {
  for (auto &F : Code.Functions)
    ById[F->Id] = F.get();
  Inliner I(*this);
  for (auto &F : Code.Functions)
    I.run(*F);
  for (auto &F : Code.Functions) // also what nobody calls here
    I.classOf(*F);
  index();
}

const Retyping *Program::successor(const Symbol *S) const {
  auto It = Code.Successors.find(S);
  return It == Code.Successors.end() ? nullptr : &It->second;
}

std::vector<const Symbol *> Program::allSymbols() const {
  std::vector<const Symbol *> All;
  for (const Symbol &S : Code.Symbols)
    All.push_back(&S);
  return All;
}

const Symbol *Program::canonical(const Object &O) const {
  const Symbol *S = O.leaf();
  for (auto It = Bound.find(S); It != Bound.end() && It->second.size() == 1; It = Bound.find(S))
    S = It->second.front();
  return S;
}

/// Each symbol that \p O may stand for.
llvm::SmallVector<const Symbol *, 4> Program::names(const Object &O) const {
  llvm::SmallVector<const Symbol *, 4> Result, Work{O.leaf()};
  while (!Work.empty()) {
    const Symbol *S = Work.back();
    Work.pop_back();
    if (llvm::is_contained(Result, S))
      continue;
    Result.push_back(S);
    if (auto It = Bound.find(S); It != Bound.end())
      Work.insert(Work.end(), It->second.begin(), It->second.end());
  }
  return Result;
}

bool Program::maybeSame(const Object &A, const Object &B) const {
  if (A.leaf() == B.leaf() || Bound.empty())
    return A.leaf() == B.leaf();
  const auto Others = names(B);
  return llvm::any_of(names(A), [&](const Symbol *S) { return llvm::is_contained(Others, S); });
}

void Program::index() {
  for (auto &F : Code.Functions)
    F->forEach(Role::Bind, [&](const Event &E, Position) {
      if (E.Args.size() != 1 || !E.Args[0].What || !E.On)
        return;
      const Symbol *From = E.On.leaf(), *To = E.Args[0].What.leaf();
      // A parameter says nothing about which object it is.
      if (From != To && To->Where != Symbol::Param && From->Where == Symbol::Field &&
          To->Where != Symbol::This && !llvm::is_contained(names(E.Args[0].What), From) &&
          !llvm::is_contained(Bound[From], To))
        Bound[From].push_back(To);
    });

  llvm::DenseSet<std::tuple<const Symbol *, Role, unsigned>> Seen;
  llvm::DenseSet<std::pair<unsigned, const void *>> Started;
  llvm::DenseSet<const Symbol *> Listed;
  // What is written in a function first, then what it brings in by calls: each place is kept once.
  for (bool Immediate : {true, false})
    for (auto &F : Code.Functions)
      F->forEach([&](const Event &E, Position At) {
        if (E.Immediate != Immediate)
          return;
        if (E.On) {
          for (const Symbol *Name : names(E.On))
            if (Seen.insert({Name, E.Is, E.At.getRawEncoding()}).second)
              Sites[Name].push_back({F.get(), &E, At});
          const Symbol *S = canonical(E.On);
          if (S->Kind != TypeKind::None && Listed.insert(S).second)
            Named.push_back(S);
        }
        if (!E.Callee)
          return;
        Function *Callee = ById.lookup(E.Callee);
        if (!Callee && !E.is(Role::Spawn))
          return;
        if (E.is(Role::Spawn)) {
          if (Started.insert({E.At.getRawEncoding(), E.Callee}).second)
            Tasks.push_back({{F.get(), &E, At}, Callee, E.On});
        } else if (E.is(Role::Call | Role::Invoke | Role::OnStop)) {
          Callers[Callee].push_back({F.get(), &E, At});
          Callees[F.get()].push_back(Callee);
          if (E.is(Role::OnStop))
            Callbacks.push_back({F.get(), &E, At});
        }
      });
  llvm::sort(Named, [](const Symbol *A, const Symbol *B) { return A->Id < B->Id; });
}

llvm::ArrayRef<Site> Program::on(const Symbol *Leaf) const {
  auto It = Sites.find(Leaf);
  return It == Sites.end() ? llvm::ArrayRef<Site>() : llvm::ArrayRef<Site>(It->second);
}

bool Program::anyOn(const Symbol *Leaf, RoleSet Roles) const {
  return llvm::any_of(on(Leaf), [&](const Site &S) { return S.What->is(Roles); });
}

bool Program::isMade(const Symbol *Local) const {
  return Local->Direct || llvm::any_of(on(Local), [](const Site &Use) {
           return Use.What->is(Role::Store) && Use.What->FreshValue;
         });
}

llvm::ArrayRef<Object> Program::guarded(const Object &Guard) const {
  auto It = Code.Guarded.find(Guard);
  return It == Code.Guarded.end() ? llvm::ArrayRef<Object>() : llvm::ArrayRef<Object>(It->second);
}

llvm::ArrayRef<Site> Program::callers(const Function &F) const {
  auto It = Callers.find(&F);
  return It == Callers.end() ? llvm::ArrayRef<Site>() : llvm::ArrayRef<Site>(It->second);
}

llvm::DenseSet<const Function *> Program::reachableFrom(const Function &F) const {
  llvm::DenseSet<const Function *> Seen{&F};
  std::vector<const Function *> Work{&F};
  while (!Work.empty()) {
    const Function *Now = Work.back();
    Work.pop_back();
    if (auto It = Callees.find(Now); It != Callees.end())
      for (const Function *C : It->second)
        if (Seen.insert(C).second)
          Work.push_back(C);
  }
  return Seen;
}

std::vector<const Task *> Program::runningIn(const Function &F) const {
  std::vector<const Task *> Result;
  for (const Task &T : Tasks)
    if (T.Body && (T.Body == &F || reachableFrom(*T.Body).contains(&F)))
      Result.push_back(&T);
  return Result;
}

bool Program::escapes(const Symbol *Leaf) const {
  const bool OthersCanName = Leaf->Where == Symbol::Field || Leaf->Where == Symbol::Global;
  return (OthersCanName && !Leaf->Private) || handedOut(Leaf);
}

bool Program::handedOut(const Symbol *Leaf) const {
  if (Leaf->Where == Symbol::Param || (Leaf->Where == Symbol::Field && !Leaf->ClassKnown))
    return true;
  // A reference that was never bound to anything we know.
  if (Leaf->Where == Symbol::Field && Leaf->Indirect && Leaf->Kind != TypeKind::None &&
      llvm::any_of(on(Leaf), [](const Site &S) {
        return S.What->is(Role::Bind) && S.What->Args.size() == 1 &&
               (!S.What->Args[0].What || S.What->Args[0].What.leaf()->Where == Symbol::Param);
      }))
    return true;
  return llvm::any_of(on(Leaf), [](const Site &S) { return S.What->is(Role::Transfer); });
}

} // namespace tether
