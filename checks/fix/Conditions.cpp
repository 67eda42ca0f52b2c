#include "fix/Conditions.h"
#include "fix/StopFlags.h"
#include "fix/Text.h"
#include "model/ApiTable.h"
#include "protocol/Stops.h"
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

/// It calls something on \p Member, and names nothing else that could mean something else.
static bool isAboutMember(const Program &P, SourceRange Statement, const Symbol &Member) {
  std::vector<Token> Tokens = tokensOf(P, Statement);
  bool Named = false;
  for (size_t I = 0; I != Tokens.size(); ++I) {
    const Token &T = Tokens[I];
    const bool Calls = I + 1 != Tokens.size() && Tokens[I + 1].is(tok::l_paren);
    StringRef Word = T.is(tok::raw_identifier) ? spelling(P, T) : StringRef();
    const bool Is = Word == Member.Name && !Calls;
    Named |= Is;
    if (!Word.empty() && !Is && !Calls && Word != "true" && Word != "false" && Word != "nullptr")
      return false;
    if (Word.empty() && !T.isOneOf(tok::l_paren, tok::r_paren, tok::period, tok::arrow, tok::amp,
                                   tok::numeric_constant))
      return false;
  }
  return Named;
}

std::optional<std::string> asWritten(const Program &P, const Function &F,
                                     llvm::function_ref<bool(const Event &)> Wanted) {
  const std::string Class = outermost(P, &F)->Class;
  if (Class.empty())
    return std::nullopt;
  for (const auto &Other : P.functions()) {
    std::optional<std::string> Found;
    if (outermost(P, Other.get())->Class == Class)
      Other->forEach([&](const Event &E, Position) {
        const SourceLocation At = E.where();
        if (Found || !E.On || E.On.root()->Where != Symbol::This || E.On.path().empty() ||
            E.On.path().front()->Class != Class || At.isMacroID() || E.AtScopeEnd || !Wanted(E))
          return;
        const int S = Other->Text.at(At);
        if (S != Layout::None && Other->Text.Statements[S].Is == Statement::Plain &&
            isAboutMember(P, Other->Text.Statements[S].At, *E.On.path().front()))
          Found = textOf(P, Other->Text.Statements[S].At).str() + ";";
      });
    if (Found)
      return Found;
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

/// The wait ends by what is looked at behind it, too.
static Fix lookToo(const Program &P, const Site &Wait, const Object &Flag) {
  auto Name = nameIn(Flag, *Wait.In, P);
  // (What the predicate looks at already is a member, too: it has the object.)
  const bool Reaches = Flag.root()->Where == Symbol::This &&
                       llvm::all_of(Wait.What->EndedBy, [](const StateChange &C) {
                         return C.What.root()->Where == Symbol::This;
                       });
  if (!Name || !Reaches)
    return refusal("it cannot be looked at there");
  Editor E(P, "let it end the wait");
  addToPredicate(E, P, Wait, *Name);
  return E.take();
}

/// The wait begins only if what it waits for has not come.
static Fix lookFirst(const Program &P, const Missed &M) {
  const Object &Goal = M.Goal.What;
  if (!Goal || !Goal.leaf()->Flag || M.Goal.Value || M.Goal.Way != Change::Up)
    return refusal("there is no state to wait for");
  for (const Site &S : P.on(M.Wait->On)) {
    if (S.What->At != M.Wait->At || !S.What->Immediate || !S.What->is(Role::Wait))
      continue;
    if (S.What->HasPredicate)
      return lookToo(P, S, Goal);
    auto Name = nameIn(Goal, *S.In, P);
    const int W = M.Where.isMacroID() ? Layout::None : S.In->Text.at(M.Where);
    if (!Name || W == Layout::None || S.In->Text.Statements[W].Is != Statement::Plain)
      return refusal("it cannot be looked at there");
    const SourceLocation Begin = S.In->Text.Statements[W].At.getBegin();
    const Line L = lineOf(P, Begin);
    Editor E(P, "look at it first");
    E.insert(Begin, "if (!" + *Name + ")" +
                        (L.startsHere() ? "\n" + L.indent().str() + indentStep(P, Begin) : " "));
    return E.take();
  }
  return refusal("the wait is in a function that is called there");
}

Fix tellWaiters(const Program &P, const Missed &M) {
  if (!M.Write)
    return lookFirst(P, M);
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
      Wake = asWritten(P, F, [&](const Event &Other) {
        return Other.is(Role::Notify | Role::Send) && Other.isWakeUp() &&
               (Other.On == M.Condition || Other.On == M.Wait->On);
      });
    if (!Wake)
      return refusal("the condition cannot be named there");
    E.after(F, M.Where, *Wake);
  }
  return E.take();
}

} // namespace tether
