#include "tend/repair/remedies/mean_reduction.h"

#include "tend/repair/remedies_test.h"

namespace tend::mean_reduction_test {

TEST(MeanReduction, replaces_the_sum) {
  EXPECT_EQ(proposed<MeanReduction>(small_layers, "[loss]\nname = \"softmax_cross_entropy\"\nreduction = \"sum\"\n"),
            Proposed{R"(loss.reduction = "mean")"});
  EXPECT_EQ(proposed<MeanReduction>(small_layers), Proposed{});
}

}  // namespace tend::mean_reduction_test
