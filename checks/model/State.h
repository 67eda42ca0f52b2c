// What the usual names of methods say about plain state: a container, an optional, an atomic, or a
// class of the user that is written like one.
//
// Names are all there is to go by here. A name that is not known says nothing, which errs to
// silence.
#ifndef TETHER_MODEL_STATE_H
#define TETHER_MODEL_STATE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace tether {

/// Which way state goes: up to true, not zero, not empty; or down to the opposite.
enum class Change : uint8_t { Unknown, Up, Down };

inline Change opposite(Change C) {
  return C == Change::Up ? Change::Down : C == Change::Down ? Change::Up : Change::Unknown;
}

/// What a method of that name does to its object.
Change changedBy(llvm::StringRef Method);
/// The method gives its object the value of its first argument.
bool assigns(llvm::StringRef Method);
/// A method of plain state that throws where it does not find what it is asked for.
bool mayThrow(llvm::StringRef Method);
/// An exception of that class only says that a channel does not take what is sent.
bool refusesSend(llvm::StringRef Exception);
/// A variable, method or class of that name says whether something has failed.
bool tellsFailure(llvm::StringRef Name);
/// The function of the standard library gives its first argument the value of the second, and
/// returns the one before.
bool replaces(llvm::StringRef Function);
/// Does so only where it still has the value that is given, and says whether it had.
bool exchangesIf(llvm::StringRef Method);
/// How much a method of that name, called with the number \p By, adds to its object.
std::optional<int64_t> stepOf(llvm::StringRef Method, std::optional<int64_t> By);
/// The number that every call of a method of that name leaves behind.
std::optional<int64_t> leaves(llvm::StringRef Method);
/// How the object is when the result of a method of that name is true, or not zero.
Change askedBy(llvm::StringRef Method);

} // namespace tether

#endif
