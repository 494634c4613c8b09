#pragma once
#include <numeric>

#include "tend/prepare/step.h"

namespace tend {

/// A deliberate fault: the targets of the training rows are shuffled, so that they are unrelated to their rows.
struct ShuffleLabels {
  static constexpr std::string_view about = "A deliberate fault: gives each training row the target of another row.";
  std::optional<std::int64_t> seed;
  static constexpr auto fields = std::tuple{field_of<ShuffleLabels>(
      "seed", &ShuffleLabels::seed, at_least(0), "", "The seed of the random choice; when absent, the seed of the experiment.")};

  void spoil(Work& work) const {
    const std::int64_t n = work.train.rows(), width = work.train.targets().row_size();
    std::vector<std::int64_t> from(static_cast<std::size_t>(n));
    std::iota(from.begin(), from.end(), std::int64_t{0});
    Random(seed ? static_cast<std::uint64_t>(*seed) : work.seed, purpose("shuffle_labels")).shuffle(from.data(), from.size());
    double* y = work.train.targets().as<double>();
    const std::vector<double> before(y, y + n * width);
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t t = 0; t < width; ++t)
        y[i * width + t] = before[static_cast<std::size_t>(from[static_cast<std::size_t>(i)] * width + t)];
  }
};

}  // namespace tend
