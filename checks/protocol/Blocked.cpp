#include "protocol/Blocked.h"
#include "flow/HeldLocks.h"
#include "protocol/Explore.h"
#include "protocol/Told.h"
#include "summary/Counts.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

// Steps of the exploration of a scope, and of all scopes of a file: some hundredths of a second,
// and a tenth. Scopes in which something is found take a tenth of that, as a rule.
constexpr unsigned ScopeBudget = 25000, FileBudget = 50000;
// A story with more steps is told by its end.
constexpr size_t MaxSteps = 24;

namespace {

class Teller {
public:
  Teller(const Scope &S, const Standstill &X) : S(S), X(X) {
    for (const auto &W : X.Threads) {
      Involved.push_back(W.Thread);
      if (W.At->Value)
        readsOf(*W.At->Value, [&](unsigned V) { Awaited.push_back(V); });
    }
  }

  Blocked tell() const {
    const Standstill::Waiting &First = X.Threads.front();
    Blocked B;
    B.At = First.At->At;
    B.Where = B.At->At;
    B.What = objectOf(*First.At);
    B.Message = what(*First.At) + " may block for ever: " + why(First);
    B.Why = cause();
    B.Steps = steps();
    for (const auto &W : X.Threads)
      if (W.At->At) {
        B.Places.push_back(W.At->At->At);
        if (X.Circle > 1 && B.Circle.size() < X.Circle)
          B.Circle.push_back(W.At->At->At);
        for (const Step &Call : W.At->Via)
          B.Places.push_back(Call.Where);
      }
    return B;
  }

private:
  Object objectOf(const Node &N) const {
    const int V = N.Of >= 0 ? N.Of : N.Cases.empty() ? -1 : N.Cases.front().Of;
    return V < 0 ? Object() : S.Objects[V].What;
  }
  std::string named(const Node &N) const { return quoted(objectOf(N)); }
  std::string who(unsigned T) const {
    const Automaton &A = S.Threads[T];
    return A.Client ? A.Name : "'" + A.Name + "'";
  }

  std::string what(const Node &N) const {
    switch (N.Is) {
    case Node::Lock:
      return "the lock of " + named(N);
    case Node::Wait:
      return "the wait on " + named(N);
    case Node::Send:
      return "send on " + named(N);
    case Node::Receive:
      return S.Objects[N.Of].Is == Shared::Queue ? "receive from " + named(N)
                                                 : "the wait for " + named(N);
    case Node::Select:
      return "the select";
    case Node::Join:
      return "the join of " + named(N);
    default:
      return "the call";
    }
  }

  std::string why(const Standstill::Waiting &W) const {
    if (X.Circle > 1) {
      const auto &Next = X.Threads[1];
      return who(Next.Thread) + " waits for it in turn" + (X.Circle > 2 ? ", through others" : "");
    }
    if (W.Oversleeps)
      return "what it waits for may have come already, and nobody wakes it";
    switch (W.At->Is) {
    case Node::Lock:
      for (unsigned V : W.At->All)
        if (const unsigned Holder = X.At[V] & 0xff; Holder != 0)
          return Holder == W.Thread + 1 ? "this thread holds it already, or has left it locked"
                                        : who(Holder - 1) + " has left it locked";
      return "it is never unlocked";
    case Node::Wait:
      return "nobody is left who notifies it";
    case Node::Send:
      return "nobody is left who receives from it";
    case Node::Receive:
      return S.Objects[W.At->Of].Is == Shared::Queue ? "nobody is left who sends to it or closes it"
                                                     : "not enough comes";
    case Node::Select:
      return "nobody is left for any of its cases";
    case Node::Join:
      return "the thread never ends";
    default:
      return "what it waits for never comes";
    }
  }

  Blocked::Cause cause() const {
    const size_t Concerned = std::max<size_t>(X.Circle, 1);
    bool Queues = true, Gates = true;
    for (size_t I = 0; I != Concerned; ++I) {
      const Node &N = *X.Threads[I].At;
      const int V = N.Is == Node::Select ? N.Cases.front().Of : N.Of;
      const bool Meets = llvm::is_contained({Node::Send, Node::Receive, Node::Select}, N.Is);
      const bool Counts = Meets && V >= 0 &&
                          (S.Objects[V].Is != Shared::Queue || !S.Objects[V].Capacity) &&
                          S.Objects[V].Is != Shared::Thread;
      Queues &= Meets && !Counts;
      Gates &= Counts;
    }
    return Queues ? Blocked::Channel : Gates ? Blocked::Promise : Blocked::Other;
  }

