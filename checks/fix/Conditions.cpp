#include "fix/Conditions.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

std::optional<std::string> wakeAll(const Program &P, const Function &F, const Object &Condition) {
  const ApiType *Type = Condition ? Condition.leaf()->Type : nullptr;
  StringRef Method = Type ? P.table().method(*Type, Role::Notify, "all") : StringRef();
  auto Name = accessIn(Condition, F, P);
  if (Name && !Method.empty())
    return *Name + Method.str() + "();";
  // A function of C: as it is written elsewhere.
  for (const Site &S : P.on(Condition)) {
    const bool Everywhere = S.What->On.root()->Where == Symbol::Global || S.In == &F;
    StringRef Text = textOf(P, S.What->Range);
    if (S.What->is(Role::Notify) && S.What->Immediate && S.What->Entry &&
        S.What->Entry->Wakes == "all" && Everywhere && !Text.empty())
      return Text.str() + ";";
  }
  return std::nullopt;
}

std::optional<std::string> hold(const Program &P, const Function &F, const Object &Mutex,
                                StringRef Name) {
  const ApiType *Type = Mutex ? Mutex.leaf()->Type : nullptr;
  auto Spelled = nameIn(Mutex, F, P);
  if (!Type || !Type->LockBy || !Spelled || Mutex.leaf()->Arrow)
    return std::nullopt;
  return filled(Type->LockBy.Text, {{"0", *Spelled}, {"name", Name.str()}});
}

/// \p Part of the object that the wait works on, seen from the change: both reach their state by
/// \p Write and \p Read.
static Object seenFrom(const Object &Part, const Object &Read, const Object &Write) {
  if (!Part || !Read || Part.root() != Read.root() || Read.path().size() != Write.path().size())
    return Part;
  return Part.rebased(Object(Part.root()), Object(Write.root()));
}

Fix tellWaiters(const Program &P, const Missed &M) {
  if (!M.Write)
    return refusal("there is no state to wait for");
  const Site *Change = nullptr;
  for (const Site &S : P.on(M.Write->On))
    if (S.What->At == M.Write->At && S.What->is(Role::Write) && S.What->Immediate)
      Change = &S;
  if (!Change || M.Where.isMacroID())
    return refusal("it is written in a macro");
  const Function &F = *Change->In;
  const int S = F.Text.at(M.Where);
  if (S == Layout::None || F.Text.Statements[S].Is != Statement::Plain)
    return refusal("the change is a part of something else");
  const SourceRange &Whole = F.Text.Statements[S].At;

  Object Read = M.Wait->On;
  for (const StateChange &C : M.Wait->EndedBy)
    if (P.canonical(C.What) == P.canonical(M.Write->On))
      Read = C.What;
  Editor E(P, M.Unlocked ? "change it under the mutex" : "notify of it");
  if (M.Unlocked) {
    bool Calls = false;
    F.forEach([&](const Event &Other, Position) {
      Calls |= Other.is(Role::Call | Role::Invoke | Role::Lock) && Other.Immediate &&
               Whole.getBegin() <= Other.At && Other.At <= Whole.getEnd();
    });
    const Object Mutex = seenFrom(M.Wait->GivesUp, Read, Change->What->On);
    auto Lock = hold(P, F, Mutex, textOf(P, Whole).contains("Lock") ? "Held" : "Lock");
    if (Calls)
      E.refuse("what is called there may take the mutex itself");
    if (!Lock)
      return refusal("the mutex of the wait cannot be named there");
    E.require(Mutex.leaf()->Type->LockBy, M.Where);
    E.enclose(F, M.Where, *Lock);
  }
  if (M.Unnotified) {
    auto Wake = wakeAll(P, F, seenFrom(M.Wait->On, Read, Change->What->On));
    if (!Wake)
      return refusal("the condition cannot be named there");
    E.after(F, M.Where, *Wake);
  }
  return E.take();
}

} // namespace tether
