// From expressions to objects and values.
//
//   Expr ──▶ Object  (which thing is meant: through references, pointers, captures, moves,
//   accessors)
//        ──▶ Value   (what a call is given: an object, a token and its source, a body with
//        captures)
#ifndef TETHER_FLOW_RESOLVE_H
#define TETHER_FLOW_RESOLVE_H

#include "flow/Event.h"
#include "flow/Function.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include <map>

namespace tether {

class ApiTable;

/// Without parentheses, casts, temporaries, elided copies and `new`.
const clang::Expr *strip(const clang::Expr *E);

/// What stands for a type, references and qualifiers aside, in plain data.
const void *typeId(clang::QualType T);

/// What a function gives that does nothing else; null for any other.
const clang::Expr *onlyResult(const clang::FunctionDecl *Body);

/// What the table lines say about a type, seen through containers and pointers.
struct TypeFacts {
  TypeKind Kind = TypeKind::None;
  const ApiType *Type = nullptr;
  bool Indirect = false, Container = false, Callable = false;
  bool Deleter = false; ///< of the project's own
};

class Resolver {
public:
  Resolver(clang::ASTContext &AST, const ApiTable &Table, std::deque<Symbol> &Symbols)
      : AST(AST), Table(Table), Symbols(Symbols) {
    This = &fresh();
    This->Where = Symbol::This;
    This->Name = "this";
  }

  Object thisObject() const { return Object(This); }
  Object objectOf(const clang::Expr *E, unsigned Depth = 0);
  Object objectOf(const clang::ValueDecl *D);
  /// The object of a call of a method: for a class of the project that inherits a thing with a
  /// role, that part of it.
  Object receiver(const clang::Expr *Base);
  /// The part of the object at hand that its class inherits from \p Base; the object itself unless
  /// \p Base is a thing with a role.
  Object inherited(const clang::CXXBaseSpecifier &Base, const clang::CXXRecordDecl *Class);
  Object temporary(const clang::Expr *E);
  /// What \p E makes is no temporary, although it may have no name.
  void onHeap(const clang::Expr *E);
  Value valueOf(const clang::Expr *E);
  /// The source a token comes from, or the token parameter or field it is; null when unknown.
  Object tokenOrigin(const clang::Expr *E, unsigned Depth = 0);
  /// \p E makes a token that never stops; one with a name says that it is meant.
  bool neverStops(const clang::Expr *E);
  /// True when a part of \p T is a token, however deep, also behind pointers; a token carries none.
  bool carriesToken(clang::QualType T);
  /// The members that lead to the only token in \p T that others can name; else nothing.
  std::vector<const Symbol *> tokenPath(clang::QualType T);
  const Symbol *symbolOf(const clang::ValueDecl *D);
  /// The same, or null if nothing has asked for it yet.
  const Symbol *known(const clang::ValueDecl *D) const {
    return Known.lookup(D->getCanonicalDecl());
  }
  /// An object of that type can be made of `{}`.
  bool isMadeOfNothing(clang::QualType T) const;
  /// A copy of such an object is as good as the object.
  static bool isCopyable(clang::QualType T);
  /// The class of that qualified name, if it is declared.
  const clang::CXXRecordDecl *classNamed(llvm::StringRef Name) const;
  TypeFacts factsOf(clang::QualType T, unsigned Depth = 0);
  /// True when a part of \p T is of that kind: a pair of token and source has a source.
  bool hasPart(clang::QualType T, TypeKind K, unsigned Depth = 0);
  bool isProjectCode(clang::SourceLocation L) const;
  /// The definition whose body can be followed, or null.
  const clang::FunctionDecl *bodyOf(const clang::FunctionDecl *F) const;
  /// The definitions that a call of \p F may run: more than one, or another one than its own, where
  /// the function is virtual and classes of this file override it. Overriders elsewhere are not
  /// known. Nothing where there are too many to follow.
  llvm::SmallVector<const clang::FunctionDecl *, 2> bodiesOf(const clang::FunctionDecl *F) const;
  /// The constructor with a body that makes an object of the class inside \p Holder from \p Args;
  /// null when it is not certain which one that is.
  const clang::FunctionDecl *constructorFor(clang::QualType Holder,
                                            llvm::ArrayRef<const clang::Expr *> Args) const;
  /// Notes what \p F overrides.
  void noteOverrider(const clang::FunctionDecl *F);
  /// Notes the capacity of a channel, where its initialiser is a constant; one that is not is
  /// unknown.
  void noteCapacity(const Object &O, const clang::Expr *Init);
  /// Where the value of an initialiser goes: set by the shape pass before events are made.
  llvm::DenseMap<const clang::Expr *, Object> Targets;
  /// What functions that are followed for the state they read do read, in their own terms; by how
  /// far they are followed.
  std::map<std::pair<const clang::FunctionDecl *, unsigned>, std::vector<Object>> ReadBy;
  /// The mutexes that a guard was given; filled by the shape pass, too.
  std::map<Object, std::vector<Object>> Guarded;
  /// The mutexes among the arguments that make a guard.
  std::vector<Object> mutexesIn(llvm::ArrayRef<const clang::Expr *> Args);

  clang::ASTContext &AST;
  const ApiTable &Table;

private:
  Symbol &fresh();
  void noteInitial(Symbol &S, clang::QualType T, const clang::Expr *Init);
  void captures(const clang::LambdaExpr *L, Value &V);
  /// The variables that the body of a lambda may change.
  const llvm::DenseSet<const clang::ValueDecl *> &changedIn(const clang::LambdaExpr *L);
  std::map<const clang::LambdaExpr *, llvm::DenseSet<const clang::ValueDecl *>> KnownChanges;
  void findTokens(clang::QualType T, std::vector<const Symbol *> &Way,
                  std::vector<std::vector<const Symbol *>> &Found);

  std::deque<Symbol> &Symbols;
  Symbol *This;
  llvm::DenseMap<const void *, Symbol *> Known;
  llvm::DenseMap<clang::QualType, TypeFacts> KnownTypes;
  llvm::DenseMap<const clang::CXXRecordDecl *, bool> KnownClasses;
  llvm::DenseMap<const void *, bool> KnownCarriers; ///< by typeId
  llvm::DenseMap<const clang::FunctionDecl *, llvm::SmallVector<const clang::FunctionDecl *, 2>>
      Overriders;
  std::string classHeld(clang::QualType T, bool &Many, unsigned Depth = 0);
  bool classKnown(const clang::CXXRecordDecl *R);
  bool isFixed(clang::QualType T);
  bool isDirect(clang::QualType T);
  const clang::CXXBaseSpecifier *listedBase(const clang::CXXRecordDecl *Class,
                                            const clang::CXXRecordDecl *&Heir) const;
  bool isCounted(clang::QualType T);
  bool isPointer(clang::QualType T) const;
};

} // namespace tether

#endif
