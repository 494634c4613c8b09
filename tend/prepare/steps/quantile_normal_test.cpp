#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::quantile_normal_test {
namespace {

using namespace test;
using Floats = std::vector<float>;

TEST(QuantileNormal, numbers_become_the_normal_quantiles_of_their_ranks) {
  std::vector<std::vector<double>> rows;
  for (int i = 0; i < 300; ++i) rows.push_back({std::exp(i / 10.0)});
  const Floats x = fit("['quantile_normal']", table(rows)).train();
  EXPECT_FLOAT_EQ(x[0], -5.199338f);  // p = 1e-7
  EXPECT_FLOAT_EQ(x[299], 5.199338f);
  const auto share = [](float z) { return 0.5 * std::erfc(-static_cast<double>(z) / std::sqrt(2.0)); };
  for (std::size_t i = 1; i < 299; ++i) {
    EXPECT_GT(x[i], x[i - 1]);
    EXPECT_NEAR(share(x[i]), static_cast<double>(i) / 299, 0.12) << i;  // ten quantiles, between them lines
  }
}
TEST(QuantileNormal, equal_values_get_the_middle_of_their_ranks) {
  std::vector<std::vector<double>> rows;
  for (int i = 0; i < 101; ++i) rows.push_back({i < 51 ? 0.0 : static_cast<double>(i)});
  const Fitted f = fit("['quantile_normal']", table(rows), table({{-7}, {1000}}));
  EXPECT_NEAR(f.train()[0], -0.7647f, 1e-3);  // p = 2 / 9: four of nine steps lie at 0
  EXPECT_FLOAT_EQ(f.validation()[0], -5.199338f);
  EXPECT_FLOAT_EQ(f.validation()[1], 5.199338f);
}
TEST(QuantileNormal, columns_of_two_values_missing_values_and_waiting_codes_stay) {
  const Dataset d = table({{0, 1, 5}, {1, 3, 5}, {0, NAN, 6}}, {{"colour", {"blue", "red"}}, {"x", {}}, {"two", {}}});
  const Floats x = fit("['quantile_normal', 'codes']", d).train();
  EXPECT_EQ(x[0], 1);
  EXPECT_EQ(x[3], 2);
  EXPECT_TRUE(std::isnan(x[7]));
  EXPECT_EQ(x[8], 6);
}
TEST(QuantileNormal, is_the_same_after_saving_and_refuses_images) {
  const Dataset d = table({{0, 3}, {1, 1}, {2, 2}, {9, 4}});
  const Fitted f = fit("['quantile_normal']", d);
  EXPECT_EQ(applied(f.pipeline, d), f.train());
  EXPECT_NE(refusal([] {
              fit("['quantile_normal']", images({2, 1, 2, 2}, {0, 10, 2, 10, 4, 30, 6, 30}));
            }).find("standardize"),
            std::string::npos);
}

}  // namespace
}  // namespace tend::quantile_normal_test
