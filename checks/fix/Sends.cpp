#include "fix/Sends.h"
#include "fix/Text.h"
#include "fix/Tokens.h"
#include "fix/Waits.h"
#include "model/ApiTable.h"
#include "protocol/Stops.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace clang;
using llvm::StringRef;

namespace tether {

/// The source of the class whose stop ends the receivers of the channel, if it is the only one.
static const Symbol *sourceOfReceivers(const Program &P, const Stuck &S, StringRef Class) {
  std::set<const Symbol *> Found;
  auto consider = [&](const Event &E, const Object &By) {
    if (E.Stoppable && By && By.path().size() == 1 && By.root()->Where == Symbol::This &&
        By.kind() == TypeKind::Source && By.leaf()->Class == Class)
      Found.insert(By.leaf());
  };
  // Itself, or as one of several that a select waits for.
  auto receives = [&](const Event &E) {
    return E.is(Role::Receive) && E.On && P.canonical(E.On) == P.canonical(S.Channel);
  };
  auto look = [&](const Event &E) {
    if (receives(E) || (E.is(Role::Select) && llvm::any_of(E.Inner, receives)))
      consider(E, E.StoppedBy);
  };
  for (const auto &F : P.functions())
    if (outermost(P, F.get())->Class == Class)
      F->forEach([&](const Event &E, Position) {
        look(E);
        if (E.is(Role::Spawn)) // in the terms of who starts the task
          llvm::for_each(E.Inner, look);
      });
  // Or who receives tells it when it leaves.
  if (Found.empty())
    for (const Symbol *Each : P.symbols())
      if (Each->Kind == TypeKind::Source && Each->Where == Symbol::Field && Each->Class == Class)
        for (const Site &Use : P.on(Each))
          if (Use.What->is(Role::RequestStop) && Use.What->Immediate)
            for (const Site &Receive : P.on(S.Channel))
              if (Receive.What->is(Role::Receive) && Receive.In == Use.In)
                Found.insert(Each);
  return Found.size() == 1 ? *Found.begin() : nullptr;
}

/// What a token of that type is called where \p Send is: a parameter, or that of a source.
/// And how it is asked whether a stop was requested.
static std::pair<std::string, std::string> tokenFor(const Program &P, const Stuck &S,
                                                    const Site &Send) {
  auto polled = [&](const Symbol &On) {
    StringRef Method = On.Type ? P.table().method(*On.Type, Role::Poll) : StringRef();
    return Method.empty() ? "" : (On.Name + (On.Arrow ? "->" : ".") + Method + "()").str();
  };
  const Function &F = *Send.In;
  const void *TypeId = Send.What->Slot->TypeId;
  for (const Symbol *Token : F.Params)
    if (Token->Kind == TypeKind::Token && !Token->Name.empty() && Token->TypeId == TypeId)
      return {Token->Name, polled(*Token)};
  const Symbol *Source = sourceOfReceivers(P, S, outermost(P, &F)->Class);
  return Source ? std::pair(tokenOfSource(P, *Source, TypeId), polled(*Source))
                : std::pair<std::string, std::string>();
}

Fix sendWithToken(const Program &P, const Stuck &S) {
  const Site *Sends = nullptr;
  for (const Site &Each : P.on(S.Channel))
    if (Each.What->At == S.End->At && Each.What->Immediate && Each.What->is(S.End->Is))
      Sends = &Each;
  if (!Sends || !Sends->What->Slot)
    return refusal("it cannot take a token");
  const auto [Token, Polled] = tokenFor(P, S, *Sends);
  if (Token.empty())
    return refusal("there is no token in reach");
  Editor E(P, "pass '" + Token + "'");
  writeToken(E, *Sends->In, *Sends->What, Token);
  // What comes behind may wait for an answer to what has not been sent.
  const bool Waits =
      Sends->In
          ->findPath({.From = Sends->At,
                      .Avoiding = [](const Event &) { return false; },
                      .Until =
                          [&](const Event &Other) {
                            return Other.Immediate && Other.blocks() && Other.On != Sends->What->On;
                          },
                      .Exits = false})
          .has_value();
  if (Waits && !Polled.empty())
    leaveBehind(E, *Sends->In, Sends->What->At, Polled);
  return E.changesBehaviour().take();
}

Fix sendLater(const Program &P, const Stuck &S) {
  const Function *F = nullptr;
  for (const Site &Each : P.on(S.Channel))
    if (Each.What->At == S.End->At && Each.What->Immediate && Each.What->is(Role::Send))
      F = Each.In;
  const int Send = !F || S.End->At.isMacroID() ? Layout::None : F->Text.at(S.End->At);
  if (Send == Layout::None || F->Text.Statements[Send].Is != Statement::Plain ||
      !F->Text.Statements[Send].Listed)
    return refusal("the send is a part of something else");
  int Start = Layout::None;
  F->forEach([&](const Event &E, Position) {
    const bool Receives =
        E.is(Role::Spawn) && E.Immediate && llvm::any_of(E.Inner, [&](auto &In) {
          return In.is(Role::Receive) && In.On && P.canonical(In.On) == P.canonical(S.Channel);
        });
    if (Receives && E.At.isFileID() && Start == Layout::None && S.End->At < E.At)
      Start = F->Text.childOf(F->Text.Statements[Send].Around, E.At);
  });
  if (Start == Layout::None || Start <= Send)
    return refusal("its receiver is not started behind it");
  for (int Between = Send + 1; Between <= Start; ++Between)
    if (F->Text.Statements[Between].Around == F->Text.Statements[Send].Around &&
        F->Text.Statements[Between].Is != Statement::Plain &&
        F->Text.Statements[Between].Is != Statement::Declares)
      return refusal("something else stands between it and the start of its receiver");
  StringRef Text = textOf(P, F->Text.Statements[Send].At);
  if (Text.empty() || Text.contains('\n'))
    return refusal("the send is a part of something else");
  Editor E(P, "send it when its receiver runs");
  E.removeStatement(*F, S.End->At);
  E.after(*F, F->Text.Statements[Start].At.getBegin(), Text.str() + ";");
  return E.changesBehaviour().take();
}

} // namespace tether
