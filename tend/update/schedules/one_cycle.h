#pragma once
#include <algorithm>
#include <cmath>
#include <tuple>

#include "tend/update/schedule.h"

namespace tend {

/// OneCycle: from 1 / start_divisor up to 1 in the first share w of the run's N steps, then down to
/// 1 / (start_divisor end_divisor), both along half a cosine: a -> b as b + (a - b) (1 + cos(pi x)) / 2. Step s rises with
/// x = s / p and falls with x = (s - p) / (N - 1 - p), p = w N - 1: the last step has the last rate. Smith, 2018 ("A disciplined
/// approach to neural network hyper-parameters"); momentum does not change. The optimizer's learning_rate is the peak.
/// Defaults w = 0.3, 25, 1e4: PyTorch's OneCycleLR (pct_start, div_factor, final_div_factor).
struct OneCycle {
  static constexpr bool warms_up = true;
  double warmup_fraction = 0.3, start_divisor = 25, end_divisor = 1e4;

  static constexpr auto fields = std::tuple{
      field_of<OneCycle>("warmup_fraction", &OneCycle::warmup_fraction, fraction(), "",
                         "The fraction of the steps in which the learning rate rises."),
      field_of<OneCycle>("start_divisor", &OneCycle::start_divisor, at_least(1), "",
                         "The first learning rate is the highest one divided by this number."),
      field_of<OneCycle>("end_divisor", &OneCycle::end_divisor, at_least(1), "",
                         "The last learning rate is the first one divided by this number.")};

  double factor(const Progress& p) const {
    const double first = 1 / start_divisor, last = first / end_divisor, end = static_cast<double>(p.steps) - 1;
    const double peak = std::max(warmup_fraction * static_cast<double>(p.steps) - 1, 0.0), step = static_cast<double>(p.step);
    if (step < peak) return between(first, 1, step / peak);
    return between(1, last, step == peak ? 0 : std::min((step - peak) / std::max(end - peak, 1e-9), 1.0));
  }

 private:
  static double between(double a, double b, double x) { return b + (a - b) * 0.5 * (1 + std::cos(3.14159265358979323846 * x)); }
};

}  // namespace tend
