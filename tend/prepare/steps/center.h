#pragma once
#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"

namespace tend {

/// x = x - mean, by column (tables) or channel (images), over the training rows. NaN is ignored and stays NaN.
struct Center {
  static constexpr std::string_view about = "Subtracts the mean of the training rows, by column or channel.";
  static constexpr auto fields = std::tuple<>{};
  ShiftAndFactor learned;

  void fit(const Frame& train) {
    learned.shift = statistics_of(train).mean;
    learned.factor.assign(learned.shift.size(), 1.0);
  }
  void apply(Frame& rows) const { rows.shift_and_scale(learned.shift, learned.factor); }
  Value learnt() const { return learned.to_value(); }
  void restore(const Value& v, const std::string& where) { learned.read(v, where); }
};

}  // namespace tend
