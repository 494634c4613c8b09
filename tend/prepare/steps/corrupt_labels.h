#pragma once
#include <cmath>
#include <numeric>

#include "tend/prepare/step.h"

namespace tend {

/// A deliberate fault: a share of the training rows gets another class, drawn evenly; without classes, the rows exchange targets.
struct CorruptLabels {
  static constexpr std::string_view about = "A deliberate fault: gives a share of the training rows another class.";
  double share = 0;
  std::optional<std::int64_t> seed;
  static constexpr auto fields = std::tuple{
      field_of<CorruptLabels>("share", &CorruptLabels::share, fraction(), "",
                              "The share of the training rows that gets a wrong label."),
      field_of<CorruptLabels>("seed", &CorruptLabels::seed, at_least(0), "",
                              "The seed of the random choice; when absent, the seed of the experiment.")};
  static constexpr std::string_view value_field = "share";

  void spoil(Work& work) const {
    const std::int64_t n = work.train.rows(), width = work.train.targets().row_size();
    if (work.classes == 1 && share > 0)
      throw Error(Trouble::usage, "prepare.corrupt_labels", "one class", "at least two, so that another can be drawn");
    Random random(seed ? static_cast<std::uint64_t>(*seed) : work.seed, purpose("corrupt_labels"));
    std::vector<std::int64_t> rows(static_cast<std::size_t>(n));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    random.shuffle(rows.data(), rows.size());
    rows.resize(static_cast<std::size_t>(std::nearbyint(share * static_cast<double>(n))));
    double* y = work.train.targets().as<double>();
    if (work.classes > 1) {
      for (const std::int64_t i : rows)
        y[i] = std::fmod(y[i] + 1 + static_cast<double>(random.below(static_cast<std::uint64_t>(work.classes - 1))),
                         static_cast<double>(work.classes));
      return;
    }
    std::vector<std::int64_t> from = rows;
    random.shuffle(from.data(), from.size());
    const std::vector<double> before(y, y + n * width);
    for (std::size_t k = 0; k < rows.size(); ++k)
      for (std::int64_t t = 0; t < width; ++t) y[rows[k] * width + t] = before[static_cast<std::size_t>(from[k] * width + t)];
  }
};

}  // namespace tend
