// What events act on, as plain data.
//
// A symbol is a variable, parameter, field or temporary; an object is a symbol and the fields that
// lead from it to the thing itself: `this->pool_.stop_` is This + [pool_, stop_]. Elements of a
// container, what a pointer points to and what an optional holds are the object itself: one
// approximation for all, which merges elements and errs to "somebody else may have settled it".
#ifndef TETHER_FLOW_OBJECT_H
#define TETHER_FLOW_OBJECT_H

#include "model/Role.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tether {

struct ApiType;
struct Symbol;

/// A symbol, or a field of another name. Each stands once below the symbol at its root, so that
/// two objects are the same when their names are.
struct ObjectName {
  explicit ObjectName(const Symbol *Root) : Root(Root) {}
  const Symbol *Root;
  const ObjectName *Whole = nullptr;
  std::vector<const Symbol *> Path;
  mutable std::vector<std::unique_ptr<ObjectName>> Fields;
};

struct Symbol {
  enum Scope : uint8_t { Local, Param, Field, Global, This, Temporary } Where = Local;
  unsigned Id = 0;          ///< order of first appearance; what output is sorted by
  std::string Name;         ///< as written; empty for temporaries
  std::string Class;        ///< qualified name of the class, for fields and This
  clang::SourceLocation At; ///< declaration, or the expression of a temporary
  clang::SourceRange Whole; ///< of a declaration: from its type to the end of its initialiser
  TypeKind Kind = TypeKind::None;
  const ApiType *Type = nullptr; ///< of the object or of its elements
  unsigned ParamIndex = 0;
  const void *TypeId = nullptr; ///< its type without references; identity only
  const void *Owner = nullptr;  ///< function that declares a local or parameter; identity only
  bool Indirect = false;        ///< reference or raw pointer: names an object that lives elsewhere
  bool Container = false;       ///< holds several
  bool Copyable = false;        ///< its type has a copy constructor
  bool Arrow = false;           ///< a pointer of some kind: what it has is reached by `->`
  bool Callable = false;        ///< std::function, lambda, function pointer
  bool Private = false; ///< field only visible to its class; global only visible to this file
  bool Hidden = false;  ///< field that is private or protected, wherever its class is
  bool Open = false;    ///< field or global that any code of any file can name
  bool FromMainFile = false;
  bool MayEnd = false;     ///< parameter that may name a temporary of the caller
  bool Mentioned = true;   ///< false for a parameter that its function never names
  bool ClassKnown = false; ///< each member function of the field's class has a body in this file
  bool Flag = false;   ///< bool, enumeration, or an atomic one: what says "stop" without a token
  bool Scalar = false; ///< a number: has no identity to hand over, unless by reference
  /// Names the same single thing for as long as its owner lives: neither one of several nor a
  /// pointer that may come to point elsewhere.
  bool Fixed = false;
  bool Deleter = false;     ///< what it points to ends by code of the project
  bool Counted = false;     ///< a pointer that can be copied: others may keep what it points to
  bool Direct = false;      ///< the thing itself, and no pointer to it
  bool OfProject = false;   ///< its own class is one of the project
  bool EndsQuietly = false; ///< its destructor does nothing, and nobody could miss it
  bool IsBase = false;      ///< a part that is inherited: what a class of the project is, not has
  bool OfTask = false;      ///< field of a callable, of an awaiter, or of a struct of parameters
  std::string Holds;        ///< qualified name of the class of the object or of its elements
  bool HoldsMany = false;   ///< of several elements
  bool HasSource = false;   ///< something with a stop source in it
  /// Something with a token in it, however deep: whoever has it can look at that.
  bool HasToken = false;
  /// No field: the members that lead to the one token in it that others can name.
  std::vector<const Symbol *> TokenPath;
  bool Initialised = false;                      ///< field with an initialiser in the class
  std::optional<int64_t> Initial;                ///< the number that plain state begins with
  std::optional<int64_t> Capacity;               ///< of a channel, where it is a constant
  std::optional<int64_t> Begins;                 ///< channel: sends that count as done
  bool NeedsSeveral = false;                     ///< channel: a receive waits for several sends
  std::optional<int64_t> Needs;                  ///< how many, where it is a constant
  std::optional<clang::SourceLocation> ScopeEnd; ///< closing brace of the block of a local
  mutable std::unique_ptr<const ObjectName> AsObject; ///< made when it is first asked for
};

/// A handle on a name that the symbol at its root keeps: as cheap as a pointer to copy and to
/// compare. Valid as long as that symbol.
class Object {
public:
  Object() = default;
  explicit Object(const Symbol *Root);

  explicit operator bool() const { return Is != nullptr; }
  Object field(const Symbol *F) const;
  const Symbol *root() const { return Is ? Is->Root : nullptr; }
  llvm::ArrayRef<const Symbol *> path() const {
    return Is ? llvm::ArrayRef<const Symbol *>(Is->Path) : llvm::ArrayRef<const Symbol *>();
  }
  /// The innermost name: the field, or the variable itself. What questions about a class go by:
  /// instances are not told apart, which errs to "somebody else may have done it".
  const Symbol *leaf() const { return isField() ? Is->Path.back() : root(); }
  TypeKind kind() const { return Is ? leaf()->Kind : TypeKind::None; }
  bool isLocal() const { return Is && !Is->Whole && Is->Root->Where == Symbol::Local; }
  bool isField() const { return Is && Is->Whole; }
  /// What this is a part of.
  Object whole() const { return Object(Is->Whole); }

  bool operator==(const Object &O) const { return Is == O.Is; }
  bool operator!=(const Object &O) const { return Is != O.Is; }
  bool operator<(const Object &O) const;
  /// True when this is \p O or a part of it.
  bool isWithin(const Object &O) const;
  /// This object with the part that \p From names replaced by \p To.
  Object rebased(const Object &From, const Object &To) const;

private:
  explicit Object(const ObjectName *Is) : Is(Is) {}
  const ObjectName *Is = nullptr;
};

/// For messages: "thread 'worker_'", "temporary thread"; for dumps: "this.pool_.stop_".
std::string describe(const Object &O);
std::string quoted(const Object &O);
/// As it would be written here: "Request.Stop", "Stop_".
std::string spelled(const Object &O);
std::string dump(const Object &O);

} // namespace tether

#endif
