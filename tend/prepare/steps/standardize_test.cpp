#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::standardize_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

TEST(Standardize, subtracts_the_mean_and_divides_by_the_population_deviation) {
  // 1, 3, 5, 7: mean 4, variance 5
  const Fitted f = fit("['standardize']", table({{1}, {3}, {5}, {7}}), table({{9}}));
  const auto s = static_cast<float>(1 / std::sqrt(5.0));
  const Floats x = f.train();
  for (int i = 0; i < 4; ++i) EXPECT_FLOAT_EQ(x[static_cast<std::size_t>(i)], static_cast<float>(2 * i - 3) * s);
  EXPECT_FLOAT_EQ(f.validation()[0], 5 * s);
}
TEST(Standardize, missing_values_are_left_out_and_stay_and_constant_columns_are_divided_by_1) {
  const Fitted f = fit("['standardize']", table({{1, 5}, {nan, 5}, {3, 5}}), table({{3, 7}}));
  const Floats x = f.train();
  EXPECT_EQ(x[0], -1);
  EXPECT_TRUE(std::isnan(x[2]));
  EXPECT_EQ(x[4], 1);
  EXPECT_EQ(x[1], 0);
  EXPECT_EQ(f.validation()[1], 2);
}
TEST(Standardize, images_are_standardized_by_channel_and_stay_bytes) {
  const Fitted f = fit("['standardize']", images({2, 1, 2, 2}, {0, 10, 2, 10, 4, 30, 6, 30}));
  EXPECT_EQ(f.parts.train.x.type(), ElementType::uint8);
  const auto s = static_cast<float>(1 / std::sqrt(5.0));
  const Floats x = f.train(), wanted{-3 * s, -1, -s, -1, s, 1, 3 * s, 1};
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_FLOAT_EQ(x[i], wanted[i]);
}
TEST(Standardize, codes_count_as_numbers_unless_a_later_one_hot_takes_them) {
  const Dataset d = table({{0, 1}, {1, 3}}, {{"colour", {"blue", "red"}}, {"x", {}}});
  EXPECT_EQ(fit("['standardize']", d).train(), (Floats{-1, -1, 1, 1}));
  EXPECT_EQ(fit("['standardize', 'one_hot']", d).train(), (Floats{1, 0, -1, 0, 1, 1}));
}

}  // namespace
}  // namespace tend::standardize_test
