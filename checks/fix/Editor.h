// Puts one fix together, and refuses it as a whole as soon as one part of it cannot be done: in
// macros, in files of others, in generated ones.
//
//   Editor E(P, "do this");  E.before(F, At, "a();");  E.include(At, {"mutex"});  return E.take();
//
// Statements are put where statements stand (flow/Layout.h): on lines of their own and indented
// like their neighbours if those are, in braces where a second one has no place.
#ifndef TETHER_FIX_EDITOR_H
#define TETHER_FIX_EDITOR_H

#include "flow/Fix.h"
#include "summary/Program.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <set>
#include <string>

namespace tether {

class Editor {
public:
  Editor(const Program &P, std::string Title) : P(P) { Result.Title = std::move(Title); }
  Editor &changesBehaviour() {
    Result.ChangesBehaviour = true;
    return *this;
  }

  const Program &program() const { return P; }

  // Text.
  void insert(clang::SourceLocation At, std::string Text);
  /// The tokens of \p Tokens.
  void replace(clang::SourceRange Tokens, llvm::StringRef Text);
  void remove(clang::SourceRange Tokens) { replace(Tokens, ""); }
  /// The characters in front of \p End.
  void replaceUpTo(clang::SourceLocation Begin, clang::SourceLocation End, llvm::StringRef Text);
  /// The same with nothing; lines, if these are some.
  void removeUpTo(clang::SourceLocation Begin, clang::SourceLocation End);
  /// What \p I needs: its headers, and its version of the language.
  void require(const Idiom &I, clang::SourceLocation InFileOf);

  // Statements of a function. Several lines of text are statements of their own.
  /// In front of the statement that is at \p At; at the brace that ends a block, as its last one.
  void before(const Function &F, clang::SourceLocation At, llvm::StringRef Text);
  void after(const Function &F, clang::SourceLocation At, llvm::StringRef Text);
  /// As the first one of the function.
  void begin(const Function &F, llvm::StringRef Text);
  /// The statement at \p At, with its line if that has nothing else.
  void removeStatement(const Function &F, clang::SourceLocation At);
  void replaceStatement(const Function &F, clang::SourceLocation At, llvm::StringRef Text);
  /// Puts it into a block, behind \p First.
  void enclose(const Function &F, clang::SourceLocation At, llvm::StringRef First);

  void refuse(std::string Why);
  bool refused() const { return !Result.Refused.empty(); }
  Fix take();

private:
  /// True for a place where text can be changed; refuses otherwise.
  bool allows(clang::SourceLocation At);
  int statementAt(const Function &F, clang::SourceLocation At);

  const Program &P;
  Fix Result;
  /// In the order of the file; two texts at one place are one edit.
  std::map<clang::SourceLocation, std::string> Inserted;
};

/// The names that fixes of one run have given to locals.
class Names {
public:
  /// \p Wish, or with a number behind it: a word that \p F does not have yet.
  std::string fresh(const Program &P, const Function &F, const std::string &Wish);

private:
  std::set<std::pair<const void *, std::string>> Used; ///< function and name
};

/// A fix that is none, and why.
Fix refusal(std::string Why);

/// The first of the two that can be done; why the last one cannot, if none can.
template <typename... Rest> Fix firstOf(Fix First, Rest... Others) {
  if constexpr (sizeof...(Others) == 0)
    return First;
  else
    return First ? First : firstOf(std::move(Others)...);
}

} // namespace tether

#endif
