// One decision or place on the way to a defect; shown as a note, and as a step of a code flow.
#ifndef TETHER_FLOW_STEP_H
#define TETHER_FLOW_STEP_H

#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/iterator.h"
#include <memory>
#include <string>
#include <vector>

namespace tether {

struct Step {
  clang::SourceLocation Where;
  std::string Text;
  std::string Thread = {}; ///< who does it, in a story of several threads
};

/// The calls that lead to a place, outermost first. What a function does is copied into all of its
/// callers: the copies share them.
class CallPath {
  struct Node {
    std::shared_ptr<const Step> Call;
    std::shared_ptr<const Node> Inner;
  };

public:
  class iterator
      : public llvm::iterator_facade_base<iterator, std::forward_iterator_tag, const Step> {
  public:
    iterator() = default;
    explicit iterator(const Node *At) : At(At) {}
    bool operator==(const iterator &O) const { return At == O.At; }
    const Step &operator*() const { return *At->Call; }
    iterator &operator++() {
      At = At->Inner.get();
      return *this;
    }

  private:
    const Node *At = nullptr;
  };
  using const_iterator = iterator;

  bool empty() const { return Length == 0; }
  size_t size() const { return Length; }
  const Step &front() const { return *Outermost->Call; }
  iterator begin() const { return iterator(Outermost.get()); }
  iterator end() const { return {}; }
  operator std::vector<Step>() const { return {begin(), end()}; }
  /// Seen from who makes \p Call.
  void leadThrough(std::shared_ptr<const Step> Call) {
    Outermost = std::make_shared<Node>(Node{std::move(Call), std::move(Outermost)});
    ++Length;
  }

private:
  std::shared_ptr<const Node> Outermost;
  size_t Length = 0;
};

} // namespace tether

#endif
