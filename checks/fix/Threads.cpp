#include "fix/Threads.h"
#include "fix/Text.h"
#include "flow/HeldLocks.h"
#include "model/ApiTable.h"
#include "protocol/Holds.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

Fix changeType(const Program &P, const Symbol *S) {
  const Retyping *R = P.successor(S);
  if (!R || !R->To)
    return refusal("there is no type like its own that would do it");
  Editor E(P, "make it a '" + R->To->Text + "'");
  if (!R->Refused.empty())
    E.refuse(R->Refused);
  else if (!R->Declared)
    E.require(*R->To, S->At);
  for (const SourceRange &At : R->Where)
    E.replace(At, R->To->Text);
  return E.take();
}

/// What \p E brings the task takes away, and waits again: that one value comes is not its end.
static bool isTakenAway(const Program &P, const Hold &H, const Event &E) {
  if (!H.waits() || !H.What->InLoop || !E.On)
    return false;
  if (E.is(Role::Send))
    return H.What->is(Role::Receive);
  for (const StateChange &C : H.What->EndedBy)
    if (maybeSamePlace(P, C.What, E.On))
      return llvm::any_of(H.Of->Started.What->Inner, [&](const Event &I) {
        return I.InLoop && I.is(Role::Write | Role::Overwrite | Role::Remove) &&
               maybeSamePlace(P, C.What, I.On) && C.doneBy(I) == Change::Down;
      });
  return false;
}

/// In \p F, in front of \p Until if that is valid, something lets go of all that holds \p T.
static bool isLetGo(const Program &P, const Task &T, const Function &F, SourceLocation Until) {
  // What a task does that is in another file is not known.
  return !T.Body || llvm::all_of(holdsOf(P, T), [&](const Hold &H) {
    // The end of the handle may do it.
    const ApiType *Type = T.Owner ? T.Owner.leaf()->Type : nullptr;
    bool Told = Until.isInvalid() && Type && H.What->StoppedBy &&
                llvm::is_contained(Type->OnDestroy, Role::RequestStop) &&
                maybeSamePlace(P, H.What->StoppedBy, T.Owner);
    // Who looks at state is not let go of by a notification alone.
    const bool Needs = H.needsTelling(P);
    F.forEach([&](const Event &E, Position) {
      Told |= (Until.isInvalid() || E.where() < Until) && !isTakenAway(P, H, E) &&
              (tells(P, E, H) || (!Needs && wakes(P, E, H)) || requestsStop(P, E, T));
    });
    return Told;
  });
}

static bool areLetGo(const Program &P, const Object &Thread, const Function &F,
                     SourceLocation Until) {
  return llvm::all_of(P.tasks(), [&](const Task &T) {
    return !T.Owner || P.canonical(T.Owner) != P.canonical(Thread) || isLetGo(P, T, F, Until);
  });
}

/// Who joins it wants to wait for it: it is not given up before.
static Fix dropDetach(const Program &P, const Unjoined &U) {
  if (!areLetGo(P, U.Thread, *U.In, U.Where))
    return refusal("nothing tells the task to end before it is joined");
  for (const Site &S : P.on(U.Thread))
    if (S.What->is(Role::Detach) && S.What->Immediate && S.What->At == U.By->At) {
      Editor E(P, "do not detach it before");
      E.removeStatement(*S.In, S.What->At);
      return E.changesBehaviour().take();
    }
  return refusal("the detach is written elsewhere");
}

// ---- joining ------------------------------------------------------------------------------------

namespace {
/// How a thread is joined in words.
struct Joining {
  std::string Method, Asks; ///< "join", "joinable"
  bool Several = false, Arrow = false;

  Joining(const Program &P, const Object &Thread)
      : Several(Thread.leaf()->Container), Arrow(Thread.leaf()->Arrow) {
    if (const ApiType *Type = Thread.leaf()->Type) {
      Method = P.table().method(*Type, Role::Join);
      Asks = P.table().method(*Type, Role::Owns);
    }
  }
  explicit operator bool() const { return !Method.empty() && !Asks.empty() && !(Several && Arrow); }

