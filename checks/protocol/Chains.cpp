#include "protocol/Chains.h"
#include "protocol/Reach.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"

namespace tether {
namespace {

/// How deep functions that make an object may call each other.
constexpr unsigned MaxDepth = 3;

/// Looks for what a new object keeps of an old one.
class Keeping {
public:
  Keeping(const Program &P, const Function &F, const Value &New, const Object &Old,
          clang::SourceRange Made, unsigned Depth = MaxDepth)
      : P(P), F(F), New(New), Old(Old), Made(Made), Depth(Depth) {}

  /// Where it is kept.
  std::optional<Chain> find() const {
    std::optional<Chain> Found = captured();
    F.forEach([&](const Event &E, Position At) {
      if (Found || E.MayHappen || !isMaking(E))
        return;
      if (E.is(Role::Store) && keeps(E, At))
        Found = keptAt(E.At, E.On.leaf());
      if (E.is(Role::Call) && E.Immediate && givesNew(E))
        Found = returned(E, At);
    });
    return Found;
  }

  /// \p E is a part of what makes the new object.
  bool isMaking(const Event &E) const {
    auto within = [&](clang::SourceRange R) {
      return R.isValid() && E.where().isValid() &&
             !P.sources().isBeforeInTranslationUnit(E.where(), R.getBegin()) &&
             !P.sources().isBeforeInTranslationUnit(R.getEnd(), E.where());
    };
    return within(Made) || (New.What.isLocal() && within(New.What.root()->Whole)) ||
           (New.What && (E.On.isWithin(New.What) || New.What.root()->At == E.Range.getBegin()));
  }

private:
  static Chain keptAt(clang::SourceLocation Where, const Symbol *In) {
    Chain Found;
    Found.Kept = Where;
    Found.In = In;
    return Found;
  }

  /// The new object is what \p Call returns, and not what another call makes of that.
  bool givesNew(const Event &Call) const {
    if (!New.What || (New.What.root()->Where == Symbol::Temporary &&
                      New.What.root()->At != Call.Range.getBegin()))
      return false;
    const clang::SourceLocation End =
        New.What.isLocal() ? New.What.root()->Whole.getEnd() : Made.getEnd();
    if (End.isValid())
      return Call.Range.getEnd() == End;
    bool Outermost = true;
    F.forEach([&](const Event &E, Position) {
      Outermost &= !E.is(Role::Call) || E.Range.getBegin() != Call.Range.getBegin() ||
                   !P.sources().isBeforeInTranslationUnit(Call.Range.getEnd(), E.Range.getEnd());
    });
    return Outermost;
  }

  /// \p O, as \p Use finds it, is the old one, or another name that it has got in the same turn.
  bool isOld(const Object &O, const Event &Use, Position At) const {
    if (O == Old || !O.isLocal())
      return O == Old;
    bool Named = false, Other = false;
    auto names = [&](const Event &E) {
      return E.is(Role::Store | Role::Overwrite) && E.On == O && !E.Args.empty();
    };
    F.forEach([&](const Event &E, Position) {
      if (names(E))
        (E.Args[0].What == Old && !E.Args[0].IsPart ? Named : Other) = true;
    });
    return Named && !Other &&
           !F.findPath({.From = At,
                        .Avoiding = names,
                        .Until = [&](const Event &E) { return &E == &Use; },
                        .Exits = false});
  }

  bool keeps(const Event &E, Position At) const {
    // (A pointer or reference owns nothing: the old one ends, or has another owner.)
    return E.On.isField() && E.On != Old && (E.On.isWithin(New.What) || E.On.isWithin(Old)) &&
           E.Args.size() == 1 && isOld(E.Args[0].What, E, At) && !E.On.leaf()->Indirect &&
           !E.On.leaf()->Container;
  }

  std::optional<Chain> captured() const {
    const Function *Body = P.function(New.Body);
    if (New.HasToken || (Body && !givenTokens(*Body).empty()))
      for (const Capture &C : New.Captures)
        if (C.What == Old && !C.ByReference)
          return keptAt(C.At, nullptr);
    return std::nullopt;
  }

  /// By all that the function that is called may return.
  std::optional<Chain> returned(const Event &Call, Position At) const {
    const Function *Maker = P.function(Call.Callee);
    if (!Maker || Maker->IsConstructor || Maker->Returns.empty() || Depth == 0)
      return std::nullopt;
    auto keptAs = [&](const Object &Mine) {
      std::optional<Chain> Found;
      for (const Value &Result : Maker->Returns)
        if (!(Found = Keeping(P, *Maker, Result, Mine, {}, Depth - 1).find()))
          break;
      return Found;
    };
    if (Call.On == Old || Call.This.What == Old)
      if (std::optional<Chain> Found = keptAs(P.thisObject()))
        return Found;
    for (unsigned I = 0; I != std::min(Call.Args.size(), Maker->Params.size()); ++I)
      if (isOld(Call.Args[I].What, Call, At))
        if (std::optional<Chain> Found = keptAs(Object(Maker->Params[I])))
          return Found;
    return std::nullopt;
  }

  const Program &P;
  const Function &F;
  const Value &New;
  const Object Old;
  clang::SourceRange Made;
  unsigned Depth;
};

/// One place where something is set, and what it is set to.
class Link {
public:
  Link(const Program &P, const Function &F, const Event &Store, Position At)
      : P(P), F(F), Store(Store), At(At), Old(Store.On), New(Store.Args[0]),
        Kept(P, F, New, Old, Store.Range) {}

