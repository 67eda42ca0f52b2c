#include "protocol/Channels.h"
#include "protocol/Handles.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

static bool onChannel(const Event &E) { return E.On && E.On.kind() == TypeKind::Channel; }

/// Sends never wait where the table names no capacity.
static bool sendMayBlock(const Event &E) {
  return E.is(Role::Send) && E.blocks() && E.On.leaf()->Capacity.has_value();
}

/// True when the channel is known to hold all that \p Inner sends, so that no send waits.
static bool capacityCovers(const std::vector<Event> &Inner, const Object &Channel, bool Repeated) {
  int64_t Sends = 0;
  for (const Event &E : Inner)
    if (E.is(Role::Send, Channel)) {
      if (E.InLoop)
        return false;
      ++Sends;
    }
  // How often a loop starts the task is unknown: with any room at all it may be enough.
  int64_t Room = Channel.leaf()->Capacity.value_or(0);
  return Repeated ? Room > 0 : Sends <= Room;
}

/// Channels of this type can be closed, as far as this translation unit shows.
static bool canClose(const Program &P, const Object &Channel) {
  for (const Symbol *S : P.symbols())
    if (S->Type == Channel.leaf()->Type && P.anyOn(S, Role::Close))
      return true;
  return false;
}

/// \p End itself, which may meet the other end at a barrier, does not count.
static bool inTask(const Event &Spawn, const Event &End, RoleSet Roles) {
  return llvm::any_of(
      Spawn.Inner, [&](const Event &E) { return E.is(Roles) && E.On == End.On && E.At != End.At; });
}

/// The code around the receive \p End of a task may go on without what is still sent, though
/// neither nothing came nor the channel is at its end: it leaves its loop, or throws.
static bool leavesEarly(const Program &P, const Event &End) {
  bool Leaves = false;
  for (const auto &F : P.functions())
    F->forEach([&](const Event &E, Position At) {
      if (Leaves || !E.Immediate || !E.is(Role::Receive) || E.At != End.At)
        return;
      auto goesOn = [&](const Event &Other) {
        return Other.is(Role::Receive | Role::Close) && Other.On == E.On;
      };
      auto saysEnd = [&](const Block &, const Edge &Way) {
        return Way.LeavesLoop ||
               (E.Result && Way.Answer == E.Result && Way.Yes != (E.Success.value_or(1) != 0));
      };
      Leaves = F->findPath({.From = At, .Avoiding = goesOn, .AvoidingEdge = saysEnd}).has_value();
    });
  return Leaves;
}

/// The task \p Spawn receives from \p C until the channel is closed, or closes it itself.
static bool takesAll(const Program &P, const Event &Spawn, const Object &C) {
  bool Receives = false, Early = false, Closes = false;
  for (const Event &E : Spawn.Inner) {
    Closes |= E.is(Role::Close, C);
    Receives |= E.is(Role::Receive, C);
    Early |= E.is(Role::Receive, C) && leavesEarly(P, E);
  }
  return Closes || !Receives || !Early;
}

/// The condition says that a receive from \p C, which might have ended with nothing, has not.
static bool saysReceived(const Function &F, const Object &C, const Edge &Way) {
  bool Says = false;
  if (Way.Answer && Way.Yes)
    F.forEach([&](const Event &E, Position) {
      Says |= E.is(Role::Receive, C) && E.Stoppable && E.Result == Way.Answer;
    });
  return Says;
}

/// Tasks that \p F starts receive from \p C, none of them all of it, and nobody else does.
static bool onlyLeavers(const Program &P, const Function &F, const Event &Sender, const Object &C) {
  bool Any = false, Others = false;
  F.forEach([&](const Event &E, Position) {
    Others |= E.is(Role::Receive, C) || (E.is(Role::Transfer) && E.transfers(C));
    if (!E.is(Role::Spawn) || &E == &Sender)
      return;
    const bool Receives =
        llvm::any_of(E.Inner, [&](const Event &In) { return In.is(Role::Receive, C); });
    Any |= Receives;
    Others |= Receives && takesAll(P, E, C);
  });
  return Any && !Others;
}