  /// Statements that join \p Name if it can be.
  std::string of(StringRef Name, bool Certain = false) const {
    const std::string Each = (Several ? "Each." : Name + (Arrow ? "->" : ".")).str();
    std::string Text = Each + Method + "();";
    // A pointer may point to none.
    if (Several || !Certain)
      Text = "if (" + (Arrow ? Name.str() + " && " : "") + Each + Asks + "())\n  " + Text;
    if (!Several)
      return Text;
    std::string Deeper;
    for (char C : Text)
      Deeper += C == '\n' ? std::string("\n  ") : std::string(1, C);
    return ("for (auto &Each : " + Name + ")\n  ").str() + Deeper;
  }
};
} // namespace

/// Started where it is declared, and nothing that may have joined it leads to the end of \p Way.
static bool surelyJoinable(const Unjoined &U, const Path &Way) {
  const Function &F = *U.In;
  const int Declared = F.Text.at(U.Thread.root()->At);
  if (U.Is != Unjoined::Local || !U.By->Immediate || Declared != F.Text.at(U.By->At))
    return false;
  bool Sure = true;
  F.forEach(Role::Join | Role::Detach | Role::Transfer | Role::Owns,
            [&](const Event &E, Position At) {
              if (E.On != U.Thread)
                return;
              for (const Path &On :
                   F.findPaths({.From = At, .Avoiding = [](const Event &) { return false; }}))
                Sure &= On.End != Way.End;
            });
  return Sure;
}

static Fix joinOnWays(const Program &P, const Unjoined &U, const std::string &Name,
                      const Joining &Join) {
  Editor E(P, "join it where it is lost");
  for (const Path &Way : U.Ways) {
    if (Way.Last && Way.Last->is(Role::Throw) && !Way.Last->Immediate)
      E.refuse("an exception of another function leads out");
    E.before(*U.In, Way.End, Join.of(Name, surelyJoinable(U, Way)));
  }
  return E.take();
}

static Fix joinAtEnd(const Program &P, const Unjoined &U, const std::string &Name,
                     const Joining &Join, const GuardStyle &Guards, Names &Given) {
  Editor E(P, "let a guard join it");
  auto Action = [&](StringRef It) { return Join.of(It); };
  if (llvm::any_of(U.Ways, [&](const Path &Way) { return Way.Last == U.By; }))
    E.refuse("it gets a new task before its block ends");
  Guards.add(E, P, *U.In, U.Thread.root()->At, Name, Action, Given);
  return E.take();
}

/// The destructor of the class of \p F, if its body is in sight.
static const Function *destructorOf(const Program &P, const Function &F) {
  for (const auto &D : P.functions())
    if (D->IsDestructor && D->Class == F.Class)
      return D.get();
  return nullptr;
}

/// What the destructor does is done, too, when the constructor throws.
static Fix cleanUp(const Program &P, const Unjoined &U) {
  const Function &F = *U.In;
  const Function *D = destructorOf(P, F);
  Editor E(P, "clean up when the constructor throws");
  if (!D || D->Text.Statements.size() < 2 || F.Text.Statements.size() < 2)
    return refusal("there is no destructor that does it");
  if (F.Text.Statements[0].Is != Statement::Block || F.Text.Statements[0].InMacro ||
      llvm::any_of(D->Text.Statements,
                   [](const Statement &S) { return S.Is == Statement::Leaves || S.InMacro; }))
    return refusal("the destructor can be left early");
  // Before the start there is nothing to clean up, and a join would throw something else.
  auto Throws = [](const Event &E) { return E.is(Role::Throw) && !E.InTry; };
  bool Asks = false;
  D->forEach([&](const Event &E, Position) {
    Asks |=
        E.is(Role::Owns, U.Thread) || (E.is(Role::Join, U.Thread) && U.Thread.leaf()->Container);
  });
  if (!Asks && F.findPath({.From = F.entry(),
                           .Avoiding = [&](const Event &E) { return &E == U.By; },
                           .Until = Throws,
                           .Exits = false}))
    return refusal("it may also throw before the thread is started");
  for (const Path &Way : U.Ways)
    if (!F.Text.contains(0, Way.Last->where()))
      return refusal("an initialiser throws");
  const SourceRange Body = F.Text.Statements[0].At, Other = D->Text.Statements[0].At;
  StringRef Code = textOf(P, Other);
  if (Code.size() < 2)
    return refusal("it is written in a macro");
  Code = Code.drop_front().drop_back();
  const Line Open = lineOf(P, Body.getBegin()), Close = lineOf(P, Body.getEnd());
  if (Open.Begin == Close.Begin || !Close.startsHere() || Open.Text.contains("//"))
    return refusal("the body of the constructor has no lines of its own");

  const std::string Step = indentStep(P, Body.getBegin());
  const std::string Indent = Close.indent().str() + Step;
  // The lines of the destructor, one step further in.
  llvm::SmallVector<StringRef> Lines;
  Code.split(Lines, '\n');
  size_t Common = StringRef::npos;
  for (StringRef L : Lines)
    if (!L.trim().empty())
      Common = std::min(Common, L.find_first_not_of(" \t"));
  std::string Handler = Indent + "} catch (...) {\n";
  for (StringRef L : Lines)
    if (!L.trim().empty())
      Handler += Indent + Step +
                 (Lines.size() == 1 ? L.trim() : L.drop_front(Common).rtrim()).str() + "\n";
  Handler += Indent + Step + "throw;\n" + Indent + "}\n";
  E.insert(Body.getBegin().getLocWithOffset(1), "\n" + Indent + "try {");
  for (Line L = lineOf(P, Open.Begin.getLocWithOffset(static_cast<int>(Open.Text.size()) + 1));
       L.Begin < Close.Begin;
       L = lineOf(P, L.Begin.getLocWithOffset(static_cast<int>(L.Text.size()) + 1)))
    if (!L.Text.trim().empty())
      E.insert(L.Begin, Step);
  E.insert(Close.Begin, Handler);
  return E.take();
}

