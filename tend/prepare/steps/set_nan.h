#pragma once
#include <limits>
#include <numeric>

#include "tend/prepare/step.h"

namespace tend {

/// A deliberate fault: one value becomes NaN in each of the given number of training rows.
struct SetNan {
  static constexpr std::string_view about = "A deliberate fault: sets one value to NaN in a number of training rows.";
  std::int64_t rows = 0;
  std::optional<std::int64_t> seed;
  static constexpr auto fields = std::tuple{
      field_of<SetNan>("rows", &SetNan::rows, at_least(0), "rows", "The number of training rows in which one value becomes NaN."),
      field_of<SetNan>("seed", &SetNan::seed, at_least(0), "",
                       "The seed of the random choice; when absent, the seed of the experiment.")};
  static constexpr std::string_view value_field = "rows";

  void spoil(Work& work) const {
    Random random(seed ? static_cast<std::uint64_t>(*seed) : work.seed, purpose("set_nan"));
    std::vector<std::int64_t> order(static_cast<std::size_t>(work.train.rows()));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    random.shuffle(order.data(), order.size());
    const std::int64_t size = work.train.x().row_size();
    for (std::int64_t k = 0; k < std::min(rows, work.train.rows()); ++k) {
      const std::int64_t place = order[static_cast<std::size_t>(k)] * size +
                                 static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(size)));
      if (work.train.is_table()) work.train.table()[place] = std::numeric_limits<double>::quiet_NaN();
      else work.train.floats()[place] = std::numeric_limits<float>::quiet_NaN();
    }
  }
};

}  // namespace tend