  bool matters(const Taken &T) const {
    if (!llvm::is_contained(Involved, T.Thread) && !(T.Did && T.Did->Is == Node::Start))
      return false;
    if (T.Decision)
      return true;
    if (T.Did->Is == Node::Set && !llvm::is_contained(Awaited, static_cast<unsigned>(T.Did->Of)))
      return false;
    return T.Did->At && T.Did->At->At.isValid();
  }

  std::string text(const Node &N) const {
    const std::string Name = named(N);
    switch (N.Is) {
    case Node::Lock:
      return "locks " + Name;
    case Node::Unlock:
      return "unlocks " + Name;
    case Node::Wait:
      return "waits on " + Name;
    case Node::Notify:
      return "notifies " + Name;
    case Node::Send:
      return "sends to " + Name;
    case Node::Receive:
      return S.Objects[N.Of].Is == Shared::Queue ? "receives from " + Name : "waits for " + Name;
    case Node::Close:
      return "closes " + Name;
    case Node::Select:
      return "selects";
    case Node::Start:
      return "starts '" + S.Threads[N.Body].Name + "'";
    case Node::Join:
      return "joins " + Name;
    case Node::Set:
      return "changes " + Name;
    case Node::RequestStop:
      return "requests a stop of " + Name;
    default:
      return {};
    }
  }

  std::vector<Step> steps() const {
    std::vector<Step> Steps;
    for (const Taken &T : X.Trace) {
      if (!matters(T))
        continue;
      std::string Text = T.Decision ? T.Decision->Text : text(*T.Did);
      const clang::SourceLocation Where = T.Decision ? T.Decision->Where : T.Did->At->At;
      if (Text.empty() || !Where.isValid())
        continue;
      // A wait that is looked at again is the same wait.
      if (!Steps.empty() && Steps.back().Where == Where && Steps.back().Text == Text &&
          Steps.back().Thread == S.Threads[T.Thread].Name)
        continue;
      Steps.push_back({Where, std::move(Text), S.Threads[T.Thread].Name});
    }
    if (Steps.size() > MaxSteps)
      Steps.erase(Steps.begin(), Steps.end() - MaxSteps);
    for (const auto &W : X.Threads) {
      if (!W.At->At)
        continue;
      llvm::append_range(Steps, named(W));
    }
    return Steps;
  }

  std::vector<Step> named(const Standstill::Waiting &W) const {
    std::vector<Step> Steps;
    const std::string &Name = S.Threads[W.Thread].Name;
    for (const Step &Call : W.At->Via)
      Steps.push_back({Call.Where, Call.Text, Name});
    std::string Text = text(*W.At);
    Steps.push_back(
        {W.At->At->At, Text + (Text.empty() ? "waits" : "") + ", and goes no further", Name});
    return Steps;
  }

