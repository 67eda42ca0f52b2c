// The stop protocol of a class: a task that it owns, and the code that is to end it.
//
//   started here ── waits here ── woken by ...
//   stopping code: sets the flag, wakes, joins
//
// Each query looks for one way in which the two do not fit together. Steps tell the story in order:
// started, waits, stopped, what is missing.
#ifndef TETHER_PROTOCOL_STOPPROTOCOL_H
#define TETHER_PROTOCOL_STOPPROTOCOL_H

#include "summary/Program.h"

namespace tether {

/// A task that may never end although it is told to.
struct Unstoppable {
  clang::SourceLocation Where;
  Object Owner; ///< the thread or group of the task
  std::string Why;
  std::vector<Step> Steps;
  std::string Advice;
};

/// The stopping code wakes the task by changing what it waits for; the task's loop changes it back
/// without another look at the stop flag.
std::optional<Unstoppable> stopOverwritten(const Program &P, const Task &T);
/// The stop flag is set only while somebody waits: a stop that comes before the wait is forgotten.
std::vector<Unstoppable> stopForgotten(const Program &P);
/// The task runs code that joins, or waits for the end of, this very task.
std::optional<Unstoppable> joinsItself(const Program &P, const Task &T);
/// A wait of the task is woken only after the join, or not on every way to it.
std::optional<Unstoppable> joinedBeforeWoken(const Program &P, const Task &T);

} // namespace tether

#endif
