#include "tend/repair/remedies/standardize_data.h"

#include "tend/repair/remedies_test.h"

namespace tend::standardize_data_test {

TEST(StandardizeData, treats_inputs_and_targets_alone_and_together) {
  const std::string inputs = R"(prepare.steps = ["standardize"])", targets = R"(prepare.target = "standardize")";
  EXPECT_EQ(proposed<StandardizeData>(small_layers), Proposed{inputs});
  EXPECT_EQ(proposed<StandardizeData>("[{ dense = 1 }]", "", small_values()),
            (Proposed{inputs, targets, inputs + "; " + targets}));
}

}  // namespace tend::standardize_data_test
