// The text of a file as fixes see it: lines, words, tokens.
#ifndef TETHER_FIX_TEXT_H
#define TETHER_FIX_TEXT_H

#include "summary/Program.h"
#include "clang/Lex/Token.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tether {

/// As written, of the tokens of \p Range; empty where a macro is involved.
llvm::StringRef textOf(const Program &P, clang::SourceRange Range);

/// The tokens of \p Range, without comments; none where a macro is involved.
std::vector<clang::Token> tokensOf(const Program &P, clang::SourceRange Range);
llvm::StringRef spelling(const Program &P, const clang::Token &T);

/// Behind the last character of a token, and of the semicolon that follows it, if one does.
clang::SourceLocation endOf(const Program &P, clang::SourceLocation Token);
clang::SourceLocation endOfStatement(const Program &P, clang::SourceLocation LastToken);

struct Line {
  llvm::StringRef Text; ///< without its end
  clang::SourceLocation Begin;
  unsigned Column; ///< of the place asked about, in bytes from 0

  llvm::StringRef indent() const {
    return Text.take_while([](char C) { return C == ' ' || C == '\t'; });
  }
  /// Nothing but white space stands in front of the place.
  bool startsHere() const { return indent().size() == Column; }
};
Line lineOf(const Program &P, clang::SourceLocation At);

/// One step of indentation in that file.
std::string indentStep(const Program &P, clang::SourceLocation At);

/// The rest of the line behind \p At is empty, or a comment.
bool endsLine(const Program &P, clang::SourceLocation At);

/// \p Wish, or with a number behind it: a word that the file does not have yet.
std::string freshWord(const Program &P, clang::SourceLocation InFileOf, const std::string &Wish);

/// {0}, {1}, ... and {name} in \p Text replaced.
std::string filled(llvm::StringRef Text,
                   std::vector<std::pair<llvm::StringRef, std::string>> Values);

/// A call `object.method(...)` as its parts; none if it is written in another way.
struct MethodCall {
  std::string Object; ///< with the dot or arrow
  clang::SourceRange Name;
  clang::SourceLocation Dot;    ///< the dot or arrow
  clang::SourceRange Arguments; ///< the parentheses
};
std::optional<MethodCall> methodCall(const Program &P, clang::SourceRange Call);

/// The arguments between two parentheses, as ranges of tokens. None if a comma may be part of a
/// template's arguments.
std::optional<std::vector<clang::SourceRange>> argumentsIn(const Program &P,
                                                           clang::SourceRange Parentheses);

/// How \p O is called in \p F; none if that is not certain.
std::optional<std::string> nameIn(const Object &O, const Function &F, const Program &P);
/// `name.` or `name->`, to call a method on it.
std::optional<std::string> accessIn(const Object &O, const Function &F, const Program &P);

/// Without \p Part, a variable or parameter of \p F that is named there would not be used any more.
bool leavesUnused(const Program &P, const Function &F, clang::SourceRange Part);

} // namespace tether

#endif
