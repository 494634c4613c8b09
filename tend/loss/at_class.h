#pragma once
#include <cstdint>

#include "tend/base/math.h"

namespace tend {

/// o[code] of a row's k outputs; NaN where the code is none of 0 .. k-1. T may stand for several rows, each with a code of its
/// own.
template <class T>
inline __attribute__((always_inline)) T at_class(const T* o, T code, std::int64_t k) {
  using namespace tend::math;
  T found(__builtin_nan("")), place(0);
  for (std::int64_t j = 0; j < k; ++j) {
    found = select(place == code, o[j], found);
    place = place + T(1);
  }
  return found;
}

}  // namespace tend
