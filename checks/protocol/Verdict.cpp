#include "protocol/Verdict.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

/// 'Queue.Ready' for this->Queue.Ready.
static std::string placeOf(const Object &O) {
  if (O.path().size() < 2)
    return quoted(O);
  std::string Name;
  for (const Symbol *S : O.path())
    Name += (Name.empty() ? "" : ".") + S->Name;
  return "'" + Name + "'";
}

/// "its wait on 'Ready'", "its wait in 'accept'", "its loop".
static std::string nameOf(const Hold &H) {
  if (!H.waits())
    return "its loop";
  if (H.isKernelWait())
    return "its wait in '" + H.What->Entry->Call + "'";
  return "its wait on " + placeOf(H.What->On);
}

static std::string looksAt(const Hold &H) {
  return H.What->EndedBy.empty() ? "what it looks at" : quoted(H.What->EndedBy.front().What);
}

static void notWoken(const Verdict &V, Unstoppable &U) {
  const std::string &Who = V.S.Name, Wait = nameOf(V.H);
  const Intent &I = V.I;
  const bool Kernel = V.H.isKernelWait();
  U.Advice = Kernel
                 ? "shut the descriptor down, wake the wait through an eventfd or a pipe, or wait "
                   "with a timeout"
                 : "wake it before the join";
  if (I.Close) {
    U.Why = Who + " closes " + quoted(I.Close->On) + ", which does not end " + Wait;
  } else if (V.H.What->StoppedBy && I.Source) {
    U.Why = Who + " requests a stop of " + quoted(I.Source->On) + ", and " + Wait +
            " listens to the token of " + quoted(V.H.What->StoppedBy);
    U.Advice = "request the stop of what it listens to, or hand it a token of the other source";
  } else if (V.H.What->StoppedBy) {
    U.Why = Who + " requests no stop of " + quoted(V.H.What->StoppedBy) + ", whose token " + Wait +
            " takes";
    U.Advice = "request the stop before the join";
  } else if (V.Requested || I.Request) {
    // Such a wait could take the token, others need another wake-up.
    U.Deaf = U.Where == V.H.What->At && V.H.What->On.kind() == TypeKind::Condition;
    U.Why = Who + " requests a stop, and " + (U.Deaf ? "it" : Wait) + " does not listen to that";
    if (!Kernel)
      U.Advice = "wait with the token, or wake the wait where the stop is requested";
  } else if (I.Flag) {
    U.Why = Who + " sets " + quoted(I.Flag->On) + ", and nobody " +
            (I.Notify && !Kernel ? "notifies " + placeOf(V.H.What->On) : "ends " + Wait);
  } else if (I.Twin) {
    U.Why = Who + " wakes " + placeOf(I.Twin->On) + ", and nothing ends " + Wait;
  } else {
    U.Why = Who + " waits for its end, and nothing ends " + Wait;
  }
}

static void notTold(const Verdict &V, Unstoppable &U) {
  const std::string &Who = V.S.Name;
  U.Advice = V.H.waits() ? "change what it looks at before the join, and wake it after that"
                         : "change it before the join";
  if (V.H.hasNoWayOut()) {
    U.Why = Who + " waits for its end, and its loop has no way out";
    U.Advice = "let the loop look at a flag or token that " + Who + " sets";
  } else if (V.H.waits() && V.I.Flag) {
    U.Why = Who + " sets " + quoted(V.I.Flag->On) + " and wakes " + nameOf(V.H) +
            ", which does not look at it and goes on waiting";
    U.Advice = "let the predicate of the wait look at " + quoted(V.I.Flag->On);
  } else if (V.H.waits()) {
    U.Why =
        Who + " wakes " + nameOf(V.H) + ", which goes on waiting: nothing changes " + looksAt(V.H);
  } else if (V.H.What->StoppedBy && V.H.What->EndedBy.empty()) {
    U.Why = Who + " waits for its end without requesting the stop that its loop looks for";
    U.Advice = "request the stop before the join";
  } else {
    U.Why =
        Who + " waits for its end, and nobody sets " + looksAt(V.H) + ", which its loop looks at";
  }
}

