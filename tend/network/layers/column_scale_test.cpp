#include "tend/network/layers/column_scale.h"

#include <gtest/gtest.h>

#include "tend/exam/layer_run.h"

namespace tend::column_scale_test {
namespace {

TEST(ColumnScale, multiplies_each_column_by_its_factor) {
  const auto run = run_layer(ColumnScale{}, {{2}}, {{1, 2, 3, 4}}, {{"factors", {10, -1}}}, {1, 2, 3, 4});
  EXPECT_EQ(run.output, (std::vector<double>{10, -2, 30, -4}));
  EXPECT_EQ(run.input_gradients[0], (std::vector<double>{10, -2, 30, -4}));
  EXPECT_EQ(run.gradients.at("factors"), (std::vector<double>{10, 20}));
}

TEST(ColumnScale, starts_at_1_and_learns_at_a_rate_of_its_own) {
  const ParameterSpec factors = ColumnScale{}.layout({{3}}).parameters[0];
  EXPECT_EQ(factors.rate_factor, 6);
  EXPECT_EQ(factors.initializer.string(), "ones");
  EXPECT_EQ(factors.shape, Shape{3});  // one axis: without weight decay
}

}  // namespace
}  // namespace tend::column_scale_test
