#pragma once
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "tend/prepare/step.h"

namespace tend {

/// A deliberate fault: the training rows are sorted by their (first) target; rows with equal targets keep their order.
struct SortByLabel {
  static constexpr std::string_view about = "A deliberate fault: sorts the training rows by their target.";
  std::optional<std::int64_t> seed;
  static constexpr auto fields = std::tuple{field_of<SortByLabel>("seed", &SortByLabel::seed, at_least(0), "", "")};

  void spoil(Work& work) const {
    const std::int64_t n = work.train.rows(), width = work.train.targets().row_size();
    const double* y = std::as_const(work.train).targets().as<double>();
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
      const double left = y[a * width], right = y[b * width];
      return std::isnan(right) ? !std::isnan(left) : left < right;
    });
    work.train.set_x(reordered(work.train.x(), order));
    std::vector<double> weights;
    for (const std::int64_t row : order)
      if (!work.train.weights.empty()) weights.push_back(work.train.weights[static_cast<std::size_t>(row)]);
    work.train.weights = std::move(weights);
    work.train.targets() = reordered(std::as_const(work.train).targets(), order);
  }

 private:
  static Array reordered(const Array& a, const std::vector<std::int64_t>& order) {
    Array b(a.shape(), a.type());
    const auto bytes = static_cast<std::size_t>(a.row_size() * size_of(a.type()));
    for (std::size_t i = 0; i < order.size(); ++i)
      std::memcpy(static_cast<char*>(b.data()) + i * bytes,
                  static_cast<const char*>(a.data()) + static_cast<std::size_t>(order[i]) * bytes, bytes);
    return b;
  }
};

}  // namespace tend