  std::optional<Chain> chain() const {
    std::optional<Chain> Found = Kept.find();
    if (!Found || (Found->In && !hasToken(Old.leaf())) || isOnce())
      return std::nullopt;
    Found->EachTurn = comesAgain();
    if (!Found->EachTurn && !livesOn())
      return std::nullopt;
    Found->What = Old;
    Found->Store = &Store;
    Found->Used = isUsed(Found->EachTurn);
    Found->SetElsewhere = !Found->EachTurn && isSetElsewhere();
    return Found;
  }

private:
  static bool hasToken(const Symbol *S) {
    return S->HasToken || S->HasSource || S->Kind == TypeKind::Source || !S->TokenPath.empty();
  }

  /// Done if a flag says so, which it does not say any more after that.
  bool isOnce() const {
    auto isChanged = [&](const Object &Flag) {
      return llvm::any_of(F.Blocks[At.Block].Events, [&](const Event &E) {
        return E.is(Role::Write | Role::Store) && E.On == Flag;
      });
    };
    return llvm::any_of(F.Blocks, [&](const Block &B) {
      return llvm::any_of(
          B.Next, [&](const Edge &E) { return E.To == At.Block && E.Flag && isChanged(E.Flag); });
    });
  }

  /// The old object begins anew, or is another one.
  bool resets(const Event &E) const {
    return &E != &Store && E.On == Old && !Kept.isMaking(E) &&
           E.is(Role::Store | Role::Overwrite | Role::Bind | Role::Remove | Role::Destroy);
  }
  bool leadsTo(Position From, const Event &To) const {
    return F
        .findPath({.From = From,
                   .Avoiding = [&](const Event &E) { return resets(E); },
                   .Until = [&](const Event &E) { return &E == &To; },
                   .Exits = false})
        .has_value();
  }
  bool comesAgain() const { return leadsTo(At, Store); }

  /// What it sets is still there when the function is called again.
  bool livesOn() const {
    const Symbol *Root = Old.root();
    if (F.IsConstructor || F.IsDestructor)
      return false;
    if (F.IsLambda && Old.path().empty() && Root->Where != Symbol::Global)
      return Root->Owner != F.Id && isKeptWith();
    // What only constructors call, happens once.
    if (F.Internal && !P.callers(F).empty() &&
        llvm::all_of(P.callers(F), [](const Site &S) { return S.In->IsConstructor; }))
      return false;
    return Root->Where == Symbol::Global ||
           (Old.isField() && (Root->Where == Symbol::This ||
                              (Root->Where == Symbol::Param && (Root->Indirect || Root->Arrow))));
  }

  /// The lambda has a copy of its own, and somebody keeps the lambda.
  bool isKeptWith() const {
    auto has = [&](const Value &V) {
      return V.Body == F.Id && llvm::any_of(V.Captures, [&](const Capture &C) {
               return C.What == Old && !C.ByReference;
             });
    };
    const Function *Around = P.function(F.Parent);
    if (!Around)
      return false;
    bool Kept = llvm::any_of(Around->Returns, has);
    Around->forEach([&](const Event &E, Position) {
      Kept |=
          E.is(Role::Store) && E.On.isField() && E.On.leaf()->Callable && llvm::any_of(E.Args, has);
    });
    return Kept;
  }

  /// More is done with the new object than to link the next one to it: otherwise the chain is what
  /// the code is there to build.
  bool isUsed(bool EachTurn) const {
    auto names = [&](const Object &O) {
      return O && (O.isWithin(Old) || (New.What && New.What.isLocal() && O.isWithin(New.What)));
    };
    bool Used = false;
    F.forEach([&](const Event &E, Position Where) {
      if (Used || &E == &Store || Kept.isMaking(E) || resets(E) || E.Returned ||
          E.is(Role::Write | Role::Read | Role::Destroy | Role::Poll | Role::Turn) ||
          (E.is(Role::Store) && E.On == Old))
        return;
      const bool IsUse =
          (E.is(Role::Invoke | Role::MakeToken) && names(E.On)) || names(E.StoppedBy) ||
          (E.is(Role::Call) && names(E.On) && !E.Args.empty()) ||
          llvm::any_of(E.Args, [&](const Value &V) { return names(V.What) || names(V.TokenOf); }) ||
          (E.is(Role::Transfer) && names(E.On));
      Used = IsUse && (!EachTurn || (leadsTo(At, E) && leadsTo(Where, Store)));
    });
    return Used;
  }

  /// Something cuts the chain; another link of it does not.
  bool isSetElsewhere() const {
    const bool IsCopy = Old.path().empty() && Old.root()->Where != Symbol::Global;
    return llvm::any_of(P.on(Old.leaf()), [&](const Site &S) {
      const Event &E = *S.What;
      return (!IsCopy || S.In == &F) && E.At != Store.At && E.Immediate && !E.Initial &&
             !S.In->IsConstructor && !S.In->IsDestructor &&
             E.is(Role::Store | Role::Overwrite | Role::Bind | Role::Remove) &&
             (E.Args.size() != 1 || !Link(P, *S.In, E, S.At).Kept.find());
    });
  }

  const Program &P;
  const Function &F;
  const Event &Store;
  Position At;
  const Object &Old;
  const Value &New;
  Keeping Kept;
};

} // namespace

std::vector<Chain> findChains(const Program &P, const Function &F) {
  std::vector<Chain> Found;
  F.forEach([&](const Event &E, Position At) {
    // One of several is not known to be the one that is there next time.
    if (!E.is(Role::Store) || !E.Immediate || !E.Via.empty() || E.Initial || !E.On ||
        E.Args.size() != 1 || E.On.leaf()->Container || E.On.leaf()->HoldsMany)
      return;
    if (std::optional<Chain> C = Link(P, F, E, At).chain())
      Found.push_back(*C);
  });
  return Found;
}

} // namespace tether
