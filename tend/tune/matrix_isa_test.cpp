#include "tend/tune/matrix_isa.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tend/base/random.h"
#include "tend/kernels/functions.h"

namespace tend::matrix_isa_test {

std::vector<MatrixFunctions> available() {
  std::vector<MatrixFunctions> all{portable::matrix_functions()};
#if defined(__x86_64__)
  if (best_isa() == Isa::avx2 || best_isa() == Isa::avx512) all.push_back(avx2::matrix_functions());
  if (best_isa() == Isa::avx512) all.push_back(avx512::matrix_functions());
#endif
  return all;
}

/// A positive definite matrix with the numbers of `seed`.
std::vector<double> positive_definite(std::size_t n, std::uint64_t seed) {
  Random random(seed, 1);
  std::vector<double> rows(n * n), a(n * n);
  for (double& v : rows) v = random.normal();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t k = 0; k < n; ++k) a[i * n + j] += rows[i * n + k] * rows[j * n + k];
      if (i == j) a[i * n + j] += 1;
    }
  return a;
}

struct Results {
  std::vector<double> inverse, forms, values = {}, slopes = {}, sums = {};
  bool operator==(const Results&) const = default;
};

Results results_of(const MatrixFunctions& f, const std::vector<double>& a, std::size_t n, const std::vector<double>& rows) {
  std::vector<double> factor = a, scratch(n * n + 4 * n);
  Results r{.inverse = std::vector<double>(n * n), .forms = std::vector<double>(rows.size() / n)};
  EXPECT_TRUE(f.factorize(factor.data(), scratch.data(), n));
  f.invert(factor.data(), scratch.data(), r.inverse.data(), n);
  f.quadratic_forms(a.data(), rows.data(), scratch.data(), r.forms.data(), r.forms.size(), n);
  std::vector<double> squared, some, scales;
  for (std::size_t i = 0; i < n; ++i) {
    squared.push_back(static_cast<double>(i * i) * 0.03);
    some.push_back(static_cast<double>(i % 5) / 4);
    scales.push_back(1 + static_cast<double>(i % 7));
  }
  r.values.resize(n), r.slopes.resize(n), r.sums.resize(n);
  f.matern(squared.data(), r.values.data(), r.slopes.data(), n);
  f.add_scaled(0.3, squared.data(), r.sums.data(), n);
  f.add_squares(0.7, 0.25, false, some.data(), r.sums.data(), n);
  f.add_squares(0.9, 0.25, true, some.data(), r.sums.data(), n);
  f.take_normal(0.4, some.data(), scales.data(), r.sums.data(), n);
  r.sums.push_back(f.dot(squared.data(), scales.data(), n));
  return r;
}

TEST(Matrix, kernels_of_points_are_those_of_their_formulas) {
  const std::size_t n = 33;
  const Results r = results_of(available().front(), positive_definite(n, n), n, std::vector<double>(n));
  double dot = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double squared = static_cast<double>(i * i) * 0.03, root = std::sqrt(5 * squared),
                 some = static_cast<double>(i % 5) / 4, scale = 1 + static_cast<double>(i % 7), z = (0.4 - some) * scale;
    EXPECT_NEAR(r.values[i], (1 + root + root * root / 3) * std::exp(-root), 1e-15);
    EXPECT_NEAR(r.slopes[i], -5.0 / 6.0 * (1 + root) * std::exp(-root), 1e-15);
    EXPECT_NEAR(r.sums[i], 0.3 * squared + 0.7 * (some - 0.25) * (some - 0.25) + (some != 0.25 ? 0.9 : 0) - 0.5 * z * z, 1e-12);
    dot += squared * scale;
  }
  EXPECT_NEAR(r.sums[n], dot, 1e-9);
  double value = 1, slope = 1;
  for (const double far : {1e5, 1e6, 1e150}) {
    available().front().matern(&far, &value, &slope, 1);
    EXPECT_TRUE(std::isfinite(value) && std::fabs(value) < 1e-140) << value;
  }
}

TEST(Matrix, the_inverse_and_the_forms_are_right_and_have_the_same_bits_on_each_instruction_set) {
  for (const std::size_t n : {std::size_t{1}, std::size_t{4}, std::size_t{7}, std::size_t{33}}) {
    const std::vector<double> a = positive_definite(n, n);
    std::vector<double> rows(6 * n);
    Random random(9, 9);
    for (double& v : rows) v = random.normal();
    const Results first = results_of(available().front(), a, n, rows);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) sum += a[i * n + k] * first.inverse[k * n + j];
        EXPECT_NEAR(sum, i == j ? 1 : 0, 1e-8);
      }
    for (std::size_t r = 0; r < 6; ++r) {
      double form = 0;
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) form += rows[r * n + i] * a[i * n + j] * rows[r * n + j];
      EXPECT_NEAR(first.forms[r], form, 1e-9 * std::fabs(form));
    }
    for (const MatrixFunctions& f : available()) EXPECT_TRUE(results_of(f, a, n, rows) == first);
  }
}

TEST(Matrix, one_that_is_not_positive_definite_is_refused) {
  std::vector<double> a{1, 0, 2, 1}, column(2);
  for (const MatrixFunctions& f : available()) EXPECT_FALSE(f.factorize(a.data(), column.data(), 2));
}

}  // namespace tend::matrix_isa_test
