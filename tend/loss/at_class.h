#pragma once
#include <cstdint>

#include "tend/base/math.h"

namespace tend {

/// Returns o[code] of a row's k outputs, or NaN if the code is none of 0 .. k-1. T may hold several rows, each with its own code.
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
