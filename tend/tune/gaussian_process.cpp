#include "tend/tune/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "tend/base/error.h"
#include "tend/tune/matrix_isa.h"

namespace tend {

namespace {

constexpr double least_noise = 1e-6;

std::vector<double> times(const std::vector<double>& matrix, std::span<const double> v) {
  const std::size_t n = v.size();
  std::vector<double> product(n, 0);
  for (std::size_t i = 0; i < n; ++i)
    matrix_functions().add_scaled(v[i], &matrix[i * n], product.data(), n);  // symmetric: by rows
  return product;
}

double log_normal_density(double z) { return -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi); }

}  // namespace

double GaussianProcess::noise() const { return least_noise + scale_[inputs() + 1]; }
double GaussianProcess::length_scale(std::size_t input) const { return 1 / std::sqrt(scale_[input]); }

GaussianProcess::GaussianProcess(const std::vector<bool>& is_choice) : inputs_(is_choice.size()), is_choice_(is_choice) {}

/// The scaled squared distances of a place to the first n points.
void GaussianProcess::distances(const double* place, std::size_t n, double* out) const {
  std::fill(out, out + n, 0.0);
  const std::size_t all = columns_.size() / inputs_;
  for (std::size_t k = 0; k < inputs_; ++k)
    matrix_functions().add_squares(scale_[k], place[k], is_choice_[k], &columns_[k * all], out, n);
}

/// The logarithm of marginal likelihood times priors, up to a constant, and its gradient by theta_. -infinity if the covariance
/// matrix is not positive definite.
/// `all`: by input, the squared differences of each pair i > j, one after the other.
double GaussianProcess::log_posterior(const std::vector<double>& all, std::span<const double> targets,
                                      std::vector<double>& gradient) const {
  const std::size_t n = targets.size(), d = inputs(), pairs = n * (n - 1) / 2;
  const double amplitude = scale_[d];
  const MatrixFunctions& matrix = matrix_functions();
  std::vector<double> factor(n * n), squared(pairs), values(pairs), weights(pairs), scratch(n * n), inverse(n * n);
  for (std::size_t k = 0; k < d; ++k) matrix.add_scaled(scale_[k], &all[k * pairs], squared.data(), pairs);
  matrix.matern(squared.data(), values.data(), weights.data(), pairs);
  for (std::size_t i = 0, pair = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j) factor[i * n + j] = amplitude * values[pair++];
    factor[i * n + i] = amplitude + noise();
  }
  if (!matrix.factorize(factor.data(), scratch.data(), n)) return -INFINITY;
  matrix.invert(factor.data(), scratch.data(), inverse.data(), n);
  const std::vector<double> alpha = times(inverse, targets);
  double result = 0;
  for (std::size_t i = 0; i < n; ++i) result -= 0.5 * targets[i] * alpha[i] + std::log(factor[i * n + i]);
  gradient.assign(d + 2, 0);
  for (std::size_t i = 0, pair = 0; i < n; ++i) {
    for (std::size_t j = 0; j < i; ++j, ++pair) {
      const double weight = amplitude * (alpha[i] * alpha[j] - inverse[i * n + j]);
      gradient[d] += weight * values[pair];
      weights[pair] *= weight;  // they were the slopes
    }
    const double weight = 0.5 * (alpha[i] * alpha[i] - inverse[i * n + i]);
    gradient[d] += weight * amplitude;
    gradient[d + 1] += weight * scale_[d + 1];
  }
  for (std::size_t k = 0; k < d; ++k) gradient[k] = scale_[k] * matrix.dot(weights.data(), &all[k * pairs], pairs);
  // Priors as in Optuna's process: neither very long nor very short length scales, amplitude near 1 (Gamma(2, 1)), little noise
  // (Gamma(1.1, 30)).
  for (std::size_t k = 0; k < d; ++k) {
    result -= 0.1 / scale_[k] + 0.1 * scale_[k];
    gradient[k] += 0.1 / scale_[k] - 0.1 * scale_[k];
  }
  result += std::log(amplitude) - amplitude;
  gradient[d] += 1 - amplitude;
  result += 0.1 * std::log(noise()) - 30 * noise();
  gradient[d + 1] += (0.1 / noise() - 30) * scale_[d + 1];
  return result;
}

void GaussianProcess::fit(const std::vector<double>& points, std::span<const double> targets, const std::vector<double>& pending,
                          int iterations, std::size_t most_fitted) {
  TEND_EXPECTS(!targets.empty() && points.size() == targets.size() * inputs() && pending.size() % inputs() == 0);
  fit_hyperparameters(points, targets, iterations, most_fitted);
  std::vector<double> all_points = points, all_targets(targets.begin(), targets.end());
  all_points.insert(all_points.end(), pending.begin(), pending.end());
  all_targets.resize(all_points.size() / inputs(), 0);
  condition(all_points, all_targets);
}

