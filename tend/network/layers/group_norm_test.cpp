#include "tend/network/layers/group_norm.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::group_norm_test {
namespace {

void expect_near(const std::vector<double>& got, const std::vector<double>& wanted, double tolerance = 2e-8) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(got[i], wanted[i], tolerance) << i;
}

TEST(GroupNorm, agrees_with_pytorch) {
  const auto run = run_layer(GroupNorm{.groups = 2}, {{1, 2, 4}}, {{1, 2, 4, -1, 0, 3, -2, 5}},
                             {{"gamma", {1, 2, -1, 0.5}}, {"beta", {0, 1, 2, 3}}}, {1, 0, 2, -1, 0.5, 1, -1, 2}, 1);
  expect_near(run.output, {-0.447211807, 1.89442361, 1.17800551, 2.58900275, -1.34163542, 3.68327084, 3.15079229, 3.57539614});
  expect_near(run.input_gradients[0],
              {0.268325832, -0.939143542, -0.533185707, -0.206609336, 0.134159785, 0.536657925, 0.253263294, 0.486531749});
  expect_near(run.gradients.at("gamma"), {-1.11802952, 1.34163542, 2.79478127, 3.12357907});
  expect_near(run.gradients.at("beta"), {1.5, 1, 1, 1});
}

TEST(GroupNorm, refuses_groups_that_do_not_divide_the_channels) {
  EXPECT_THROW(GroupNorm{.groups = 3}.layout({{2, 2, 4}}), Error);
  EXPECT_NO_THROW(GroupNorm{.groups = 2}.layout({{2, 2, 4}}));
}

}  // namespace
}  // namespace tend::group_norm_test
