// Prints what the analysis knows of a translation unit: for tests of flow/ and summary/, and for
// finding out why a check speaks or is silent.
#ifndef TETHER_SUMMARY_DUMP_H
#define TETHER_SUMMARY_DUMP_H

#include "summary/Program.h"
#include "llvm/Support/raw_ostream.h"

namespace tether {

/// One line an event, one block a function, in source order:
///
///   stop:
///     B1 -> B0: request-stop this.source_ | join this.thread_ (in 'finish')
void dump(const Program &P, llvm::raw_ostream &Out);

} // namespace tether

#endif
