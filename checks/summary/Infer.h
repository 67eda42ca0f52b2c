// What a class of the project's own does for threads, found in its methods: a queue, a latch, an
// event, a semaphore, a pool, the owner of a thread. The result is what a user could have written
// into a table, entries included, and is overruled by whatever a table says of the class.
//
//   methods with their calls followed ──▶ who waits for which state, who changes it
//                                     ──▶ ApiType and Api entries, and why
//
// A wait says with its predicate, or the loop around it, which changes end it
// (`Event::EndedBy`). A method that waits for something and takes it away receives, one that brings
// it sends, one that ends all such waits for good closes. Where methods contradict each other, or
// other code can change the state, nothing is inferred.
#ifndef TETHER_SUMMARY_INFER_H
#define TETHER_SUMMARY_INFER_H

#include "flow/Function.h"
#include "model/ApiTable.h"

namespace tether {

/// A method that plays a role, and the reason in words.
struct InferredCall {
  /// An overload or instantiation of that name, and where it waits, if it does.
  struct Body {
    const Function *F = nullptr;
    const Event *Wait = nullptr;
  };
  Api Entry;
  std::vector<Body> Bodies;
  std::string Why; ///< "waits on 'cv_' until 'items_' grows"
};

struct InferredClass {
  ApiType Type;
  std::vector<InferredCall> Calls;
  clang::SourceLocation At; ///< of its first method
  std::string Why;

  /// The call that runs \p F, and where it waits there; or null.
  const InferredCall *find(const Function &F, const Event **Wait = nullptr) const;
  /// Adds what another instantiation shows; false when the two contradict each other.
  bool merge(const InferredClass &O);
};

/// The capacity of a channel whose limit is no constant: it has one, and it is more than one value.
constexpr int64_t UnknownCapacity = 1'000'000'000;

/// \p Methods are all functions of the class in this translation unit, calls followed; \p BodyOf
/// finds any function by its identity.
std::optional<InferredClass> inferClass(llvm::StringRef Class,
                                        llvm::ArrayRef<const Function *> Methods,
                                        llvm::function_ref<const Function *(const void *)> BodyOf);

} // namespace tether

#endif
