#include "tend/repair/remedies/matching_output.h"

#include "tend/repair/remedies_test.h"

namespace tend::matching_output_test {

TEST(MatchingOutput, takes_the_loss_of_the_task_and_no_activation) {
  EXPECT_EQ(proposed<MatchingOutput>(R"([{ dense = 3 }, "softmax"])", "[loss]\nname = \"mean_squared_error\"\n"),
            Proposed{R"(loss.name = "softmax_cross_entropy"; remove network.layers.softmax_1)"});
  EXPECT_EQ(proposed<MatchingOutput>(R"([{ dense = 1 }, "tanh"])", "[loss]\nname = \"mean_absolute_error\"\n", small_values()),
            Proposed{R"(loss.name = "mean_squared_error"; remove network.layers.tanh_1)"});
}

}  // namespace tend::matching_output_test
