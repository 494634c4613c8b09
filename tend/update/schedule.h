#pragma once
#include <concepts>
#include <cstdint>

#include "tend/base/field.h"

namespace tend {

/// Where a run stands, after warm-up: steps from 0, epochs as a fraction, done = the fraction of all steps (0 .. 1).
struct Progress {
  std::int64_t step = 0;
  double epoch = 0, done = 0;
};

/// What a file on the shelf update/schedules must hold: factor() multiplies the learning rate.
///   struct Cosine { double final_fraction = 0; fields; double factor(const Progress& p) const; };
template <class S>
concept Schedule = HasFieldTuple<S> && requires(const S s, const Progress& p) {
  { s.factor(p) } -> std::same_as<double>;
};

}  // namespace tend