/// The destructor of the class of the thread does nothing but join it.
static bool onlyJoins(const Program &P, const Unjoined &U) {
  const Function *D = destructorOf(P, *U.In);
  bool Else = !D;
  if (D)
    D->forEach([&](const Event &E, Position) {
      Else |= E.Immediate && !E.is(Role::Destroy) && E.On != U.Thread && !(E.On && E.On.isLocal());
    });
  return !Else;
}

static Fix askFirst(const Program &P, const Unjoined &U, const Joining &Join) {
  Editor E(P, "ask whether it can be joined");
  for (const Site &S : P.on(U.Thread)) {
    if (!S.What->is(Role::Join) || !S.What->Immediate || S.What->At != U.Where)
      continue;
    auto Call = methodCall(P, S.What->Range);
    const int At = Call ? S.In->Text.at(S.What->At) : Layout::None;
    if (At == Layout::None || !S.In->Text.Statements[At].Listed ||
        S.In->Text.Statements[At].Is != Statement::Plain)
      return refusal("the join is a part of something else");
    const SourceLocation Begin = S.In->Text.Statements[At].At.getBegin();
    const Line L = lineOf(P, Begin);
    E.insert(Begin, "if (" + Call->Object + Join.Asks + "())" +
                        (L.startsHere() ? "\n" + L.indent().str() + indentStep(P, Begin) : " "));
    return E.take();
  }
  return refusal("the join is written elsewhere");
}

/// What the task of \p Thread does is not seen, the handle could tell it to end, and \p F, which
/// ends the handle, does not let it.
static bool mayRunOn(const Program &P, const Object &Thread, const Function &F) {
  const ApiType *Type = Thread.leaf()->Type;
  if (!Type || P.table().method(*Type, Role::RequestStop).empty() ||
      llvm::is_contained(Type->OnDestroy, Role::RequestStop))
    return false;
  bool Told = llvm::any_of(P.tasks(), [&](const Task &T) {
    return T.Body && T.Owner && P.canonical(T.Owner) == P.canonical(Thread);
  });
  F.forEach([&](const Event &E, Position) { Told |= E.is(Role::RequestStop, Thread); });
  return !Told;
}

/// In front of \p End, the delete of a pointer to it in the destructor \p D.
static Fix joinBeforeEnd(const Program &P, const Function &D, const Event &End,
                         const Joining &Join) {
  auto Name = nameIn(End.On, D, P);
  if (!Name)
    return refusal("it has no name where it ends");
  if (!areLetGo(P, End.On, D, End.where()) || mayRunOn(P, End.On, D))
    return refusal("nothing tells the task to end before");
  Editor E(P, "join it before it ends");
  E.before(D, End.At, Join.of(*Name));
  return E.take();
}

