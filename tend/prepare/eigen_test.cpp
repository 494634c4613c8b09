#include "tend/prepare/eigen.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tend::eigen_test {
namespace {

TEST(Eigen, a_matrix_worked_by_hand) {
  std::vector<double> a{2, 1, 1, 2}, values;
  ASSERT_TRUE(symmetric_eigen(a, 2, values));
  EXPECT_NEAR(values[0], 1, 1e-14);
  EXPECT_NEAR(values[1], 3, 1e-14);
  EXPECT_NEAR(std::abs(a[1]), std::sqrt(0.5), 1e-14);
  EXPECT_NEAR(a[1], a[3], 1e-14);
}
TEST(Eigen, the_second_difference_has_the_values_of_the_textbook) {
  const std::int64_t n = 60;
  std::vector<double> a(n * n, 0.0), values;
  for (std::int64_t i = 0; i < n; ++i) {
    a[static_cast<std::size_t>(i * n + i)] = 2;
    if (i) a[static_cast<std::size_t>(i * n + i - 1)] = a[static_cast<std::size_t>((i - 1) * n + i)] = -1;
  }
  ASSERT_TRUE(symmetric_eigen(a, n, values));
  for (std::int64_t k = 0; k < n; ++k)
    EXPECT_NEAR(values[static_cast<std::size_t>(k)], 2 - 2 * std::cos(static_cast<double>(k + 1) * M_PI / (n + 1)), 1e-12);
}
TEST(Eigen, vectors_are_orthonormal_and_solve_the_equation) {
  for (const std::int64_t n : {1, 2, 3, 10, 41}) {
    std::vector<double> a(static_cast<std::size_t>(n * n)), values;
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j <= i; ++j)
        a[static_cast<std::size_t>(i * n + j)] = a[static_cast<std::size_t>(j * n + i)] =
            std::sin(static_cast<double>(i * 13 + j * 7)) + (i == j ? 2.0 : 0);
    const std::vector<double> m = a;
    ASSERT_TRUE(symmetric_eigen(a, n, values));
    for (std::int64_t k = 0; k < n; ++k)
      for (std::int64_t i = 0; i < n; ++i) {
        double mv = 0, dot = 0;
        for (std::int64_t j = 0; j < n; ++j) {
          mv += m[static_cast<std::size_t>(i * n + j)] * a[static_cast<std::size_t>(j * n + k)];
          dot += a[static_cast<std::size_t>(j * n + k)] * a[static_cast<std::size_t>(j * n + i)];
        }
        EXPECT_NEAR(mv, values[static_cast<std::size_t>(k)] * a[static_cast<std::size_t>(i * n + k)], 1e-11);
        EXPECT_NEAR(dot, i == k, 1e-12);
      }
  }
}
TEST(Eigen, zeros_have_zeros_and_nan_is_refused) {
  std::vector<double> a(9, 0.0), values;
  ASSERT_TRUE(symmetric_eigen(a, 3, values));
  EXPECT_EQ(values, (std::vector<double>{0, 0, 0}));
  a[4] = std::nan("");
  EXPECT_FALSE(symmetric_eigen(a, 3, values));
}

}  // namespace
}  // namespace tend::eigen_test
