// Callables that an object was given and keeps, and that it calls while it holds a mutex.
//
//   X.onChange([this] { ... lock ... });      registered: X keeps it
//   Changed();                                called: by a method of X, its mutex held
//
// What the callable locks is locked behind that mutex then, in the terms of who has registered it:
// `this` of the method is X. A callable goes with all calls of callables of its type in the class
// that it was given to, which is more than may happen; that it keeps it has to be seen.
#ifndef TETHER_PROTOCOL_RECALLS_H
#define TETHER_PROTOCOL_RECALLS_H

#include "flow/HeldLocks.h"
#include "summary/Program.h"

namespace tether {

struct Recall {
  const Function *In = nullptr;   ///< calls it
  const Event *Call = nullptr;    ///< there
  std::vector<HeldLock> Holding;  ///< meanwhile; as whoever has registered it says
  const Function *Body = nullptr; ///< what is called
  std::vector<Step> Steps;        ///< registered, called
};

std::vector<Recall> findRecalls(const Program &P);

} // namespace tether

#endif
