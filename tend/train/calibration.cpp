#include "tend/train/calibration.h"

#include <algorithm>
#include <cmath>

namespace tend {
namespace {

constexpr double least_probability = 1e-30;

/// The negative log likelihood of the rows and of the temperature itself.
double cost_of(const TargetCoding& coding, const std::vector<double>& answers, const Array& y, double log_temperature) {
  constexpr double prior_deviation = 0.5;
  const std::int64_t width = coding.answer_width(), rows = y.rows();
  const double temperature = std::exp(log_temperature);
  double cost = 0.5 * std::pow(log_temperature / prior_deviation, 2);
  std::vector<double> answer(static_cast<std::size_t>(width));
  for (std::int64_t r = 0; r < rows; ++r) {
    std::copy_n(answers.begin() + r * width, width, answer.begin());
    apply_temperature(coding.task, temperature, answer.data(), width);
    const double* targets = y.as<double>() + r * y.row_size();
    const auto add = [&](double p) { cost -= std::log(std::max(p, least_probability)); };
    if (coding.task == Task::classification) add(answer[static_cast<std::size_t>(targets[0])]);
    else
      for (std::int64_t t = 0; t < width; ++t)
        add(targets[t] != 0 ? answer[static_cast<std::size_t>(t)] : 1 - answer[static_cast<std::size_t>(t)]);
  }
  return cost;
}

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

double fit_temperature(const TargetCoding& coding, const std::vector<double>& answers, const Array& y) {
  // Golden-section search; the cost is convex in 1 / T up to the prior, and has one minimum.
  const double golden = (std::sqrt(5.0) - 1) / 2;
  double low = std::log(0.1), high = std::log(10.0);
  const auto cost = [&](double at) { return cost_of(coding, answers, y, at); };
  double left = high - golden * (high - low), right = low + golden * (high - low);
  double at_left = cost(left), at_right = cost(right);
  while (high - low > 1e-3) {
    if (at_left < at_right) {
      high = right, right = left, at_right = at_left;
      at_left = cost(left = high - golden * (high - low));
    } else {
      low = left, left = right, at_left = at_right;
      at_right = cost(right = low + golden * (high - low));
    }
  }
  return std::exp((low + high) / 2);
}

}  // namespace tend
