#pragma once
#include "tend/prepare/step.h"

namespace tend {

/// Makes rows (images flattened) with mean 0 and uncorrelated values of variance 1: y = (x - mean) W, C = covariance = V diag(l)
/// V^T over the training rows without NaN. pca: W = V diag(1 / sqrt(l + epsilon)), largest l first. zca: W = V diag(...) V^T,
/// which stays nearest to x (Bell and Sejnowski, 1997). Epsilon as in the CS231n notes. A row with any NaN becomes all NaN. At
/// most 1024 values a row.
struct Whiten {
  static constexpr std::string_view about = "Makes the inputs of the training rows uncorrelated, with mean 0 and variance 1.";
  std::string method = "zca";
  double epsilon = 1e-5;
  static constexpr bool scales = true;
  static constexpr auto fields = std::tuple{
      field_of<Whiten>("method", &Whiten::method, {}, "",
                       "Whether the new axes are close to the old ones (zca) or the principal components (pca).", "zca pca"),
      field_of<Whiten>("epsilon", &Whiten::epsilon, above(0), "", "A number that is added to the variances.")};
  static constexpr std::string_view value_field = "method";
  static constexpr std::int64_t most_values = 1024;

  std::vector<double> mean, matrix;  // [D], [D, D]

  void fit(const Frame& train);
  void apply(Frame& rows) const;
  Value learnt() const;
  void restore(const Value& v, const std::string& where);

 private:
  void check(const Frame& rows) const;
};

}  // namespace tend
