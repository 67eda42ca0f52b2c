// Tokens that come into something that is kept as a part of something else: an entry of a table, an
// object with options in it.
#ifndef TETHER_PROTOCOL_KEPTTOKENS_H
#define TETHER_PROTOCOL_KEPTTOKENS_H

#include "summary/Program.h"

namespace tether {

struct KeptToken {
  Object Token;                   ///< the parameter, or the part of it
  clang::SourceLocation Where;    ///< where it is put into the part
  const Event *Store = nullptr;   ///< the part is kept
  const Symbol *Keeper = nullptr; ///< by this field or variable
  const Symbol *Member = nullptr; ///< and this is the token in it
};

/// By what \p F does with the tokens it is given. What is taken out of its keeper again, as a job
/// out of a queue, is not kept.
std::vector<KeptToken> findKeptTokens(const Program &P, const Function &F);

} // namespace tether

#endif
