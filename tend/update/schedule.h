#pragma once
#include <concepts>
#include <cstdint>

#include "tend/base/field.h"

namespace tend {

/// The progress of a run after warm-up: step (from 0) of `steps`, epochs as a fraction, done = the share of all steps (0 .. 1).
struct Progress {
  std::int64_t step = 0, steps = 0;
  double epoch = 0, done = 0;
};

/// The contract of a file on the shelf update/schedules: factor() multiplies the learning rate.
///   struct Cosine { double final_fraction = 0; fields; double factor(const Progress& p) const; };
/// Optional: `static constexpr bool warms_up = true` (starts below the full rate by itself, so that warmup_steps is refused),
/// `std::string fault() const` (says which settings are incompatible; "" if none are).
template <class S>
concept Schedule = HasFieldTuple<S> && requires(const S s, const Progress& p) {
  { s.factor(p) } -> std::same_as<double>;
};

}  // namespace tend