static Unstoppable::Kind kindOf(const Verdict &V) {
  switch (V.Missing) {
  case Verdict::NotWoken:
    return Unstoppable::Wake;
  case Verdict::NotTold:
    return Unstoppable::Tell;
  case Verdict::OneWoken:
    return Unstoppable::WakeAll;
  case Verdict::Late:
    return Unstoppable::Sooner;
  case Verdict::TooEarly:
    return Unstoppable::Afterwards;
  case Verdict::Partly:
    return Unstoppable::Other;
  }
  llvm_unreachable("all kinds are listed");
}

Unstoppable tell(const Verdict &V) {
  const Task &T = *V.H.Of;
  const Event &W = *V.H.What;
  Unstoppable U;
  U.Owner = T.Owner;
  U.On = W.On;
  U.Missing = kindOf(V);
  U.Held = V.H;
  U.Stopping = V.S.In;
  U.Join = V.S.Join;
  U.Flag = V.I.Flag;
  U.Seen = V.Seen;
  // What a class of its own does is right as such: the defect is in how it is used.
  const bool Elsewhere = W.On && W.On.path().size() > T.Owner.path().size() && V.S.In;
  U.Where = Elsewhere ? V.S.Where : W.At;
  auto step = [&](clang::SourceLocation At, std::string Text) {
    if (At.isValid())
      U.Steps.push_back({At, std::move(Text)});
  };
  auto say = [&](const Event *E, std::string Text) {
    if (E)
      step(E->where(), std::move(Text));
  };
  step(T.Started.What->At, "the task starts here");
  llvm::append_range(U.Steps, W.Via);
  step(W.At, V.H.waits() ? "it waits here" : "it goes round this loop");

  const char *Does = V.H.waits() ? "woken" : "told";
  switch (V.Missing) {
  case Verdict::NotWoken:
    notWoken(V, U);
    break;
  case Verdict::NotTold:
    notTold(V, U);
    break;
  case Verdict::OneWoken:
    U.Why = V.S.Name + " wakes one of several tasks that may be in " + nameOf(V.H);
    U.Advice = "wake all of them";
    break;
  case Verdict::Late:
    U.Why = std::string("it is ") + Does + " only after the join";
    U.Advice = "do it before the join, on every way";
    break;
  case Verdict::Partly:
    U.Why = std::string("it is not ") + Does + " on every way to the join";
    U.Advice = "do it before the join, on every way";
    break;
  case Verdict::TooEarly:
    U.Why = "it is woken before " + quoted(V.Seen->On) + " is changed, and goes back to sleep";
    U.Advice = "change what it looks at first, and wake it after that";
    break;
  }
  if (llvm::is_contained({Verdict::Late, Verdict::Partly, Verdict::TooEarly}, V.Missing))
    U.Where = V.S.Where;

  llvm::append_range(U.Steps, V.Way);
  if (V.Missing == Verdict::NotWoken || V.Missing == Verdict::NotTold) {
    say(V.I.Flag, V.I.Flag ? quoted(V.I.Flag->On) + " is set here" : "");
    say(V.I.Request ? V.I.Request : V.I.Source, "stop is requested here");
    say(V.I.Close, V.I.Close ? quoted(V.I.Close->On) + " is closed here" : "");
    const Event *Notify = V.I.Twin ? V.I.Twin : V.I.Notify;
    say(V.I.Wake ? V.I.Wake : Notify, V.I.Wake ? "it is woken here"
                                      : Notify ? placeOf(Notify->On) + " is notified here"
                                               : "");
  } else if (V.Missing == Verdict::OneWoken) {
    say(V.Seen, "one of them is woken here");
  } else if (V.Missing == Verdict::TooEarly) {
    say(V.I.Wake, "it is woken here");
    say(V.Seen, "only here " + quoted(V.Seen->On) + " is changed");
  }
  step(V.S.Where, V.S.In ? V.S.Name + " waits for its end here"
                         : V.S.Name + ", which is not written, waits for its end");
  if (V.Missing == Verdict::Late)
    say(V.Seen, "this comes too late");
  return U;
}

} // namespace tether
