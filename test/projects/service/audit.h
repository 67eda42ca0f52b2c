// The book of what has happened. Writing is slow, so it is done in the background.
#pragma once
#include <mutex>
#include <ostream>
#include <string>

namespace mailroom {

class Audit {
public:
  explicit Audit(std::ostream &Book) : Book(Book) {}
  void note(std::string Line);
  int lines() const;

private:
  void write(const std::string &Line);

  std::ostream &Book;
  mutable std::mutex Mutex;
  int Lines = 0;
};

} // namespace mailroom
