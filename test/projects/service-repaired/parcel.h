#pragma once
#include <string>

namespace mailroom {

struct Parcel {
  int Number = 0;
  std::string To;
  int Grams = 0;
};

} // namespace mailroom
