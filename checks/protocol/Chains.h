// Objects with a token that are set, again and again, to a new one that keeps the old one.
//
//   ctx ──▶ child(ctx) ──▶ child(child(ctx)) ──▶ ...     nothing ever lets go of the first
//
// What a new object keeps is read from the body of its constructor, or of the function that makes
// it; what cannot be seen keeps nothing, which errs to silence.
#ifndef TETHER_PROTOCOL_CHAINS_H
#define TETHER_PROTOCOL_CHAINS_H

#include "summary/Program.h"

namespace tether {

struct Chain {
  Object What;                  ///< what is set to an object that keeps what it was
  const Event *Store = nullptr; ///< there
  clang::SourceLocation Kept;   ///< in the new object, the old one is kept here
  const Symbol *In = nullptr;   ///< by this member; null for what a callable has captured
  bool EachTurn = false;        ///< of a loop; otherwise with each call of the function
  bool Used = false;            ///< the same turn, or call, has a use for the new object
  bool SetElsewhere = false;    ///< other code sets it to something else
};

/// The chains that \p F lets grow.
std::vector<Chain> findChains(const Program &P, const Function &F);

} // namespace tether

#endif
