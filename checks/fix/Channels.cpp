#include "fix/Channels.h"
#include "fix/Sends.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

namespace {
/// A local channel, and who starts the task that waits at one of its ends.
struct Local {
  const Function *In = nullptr;
  const Event *Start = nullptr; ///< null if the function itself waits
  Position At;
};
} // namespace

static Local whereMade(const Program &P, const Stuck &S) {
  Local Found;
  if (S.Channel.isLocal())
    Found.In = P.function(S.Channel.root()->Owner);
  if (Found.In)
    Found.In->forEach([&](const Event &E, Position At) {
      if (!Found.Start && E.is(Role::Spawn) && llvm::any_of(E.Inner, [&](const Event &I) {
            return I.At == S.End->At && I.On == S.Channel;
          })) {
        Found.Start = &E;
        Found.At = At;
      }
    });
  return Found;
}

/// How many values are sent, where that is a constant.
static std::optional<int64_t> sends(const Function &F, const Object &C) {
  int64_t N = 0;
  bool Unknown = false;
  // Each turn of a loop around its declaration makes another channel.
  auto loopOf = [&](SourceLocation At) {
    const int S = At.isMacroID() ? Layout::None : F.Text.at(At);
    return S == Layout::None ? S : F.Text.around(S, Statement::Loop);
  };
  auto repeats = [&](const Event &E) {
    return E.InLoop && loopOf(E.where()) != loopOf(C.root()->At);
  };
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::Send, C)) {
      ++N;
      Unknown |= repeats(E);
    } else if (E.is(Role::Spawn)) {
      for (const Event &I : E.Inner)
        if (I.is(Role::Send, C)) {
          ++N;
          Unknown |= I.InLoop || repeats(E);
        }
    }
  });
  return Unknown || !N ? std::nullopt : std::optional<int64_t>(N);
}

static Fix makeRoom(const Program &P, const Stuck &S, const Local &Made) {
  const Symbol *C = S.Channel.root();
  auto N = sends(*Made.In, S.Channel);
  if (!N)
    return refusal("how much is sent is not known");
  if (!C->Type || C->Type->CapacityArg != 0u || C->At.isMacroID())
    return refusal("its capacity is not an argument of its own");
  const int D = Made.In->Text.at(C->At);
  if (D == Layout::None || Made.In->Text.Statements[D].Is != Statement::Declares)
    return refusal("its declaration is not understood");
  std::vector<Token> Tokens = tokensOf(P, Made.In->Text.Statements[D].At);
  auto Name = llvm::find_if(Tokens, [&](const Token &T) { return T.getLocation() == C->At; });
  if (Name == Tokens.end() || Tokens.size() < 3 || Tokens.back().isNot(tok::semi) ||
      llvm::any_of(Tokens, [](const Token &T) { return T.is(tok::comma); }))
    return refusal("its declaration is not understood");
  const std::string Room = std::to_string(*N);
  Editor E(P, "give it room for what is sent");
  auto Next = std::next(Name);
  if (Next->is(tok::semi)) {
    E.insert(endOf(P, C->At), "(" + Room + ")");
    return E.take();
  }
  // Behind the name, or of a function that makes it.
  auto Close = std::prev(Tokens.end(), 2), Open = std::prev(Close);
  if (!Close->isOneOf(tok::r_paren, tok::r_brace))
    return refusal("its declaration is not understood");
  if (Open->isOneOf(tok::l_paren, tok::l_brace))
    E.insert(Close->getLocation(), Room);
  else if (Open->is(tok::numeric_constant) && std::prev(Open)->isOneOf(tok::l_paren, tok::l_brace))
    E.replace({Open->getLocation(), Open->getLocation()}, Room);
  else
    E.refuse("its capacity is computed");
  return E.take();
}

/// The method that closes a channel, by the tables or as it was found in its class.
static StringRef closingMethod(const Program &P, const Symbol &C) {
  if (StringRef Listed = C.Type ? P.table().method(*C.Type, Role::Close) : StringRef();
      !Listed.empty())
    return Listed;
  auto Known = P.inferred().find(C.Holds);
  if (Known == P.inferred().end() || !Known->second)
    return {};
  for (const InferredCall &Call : Known->second->Calls)
    if (Call.Entry.Is == Role::Close && !Call.Bodies.empty() &&
        llvm::all_of(Call.Bodies, [](const InferredCall::Body &B) {
          return B.F && B.F->Public && B.F->Params.empty();
        }))
      return StringRef(Call.Entry.Call).rsplit("::").second;
  return {};
}

