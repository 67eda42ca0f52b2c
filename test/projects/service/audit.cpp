#include "audit.h"
#include <thread>
#include <utility>

namespace mailroom {

void Audit::note(std::string Line) {
  if (Line.empty())
    return;
  std::thread Writer([this, Line = std::move(Line)] { write(Line); });
  Writer.detach(); // nobody has to wait for the disk
}

int Audit::lines() const {
  std::lock_guard Lock(Mutex);
  return Lines;
}

void Audit::write(const std::string &Line) {
  std::lock_guard Lock(Mutex);
  Book << ++Lines << ' ' << Line << '\n';
}

} // namespace mailroom
