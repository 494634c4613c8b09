#include "tend/check/far_values.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/base/random.h"

namespace tend::far_values_test {

namespace {

std::vector<double> drawn(bool is_log_normal) {
  Random random(1, purpose("far values"));
  std::vector<double> v;
  for (int i = 0; i < 1000; ++i) v.push_back(is_log_normal ? std::exp(random.normal()) : random.normal());
  return v;
}

}  // namespace

TEST(FarValues, finds_none_among_normal_and_log_normal_values) {
  EXPECT_EQ(FarValues::among(drawn(false)).count, 0);
  EXPECT_EQ(FarValues::among(drawn(true)).count, 0);
}

TEST(FarValues, finds_values_a_thousand_times_too_large) {
  std::vector<double> v = drawn(false);
  v[3] = 900;
  v[8] = -1500;
  const FarValues far = FarValues::among(v);
  EXPECT_EQ(far.count, 2);
  EXPECT_EQ(far.low, -1500);
  EXPECT_EQ(far.high, 900);
  EXPECT_FALSE(far.is_code);
  EXPECT_NEAR(far.spread, 1, 0.1);
  EXPECT_GT(far.share_of_squares, 0.99);
}

TEST(FarValues, recognizes_a_code_among_values_but_not_zeros) {
  std::vector<double> v = drawn(false);
  for (std::size_t i = 0; i < 200; ++i) v[i] = -99;
  const FarValues far = FarValues::among(v);
  EXPECT_TRUE(far.is_code);
  EXPECT_EQ(far.count, 200);
  EXPECT_EQ(far.low, -99);
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = i < 200 ? 0 : v[i] + 100;
  EXPECT_EQ(FarValues::among(v).count, 0);
}

TEST(FarValues, finds_none_among_few_different_values) {
  EXPECT_EQ(FarValues::among({1, 1, 1, 2, 2, 1000}).count, 0);
  EXPECT_EQ(FarValues::among({}).count, 0);
  EXPECT_EQ(FarValues::among(std::vector<double>(50, std::nan(""))).count, 0);
}

}  // namespace tend::far_values_test
