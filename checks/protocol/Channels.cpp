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

std::vector<Stuck> abandonedByStarter(const Program &P, const Function &F, bool Strict) {
  std::vector<Stuck> Found;
  F.forEach([&](const Event &Spawn, Position At) {
    if (!Spawn.is(Role::Spawn))
      return;
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
          return true;
        // One value taken is not all; a loop that takes them ends by its condition, or not at all.
        if (ManySends && E.is(Role::Receive, C) && (!E.InLoop || E.LoopHasOtherExit))
          return false;
        return (E.is(Other) && E.On == C) ||
               (E.is(Role::Transfer | Role::Store | Role::OnStop) && E.transfers(C) &&
                !(Strict && E.Doubtful)) ||
               (E.is(Role::Overwrite) && E.On == C);
      };
      auto Drained = [&](const Block &B, const Edge &E) {
        return saysNoTask(E, Spawn.On) ||
               F.loopDoes(B, E, [&](const Event &R) { return R.is(Role::Receive, C); });
      };
      // What happened before the task started counts too: a value may be there already.
      bool Before = false;
      if (Receives)
        Before = !F.findPath({.From = F.entry(),
                              .Avoiding = Settles,
                              .Until = [&](const Event &E) { return &E == &Spawn; },
                              .Exits = false});
      auto Lost =
          Before ? std::nullopt
                 : F.findPath(
                       {.From = At, .Avoiding = Settles, .Until = Ends, .AvoidingEdge = Drained});
      if (!Lost)
        continue;
      Stuck S;
      S.End = &End;
      S.Channel = C;
      S.Why = Sends        ? "nobody receives when '" + F.Name + "' leaves"
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
