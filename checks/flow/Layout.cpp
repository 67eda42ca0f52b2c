#include "flow/Layout.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/SourceManager.h"

using namespace clang;

namespace tether {
namespace {

class Walker {
public:
  Walker(const SourceManager &SM, Layout &Out) : SM(SM), Out(Out) {}

  void add(const Stmt *S, int Around, bool Listed = false, bool Cased = false) {
    if (!S)
      return;
    // A label belongs to what it stands in front of.
    if (const auto *C = dyn_cast<SwitchCase>(S))
      return add(C->getSubStmt(), Around, Listed, Cased);
    if (const auto *L = dyn_cast<LabelStmt>(S))
      return add(L->getSubStmt(), Around, Listed, Cased);
    if (const auto *A = dyn_cast<AttributedStmt>(S))
      return add(A->getSubStmt(), Around, Listed, Cased);
    const int Mine = static_cast<int>(Out.Statements.size());
    Statement New;
    New.Is = kindOf(S);
    New.Listed = Listed;
    New.Cased = Cased;
    New.InMacro = S->getBeginLoc().isMacroID() || S->getEndLoc().isMacroID();
    New.Around = Around;
    New.At = {SM.getExpansionRange(S->getBeginLoc()).getBegin(),
              SM.getExpansionRange(S->getEndLoc()).getEnd()};
    if (const Expr *C = conditionOf(S);
        C && C->getBeginLoc().isFileID() && C->getEndLoc().isFileID())
      New.Condition = C->getSourceRange();
    if (const auto *I = dyn_cast<IfStmt>(S))
      New.HasElse = I->getElse() != nullptr;
    Out.Statements.push_back(New);
    parts(S, Mine);
  }

private:
  static Statement::Kind kindOf(const Stmt *S) {
    if (isa<CompoundStmt>(S))
      return Statement::Block;
    if (isa<DeclStmt>(S))
      return Statement::Declares;
    if (isa<WhileStmt, DoStmt, ForStmt, CXXForRangeStmt>(S))
      return Statement::Loop;
    if (isa<IfStmt, SwitchStmt, CXXTryStmt>(S))
      return Statement::Compound;
    const auto *E = dyn_cast<Expr>(S);
    return isa<ReturnStmt, CoreturnStmt, BreakStmt, ContinueStmt, GotoStmt>(S) ||
                   (E && isa<CXXThrowExpr>(E->IgnoreImplicit()))
               ? Statement::Leaves
               : Statement::Plain;
  }

  static const Expr *conditionOf(const Stmt *S) {
    if (const auto *I = dyn_cast<IfStmt>(S))
      return I->hasVarStorage() || I->hasInitStorage() ? nullptr : I->getCond();
    if (const auto *L = dyn_cast<WhileStmt>(S))
      return L->hasVarStorage() ? nullptr : L->getCond();
    if (const auto *L = dyn_cast<DoStmt>(S))
      return L->getCond();
    const auto *L = dyn_cast<ForStmt>(S);
    return L && !L->getConditionVariable() ? L->getCond() : nullptr;
  }

  void parts(const Stmt *S, int Mine) {
    if (const auto *C = dyn_cast<CompoundStmt>(S)) {
      const int Around = Out.Statements[Mine].Around;
      const bool Cased = Around >= 0 && InSwitch == Around;
      for (const Stmt *Child : C->body())
        add(Child, Mine, /*Listed=*/true, Cased);
    } else if (const auto *I = dyn_cast<IfStmt>(S)) {
      add(I->getInit(), Mine);
      add(I->getThen(), Mine);
      add(I->getElse(), Mine);
    } else if (const auto *W = dyn_cast<SwitchStmt>(S)) {
      add(W->getInit(), Mine);
      const int Outer = std::exchange(InSwitch, Mine);
      add(W->getBody(), Mine);
      InSwitch = Outer;
    } else if (const auto *L = dyn_cast<WhileStmt>(S)) {
      add(L->getBody(), Mine);
    } else if (const auto *L = dyn_cast<DoStmt>(S)) {
      add(L->getBody(), Mine);
    } else if (const auto *L = dyn_cast<ForStmt>(S)) {
      add(L->getInit(), Mine);
      add(L->getBody(), Mine);
    } else if (const auto *L = dyn_cast<CXXForRangeStmt>(S)) {
      add(L->getBody(), Mine);
    } else if (const auto *T = dyn_cast<CXXTryStmt>(S)) {
      add(T->getTryBlock(), Mine);
      for (unsigned I = 0; I != T->getNumHandlers(); ++I)
        add(T->getHandler(I)->getHandlerBlock(), Mine);
    }
  }

  const SourceManager &SM;
  Layout &Out;
  int InSwitch = Layout::None;
};

} // namespace

Layout layoutOf(const Stmt *Body, const SourceManager &SM) {
  Layout Out;
  if (const auto *C = dyn_cast_or_null<CoroutineBodyStmt>(Body))
    Body = C->getBody();
  Walker(SM, Out).add(Body, Layout::None);
  return Out;
}

// Places in a file are in order; those of one function are all in one file.

bool Layout::contains(int S, SourceLocation Where) const {
  const SourceRange &At = Statements[S].At;
  return At.getBegin() <= Where && Where <= At.getEnd();
}

int Layout::at(SourceLocation Where) const {
  int Found = None;
  for (int S = 0; S != static_cast<int>(Statements.size()); ++S)
    if (contains(S, Where))
      Found = S;
  return Found;
}

int Layout::childOf(int Block, SourceLocation Where) const {
  int S = at(Where);
  while (S != None && Statements[S].Around != Block)
    S = Statements[S].Around;
  return S;
}

int Layout::around(int S, Statement::Kind Is) const {
  do
    S = S == None ? None : Statements[S].Around;
  while (S != None && Statements[S].Is != Is);
  return S;
}

int Layout::lastIn(int Block) const {
  int Last = None;
  for (int S = 0; S != static_cast<int>(Statements.size()); ++S)
    if (Statements[S].Around == Block)
      Last = S;
  return Last;
}

} // namespace tether
