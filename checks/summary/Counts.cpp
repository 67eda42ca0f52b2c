#include "summary/Counts.h"

namespace tether {

Counts &counts() {
  static thread_local Counts Mine; // an editor analyses several files side by side
  return Mine;
}

} // namespace tether
