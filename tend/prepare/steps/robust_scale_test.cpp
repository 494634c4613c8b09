#include <cmath>

#include <gtest/gtest.h>

#include "tend/prepare/test_rows.h"

namespace tend::robust_scale_test {
namespace {

using namespace test;
using Floats = std::vector<float>;

float bounded(double z, double limit = 3) { return static_cast<float>(z / std::sqrt(1 + z * z / (limit * limit))); }

TEST(RobustScale, subtracts_the_median_divides_by_the_distance_of_the_quartiles_and_bounds) {
  // 0, 1, 2, 3, 1000: median 2, quartiles 1 and 3
  const Fitted f = fit("['robust_scale']", table({{0}, {1}, {2}, {3}, {1000}}), table({{4}, {INFINITY}}));
  const Floats x = f.train(), wanted{bounded(-1), bounded(-0.5), 0, bounded(0.5), bounded(499)};
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_FLOAT_EQ(x[i], wanted[i]) << i;
  EXPECT_LT(x[4], 3);
  EXPECT_FLOAT_EQ(f.validation()[0], bounded(1));
  EXPECT_EQ(f.validation()[1], 3);
}
TEST(RobustScale, has_a_limit) {
  const Fitted f = fit("[{robust_scale = true, limit = 0.5}]", table({{0}, {1}, {2}, {3}, {4}}));
  EXPECT_FLOAT_EQ(f.train()[4], bounded(1, 0.5));
  EXPECT_NE(refusal([] { fit("[{robust_scale = true, limit = 0}]", table({{0}, {1}})); }).find("limit"), std::string::npos);
}
TEST(RobustScale, columns_with_few_other_values_use_the_range_and_constant_columns_become_0) {
  const Fitted f = fit("['robust_scale']", table({{0, 7}, {0, 7}, {0, 7}, {0, 7}, {4, 7}}), table({{2, 9}}));
  const Floats x = f.train();
  EXPECT_EQ(x[0], 0);
  EXPECT_FLOAT_EQ(x[8], bounded(2));
  EXPECT_EQ(x[9], 0);
  EXPECT_FLOAT_EQ(f.validation()[0], bounded(1));
  EXPECT_EQ(f.validation()[1], 0);
}
TEST(RobustScale, missing_values_are_left_out_and_stay) {
  const Fitted f = fit("['robust_scale']", table({{0}, {NAN}, {1}, {2}, {3}, {4}}));
  EXPECT_FLOAT_EQ(f.train()[0], bounded(-1));
  EXPECT_TRUE(std::isnan(f.train()[1]));
}
TEST(RobustScale, codes_wait_for_a_later_one_hot) {
  const Dataset d = table({{0, 1}, {1, 3}, {0, 2}}, {{"colour", {"blue", "red"}}, {"x", {}}});
  const Floats x = fit("['robust_scale', 'one_hot']", d).train();
  EXPECT_EQ(x[0], 1);
  EXPECT_EQ(x[4], 1);
}
TEST(RobustScale, is_the_same_after_saving_and_refuses_images) {
  const Fitted f = fit("['robust_scale']", table({{0, 3}, {1, 1}, {2, 2}, {9, 4}}));
  EXPECT_EQ(applied(f.pipeline, table({{0, 3}, {1, 1}, {2, 2}, {9, 4}})), f.train());
  EXPECT_NE(refusal([] {
              fit("['robust_scale']", images({2, 1, 2, 2}, {0, 10, 2, 10, 4, 30, 6, 30}));
            }).find("standardize"),
            std::string::npos);
}

}  // namespace
}  // namespace tend::robust_scale_test
