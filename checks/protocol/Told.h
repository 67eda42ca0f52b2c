// Which waits other checks have a finding on, so that one defect is reported once: the check that
// knows more about it speaks.
#ifndef TETHER_PROTOCOL_TOLD_H
#define TETHER_PROTOCOL_TOLD_H

#include "summary/Program.h"
#include <set>

namespace tether {

/// The places that findings of the checks on stop protocols, notifications, debts and locks are
/// about.
struct ToldPlaces {
  std::set<unsigned> At;
  void add(clang::SourceLocation Where) { At.insert(Where.getRawEncoding()); }
  bool contains(clang::SourceLocation Where) const { return At.count(Where.getRawEncoding()) != 0; }
};
ToldPlaces findTold(const Program &P);

} // namespace tether

#endif
