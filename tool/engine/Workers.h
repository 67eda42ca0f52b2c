// Work in processes of its own, so that what crashes, loops or eats all memory costs one piece of
// work. A worker is a copy of this process (fork without exec: nothing has to be loaded again) and
// does one piece after another; one that is lost is replaced.
//
//   this process, one thread ──number of a piece──▶ worker ──text──▶ Done, in this process
#ifndef TETHER_TOOL_ENGINE_WORKERS_H
#define TETHER_TOOL_ENGINE_WORKERS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <string>

namespace tether::tool {

/// Calls \p Work in a worker for each of \p Pieces, and \p Done here with what it returned; in any
/// order. The error says what became of the worker. \p Seconds is the limit for one piece, 0 for
/// none. No other thread may run when this is called.
void runInWorkers(llvm::ArrayRef<size_t> Pieces, unsigned Workers, unsigned Seconds,
                  llvm::function_ref<std::string(size_t Piece)> Work,
                  llvm::function_ref<void(size_t Piece, llvm::Expected<std::string>)> Done);

} // namespace tether::tool

#endif
