#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace tend {

struct GaussianPrediction {
  double mean = 0, variance = 0;
};

/// Regression by a Gaussian process (Rasmussen and Williams, 2006, "Gaussian Processes for Machine Learning", chapters 2 and 5):
/// the Matern-5/2 kernel with a length scale for each input, in double precision. The difference of two values of a choice is 0
/// or 1. Length scales, amplitude and noise maximize the marginal likelihood times priors, by resilient backpropagation with its
/// exact gradient (Igel and Huesken, 2000, iRprop-), from a fixed start: the same data give the same process.
class GaussianProcess {
 public:
  /// One entry for each input: is it a choice? Inputs are in [0, 1], targets have about mean 0 and variance 1.
  explicit GaussianProcess(const std::vector<bool>& is_choice);

  /// `points`: rows of inputs(), one for each target. Hyperparameters are fitted to at most `most_fitted` of them, spread evenly.
  /// `pending`: rows whose targets are not known yet. They are taken for 0, the mean, after hyperparameters are fitted: the
  /// process expects nothing new at them (the constant liar of Ginsbourg, Le Riche, Carraro, 2010, "Kriging is well-suited to
  /// parallelize optimization").
  void fit(const std::vector<double>& points, std::span<const double> targets, const std::vector<double>& pending = {},
           int iterations = 30, std::size_t most_fitted = 100);
  /// Of the function without noise, for each row of inputs() numbers. Requires a fit.
  std::vector<GaussianPrediction> at(std::span<const double> points) const;

  std::size_t inputs() const { return inputs_; }
  double noise() const;                          ///< variance
  double length_scale(std::size_t input) const;  ///< in units of the input

 private:
  void fit_hyperparameters(const std::vector<double>& points, std::span<const double> targets, int iterations,
                           std::size_t most_fitted);
  void condition(const std::vector<double>& points, std::span<const double> targets);
  void distances(const double* place, std::size_t n, double* out) const;
  double log_posterior(const std::vector<double>& squares, std::span<const double> targets, std::vector<double>& gradient) const;

  std::size_t inputs_ = 0;
  std::vector<bool> is_choice_;  ///< by input
  std::vector<double> columns_;  ///< the points, by input
  std::vector<double> theta_;    ///< logarithms: inverse squared length scales, amplitude, noise
  std::vector<double> scale_;    ///< exponentials of theta_
  std::vector<double> inverse_;  ///< of the covariance matrix, n x n
  std::vector<double> alpha_;    ///< inverse_ times the targets
};

/// The logarithm of the expected improvement below `best` (Jones, Schonlau, Welch, 1998), without underflow far from it (Ament et
/// al., 2023, "Unexpected improvements to expected improvement").
double log_expected_improvement(const GaussianPrediction& prediction, double best);

}  // namespace tend
