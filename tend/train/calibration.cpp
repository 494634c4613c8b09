#include "tend/train/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tend {
namespace {

constexpr double least_probability = 1e-30;

/// The negative log likelihood of rows as a function of the inverse temperature b: the sum of log(sum over k of exp(-b gap_k)) +
/// b gap_right, where gap_k is how far the logarithm of probability k is below the largest one of its row. It is convex in b.
class Likelihood {
 public:
  Likelihood(Task task, const std::vector<double>& answers, const std::vector<std::int64_t>& codes, std::int64_t width)
      : choices_(task == Task::multilabel ? 2 : width) {
    if (task == Task::multilabel) {
      for (std::size_t i = 0; i < answers.size(); ++i) {
        const double p[] = {1 - answers[i], answers[i]};
        add_row(p, codes[i]);
      }
    } else {
      for (std::size_t r = 0; r < codes.size(); ++r) add_row(answers.data() + static_cast<std::int64_t>(r) * width, codes[r]);
    }
  }

  std::int64_t rows() const { return rows_; }
  bool is_finite() const { return std::isfinite(of_the_right_); }

  struct At {
    double cost = 0, slope = 0, curvature = 0;
  };
  At at(double b) const {
    At sum{.cost = b * of_the_right_, .slope = of_the_right_, .curvature = 0};
    const auto others = static_cast<std::size_t>(choices_ - 1);
    for (std::size_t first = 0; first < gaps_.size(); first += others) {
      double total = 1, mean = 0, square = 0;  // the most probable one has no gap
      for (std::size_t k = first; k < first + others; ++k) {
        const double gap = gaps_[k], e = std::exp(-b * gap);
        total += e, mean += e * gap, square += e * gap * gap;
      }
      mean /= total;
      sum.cost += std::log(total);
      sum.slope -= mean;
      sum.curvature += square / total - mean * mean;
    }
    return sum;
  }

 private:
  void add_row(const double* p, std::int64_t right) {
    const std::int64_t top = std::max_element(p, p + choices_) - p;
    const double log_top = std::log(std::max(p[top], least_probability));
    for (std::int64_t k = 0; k < choices_; ++k) {
      const double gap = log_top - std::log(std::max(p[k], least_probability)) + 0 * p[k];  // NaN stays
      if (k != top) gaps_.push_back(gap);
      if (k == right) of_the_right_ += gap;
    }
    ++rows_;
  }

  std::int64_t choices_, rows_ = 0;
  std::vector<double> gaps_;  // [rows, choices - 1]
  double of_the_right_ = 0;   // sum over rows
};

}  // namespace

void apply_temperature(Task task, double temperature, double* answer, std::int64_t width) {
  const double power = 1 / temperature;
  if (task == Task::multilabel) {
    for (std::int64_t t = 0; t < width; ++t) {
      const double yes = std::pow(answer[t], power), no = std::pow(1 - answer[t], power);
      answer[t] = yes / (yes + no);
    }
    return;
  }
  const double top = *std::max_element(answer, answer + width);
  double sum = 0;
  for (std::int64_t k = 0; k < width; ++k) sum += answer[k] = std::pow(answer[k] / top, power);
  for (std::int64_t k = 0; k < width; ++k) answer[k] /= sum;
}

Calibration fit_temperature(Task task, const std::vector<double>& answers, const std::vector<std::int64_t>& codes,
                            std::int64_t width) {
  constexpr double prior_deviation = 0.5, precision = 1e-6;
  const Likelihood likelihood(task, answers, codes, width);
  if (likelihood.rows() == 0 || !likelihood.is_finite()) return {.loss = std::numeric_limits<double>::quiet_NaN()};
  // Newton's method for u = log b, with a bracket around the root of the slope: halved where a step leaves it.
  double low = -std::log(10.0), high = std::log(10.0), u = 0;
  for (int i = 0; i < 60 && high - low > precision; ++i) {
    const double b = std::exp(u), prior = u / (prior_deviation * prior_deviation);
    const auto [cost, slope, curvature] = likelihood.at(b);
    const double of_u = b * slope + prior, bend = b * slope + b * b * curvature + 1 / (prior_deviation * prior_deviation);
    (of_u > 0 ? high : low) = u;
    const double step = bend > 0 ? -of_u / bend : 0, next = u + step;
    const bool is_inside = bend > 0 && next > low && next < high;
    if (is_inside && std::abs(step) < precision) break;
    u = is_inside ? next : (low + high) / 2;
  }
  return {.temperature = std::exp(-u), .loss = likelihood.at(std::exp(u)).cost / static_cast<double>(likelihood.rows())};
}

}  // namespace tend
