#pragma once
#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"

namespace tend {

/// x = (x - low) / (high - low), by column (tables) or channel (images), over the training rows. Training values are then in
/// [0, 1]; other values may be outside. NaN is ignored and stays NaN; constant columns are divided by 1.
struct Scale01 {
  static constexpr std::string_view about = "Maps the training rows to the range from 0 to 1, by column or channel.";
  static constexpr std::string_view entry_name = "scale_0_1";
  static constexpr auto fields = std::tuple<>{};
  ShiftAndFactor learned;

  void fit(const Frame& train) {
    const Statistics s = statistics_of(train);
    learned = {s.low, {}};
    for (std::size_t c = 0; c < s.low.size(); ++c)
      learned.factor.push_back(s.high[c] == s.low[c] ? 1 : 1 / (s.high[c] - s.low[c]));
  }
  void apply(Frame& rows) const { rows.shift_and_scale(learned.shift, learned.factor); }
  Value learnt() const { return learned.to_value(); }
  void restore(const Value& v, const std::string& where) { learned.read(v, where); }
};

}  // namespace tend
