// One function on its way from Clang's AST and CFG to events: what Extract.cpp makes a Function of.
//
// The methods are in BodyGraph.cpp (blocks and the edges between them), BodyConditions.cpp (what
// edges decide), BodyElements.cpp (statements), BodyCalls.cpp (calls and the objects they make) and
// BodyApi.cpp (calls that a table line or a type gives a role).
#ifndef TETHER_FLOW_BODY_H
#define TETHER_FLOW_BODY_H

#include "flow/Function.h"
#include "flow/Resolve.h"
#include "flow/Shape.h"
#include "model/ApiTable.h"
#include "clang/Analysis/CFG.h"

namespace tether {

/// A number, a pointer or what wraps one number: an atomic, an optional.
bool holdsNumber(clang::QualType T);
/// The type and all its bases.
void typesOf(clang::QualType T, std::vector<const void *> &Types);

/// One function: its graph, and the events of each element.
class Body {
public:
  Body(const clang::FunctionDecl *F, Resolver &R) : F(F), R(R), AST(R.AST), S(shapeOf(F, R)) {}
  std::unique_ptr<Function> extract();

private:
  // Graph.
  void edges(const clang::CFGBlock &From, Block &Into);
  /// What is the same on the \p Other way of a condition is taken from there.
  void decide(const clang::CFGBlock &From, unsigned Way, const clang::CFGBlock &To, Edge &E,
              const Edge *Other);
  Formula selects(const clang::SwitchStmt &W, const clang::CaseStmt *C);
  std::optional<LoopHead> loopHead(const clang::Stmt *T);
  void number(const clang::Expr *Condition, Edge &E);
  Object asksAbout(const clang::Expr *Condition);
  void askedOfResult(const clang::Expr *Condition, bool True, Edge &E);
  Object flag(const clang::Expr *Condition);
  Object answer(const clang::Expr *Condition, bool &Yes);
  static bool asksForFailure(const clang::Stmt *Condition);
  bool readsState(const clang::Stmt *Condition);
  bool readsParam(const clang::Stmt *Condition) const;
  const clang::Expr *asked(const clang::Expr *Condition, bool &Outcome) const;
  bool polls(const clang::Expr *Condition);
  void selected(const clang::CFG &Graph);
  Handler handler(const clang::CXXCatchStmt &Catch, unsigned Block);
  void findHandlers(const clang::CFG &Graph);
  std::string text(const clang::Stmt *E) const;

  // Elements.
  void element(const clang::CFGElement &E);
  void turn(const clang::Stmt *Loop);
  void receives(const clang::CXXForRangeStmt *Loop);
  void statement(const clang::Stmt *St);
  void call(const clang::CallExpr *C);
  void construct(const clang::CXXConstructExpr *C);
  void declare(const clang::VarDecl *V);
  void initialise(const clang::CXXCtorInitializer *I);
  void assign(const clang::Expr *Left, const clang::Expr *Right, const clang::Expr *Whole);
  void destroy(const Object &O, clang::QualType T, clang::SourceLocation At);
  void destroyParts(const Object &O, clang::QualType T, clang::SourceLocation At, unsigned Depth);
  void runDestructor(const Object &O, const clang::FunctionDecl *Destructor,
                     clang::SourceLocation At);
  const clang::Expr *initialised(const clang::Expr *E) const;
  void api(const Api &A, const clang::Expr *E, const clang::FunctionDecl *Callee,
           const clang::Expr *Base, llvm::ArrayRef<const clang::Expr *> Args);
  void spawn(Event &E, const Api *A, const clang::Expr *Whole,
             llvm::ArrayRef<const clang::Expr *> Args);
  void lock(const clang::CXXConstructExpr *C, const Api *A, const Object &Guard,
            llvm::ArrayRef<const clang::Expr *> Args);
  bool mayPointElsewhere(const clang::Stmt *St) const;
  void waits(Event &E, const Api &A, const clang::Expr *Whole,
             llvm::ArrayRef<const clang::Expr *> Args);
  void invoke(const clang::Expr *Callable, const clang::Expr *Whole,
              llvm::ArrayRef<const clang::Expr *> Args);
  void noteLoop(Event &E, const clang::Expr *Whole);
  void done(Event &E, const clang::Expr *Whole);
  Object resultOf(const clang::Expr *Whole);
  void follow(const clang::Expr *E, const clang::FunctionDecl *Callee, const clang::Expr *Base,
              llvm::ArrayRef<const clang::Expr *> Args, Object Constructed, bool Perhaps = false);
  void unknown(const clang::Expr *E, const clang::FunctionDecl *Callee, const clang::Expr *Base,
               llvm::ArrayRef<const clang::Expr *> Args);
  bool isOwn(const Object &O) const;
  bool mayThrow(const clang::Expr *Whole, const clang::FunctionDecl &Callee) const;
  void hand(const Value &V, clang::SourceLocation At, bool Doubtful = false, bool Constant = false);
  Change changedBy(const clang::FunctionDecl &Method, llvm::ArrayRef<const clang::Expr *> Args);
  void changes(Event &E, const clang::FunctionDecl &Method, const clang::Expr *Base,
               llvm::ArrayRef<const clang::Expr *> Args);
  FormulaRef begins(const Object &O, const clang::Expr *Init);
  FormulaRef stepped(const Object &O, const clang::Expr *Named, int64_t Step);

  Event &add(Role Is, Object On, const clang::Stmt *St) {
    Events->push_back({});
    Event &E = Events->back();
    E.Is = Is;
    E.On = std::move(On);
    E.At = St->getBeginLoc();
    E.Range = St->getSourceRange();
    if (const auto *M = llvm::dyn_cast<clang::CXXMemberCallExpr>(St))
      E.At = M->getExprLoc();
    E.Immediate = true;
    E.InTry = S.InTry.contains(St);
    for (unsigned T = S.InTry.lookup(St); T; T = S.Tries[T - 1].Outer)
      llvm::append_range(E.Handlers, HandlersOf[S.Tries[T - 1].Stmt]);
    return E;
  }

  /// What no expression stands for.
  Event &mark(Role Is, const Object &O, clang::SourceLocation At) {
    Events->push_back({});
    Event &E = Events->back();
    E.Is = Is;
    E.On = O;
    E.At = At;
    E.Immediate = true;
    return E;
  }

  const clang::FunctionDecl *F;
  Resolver &R;
  clang::ASTContext &AST;
  Shape S;
  std::unique_ptr<Function> Out;
  std::vector<Event> *Events = nullptr;
  llvm::DenseMap<const clang::CXXTryStmt *, std::vector<Handler>> HandlersOf;
  std::vector<std::pair<std::string, int>> Conditions;
  struct SelectSite {
    const clang::Expr *E;
    unsigned Block, Index;
  };
  std::vector<SelectSite> Selects;
  unsigned CurrentBlock = 0;
  bool Asserts = false; ///< it ends with the failure of an assertion
};

} // namespace tether

#endif
