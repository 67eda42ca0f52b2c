// The book of what has happened. Writing is slow, so it is done in the background.
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <ostream>
#include <stop_token>
#include <string>
#include <thread>

namespace mailroom {

class Audit {
public:
  explicit Audit(std::ostream &Book);
  void note(std::string Line);
  int lines() const;

private:
  void run(std::stop_token Stop);
  void write(const std::string &Line);

  std::ostream &Book;
  mutable std::mutex Mutex;
  std::condition_variable_any Noted;
  std::deque<std::string> Pending;
  int Lines = 0;
  std::jthread Writer; // last: it is joined before what it uses is destroyed
};

} // namespace mailroom