/// Something in sight tells the tasks of \p Thread to end, so that nobody waits for them in vain.
static bool isToldToEnd(const Program &P, const Object &Thread) {
  auto isTold = [&](const Hold &H) {
    bool Told = !H.needsTelling(P) || isForeign(P, H, /*Anyhow=*/false);
    for (const auto &F : P.functions())
      if (!Told)
        F->forEach([&](const Event &E, Position) { Told |= tells(P, E, H); });
    return Told;
  };
  return llvm::all_of(P.tasks(), [&](const Task &T) {
    const bool IsIts = T.Owner && T.Owner.leaf() == Thread.leaf();
    return !IsIts || !T.Body || llvm::all_of(holdsOf(P, T), isTold); // what is not seen may end
  });
}

static Fix joinBeforeDelete(const Program &P, const Unjoined &U, const Joining &Join) {
  for (const Site &S : P.on(U.Thread))
    if (S.What->is(Role::Destroy) && S.What->Immediate && S.In->IsDestructor && Join.Arrow)
      return joinBeforeEnd(P, *S.In, *S.What, Join);
  return refusal("no destructor in sight ends it");
}

Fix joinThread(const Program &P, const Unjoined &U, const GuardStyle &Guards, Names &Given) {
  if (U.Is == Unjoined::Detached)
    return dropDetach(P, U);
  const Joining Join(P, U.Thread);
  auto Name = U.In ? nameIn(U.Thread, *U.In, P) : std::nullopt;
  if (!Name && U.Thread.leaf()->Container)
    Name = U.Thread.leaf()->Name; // of all of them
  Fix Type = changeType(P, U.Thread.leaf());
  if (!Join)
    return Type ? std::move(Type) : refusal("the tables do not say how it is joined");
  if (!Name && U.Is != Unjoined::Never)
    return Type ? std::move(Type) : refusal("it has no name where it is lost");
  switch (U.Is) {
  case Unjoined::Detached:
  case Unjoined::Other:
    return refusal("what has to be done depends on what is meant");
  case Unjoined::Local:
    if (Type)
      return Type;
    return U.Ways.size() == 1
               ? firstOf(joinOnWays(P, U, *Name, Join), joinAtEnd(P, U, *Name, Join, Guards, Given))
               : firstOf(joinAtEnd(P, U, *Name, Join, Guards, Given),
                         joinOnWays(P, U, *Name, Join));
  case Unjoined::Constructor:
    return onlyJoins(P, U) ? firstOf(Type, cleanUp(P, U)) : firstOf(cleanUp(P, U), Type);
  case Unjoined::Assigned: {
    if (destructorOf(P, *U.In) && !onlyJoins(P, U))
      return refusal("the task may have to be told to end first, as the destructor does");
    Editor E(P, "join it before it gets a new task");
    E.before(*U.In, U.By->At, Join.of(*Name));
    return E.take();
  }
  case Unjoined::Destructor:
    return firstOf(Type, mayRunOn(P, U.Thread, *U.In)
                             ? refusal("nothing tells the task to end before")
                             : joinOnWays(P, U, *Name, Join));
  case Unjoined::Ended:
    return joinBeforeEnd(P, *U.In, *U.By, Join);
  case Unjoined::Unstarted:
    return askFirst(P, U, Join);
  case Unjoined::Never: {
    if (!isToldToEnd(P, U.Thread))
      return refusal("nothing tells its task to end: who joins it would wait for ever");
    Fix Deleted = joinBeforeDelete(P, U, Join);
    return Type || !Deleted ? std::move(Type) : std::move(Deleted);
  }
  }
  llvm_unreachable("all kinds are listed");
}

// ---- detaching ----------------------------------------------------------------------------------

