// State that says that work is going on, and permits to do it: what is changed for the time of some
// work has to be changed back on every way out.
//
//   begin ──▶ the work ──▶ end     whoever waits until nothing is going on waits for the end
//      └────▶ a way out without it
//
// The two changes are in one function, in a function and the task or callback that it starts, or in
// two methods that a function calls.
#ifndef TETHER_PROTOCOL_WORKSTATE_H
#define TETHER_PROTOCOL_WORKSTATE_H

#include "protocol/Debts.h"

namespace tether {

/// State that a wait reads is changed for the time of some work, and a path leaves it so.
std::vector<Owed> leftUnfinished(const Program &P);
/// A permit is taken, and not given back on some path of the function that gives it back on others.
std::vector<Owed> notGivenBack(const Program &P);

} // namespace tether

#endif
