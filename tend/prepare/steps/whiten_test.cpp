#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::whiten_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

Dataset correlated() {
  std::vector<std::vector<double>> rows;
  for (int i = 0; i < 40; ++i) {
    const double a = std::sin(i * 1.7), b = std::cos(i * 2.3), c = std::sin(i * 0.9 + 1);
    rows.push_back({3 * a + b, a - 2 * b + 5, c + 0.5 * a});
  }
  return table(rows);
}
void expect_white(const Floats& x, std::int64_t n) {
  const auto rows = static_cast<std::int64_t>(x.size()) / n;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      double sum = 0, mean = 0;
      for (std::int64_t r = 0; r < rows; ++r) {
        sum += static_cast<double>(x[static_cast<std::size_t>(r * n + i)]) * x[static_cast<std::size_t>(r * n + j)];
        mean += x[static_cast<std::size_t>(r * n + i)];
      }
      EXPECT_NEAR(sum / static_cast<double>(rows), i == j, 1e-4) << i << j;
      EXPECT_NEAR(mean / static_cast<double>(rows), 0, 1e-5);
    }
}
TEST(Whiten, training_rows_have_the_unit_matrix_for_covariance) {
  for (const char* step : {"['whiten']", "[{whiten = 'pca'}]", "[{whiten = 'zca', epsilon = 1e-8}]"}) {
    const Fitted f = fit(step, correlated());
    expect_white(f.train(), 3);
    EXPECT_EQ(applied(f.pipeline, correlated()), f.train());
  }
}
TEST(Whiten, zca_of_uncorrelated_columns_only_scales_them) {
  // deviations 1 and 2, covariance 0
  const Floats x = fit("[{whiten = 'zca', epsilon = 1e-12}]", table({{1, 2}, {1, -2}, {-1, 2}, {-1, -2}})).train();
  const Floats wanted{1, 1, 1, -1, -1, 1, -1, -1};
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(x[i], wanted[i], 1e-6);
}
TEST(Whiten, images_are_flattened_and_keep_their_shape) {
  std::vector<int> pixels;
  for (int i = 0; i < 120; ++i) pixels.push_back((i * i * 7 + i) % 251);
  const Fitted f = fit("['whiten']", images({30, 2, 2, 1}, pixels));
  EXPECT_EQ(f.pipeline.row_shape(), (Shape{2, 2, 1}));
  expect_white(f.train(), 4);
}
TEST(Whiten, a_row_with_nan_is_left_out_and_becomes_nan) {
  Dataset d = correlated();
  d.x.as<double>()[4] = nan;
  const Floats x = fit("['whiten']", d).train();
  EXPECT_TRUE(std::isnan(x[3]) && std::isnan(x[4]) && std::isnan(x[5]));
  EXPECT_FALSE(std::isnan(x[0]));
}
TEST(Whiten, categories_and_very_wide_rows_are_refused) {
  EXPECT_NE(refusal([] {
              fit("['whiten', 'one_hot']", table({{1, 2}}, {{"c", {"a", "b", "d"}}}));
            }).find("one_hot before whiten"),
            std::string::npos);
  EXPECT_NE(refusal([] { fit("['whiten']", images({1, 40, 40, 1}, {})); }).find("at most 1024"), std::string::npos);
  EXPECT_NE(refusal([] { fit("['whiten']", table({{HUGE_VAL}, {1}})); }).find("not finite"), std::string::npos);
}

}  // namespace
}  // namespace tend::whiten_test