void GaussianProcess::fit_hyperparameters(const std::vector<double>& points, std::span<const double> targets, int iterations,
                                          std::size_t most_fitted) {
  const std::size_t n = targets.size(), d = inputs();
  const MatrixFunctions& matrix = matrix_functions();
  const std::size_t m = std::min(n, most_fitted);
  std::vector<double> some_targets, pairs(m * (m - 1) / 2 * d), some(m);
  for (std::size_t i = 0; i < m; ++i) some_targets.push_back(targets[i * n / m]);
  for (std::size_t k = 0; k < d; ++k) {
    for (std::size_t i = 0; i < m; ++i) some[i] = points[i * n / m * d + k];
    for (std::size_t i = 1; i < m; ++i)
      matrix.add_squares(1, some[i], is_choice_[k], some.data(), &pairs[k * (m * (m - 1) / 2) + i * (i - 1) / 2], i);
  }
  theta_.assign(d + 2, 0);
  theta_[d + 1] = std::log(1e-2);
  const auto set = [&](const std::vector<double>& theta) {
    scale_.resize(d + 2);
    for (std::size_t k = 0; k < d + 2; ++k) scale_[k] = std::exp(theta[k]);
  };
  std::vector<double> theta = theta_, steps(d + 2, 0.3), gradient, last(d + 2, 0);
  double best = -INFINITY;
  for (int i = 0; i < iterations; ++i) {
    set(theta);
    const double value = log_posterior(pairs, some_targets, gradient);
    if (!std::isfinite(value)) {
      for (std::size_t k = 0; k < d + 2; ++k) {
        theta[k] = theta_[k];
        steps[k] *= 0.3;
      }
      continue;
    }
    if (value > best) best = value, theta_ = theta;
    if (*std::max_element(steps.begin(), steps.end()) < 0.02) break;
    for (std::size_t k = 0; k < d + 2; ++k) {
      const double sign = gradient[k] * last[k];
      if (sign > 0) steps[k] = std::min(steps[k] * 1.2, 1.0);
      if (sign < 0) steps[k] = std::max(steps[k] * 0.5, 1e-3);
      last[k] = sign < 0 ? 0 : gradient[k];
      if (last[k] != 0) theta[k] = std::clamp(theta[k] + (last[k] > 0 ? steps[k] : -steps[k]), -12.0, 8.0);
    }
  }
  set(theta_);
}

/// Takes these targets for known.
void GaussianProcess::condition(const std::vector<double>& points, std::span<const double> targets) {
  const std::size_t n = targets.size(), d = inputs();
  const MatrixFunctions& matrix = matrix_functions();
  columns_.resize(n * d);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = 0; k < d; ++k) columns_[k * n + i] = points[i * d + k];
  std::vector<double> factor(n * n), scratch(n * n), squared(n), values(n), slopes(n);
  double extra = 0;
  do {
    for (std::size_t i = 0; i < n; ++i) {
      distances(&points[i * d], i, squared.data());
      matrix.matern(squared.data(), values.data(), slopes.data(), i);
      for (std::size_t j = 0; j < i; ++j) factor[i * n + j] = scale_[d] * values[j];
      factor[i * n + i] = scale_[d] + noise() + extra;
    }
    extra = extra > 0 ? 10 * extra : least_noise;
  } while (!matrix.factorize(factor.data(), scratch.data(), n));
  inverse_.resize(n * n);
  matrix.invert(factor.data(), scratch.data(), inverse_.data(), n);
  alpha_ = times(inverse_, targets);
}

std::vector<GaussianPrediction> GaussianProcess::at(std::span<const double> points) const {
  const std::size_t n = alpha_.size(), d = inputs(), m = points.size() / d;
  const double amplitude = scale_[d];
  std::vector<double> rows(m * n), scratch(4 * n), explained(m), squared(n), slopes(n);
  std::vector<GaussianPrediction> result(m);
  for (std::size_t r = 0; r < m; ++r) {
    double* row = &rows[r * n];
    distances(&points[r * d], n, squared.data());
    matrix_functions().matern(squared.data(), row, slopes.data(), n);
    for (std::size_t i = 0; i < n; ++i) row[i] *= amplitude;
    result[r].mean = matrix_functions().dot(row, alpha_.data(), n);
  }
  matrix_functions().quadratic_forms(inverse_.data(), rows.data(), scratch.data(), explained.data(), m, n);
  for (std::size_t r = 0; r < m; ++r) result[r].variance = std::max(amplitude - explained[r], 1e-12);
  return result;
}

double log_expected_improvement(const GaussianPrediction& prediction, double best) {
  const double deviation = std::sqrt(prediction.variance), z = (best - prediction.mean) / deviation;
  if (z > -6) {
    const double below = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    return std::log(deviation) + std::log(z * below + std::exp(log_normal_density(z)));
  }
  const double squared = z * z;  // the series of Mills' ratio: 1 - z M(z) = 1/z^2 - 3/z^4 + 15/z^6
  return std::log(deviation) + log_normal_density(z) + std::log((1 - 3 / squared + 15 / (squared * squared)) / squared);
}

}  // namespace tend
