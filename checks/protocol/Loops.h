// The loops of a function's graph, and which of its variables belong to one turn only.
#ifndef TETHER_PROTOCOL_LOOPS_H
#define TETHER_PROTOCOL_LOOPS_H

#include "flow/Function.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace tether {

/// How many turns of each loop have begun: one number a loop, 0 outside of it.
using Turns = llvm::SmallVector<uint8_t, 4>;

class Loops {
public:
  explicit Loops(const Function &F);

  struct Loop {
    unsigned Head = 0;
    std::vector<bool> Blocks;
    bool Unrolled = false; ///< its turns are told apart
  };
  std::vector<Loop> All;

  /// Those that have an event like \p Wanted are unrolled.
  void unroll(llvm::function_ref<bool(const Event &)> Wanted);
  Turns begin() const { return Turns(All.size(), 0); }
  /// Along the edge from block \p From to block \p To.
  Turns along(const Turns &T, unsigned From, unsigned To) const;
  /// The loop that \p Block decides about, or -1.
  int decidedBy(unsigned Block) const;
  /// \p T without the loops that the variable \p S is declared outside of.
  Turns ofVariable(const Turns &T, const Symbol *S) const;

private:
  void findMentions();
  const Function &F;
  /// For each local, the loops in which all is that mentions it.
  llvm::DenseMap<const Symbol *, std::vector<bool>> Within;
};

/// Calls \p Visit with everything that \p E names.
void objectsOf(const Event &E, llvm::function_ref<void(const Object &)> Visit);

} // namespace tether

#endif
