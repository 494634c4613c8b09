#include "tend/repair/remedies/standardize_data.h"

#include "tend/repair/remedies_test.h"

namespace tend::standardize_data_test {

TEST(StandardizeData, treats_inputs_and_targets_alone_and_together) {
  const std::string inputs = R"(prepare.steps = ["standardize"])", targets = R"(prepare.target = "standardize")";
  EXPECT_EQ(proposed<StandardizeData>(small_layers), Proposed{inputs});
  EXPECT_EQ(proposed<StandardizeData>("[{ dense = 1 }]", "", small_values()),
            (Proposed{inputs, targets, inputs + "; " + targets}));
}

TEST(StandardizeData, leaves_inputs_that_are_standardized_as_they_are) {
  const std::string step = "[prepare]\nsteps = [\"standardize\"]\n";
  EXPECT_EQ(proposed<StandardizeData>(small_layers, step), Proposed{});
  EXPECT_EQ(proposed<StandardizeData>("[{ dense = 1 }]", step, small_values()), Proposed{R"(prepare.target = "standardize")"});
  EXPECT_EQ(proposed<StandardizeData>(small_layers, "[prepare]\nsteps = [\"robust_scale\", { piecewise_linear = 4 }]\n"),
            Proposed{});
  EXPECT_EQ(proposed<StandardizeData>(small_layers, "[prepare]\nsteps = [{ piecewise_linear = 4 }]\n").size(), 1u);
}

}  // namespace tend::standardize_data_test
