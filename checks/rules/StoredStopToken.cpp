// stored-stop-token: a token outlives the operation that it was given for.
#include "Registry.h"
#include "fix/StoredTokens.h"
#include "model/ApiTable.h"
#include "protocol/KeptTokens.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tether {
namespace {

class StoredStopToken final : public Check {
  static constexpr OptionInfo Own[] = {
      {"AllowedClasses", "",
       "classes (qualified names, separated by ';') that live no longer than the operation whose "
       "token they keep"},
  };

public:
  static constexpr CheckInfo Info = {
      .Id = "stored-stop-token",
      .Summary = "a stop token is kept in something that outlives the operation it was given for",
      .Fix = FixKind::Sometimes,
      .Options = Own,
  };
  const CheckInfo &info() const override { return Info; }

  void check(const Program &P) override {
    std::set<const Symbol *> Seen;
    for (const Symbol *S : P.symbols())
      if (S->Kind == TypeKind::Token && Seen.insert(S).second)
        kept(P, S);
    for (const auto &F : P.functions()) {
      F->forEach([&](const Event &E, Position) {
        if (E.is(Role::Store))
          keptInCallable(P, E);
      });
      for (const KeptToken &K : findKeptTokens(P, *F))
        keptInPart(P, *F, K);
    }
  }

private:
  /// A field or global that is a token.
  void kept(const Program &P, const Symbol *Token) {
    if (Token->Where != Symbol::Field && Token->Where != Symbol::Global)
      return;
    if (Token->OfTask || allowed(Token->Class) || ownsSource(P, Token->Class))
      return; // a task's own token, a bundle of parameters, or the stopper itself
    for (const Site &S : P.on(Token)) {
      if (!S.What->is(Role::Store) || S.What->Args.size() != 1)
        continue;
      // Only what came from outside was given for something.
      const Object &From = S.What->Args[0].TokenOf;
      if (!From || From.root()->Where != Symbol::Param || S.In->Id != From.root()->Owner)
        continue;
      // Emptied again before the operation ends.
      if (llvm::any_of(P.on(Token), [&](const Site &Other) {
            return Other.In == S.In && Other.What->is(Role::Store) &&
                   Other.What->Args.size() == 1 && !Other.What->Args[0].TokenOf;
          }))
        continue;
      // A constructor ties the token to the object's life; that is too long if the object is kept
      // itself.
      const Symbol *Keeper = S.In->IsConstructor ? keeperOf(P, Token->Class) : nullptr;
      if (S.In->IsConstructor && !Keeper && !strict() && Token->Where == Symbol::Field)
        continue;
      Finding &Found =
          report(S.What->At, "token '" + Token->Name + "' outlives the operation that '" +
                                 S.In->Name + "' was called for");
      if (Keeper)
        Found.step(Token->At, "the token is kept here")
            .step(Keeper->At, "objects of '" + Token->Class + "' are kept here");
      Found.advice("pass the token to the functions that need it instead of keeping it")
          .fix(passInstead(P, *Token, *S.In, S.What->At, Given));
      return;
    }
  }

  /// A callable that has captured a token goes into a table that nothing is ever taken out of.
  void keptInCallable(const Program &P, const Event &E) {
    if (!E.On || (!E.On.isField() && E.On.root()->Where != Symbol::Global) ||
        !E.On.leaf()->Callable)
      return;
    const Symbol *Table = P.canonical(E.On);
    if (allowed(Table->Class) || P.anyOn(Table, Role::Remove | Role::Overwrite | Role::Transfer))
      return;
    // A single callable is let go of when another one takes its place.
    auto IsStore = [](const Site &S) {
      return S.What->is(Role::Store) && S.What->Immediate && !S.In->IsConstructor;
    };
    if (!Table->Container && llvm::count_if(P.on(Table), IsStore) > 1)
      return;
    for (const Value &V : E.Args)
      for (const Capture &C : V.Captures)
        if (C.TokenOf && C.TokenOf.root()->Where == Symbol::Param && C.TokenOf.path().empty() &&
            C.TokenOf.kind() == TypeKind::Token && !C.ByReference &&
            Captured.insert(C.At.getRawEncoding()).second)
          report(C.At, "token " + quoted(C.TokenOf) + " is captured by a callable that '" +
                           Table->Name + "' keeps: it outlives the operation it was given for")
              .step(E.At, "the callable is kept here, and nothing takes it out again")
              .advice("let the callable take a token with each call")
              .fix(refusal("the type of the callable would have to change"));
  }

  /// A part of what a table, or an object, keeps.
  void keptInPart(const Program &P, const Function &F, const KeptToken &K) {
    if (allowed(K.Keeper->Class) || allowed(K.Member->Class) || ownsSource(P, K.Member->Class) ||
        !Captured.insert(K.Where.getRawEncoding()).second)
      return;
    report(K.Where, "token " + quoted(K.Token) + " outlives the operation that '" + F.Name +
                        "' was called for: '" + K.Keeper->Name + "' keeps it")
        .step(K.Member->At, "this is the token that is kept")
        .step(K.Store->where(), "it is kept here, and nothing takes it out again")
        .advice("pass the token to the functions that need it instead of keeping it")
        .fix(passInstead(P, *K.Member, F, K.Where, Given));
  }

  static bool ownsSource(const Program &P, llvm::StringRef Class) {
    return llvm::any_of(P.symbols(), [&](const Symbol *S) {
      return S->Where == Symbol::Field && S->Class == Class &&
             (S->Kind == TypeKind::Source ||
              (S->Type && llvm::is_contained(S->Type->OnDestroy, Role::RequestStop)));
    });
  }

  /// Where objects of \p Class are kept beyond a call: a field, a global, a static.
  static const Symbol *keeperOf(const Program &P, llvm::StringRef Class) {
    for (const Symbol *S : P.allSymbols())
      if (S->Holds == Class && (S->Where == Symbol::Field || S->Where == Symbol::Global) &&
          S->Class != Class && !(S->Indirect && !S->Arrow)) // a reference keeps nothing
        return S;
    return nullptr;
  }

  bool allowed(llvm::StringRef Class) const { return lists("AllowedClasses", Class); }

  std::set<unsigned> Captured;
  Names Given; ///< by fixes
};

REGISTER_CHECK(StoredStopToken)

} // namespace
} // namespace tether