std::vector<Stuck> abandonedByStarter(const Program &P, const Function &F, bool Strict) {
  std::vector<Stuck> Found;
  F.forEach(Role::Spawn, [&](const Event &Spawn, Position At) {
    for (const Event &End : Spawn.Inner) {
      const Object &C = End.On;
      bool Sends = onChannel(End) && sendMayBlock(End),
           Receives = onChannel(End) && End.is(Role::Receive) && End.blocks();
      if ((!Sends && !Receives) || !C.isLocal() || C.root()->Owner != F.Id || C.root()->Indirect)
        continue;
      auto Ends = [&](const Event &E) { return E.is(Role::Destroy, C); };
      // Another round may start one more task on the same channel.
      bool Repeated = F.findPath({.From = At,
                                  .Avoiding = Ends,
                                  .Until = [&](const Event &E) { return &E == &Spawn; },
                                  .Exits = false})
                          .has_value();
      if (Sends && capacityCovers(Spawn.Inner, C, Repeated))
        continue;
      bool ManySends = Sends && (End.InLoop || Repeated);
      // Where nobody but tasks receives, and each may leave, to wait for the sender is the end.
      const bool AllLeave = ManySends && onlyLeavers(P, F, Spawn, C);
      auto endsOrJoins = [&](const Event &E) {
        return Ends(E) || (AllLeave && Spawn.On && E.is(Role::Join, Spawn.On) && E.blocks());
      };
      // The channel's end wakes who waits on it, if that comes before the task is joined.
      if (Receives && Spawn.On.isLocal() && Spawn.On.root()->Owner == F.Id &&
          Spawn.On.root()->Id < C.root()->Id)
        continue;
      // A loop that receives until the channel is closed is not content with one value.
      bool NeedsClose = Receives && End.InLoop && !End.LoopHasOtherExit && canClose(P, C);
      RoleSet Other = Sends        ? Role::Receive | Role::Close
                      : NeedsClose ? RoleSet(Role::Close)
                                   : Role::Send | Role::Close;
      // A task that sends what it receives needs nobody else; one that closes after its sends does.
      if (Receives && inTask(Spawn, End, Other))
        continue;
      auto Settles = [&](const Event &E) {
        if (&E == &Spawn)
          return false;
        if (E.is(Role::Spawn) && (inTask(E, End, Other) || (E.Inner.empty() && E.transfers(C))))
          return !ManySends || takesAll(P, E, C);
        // With a token it may end although nothing came.
        if (Sends && E.is(Role::Receive, C) && E.Stoppable)
          return false;
        // One value taken is not all; a loop that takes them ends by its condition, or not at all.
        if (ManySends && E.is(Role::Receive, C) && (!E.InLoop || E.LoopHasOtherExit))
          return false;
        return (E.is(Other) && E.On == C) ||
               (E.is(Role::Transfer | Role::Store | Role::OnStop) && E.transfers(C) &&
                !(Strict && E.Doubtful)) ||
               (E.is(Role::Overwrite) && E.On == C);
      };
      auto Drained = [&](const Block &B, const Edge &E) {
        return saysNoTask(E, Spawn.On) || (Sends && !ManySends && saysReceived(F, C, E)) ||
               F.loopDoes(B, E,
                          [&](const Event &R) { return R.is(Role::Receive, C) && !R.Stoppable; });
      };
      // What happened before the task started counts too: a value may be there already.
      bool Before = false;
      if (Receives)
        Before = !F.findPath({.From = F.entry(),
                              .Avoiding = Settles,
                              .Until = [&](const Event &E) { return &E == &Spawn; },
                              .Exits = false});
      auto Lost = Before ? std::nullopt
                         : F.findPath({.From = At,
                                       .Avoiding = Settles,
                                       .Until = endsOrJoins,
                                       .AvoidingEdge = Drained});
      if (!Lost)
        continue;
      Stuck S;
      S.End = &End;
      S.Channel = C;
      const bool Joins = Lost->Last && Lost->Last->is(Role::Join);
      S.Joined = Joins;
      S.Why = Joins        ? "nobody may be left to receive when '" + F.Name + "' waits for its end"
              : Sends      ? "nobody receives when '" + F.Name + "' leaves"
              : NeedsClose ? "'" + F.Name + "' leaves without closing it"
                           : "'" + F.Name + "' leaves without sending";
      S.Steps.push_back({C.root()->At, quoted(C) + " is made here"});
      S.Steps.push_back({Spawn.At, "the task starts here"});
      llvm::append_range(S.Steps, Lost->Steps);
      Found.push_back(std::move(S));
    }
  });
  return Found;
}

/// Nobody requests a stop in the class of the member \p C: only the end of its threads does.
static bool stopsAtItsEnd(const Program &P, const Symbol *C) {
  return C->Where == Symbol::Field && llvm::none_of(P.functions(), [&](const auto &F) {
           bool Requests = false;
           if (F->Class == C->Class)
             F->forEach([&](const Event &E, Position) { Requests |= E.is(Role::RequestStop); });
           return Requests;
         });
}

std::vector<Stuck> receiversLeave(const Program &P) {
  std::vector<Stuck> Found;
  for (const Symbol *C : P.symbols()) {
    if (C->Kind != TypeKind::Channel || !C->Capacity || P.escapes(C) || P.anyOn(C, Role::Close))
      continue;
    const Site *Receiver = nullptr;
    bool AllLeave = true;
    for (const Site &S : P.on(C))
      if (S.What->is(Role::Receive)) {
        Receiver = &S;
        AllLeave &= S.What->Stoppable;
      }
    if (!Receiver || !AllLeave)
      continue;
    for (const Site &S : P.on(C)) {
      if (!sendMayBlock(*S.What) || !S.What->Immediate)
        continue;
      for (const Task *T : P.runningIn(*S.In)) {
        // Who receives and sends in one task knows when it stops to receive.
        if (P.reachableFrom(*T->Body).contains(Receiver->In))
          continue;
        // While others use an object, nobody destroys it.
        if (stopsAtItsEnd(P, C) && T->Started.In->Class != C->Class)
          continue;
        Stuck Mine{S.What,
                   Object(C),
                   "its receiver leaves when stop is requested, and this send does not",
                   {}};
        Mine.Steps.push_back({T->Started.What->At, "the sending task starts here"});
        Mine.Steps.push_back(
            {Receiver->What->At, "the receiver stops receiving here when stop is requested"});
        Found.push_back(std::move(Mine));
        break;
      }
    }
  }
  return Found;
}

} // namespace tether
