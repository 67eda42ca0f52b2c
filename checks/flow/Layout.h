// Where the statements of a function stand in the text: what an edit has to know to put another
// statement beside one of them. Lambdas are functions with a layout of their own.
#ifndef TETHER_FLOW_LAYOUT_H
#define TETHER_FLOW_LAYOUT_H

#include "clang/Basic/SourceLocation.h"
#include <cstdint>
#include <vector>

namespace clang {
class SourceManager;
class Stmt;
} // namespace clang

namespace tether {

struct Statement {
  enum Kind : uint8_t { Plain, Declares, Leaves, Block, Loop, Compound } Is = Plain;
  bool Listed = false;          ///< stands directly in a block
  bool Cased = false;           ///< that block is a switch's: a label may be jumped to over it
  bool InMacro = false;         ///< some of it is made by a macro
  int Around = -1;              ///< index of the statement that it is a part of
  clang::SourceRange At;        ///< its tokens in the file, without the semicolon of an expression
  clang::SourceRange Condition; ///< of a loop or an if; none where a macro is involved
  bool HasElse = false;
};

/// The outer ones first; the body is number 0.
struct Layout {
  std::vector<Statement> Statements;
  static constexpr int None = -1;

  bool contains(int S, clang::SourceLocation Where) const;
  /// The innermost statement that \p Where is in, or None.
  int at(clang::SourceLocation Where) const;
  /// The one that stands directly in \p Block, and that \p Where is in; or None.
  int childOf(int Block, clang::SourceLocation Where) const;
  /// The nearest one of that kind around \p S, or None.
  int around(int S, Statement::Kind Is) const;
  /// The last one that stands directly in \p Block, or None.
  int lastIn(int Block) const;
};

Layout layoutOf(const clang::Stmt *Body, const clang::SourceManager &SM);

} // namespace tether

#endif
