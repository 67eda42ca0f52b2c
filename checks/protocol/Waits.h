// Waits, and what ends them when the work is to stop.
//
// Each query looks at one wait that may block for ever and finds the evidence that stopping does
// not reach it; the steps tell the story. No evidence, or anything unknown about what is waited on,
// is no finding.
#ifndef TETHER_PROTOCOL_WAITS_H
#define TETHER_PROTOCOL_WAITS_H

#include "summary/Program.h"

namespace tether {

/// Why a wait is not woken, for the message, and the places that show it.
struct Unwoken {
  std::string Why;
  std::vector<Step> Steps;
  const Symbol *Token = nullptr; ///< the one in reach
  Site Setter = {};              ///< sets the flag, and wakes nobody; or stops who would wake it
};

/// A call that may block for ever on something that another thread must do.
bool isOpenWait(const Event &E);
/// \p E wakes, or may wake, what \p Wait waits on.
bool wakesWait(const Program &P, const Event &E, const Event &Wait);

/// The most telling of the evidence below; what `unbounded-wait` reports.
std::optional<Unwoken> findUnwoken(const Program &P, const Site &Wait);

/// A task has a stop token, and waits without it; who requests the stop does not wake it either.
std::optional<Unwoken> ignoresToken(const Program &P, const Site &Wait);
/// A token is in reach, and other waits on the same object take one.
std::optional<Unwoken> tokenAtHand(const Program &P, const Site &Wait);
/// A flag is tested before the wait, and who sets it wakes nobody.
std::optional<Unwoken> flagWithoutWakeup(const Program &P, const Site &Wait);
/// Only one task ever wakes this wait, and it can be stopped while somebody waits.
std::optional<Unwoken> wokenOnlyByStoppedTask(const Program &P, const Site &Wait);
/// Waits for tasks that listen to a source that nobody triggers.
std::optional<Unwoken> waitsForUnstopped(const Program &P, const Site &Wait,
                                         const Symbol *Source = nullptr);

} // namespace tether

#endif