/// `std::thread(work).detach();` becomes a local that joins.
static Fix nameTask(const Program &P, const Function &F, const Event &Detach, const Event &Spawn,
                    const GuardStyle &Guards, Names &Given) {
  auto Call = methodCall(P, Detach.Range);
  const ApiType *Type = Detach.On.leaf()->Type;
  if (!Call || !Type || Spawn.Range.getBegin() != Detach.Range.getBegin())
    return refusal("it is not made right here");
  const int S = F.Text.at(Detach.Range.getBegin());
  if (S == Layout::None || F.Text.Statements[S].Is != Statement::Plain ||
      !F.Text.Statements[S].Listed || F.Text.Statements[S].Cased)
    return refusal("no variable can be declared there");
  std::vector<Token> Tokens = tokensOf(P, Detach.Range);
  auto Open = llvm::find_if(
      Tokens, [](const Token &T) { return T.isOneOf(tok::l_paren, tok::l_brace, tok::less); });
  if (Open == Tokens.begin() || Open == Tokens.end() || Open->is(tok::less))
    return refusal("its type is not written there");
  const SourceRange Name{Tokens.front().getLocation(), std::prev(Open)->getLocation()};
  Editor E(P, "keep it in a variable that joins it at the end of the block");
  const std::string Variable = Given.fresh(P, F, "Worker");
  // Only what the tables know to join by itself needs no guard.
  const bool Joins = !Type->Joining ? llvm::is_contained(Type->OnDestroy, Role::Join)
                                    : P.language().CPlusPlus20 || Type->Joining.Since < 20;
  const std::string NewType = Type->Joining && Joins ? Type->Joining.Text : textOf(P, Name).str();
  if (Type->Joining && Joins)
    E.require(Type->Joining, Detach.At);
  E.replace(Name, NewType + " " + Variable);
  E.remove({Call->Dot, Call->Arguments.getEnd()});
  if (!Joins) {
    const Joining Join(P, Detach.On);
    if (!Join)
      return refusal("the tables do not say how it is joined");
    Guards.add(E, P, F, Detach.At, Variable, [&](StringRef It) { return Join.of(It); }, Given);
  }
  return E.changesBehaviour().take();
}

/// A member whose class tells the task to end before it ends itself.
static bool isStoppedMember(const Program &P, const Function &F, const Object &Thread) {
  const Function *D = destructorOf(P, F);
  return Thread.root()->Where == Symbol::This && Thread.path().size() == 1 && D && D != &F &&
         areLetGo(P, Thread, *D, {});
}

/// A variable that joins by itself is not detached at all.
static Fix keepVariable(const Program &P, const Function &F, const Event &Detach) {
  const Symbol *Thread = Detach.On ? Detach.On.leaf() : nullptr;
  const bool Local = Detach.On && Detach.On.isLocal() && Thread->Owner == F.Id;
  if (!Thread || Thread->Container || (!Local && !isStoppedMember(P, F, Detach.On)))
    return refusal("it is not a variable of the function");
  Editor E(P,
           Local ? "let it join at the end of its block" : "let it join at the end of the object");
  if (Thread->Type && llvm::is_contained(Thread->Type->OnDestroy, Role::Join)) {
    E.removeStatement(F, Detach.At);
    return E.changesBehaviour().take();
  }
  const Retyping *R = P.successor(Thread);
  if (!R || !R->Refused.empty())
    return refusal("its type cannot be changed");
  if (!R->Declared)
    E.require(*R->To, Thread->At);
  for (const SourceRange &At : R->Where)
    E.replace(At, R->To->Text);
  E.removeStatement(F, Detach.At);
  return E.changesBehaviour().take();
}

/// The last one who lets go of an object may be its own task, which then runs the destructor: it
/// cannot wait for itself.
static bool mayRunInTask(const Program &P, const Function &F, const Event &Detach) {
  if (!F.IsDestructor)
    return false;
  if (!F.Bases.empty())
    return true; // a base class may count who has the object
  auto Keeps = [](const Capture &C) {
    return !C.ByReference && !(C.What && C.What.leaf()->Scalar);
  };
  bool Any = false, Certain = true;
  for (const Task &T : P.tasks()) {
    if (!T.Owner || !Detach.On || P.canonical(T.Owner) != P.canonical(Detach.On))
      continue;
    Any = true;
    const Event &Spawn = *T.Started.What;
    Certain &= T.Body && llvm::none_of(Spawn.This.Captures, Keeps) &&
               llvm::none_of(Spawn.Args, [&](const Value &V) {
                 return llvm::any_of(V.Captures, Keeps) || (V.What && V.What.leaf()->Counted);
               });
    if (T.Body)
      for (const Function *G : P.reachableFrom(*T.Body))
        G->forEach([&](const Event &E, Position) {
          Certain &= !(E.is(Role::Destroy) && E.On && E.On.root()->Where == Symbol::This);
        });
  }
  return !Any || !Certain;
}

