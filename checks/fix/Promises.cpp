#include "fix/Promises.h"
#include "fix/Conditions.h"
#include "fix/Text.h"
#include "flow/HeldLocks.h"
#include "model/ApiTable.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using llvm::StringRef;

namespace tether {

/// Whether the mutex is held where \p F is left at \p End; none if it is not certain.
static std::optional<bool> isHeld(const Function &F, SourceLocation End, const Object &Mutex) {
  const HeldLocks Locks(F);
  std::optional<bool> Held;
  for (unsigned B = 0; B != F.Blocks.size(); ++B) {
    const Block &Now = F.Blocks[B];
    const bool Here = Now.Leaves ? Now.Leaves->Where == End : B == F.Exit && F.End == End;
    if (!Here)
      continue;
    // Before the guards of the block end.
    unsigned Index = 0;
    while (Index != Now.Events.size() && !Now.Events[Index].AtScopeEnd)
      ++Index;
    const LockSet Set = Locks.at({B, Index});
    if (Set.holds(Mutex) != Set.mayHold(Mutex) || Set.Unknown)
      return std::nullopt;
    Held = Set.holds(Mutex);
  }
  return Held;
}

/// Whether a way leads from \p Settler to where \p O is left: there it would be settled twice.
static bool endsThere(const Owed &O, const Event &Settler) {
  const Function &F = *O.Path->In;
  const int S = O.Path->End.isMacroID() ? Layout::None : F.Text.at(O.Path->End);
  if (O.Path->End != F.End && (S == Layout::None || F.Text.Statements[S].Is != Statement::Leaves))
    return true; // the end of a turn, to which other ways lead
  bool Ends = false;
  F.forEach([&](const Event &E, Position At) {
    if (E.At == Settler.At)
      for (const Path &Way :
           F.findPaths({.From = At, .Avoiding = [](const Event &) { return false; }}))
        Ends |= Way.End == O.Path->End;
  });
  return Ends;
}

/// The end of the handler through which \p O is missed, if \p Settler is the last that is tried.
static SourceLocation handlerOf(const Program &P, const Owed &O, const Event &Settler) {
  const Layout &Text = O.Path->In->Text;
  const int S = Settler.At.isMacroID() ? Layout::None : Text.at(Settler.At);
  const int Tried = S == Layout::None ? S : Text.Statements[S].Around;
  const int Try = Tried == Layout::None ? Tried : Text.Statements[Tried].Around;
  auto throws = [&](SourceLocation At) { return At.isFileID() && Text.contains(Tried, At); };
  if (Try == Layout::None || Text.lastIn(Tried) != S ||
      (!throws(O.Path->Where) && !throws(O.Where)) || Text.Statements[Try].InMacro ||
      !StringRef(P.sources().getCharacterData(Text.Statements[Try].At.getBegin()))
           .starts_with("try"))
    return {};
  const int Handler = Text.lastIn(Try);
  if (llvm::count_if(Text.Statements, [&](const Statement &In) { return In.Around == Try; }) != 2)
    return {}; // one of several handlers
  for (const Statement &In : Text.Statements)
    if (In.Is == Statement::Leaves && Text.contains(Handler, In.At.getBegin()))
      return {};
  return Text.Statements[Handler].At.getEnd();
}

/// Where \p O can be settled once and on the missing ways only; none if that is not known.
static SourceLocation placeOf(const Program &P, const Owed &O, const Event &Settler) {
  return endsThere(O, Settler) ? handlerOf(P, O, Settler) : O.Path->End;
}

/// What \p Settler is called on, as it is written, if the name means the same at \p There.
static std::string calledOn(const Program &P, const Function &F, const MethodCall &Call,
                            const Event &Settler, SourceLocation There) {
  const Object &On = Settler.On;
  const Symbol *Root = On.root();
  StringRef First = StringRef(Call.Object).take_while([](char C) {
    return C == '_' || clang::isAlphanumeric(C);
  });
  if (StringRef(Call.Object).find_first_of("()[]*&") != StringRef::npos)
    return {};
  if (Root->Where == Symbol::This)
    return On.path().empty() || (First != "this" && First != On.path().front()->Name) ? ""
                                                                                      : Call.Object;
  if (First != Root->Name)
    return {};
  if (Root->Where == Symbol::Local && F.Text.contains(0, Root->At)) {
    const int Declared = F.Text.at(Root->At);
    if (Declared == Layout::None || F.Text.Statements[Declared].Around == Layout::None ||
        !F.Text.contains(F.Text.Statements[Declared].Around, There) || There < Root->At)
      return {};
  }
  return Call.Object;
}

static Fix settleChannel(const Program &P, const Owed &O, const Event &Settler) {
  const Function &F = *O.Path->In;
  const SourceLocation There = placeOf(P, O, Settler);
  if (There.isInvalid())
    return refusal("on another way that ends there it has been satisfied");
  Editor E(P, "satisfy it here, too");
  const ApiType *Type = Settler.On.leaf()->Type;
  auto Call = methodCall(P, Settler.Range);
  auto Arguments = Call ? argumentsIn(P, Call->Arguments) : std::nullopt;
  const std::string Name = Call ? calledOn(P, F, *Call, Settler, There) : "";
  if (Name.empty())
    return refusal("it cannot be named there");
  // In a handler it is no success.
  const bool Fails = There != O.Path->End && Type && Type->GiveUp;
  if (Arguments && Arguments->empty() && !Fails) {
    E.before(F, There, textOf(P, Settler.Range).str() + ";");
  } else if (Type && Type->GiveUp) {
    E.before(F, There, Name + Type->GiveUp.Text + ";");
    E.require(Type->GiveUp, There);
  } else {
    E.refuse("what value it should be given is not known");
  }
  return E.take();
}

static Fix settleState(const Program &P, const Owed &O, const Event &Settler) {
  const Function &F = *O.Path->In;
  const Symbol *State = Settler.On.leaf();
  // Which of several states tells that it has failed is not known.
  if (!State->Scalar || (!Settler.Written.empty() && State->Flag))
    return refusal("what state it should get is not known");
  if (endsThere(O, Settler))
    return refusal("on another way that ends there it has been changed back");
  StringRef Write = textOf(P, Settler.Range);
  auto Wake = wakeAll(P, F, O.Wait->On);
  if (Write.empty() || !Wake)
    return refusal("it cannot be written there");
  std::string Text = Write.str() + ";\n" + *Wake;
  Editor E(P, "change it back here, too");
  if (const Object &Mutex = O.Wait->GivesUp) {
    auto Held = isHeld(F, O.Path->End, Mutex);
    auto Lock = hold(P, F, Mutex, "Held");
    if (!Held)
      return refusal("whether the mutex is held there is not known");
    if (!*Held && !Lock)
      return refusal("the mutex cannot be named there");
    if (!*Held) {
      Text = "{\n  " + *Lock + "\n  " + Write.str() + ";\n}\n" + *Wake;
      E.require(Mutex.leaf()->Type->LockBy, O.Path->End);
    }
  }
  E.before(F, O.Path->End, Text);
  return E.take();
}

/// The mutexes that are surely held at \p Where, or all that is known if \p Where ends a block.
static std::optional<std::vector<Object>> heldAt(const Function &F, SourceLocation Where) {
  const HeldLocks Locks(F);
  for (unsigned B = 0; B != F.Blocks.size(); ++B) {
    const Block &Now = F.Blocks[B];
    for (unsigned I = 0; I <= Now.Events.size(); ++I) {
      const bool Leaves = Now.Leaves && Now.Leaves->Where == Where &&
                          (I == Now.Events.size() || Now.Events[I].AtScopeEnd);
      if (!Leaves && (I == Now.Events.size() || Now.Events[I].At != Where))
        continue;
      const LockSet Set = Locks.at({B, I});
      std::vector<Object> Held;
      for (const HeldLock &L : Set.Held)
        Held.push_back(L.Mutex);
      if (Set.Unknown || Set.Maybe.size() != Held.size())
        return std::nullopt;
      return Held;
    }
  }
  return std::nullopt;
}

/// The arguments of \p Call are parameters, or locals that are declared where \p There sees them.
static bool argumentsReach(const Program &P, const Function &F, const Event &Call,
                           SourceLocation There) {
  for (const Value &V : Call.Args) {
    const Symbol *S = V.What && V.What.path().empty() ? V.What.root() : nullptr;
    if (!S || S->Owner != F.Id || V.Moved || V.IsPart || S->At.isMacroID())
      return false;
    if (S->Where == Symbol::Param)
      continue;
    const int Declared = S->Where == Symbol::Local ? F.Text.at(S->At) : Layout::None;
    if (Declared == Layout::None || F.Text.Statements[Declared].Around == Layout::None ||
        !F.Text.contains(F.Text.Statements[Declared].Around, There) || There < S->At)
      return false;
  }
  return true;
}

static Fix settleByCall(const Program &P, const Owed &O, const Event &Call) {
  const Function &F = *O.Path->In;
  const int S = Call.At.isMacroID() ? Layout::None : F.Text.at(Call.At);
  if (S == Layout::None || F.Text.Statements[S].Is != Statement::Plain ||
      !argumentsReach(P, F, Call, O.Path->End))
    return refusal("what it should be called with is not known");
  if (endsThere(O, Call))
    return refusal("on another way that ends there it has been satisfied");
  // What it expects to be held.
  auto There = heldAt(F, Call.At), Here = heldAt(F, O.Path->End);
  if (!There || !Here || *There != *Here)
    return refusal("other mutexes are held there");
  Editor E(P, "call it here, too");
  E.before(F, O.Path->End, textOf(P, F.Text.Statements[S].At).str() + ";");
  return E.take();
}

/// The wait comes behind the loop that starts those whom it is for.
static Fix waitLater(const Program &P, const Owed &O) {
  const Function &F = *O.In;
  const int S = O.Wait->At.isMacroID() ? Layout::None : F.Text.at(O.Wait->At);
  const int Loop = S == Layout::None ? S : F.Text.around(S, Statement::Loop);
  if (Loop == Layout::None || F.Text.Statements[S].Is != Statement::Plain)
    return refusal("the wait is a part of something else");
  Editor E(P, "wait behind the loop");
  E.removeStatement(F, O.Wait->At);
  E.after(F, F.Text.Statements[Loop].At.getBegin(), textOf(P, F.Text.Statements[S].At).str() + ";");
  return E.take();
}

/// What is done to one member is done to the other one.
static Fix settleAlike(const Program &P, const Owed &O) {
  const Function &F = *O.In;
  if (F.Text.Statements.empty())
    return refusal("it is written in a macro");
  std::string Copies;
  SourceLocation Last;
  for (const Statement &S : F.Text.Statements) {
    if (S.Around != 0)
      continue;
    std::string Copy;
    bool Mentioned = false, Else = S.InMacro || S.Is == Statement::Declares;
    const char *Begin = P.sources().getCharacterData(S.At.getBegin());
    for (const Token &T : tokensOf(P, S.At)) {
      const char *Here = P.sources().getCharacterData(T.getLocation());
      Copy.append(Begin, Here);
      const bool Is = T.is(tok::raw_identifier) && spelling(P, T) == O.InPlaceOf->Name;
      Copy += Is ? O.What.leaf()->Name : spelling(P, T).str();
      Mentioned |= Is;
      Begin = Here + T.getLength();
    }
    if (!Mentioned)
      continue;
    // What it is moved to is settled somewhere else.
    F.forEach([&](const Event &E, Position) {
      Else |= E.Immediate && E.is(Role::Transfer) && E.On && E.On.leaf() == O.InPlaceOf &&
              S.At.getBegin() <= E.At && E.At <= S.At.getEnd();
    });
    if (Else)
      return refusal("'" + O.InPlaceOf->Name + "' is settled in a way that cannot be copied");
    const SourceLocation End = S.At.getEnd();
    Copies +=
        (Copies.empty() ? "" : "\n") + Copy + (endOfStatement(P, End) != endOf(P, End) ? ";" : "");
    Last = S.At.getBegin();
  }
  if (Last.isInvalid())
    return refusal("it is written in a macro");
  // Lines of a copy are indented already.
  const std::string Indent = lineOf(P, Last).indent().str();
  std::string Text;
  for (size_t I = 0; I != Copies.size(); ++I) {
    Text += Copies[I];
    if (Copies[I] == '\n' && StringRef(Copies).substr(I + 1).starts_with(Indent))
      I += Indent.size();
  }
  Editor E(P, "settle '" + O.What.leaf()->Name + "', too");
  E.after(F, Last, Text);
  return E.take();
}

Fix settle(const Program &P, const Owed &O) {
  switch (O.Is) {
  case Owed::Missed:
    if (!O.Path->In || !O.Path->Settler)
      return refusal("it is settled by a call, or by somebody else");
    if (O.Path->Settler->is(Role::Call))
      return settleByCall(P, O, *O.Path->Settler);
    return O.Path->Settler->is(Role::Write) ? settleState(P, O, *O.Path->Settler)
                                            : settleChannel(P, O, *O.Path->Settler);
  case Owed::Early:
    return waitLater(P, O);
  case Owed::Forgotten:
    return settleAlike(P, O);
  case Owed::Other:
    return refusal("who should satisfy it is not known");
  }
  llvm_unreachable("all kinds are listed");
}

} // namespace tether
