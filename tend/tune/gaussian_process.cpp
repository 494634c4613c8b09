#include "tend/tune/gaussian_process.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "tend/base/error.h"
#include "tend/kernels/functions.h"
#include "tend/tune/matrix_isa.h"

namespace tend {

namespace {

constexpr double least_noise = 1e-6;

/// Compiled for the best instruction set of this processor.
const MatrixFunctions& matrix_functions() {
  static const MatrixFunctions functions = [] {
    switch (best_isa()) {
#if defined(__x86_64__)
      case Isa::avx2: return avx2::matrix_functions();
      case Isa::avx512: return avx512::matrix_functions();
#endif
      default: return portable::matrix_functions();
    }
  }();
  return functions;
}

std::vector<double> times(const std::vector<double>& matrix, std::span<const double> v) {
  const std::size_t n = v.size();
  std::vector<double> product(n, 0);
  for (std::size_t i = 0; i < n; ++i)  // symmetric: by rows
    for (std::size_t j = 0; j < n; ++j) product[j] += v[i] * matrix[i * n + j];
  return product;
}

/// The kernel without its amplitude, and its derivative by the squared distance, the sum of scale[k] * squares[k].
double matern(const double* scale, const double* squares, std::size_t n, double& slope) {
  double squared = 0;
  for (std::size_t k = 0; k < n; ++k) squared += scale[k] * squares[k];
  const double r = std::sqrt(5 * squared), e = std::exp(-r);
  slope = -5.0 / 6.0 * (1 + r) * e;
  return (1 + r + r * r / 3) * e;
}

double log_normal_density(double z) { return -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi); }

}  // namespace

double GaussianProcess::noise() const { return least_noise + scale_[inputs() + 1]; }
double GaussianProcess::length_scale(std::size_t input) const { return 1 / std::sqrt(scale_[input]); }

GaussianProcess::GaussianProcess(const std::vector<bool>& is_choice) : inputs_(is_choice.size()) {
  for (std::size_t i = 0; i < is_choice.size(); ++i)
    if (is_choice[i]) choices_.push_back(i);
}

/// The squared difference of each input.
void GaussianProcess::squares(const double* a, const double* b, double* out) const {
  for (std::size_t k = 0; k < inputs_; ++k) out[k] = (a[k] - b[k]) * (a[k] - b[k]);
  for (const std::size_t k : choices_) out[k] = out[k] != 0 ? 1 : 0;
}

/// The logarithm of marginal likelihood times priors, up to a constant, and its gradient by theta_. -infinity if the covariance
/// matrix is not positive definite.
/// `all`: the squares of each pair i > j, one after the other.
double GaussianProcess::log_posterior(const std::vector<double>& all, std::span<const double> targets,
                                      std::vector<double>& gradient) const {
  const std::size_t n = targets.size(), d = inputs();
  const double amplitude = scale_[d];
  std::vector<double> factor(n * n), values(n * n), slopes(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      values[i * n + j] = i == j ? 1 : matern(scale_.data(), &all[(i * (i - 1) / 2 + j) * d], d, slopes[i * n + j]);
      factor[i * n + j] = amplitude * values[i * n + j] + (i == j ? noise() : 0);
    }
  const MatrixFunctions& matrix = matrix_functions();
  std::vector<double> scratch(n * n), inverse(n * n);
  if (!matrix.factorize(factor.data(), scratch.data(), n)) return -INFINITY;
  matrix.invert(factor.data(), scratch.data(), inverse.data(), n);
  const std::vector<double> alpha = times(inverse, targets);
  double result = 0;
  for (std::size_t i = 0; i < n; ++i) result -= 0.5 * targets[i] * alpha[i] + std::log(factor[i * n + i]);
  gradient.assign(d + 2, 0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      const double weight = (i == j ? 0.5 : 1.0) * (alpha[i] * alpha[j] - inverse[i * n + j]);
      gradient[d] += weight * amplitude * values[i * n + j];
      if (i == j) {
        gradient[d + 1] += weight * scale_[d + 1];
        continue;
      }
      const double by_squared = weight * amplitude * slopes[i * n + j];
      const double* pair = &all[(i * (i - 1) / 2 + j) * d];
      for (std::size_t k = 0; k < d; ++k) gradient[k] += by_squared * pair[k];
    }
  for (std::size_t k = 0; k < d; ++k) gradient[k] *= scale_[k];
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

void GaussianProcess::fit(std::vector<double> points, std::span<const double> targets, int iterations, std::size_t most_fitted) {
  const std::size_t n = targets.size(), d = inputs();
  TEND_EXPECTS(n > 0 && points.size() == n * d);
  points_ = std::move(points);
  const std::size_t m = std::min(n, most_fitted);
  std::vector<double> some_targets, pairs(m * (m - 1) / 2 * d), one(d);
  for (std::size_t i = 0; i < m; ++i) {
    some_targets.push_back(targets[i * n / m]);
    for (std::size_t j = 0; j < i; ++j)
      squares(&points_[i * n / m * d], &points_[j * n / m * d], &pairs[(i * (i - 1) / 2 + j) * d]);
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
  const MatrixFunctions& matrix = matrix_functions();
  std::vector<double> factor(n * n), scratch(n * n);
  double extra = 0, slope = 0;
  do {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        squares(&points_[i * d], &points_[j * d], one.data());
        factor[i * n + j] = scale_[d] * matern(scale_.data(), one.data(), d, slope) + (i == j ? noise() + extra : 0);
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
  std::vector<double> rows(m * n), scratch(4 * n), explained(m), one(d);
  std::vector<GaussianPrediction> result(m);
  double slope = 0;
  for (std::size_t r = 0; r < m; ++r)
    for (std::size_t i = 0; i < n; ++i) {
      squares(&points_[i * d], &points[r * d], one.data());
      rows[r * n + i] = amplitude * matern(scale_.data(), one.data(), d, slope);
      result[r].mean += rows[r * n + i] * alpha_[i];
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
