// What the checks could not judge, counted: silence means "nothing wrong" only as far as this says.
#ifndef TETHER_SUMMARY_COUNTS_H
#define TETHER_SUMMARY_COUNTS_H

namespace tether {

struct Counts {
  unsigned Scopes = 0;      ///< whose interleavings were explored
  unsigned TooLarge = 0;    ///< scopes that were not explored
  unsigned OutOfBudget = 0; ///< scopes whose exploration was given up
};

/// Of this thread since it began, or since whoever wants to know has set them back.
Counts &counts();

} // namespace tether

#endif
