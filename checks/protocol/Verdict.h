// A hold of a task and a place that waits for its end do not fit together: what is missing, and the
// story of it.
#ifndef TETHER_PROTOCOL_VERDICT_H
#define TETHER_PROTOCOL_VERDICT_H

#include "protocol/Holds.h"
#include "protocol/StopProtocol.h"
#include "protocol/Stops.h"

namespace tether {

/// What a function does to end a task, in whatever order; the first event of each kind.
struct Intent {
  const Event *Flag = nullptr;    ///< sets state that the task looks at
  const Event *Request = nullptr; ///< requests a stop of it
  const Event *Source = nullptr;  ///< requests a stop of a source that it does not listen to
  const Event *Wake = nullptr;    ///< wakes one of its waits
  const Event *Notify = nullptr;  ///< wakes others
  const Event *Twin = nullptr;    ///< wakes who waits on the same part of another object
  const Event *Close = nullptr;   ///< closes the descriptor that it waits for
  bool any() const { return Flag || Request || Source || Wake || Close || Twin; }
};

struct Verdict {
  enum Link {
    NotTold,  ///< nothing changes what the hold looks at
    NotWoken, ///< nobody wakes who waits
    OneWoken, ///< one of several is woken
    Late,     ///< only after the join
    Partly,   ///< not on every way to the join
    TooEarly  ///< woken only before it is told
  } Missing = NotWoken;
  Hold H;
  Stop S;
  Intent I;
  bool Requested = false;      ///< the end of the handle requests a stop
  std::vector<Step> Way;       ///< Partly: the way without it
  const Event *Seen = nullptr; ///< Late, OneWoken: the event; TooEarly: what comes too late
};

Unstoppable tell(const Verdict &V);

} // namespace tether

#endif
