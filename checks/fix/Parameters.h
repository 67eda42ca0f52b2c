// Fixes that give functions one more parameter: a token that their callers have.
#ifndef TETHER_FIX_PARAMETERS_H
#define TETHER_FIX_PARAMETERS_H

#include "fix/Editor.h"
#include "protocol/Forwarding.h"

namespace tether {

/// The functions between a call and the one behind it that could take the token take it, too.
Fix passThrough(const Program &P, const Function &F, const Unforwarded &U, Names &Given);

/// The function that waits takes a token from those callers that have one, and waits with it.
Fix endByParameter(const Program &P, const Site &Wait, Names &Given);

/// How functions get a parameter, and what their callers hand them.
class NewParameter {
public:
  /// Of the type of \p Token. \p Optional: callers may leave it out.
  NewParameter(Editor &E, const Program &P, const Symbol &Token, bool Optional)
      : E(E), P(P), Token(Token), Optional(Optional) {}

  /// Refuses where the function has other declarations, or is used in another way than called.
  void add(const Function &F, const std::string &Name);
  /// The call of \p F at \p Call, in \p In, hands \p Name on.
  void handOn(const Function &F, const Event &Call, llvm::StringRef Name);
  /// All calls of \p F, each with the token that its caller has; false if one of them has none.
  bool handOnEverywhere(const Function &F);

  /// The reverse: takes the parameter \p Param from \p F, and what its callers hand over for it.
  void drop(const Function &F, const Symbol &Param);

private:
  Editor &E;
  const Program &P;
  const Symbol &Token;
  const bool Optional;
};

/// The token among the parameters of \p F that has the type of \p Like, or null.
const Symbol *ownToken(const Function &F, const Symbol &Like);

} // namespace tether

#endif
