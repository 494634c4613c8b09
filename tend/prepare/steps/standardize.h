#pragma once
#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"

namespace tend {

/// x = (x - mean) / deviation, by column (tables) or channel (images), over the training rows. NaN is ignored and stays NaN.
/// Population deviation; constant columns are divided by 1. Category codes count as numbers unless a later one_hot takes them.
struct Standardize {
  static constexpr std::string_view about = "Gives the training rows mean 0 and standard deviation 1, by column or channel.";
  static constexpr bool scales = true;
  static constexpr auto fields = std::tuple<>{};
  ShiftAndFactor learned;

  void fit(const Frame& train) {
    const Statistics s = statistics_of(train);
    learned = {s.mean, {}};
    for (std::size_t c = 0; c < s.mean.size(); ++c) learned.factor.push_back(factor_of(s.mean[c], s.deviation[c]));
  }
  void apply(Frame& rows) const { rows.shift_and_scale(learned.shift, learned.factor); }
  Value learnt() const { return learned.to_value(); }
  void restore(const Value& v, const std::string& where) { learned.read(v, where); }
};

}  // namespace tend