/// The function waits for the task on each of its ways: the channel is closed before.
static Fix closeBeforeJoin(const Program &P, const Stuck &S, const Local &Made) {
  const Symbol *C = S.Channel.root();
  StringRef Close = closingMethod(P, *C);
  if (Close.empty() || !Made.Start || !Made.Start->On)
    return refusal("the tables do not say how it is closed");
  const Function &F = *Made.In;
  const Event *Join = nullptr;
  Position At;
  auto joins = [&](const Event &E) {
    return E.is(Role::Join) && E.Immediate && !E.AtScopeEnd && E.On == Made.Start->On;
  };
  F.forEach([&](const Event &E, Position Where) {
    if (!Join && joins(E)) {
      Join = &E;
      At = Where;
    }
  });
  if (!Join || F.findPath({.From = Made.At, .Avoiding = joins}))
    return refusal("it is not waited for on each way");
  // What is still to come for the other end would be lost.
  if (F.findPath({.From = At,
                  .Avoiding = [](const Event &) { return false; },
                  .Until =
                      [&](const Event &E) {
                        return E.is(Role::Send | Role::Receive) && E.On == S.Channel;
                      },
                  .Exits = false}))
    return refusal("it is used behind the join");
  Editor E(P, "close it before the task is waited for");
  E.before(F, Join->At, C->Name + (C->Arrow ? "->" : ".") + Close.str() + "();");
  return E.changesBehaviour().take();
}

static Fix closeAtEnd(const Program &P, const Stuck &S, const Local &Made, const GuardStyle &Guards,
                      Names &Given) {
  const Symbol *C = S.Channel.root();
  StringRef Close = closingMethod(P, *C);
  if (Close.empty() || !Made.Start)
    return refusal("the tables do not say how it is closed");
  const Function &F = *Made.In;
  const SourceLocation Where = Made.Start->where();
  const int Declared = C->At.isMacroID() ? Layout::None : F.Text.at(C->At);
  const int Start = Declared == Layout::None || Where.isMacroID()
                        ? Layout::None
                        : F.Text.childOf(F.Text.Statements[Declared].Around, Where);
  if (Start == Layout::None)
    return refusal("the task starts in another block");
  Editor E(P, "let a guard close it");
  Guards.add(
      E, P, F, F.Text.Statements[Start].At.getBegin(), C->Name,
      [&](StringRef It) { return (It + (C->Arrow ? "->" : ".") + Close + "();").str(); }, Given);
  return E.take();
}

/// What the other end waits for comes on the ways that leave it out.
static Fix sendOnWays(const Program &P, const Stuck &S, const Local &Made) {
  const Object &C = S.Channel;
  if (!Made.Start)
    return refusal("it is not known who should send");
  const Function &F = *Made.In;
  std::string Text;
  F.forEach([&](const Event &E, Position) {
    auto Call = E.is(Role::Send, C) && E.Immediate ? methodCall(P, E.Range) : std::nullopt;
    auto Arguments = Call ? argumentsIn(P, Call->Arguments) : std::nullopt;
    if (Arguments && Arguments->empty())
      Text = textOf(P, E.Range).str() + ";";
  });
  Editor E(P, "satisfy it where it is missed");
  const Idiom *GiveUp = C.root()->Type ? &C.root()->Type->GiveUp : nullptr;
  if (Text.empty() && GiveUp && *GiveUp) {
    Text = C.root()->Name + (C.root()->Arrow ? "->" : ".") + GiveUp->Text + ";";
    E.require(*GiveUp, C.root()->At);
  }
  if (Text.empty())
    return refusal("what should be sent is not known");
  auto Settles = [&](const Event &Other) {
    return Other.is(Role::Send | Role::Close) && Other.On == C;
  };
  auto Ends = [&](const Event &Other) { return Other.is(Role::Destroy, C); };
  for (const Path &Way : F.findPaths({.From = Made.At, .Avoiding = Settles, .Until = Ends}))
    E.before(F, Way.End, Text);
  return E.take();
}

/// A send throws when the channel is closed, or for another reason, and the task does not catch it:
/// that would end the program.
static bool failsWhenClosed(const Program &P, const Event &Send) {
  const auto [Class, Method] = StringRef(Send.Entry ? Send.Entry->Call : "").rsplit("::");
  bool Throws = false;
  for (const auto &F : P.functions())
    if (!Send.InTry && F->Name == Method && F->Class == Class)
      F->forEach([&](const Event &E, Position) { Throws |= E.is(Role::Throw) && !E.InTry; });
  return Throws;
}

Fix releaseEnd(const Program &P, const Stuck &S, const GuardStyle &Guards, Names &Given) {
  const Local Made = whereMade(P, S);
  if (!Made.In)
    return firstOf(sendLater(P, S), sendWithToken(P, S));
  if (S.End->is(Role::Send)) {
    if (Fix Room = makeRoom(P, S, Made))
      return Room;
    if (failsWhenClosed(P, *S.End))
      return refusal("a send that finds it closed throws, and nothing catches that");
    if (Fix Closed = closeBeforeJoin(P, S, Made))
      return Closed;
    return S.Joined ? refusal("a guard would close it after the join, which is too late")
                    : closeAtEnd(P, S, Made, Guards, Given);
  }
  return firstOf(closeBeforeJoin(P, S, Made), closeAtEnd(P, S, Made, Guards, Given),
                 sendOnWays(P, S, Made));
}

} // namespace tether
