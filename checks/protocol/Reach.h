// Which tokens a function has within reach, and where it looks at one.
//
// A token is within reach as a parameter, as a part of one (a request, options), as what the
// function around a lambda has, or as a member that the function looks at. To look at a token is to
// poll it, to wait with it, to hand it on, or to read what a callback sets. Anything that may be a
// way of doing so counts, which errs to silence.
#ifndef TETHER_PROTOCOL_REACH_H
#define TETHER_PROTOCOL_REACH_H

#include "summary/Program.h"

namespace tether {

/// There are tokens, or what gives them, in this file: without any, nobody can ignore one.
bool hasTokens(const Program &P);
/// A single one, as its type says.
bool isToken(const Symbol *S);
/// A token goes along with \p E: by itself, in a bundle, or captured by a callable.
bool handsToken(const Function &F, const Event &E);
bool handsToken(const Function &F, const Value &V);

/// The tokens that callers give to \p F: its parameters, and the parts of its parameters.
std::vector<Object> givenTokens(const Function &F);
/// The token that \p F could give at \p Call, or null.
Object tokenAt(const Program &P, const Function &F, const Event &Call);

/// \p E is reached while, for all we know, nobody has requested a stop yet.
bool beforeStop(const Function &F, const Event &E);

/// The looks of one function.
struct Looks {
  Looks(const Program &P, const Function &F);

  bool operator()(const Event &E) const;
  /// The call at \p Where is given a token.
  bool given(clang::SourceLocation Where) const;
  /// From behind \p At back to \p E without a look.
  bool comesAgain(const Event &E, Position At) const;

  const Program &P;
  const Function &F;
  std::vector<const Event *> Callbacks;      ///< OnStop
  std::vector<const Symbol *> SetByCallback; ///< state that tells of a stop
  bool Elsewhere = false; ///< something has the token that may look at it any time
};

} // namespace tether

#endif
