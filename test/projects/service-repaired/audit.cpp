#include "audit.h"
#include <utility>

namespace mailroom {

Audit::Audit(std::ostream &Book)
    : Book(Book), Writer([this](std::stop_token Stop) { run(Stop); }) {}

void Audit::note(std::string Line) {
  if (Line.empty())
    return;
  {
    std::lock_guard Lock(Mutex);
    Pending.push_back(std::move(Line));
  }
  Noted.notify_one();
}

int Audit::lines() const {
  std::lock_guard Lock(Mutex);
  return Lines;
}

void Audit::run(std::stop_token Stop) {
  std::unique_lock Lock(Mutex);
  // Goes on after a stop request until all is written.
  while (Noted.wait(Lock, Stop, [this] { return !Pending.empty(); })) {
    write(Pending.front());
    Pending.pop_front();
  }
}

void Audit::write(const std::string &Line) { Book << ++Lines << ' ' << Line << '\n'; }

} // namespace mailroom