/// A mutex is held where the task would be waited for, which the task may need.
static bool isUnderLock(const Program &P, const Function &F, const Event &Detach) {
  auto holds = [](const Function &In, Position At) { return !HeldLocks(In).at(At).Maybe.empty(); };
  bool Held =
      llvm::any_of(P.callers(F), [&](const Site &Call) { return holds(*Call.In, Call.At); });
  F.forEach([&](const Event &E, Position At) { Held |= &E == &Detach && holds(F, At); });
  return Held;
}

/// In place of giving it up it is waited for.
static Fix joinInstead(const Program &P, const Function &F, const Event &Detach) {
  Editor E(P, "wait for it here");
  E.changesBehaviour();
  bool AsksWho = false;
  F.forEach([&](const Event &E, Position) { AsksWho |= E.is(Role::Self); });
  if (AsksWho || (Detach.On && Detach.On.leaf()->Where == Symbol::Temporary &&
                  textOf(P, Detach.Range).count('(') > 1)) // what a call gives
    return refusal("it may be the thread that runs here");
  if (Detach.Entry && Detach.Entry->Joined) {
    StringRef Whole = textOf(P, Detach.Range);
    auto [Function, Arguments] = Whole.split('(');
    if (Whole.empty() || !Arguments.consume_back(")") ||
        Function.trim() != StringRef(Detach.Entry->Call))
      return refusal("it is written in a macro");
    E.replace(Detach.Range, filled(Detach.Entry->Joined.Text, {{"0", Arguments.trim().str()}}));
    E.require(Detach.Entry->Joined, Detach.At);
    return E.take();
  }
  const ApiType *Type = Detach.On ? Detach.On.leaf()->Type : nullptr;
  StringRef Method = Type ? P.table().method(*Type, Role::Join) : StringRef();
  auto Call = methodCall(P, Detach.Range);
  if (Method.empty() || !Call)
    return refusal("the tables do not say how it is joined");
  E.replace(Call->Name, Method);
  return E.take();
}

Fix keepThread(const Program &P, const Function &F, const Event &Detach, const Event *Spawn,
               const GuardStyle &Guards, Names &Given) {
  if (Detach.is(Role::Spawn))
    return refusal("it has no handle to wait with");
  if (Detach.Range.getBegin().isMacroID() || Detach.Range.getEnd().isMacroID())
    return refusal("it is written in a macro");
  if (mayRunInTask(P, F, Detach))
    return refusal("the task itself may be what runs the destructor");
  // The end of a block comes later than the place of the detach.
  constexpr const char *Held = "it would wait for a task that nobody tells to end";
  const auto Started =
      llvm::find_if(P.tasks(), [&](const Task &T) { return Spawn && T.Started.What == Spawn; });
  auto waits = [&](SourceLocation Until) {
    return (Started != P.tasks().end() && !isLetGo(P, *Started, F, Until)) ||
           (Detach.On && !areLetGo(P, Detach.On, F, Until));
  };
  for (const auto &Other : P.functions())
    if (Detach.On && P.anyOn(P.canonical(Detach.On), Role::Join))
      for (const Unjoined &U : findJoinedTwice(P, *Other))
        if (U.Is == Unjoined::Detached && U.By->At == Detach.At)
          return dropDetach(P, U);
  const bool IsMember = Detach.On && isStoppedMember(P, F, Detach.On);
  if (waits({}) && !IsMember)
    return refusal(Held);
  if (!IsMember && isUnderLock(P, F, Detach))
    return refusal("a mutex is held meanwhile, which the task may need");
  const bool Here =
      Spawn && Spawn->Immediate && Detach.On && Detach.On.leaf()->Where == Symbol::Temporary;
  return firstOf(Here ? nameTask(P, F, Detach, *Spawn, Guards, Given) : refusal(""),
                 keepVariable(P, F, Detach),
                 waits(Detach.where()) ? refusal(Held) : joinInstead(P, F, Detach));
}

} // namespace tether
