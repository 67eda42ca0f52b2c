// What the syntax around an expression says that the control flow graph does not: whether a result
// is discarded, which loop a wait is in and what that loop tests, where a value goes.
#ifndef TETHER_FLOW_SHAPE_H
#define TETHER_FLOW_SHAPE_H

#include "flow/Resolve.h"
#include "clang/AST/StmtCXX.h"
#include "llvm/ADT/DenseSet.h"

namespace tether {

struct LoopShape {
  std::vector<Object> Reads; ///< plain state that its condition, or a test in its body, reads
  std::vector<StateChange> EndedBy; ///< changes that are enough to leave it by such a test
  bool HasOtherExit = false;        ///< break, return or throw in its body
  bool Endless = false;             ///< no condition, or one that is always true
  Object StoppedBy;                 ///< where a token comes from that such a test polls
  bool ExitsKnown = true;           ///< each way out is one of EndedBy, or StoppedBy
  /// A count or a time ends it. Whatever compares numbers is taken to, which errs to silence.
  bool Limited = false;
};

struct Shape {
  llvm::DenseSet<const clang::Expr *> Discarded;        ///< stripped expressions
  llvm::DenseSet<const clang::VarDecl *> DiesAtOnce;    ///< its block ends right behind it
  llvm::DenseSet<const clang::Expr *> Awaited;          ///< calls in what a `co_await` waits for
  bool Suspends = false;                                ///< has a `co_await`
  llvm::DenseMap<const clang::Expr *, unsigned> InLoop; ///< call -> index of the innermost loop + 1
  std::vector<LoopShape> Loops;
  llvm::DenseMap<const clang::Stmt *, unsigned> LoopOf; ///< statement -> index + 1
  /// Calls that a test asks on which the loop around it is left, and the result that it needs.
  llvm::DenseMap<const clang::Expr *, bool> EndsLoop;
  llvm::DenseSet<const clang::ValueDecl *> Modified; ///< locals and parameters that change
  llvm::DenseMap<const clang::Expr *, const clang::VarDecl *> VarOf; ///< initialiser -> variable
  llvm::DenseMap<const clang::ValueDecl *, clang::SourceLocation> ScopeEnd;
  llvm::DenseMap<const clang::ValueDecl *, llvm::SmallVector<const clang::Expr *, 2>> Assigned;
  /// Calls, throws and loops that handlers stand around: those of the `try` with that index + 1.
  llvm::DenseMap<const clang::Stmt *, unsigned> InTry;
  struct Try {
    const clang::CXXTryStmt *Stmt = nullptr;
    unsigned Outer = 0; ///< index + 1
  };
  std::vector<Try> Tries;
};

/// Looks at \p Body once and fills Resolver::Targets on the way.
Shape shapeOf(const clang::FunctionDecl *F, Resolver &R);

/// The plain state (fields, locals, globals of no kind of ours) that an expression reads, through
/// lambdas, and through functions with a body up to a small depth.
std::vector<Object> stateReadBy(const clang::Stmt *S, Resolver &R);

/// What makes a condition come out as wanted.
struct Enough {
  std::vector<StateChange> Changes; ///< of plain state, each by itself
  Object StoppedBy;                 ///< where a token comes from that is polled
  bool All = true;                  ///< nothing else does it
};
/// What makes \p Condition, or what a callable returns, come out as \p Wanted. Whatever is not
/// understood is left out.
Enough enoughFor(const clang::Expr *Condition, bool Wanted, Resolver &R);
/// How plain state is when \p Condition has come out as \p Outcome: as each of these changes leaves
/// it.
std::vector<StateChange> saidBy(const clang::Expr *Condition, bool Outcome, Resolver &R);
/// The whole number, enumerator or bool that \p E always is.
std::optional<int64_t> evaluated(const clang::Expr *E, const clang::ASTContext &AST);
/// The same without bools, of what \p E holds.
std::optional<int64_t> constantOf(const clang::Expr *E, Resolver &R);
/// The numbers or enumerators one of which \p E is, or none if they are not known.
std::vector<int64_t> constantsOf(const clang::Expr *E, Resolver &R);
/// What assigning \p Value does to plain state.
Change changeTo(const clang::Expr *Value, Resolver &R);

} // namespace tether

#endif