  const Scope &S;
  const Standstill &X;
  std::vector<unsigned> Involved, Awaited;
};

/// Somebody unlocks \p Mutex for whoever has locked it: to leave it locked may be meant.
bool isHandedOn(const Program &P, const Scope &S, const Object &Mutex) {
  auto Own = P.reachableFrom(*S.Root);
  return llvm::any_of(P.functions(), [&](const auto &F) {
    return !Own.contains(F.get()) &&
           llvm::any_of(HeldLocks(*F).atExit().Freed, [&](const Object &Freed) {
             return P.canonical(Freed) == P.canonical(Mutex);
           });
  });
}

/// Whoever calls \p F, directly or not, unlocks \p Mutex; nobody does, or nobody is known to call.
bool isUnlockedByCallers(const Program &P, const Function &F, const Object &Mutex,
                         llvm::DenseSet<const Function *> &Seen) {
  return llvm::any_of(P.callers(F), [&](const Site &Call) {
    if (!Seen.insert(Call.In).second)
      return false;
    bool Unlocks = false;
    Call.In->forEach([&](const Event &E, Position) {
      Unlocks |= E.is(Role::Unlock) && P.canonical(E.On) == P.canonical(Mutex) &&
                 (E.Via.empty() || E.Via.front().Where != Call.What->At);
    });
    return Unlocks || isUnlockedByCallers(P, *Call.In, Mutex, Seen);
  });
}

/// The return or throw that \p F comes to behind \p Decision, without another decision.
const Step *leavesBehind(const Function &F, const Step *Decision) {
  const Edge *Way = nullptr;
  for (const Block &B : F.Blocks)
    for (const Edge &E : B.Next)
      if (&E.Decision == Decision)
        Way = &E;
  for (size_t Steps = 0; Way && Steps != F.Blocks.size(); ++Steps) {
    const Block &B = F.Blocks[Way->To];
    if (B.Leaves)
      return &*B.Leaves;
    Way = B.Next.size() == 1 ? &B.Next.front() : nullptr;
  }
  return nullptr;
}

Blocked tellLeftLocked(const Scope &S, const LeftLocked &L) {
  Blocked B;
  B.LeftLocked = true;
  B.At = L.Locked->At;
  B.What = S.Objects[L.Mutex].What;
  B.Steps = L.Locked->Via;
  B.Steps.push_back({B.At->At, quoted(B.What) + " is locked here"});
  bool Behind = false;
  const Step *Last = nullptr;
  for (const Taken &T : L.Trace) {
    if (Behind && T.Decision)
      B.Steps.push_back(*(Last = T.Decision));
    Behind |= T.Did == L.Locked;
  }
  if (const Step *Leaves = leavesBehind(*S.Root, Last))
    B.Steps.push_back(*Leaves);
  B.Where = B.Steps.back().Where;
  B.Places = {B.Where, B.At->At};
  B.Message = quoted(B.What) + " is left locked when '" + S.Name +
              "' goes this way: whoever locks it next waits for ever";
  return B;
}

} // namespace

BlockedThreads findBlocked(const Program &P) {
  BlockedThreads Found;
  Scopes Scopes = findScopes(P);
  counts().TooLarge += Scopes.GivenUp;
  unsigned Budget = FileBudget;
  for (const Scope &S : Scopes.Known) {
    ++counts().Scopes;
    const Exploration E = explore(S, std::min(ScopeBudget, Budget));
    Budget -= std::min(Budget, E.Steps);
    counts().OutOfBudget += E.OutOfBudget;
    auto add = [&](Blocked B) {
      // A circle is the same one wherever it is entered.
      auto isSame = [&](const Blocked &Known) {
        return Known.Where == B.Where || llvm::any_of(B.Circle, [&](clang::SourceLocation At) {
                 return llvm::is_contained(Known.Circle, At);
               });
      };
      if (llvm::none_of(Found.All, isSame))
        Found.All.push_back(std::move(B));
    };
    for (const LeftLocked &L : E.Left)
      if (llvm::DenseSet<const Function *> Seen;
          !isUnlockedByCallers(P, *S.Root, S.Objects[L.Mutex].What, Seen) &&
          !isHandedOn(P, S, S.Objects[L.Mutex].What))
        add(tellLeftLocked(S, L));
    for (const Standstill &X : E.Found) {
      if (!X.Threads.front().At->At || !X.Threads.front().At->At->At.isValid())
        continue;
      add(Teller(S, X).tell());
    }
  }
  // Who waits for a mutex that is left locked has no defect of his own.
  llvm::DenseSet<const Symbol *> Left;
  for (const Blocked &B : Found.All)
    if (B.LeftLocked)
      Left.insert(P.canonical(B.What));
  llvm::erase_if(Found.All, [&](const Blocked &B) {
    return B.At->is(Role::Lock) && !B.LeftLocked && B.Circle.empty() &&
           Left.contains(P.canonical(B.What));
  });
  return Found;
}

std::vector<Blocked> findBlocked(const Program &P, Blocked::Cause Why) {
  std::vector<Blocked> Found;
  for (const Blocked &B : P.answer<BlockedThreads>(findBlocked).All) {
    auto told = [&](clang::SourceLocation Where) { return P.answer(findTold).contains(Where); };
    if (B.Why == Why && llvm::none_of(B.Places, told))
      Found.push_back(B);
  }
  return Found;
}

void dumpScopes(const Program &P, llvm::raw_ostream &Out) {
  const Scopes All = findScopes(P);
  for (const Scope &S : All.Known) {
    dump(S, Out);
    const Exploration E = explore(S, ScopeBudget);
    Out << "  " << E.Moments << " moments, " << E.Steps << " steps"
        << (E.OutOfBudget ? ", out of budget" : "") << ", " << E.Found.size() << " standstills\n";
  }
  Out << All.GivenUp << " scopes are too large\n";
}

} // namespace tether
