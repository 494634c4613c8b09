#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::set_nan_test {
namespace {

using namespace test;
const double nan = std::nan("");
using Floats = std::vector<float>;

int count_nan(const Floats& x) {
  return static_cast<int>(std::count_if(x.begin(), x.end(), [](float v) { return std::isnan(v); }));
}
TEST(SetNan, one_value_in_each_of_so_many_rows) {
  const Fitted f = fit("[{set_nan = 3}]", table({{1, 2}, {3, 4}, {5, 6}, {7, 8}}), table({{1, 2}}));
  const Floats x = f.train();
  EXPECT_EQ(count_nan(x), 3);
  for (std::size_t i = 0; i < 8; i += 2) EXPECT_FALSE(std::isnan(x[i]) && std::isnan(x[i + 1]));
  EXPECT_EQ(count_nan(f.validation()), 0);
}
TEST(SetNan, images_become_floats_for_it_and_steps_before_it_keep_their_numbers) {
  const Fitted f = fit("[{scale = 0.5}, {set_nan = 1}]", images({2, 1, 2, 1}, {2, 4, 6, 8}));
  const Floats x = f.train(), clean{1, 2, 3, 4};
  EXPECT_EQ(count_nan(x), 1);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(x[i]) || x[i] == clean[i]);
}
TEST(SetNan, more_rows_than_there_are_means_all) { EXPECT_EQ(count_nan(fit("[{set_nan = 99}]", table({{1}, {2}})).train()), 2); }

}  // namespace
}  // namespace tend::set_nan_test
