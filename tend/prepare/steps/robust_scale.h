#pragma once
#include <algorithm>
#include <cmath>

#include "tend/prepare/statistics.h"
#include "tend/prepare/step.h"

namespace tend {

/// z = (x - median) factor, x = z / sqrt(1 + (z / limit)^2), by column of a table, over the training rows: far values come near
/// -limit or limit, and few extreme rows do not decide the scale of the others. factor = 1 / (q75 - q25); 2 / (high - low) where
/// these quartiles are equal; 0 for constant columns. Quartiles are interpolated linearly, as numpy does. NaN is ignored and
/// stays NaN. Category codes count as numbers unless a later one_hot takes them. Holzmueller et al., 2024 ("Better by default",
/// sec. 3 and appendix A), also for limit = 3.
struct RobustScale {
  double limit = 3;
  static constexpr std::string_view about = "Scales columns by median and quartiles, and bounds far values smoothly.";
  static constexpr bool scales = true, bounds = true;
  static constexpr auto fields = std::tuple{field_of<RobustScale>("limit", &RobustScale::limit, above(0), "",
                                                                  "The bound that scaled values approach and never exceed.")};
  ShiftAndFactor learned;

  void fit(const Frame& train) {
    if (!train.is_table())
      throw Error(Trouble::usage, "prepare.robust_scale", "rows of the shape " + train.row_shape().text(), "the rows of a table",
                  "use \"standardize\"");
    learned = {};
    for (std::int64_t c = 0; c < train.channels(); ++c) {
      std::vector<double> known = known_values(train, c);
      std::sort(known.begin(), known.end());
      const double box = quantile(known, 0.75) - quantile(known, 0.25), range = known.back() - known.front();
      learned.shift.push_back(quantile(known, 0.5));
      learned.factor.push_back(box > 0 ? 1 / box : range > 0 ? 2 / range : 0);
    }
  }
  void apply(Frame& rows) const {
    rows.shift_and_scale(learned.shift, learned.factor);
    if (!rows.is_table()) return;
    double* x = rows.table();
    const std::int64_t n = rows.channels();
    for (std::int64_t c = 0; c < n; ++c)
      for (std::int64_t i = 0; i < rows.rows() && !rows.waits(c); ++i) x[i * n + c] = bounded(x[i * n + c]);
  }
  Value learnt() const { return learned.to_value(); }
  void restore(const Value& v, const std::string& where) { learned.read(v, where); }

 private:
  static double quantile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double low = sorted[below], high = sorted[std::min(below + 1, sorted.size() - 1)];
    return low + (place - static_cast<double>(below)) * (high - low);
  }
  double bounded(double z) const { return std::isinf(z) ? std::copysign(limit, z) : z / std::hypot(1, z / limit); }
};

}  // namespace tend
