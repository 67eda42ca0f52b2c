// The stop protocol of a class: a task that it owns, and the code that is to end it.
//
//   started here ── held here, by a wait or a loop ── let go of by ...
//   stopping code: tells, wakes, joins
//
// Each hold of the task (Holds.h) is compared with each place that waits for its end (Stops.h):
// what lets go of the hold has to come before the join, on every way. Steps tell the story in
// order: started, held, stopped, what is missing.
#ifndef TETHER_PROTOCOL_STOPPROTOCOL_H
#define TETHER_PROTOCOL_STOPPROTOCOL_H

#include "protocol/Holds.h"
#include <set>

namespace tether {

/// A task that may never end although it is told to.
struct Unstoppable {
  clang::SourceLocation Where;
  Object Owner; ///< the thread or group of the task
  std::string Why;
  std::vector<Step> Steps;
  std::string Advice;
  /// The stop is requested in time, and the wait at \p Where could take a token and does not: it is
  /// the wait that has to change, which tether-unbounded-wait says.
  bool Deaf = false;
  Object On = {}; ///< Deaf: what it waits on

  // For fixes.
  enum Kind {
    Other,
    Wake,       ///< nobody wakes it
    Tell,       ///< nothing changes what it looks at
    WakeAll,    ///< Seen wakes one of several
    Sooner,     ///< Seen comes only after the join
    Afterwards, ///< Seen, the change, comes only after the wake-up
    Earlier,    ///< Seen, the change, is made by the task, and has to come before that starts
    InAnyCase   ///< Seen, the change, is made under a condition
  } Missing = Other;
  Hold Held = {};
  const Function *Stopping = nullptr; ///< the code that waits for its end; InAnyCase: with Seen
  const Event *Join = nullptr;        ///< there
  const Event *Flag = nullptr;        ///< state that is set there, and that the task looks at
  const Event *Seen = nullptr;
};

/// Tasks whose stopping code leaves something out, or does it too late; one finding for each hold.
std::vector<Unstoppable> findUnstoppable(const Program &P);
/// All places that the above tells of: for checks that see less of the same defect.
std::set<clang::SourceLocation> toldByStopProtocol(const Program &P);

/// What the stopping code tells a task, and the task overwrites without having looked.
std::vector<Unstoppable> findOverwritten(const Program &P);
/// A stop flag that is set only while somebody waits: a stop that comes before is forgotten.
std::vector<Unstoppable> findForgotten(const Program &P);
/// A task runs code that joins, or waits for the end of, this very task.
std::vector<Unstoppable> findSelfJoins(const Program &P);

} // namespace tether

#endif
