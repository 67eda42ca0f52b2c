// Reads one API table: YAML text in, entries or a list of mistakes out. Knows the schema and
// nothing about lookup. What is `like` another entry becomes a copy of it.
#ifndef TETHER_MODEL_READTABLE_H
#define TETHER_MODEL_READTABLE_H

#include "model/ApiTable.h"

namespace tether {

struct TableEntries {
  std::string Library;
  std::vector<Api> Calls;
  std::vector<ApiType> Types;
};

/// The entries of the table in \p Text, in the order of the file; behind them the copies for those
/// that are like an entry of this table or of \p Base. On mistakes, the error's message
/// has one line "file:line:column: what was expected" for each.
llvm::Expected<TableEntries> readTable(llvm::MemoryBufferRef Text, const ApiTable &Base);

} // namespace tether

#endif
