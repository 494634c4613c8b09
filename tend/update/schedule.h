#pragma once
#include <concepts>
#include <cstdint>

#include "tend/base/field.h"

namespace tend {

/// Where a run stands, after warm-up: steps from 0, of how many, epochs as a fraction, done = the fraction of all steps (0 .. 1).
struct Progress {
  std::int64_t step = 0, steps = 0;
  double epoch = 0, done = 0;
};

/// What a file on the shelf update/schedules must hold: factor() multiplies the learning rate.
///   struct Cosine { double final_fraction = 0; fields; double factor(const Progress& p) const; };
/// Optional: `static constexpr bool warms_up = true` (begins below the whole rate by itself: warmup_steps are refused beside it),
/// `std::string fault() const` (what is wrong with settings that do not go together; "" where nothing is).
template <class S>
concept Schedule = HasFieldTuple<S> && requires(const S s, const Progress& p) {
  { s.factor(p) } -> std::same_as<double>;
};

}  // namespace tend
