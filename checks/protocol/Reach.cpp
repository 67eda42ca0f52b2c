#include "protocol/Reach.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {

bool hasTokens(const Program &P) {
  auto knows = [](const Symbol *S) {
    return llvm::is_contained({TypeKind::Token, TypeKind::Source}, S->Kind) || S->HasToken ||
           !S->TokenPath.empty() || (S->Type && S->Type->Stoppable);
  };
  return llvm::any_of(P.symbols(), knows) || llvm::any_of(P.functions(), [&](const auto &F) {
           return llvm::any_of(F->Params, knows); // one that has no name
         });
}

bool isToken(const Symbol *S) { return S->Kind == TypeKind::Token && !S->Container; }

bool handsToken(const Function &F, const Value &V) {
  if (V.IsToken)
    return !V.NeverStops;
  auto has = [](const Capture &C) {
    return C.TokenOf || (C.What && C.What.root()->Where != Symbol::This && C.What.leaf()->HasToken);
  };
  if (llvm::any_of(V.Captures, has))
    return true;
  // The token that a member keeps is another one than that of the operation at hand.
  return V.HasToken &&
         !(V.What && V.What.root()->Where == Symbol::This && llvm::any_of(F.Params, isToken));
}

bool handsToken(const Function &F, const Event &E) {
  return handsToken(F, E.This) ||
         llvm::any_of(E.Args, [&](const Value &V) { return handsToken(F, V); });
}

Looks::Looks(const Program &P, const Function &F) : P(P), F(F) {
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::OnStop)) {
      Callbacks.push_back(&E);
      const Function *Body = E.Callee ? P.function(E.Callee) : nullptr;
      Elsewhere |= !Body;
      if (Body)
        Body->forEach([&](const Event &Set, Position) {
          if (Set.is(Role::Write) && Set.On)
            SetByCallback.push_back(P.canonical(Set.On));
        });
    } else if (handsToken(F, E)) {
      Elsewhere |= !E.is(Role::Call | Role::Invoke) || !P.function(E.Callee);
    }
  });
}

bool Looks::operator()(const Event &E) const {
  auto tells = [&](const Object &O) {
    return O && llvm::is_contained(SetByCallback, P.canonical(O));
  };
  return E.is(Role::Poll) || E.Stoppable || handsToken(F, E) || (E.is(Role::Read) && tells(E.On)) ||
         llvm::any_of(E.Reads, tells);
}

bool Looks::given(clang::SourceLocation Where) const {
  bool Found = false;
  F.forEach(
      [&](const Event &E, Position) { Found |= E.Immediate && E.At == Where && handsToken(F, E); });
  return Found;
}

bool Looks::comesAgain(const Event &E, Position At) const {
  return F
      .findPath({.From = At,
                 .Avoiding = [&](const Event &Other) { return (*this)(Other); },
                 .Until = [&](const Event &Other) { return &Other == &E; },
                 .Exits = false})
      .has_value();
}

bool beforeStop(const Function &F, const Event &E) {
  return F
      .findPath({.From = F.entry(),
                 .Avoiding = [](const Event &Other) { return Other.is(Role::RequestStop); },
                 .Until = [&](const Event &Other) { return &Other == &E; },
                 .Exits = false,
                 .AvoidingEdge = [](const Block &, const Edge &Way) { return Way.Stopped; }})
      .has_value();
}

std::vector<Object> givenTokens(const Function &F) {
  std::vector<Object> Found;
  for (const Symbol *S : F.Params)
    if (isToken(S))
      Found.push_back(Object(S));
  for (const Symbol *S : F.Params) {
    if (S->TokenPath.empty() || S->Container)
      continue;
    Object Part(S);
    for (const Symbol *Member : S->TokenPath)
      Part = Part.field(Member);
    Found.push_back(std::move(Part));
  }
  return Found;
}

/// A token that the lambda \p F has taken along by its name, or nothing.
static Object capturedToken(const Program &P, const Function &F) {
  Object Found;
  auto consider = [&](const void *Body, const std::vector<Capture> &Captures) {
    for (const Capture &C : Captures)
      if (Body == F.Id && !Found && C.What && C.What.path().empty() && isToken(C.What.root()) &&
          !C.What.root()->Name.empty())
        Found = C.What;
  };
  if (const Function *Up = F.IsLambda ? P.function(F.Parent) : nullptr)
    Up->forEach([&](const Event &E, Position) {
      if (!E.Immediate)
        return;
      consider(E.Callee, E.This.Captures);
      for (const Value &V : E.Args)
        consider(V.Body, V.Captures);
    });
  return Found;
}

Object tokenAt(const Program &P, const Function &F, const Event &Call) {
  if (std::vector<Object> Given = givenTokens(F); !Given.empty())
    return Given.front();
  if (Object Captured = capturedToken(P, F))
    return Captured;
  Object Found;
  auto consider = [&](const Object &O) {
    // A member, or a parameter or variable of the function around a lambda.
    if (!Found && O && isToken(O.leaf()) && !O.leaf()->Name.empty() && O.leaf()->Owner != F.Id)
      Found = O;
  };
  F.forEach([&](const Event &E, Position) {
    if (E.is(Role::Poll))
      consider(E.On);
    if (E.Immediate && E.Stoppable)
      consider(E.StoppedBy);
    if (E.Immediate && E.is(Role::Call | Role::Invoke))
      for (const Value &V : E.Args)
        if (V.IsToken)
          consider(V.TokenOf);
    // A variable that holds what an environment or an object has answered. The token of a source
    // of this function is meant for others.
    if (Found || !E.is(Role::Store) || !E.Immediate || !E.On.isLocal() || E.Args.size() != 1 ||
        !isToken(E.On.root()) || E.On.root()->Owner != F.Id || !E.Args[0].IsToken)
      return;
    const Object &From = E.Args[0].TokenOf;
    if (E.Args[0].NeverStops || (From && From.isLocal() && From.kind() != TypeKind::Token))
      return;
    auto IsStore = [&](const Event &Other) { return &Other == &E; };
    auto IsCall = [&](const Event &Other) { return &Other == &Call; };
    if (!F.findPath({.From = F.entry(), .Avoiding = IsStore, .Until = IsCall, .Exits = false}))
      Found = E.On;
  });
  return Found;
}

} // namespace tether
